"""Front pages: the newest numbers of a portal of which none is known, from its home page or, where
that shows none, from the first pages of its sections."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from corpus.frontier import Discover
from crawler.addresses import BadAddress, canonical
from crawler.discovery.found import found_at
from crawler.parsing.listing import Listing, read_listing, read_ways_in
from crawler.parsing.page import Page
from crawler.portals.base import Portal

if TYPE_CHECKING:
    from crawler.frontier.scheduler import FrontierScheduler

logger = logging.getLogger(__name__)

ERRORS = list(range(400, 600))
MOST_PAGES = 12
"""Pages read behind a home page that shows no number."""


@dataclass(frozen=True, slots=True)
class FrontTicket:
    """Travels in the `meta` of a request for a front page."""

    home: bool
    page_number: int = 1


class FrontPages:
    """Reads them, queues the articles that they link to, and calls `when_read` at the end."""

    def __init__(
        self,
        portal: type[Portal],
        frontier: FrontierScheduler,
        stats: StatsCollector,
        when_read: Callable[[], Awaitable[None]],
    ) -> None:
        self.portal, self.frontier, self.stats = portal, frontier, stats
        self._when_read = when_read
        self._open = 1

    def home(self) -> Request:
        """The portal's home page."""
        return self._request(canonical(self.portal.home()), home=True)

    def _request(self, url: str, *, home: bool) -> Request:
        return Request(
            url,
            callback=self.on_page,
            errback=self.on_failure,
            meta={"listing": FrontTicket(home), "handle_httpstatus_list": ERRORS},
            dont_filter=True,
        )

    async def on_page(self, response: Response) -> AsyncIterator[Request]:
        """Callback of every front page."""
        ticket: FrontTicket = response.meta["listing"]
        if response.status != 200:
            self.stats.inc_value("portal/listings/failed")
            logger.warning("%s answered %d", response.url, response.status)
        else:
            kind = response.headers.get("Content-Type")
            page = Page(
                url=response.url,
                body=response.body,
                content_type=kind.decode("latin-1") if kind else None,
                fetched_at=datetime.now(UTC),
            )
            listing = read_listing(page, self.portal)
            self.stats.inc_value("portal/listings/read")
            numbered = await self._keep(listing)
            if ticket.home and not numbered:
                for url in self._further(page, listing):
                    self._open += 1
                    yield self._request(url, home=False)
        await self._one_less()

    async def on_failure(self, failure: object) -> None:
        """Errback of every front page."""
        self.frontier.listing_failed(failure)
        logger.warning("a front page could not be read: %s", getattr(failure, "value", failure))
        await self._one_less()

    async def _one_less(self) -> None:
        self._open -= 1
        if not self._open:
            await self._when_read()

    async def _keep(self, listing: Listing) -> bool:
        """Queue the articles; True where one of them has a number."""
        found = [found_at(entry.identity, "side", entry.listed_on) for entry in listing.entries]
        if found:
            unit = Discover(self.portal.name, self.frontier.run.id, found)
            self.stats.inc_value("portal/pages/found", await self.frontier.run.write(unit))
            self.frontier.supplied()
        return any(one.number is not None for one in found)

    def _further(self, page: Page, listing: Listing) -> list[str]:
        urls = []
        for link in (*(link.url for link in listing.sections), *read_ways_in(page, self.portal)):
            try:
                urls.append(canonical(link))
            except BadAddress:
                continue
        return list(dict.fromkeys(urls))[:MOST_PAGES]
