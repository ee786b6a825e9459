"""Again: an export made anew from its manifest, and whether the rows are still the same."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import sqlite3
import sys
from array import array
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from corpus.exporting.manifest import Manifest
from corpus.exporting.parquet import pyarrow
from corpus.exporting.places import sha256

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Comparison:
    """An export and the same one made again."""

    same_bytes: bool
    only_before: int | None
    """Rows that are there no more, or were other; None where the earlier export is not there as its
    manifest says, so that nobody can tell."""
    only_now: int | None
    """Rows that are new or other."""

    @property
    def same(self) -> bool:
        """True where all rows are the same, in whatever bytes."""
        return self.same_bytes or (self.only_before == 0 and self.only_now == 0)


def compare(before: Manifest, earlier: Path, now: Manifest, later: Path) -> Comparison:
    """Compare the export `earlier`, of manifest `before`, with `later`, of `now`."""
    if _sums(before) == _sums(now):
        return Comparison(True, 0, 0)
    if not _is_as_written(before, earlier):
        return Comparison(False, None, None)
    return Comparison(False, *_differing(_digests(before, earlier), _digests(now, later)))


def _sums(manifest: Manifest) -> list[tuple[str, str]]:
    """What says that bytes are the same; the name of a single file does not matter."""
    folder = bool(manifest.wanted.partition)
    return [(file.path if folder else "", file.sha256) for file in manifest.files]


def _is_as_written(manifest: Manifest, path: Path) -> bool:
    files = _files(manifest, path)
    try:
        return all(sha256(files[file.path]) == file.sha256 for file in manifest.files)
    except OSError:
        return False


def _files(manifest: Manifest, path: Path) -> dict[str, Path]:
    """Each file of an export by its name in the manifest, which may be an edited one."""
    if not manifest.wanted.partition:
        return {file.path: path for file in manifest.files}
    inside = (file for file in manifest.files if ".." not in Path(file.path).parts)
    return {file.path: path / file.path.lstrip("/") for file in inside}


def _digests(manifest: Manifest, path: Path) -> array[int]:
    """Eight bytes for each row, sorted: a million of them are eight megabytes."""
    found = array("Q")
    for name, file in _files(manifest, path).items():
        folder = str(Path(name).parent) if manifest.wanted.partition else ""
        for row in _rows(manifest.format, file):
            digest = hashlib.blake2b(repr((folder, row)).encode(), digest_size=8)
            found.append(int.from_bytes(digest.digest(), "big"))
    return array("Q", sorted(found))


def _differing(before: array[int], now: array[int]) -> tuple[int, int]:
    """How many of each are not among the others, each as often as it is there."""
    common = i = j = 0
    while i < len(before) and j < len(now):
        if before[i] == now[j]:
            common, i, j = common + 1, i + 1, j + 1
        elif before[i] < now[j]:
            i += 1
        else:
            j += 1
    return len(before) - common, len(now) - common


def _rows(form: str, path: Path) -> Iterator[Any]:
    kind, _, compression = form.partition(".")
    if kind == "parquet":
        for batch in pyarrow().parquet.ParquetFile(path).iter_batches(_AT_ONCE):
            yield from batch.to_pylist()
    elif kind == "db":
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            yield from connection.execute("SELECT * FROM articles ORDER BY id")
    else:
        with ExitStack() as stack:
            file = stack.enter_context(path.open("rb"))
            if compression == "gz":
                file = cast(Any, stack.enter_context(gzip.open(file)))
            elif compression == "zst":
                file = cast(Any, stack.enter_context(pyarrow().input_stream(path, "zstd")))
            lines = io.TextIOWrapper(file, "utf-8", newline="" if kind == "csv" else "\n")
            csv.field_size_limit(sys.maxsize)
            yield from csv.reader(lines) if kind == "csv" else lines
