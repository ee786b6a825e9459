"""Strategy `feed`: a portal's RSS and Atom feeds and nothing else, one conditional request each.

Where they are is known from earlier runs; the first run asks the home page, then the addresses that
the portal's class hints at, then the usual ones. What they name is queued; what they say was
changed after our last visit is visited again.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from corpus.discoveries import FEED_ROUTE
from corpus.frontier import Section, SectionsOf
from crawler.addresses import canonical
from crawler.discovery.feed import MAX_ALONE, declared_feeds, usual_feeds
from crawler.discovery.sources import Answer, Sources, SourceTicket
from crawler.parsing.page import Page
from crawler.portals.base import Portal

if TYPE_CHECKING:
    from crawler.frontier.scheduler import FrontierScheduler

logger = logging.getLogger(__name__)

_HOME = "home"


class FeedDiscovery:
    """Reads the feeds of one portal in one run."""

    place: ClassVar[str] = "the"

    def __init__(
        self, portal: type[Portal], frontier: FrontierScheduler, stats: StatsCollector
    ) -> None:
        self.portal, self.frontier, self.stats = portal, frontier, stats
        self.sources = Sources(portal, frontier, stats)
        self.stopped = False
        self.current: str | None = "feed"
        self._asked: set[str] = set()
        self._waiting = 0
        self._answered = 0
        self._passing = 0
        self._unchanged = 0
        self._announced = 0

    # -- what to ask for ---------------------------------------------------------------------

    async def requests(self) -> AsyncIterator[Request]:
        """The known feeds, or the home page where none is known."""
        rows: list[Section] = await self.frontier.run.write(SectionsOf(self.portal.name))
        self.sources.remember(rows)
        known = list(self.sources.known("feed").values())[:MAX_ALONE]
        for row in known:
            yield self._feed(SourceTicket("feed", row.url, row=row))
        if not known:
            yield self._ask(SourceTicket(_HOME, self.sources.home))

    def _feed(self, ticket: SourceTicket) -> Request:
        self._asked.add(ticket.url)
        self._waiting += 1
        return self._ask(ticket)

    def _ask(self, ticket: SourceTicket) -> Request:
        callback = self.on_home if ticket.kind == _HOME else self.on_feed
        return self.sources.request(ticket, callback, self.on_failure)

    async def learn(self, page: Page, section: str | None) -> AsyncIterator[Request]:
        """None: an article page leads to no feed."""
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    # -- what came ---------------------------------------------------------------------------

    async def on_home(self, response: Response) -> AsyncIterator[Request]:
        """Callback of the home page: the feeds it declares, else those that may be there."""
        self.stats.inc_value("portal/listings/read")
        for request in self._search(response):
            yield request

    def _search(self, response: Response | None) -> list[Request]:
        declared = _declared(response) if response is not None else ()
        urls = [url for url in declared if self.sources.owned(url) and url not in self._asked]
        if urls:
            return [self._feed(SourceTicket("feed", url)) for url in urls]
        return self._guess()

    def _guess(self) -> list[Request]:
        """Where the portal's class hints at feeds, all of them; then the first of the addresses
        where feeds usually are: the others follow one by one. Each once in a run."""
        hints = [canonical(urljoin(self.sources.home, path)) for path in self.portal.feeds]
        if urls := self._unasked(hints):
            return [self._feed(SourceTicket("feed", url)) for url in urls]
        if urls := self._unasked(usual_feeds(self.sources.home)):
            self._asked.update(urls)
            return [self._feed(SourceTicket("feed", urls[0], others=tuple(urls[1:])))]
        return []

    def _unasked(self, urls: Sequence[str]) -> list[str]:
        return [url for url in self.sources.untried(urls) if url not in self._asked]

    async def on_feed(self, response: Response) -> AsyncIterator[Request]:
        """Callback of every feed."""
        ticket: SourceTicket = response.meta["listing"]
        for request in await self._came(ticket, self.sources.read(ticket, response)):
            yield request

    async def on_failure(self, failure: Any) -> AsyncIterator[Request]:
        """Errback of feeds and of the home page: counts as a failed listing."""
        ticket: SourceTicket = failure.request.meta["listing"]
        self.frontier.listing_failed(failure)
        logger.warning("%s %s: %s", ticket.kind, ticket.url, failure.value)
        if ticket.kind == _HOME:
            self._passing += 1
        else:
            for request in await self._came(ticket, Answer(passing=True), counted=True):
                yield request

    async def _came(
        self, ticket: SourceTicket, answer: Answer, *, counted: bool = False
    ) -> Sequence[Request]:
        """Take what a feed held; then the next address to try, if one is left."""
        self._waiting -= 1
        # A feed that was one before may be empty for once.
        there = answer.answered or (answer.empty and ticket.row is not None)
        self._answered += there
        self._unchanged += answer.unchanged
        if answer.passing and not counted:
            self.stats.inc_value("portal/listings/failed")
            logger.warning("%s %s: it cannot be read now", ticket.kind, ticket.url)
        self._passing += answer.passing
        if answer.entries:
            await self.sources.queue(answer.entries, FEED_ROUTE)
            self._announced += await self.sources.announce(answer.entries)
        if there:
            self.stats.inc_value("portal/feeds/answered")
            await self.sources.note(ticket, "feed", answer)
        elif ticket.row is None and not answer.passing:
            await self.sources.note(ticket, "no_source", answer)
        return self._next(ticket, answer)

    def _next(self, ticket: SourceTicket, answer: Answer) -> Sequence[Request]:
        if not answer.answered and ticket.others:
            return [self._feed(ticket.next_of_others())]
        if self._waiting or self._answered or self._passing:
            return ()
        if ticket.row is not None:
            # Every feed that was known has gone: they may have moved.
            return [self._ask(SourceTicket(_HOME, self.sources.home))]
        # What the home page declared, or the class hinted at, was none.
        return self._guess()

    # -- the end -----------------------------------------------------------------------------

    def conclude(self) -> None:
        """Say that there is no feed."""
        if not self._answered and not self._passing:
            logger.error(
                "%s has no feed, neither declared nor where feeds usually are; "
                "`scrapy crawl %s` reads its sections instead",
                self.portal.home(),
                self.portal.name,
            )

    def summary(self) -> str:
        """What the feeds were."""
        if not self._answered:
            return ""
        return (
            f"feeds: {self._answered} read, {self._unchanged} of them not modified, "
            f"{self.sources.found} article(s) named, {self._announced} said to have changed"
        )


def _declared(response: Response) -> tuple[str, ...]:
    if response.status != 200:
        return ()
    kind = response.headers.get("Content-Type")
    page = Page(
        url=response.url,
        body=response.body,
        content_type=kind.decode("latin-1") if kind else None,
        fetched_at=datetime.now(UTC),
    )
    return declared_feeds(page, most=MAX_ALONE)
