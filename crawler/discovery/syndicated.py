"""Feed and sitemap in a run of the strategy `sections`: what they name is queued beside what the
listings show.

The feed is read in every run; the sitemap when it never was, when the feed does not reach back to
anything known, when there is no feed, and now and then. Which addresses hold one is kept in the
corpus' `sections` table, in states of their own, so that only the first run has to look for them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from corpus.frontier import Discover, Found, Section, SectionUpdate, SectionUpsert
from crawler.addresses import BadAddress, canonical
from crawler.discovery.feed import MAX_FEEDS, read_feed, usual_feeds
from crawler.discovery.sitemap import (
    MAX_DEPTH,
    MAX_FILES,
    declared_sitemaps,
    read_sitemap,
    usual_sitemaps,
    worth_reading,
)
from crawler.discovery.syndication import BadSource, SourceEntry, entry_day
from crawler.parsing.listing import leads_to_file
from crawler.parsing.shapes import address_shape
from crawler.portals.base import Portal

if TYPE_CHECKING:
    from crawler.frontier.scheduler import FrontierScheduler

logger = logging.getLogger(__name__)

STATES = ("feed", "sitemap", "no_source")
"""States of rows of `sections` that are no sections: feed, sitemap, an address tried in vain."""
RECHECK = timedelta(days=30)
"""When an address tried in vain is tried again."""
SITEMAP_EVERY = timedelta(days=7)
"""When a sitemap is read again although the feed misses nothing."""
_MARGIN = timedelta(days=2)
"""By how much a site's `lastmod` may be late."""
_BATCH = 1000
_ROBOTS = "robots"


@dataclass(slots=True)
class SourceTicket:
    """Travels in the `meta` of a request for a feed, a sitemap or robots.txt."""

    kind: str
    """`feed`, `sitemap`, `robots`."""
    url: str
    depth: int = 0
    row: Section | None = None
    """The row of the address where it is a known source."""
    others: tuple[str, ...] = ()
    """Usual addresses to try if this one holds nothing."""
    page_number: int = 1


@dataclass(slots=True)
class _Sitemap:
    """The reading of all sitemaps in this run."""

    since: datetime | None = None
    """Files unchanged since then are not read."""
    asked: set[str] = field(default_factory=set)
    waiting: int = 0
    failed: bool = False
    rows: list[Section] = field(default_factory=list)


class SyndicatedDiscovery:
    """Reads feed and sitemap of one portal in one run."""

    def __init__(
        self,
        portal: type[Portal],
        frontier: FrontierScheduler,
        stats: StatsCollector,
        shapes: set[object],
    ) -> None:
        self.portal, self.frontier, self.stats, self.shapes = portal, frontier, stats, shapes
        self.home = canonical(portal.home())
        self.begun = False
        self.found = 0
        """Articles named by any source in this run."""
        self._rows: list[Section] = []
        self._feeds_waiting = 0
        self._reaches_back = False
        self._sitemap = _Sitemap()

    def remember(self, rows: Sequence[Section]) -> None:
        """Take the portal's rows of `sections` as the run found them."""
        self._rows = [row for row in rows if row.state in STATES]

    async def requests(self, declared: Sequence[str] = ()) -> AsyncIterator[Request]:
        """What to ask for first. `declared`: feeds that the home page names. Once in a run."""
        if self.begun:
            return
        self.begun = True
        known = {row.url: row for row in self._rows if row.state == "feed"}
        urls = [url for url in dict.fromkeys([*declared, *known]) if self._owned(url)]
        tickets = [SourceTicket("feed", url, row=known.get(url)) for url in urls[:MAX_FEEDS]]
        if not tickets and (usual := self._untried(usual_feeds(self.home))):
            tickets = [SourceTicket("feed", usual[0], others=usual[1:])]
        self._feeds_waiting = len(tickets)
        for ticket in tickets:
            yield self._request(ticket)
        if not tickets:
            async for request in self._sitemaps():
                yield request

    def _untried(self, urls: Sequence[str]) -> tuple[str, ...]:
        tried = {r.url for r in self._rows if r.state == "no_source" and not _older(r, RECHECK)}
        return tuple(url for url in urls if url not in tried)

    def _owned(self, url: str) -> bool:
        return self.portal.owns(urlsplit(url).hostname or "")

    def _request(self, ticket: SourceTicket) -> Request:
        return Request(
            ticket.url,
            callback=self.on_source,
            errback=self.on_failure,
            meta={"listing": ticket, "handle_httpstatus_list": list(range(400, 600))},
            dont_filter=True,
        )

    # -- what came ---------------------------------------------------------------------------

    async def on_source(self, response: Response) -> AsyncIterator[Request]:
        """Callback of feeds, sitemaps and robots.txt."""
        ticket: SourceTicket = response.meta["listing"]
        self.stats.inc_value("portal/sources/read")
        if ticket.kind == _ROBOTS:
            body = response.body if response.status == 200 else b""
            async for request in self._declared(declared_sitemaps(body, self.home)):
                yield request
            return
        entries: tuple[SourceEntry, ...] = ()
        if response.status == 200:
            kind = response.headers.get("Content-Type")
            read = read_feed if ticket.kind == "feed" else read_sitemap
            try:
                entries = read(
                    response.body, response.url, kind.decode("latin-1") if kind else None
                )
            except BadSource as bad:
                self.stats.inc_value(f"portal/sources/{bad.reason}")
        passing = response.status >= 500 or response.status == 429
        async for request in self._came(ticket, entries, passing=passing):
            yield request

    async def on_failure(self, failure: Any) -> AsyncIterator[Request]:
        """Errback: a source that cannot be fetched counts as a failed listing."""
        ticket: SourceTicket = failure.request.meta["listing"]
        self.frontier.listing_failed(failure)
        logger.warning("%s %s: %s", ticket.kind, ticket.url, failure.value)
        if ticket.kind == _ROBOTS:
            async for request in self._declared(()):
                yield request
            return
        async for request in self._came(ticket, (), passing=True):
            yield request

    async def _came(
        self, ticket: SourceTicket, entries: tuple[SourceEntry, ...], *, passing: bool
    ) -> AsyncIterator[Request]:
        """Carry on after an answer. `passing`: a fault that says nothing of the address."""
        if entries:
            await self._note(ticket, ticket.kind)
        elif ticket.row is None and not passing and ticket.depth == 0:
            await self._note(ticket, "no_source")
        if ticket.kind == "feed":
            turn = self._feed_came(ticket, entries)
        else:
            turn = self._sitemap_came(ticket, entries, passing=passing)
        async for request in turn:
            yield request

    async def _note(self, ticket: SourceTicket, state: str) -> None:
        """Keep in the corpus what the address holds."""
        if ticket.depth:
            return
        kind = ticket.kind
        row: Section = await self.frontier.run.write(
            SectionUpsert(self.portal.name, kind, kind, ticket.url, "syndicated", state)
        )
        values: dict[str, Any] = {"checked_at": datetime.now(UTC), "state": state}
        await self.frontier.run.write(SectionUpdate(row.id, values))
        if state == "sitemap":
            self._sitemap.rows.append(row)

    # -- feed --------------------------------------------------------------------------------

    async def _feed_came(
        self, ticket: SourceTicket, entries: tuple[SourceEntry, ...]
    ) -> AsyncIterator[Request]:
        if not entries and ticket.others:
            yield self._request(SourceTicket("feed", ticket.others[0], others=ticket.others[1:]))
            return
        self._feeds_waiting -= 1
        if entries:
            named, new = await self._queue(entries, "feed")
            self.shapes.update({address_shape(entry.url) for entry in entries} - {None})
            self._reaches_back = self._reaches_back or new < named
        if self._feeds_waiting <= 0:
            async for request in self._sitemaps():
                yield request

    # -- sitemap -----------------------------------------------------------------------------

    async def _sitemaps(self) -> AsyncIterator[Request]:
        """The sitemaps, where they may hold what the feed does not."""
        known = [row for row in self._rows if row.state == "sitemap"]
        due = not known or any(_older(row, SITEMAP_EVERY, walked=True) for row in known)
        if self._reaches_back and not due:
            return
        if known:
            walked = [row.last_walked_at for row in known]
            self._sitemap.since = min((at for at in walked if at), default=None)
            if None in walked:
                self._sitemap.since = None
            for request in self._files([(row.url, row) for row in known], depth=0):
                yield request
        elif not self._reaches_back or self._untried(usual_sitemaps(self.home)):
            yield self._request(SourceTicket(_ROBOTS, urljoin(self.home, "/robots.txt")))

    async def _declared(self, urls: Sequence[str]) -> AsyncIterator[Request]:
        owned = [url for url in urls if self._owned(url)]
        for request in self._files([(url, None) for url in owned], depth=0):
            yield request
        if not owned and (usual := self._untried(usual_sitemaps(self.home))):
            self._sitemap.waiting += 1
            yield self._request(SourceTicket("sitemap", usual[0], others=usual[1:]))

    def _files(self, files: Sequence[tuple[str, Section | None]], *, depth: int) -> list[Request]:
        made = []
        for url, row in files:
            if url in self._sitemap.asked or len(self._sitemap.asked) >= MAX_FILES:
                continue
            self._sitemap.asked.add(url)
            self._sitemap.waiting += 1
            made.append(self._request(SourceTicket("sitemap", url, depth, row)))
        return made

    async def _sitemap_came(
        self, ticket: SourceTicket, entries: tuple[SourceEntry, ...], *, passing: bool
    ) -> AsyncIterator[Request]:
        self._sitemap.failed = self._sitemap.failed or (passing and not entries)
        if not entries and ticket.others and not passing:
            yield self._request(SourceTicket("sitemap", ticket.others[0], others=ticket.others[1:]))
            return
        self._sitemap.waiting -= 1
        if ticket.depth < MAX_DEPTH:
            files = [e for e in worth_reading(entries) if self._owned(e.url) and self._changed(e)]
            for request in self._files([(e.url, None) for e in files], depth=ticket.depth + 1):
                yield request
        pages = [e for e in entries if e.kind != "sitemap" and (e.kind == "news" or _likely(e.url))]
        for start in range(0, len(pages), _BATCH):
            await self._queue(pages[start : start + _BATCH], "sitemap")
        if self._sitemap.waiting == 0 and not self._sitemap.failed:
            now = datetime.now(UTC)
            for row in self._sitemap.rows:
                await self.frontier.run.write(SectionUpdate(row.id, {"last_walked_at": now}))

    def _changed(self, file: SourceEntry) -> bool:
        """False for a file of an index that the last reading has seen as it is now."""
        day = self._day(file.modified_raw)
        since = self._sitemap.since
        return since is None or day is None or day >= (since - _MARGIN).date()

    # -- what they name ----------------------------------------------------------------------

    async def _queue(self, entries: Sequence[SourceEntry], route: str) -> tuple[int, int]:
        """(how many articles of the portal the entries name, how many of them were unknown)."""
        found: dict[str, Found] = {}
        for entry in entries:
            try:
                identity = self.portal.identify(entry.url)
            except BadAddress:
                continue
            found[identity.key] = Found(
                key=identity.key,
                site=identity.site,
                kind=identity.kind,
                number=identity.number,
                url=identity.url,
                route=route,
                listed_on=self._day(entry.published_raw),
            )
        if not found:
            return 0, 0
        unit = Discover(self.portal.name, self.frontier.run.id, list(found.values()))
        new: int = await self.frontier.run.write(unit)
        self.found += len(found)
        self.stats.inc_value("portal/pages/found", new)
        self.frontier.listing_read(fresh=True)
        return len(found), new

    def _day(self, raw: str | None) -> date | None:
        return entry_day(raw, at=datetime.now(UTC), zone=self.portal.zone())


def _likely(url: str) -> bool:
    """True for a page of a sitemap whose address may be an article's: something in it varies, and
    it names no file and no date alone."""
    path = urlsplit(url).path
    if address_shape(url) is None or leads_to_file(url):
        return False
    return not re.fullmatch(r"/\d{4}(?:/\d{1,2}){0,2}/?", path)


def _older(row: Section, age: timedelta, *, walked: bool = False) -> bool:
    at = row.last_walked_at if walked else row.checked_at
    return at is None or datetime.now(UTC) - at > age
