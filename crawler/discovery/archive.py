"""Strategy `archive`: a portal's articles by number, from the newest known downwards.

The numbers are handed to the frontier some dozens at a time, whenever it has run dry, so neither
queue nor memory grows with the portal. Which ones is decided by `crawler.discovery.ids` from what
the tables hold; this module asks the tables, and writes what was decided.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, ClassVar

from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.statscollectors import StatsCollector

from corpus.discoveries import BY_NUMBER
from corpus.frontier import Found, NumbersOnly
from corpus.number_units import (
    Edge,
    FindEdge,
    HandOut,
    LookAhead,
    Standing,
    TakeStock,
    View,
)
from corpus.numbers import ARTICLE_STATES, Series, Span
from crawler.discovery.found import found_at
from crawler.discovery.front_pages import FrontPages
from crawler.discovery.ids import (
    LONGEST_STRIDE,
    REACH,
    Ground,
    Step,
    is_past,
    outcome,
    plan,
    soundings,
)
from crawler.discovery.stretch import Stretch
from crawler.exit_codes import SERIES
from crawler.frontier.ledger import Ledger, Verdict
from crawler.parsing.page import Page
from crawler.portals.base import Portal
from crawler.spiders.arguments import CrawlArguments

if TYPE_CHECKING:
    from crawler.frontier.scheduler import FrontierScheduler

logger = logging.getLogger(__name__)

FEW = 2 * REACH
"""Numbers of a range of `-a ids=` up to which all are asked: who names so few means them."""
MOST_FAILURES = 50
"""Failed fetches running, of whatever page, after which no more numbers are handed out."""


class ArchiveDiscovery:
    """Walks the series of one portal in one run. The frontier's `Supply`."""

    place: ClassVar[str] = "number"
    """What `current` is one of."""

    def __init__(
        self,
        portal: type[Portal],
        frontier: FrontierScheduler,
        arguments: CrawlArguments,
        stats: StatsCollector,
    ) -> None:
        self.portal, self.frontier, self.arguments = portal, frontier, arguments
        self.stats = stats
        self.done = False
        self.stopped = False
        """Set when the limit is reached: nothing more is handed out."""
        self.current: str | None = None
        """Series and number handed out last, for the progress line."""
        self._stretches: list[Stretch] = []
        self._ready = False
        self._task: asyncio.Future[None] | None = None
        self._news = True
        """A page has come to something since the tables were last looked at."""
        self._failures = 0

    # -- where to begin ----------------------------------------------------------------------

    async def requests(self) -> AsyncIterator[Request]:
        """Requests a run begins with: none, unless no number of the portal is known yet."""
        self.frontier.supply = self
        standing = await self._take_stock()
        if standing.series or self.arguments.ids:
            self._begin(standing)
            return
        logger.info("no number of %s is known yet: its front page may show some", self.portal.name)
        pages = FrontPages(self.portal, self.frontier, self.stats, self._front_pages_read)
        yield pages.home()

    async def _front_pages_read(self) -> None:
        self._begin(await self._take_stock())

    async def _take_stock(self) -> Standing:
        standing: Standing = await self.frontier.run.write(TakeStock(self.portal.name, REACH))
        return standing

    def _begin(self, standing: Standing) -> None:
        """Lay out what is to be walked, and let the frontier begin."""
        if self.arguments.ids:
            self._stretches = self._named(standing)
        else:
            self._stretches = [
                Stretch(note.series, note.span, full=True, noted=True)
                for note in standing.wanted
                if self._has_path(note.series)
            ]
            self._stretches += [
                Stretch(known.series, Span(1, known.highest), self.arguments.thorough, newest=True)
                for known in standing.series
                if self._has_path(known.series)
            ]
        self.stats.set_value(SERIES, len({stretch.series for stretch in self._stretches}))
        self._ready = True
        self.frontier.supplied()

    def _named(self, standing: Standing) -> list[Stretch]:
        """The numbers of `-a ids=`, in the portal's main series: the one with most articles, and
        before any is known the first that the portal's class names, on its news host."""
        known = [one.series for one in standing.series if self._has_path(one.series)]
        news = Series(self.portal.site(self.portal.host()), next(iter(self.portal.article_paths)))
        series = known[0] if known else news
        self.frontier.only = NumbersOnly(series, self.arguments.ids)
        return [
            Stretch(series, span, self.arguments.thorough or span.last - span.first < FEW)
            for span in self.arguments.ids
        ]

    def _has_path(self, series: Series) -> bool:
        return series.kind in self.portal.article_paths

    # -- the frontier's supply ---------------------------------------------------------------

    def more(self) -> None:
        """Decide on the next numbers, unless all that can be decided now is."""
        busy = self._task is not None and not self._task.done()
        if not self._ready or self.done or self.stopped or busy:
            return
        if self._news or not self.frontier.out:
            self._task = asyncio.ensure_future(self._supply())
            self._task.add_done_callback(self._ended)

    def settled(self, ledger: Ledger, verdict: Verdict) -> None:
        """A page has come to something; where it is an article, its surroundings are asked."""
        self._news = True
        row = ledger.row
        put_back = verdict.state == "queued" and ledger.listed_on is not None
        if row.number is not None and (verdict.state in ARTICLE_STATES or put_back):
            for stretch in self._stretches:
                if stretch.series == (row.site, row.kind):
                    stretch.met(row.number)
        self._failures = self._failures + 1 if verdict.state == "failed" else 0
        if self._failures >= MOST_FAILURES and not self.done:
            logger.error(
                "%d pages running failed: no more numbers are asked; run again when %s is well, "
                "it goes on where it was",
                self._failures,
                self.portal.name,
            )
            self.done = True

    def _ended(self, task: asyncio.Future[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, CloseSpider):
            logger.error("the walk by number failed", exc_info=error)
            self.done = True
            self.frontier.stop("walk_failed")

    async def _supply(self) -> None:
        """Hand out the next numbers. Returns without, where answers have to be awaited first."""
        while not self.frontier.closing:
            alone = not self.frontier.out
            self._news = False
            stretch = next((one for one in self._stretches if not one.done), None)
            if stretch is None:
                # What is still out may prove to be an article at the edge of what was passed over.
                if alone:
                    self.done = True
                    self.frontier.supplied()
                return
            if self._has_to_sound(stretch):
                if not alone or await self._sound(stretch):
                    return
                continue
            view = await self._look(stretch)
            if self.frontier.closing:
                return
            if view is None or self._is_past(stretch, view):
                await self._finish(stretch)
                continue
            step = plan(_ground(stretch, view, alone=alone))
            if step == Step():
                if self._news:
                    continue
                return
            await self._hand_out(stretch, step)
            if step.ask:
                return

    def _has_to_sound(self, stretch: Stretch) -> bool:
        """True where the days asked for end below the stretch's top, nobody knows yet where."""
        until = self.arguments.bounds.until
        few = stretch.span.last - stretch.span.first < FEW
        return until is not None and not (stretch.sounded or stretch.noted or few)

    async def _sound(self, stretch: Stretch) -> bool:
        """Ask some numbers to learn where `until` lies; False where that is known, or where the
        last ones told nothing. The walk then begins there."""
        edge = await self._edge(stretch, stretch.span)
        if self.frontier.closing:
            return True
        ask = soundings(stretch.span, edge.inside, edge.outside) if edge != stretch.edge else ()
        stretch.edge = edge
        if ask:
            await self._hand_out(stretch, Step(ask=ask))
            return True
        stretch.sounded = True
        if edge.outside is not None:
            stretch.begin_at(edge.outside + 2 * REACH)
        return False

    async def _edge(self, stretch: Stretch, span: Span) -> Edge:
        until = self.arguments.bounds.until
        assert until is not None
        edge: Edge = await self.frontier.run.write(
            FindEdge(self.portal.name, stretch.series, span, until)
        )
        return edge

    async def _look(self, stretch: Stretch) -> View | None:
        articles = stretch.take_articles()
        view: View | None = await self.frontier.run.write(
            LookAhead(
                self.portal.name,
                self.frontier.run.id,
                stretch.series,
                Span(stretch.span.first, stretch.cursor),
                above=REACH,
                below=LONGEST_STRIDE + REACH,
                full=stretch.full,
                articles=articles,
                days=REACH if self.arguments.bounds.since else 0,
            )
        )
        return view

    def _is_past(self, stretch: Stretch, view: View) -> bool:
        since = self.arguments.bounds.since
        return since is not None and not stretch.noted and is_past(view.days_above, since)

    async def _finish(self, stretch: Stretch) -> None:
        if stretch.sounded and stretch.top < stretch.span.last:
            # Up there the days are later than asked for; that has to be so of several running.
            edge = await self._edge(stretch, stretch.reached())
            if edge.later < REACH:
                stretch.begin_at(stretch.top + 2 * REACH)
                return
        stretch.done = True
        if stretch.noted:
            unit = HandOut(self.portal.name, stretch.series, [], read=stretch.span)
            await self.frontier.run.write(unit)

    async def _hand_out(self, stretch: Stretch, step: Step) -> None:
        found = [self._found(stretch.series, number) for number in step.ask]
        new = await self.frontier.run.write(
            HandOut(self.portal.name, stretch.series, found, list(step.passed))
        )
        self.stats.inc_value("portal/pages/found", new)
        for span in step.passed:
            self.stats.inc_value("portal/numbers/passed_over", span.last - span.first + 1)
        if step.ask:
            self.current = "{}/{} {}".format(*stretch.series, step.ask[-1])
            self.frontier.supplied()

    def _found(self, series: Series, number: int) -> Found:
        address = self.portal.address(*series, number)
        assert address is not None
        return found_at(self.portal.identify(address), BY_NUMBER)

    # -- what the spider asks of a discovery -------------------------------------------------

    async def learn(self, page: Page, section: str | None) -> AsyncIterator[Request]:
        """Article pages lead nowhere: numbers do."""
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    def summary(self) -> str:
        """The table says it all."""
        return ""

    def conclude(self) -> None:
        """Say what was walked, or that there was no number to begin with."""
        for stretch in self._stretches:
            first, last = stretch.reached()
            logger.info("numbers %s/%s %d-%d: %s", *stretch.series, first, last, _END[stretch.done])
        if not self.stats.get_value(SERIES):
            logger.error(
                "%s shows no article number to begin with; name some, e.g. -a ids=1-300000",
                self.portal.home(),
            )


_END = {True: "done", False: "stopped, to be continued"}


def _ground(stretch: Stretch, view: View, *, alone: bool) -> Ground:
    return Ground(
        view.at,
        stretch.reached(),
        {number: outcome(known, alone=alone) for number, known in view.known.items()},
        view.passed,
        stretch.full,
    )
