"""Formats: what the name of an export says about it, and what can be written so."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.exporting.fields import Field
from corpus.exporting.manifest import Wanted
from corpus.exporting.parquet import Parquet, pyarrow
from corpus.exporting.partition import check_keys
from corpus.exporting.places import BadPlace
from corpus.exporting.tables import BELONGS, TABLES
from corpus.exporting.text_files import Csv, JsonLines, Writer
from corpus.selection import Selection

KINDS = {".parquet": "parquet", ".jsonl": "jsonl", ".csv": "csv", ".db": "db"}
COMPRESSIONS = {".gz": "gz", ".zst": "zst"}
NAMES = ".parquet, .jsonl, .csv or .db; .jsonl and .csv also with .gz or .zst behind"


class BadWanted(Exception):
    """What is wanted cannot be exported so. One line."""


@dataclass(frozen=True, slots=True)
class Format:
    """How rows are written."""

    kind: str
    """`parquet`, `jsonl`, `csv` or `db`."""
    compression: str | None = None
    """`gz` or `zst` around a text file."""

    @property
    def name(self) -> str:
        """`csv.gz`."""
        return self.kind + (f".{self.compression}" if self.compression else "")

    def libraries(self) -> dict[str, str]:
        """Versions of what the bytes depend on beside the rows."""
        if self.kind != "parquet" and self.compression != "zst":
            return {}
        return {"pyarrow": pyarrow().__version__}

    @contextmanager
    def writing(
        self, file: Any, fields: Sequence[Field], *, raw: bool = False, bom: bool = False
    ) -> Iterator[Writer]:
        """What writes rows to `file`; all of it is there at the end of the context."""
        with self._compressing(file) as sink:
            writer: Parquet | JsonLines | Csv
            if self.kind == "parquet":
                writer = Parquet(sink, fields)
            elif self.kind == "jsonl":
                writer = JsonLines(sink, fields)
            else:
                writer = Csv(sink, fields, raw=raw, bom=bom)
            try:
                yield writer
                writer.finish()
            except BaseException:
                writer.give_up()
                raise

    @contextmanager
    def _compressing(self, file: Any) -> Iterator[Any]:
        if self.compression == "gz":
            # Without name and time, so that the same rows are the same bytes.
            with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                yield packed
        elif self.compression == "zst":
            with pyarrow().CompressedOutputStream(file, "zstd") as packed:
                yield packed
        else:
            yield file


def format_of(path: Path, *, partitioned: bool = False) -> Format:
    """The format that a name asks for. Raises `BadPlace`, `MissingPyarrow`."""
    if partitioned:
        found = Format("parquet")
    else:
        *_, last = ["", *path.suffixes]
        compression = COMPRESSIONS.get(last)
        kind = KINDS.get(path.with_suffix("").suffix if compression else last)
        if kind is None or (compression and kind not in ("jsonl", "csv")):
            raise BadPlace(f"{path.name}: its end says the format: {NAMES}")
        found = Format(kind, compression)
    found.libraries()
    return found


def check_wanted(wanted: Wanted, form: Format) -> None:
    """Raise `BadWanted` or `BadPartition` for what does not go together."""
    chosen = wanted.selection != Selection()
    if wanted.query is not None:
        if chosen or wanted.columns or wanted.partition or wanted.table != "articles":
            raise BadWanted("--query says all by itself: leave the other choices out")
        if form.kind == "db":
            raise BadWanted(
                "--query: a .db is a copy of the tables; write .parquet, .jsonl or .csv"
            )
        return
    if wanted.table not in TABLES:
        raise BadWanted(f"--table {wanted.table}: choose from {', '.join(sorted(TABLES))}")
    if chosen and wanted.table != "articles" and wanted.table not in BELONGS:
        raise BadWanted(
            f"--table {wanted.table} has no articles to choose by: leave the choice out"
        )
    if form.kind == "db" and (wanted.columns or wanted.table != "articles"):
        raise BadWanted("a .db is a copy of all tables: leave --table and --columns out")
    _check_columns(wanted)
    if wanted.partition:
        check_keys(wanted.partition)
        if wanted.table != "articles":
            raise BadWanted("--partition is for articles: leave --table out")
    if (wanted.raw or wanted.bom) and form.kind != "csv":
        raise BadWanted("--raw and --bom are for .csv")


def _check_columns(wanted: Wanted) -> None:
    columns = TABLES[wanted.table].columns.keys()
    for name in wanted.columns:
        if name not in columns:
            raise BadWanted(f"--columns {name}: {wanted.table} has {', '.join(columns)}")
    if len(set(wanted.columns)) < len(wanted.columns):
        raise BadWanted(f"--columns {','.join(wanted.columns)}: one is named twice")
