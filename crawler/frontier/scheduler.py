"""The frontier as Scrapy's scheduler: article pages from the corpus' `pages` table, listing pages
from memory.

Scrapy asks synchronously, the database answers from the writer's thread. So `next_request` only
pops from a small buffer of leased rows, which the writer refills; `has_pending_requests` stays true
while a refill or an unwritten message is under way. Order in the writer's one queue is the proof of
emptiness: a lease sees every discovery handed in before it, so a lease that comes back short means
that nothing is left.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.utils.defer import deferred_from_coro

from corpus.database import DatabaseProblem
from corpus.frontier import Leased, NumbersOnly, SettleResult
from corpus.keeping import Keep
from corpus.warc.captures import Capture
from crawler.frontier.leases import lease_for
from crawler.frontier.ledger import Ledger, Verdict
from crawler.frontier.photos import Photos
from crawler.frontier.run import Run
from crawler.frontier.supply import Supply
from crawler.middlewares.pacing import Paces
from crawler.network.failures import failure_reason

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred

    from crawler.spiders.arguments import CrawlArguments

logger = logging.getLogger(__name__)

WAKE = "wake://frontier"
"""A request that is never sent: handing it to the engine makes it look at the scheduler again,
which is the only public way to do so."""
LISTING_EVERY = 8
"""Article pages between two listing pages of an unbounded run, where both are waiting."""
MOST_REVISITS = 1000
"""Revisits that are leased at once."""
PAUSES = ("throttled", "robots_unreachable", "run_ended")
"""Failures that say nothing about the page: it stays queued."""
REFUSALS = ("robots", "offsite", "scheme", "blocked_private")
"""Requests that must not be made: no failure of a fetch."""


class FrontierScheduler:
    """One run of one portal. Created by the engine, which calls the five public methods."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.stats = crawler.stats
        self.run = Run(crawler, on_written=self._wake, on_failure=self._database_failed)
        self.out: dict[int, Ledger] = {}
        self._paces = Paces.of(crawler)
        concurrency = settings.getint("CONCURRENT_REQUESTS")
        self._low, self._high = concurrency, 4 * concurrency
        # In flight + waiting for the writer + in the open batch: what a kill makes us fetch again.
        self._most_unsettled = 2 * concurrency
        self._unsettled = 0
        self._buffer: deque[Request] = deque()
        self._listings: deque[Request] = deque()
        self._since_listing = 0
        self._asking = False
        self._dry = False
        self._closing = False
        self._stopping = False
        self._running = False
        self._tasks: set[asyncio.Future[None]] = set()
        self._stored = 0
        self._revisits = 0
        self._barren = 0
        self._max_barren = settings.getint("MAX_BARREN_PAGES")
        self.supply: Supply | None = None
        """What hands out more pages when the table has no more."""
        self.photos: Photos | None = None
        """The photos of its articles, where they are asked for."""
        self._photo_last = False
        self.only: NumbersOnly | None = None
        """Numbers that the run keeps to."""
        self.arguments: CrawlArguments

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        """Scrapy's constructor."""
        scheduler = cls(crawler)
        crawler.signals.connect(scheduler._item_scraped, signals.item_scraped)
        crawler.signals.connect(scheduler._item_dropped, signals.item_dropped)
        crawler.signals.connect(scheduler._item_error, signals.item_error)
        crawler.signals.connect(scheduler._idle, signals.spider_idle)
        crawler.signals.connect(scheduler._opened, signals.spider_opened)
        return scheduler

    # -- the scheduler interface -------------------------------------------------------------

    def open(self, spider: Spider) -> Deferred[None]:
        """Take the portal, put back what a killed run still held, start the writer."""
        return deferred_from_coro(self._open(spider))

    async def _open(self, spider: Any) -> None:
        self.spider, self.arguments = spider, spider.arguments
        await self.run.open(spider)
        if self.arguments.photos:
            self.photos = Photos(
                self.run,
                self.stats,
                own_only=self.arguments.bounded,
                largest=spider.settings.getint("PHOTO_MAXSIZE"),
                is_paused=self._paces.is_paused,
                on_more=self._photos_came,
            )

    def close(self, reason: str) -> Deferred[None]:
        """Write everything, give back what was not fetched, end the run's row."""
        self._closing = True
        return deferred_from_coro(self.run.close(reason, self._held))

    def _held(self) -> list[tuple[int, str]]:
        """Pages that this run leased and has not settled, with their state before."""
        return [(page.row.id, page.row.state) for page in self.out.values() if not page.done]

    def has_pending_requests(self) -> bool:
        """True while there is, or may be, something to fetch."""
        if self.run.failure or self._closing:
            return False
        if self._limit_reached() or self._budget_spent():
            return bool(self._unsettled or self.run.unwritten or self._photos_pending())
        waiting = self._buffer or self._listings or self.run.unwritten
        supplied = self.supply is not None and not self.supply.done
        return bool(waiting or self._asking or not self._dry or supplied or self._photos_pending())

    def enqueue_request(self, request: Request) -> bool:
        """Take listing pages and further hops of pages that are out; nothing else is known here."""
        if request.url == WAKE:
            return True
        if request.meta.get("page") is not None:
            self._buffer.appendleft(request)
        elif request.meta.get("listing") is not None:
            if request.meta["listing"].page_number == 1:
                self._listings.appendleft(request)
            else:
                self._listings.append(request)
        elif self.photos is not None and request.meta.get("photo") is not None:
            self.photos.take_back(request)
        else:
            return False
        return True

    def next_request(self) -> Request | None:
        """The next request, or None: nothing now, the writer is behind, or the limit is near."""
        if self.run.failure or self._closing:
            return None
        if self._limit_reached():
            return self.photos.next() if self.photos else None
        if len(self._buffer) < self._low:
            self._ask()
        # One by one with pages: a long run neither waits with all of them nor for them.
        if self.photos and not self._photo_last and (photo := self.photos.next()):
            self._photo_last = True
            return photo
        self._photo_last = False
        if self._listings and self._listing_first():
            self._since_listing = 0
            self.stats.inc_value("portal/requests/discovery")
            return self._listings.popleft()
        request = self._next_page()
        if request is None:
            return None
        ledger: Ledger = request.meta["page"]
        if not ledger.fetched:
            ledger.fetched = True
            self._unsettled += 1
            self._since_listing += 1
        # Hops and further tries are requests, too.
        kind = "article" if ledger.row.article_id is None else "revisit"
        self.stats.inc_value(f"portal/requests/{kind}")
        self._revisits += kind == "revisit"
        return request

    def _next_page(self) -> Request | None:
        """The first page of the buffer that may go now; pages of a host that asked for a pause
        let those of other hosts pass."""
        for position, request in enumerate(self._buffer):
            if self._paces.is_paused(urlsplit(request.url).hostname or ""):
                continue
            if not self._may_hand_out(request):
                return None
            del self._buffer[position]
            return request
        return None

    # -- decisions ---------------------------------------------------------------------------

    def _listing_first(self) -> bool:
        ticket = self._listings[0].meta["listing"]
        if ticket.page_number == 1 or not (self._buffer or self._asking):
            return True
        # A bounded run fetches what it found before it pages on: it may be enough.
        return not self.arguments.bounded and self._since_listing >= LISTING_EVERY

    def _may_hand_out(self, request: Request) -> bool:
        if request.meta["page"].fetched:
            return True
        if self._unsettled >= self._most_unsettled or self._budget_spent():
            return False
        limit = self.arguments.bounds.limit
        return limit is None or self._stored + self._unsettled < limit

    def _limit_reached(self) -> bool:
        limit = self.arguments.bounds.limit
        return limit is not None and self._stored >= limit

    def _budget_spent(self) -> bool:
        return self.arguments.strategy == "refresh" and self._revisits >= self.arguments.budget

    def _ask(self) -> None:
        if self._asking or self._closing or self._limit_reached():
            return
        if self._dry:
            if self.supply is not None:
                self.supply.more()
            return
        if self.arguments.ids and self.only is None:
            # Which series they are of is not known yet.
            return
        if self._budget_spent():
            return
        self._asking = True
        want = self._high - len(self._buffer)
        if self.arguments.strategy == "refresh":
            # What is due is put in order at each lease, so a run makes one, or few.
            want = min(self.arguments.budget - self._revisits, MOST_REVISITS)
        lease = lease_for(self.arguments, self.run.portal, self.run.id, want, only=self.only)
        self.run.put(lease, lambda rows: self._leased(rows, want))

    def _leased(self, rows: list[Leased] | Exception, wanted: int) -> None:
        self._asking = False
        if isinstance(rows, Exception):
            # The database is lost; the run is ending.
            return
        self._dry = len(rows) < wanted
        for row in rows:
            ledger = self.out[row.id] = Ledger(row=row, url=row.url)
            self._buffer.append(self._page_request(ledger))

    def _page_request(self, ledger: Ledger) -> Request:
        headers = {}
        if ledger.row.article_id is not None and not ledger.hops:
            if ledger.row.etag:
                headers["If-None-Match"] = ledger.row.etag
            if ledger.row.last_modified:
                headers["If-Modified-Since"] = ledger.row.last_modified
        return Request(
            ledger.url,
            callback=self.spider.parse_page,
            errback=self._page_failed,
            headers=headers,
            meta={"page": ledger, "dont_redirect": True, "handle_httpstatus_all": True},
            dont_filter=True,
        )

    # -- what the others tell ----------------------------------------------------------------

    def supplied(self) -> None:
        """There are new rows in the table, or none will come any more: look again."""
        self._dry = False
        self._wake()

    @property
    def closing(self) -> bool:
        """True once nothing more is to be handed in."""
        return self._closing or self.run.failure is not None

    def listing_read(self, *, fresh: bool) -> None:
        """A listing page was written down; rows may be new. `fresh`: it showed unseen articles.

        That neither raises nor clears the barren count: links are a promise, and an endless
        listing of ever new links that lead nowhere would keep a run going for ever.
        """
        self._dry = False
        if not fresh:
            self._count_barren(yielded=False)

    def keep(self, answer: Capture) -> None:
        """Leave an answer that is no page's to the archive."""
        if not self.closing:
            self.run.put(Keep([answer]))

    def listing_failed(self, failure: Any) -> None:
        """Count a listing page that could not be fetched."""
        reason = failure_reason(failure.value)
        if reason not in (*PAUSES, *REFUSALS):
            self.stats.inc_value("portal/listings/failed")
        self.stats.inc_value(f"portal/failed/{reason}")

    def _opened(self) -> None:
        self._running = True

    def _wake(self) -> None:
        # Before the spider is open the engine has nothing to look with.
        if self._running and not self._closing:
            self.crawler.engine.crawl(Request(WAKE, dont_filter=True))

    def _database_failed(self, problem: DatabaseProblem) -> None:
        self.spider.failure = problem
        if self._running:
            self.stop("database")

    def stop(self, reason: str) -> None:
        """Ask the engine to close; what is in flight is still finished and settled."""
        if not self._closing and not self._stopping:
            self._stopping = True
            self._tasks.add(
                task := asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))
            )
            task.add_done_callback(self._tasks.discard)

    # -- what becomes of a page --------------------------------------------------------------

    def follow(self, ledger: Ledger, url: str) -> None:
        """Ask for the next hop of a page that was redirected."""
        ledger.hops.append(ledger.url)
        ledger.url = url
        ledger.again = True

    def output_ended(self, ledger: Ledger, error: BaseException | None = None) -> None:
        """The callback's output is exhausted, or it raised."""
        ledger.ended = True
        ledger.error = ledger.error or error
        self._maybe_settle(ledger)

    def _item_scraped(self, item: Any, response: Any) -> None:
        self._item_left(response)

    def _item_dropped(self, item: Any, response: Any, exception: Exception) -> None:
        if ledger := self._ledger(response):
            state = getattr(exception, "state", "rejected")
            ledger.rule(state, getattr(exception, "reason", None) or str(exception))
            ledger.article = None
        self._item_left(response)

    def _item_error(self, item: Any, response: Any, failure: Any) -> None:
        if ledger := self._ledger(response):
            ledger.error = failure.value
        self._item_left(response)

    def _ledger(self, response: Any) -> Ledger | None:
        return response.meta.get("page") if response is not None else None

    def _item_left(self, response: Any) -> None:
        if ledger := self._ledger(response):
            ledger.pending -= 1
            self._maybe_settle(ledger)

    def _page_failed(self, failure: Any) -> None:
        """Errback of every page request."""
        ledger: Ledger = failure.request.meta["page"]
        reason = failure_reason(failure.value)
        if reason in PAUSES:
            ledger.rule("queued", reason)
        elif reason in REFUSALS:
            ledger.rule("rejected", reason)
        else:
            ledger.rule("failed", reason)
        self.stats.inc_value(f"portal/failed/{reason}")
        self.output_ended(ledger)

    def _maybe_settle(self, ledger: Ledger) -> None:
        if ledger.done or not ledger.ended or ledger.pending:
            return
        if ledger.again:
            ledger.again = ledger.ended = False
            self.crawler.engine.crawl(self._page_request(ledger))
            return
        if isinstance(ledger.error, CloseSpider):
            return
        self.settle(ledger, ledger.conclusion())

    def settle(self, ledger: Ledger, verdict: Verdict) -> None:
        """Hand the page's books to the writer as one transaction."""
        ledger.done = True
        unit = ledger.settlement(
            verdict, portal=self.run.portal, run_id=self.run.id, now=datetime.now(UTC)
        )

        def done(result: SettleResult | Exception) -> None:
            ledger.place = unit.place
            self._settled(ledger, verdict, result)

        self.run.put(unit, done)

    def _settled(self, ledger: Ledger, verdict: Verdict, result: SettleResult | Exception) -> None:
        self.out.pop(ledger.row.id, None)
        if ledger.fetched:
            ledger.fetched = False
            self._unsettled -= 1
        if isinstance(result, DatabaseProblem):
            return
        if isinstance(result, Exception):
            self._unwritable(ledger, result)
            return
        self._count(ledger, verdict, result)
        if self.supply is not None:
            self.supply.settled(ledger, verdict)
        if ledger.found:
            self._dry = False
        if self.photos and result.result in ("new", "changed"):
            self.photos.stored()
        self._stop_at_limit()

    def _stop_at_limit(self) -> None:
        if self._limit_reached() and not self._stopping:
            self.spider.discovery.stopped = True
            if not self._photos_pending():
                self.stop("limit")

    def _photos_pending(self) -> bool:
        return self.photos is not None and self.photos.pending

    def _photos_came(self) -> None:
        self._stop_at_limit()
        self._wake()

    def _count(self, ledger: Ledger, verdict: Verdict, result: SettleResult) -> None:
        self.stats.inc_value(f"portal/pages/{verdict.state}")
        if verdict.reason:
            self.stats.inc_value(f"portal/{verdict.state}/{verdict.reason.split(':')[0]}")
        if result.result:
            self.stats.inc_value(f"portal/articles/{result.result}")
        if result.returned:
            self.stats.inc_value("portal/articles/returned")
            logger.info("%s is back on the site", ledger.url)
        self._stored += result.result == "new"
        # A page given back says nothing: it was not asked for, or not answered.
        self._count_barren(yielded=verdict.state in ("stored", "queued"))

    def _unwritable(self, ledger: Ledger, error: Exception) -> None:
        """The row could not be written as it is: the page is quarantined, its neighbours stand."""
        logger.error("%s could not be stored: %s: %s", ledger.url, type(error).__name__, error)
        if ledger.error is None:
            ledger.error, ledger.article, ledger.answers = error, None, []
            ledger.found, ledger.identity = [], None
            self.out[ledger.row.id] = ledger
            self.settle(ledger, Verdict("quarantined", f"exception: {type(error).__name__}"))

    def _count_barren(self, *, yielded: bool) -> None:
        self._barren = 0 if yielded or self.supply is not None else self._barren + 1
        if self.arguments.strategy == "refresh":
            # Every page of it was an article once, and the budget ends the run.
            return
        if self._barren >= self._max_barren and not self._stopping:
            logger.error(
                "%d pages running gave no article: stopped, the rest stays queued. "
                "See `scrapy why`, or raise MAX_BARREN_PAGES",
                self._barren,
            )
            self.stop("barren")

    def _idle(self) -> None:
        """Nothing is in flight: a page that is still out had no hook; the books must balance."""
        for ledger in list(self.out.values()):
            if not ledger.done and ledger.fetched:
                self.stats.inc_value("frontier/unaccounted")
                self.settle(ledger, Verdict("failed", "unaccounted"))
