"""Erasing: records that have to leave the archive are overwritten where they stand.

The exchange of a taken-down page gives way to one `metadata` record of exactly its bytes, so every
other record of the file stays where the database, the index and other revisits say that it is.
Stored, not compressed: any length can be met. What is about to be overwritten is noted beside the
file, so that a kill amid the work leaves nothing half done for ever.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from corpus.warc.building import payload_digest
from corpus.warc.files import OPEN, SUFFIX, slug, sync_folder
from corpus.warc.index import index_path, write_index
from corpus.warc.records import BadRecord, members

WORDS = "The record that stood here was removed on request."
_LARGEST = 0xFFFF
"""Bytes of a stored block of deflate."""
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_AROUND = len(_HEAD) + 8
"""Bytes of a gzip member beside its blocks."""

NOTE = ".erasing"
"""What the name of the note beside a file ends in."""

Span = tuple[int, int, int]
"""First byte, end, number of records."""

Wanted = Callable[[str], bool]
"""True for a record's address (WARC-Target-URI) that is to be erased."""


@dataclass(slots=True)
class Erased:
    """What was overwritten."""

    files: int = 0
    records: int = 0
    bytes: int = 0


def erase(directory: Path, portal: str, wanted: Wanted) -> Erased:
    """Overwrite every record of `portal` below `directory` (ARCHIVE_DIR) whose address is wanted.

    Only for who holds the portal, so that no file is open. Raises OSError, `BadRecord` for a file
    that is damaged where it has to be read.
    """
    done = Erased()
    folder = directory / slug(portal)
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        if path.is_symlink() or not path.is_file():
            continue
        _finish_what_was_begun(path)
        if _may_hold(path, wanted):
            with path.open("rb") as file:
                spans = list(_spans(file, wanted))
            _note(path, spans)
            _finish_what_was_begun(path)
            _forget_lines(path, wanted)
            done.files += bool(spans)
            done.records += sum(count for _, _, count in spans)
            done.bytes += sum(end - start for start, end, _ in spans)
    return done


def _note(path: Path, spans: list[Span]) -> None:
    """Write down beside the file what is to be overwritten in it."""
    if spans:
        draft = path.with_name(path.name + NOTE + OPEN)
        with draft.open("w", encoding="ascii") as file:
            json.dump(spans, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path.with_name(path.name + NOTE))
        sync_folder(path.parent)


def _finish_what_was_begun(path: Path) -> None:
    """Overwrite what the note beside the file names, all of it, and take the note away."""
    note = path.with_name(path.name + NOTE)
    if not note.exists():
        return
    with path.open("r+b") as file:
        for start, end, _ in json.loads(note.read_text("ascii")):
            file.seek(start)
            file.write(_filler(end - start, datetime.now(UTC)))
        file.flush()
        os.fsync(file.fileno())
    note.unlink()


def _may_hold(path: Path, wanted: Wanted) -> bool:
    """What the index says; a file without one is read."""
    try:
        with index_path(path.parent, path.name).open(encoding="ascii") as lines:
            return any(wanted(_url(line)) for line in lines)
    except (FileNotFoundError, ValueError):
        return True


def _url(line: str) -> str:
    """The address in a CDXJ line. Raises ValueError."""
    return str(json.loads(line.split(" ", 2)[2]).get("url", "")) if line.count(" ") > 1 else ""


def _forget_lines(path: Path, wanted: Wanted) -> None:
    index = index_path(path.parent, path.name)
    if index.exists():
        with index.open(encoding="ascii") as lines:
            kept = [line for line in lines if not wanted(_url(line))]
        write_index(path.parent, path.name, kept)


def _spans(file: BinaryIO, wanted: Wanted) -> Iterator[Span]:
    """Each run of neighbouring records that are wanted."""
    start = end = count = 0
    for member in members(file):
        if wanted(member.record.get("WARC-Target-URI")):
            if not count:
                start = member.offset
            end, count = member.offset + member.length, count + 1
        elif count:
            yield start, end, count
            count = 0
    if count:
        yield start, end, count


def _filler(size: int, now: datetime) -> bytes:
    """A gzip member of exactly `size` bytes with one record that says nothing."""
    blocks = -(-(size - _AROUND) // (_LARGEST + 5))
    content = _record(size - _AROUND - 5 * blocks, now)
    out = [_HEAD]
    for number in range(blocks):
        part = content[number * _LARGEST : (number + 1) * _LARGEST]
        last = number == blocks - 1
        out.append(
            bytes([last])
            + len(part).to_bytes(2, "little")
            + (len(part) ^ 0xFFFF).to_bytes(2, "little")
            + part
        )
    out.append(zlib.crc32(content).to_bytes(4, "little") + len(content).to_bytes(4, "little"))
    member = b"".join(out)
    if len(member) != size:
        raise BadRecord(f"{size} bytes cannot be overwritten by one record")
    return member


def _record(size: int, now: datetime) -> bytes:
    """The record, `size` bytes long. Raises `BadRecord` where that is too little."""

    def head(block: bytes) -> bytes:
        lines = (
            "WARC/1.1",
            "WARC-Type: metadata",
            f"WARC-Record-ID: <urn:uuid:{uuid4()}>",
            f"WARC-Date: {now:%Y-%m-%dT%H:%M:%SZ}",
            f"WARC-Block-Digest: {payload_digest(block)}",
            "Content-Type: text/plain",
            # As many figures for any length, so that the length of the head is known before.
            f"Content-Length: {len(block):010}",
            "\r\n",
        )
        return "\r\n".join(lines).encode()

    room = size - len(head(b"")) - 4
    if room < 0:
        raise BadRecord("too few bytes to overwrite them by a record")
    block = WORDS.encode().ljust(room)[:room]
    return head(block) + block + b"\r\n\r\n"
