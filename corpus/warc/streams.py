"""Streams: the bytes of a WARC file of anybody, unpacked as they come, in flat memory.

A file may be plain, one gzip member a record (as the standard wants it) or gzip of any other cut.
Where the next byte is the first of a member, or the file is plain, it can be found again by its
place in the file.
"""

from __future__ import annotations

import zlib
from typing import BinaryIO

CHUNK = 1 << 16
"""Bytes read at once."""
STEP = 1 << 18
"""Bytes unpacked at once: a few kilobytes may unpack to gigabytes."""
MOST_TOLD = 3
MAGIC = b"\x1f\x8b\x08"
_GZIP = 16 + zlib.MAX_WBITS


class Stream:
    """Reads forward from `offset` of a file that can seek."""

    def __init__(self, file: BinaryIO, offset: int = 0) -> None:
        self._file = file
        self._buffer = b""
        self._raw = b""
        self._raw_end = offset
        """Place in the file behind `_raw`."""
        self._consumed = 0
        """Bytes handed out of the member that is under way; of a plain file, in all."""
        self._member = offset
        """Where that member begins; of a plain file, where reading began."""
        self._press: zlib._Decompress | None = None
        self._ended = False
        self.damages = 0
        """Places where the file is not as it should be."""
        self.damage: list[str] = []
        """The first of them, in words."""
        file.seek(offset)
        self.packed = self._load(len(MAGIC)) and self._raw.startswith(MAGIC)
        if self.packed:
            self._press = zlib.decompressobj(_GZIP)

    @property
    def place(self) -> int | None:
        """Where in the file what comes next begins; None inside a gzip member."""
        if not self.packed:
            return self._member + self._consumed
        self._fill()
        return self._member if self._consumed == 0 else None

    def note(self, damage: str) -> None:
        """Write down that the file is damaged."""
        self.damages += 1
        if len(self.damage) < MOST_TOLD:
            self.damage.append(damage)

    @property
    def read_so_far(self) -> int:
        """Bytes of the file that were read."""
        return self._raw_end

    def peek(self, count: int) -> bytes:
        """At most `count` of the bytes that come next, of this member alone."""
        while len(self._buffer) < count and self._more():
            pass
        return self._buffer[:count]

    def at_end(self) -> bool:
        """True where nothing comes any more."""
        return not self._fill()

    def member_ended(self) -> bool:
        """True where the next byte, if any, is another member's. Never in a plain file."""
        return self.packed and not self._buffer and not self._more()

    def read(self, count: int) -> bytes:
        """`count` bytes of this member, fewer only where it ends; empty at the end of all."""
        parts = []
        while count > 0 and (self._buffer or self._more()):
            parts.append(self._buffer[:count])
            self._buffer = self._buffer[len(parts[-1]) :]
            self._consumed += len(parts[-1])
            count -= len(parts[-1])
        return b"".join(parts)

    def next_member(self) -> bool:
        """Go on to the next member, past what is left of this one; False where there is none."""
        while self._buffer or self._more():
            self._buffer = b""
            self._consumed += 1
        return self._fill()

    def join(self) -> bool:
        """Take the next member to be the rest of this one, whose end was reached. False where there
        is none or it begins with a record: then what is left of this one is dropped."""
        rest, self._buffer = self._buffer, b""
        if not self._begin_member():
            return False
        self._more()
        if self._buffer.startswith(b"WARC/"):
            return False
        self._buffer = rest + self._buffer
        self._consumed += 1
        return True

    def seek(self, offset: int) -> None:
        """In a plain file: go on at `offset`."""
        self._file.seek(offset)
        self._buffer, self._raw, self._raw_end = b"", b"", offset
        self._member, self._consumed, self._ended = offset, 0, False

    # -- unpacking -----------------------------------------------------------------------------

    def _fill(self) -> bool:
        """See that something is in the buffer, of the next member if need be."""
        while not self._buffer:
            if self._more():
                return True
            if not self._begin_member():
                return False
        return True

    def _more(self) -> bool:
        """Unpack some more of this member; False at its end."""
        if not self.packed:
            if not self._raw and not self._load(1):
                return False
            self._buffer += self._raw
            self._raw = b""
            return True
        while self._press is not None and not self._press.eof:
            if not self._raw and not self._press.unconsumed_tail and not self._load(1):
                self.note("the file ends inside a gzip member")
                self._press = None
                return False
            data, self._raw = self._press.unconsumed_tail + self._raw, b""
            try:
                plain = self._press.decompress(data, STEP)
            except zlib.error as error:
                self.note(f"gzip member at byte {self._member}: {error}")
                self._press = None
                self._resume()
                return False
            if self._press.eof:
                self._raw = self._press.unused_data
            if plain:
                self._buffer += plain
                return True
        return False

    def _begin_member(self) -> bool:
        if not self.packed or self._ended:
            return False
        while self._load(1) and self._raw[:1] == b"\0":
            # Some tools fill up their last block.
            self._raw = self._raw.lstrip(b"\0")
        if not self._load(len(MAGIC)):
            self._ended = True
            if self._raw:
                self.note("the file ends inside a gzip member")
            return False
        if not self._raw.startswith(MAGIC):
            self.note(f"no gzip member at byte {self._raw_end - len(self._raw)}")
            self._resume()
            if not self._raw:
                return False
        self._member = self._raw_end - len(self._raw)
        self._consumed = 0
        self._press = zlib.decompressobj(_GZIP)
        return True

    def _resume(self) -> None:
        """After damage: find the next member that unpacks to the head of a record."""
        at = self._member + 1
        while True:
            self._file.seek(at)
            self._raw, self._raw_end = b"", at
            if not self._load(CHUNK) and len(self._raw) < len(MAGIC):
                self._raw, self._ended = b"", True
                return
            found = self._raw.find(MAGIC)
            while found >= 0:
                if _begins_record(self._raw[found : found + 1024]):
                    self._raw = self._raw[found:]
                    return
                found = self._raw.find(MAGIC, found + 1)
            at = max(at + 1, self._raw_end - 1024)
            if len(self._raw) < CHUNK:
                self._raw, self._ended = b"", True
                return

    def _load(self, count: int) -> bool:
        """See that at least `count` packed bytes are at hand."""
        while len(self._raw) < count:
            data = self._file.read(CHUNK)
            if not data:
                return False
            self._raw += data
            self._raw_end += len(data)
        return True


def _begins_record(packed: bytes) -> bool:
    try:
        return zlib.decompressobj(_GZIP).decompress(packed, 16).startswith(b"WARC/")
    except zlib.error:
        return False
