"""Recovery: WARC files that a killed run left open, made whole.

Each is read member by member. What a kill tore off at its end is cut, its index is written, it gets
its final name: then every place in the database resolves, for a row is committed only once its
record is on the disk. Closed files are not looked at.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from corpus.warc.files import OPEN, SUFFIX, finish, slug, sync_folder, take_over
from corpus.warc.index import lines_of, write_index
from corpus.warc.records import BadRecord, members

GZIP_START = b"\x1f\x8b\x08"
BLOCK = 1 << 20


@dataclass(slots=True)
class Recovered:
    """What came of the files left behind."""

    files: int = 0
    records: int = 0
    cut: int = 0
    """Bytes of torn tails."""
    damaged: list[str] = field(default_factory=list)
    """Files with whole records behind damage: nothing of them was cut."""


def recover(directory: Path, portal: str) -> Recovered:
    """Make whole what is left of `portal` below `directory` (ARCHIVE_DIR). Only for who holds the
    portal; files of a run that lives, as with another database, are left alone. Raises OSError."""
    found = Recovered()
    folder = directory / slug(portal)
    for path in sorted(folder.glob(f"*{SUFFIX}{OPEN}")):
        if path.is_symlink() or not path.is_file():
            continue
        file = take_over(path)
        if file is not None:
            with file:
                _mend(file, path, found)
    return found


def _mend(file: BinaryIO, path: Path, found: Recovered) -> None:
    name = path.name.removesuffix(OPEN)
    lines: list[str] = []
    count, end = _whole(file, 0, name, lines)
    size = os.fstat(file.fileno()).st_size
    if end < size:
        start = _next_whole(file, end + 1)
        if start is None:
            file.truncate(end)
            found.cut += size - end
        else:
            # No kill does this: a later record is whole, and the database may name it.
            found.damaged.append(name)
        while start is not None:
            more, end = _whole(file, start, name, lines)
            count += more
            start = _next_whole(file, end + 1)
    if not count:
        path.unlink()
        sync_folder(path.parent)
        return
    os.fsync(file.fileno())
    write_index(path.parent, name, lines)
    finish(path.parent, name)
    found.files += 1
    found.records += count


def _whole(file: BinaryIO, start: int, name: str, lines: list[str]) -> tuple[int, int]:
    """How many whole records follow each other from `start` on, and where the last one ends; what
    the index says of them is added to `lines`."""
    count, end = 0, start
    try:
        for member in members(file, start):
            lines += lines_of(name, [member])
            count, end = count + 1, member.offset + member.length
    except BadRecord:
        pass
    return count, end


def _next_whole(file: BinaryIO, start: int) -> int | None:
    """Where the next whole record begins, if there is one."""
    position = start
    while True:
        file.seek(position)
        block = file.read(BLOCK)
        at = block.find(GZIP_START)
        if at < 0:
            if len(block) < BLOCK:
                return None
            position += len(block) - len(GZIP_START) + 1
            continue
        position += at
        if _is_whole(file, position):
            return position
        position += 1


def _is_whole(file: BinaryIO, offset: int) -> bool:
    try:
        return next(members(file, offset), None) is not None
    except BadRecord:
        return False
