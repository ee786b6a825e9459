"""Survey: the first pass over the files. What may be a page of ours goes into the index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from corpus.warc.foreign import LONGEST_HEAD, ForeignRecord, message, records
from corpus.warc.packages import BadPackage
from corpus.warc.records import BadRecord, header
from corpus.warc.streams import Stream
from crawler.addresses import BadAddress, canonical
from crawler.importing.hosts import Hosts
from crawler.importing.index import LAID_ASIDE, Entry, Index
from crawler.importing.sources import Source
from crawler.importing.tally import Tally
from crawler.portals.base import Portal

ANSWERS: Final = ("response", "resource", "revisit")
_NO_HTML: Final = ("image/", "video/", "audio/", "font/", "text/css", "application/pdf")
_NO_HTML_PARTS: Final = ("javascript", "json", "font", "zip")


class _Skip(Exception):
    """This answer is not taken; the message is why, in a word."""


def address_of(record: ForeignRecord) -> str:
    """The address of a record; wget puts it into angle brackets."""
    return record.get("WARC-Target-URI").strip().removeprefix("<").removesuffix(">").strip()


def utc(text: str) -> str:
    """A WARC-Date in one form. Raises `ValueError`."""
    moment = datetime.fromisoformat(text.strip())
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(slots=True)
class Survey:
    """What is looked for, and where it is written down."""

    hosts: Hosts
    index: Index
    tally: Tally
    max_size: int
    """DOWNLOAD_MAXSIZE."""
    now: datetime

    def read(self, sources: Sequence[Source], advance: Callable[[int], None]) -> None:
        """Read all files; `advance` is told the bytes. Damage is in the tally. Raises OSError where
        a file cannot be read at all."""
        for number, source in enumerate(sources):
            try:
                with source.open() as file:
                    self._source(number, source, Stream(file), advance)
            except BadPackage as bad:
                self.tally.damage.append(f"{source.name}: {bad}")
        self.index.close_books()

    def _source(
        self, number: int, source: Source, stream: Stream, advance: Callable[[int], None]
    ) -> None:
        told = 0
        for record in records(stream, arc=source.arc):
            self.tally.records += 1
            kind = record.get("WARC-Type").lower()
            if kind in ANSWERS or kind == "request":
                self._record(kind, record, number, any_order=source.any_order)
            advance(stream.read_so_far - told)
            told = stream.read_so_far
        advance(source.size - told)
        if stream.damages:
            more = stream.damages - len(stream.damage)
            words = "; ".join(stream.damage) + (f"; and {more} more" if more > 0 else "")
            self.tally.damage.append(f"{source.name}: {words}")

    def _record(self, kind: str, record: ForeignRecord, number: int, *, any_order: bool) -> None:
        try:
            url = canonical(address_of(record))
            portal = self.hosts.portal(url)
        except BadAddress:
            # dns:, urn: and the like: no page.
            return
        if kind == "request":
            if portal is not None:
                ids = record.get("WARC-Record-ID"), record.get("WARC-Concurrent-To")
                if (place := self._place(record, number, any_order=any_order)) is not None:
                    self.index.add_request(*ids, *place)
            return
        if portal is None:
            self.tally.other(urlsplit(url).hostname or "")
            return
        figures = self.tally.of(portal.name)
        figures.pages += 1
        try:
            self._answer(kind, record, portal, (number, any_order))
        except _Skip as skip:
            figures.skipped[str(skip)] += 1

    def _answer(
        self, kind: str, record: ForeignRecord, portal: type[Portal], source: tuple[int, bool]
    ) -> None:
        """Into the index with it. Raises `_Skip`."""
        number, any_order = source
        date = self._date(record)
        if record.get("WARC-Truncated"):
            raise _Skip("truncated")
        if record.length > self.max_size + LONGEST_HEAD:
            raise _Skip("too_large")
        head = record.read(LONGEST_HEAD)
        if kind == "resource":
            _must_be_html(record.get("Content-Type"))
        elif kind == "response" or head.startswith(b"HTTP/"):
            _must_be_page(head, revisit=kind == "revisit")
        place = self._place(record, number, any_order=any_order, head=head)
        if place is None:
            raise _Skip("damaged")
        self.index.add(
            portal.name,
            Entry(
                date, address_of(record), *place, number,
                record=record.get("WARC-Record-ID"),
                concurrent=record.get("WARC-Concurrent-To"),
                digest=record.get("WARC-Payload-Digest").upper(),
                refers=record.get("WARC-Refers-To"),
                refers_url=record.get("WARC-Refers-To-Target-URI").strip("<>"),
                refers_date=_date_or_none(record.get("WARC-Refers-To-Date")),
                revisit=int(kind == "revisit"),
            ),
        )  # fmt: skip

    def _date(self, record: ForeignRecord) -> str:
        try:
            date = utc(record.get("WARC-Date"))
        except (ValueError, OverflowError):
            raise _Skip("no_date") from None
        if datetime.fromisoformat(date) > self.now + timedelta(days=1):
            raise _Skip("date_future")
        return date

    def _place(
        self, record: ForeignRecord, number: int, *, any_order: bool, head: bytes = b""
    ) -> tuple[int, int] | None:
        """(source, byte) where the record can be read later; None where it is damaged."""
        if record.place is not None and any_order:
            return (number, record.place) if record.finish() else None
        block = head + record.read(self.max_size + LONGEST_HEAD)
        if not record.finish():
            return None
        return LAID_ASIDE, self.index.lay_aside(record.headers, block)


def _must_be_page(head: bytes, *, revisit: bool) -> None:
    try:
        http = message(head)
        status = http.status
    except BadRecord:
        raise _Skip("no_http") from None
    if status != 200 and not (revisit and status == 304):
        raise _Skip(f"http_{status}")
    _must_be_html(header(http.headers, "Content-Type") or "")


def _must_be_html(content_type: str) -> None:
    """Only what can be no page is left out here; the parser looks at the bytes."""
    kind = content_type.split(";")[0].strip().lower()
    if kind.startswith(_NO_HTML) or any(part in kind for part in _NO_HTML_PARTS):
        raise _Skip("not_html")


def _date_or_none(text: str) -> str:
    try:
        return utc(text) if text else ""
    except (ValueError, OverflowError):
        return ""
