"""Packages: the WARC files in a WACZ, read where they lie, after their hashes were checked.

Nothing is unpacked to disk, so no name in the package can lead anywhere.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from corpus.warc.streams import CHUNK

MANIFEST = "datapackage.json"
LONGEST_MANIFEST = 64 << 20
MOST_SWOLLEN = 200
"""Times its packed size that a file may unpack to: text packs to a tenth."""
_LOCAL_HEAD = struct.Struct("<4s22xHH")
DAMAGED = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error)
"""What `zipfile` raises of a damaged file."""


class BadPackage(Exception):
    """It is no WACZ that can be trusted; the message says why."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A WARC file in a package."""

    name: str
    """`archive/data.warc.gz`."""
    info: ZipInfo
    damage: str | None = None
    """Why it is not to be read: its hash is another one, or there is none."""


class Window(io.RawIOBase):
    """A part of a file, read as a file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        super().__init__()
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """From its own beginning, place or end."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """As of any raw file."""
        self._file.seek(self._start + self._at)
        data = self._file.read(max(0, min(len(buffer), self._size - self._at)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def packed_files(package: ZipFile) -> list[Packed]:
    """The WARC files of a package, checked against its list. Raises `BadPackage`."""
    infos = [info for info in package.infolist() if not info.is_dir()]
    for info in infos:
        if _leads_out(info.filename):
            raise BadPackage("it holds a name that leads out of it")
    hashes = _hashes(package)
    return [_checked(package, info, hashes) for info in infos if _is_warc(info.filename)]


def open_packed(package: ZipFile, path: Path, info: ZipInfo) -> BinaryIO:
    """A file of a package, to be read from any place: where it lies, or, where it is packed once
    more, forward only. Raises `BadPackage`, OSError."""
    try:
        if info.compress_type != ZIP_STORED:
            return package.open(info)  # type: ignore[return-value]
        file = path.open("rb")
        file.seek(info.header_offset)
        magic, name, extra = _LOCAL_HEAD.unpack(file.read(_LOCAL_HEAD.size))
        if magic != b"PK\x03\x04":
            raise BadPackage(f"{info.filename} is not where the package says")
        start = info.header_offset + _LOCAL_HEAD.size + name + extra
        return io.BufferedReader(Window(file, start, info.file_size))
    except DAMAGED as error:
        raise BadPackage(f"{info.filename}: {error}") from None


def _is_warc(name: str) -> bool:
    return name.startswith("archive/") and name.lower().endswith((".warc", ".warc.gz"))


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]


def _hashes(package: ZipFile) -> dict[str, str]:
    """Name → hash, as the package's list says. Raises `BadPackage`."""
    data = _read(package, MANIFEST)
    try:
        listed = json.loads(_read(package, "datapackage-digest.json", missing=b"{}"))
        wanted = listed.get("hash") if isinstance(listed, dict) else None
        if isinstance(wanted, str) and not _agrees(wanted, iter([data])):
            raise BadPackage(f"{MANIFEST} is not the one that datapackage-digest.json names")
        resources = json.loads(data)["resources"]
        return {str(one["path"]): str(one.get("hash") or "") for one in resources}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadPackage(f"its {MANIFEST} cannot be read") from None


def _read(package: ZipFile, name: str, missing: bytes | None = None) -> bytes:
    try:
        with package.open(name) as file:
            data = file.read(LONGEST_MANIFEST + 1)
    except KeyError:
        if missing is not None:
            return missing
        raise BadPackage(f"it lacks {name}") from None
    except DAMAGED as error:
        raise BadPackage(f"{name}: {error}") from None
    if len(data) > LONGEST_MANIFEST:
        raise BadPackage(f"{name} is too large")
    return data


def _checked(package: ZipFile, info: ZipInfo, hashes: dict[str, str]) -> Packed:
    name = info.filename
    if info.file_size > MOST_SWOLLEN * max(info.compress_size, CHUNK):
        times = info.file_size // max(info.compress_size, 1)
        return Packed(name, info, f"{name} would unpack to {times} times its size; left out")
    if not hashes.get(name):
        return Packed(name, info, f"{name} has no hash in {MANIFEST}; left out")
    try:
        with package.open(info) as file:
            agrees = _agrees(hashes[name], iter(lambda: file.read(CHUNK), b""))
    except DAMAGED as error:
        return Packed(name, info, f"{name}: {error}; left out")
    if not agrees:
        return Packed(name, info, f"{name} is not what {MANIFEST} says, by its hash; left out")
    return Packed(name, info)


def _agrees(wanted: str, data: Iterator[bytes]) -> bool:
    """True where the hash of `data` is the `wanted` one (`sha256:` and hex, or `md5:`)."""
    kind, _, value = wanted.partition(":")
    if kind not in ("sha256", "md5"):
        return False
    digest = hashlib.new(kind, usedforsecurity=False)
    for part in data:
        digest.update(part)
    return digest.hexdigest() == value.lower()
