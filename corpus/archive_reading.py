"""A page out of the archive, as it was fetched. Reads only; every place is one `WarcPlace`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from corpus.archive import WarcPlace


class NotInArchive(Exception):
    """No response record stands at that place; the message says where and why."""


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A response record."""

    url: str
    fetched_at: datetime
    """Aware; WARC-Date."""
    content_type: str | None
    body: bytes
    """Content encoding undone."""


def read_page(directory: Path, place: WarcPlace) -> ArchivedPage:
    """The page at `place` below `directory` (ARCHIVE_DIR). Raises `NotInArchive`."""
    path = (directory / place.file).resolve()
    if not path.is_relative_to(directory.resolve()):
        raise NotInArchive(f"{place.file} lies outside of the archive")
    try:
        with path.open("rb") as file:
            file.seek(place.offset)
            member = file.read(place.length)
        record = next(iter(ArchiveIterator(BytesIO(member))), None)
        if record is None or record.rec_type != "response" or record.http_headers is None:
            raise NotInArchive(f"{place.file}: no response record at byte {place.offset}")
        return ArchivedPage(
            record.rec_headers.get_header("WARC-Target-URI") or "",
            datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or ""),
            record.http_headers.get_header("Content-Type"),
            record.content_stream().read(),
        )
    except (OSError, ArchiveLoadFailed, ValueError, EOFError) as error:
        raise NotInArchive(f"{place.file}, byte {place.offset}: {error}") from error
