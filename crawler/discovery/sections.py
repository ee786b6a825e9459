"""Strategy `sections`: from the news host's home to every section, page by page.

The home page shows the sections; each section is a `Walk`. This module asks for listing pages,
writes what they hold into the corpus, and lets the walk decide what comes next. What it
writes goes through `Run.write(unit)`, which returns when the unit is committed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from corpus.frontier import (
    ListingResult,
    ListingSeen,
    Section,
    SectionsOf,
    SectionUpdate,
    SectionUpsert,
)
from corpus.silence import LISTED
from crawler.addresses import BadAddress, canonical, site_free
from crawler.discovery.feed import declared_feeds
from crawler.discovery.ground import Ground, completed
from crawler.discovery.listing_book import ListingBook
from crawler.discovery.syndicated import SyndicatedDiscovery
from crawler.discovery.validators import validators_of
from crawler.discovery.walk import Segment, Step, Walk
from crawler.parsing.listing import Listing, SectionLink, read_listing, read_ways_in
from crawler.parsing.page import Page
from crawler.parsing.shapes import address_shape
from crawler.portals.base import Portal
from crawler.portals.sections import out_of_scope, section_slug
from crawler.spiders.arguments import CrawlArguments

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from crawler.frontier.scheduler import FrontierScheduler

logger = logging.getLogger(__name__)

STATUSES = [304, *range(400, 600)]
FRONT_PAGE = "news"
"""Slug of the front page, a section like the others."""
TRUSTED = ("home", "label", "hint", "breadcrumb")
"""Signs of a section that need no proof by number: a small section may list two articles."""
FIRST_ARTICLES, MOST_ARTICLES = 3, 40
"""Article pages whose links are read for sections in one run: at first, and at the most."""
MAX_CANDIDATES = 60
"""Menu links of unknown label that may prove themselves in one run."""
MAX_WAYS_IN = 5
"""Pages fetched in place of a home page that only leads to another."""
RECHECK = timedelta(days=30)
"""When a link that was no listing is looked at again."""


@dataclass(slots=True)
class Ticket:
    """Travels in the `meta` of a listing request: which walk asked, and for which page."""

    walk: Walk
    section: Section
    page_number: int
    url: str
    home: bool = False


class SectionDiscovery:
    """Walks the sections of one portal in one run."""

    place: ClassVar[str] = "section"
    """What `current` is one of."""

    def __init__(
        self,
        portal: type[Portal],
        frontier: FrontierScheduler,
        arguments: CrawlArguments,
        stats: StatsCollector,
        settings: BaseSettings,
    ) -> None:
        self.portal, self.frontier, self.arguments = portal, frontier, arguments
        self.stats = stats
        self.max_pages = settings.getint("MAX_LISTING_PAGES")
        self.ground = Ground(settings.getint("DEEP_EVERY"), settings.getint("DEEP_PAGES"))
        self.walked: set[str] = set()
        """Slugs of the sections that proved to be listings in this run."""
        self.stopped = False
        """Set when the limit is reached: no further page is asked for."""
        self.current: str | None = None
        """Slug of the section whose listing was read last, for the progress line."""
        self._met: set[str] = set()
        self._slugs: set[str] = set()
        self._articles_asked = 0
        self._candidates = 0
        self._ways = 0
        self._home_asked = False
        self._shapes: set[object] = set()
        """Of article addresses, where they have no number: a page with a few is a listing too."""
        self._book = ListingBook(portal, frontier, stats)
        self._sources = SyndicatedDiscovery(portal, frontier, stats, self._shapes)

    # -- what to ask for ---------------------------------------------------------------------

    async def requests(self) -> AsyncIterator[Request]:
        """The listing pages a run starts with: known sections, hints, and the home page."""
        rows: list[Section] = await self.frontier.run.write(SectionsOf(self.portal.name))
        self._sources.remember(rows)
        for row in rows:
            self._shapes.update(_shapes_of(row.mark or ()))
            named = row.slug in self.arguments.sections
            if row.state in ("no_listing", "alias") and not named and not _stale(row):
                self._met.add(site_free(row.url))
        known = [row for row in rows if row.state == "listing" and self._wanted(row.slug)]
        self._slugs.update(row.slug for row in rows if row.state != "candidate")
        for row in known:
            if row.slug != FRONT_PAGE and self._first_meeting(row.url):
                yield self._first_page(row)
        for label, url in self.portal.sections.items():
            async for request in self._follow(
                [SectionLink(url, label, section_slug(label), "hint")]
            ):
                yield request
        found = {row.slug for row in known} - {FRONT_PAGE}
        if not self.arguments.sections or not found.issuperset(self.arguments.sections):
            yield await self._home(whole=not found or bool(self.arguments.sections))

    async def _home(self, *, whole: bool) -> Request:
        """The home page; `whole` where its links are wanted even if it has not changed."""
        self._home_asked = True
        home = canonical(self.portal.home())
        self._met.add(site_free(home))
        row = await self.frontier.run.write(
            SectionUpsert(self.portal.name, FRONT_PAGE, "News", home, "home", "listing")
        )
        if whole:
            row = replace(row, etag=None, last_modified=None)
        return self._first_page(row, home=True)

    def _wanted(self, slug: str) -> bool:
        if self.arguments.sections:
            return slug in self.arguments.sections
        return not out_of_scope(slug)

    def _first_meeting(self, url: str) -> bool:
        key = site_free(url)
        if key in self._met:
            return False
        self._met.add(key)
        return True

    def _first_page(self, row: Section, *, home: bool = False) -> Request:
        walk = Walk(
            slug=row.slug,
            url=row.url,
            mark=tuple(row.mark or ()),
            segments=[Segment.from_json(value) for value in row.positions or ()],
            bounds=self.arguments.bounds,
            max_pages=self.max_pages,
            below=0 if self.arguments.bounded else self.ground.below(row),
            trusted=row.sign in TRUSTED,
        )
        return self._request(Ticket(walk, row, 1, row.url, home), self.ground.headers(row, walk))

    def _request(self, ticket: Ticket, headers: dict[str, Any] | None = None) -> Request:
        return Request(
            ticket.url,
            callback=self.on_listing,
            errback=self.on_failure,
            headers=headers,
            # Errors come to us, redirects are followed: a section may have moved.
            meta={"listing": ticket, "handle_httpstatus_list": STATUSES},
            dont_filter=True,
        )

    async def _follow(self, links: Iterable[SectionLink]) -> AsyncIterator[Request]:
        """First pages of sections not met in this run. A link of unknown label has to prove itself
        by what its page holds."""
        noted = []
        for link in links:
            if link.slug == FRONT_PAGE or not (link.sign == "plan" or self._wanted(link.slug)):
                continue
            try:
                url = canonical(link.url)
            except BadAddress:
                continue
            if site_free(url) in self._met:
                continue
            if link.sign == "menu":
                if self._candidates >= MAX_CANDIDATES:
                    continue
                self._candidates += 1
            self._met.add(site_free(url))
            if link.sign != "plan":
                self._slugs.add(link.slug)
            noted.append(
                SectionUpsert(self.portal.name, link.slug, link.label, url, link.sign, "candidate")
            )
        for row in await asyncio.gather(*map(self.frontier.run.write, noted)):
            yield self._first_page(row)

    async def learn(self, page: Page, section: str | None) -> AsyncIterator[Request]:
        """Sections that an article page links to in its breadcrumb or menu: of the first few pages
        of a run, and of articles whose section was not met. Some home pages show none."""
        slug = section_slug(section or "")
        if self.stopped or not (self._articles_asked < FIRST_ARTICLES or self._is_new(slug)):
            return
        self._articles_asked += 1
        self._slugs.add(slug)
        for request in [r async for r in self._follow(read_listing(page, self.portal).sections)]:
            yield request

    def _is_new(self, slug: str) -> bool:
        return bool(slug) and slug not in self._slugs and self._articles_asked < MOST_ARTICLES

    # -- what came ---------------------------------------------------------------------------

    async def on_listing(self, response: Response) -> AsyncIterator[Request]:
        """Callback of every listing page."""
        ticket: Ticket = response.meta["listing"]
        if self.stopped:
            return
        if response.status == 304:
            async for request in self._not_modified(ticket):
                yield request
            return
        if response.status != 200:
            async for request in self._step(
                ticket, await self._unreadable(ticket, response.status)
            ):
                yield request
            return
        page = Page(
            url=response.url,
            body=response.body,
            content_type=_header(response, b"Content-Type"),
            fetched_at=datetime.now(UTC),
        )
        listing = read_listing(
            page, self.portal, page_number=ticket.page_number, shapes=self._shapes
        )
        if listing.is_listing and listing.signs["entries"] == "shape":
            self._shapes.update(address_shape(e.identity.url) for e in listing.main)
        self.stats.inc_value("portal/listings/read")
        if ticket.page_number == 1:
            if not self.arguments.sections:
                # Else links to other sections are left alone, and «not modified» would hide them.
                ticket.walk.validators = validators_of(response)
            async for request in self._follow(listing.sections):
                yield request
        if ticket.home and (ways := self._ways_in(page, listing)):
            for url in ways:
                # Another page than that of the row: its validators are not the row's.
                row = replace(ticket.section, url=url, etag=None, last_modified=None)
                yield self._first_page(row, home=True)
            return
        if ticket.home and ticket.page_number == 1:
            nothing = not (listing.entries or any(s.sign != "plan" for s in listing.sections))
            async for request in self._machine_readable(declared_feeds(page), needed=nothing):
                yield request
        async for request in self._read(ticket, listing):
            yield request

    async def _not_modified(self, ticket: Ticket) -> AsyncIterator[Request]:
        """The first page is as it was after the last complete walk: nothing is new."""
        walk = ticket.walk
        self.walked.add(walk.slug)
        for name in ("listings/read", "walks/listings", "walks/not_modified"):
            self.stats.inc_value(f"portal/{name}")
        await self.frontier.run.write(
            SectionUpdate(ticket.section.id, completed(ticket.section, None))
        )
        logger.info("section %s: not modified", walk.slug)
        if ticket.home:
            async for request in self._machine_readable((), needed=False):
                yield request

    async def _machine_readable(
        self, declared: Sequence[str], *, needed: bool
    ) -> AsyncIterator[Request]:
        """Feed and sitemap, of portals that are read so, and where the home page shows nothing."""
        if (self.portal.syndicated and not self.arguments.sections) or needed:
            async for request in self._sources.requests(declared):
                yield request

    def _ways_in(self, page: Page, listing: Listing) -> list[str]:
        """Where a home page without news leads to: a refresh, frames, an «Entrer»."""
        if listing.entries or any(s.sign in TRUSTED for s in listing.sections):
            return []
        ways = [url for url in read_ways_in(page, self.portal) if self._first_meeting(url)]
        ways = ways[: MAX_WAYS_IN - self._ways]
        self._ways += len(ways)
        return ways

    async def _read(self, ticket: Ticket, listing: Listing) -> AsyncIterator[Request]:
        walk = ticket.walk
        if ticket.page_number == 1:
            # Two addresses may share a slug; it is silent only where both are.
            name = LISTED + walk.slug
            shown = len(listing.main) if listing.is_listing else 0
            self.stats.max_value(name, shown)
        if ticket.home and not self._wanted(FRONT_PAGE):
            await self._book.discover(listing)
            return
        plan = Step(end="no_listing") if ticket.section.sign == "plan" else None
        if step := plan or walk.refuse(listing):
            await self._book.discover(listing)
            if step.end == "repeat":
                self.stats.inc_value("portal/trap/pagination")
        elif ticket.page_number == 1 and await self._book.is_alias(
            ticket.section, ticket.url, listing
        ):
            return
        else:
            step = await self._walk_on(ticket, listing)
        async for request in self._step(ticket, step):
            yield request

    async def _walk_on(self, ticket: Ticket, listing: Listing) -> Step:
        walk = ticket.walk
        self.current = walk.slug
        if walk.jumping and not await self._book.look_up(e.identity.key for e in listing.main):
            step = walk.gap()
            # In this order: a kill in between must not leave a position that hides the gap.
            await self.frontier.run.write(
                SectionUpdate(ticket.section.id, {"positions": walk.positions()})
            )
            await self._book.discover(listing)
            return step
        earlier = walk.latest_keys()
        walk.arrive(listing, ticket.url, ticket.page_number)
        if walk.reached:
            self.stats.inc_value("portal/walks/deep_pages")
        if ticket.page_number == 1:
            self.walked.add(walk.slug)
            self.stats.inc_value("portal/walks/listings")
        self._book.count_signs(listing)
        result: ListingResult = await self.frontier.run.write(
            ListingSeen(
                portal=self.portal.name,
                run_id=self.frontier.run.id,
                section_id=ticket.section.id,
                found=self._book.found(listing, walk.slug),
                positions=walk.positions(),
                mark=None,
                walked=False,
            )
        )
        self.stats.inc_value("portal/pages/found", len(result.new))
        self.frontier.listing_read(fresh=bool(result.unseen) or ticket.page_number == 1)
        days = [e.listed_on for e in listing.main if e.listed_on] or list(
            result.known_days.values()
        )
        if not days and walk.bounds.dated and earlier:
            # The listing shows no dates: those of the page before are known from its articles.
            days = [day for _, day in (await self._book.look_up(earlier)).values() if day]
        return walk.advance(listing, result.unseen, days)

    async def _step(self, ticket: Ticket, step: Step) -> AsyncIterator[Request]:
        """Carry out what the walk decided."""
        walk, row = ticket.walk, ticket.section
        if step.url is not None and not self.stopped:
            if walk.reached and list(walk.head) != row.mark:
                # Now, not after the deep pass: see `Walk`.
                row.mark = list(walk.head)
                await self.frontier.run.write(
                    SectionUpdate(row.id, completed(row, walk, whole=False))
                )
            yield self._request(Ticket(walk, ticket.section, step.page_number, step.url))
            return
        values: dict[str, Any] = {"checked_at": datetime.now(UTC)}
        if step.end == "no_listing" and not ticket.home:
            values["state"] = "no_listing"
        elif walk.head:
            values["state"] = "listing"
        if step.complete and walk.head and walk.may_move_mark():
            values |= completed(row, walk)
        await self.frontier.run.write(SectionUpdate(row.id, values))
        self.stats.inc_value(f"portal/walks/{step.end}")
        logger.info(
            "section %s: %d listing page(s), %s", walk.slug, walk.pages_read, _ENDS[step.end or ""]
        )
        lost = ticket.section.state == "listing" and step.end in ("no_listing", "failed")
        if lost and ticket.page_number == 1 and not self._home_asked:
            yield await self._home(whole=True)
        if ticket.home and ticket.page_number == 1 and step.end in ("no_listing", "failed"):
            async for request in self._machine_readable((), needed=not self._slugs - {FRONT_PAGE}):
                yield request

    async def _unreadable(self, ticket: Ticket, status: int) -> Step:
        walk = ticket.walk
        if status in (404, 410):
            if ticket.page_number == 1:
                return Step(end="no_listing")
            # A pager may point one page past the end.
            return walk.failed("end")
        self.stats.inc_value("portal/listings/failed")
        logger.warning("section %s: %s answered %d", walk.slug, ticket.url, status)
        return Step(end="failed")

    async def on_failure(self, failure: Any) -> AsyncIterator[Request]:
        """Errback of every listing page: the section is left incomplete and walked again."""
        ticket: Ticket = failure.request.meta["listing"]
        self.frontier.listing_failed(failure)
        logger.warning("section %s: %s: %s", ticket.walk.slug, ticket.url, failure.value)
        async for request in self._step(ticket, Step(end="failed")):
            yield request

    def summary(self) -> str:
        """The table says it all."""
        return ""

    def conclude(self) -> None:
        """Say what was not found: the sections asked for, or anything to read at all."""
        nothing = not self.walked and not self._sources.found
        if nothing and not self.arguments.sections and self._home_asked:
            logger.error(
                "%s shows neither a section nor a list of articles; `scrapy probe %s` says what it"
                " holds",
                self.portal.home(),
                self.portal.name,
            )
        for slug in self.arguments.sections:
            if slug not in self.walked:
                self.stats.inc_value("portal/sections/not_found")
                logger.error(
                    "section %s: not found on %s; `scrapy portals %s` shows what is there",
                    slug,
                    self.portal.home(),
                    self.portal.name,
                )


_ENDS = {
    "mark": "known ground reached",
    "end": "end reached",
    "known": "nothing unseen any more",
    "repeat": "the listing repeats itself",
    "bounded": "older than asked for",
    "cap": "MAX_LISTING_PAGES reached, to be continued",
    "failed": "a page failed, to be continued",
    "no_listing": "no listing",
    "": "stopped, to be continued",
}


def _shapes_of(mark: Iterable[str]) -> set[object]:
    """The shapes of the addresses in a mark, whose keys are addresses where they hold no number."""
    urls = (f"https://{key}" for key in mark if "." in key.partition("/")[0])
    return {shape for url in urls if (shape := address_shape(url)) is not None}


def _stale(row: Section) -> bool:
    return row.checked_at is None or datetime.now(UTC) - row.checked_at > RECHECK


def _header(response: Response, name: bytes) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
