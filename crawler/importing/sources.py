"""Sources: the files that `scrapy import-warc` is given, each WARC file of a package by itself."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from corpus.warc.foreign import ARC_MAGIC
from corpus.warc.packages import DAMAGED, BadPackage, open_packed, packed_files
from corpus.warc.streams import Stream

ZIP, ZSTANDARD = b"PK\x03\x04", b"\x28\xb5\x2f\xfd"


class NoSource(Exception):
    """A file that is missing, or no WARC file. One line."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file of records."""

    name: str
    """Name of the file, and behind `!` that within a package: `a.wacz!archive/data.warc.gz`."""
    path: Path
    size: int
    """Bytes to read."""
    arc: bool = False
    package: ZipFile | None = None
    info: ZipInfo | None = None

    @property
    def any_order(self) -> bool:
        """True where reading may begin at any place."""
        return self.info is None or self.info.compress_type == ZIP_STORED

    def open(self) -> BinaryIO:
        """Open it at its beginning. Raises OSError, `BadPackage`."""
        if self.package is None or self.info is None:
            return self.path.open("rb")
        return open_packed(self.package, self.path, self.info)


class Sources:
    """All that was given, looked at before anything is read. A context: packages stay open."""

    def __init__(self, paths: Sequence[str]) -> None:
        """Raises `NoSource`."""
        self.damage: list[str] = []
        """Files of packages that are left out, and why."""
        self.all: list[Source] = []
        self._open = ExitStack()
        try:
            for path in dict.fromkeys(map(Path, paths)):
                self.all += self._looked_at(path)
        except BaseException:
            self._open.close()
            raise

    def __enter__(self) -> Sources:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _looked_at(self, path: Path) -> Iterator[Source]:
        try:
            with path.open("rb") as file:
                head = file.read(4)
                if head.startswith(ZIP):
                    yield from self._package(path)
                    return
                if head.startswith(ZSTANDARD):
                    raise NoSource(
                        f"{path}: packed with Zstandard; unpack it first: zstd -d {path}"
                    )
                begin = Stream(file).peek(len(ARC_MAGIC))
                size = os.fstat(file.fileno()).st_size
        except OSError as error:
            raise NoSource(f"{path}: {error.strerror or error}") from None
        if not size:
            raise NoSource(f"{path}: the file is empty")
        if not begin.startswith((b"WARC/", ARC_MAGIC)):
            raise NoSource(f"{path}: no WARC, ARC or WACZ file")
        yield Source(path.name, path, size, arc=begin.startswith(ARC_MAGIC))

    def _package(self, path: Path) -> Iterator[Source]:
        try:
            package = self._open.enter_context(ZipFile(path))
            packed = packed_files(package)
        except (*DAMAGED, BadPackage, ValueError) as error:
            raise NoSource(f"{path}: no whole WACZ: {error}") from None
        if not packed:
            raise NoSource(f"{path}: no WACZ: it has no archive/*.warc.gz")
        for one in packed:
            if one.damage is not None:
                self.damage.append(f"{path.name}: {one.damage}")
            else:
                name, size = f"{path.name}!{one.name}", one.info.file_size
                yield Source(name, path, size, package=package, info=one.info)
