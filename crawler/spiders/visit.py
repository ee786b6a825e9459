"""VisitSpider: a few addresses, fetched one after the other, for `scrapy try` and `scrapy probe`.

As polite and as guarded as a crawl (robots.txt, delay, address guard, proxy), but with neither
frontier nor pipelines: nothing is remembered and nothing is stored.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol, Self
from urllib.parse import urljoin

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings, Settings

from corpus.warc.captures import Capture
from crawler.addresses import BadAddress, canonical
from crawler.exit_codes import BUG, FAILURES, INTERRUPTED, REFUSED
from crawler.middlewares.robots import RobotsRequest
from crawler.network.failures import failure_reason
from crawler.network.refusals import Refused

MAX_HOPS = 5
REFUSALS = frozenset({"robots", "throttled", "http_401", "http_403"})
"""Reasons that are the site's own «no»; exit 18. A robots.txt that cannot be read is a failure."""

_OVERRIDES: dict[str, Any] = {
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "ITEM_PIPELINES": {},
    "SPIDER_MIDDLEWARES": {},
    "EXTENSIONS": {},
    "JOBDIR": None,
    "CLOSESPIDER_TIMEOUT": 0,
    "STATS_DUMP": False,
    # The first «too many requests» ends a visit; a person waits at the other end.
    "THROTTLE_LIMIT": 0,
    "RETRY_TIMES": 1,
}


class Owner(Protocol):
    """What scope asks of a portal."""

    def owns(self, host: str) -> bool:
        """True for a host that may be fetched from."""


class AnyOf:
    """Several portals as one, so that one process can visit pages of each."""

    def __init__(self, owners: Iterable[Owner]) -> None:
        self.owners = tuple(owners)

    def owns(self, host: str) -> bool:
        """True where one of the portals owns `host`."""
        return any(owner.owns(host) for owner in self.owners)


class BudgetSpent(Refused):
    """The visit has made all the requests it may; from `CountRequests`."""

    reason: ClassVar[str] = "budget"


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of one address: an answer, or the reason why there is none."""

    asked: str
    url: str
    """Where redirects have led to."""
    fetched_at: datetime
    status: int | None = None
    body: bytes = b""
    content_type: str | None = None
    hops: tuple[str, ...] = ()
    """Addresses that redirected, in order; without `url`."""
    reason: str | None = None
    """None for a 2xx answer; else a word of `network.failures.REASONS`, `http_404`, `budget`."""
    detail: str = ""
    """The reason in words."""

    @property
    def ok(self) -> bool:
        """True where there is a page to read."""
        return self.reason is None

    @property
    def refused(self) -> bool:
        """True where the site itself said no."""
        return self.reason in REFUSALS


Work = Callable[["VisitSpider"], Awaitable[None]]


@dataclass(slots=True)
class Visits:
    """How a process of visits ended."""

    requests: int = 0
    """Requests that went to the network, robots.txt, redirects and retries among them."""
    captures: list[Capture] = field(default_factory=list)
    """Every answer as it came, in order."""
    robots: list[Capture] = field(default_factory=list)
    """Those of `captures` that answer for a robots.txt."""
    finish_reason: str | None = None
    error: BaseException | None = None
    """What the work raised: a bug."""


class VisitSpider(Spider):
    """Does `work`, a coroutine function that asks `visit` for pages."""

    name = "visit"

    def __init__(
        self, name: str | None = None, *, portal: Owner, work: Work, budget: int | None = None
    ) -> None:
        super().__init__(name)
        self.portal, self.work, self.budget = portal, work, budget
        self.made: list[Request] = []
        self.error: BaseException | None = None

    async def start(self) -> AsyncIterator[Request]:
        """Scrapy's entry; the work fetches by itself, so nothing is handed to the scheduler."""
        try:
            await self.work(self)
        except Exception as error:
            self.error = error
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    @property
    def left(self) -> int:
        """Requests that may still be made; a large number without a budget."""
        return 1_000_000 if self.budget is None else max(0, self.budget - len(self.made))

    async def visit(self, url: str, *, follow: bool = True) -> Visit:
        """Fetch one address and, with `follow`, what it redirects to. Never raises for what the
        network or the site does."""
        asked = url
        hops: list[str] = []
        while True:
            visit = await self._fetch(asked, url, tuple(hops))
            target = _target(visit)
            if not follow or target is None:
                return visit
            if target in (url, *hops) or len(hops) >= MAX_HOPS:
                return _failed(asked, url, "redirect_loop", f"redirects to {target}", hops)
            hops.append(url)
            url = target

    async def _fetch(self, asked: str, url: str, hops: tuple[str, ...]) -> Visit:
        request = Request(
            url, dont_filter=True, meta={"dont_redirect": True, "handle_httpstatus_all": True}
        )
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:
            reason = failure_reason(error)
            detail = " ".join(str(error).split()) or type(error).__name__
            return _failed(asked, url, reason, detail, hops)
        return _answer(asked, response, hops)


class CountRequests:
    """Downloader middleware, order 885: counts what goes out, robots.txt and retries too, and
    holds a visit to its budget. Before `PaceHosts`, whose turn must not be taken in vain."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Count, or raise `BudgetSpent`."""
        spider = self.crawler.spider
        assert isinstance(spider, VisitSpider)
        if spider.left == 0:
            raise BudgetSpent(f"all {spider.budget} requests are made")
        # `CaptureWire` keeps the answers of requests that have a page.
        request.meta.setdefault("page", "visit")
        spider.made.append(request)


def run_visits(
    settings: Settings, portal: Owner, work: Work, *, budget: int | None = None
) -> Visits:
    """Run `work` in a crawler process of its own and say how it ended. Once in a process."""
    process = AsyncCrawlerProcess(visit_settings(settings))
    crawler = process.create_crawler(VisitSpider)
    process.crawl(crawler, portal=portal, work=work, budget=budget)
    process.start()
    spider = crawler.spider
    if not isinstance(spider, VisitSpider):
        return Visits(finish_reason=None, error=RuntimeError("the crawler did not start"))
    kept = [r for r in spider.made if r.meta.get("capture") is not None]
    captures = [r.meta["capture"] for r in kept]
    robots = [r.meta["capture"] for r in kept if isinstance(r, RobotsRequest)]
    reason = crawler.stats.get_value("finish_reason") if crawler.stats else None
    return Visits(len(spider.made), captures, robots, reason, spider.error)


def visit_settings(settings: BaseSettings) -> Settings:
    """The project's settings as a visit needs them; what concerns politeness stays."""
    result = Settings()
    result.update(settings)
    for name, value in _OVERRIDES.items():
        result.set(name, value, priority="cmdline")
    chain = {**settings.getdict("DOWNLOADER_MIDDLEWARES"), CountRequests: 885}
    result.set("DOWNLOADER_MIDDLEWARES", chain, priority="cmdline")
    if (settings.getpriority("LOG_LEVEL") or 0) < 40:
        # The report tells what the log would.
        result.set("LOG_LEVEL", "CRITICAL", priority="cmdline")
    return result


def visits_code(visits: Visits, failed: Iterable[Visit]) -> int | None:
    """The exit code that `failed` visits, or the way the process ended, call for; else None."""
    # What was never sent because the run was ending says nothing of the site.
    failed = [visit for visit in failed if visit.reason not in ("run_ended", "budget")]
    if visits.error is not None:
        return BUG
    if visits.finish_reason == "shutdown":
        return INTERRUPTED
    if any(not visit.refused for visit in failed):
        return FAILURES
    if failed or visits.finish_reason == "throttled":
        return REFUSED
    return None


def _target(visit: Visit) -> str | None:
    """Where a redirect leads to; None for any other answer."""
    return visit.detail if visit.reason == "redirect" else None


def _answer(asked: str, response: Response, hops: tuple[str, ...]) -> Visit:
    status, reason, detail = response.status, None, ""
    location = response.headers.get("Location")
    if 300 <= status < 400 and status != 304 and location:
        reason, detail = "redirect", _join(response.url, location)
        if not detail:
            reason, detail = f"http_{status}", "redirects to no address"
    elif status == 429:
        reason, detail = "throttled", "status 429"
    elif not 200 <= status < 300:
        reason, detail = f"http_{status}", f"status {status}"
    kind = response.headers.get("Content-Type")
    return Visit(
        asked=asked,
        url=response.url,
        fetched_at=datetime.now(UTC),
        status=status,
        body=response.body,
        content_type=kind.decode("latin-1") if kind else None,
        hops=hops,
        reason=reason,
        detail=detail,
    )


def _join(base: str, location: bytes) -> str:
    try:
        return canonical(urljoin(base, location.decode("utf-8", "replace").strip()))
    except (BadAddress, ValueError):
        return ""


def _failed(asked: str, url: str, reason: str, detail: str, hops: Iterable[str]) -> Visit:
    return Visit(asked, url, datetime.now(UTC), hops=tuple(hops), reason=reason, detail=detail)
