"""Files: names and handles of the archive's WARC files. Nothing is made or read outside of it."""

from __future__ import annotations

import fcntl
import os
import re
from io import FileIO
from pathlib import Path
from typing import BinaryIO

SUFFIX = ".warc.gz"
OPEN = ".open"
"""What a file's name ends in while it is written to; the database has the name without it."""
INDEX = ".cdxj"
_UNSAFE = re.compile(r"[^a-z0-9-]+")


class OutsideArchive(OSError):
    """A name that leads out of ARCHIVE_DIR."""


def slug(text: str, longest: int = 80) -> str:
    """`text` as a safe part of a file name: `[a-z0-9-]`, never empty."""
    return _UNSAFE.sub("-", text.lower()).strip("-")[:longest] or "x"


def make_folder(directory: Path, portal: str) -> Path:
    """The portal's folder below ARCHIVE_DIR, made where it is missing. Raises OSError, also for a
    link that leads elsewhere."""
    folder = directory / slug(portal)
    folder.mkdir(parents=True, exist_ok=True)
    if folder.is_symlink() and not folder.resolve().is_relative_to(directory.resolve()):
        raise OutsideArchive(None, "it is a link that leads out of the archive")
    return folder


def create(folder: Path, base: str) -> tuple[FileIO, str]:
    """A new open file, locked, and its final name; never one that exists, nor through a link."""
    for number in range(1000):
        name = f"{base}{f'-{number}' if number else ''}{SUFFIX}"
        path = folder / f"{name}{OPEN}"
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
        except FileExistsError:
            continue
        if os.path.lexists(folder / name):
            os.close(descriptor)
            path.unlink()
            continue
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Unbuffered: what a failed write leaves is in the file, where it can be cut.
        return open(descriptor, "w+b", buffering=0), name
    raise FileExistsError(f"{folder / base}: a thousand files of that name")


def take_over(path: Path) -> BinaryIO | None:
    """An open file that a killed run left behind, locked; None while somebody still writes to it.
    Raises OSError."""
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return open(descriptor, "r+b")


def open_archived(directory: Path, name: str) -> BinaryIO:
    """A file of the archive by the name that the database has; while it is still written to, it
    has another one. Raises OSError."""
    path = directory / name
    if not path.resolve().is_relative_to(directory.resolve()):
        raise OutsideArchive(None, "it lies outside of the archive")
    for candidate in (path, path.with_name(path.name + OPEN)):
        try:
            return candidate.open("rb")
        except FileNotFoundError:
            continue
    # Renamed between the two looks, or not there: then this says so.
    return path.open("rb")


def write_all(file: FileIO, data: bytes) -> None:
    """Write all of `data`: on a nearly full disk one call may take only a part."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) or 0 :]


def finish(folder: Path, name: str) -> None:
    """Give a whole file, which is on the disk, its final name. Raises OSError."""
    os.rename(folder / f"{name}{OPEN}", folder / name)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Put the folder's names on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
