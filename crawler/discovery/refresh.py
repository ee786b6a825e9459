"""Strategy `refresh`: articles held are visited again for edits, those longest due first.

Nothing is discovered: the frontier hands out what `corpus.visits` has planned
(`crawler.frontier.leases`), and answers to conditional requests say what has changed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, ClassVar

from scrapy import Request

from corpus.revisits import Due, DueState
from crawler.frontier.leases import which_articles
from crawler.parsing.page import Page
from crawler.portals.base import Portal
from crawler.spiders.arguments import CrawlArguments

if TYPE_CHECKING:
    from crawler.frontier.scheduler import FrontierScheduler


class RefreshDiscovery:
    """Says how much is due, and leaves the rest to the frontier."""

    place: ClassVar[str] = "articles"

    def __init__(
        self, portal: type[Portal], frontier: FrontierScheduler, arguments: CrawlArguments
    ) -> None:
        self.portal, self.frontier, self.arguments = portal, frontier, arguments
        self.stopped = False
        self.current: str | None = "that are due"
        self.state: DueState | None = None

    async def requests(self) -> AsyncIterator[Request]:
        """None; but the state of things is asked for."""
        which = which_articles(self.arguments, self.portal.name)
        self.state = await self.frontier.run.write(Due(which))
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def learn(self, page: Page, section: str | None) -> AsyncIterator[Request]:
        """None: new sections are found by the strategy `sections`."""
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    def conclude(self) -> None:
        """Nothing was asked for by name."""

    def summary(self) -> str:
        """How many were due, and when the next ones are."""
        if self.state is None:
            return ""
        if self.state.due:
            budget = f"budget {self.arguments.budget} requests"
            return f"revisits: {self.state.due} article(s) were due, {budget}"
        if self.state.next_at is None:
            return "revisits: no article is planned; `scrapy crawl` without a strategy fetches some"
        return f"revisits: nothing is due; the next is due {self.state.next_at:%Y-%m-%d %H:%M} UTC"
