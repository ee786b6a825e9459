"""A page out of the archive, as it was fetched. Reads only; every place is one `WarcPlace`.

Where an answer's payload was held already, its record is a `revisit` that names the first one: that
is followed here, so who reads sees a whole page.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Self

from corpus.warc.building import NOT_MODIFIED, Reference
from corpus.warc.captures import IMPORTED_FROM, IMPORTED_RECORD, WarcPlace
from corpus.warc.coding import BadCoding, decode
from corpus.warc.files import open_archived
from corpus.warc.records import (
    BadRecord,
    HeaderList,
    Member,
    Record,
    header,
    members,
    parse,
    unpack,
)

__all__ = [
    "ArchivedPage",
    "NotInArchive",
    "OpenFile",
    "read_page",
    "read_request",
    "reference_at",
]


class NotInArchive(Exception):
    """No answer stands at that place; the message says where and why."""


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """An HTTP answer, whole."""

    url: str
    fetched_at: datetime
    """Aware; WARC-Date of this very answer, also where its payload was held before."""
    content_type: str | None
    body: bytes
    """Content encoding undone, as far as it goes."""
    status: int
    """Of a 304 that of the answer it confirms, as its headers and body are."""
    headers: HeaderList
    """(name, value) in the order they are kept; docs/archive.md says what is normalised."""
    payload: bytes
    """As sent: Content-Encoding still holds. Its digest is `payload_digest`."""
    payload_digest: str
    """As the record says: `sha1:` and base32. Not checked."""
    record_id: str
    """`<urn:uuid:…>` of the record at the place asked for."""
    refers_to: str | None
    """Id of the record that holds the payload, where that is another one."""
    imported_from: str | None = None
    """File and record that it was taken from, where no crawl of ours fetched it."""


@dataclass(frozen=True, slots=True)
class ArchivedRequest:
    """What was asked."""

    line: str
    """`GET /h/1.html HTTP/1.1`."""
    headers: HeaderList
    record_id: str


class OpenFile:
    """The file that was read last, kept open for the pages beside: who reads many in the order in
    which they lie opens each file once. Nothing is kept of what was read."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._name: str | None = None
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close it; the next reading opens one again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def read(self, place: WarcPlace) -> bytes:
        """The bytes at `place`. Raises OSError."""
        if self._file is None or place.file != self._name:
            self.close()
            self._file, self._name = open_archived(self.directory, place.file), place.file
        return os.pread(self._file.fileno(), place.length, place.offset)


def read_page(directory: Path, place: WarcPlace, beside: OpenFile | None = None) -> ArchivedPage:
    """The page at `place` below `directory` (ARCHIVE_DIR), out of the file that is open already
    where that is the one. Raises `NotInArchive`."""
    try:
        if beside is None:
            record = _record_at(directory, place.file, place.offset, place.length)
        else:
            record = parse(unpack(beside.read(place)))
        held = _referred(directory, record)[0] if record.type == "revisit" else record
        if held.type != "response":
            raise BadRecord(f"a {held.type or 'nameless'} record, where an answer should be")
        answer = held.http()
        payload = answer.body
        if held is not record and record.get("WARC-Profile") != NOT_MODIFIED:
            answer = record.http()
        coding = ",".join(v for name, v in answer.headers if name.lower() == "content-encoding")
        return ArchivedPage(
            url=record.get("WARC-Target-URI"),
            fetched_at=datetime.fromisoformat(record.get("WARC-Date")),
            content_type=header(answer.headers, "Content-Type"),
            body=decode(payload, coding),
            status=answer.status,
            headers=answer.headers,
            payload=payload,
            payload_digest=held.get("WARC-Payload-Digest"),
            record_id=record.id,
            refers_to=None if held is record else held.id,
            imported_from=_imported_from(record),
        )
    except (OSError, BadRecord, BadCoding, ValueError) as error:
        raise _missing(place, error) from error


def read_request(directory: Path, place: WarcPlace) -> ArchivedRequest:
    """The request that the answer at `place` is to: its record stands right behind. Raises
    `NotInArchive`."""
    try:
        record = _record_at(directory, place.file, place.offset + place.length, None)
        if record.type != "request":
            raise BadRecord("no request stands behind the answer")
        asked = record.http()
        return ArchivedRequest(asked.start, asked.headers, record.id)
    except (OSError, BadRecord, ValueError) as error:
        raise _missing(place, error) from error


def reference_at(directory: Path, place: WarcPlace) -> Reference:
    """What a revisit says of the answer at `place`; of one that is itself a revisit, what it refers
    to. Raises `NotInArchive` where the payload is not there to refer to."""
    try:
        record = _record_at(directory, place.file, place.offset, place.length)
        held, file, offset = record, place.file, place.offset
        if record.type == "revisit":
            held, file, offset = _referred(directory, record)
        if held.type != "response":
            raise BadRecord("no answer")
        return Reference(held.id, held.get("WARC-Target-URI"), held.get("WARC-Date"), file, offset)
    except (OSError, BadRecord) as error:
        raise _missing(place, error) from error


def _record_at(directory: Path, name: str, offset: int, length: int | None) -> Record:
    with open_archived(directory, name) as file:
        if length is None:
            return _first(members(file, offset))
        file.seek(offset)
        return parse(unpack(file.read(length)))


def _referred(directory: Path, revisit: Record) -> tuple[Record, str, int]:
    """The record that holds the payload of a revisit, its file and offset: where it says, or, where
    that file was written anew since, anywhere in it."""
    wanted, name = revisit.get("WARC-Refers-To"), revisit.get("WARC-Refers-To-Filename")
    offset = revisit.get("WARC-Refers-To-File-Offset")
    if not (wanted and name and offset.isascii() and offset.isdigit()):
        raise BadRecord("a revisit that does not say of what")
    try:
        held = _record_at(directory, name, int(offset), None)
        if held.id == wanted:
            return held, name, int(offset)
    except BadRecord:
        pass
    with open_archived(directory, name) as file:
        for member in members(file):
            if member.record.id == wanted:
                return member.record, name, member.offset
    raise BadRecord(f"what it refers to is not in {name}")


def _first(found: Iterator[Member]) -> Record:
    member = next(found, None)
    if member is None:
        raise BadRecord("the file ends before")
    return member.record


def _imported_from(record: Record) -> str | None:
    file, there = record.get(IMPORTED_FROM), record.get(IMPORTED_RECORD)
    return f"{file}, record {there or 'without an id'}" if file else None


def _missing(place: WarcPlace, error: Exception) -> NotInArchive:
    why = error.strerror or str(error) if isinstance(error, OSError) else str(error)
    return NotInArchive(f"{place.file}, byte {place.offset}: {why}")
