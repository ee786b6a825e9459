"""Foreign: the records of WARC and ARC files that others wrote, in flat memory.

`corpus.warc.records` reads our own files, fast and strictly; this reads any. Where a record is
damaged the next one is looked for, so one bad record costs no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.warc.records import BadRecord, HeaderList, HttpMessage, Record, header
from corpus.warc.streams import CHUNK, Stream

LONGEST_HEAD = 1 << 16
"""Bytes of a record's headers."""
LONGEST_LINE = 1 << 13
"""Bytes of the line that begins an ARC record."""
MOST_TURNS = 100
"""Times that a plain file is read again from the record that said a wrong length."""
ARC_MAGIC = b"filedesc:"
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_NEXT = b"\nWARC/1."
_ARC_LINE = re.compile(
    rb"([A-Za-z][\w.+-]*:\S*(?: \S+)*?) (\S+) (\d{12,14}) (\S+)(?: .*?)? (\d+)\r?\n"
)
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?")


def message(block: bytes) -> HttpMessage:
    """An HTTP message, or whatever has its form, with any line ends. Raises `BadRecord`."""
    found = _HEAD_END.search(block)
    if found is None:
        raise BadRecord("no HTTP message in the record")
    lines = block[: found.start()].replace(b"\r\n", b"\n").split(b"\n")
    return Record([], b"\r\n".join(lines) + b"\r\n\r\n" + block[found.end() :]).http()


@dataclass(slots=True)
class ForeignRecord:
    """One record whose block is still to be read."""

    headers: HeaderList
    """WARC headers; of an ARC record those that say the same."""
    place: int | None
    """Byte of the file from which it can be read again alone; None inside a gzip member."""
    length: int
    """Bytes of the block, as it says."""
    _stream: Stream
    _left: int
    _arc: bool
    _damages: int
    _cut: bool = False

    def get(self, name: str) -> str:
        """The value of a WARC header; empty where there is none."""
        return header(self.headers, name) or ""

    def read(self, most: int) -> bytes:
        """The next bytes of the block, at most `most`; fewer only where it ends."""
        data = b""
        wanted = min(most, self._left)
        while len(data) < wanted and not self._cut:
            part = self._stream.read(wanted - len(data))
            data += part
            # Some tools part records over members; but where a member begins with a record, that
            # is the next one.
            self._cut = not part and (self._stream.at_end() or self._stream.peek(5) == b"WARC/")
        self._left -= len(data)
        return data

    def finish(self) -> bool:
        """Go behind the record. False where it is damaged."""
        while self._left and self.read(CHUNK):
            pass
        well = self._stands_well()
        if self._damages == self._stream.damages:
            if self._left:
                self._stream.note(f"a record that is cut, before byte {_about(self._stream)}")
            elif not well:
                at = _about(self._stream)
                self._stream.note(f"a record of another length than it says, before byte {at}")
        return self._damages == self._stream.damages

    def _stands_well(self) -> bool:
        """True where another record may begin. Unpacks to the end of the member, where its
        checksum stands."""
        blank = self._stream.peek(4)
        self._stream.read(len(blank) - len(blank.lstrip(b"\r\n")))
        if self._stream.member_ended() or blank == b"\r\n\r\n":
            return True
        if self._arc:
            return True  # Whatever comes next has to be one line that says what it is.
        return not _skip_blank(self._stream) or b"WARC/".startswith(self._stream.peek(5))


def records(stream: Stream, *, arc: bool = False) -> Iterator[ForeignRecord]:
    """The records from where `stream` stands. What is damaged is noted there. `finish` a record
    before the next one, or it is done here."""
    turns = 0
    while _skip_blank(stream):
        place = stream.place
        began = stream.damages
        head = _arc_head(stream) if arc else _head(stream)
        if head is None:
            if stream.damages == began:
                stream.note(f"no record at byte {_about(stream)}")
            if stream.place in (None, place):
                _look_on(stream, arc=arc)
            continue
        length = header(head, "Content-Length") or ""
        if not (length.isascii() and length.isdigit() and len(length) < 19):
            stream.note(f"a record without a length, at byte {_about(stream)}")
            _look_on(stream, arc=arc)
            continue
        begin = stream.place
        record = ForeignRecord(head, place, int(length), stream, int(length), arc, began)
        yield record
        if not record.finish() and not arc:
            if not stream.packed and begin is not None and turns < MOST_TURNS:
                # It may have swallowed others. Not for ever: each turn reads the same bytes again.
                turns += 1
                stream.seek(begin)
            if stream.peek(5) != b"WARC/":
                _look_on(stream, arc=arc)


def _about(stream: Stream) -> int:
    place = stream.place
    return stream.read_so_far if place is None else place


def _skip_blank(stream: Stream) -> bool:
    """Go to what is no empty line; False where nothing comes."""
    while not stream.at_end():
        if stream.peek(1) not in (b"\r", b"\n"):
            return True
        stream.read(1)
    return False


def _look_on(stream: Stream, *, arc: bool) -> None:
    """Go to the next thing that looks like a record's head."""
    while arc and not stream.at_end():
        data = stream.peek(LONGEST_LINE)
        stream.read(data.find(b"\n") + 1 or max(1, len(data)))
        if _ARC_LINE.match(stream.peek(LONGEST_LINE)):
            return
    while not stream.at_end():
        data = stream.peek(CHUNK)
        found = data.find(_NEXT)
        if found >= 0:
            stream.read(found + 1)
            return
        stream.read(max(1, len(data) - len(_NEXT)))
        if stream.packed and stream.member_ended() and stream.next_member():
            return


def _head(stream: Stream) -> HeaderList | None:
    """The headers of a WARC record; None where none begins here."""
    size = 1 << 12
    while True:
        data = stream.peek(size)
        if not data.startswith(b"WARC/"[: len(data)]):
            return None
        found = _HEAD_END.search(data)
        if found is not None:
            return message(stream.read(found.end())).headers
        if size >= LONGEST_HEAD or (len(data) < size and not stream.join()):
            return None
        size = size if len(data) < size else 4 * size


def _arc_head(stream: Stream) -> HeaderList | None:
    """The same of an ARC record, from its one line."""
    found = _ARC_LINE.match(stream.peek(LONGEST_LINE))
    if found is None:
        return None
    stream.read(found.end())
    url, _, date, kind, length = (part.decode("latin-1") for part in found.groups())
    when = _DATE.match(date)
    year, month, day, hour, minute, second = when.groups() if when else ("",) * 6
    return [
        ("WARC-Type", "arc" if url.startswith("filedesc:") else "response"),
        ("WARC-Target-URI", url),
        ("WARC-Date", f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}Z"),
        ("WARC-Identified-Payload-Type", kind),
        ("Content-Length", length),
    ]
