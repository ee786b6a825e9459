"""PortalSpider: the one spider. What differs from portal to portal is in `crawler.portals`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response

from corpus.database import DatabaseProblem
from corpus.tombstones import FORGOTTEN
from crawler.addresses import BadAddress
from crawler.discovery.found import found_at
from crawler.discovery.strategies import Discovery, discovery_for
from crawler.frontier.ledger import MAX_HOPS, Ledger
from crawler.frontier.scheduler import FrontierScheduler
from crawler.items import Article
from crawler.judging import judge, settle_identity
from crawler.parsing.page import Page
from crawler.parsing.shapes import address_shape
from crawler.portals.base import Identity, Portal
from crawler.portals.generic import generic_portal
from crawler.spiders.arguments import CrawlArguments


class PortalSpider(Spider):
    """Crawls one portal: discovery asks for listing pages, the frontier for article pages."""

    portal: type[Portal]

    def __init__(self, name: str | None = None, **given: str) -> None:
        super().__init__(name)
        self.given = given
        self.arguments = CrawlArguments.parse(given)
        if self.arguments.timezone:
            self.portal = generic_portal(self.portal.home(), timezone=self.arguments.timezone)
        self.failure: DatabaseProblem | None = None
        """Set by the frontier when the database ended the run."""
        self.run_id = 0
        """Row of `runs`, for the command to note how it ended."""
        self.discovery: Discovery

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> PortalSpider:
        """Scrapy's constructor."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        assert isinstance(spider, PortalSpider)
        return spider

    @property
    def frontier(self) -> FrontierScheduler:
        """The scheduler of this run."""
        scheduler = self.crawler.engine.scheduler
        assert isinstance(scheduler, FrontierScheduler)
        return scheduler

    async def start(self) -> AsyncIterator[Request]:
        """What the strategy begins with; article pages come from the frontier."""
        self.discovery = discovery_for(
            self.portal, self.frontier, self.arguments, self.crawler.stats, self.settings
        )
        async for request in self.discovery.requests():
            yield request

    def closed(self, reason: str) -> None:
        """Scrapy calls this at the end: say which of the sections asked for were not there."""
        if reason == "finished":
            self.discovery.conclude()

    async def parse_page(self, response: Response) -> AsyncIterator[Article | Request]:
        """Callback of every page of the frontier, whatever its status."""
        ledger: Ledger = response.meta["page"]
        ledger.keep(response.meta.get("capture"), everything=self.settings["ARCHIVE"] == "all")
        ledger.etag = _header(response, b"ETag")
        ledger.last_modified = _header(response, b"Last-Modified")
        if response.status == 304:
            ledger.rule("stored", "not_modified")
        elif 300 <= response.status < 400:
            self._redirected(ledger, response)
        elif response.status in (404, 410):
            ledger.rule("missing", f"http_{response.status}")
        elif response.status >= 400:
            ledger.rule("failed", f"http_{response.status}")
            self.crawler.stats.inc_value(f"portal/failed/http_{response.status}")
        else:
            page = _page(response)
            article = self._read(ledger, page)
            if article is not None:
                section = article.section
                yield article
                async for request in self.discovery.learn(page, section):
                    yield request

    def _read(self, ledger: Ledger, page: Page) -> Article | None:
        article, state, reason = judge(
            page,
            self.portal,
            self.frontier.run.knowledge,
            listed=ledger.row.listed_on is not None,
        )
        if reason == "no_article" and _to_listing(ledger, self.portal.identify(page.url)):
            ledger.rule("missing", "redirect_to_listing")
            return None
        if state is not None:
            ledger.rule(state, reason)
            if reason == "truncated":
                ledger.due_at = page.fetched_at
            return None
        article.page_id = ledger.row.id
        identity = settle_identity(article, self.portal, ledger.url, ledger.row)
        if identity.key != ledger.row.key:
            if identity.key in self.frontier.run.forgotten:
                ledger.answers.clear()
                ledger.rule("rejected", FORGOTTEN)
                return None
            ledger.identity = found_at(identity, "redirect")
        return article

    def _redirected(self, ledger: Ledger, response: Response) -> None:
        location = _header(response, b"Location")
        if not location:
            ledger.rule("failed", "redirect_without_location")
            return
        try:
            target = self.portal.identify(urljoin(response.url, location))
        except BadAddress as bad:
            ledger.rule("rejected", f"redirect_{bad.reason}")
            self.crawler.stats.inc_value(f"portal/blocked/{bad.reason}")
            return
        if target.url in (ledger.url, *ledger.hops) or len(ledger.hops) >= MAX_HOPS:
            self.crawler.stats.inc_value("portal/redirect/loop")
            ledger.rule("failed", "redirect_loop")
        elif target.key in self.frontier.run.forgotten:
            ledger.rule("rejected", FORGOTTEN)
        elif _to_listing(ledger, target) and address_shape(target.url) is None:
            ledger.rule("missing", "redirect_to_listing")
        else:
            self.frontier.follow(ledger, target.url)


def _to_listing(ledger: Ledger, target: Identity) -> bool:
    """True where a number leads to an address without one: a dead article's to the home page or to
    a section, or any article's to the address that a redesign gave it."""
    return target.kind is None and ledger.row.kind is not None


def _page(response: Response) -> Page:
    # The archive and the article name one moment.
    capture = response.meta.get("capture")
    return Page(
        url=response.url,
        body=response.body,
        content_type=_header(response, b"Content-Type"),
        fetched_at=capture.fetched_at if capture else datetime.now(UTC),
    )


def _header(response: Response, name: bytes) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
