"""Feed and sitemap in a run of the strategy `sections`: what they name is queued beside what the
listings show.

The feed is read in every run; the sitemap when it never was, when the feed does not reach back to
anything known, when there is no feed, and now and then.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from corpus.discoveries import FEED_ROUTE
from corpus.frontier import Section, SectionUpdate
from crawler.discovery.feed import MAX_FEEDS, usual_feeds
from crawler.discovery.sitemap import (
    MAX_DEPTH,
    MAX_FILES,
    declared_sitemaps,
    usual_sitemaps,
    worth_reading,
)
from crawler.discovery.sources import Answer, Sources, SourceTicket, older
from crawler.discovery.syndication import SourceEntry
from crawler.parsing.listing import leads_to_file
from crawler.parsing.shapes import address_shape
from crawler.portals.base import Portal

if TYPE_CHECKING:
    from crawler.frontier.scheduler import FrontierScheduler

logger = logging.getLogger(__name__)

SITEMAP_EVERY = timedelta(days=7)
"""When a sitemap is read again although the feed misses nothing."""
_MARGIN = timedelta(days=2)
"""By how much a site's `lastmod` may be late."""
_BATCH = 1000
_ROBOTS = "robots"


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
        self.sources = Sources(portal, frontier, stats)
        self.frontier, self.shapes = frontier, shapes
        self.home = self.sources.home
        self.begun = False
        self._feeds_waiting = 0
        self._reaches_back = False
        self._sitemap = _Sitemap()

    @property
    def found(self) -> int:
        """Articles named by any source in this run."""
        return self.sources.found

    def remember(self, rows: Sequence[Section]) -> None:
        """Take the portal's rows of `sections` as the run found them."""
        self.sources.remember(rows)

    async def requests(self, declared: Sequence[str] = ()) -> AsyncIterator[Request]:
        """What to ask for first. `declared`: feeds that the home page names. Once in a run."""
        if self.begun:
            return
        self.begun = True
        known = self.sources.known("feed")
        urls = [url for url in dict.fromkeys([*declared, *known]) if self.sources.owned(url)]
        tickets = [SourceTicket("feed", url, row=known.get(url)) for url in urls[:MAX_FEEDS]]
        if not tickets and (usual := self.sources.untried(usual_feeds(self.home))):
            tickets = [SourceTicket("feed", usual[0], others=usual[1:])]
        self._feeds_waiting = len(tickets)
        for ticket in tickets:
            yield self._request(ticket)
        if not tickets:
            async for request in self._sitemaps():
                yield request

    def _request(self, ticket: SourceTicket) -> Request:
        return self.sources.request(ticket, self.on_source, self.on_failure)

    # -- what came ---------------------------------------------------------------------------

    async def on_source(self, response: Response) -> AsyncIterator[Request]:
        """Callback of feeds, sitemaps and robots.txt."""
        ticket: SourceTicket = response.meta["listing"]
        if ticket.kind == _ROBOTS:
            body = response.body if response.status == 200 else b""
            async for request in self._declared(declared_sitemaps(body, self.home)):
                yield request
            return
        async for request in self._came(ticket, self.sources.read(ticket, response)):
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
        async for request in self._came(ticket, Answer(passing=True)):
            yield request

    async def _came(self, ticket: SourceTicket, answer: Answer) -> AsyncIterator[Request]:
        """Carry on after an answer."""
        turn = self._feed_came if ticket.kind == "feed" else self._sitemap_came
        async for request in turn(ticket, answer):
            yield request

    async def _note(self, ticket: SourceTicket, answer: Answer) -> Section | None:
        """Keep in the corpus what the address holds."""
        if answer.answered:
            return await self.sources.note(ticket, ticket.kind, answer)
        if ticket.row is None and not answer.passing:
            return await self.sources.note(ticket, "no_source", answer)
        return None

    # -- feed --------------------------------------------------------------------------------

    async def _feed_came(self, ticket: SourceTicket, answer: Answer) -> AsyncIterator[Request]:
        entries = answer.entries
        if entries:
            named, new = await self.sources.queue(entries, FEED_ROUTE)
            self.shapes.update({address_shape(entry.url) for entry in entries} - {None})
            self._reaches_back = self._reaches_back or new < named
        self._reaches_back = self._reaches_back or answer.unchanged
        await self._note(ticket, answer)
        if not answer.answered and ticket.others:
            yield self._request(ticket.next_of_others())
            return
        self._feeds_waiting -= 1
        if self._feeds_waiting <= 0:
            async for request in self._sitemaps():
                yield request

    # -- sitemap -----------------------------------------------------------------------------

    async def _sitemaps(self) -> AsyncIterator[Request]:
        """The sitemaps, where they may hold what the feed does not."""
        known = self.sources.known("sitemap")
        due = not known or any(older(row, SITEMAP_EVERY, walked=True) for row in known.values())
        if self._reaches_back and not due:
            return
        usual = usual_sitemaps(self.home)
        if known:
            walked = [row.last_walked_at for row in known.values()]
            self._sitemap.since = min((at for at in walked if at), default=None)
            if None in walked:
                self._sitemap.since = None
            for request in self._files(list(known.items()), depth=0):
                yield request
        elif not self._reaches_back or self.sources.untried(usual):
            yield self._request(SourceTicket(_ROBOTS, urljoin(self.home, "/robots.txt")))

    async def _declared(self, urls: Sequence[str]) -> AsyncIterator[Request]:
        owned = [url for url in urls if self.sources.owned(url)]
        for request in self._files([(url, None) for url in owned], depth=0):
            yield request
        if not owned and (usual := self.sources.untried(usual_sitemaps(self.home))):
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

    async def _sitemap_came(self, ticket: SourceTicket, answer: Answer) -> AsyncIterator[Request]:
        entries, passing = answer.entries, answer.passing
        if (row := await self._note(ticket, answer)) and entries:
            self._sitemap.rows.append(row)
        self._sitemap.failed = self._sitemap.failed or (passing and not entries)
        if not entries and ticket.others and not passing:
            yield self._request(ticket.next_of_others())
            return
        self._sitemap.waiting -= 1
        if ticket.depth < MAX_DEPTH:
            files = [e for e in worth_reading(entries) if self._changed(e)]
            owned = [(e.url, None) for e in files if self.sources.owned(e.url)]
            for request in self._files(owned, depth=ticket.depth + 1):
                yield request
        pages = [e for e in entries if e.kind != "sitemap" and (e.kind == "news" or _likely(e.url))]
        for start in range(0, len(pages), _BATCH):
            await self.sources.queue(pages[start : start + _BATCH], "sitemap")
        if self._sitemap.waiting == 0 and not self._sitemap.failed:
            now = datetime.now(UTC)
            for row in self._sitemap.rows:
                await self.frontier.run.write(SectionUpdate(row.id, {"last_walked_at": now}))

    def _changed(self, file: SourceEntry) -> bool:
        """False for a file of an index that the last reading has seen as it is now."""
        day = self.sources.day(file.modified_raw)
        since = self._sitemap.since
        return since is None or day is None or day >= (since - _MARGIN).date()


def _likely(url: str) -> bool:
    """True for a page of a sitemap whose address may be an article's: something in it varies, and
    it names no file and no date alone."""
    path = urlsplit(url).path
    if address_shape(url) is None or leads_to_file(url):
        return False
    return not re.fullmatch(r"/\d{4}(?:/\d{1,2}){0,2}/?", path)
