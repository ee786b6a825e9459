"""Captures: one HTTP exchange as it was, and where it lies once it is in the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

Header = tuple[bytes, bytes]

IMPORTED_FROM, IMPORTED_RECORD = "WARC-Imported-From", "WARC-Imported-Record-ID"
IMPORTED_TYPE = "WARC-Imported-Record-Type"
"""Fields of our own in the head of an answer that was taken from a file: its name, and id and type
of the record there."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One HTTP exchange as it was."""

    url: str
    method: str
    """Empty where nobody knows what was asked: then no request is written."""
    request_headers: Sequence[Header]
    """(name, value); credentials left out."""
    status: int
    reason: str
    """Reason phrase: `OK`."""
    headers: Sequence[Header]
    """Response headers."""
    body: bytes
    """As sent: Content-Encoding still holds, chunked framing is undone."""
    fetched_at: datetime
    """Aware."""
    origin: Sequence[tuple[str, str]] = ()
    """Fields for the head of the answer's record that say where it was taken from."""


@dataclass(frozen=True, slots=True)
class WarcPlace:
    """Where the record of an answer lies."""

    file: str
    """Path below ARCHIVE_DIR, with slashes."""
    offset: int
    """First byte of the record's gzip member."""
    length: int
    """Bytes of that member."""
    digest: str
    """Payload digest: `sha1:` and base32."""

    def columns(self) -> dict[str, str | int]:
        """The same as columns of the tables."""
        return {
            "warc_file": self.file,
            "warc_offset": self.offset,
            "warc_length": self.length,
            "warc_digest": self.digest,
        }
