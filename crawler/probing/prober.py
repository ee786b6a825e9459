"""Prober: the round of at most 20 requests that `scrapy probe` makes, and what it saw.

It only looks and keeps; what the sights mean is said by `crawler.probing.findings`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from crawler.addresses import BadAddress, canonical, site_free
from crawler.parsing.listing import Entry, Listing, NextLink, SectionLink, read_listing
from crawler.parsing.page import Page
from crawler.parsing.verdict import looks_like_html
from crawler.portals.base import Portal
from crawler.portals.sections import out_of_scope
from crawler.probing.new_portal import system_of
from crawler.probing.reading import Reading, read_page
from crawler.probing.shapes import Shape, article_shapes

if TYPE_CHECKING:
    from crawler.spiders.visit import Visit

BUDGET = 20
SECTIONS = 3
ARTICLES = 5
PAGE_TWO_TRIES = 2
FAR = 50_000_000
"""Added to the highest number seen: an article that cannot exist."""


class Visitor(Protocol):
    """Who fetches: `crawler.spiders.visit.VisitSpider`."""

    @property
    def left(self) -> int:
        """Requests that may still be made."""

    async def visit(self, url: str, *, follow: bool = True) -> Visit:
        """Fetch an address; never raises for what the site does."""


@dataclass(slots=True)
class Seen:
    """A page that was asked for, and what it was read as."""

    visit: Visit
    page: Page | None = None
    listing: Listing | None = None
    link: SectionLink | None = None
    """Sections: the link that led here."""
    reading: Reading | None = None


@dataclass(slots=True)
class SecondPage:
    """The page behind a «next page» link."""

    first: Seen
    next_link: NextLink
    seen: Seen


@dataclass(slots=True)
class Sights:
    """All that one probe saw."""

    portal: type[Portal]
    """As probed: for an unknown site with the patterns inferred."""
    ours: bool
    """True for a portal of `crawler.portals`."""
    home: Seen | None = None
    other_scheme: Visit | None = None
    """The home under the other of http and https, its redirect not followed."""
    sections: list[Seen] = field(default_factory=list)
    seconds: list[SecondPage] = field(default_factory=list)
    articles: list[Seen] = field(default_factory=list)
    feed_url: str | None = None
    feed: Visit | None = None
    absent: Seen | None = None
    shapes: list[Shape] = field(default_factory=list)
    """Unknown site: the patterns inferred."""
    system: type[Portal] | None = None
    """Unknown site: the publishing system it seems to run."""

    def listings(self) -> Iterator[Seen]:
        """Home and sections that could be read, in order."""
        for seen in (self.home, *self.sections):
            if seen is not None and seen.listing is not None:
                yield seen

    def failed(self) -> list[Visit]:
        """What could not be fetched, the page that cannot exist left out."""
        found = [s.visit for s in (self.home, *self.sections, *self.articles) if s is not None]
        found += [second.seen.visit for second in self.seconds]
        return [visit for visit in found if not visit.ok and visit.reason != "budget"]


class Prober:
    """One round, from the home page to an article that does not exist."""

    def __init__(
        self,
        portal: type[Portal],
        home: str,
        visitor: Visitor,
        stages: Sequence[Any],
        *,
        ours: bool,
    ) -> None:
        self.home, self.visitor, self.stages = home, visitor, stages
        self.sights = Sights(portal, ours)
        self._asked: set[str] = set()

    async def run(self) -> Sights:
        """Look at everything; ends early where the site refuses or does not answer."""
        sights = self.sights
        sights.home = await self._listing(self.home)
        if sights.home.listing is None:
            return sights
        await self._other_scheme()
        if not sights.ours:
            self._learn_shapes()
        await self._sections()
        await self._second_pages()
        await self._articles()
        await self._feed()
        await self._absent()
        return sights

    async def _listing(self, url: str, page_number: int = 1) -> Seen:
        self._asked.add(site_free(url))
        visit = await self.visitor.visit(url)
        if not visit.ok:
            return Seen(visit)
        page = _page(visit)
        if not looks_like_html(page):
            return Seen(visit)
        return Seen(visit, page, read_listing(page, self.sights.portal, page_number=page_number))

    async def _other_scheme(self) -> None:
        scheme, rest = self.home.split("://", 1)
        other = "https" if scheme == "http" else "http"
        self.sights.other_scheme = await self.visitor.visit(f"{other}://{rest}", follow=False)

    def _learn_shapes(self) -> None:
        """An unknown site: see whether its addresses are those of a known system, or what pattern
        they have; read the home page again by that."""
        home = self.sights.home
        assert home is not None
        assert home.page is not None
        assert home.listing is not None
        addresses = [e.identity.url for e in home.listing.entries]
        links = [url for url in _links(home.page) if self._owned(url)]
        self.sights.system = system_of([*addresses, *links])
        base = self.sights.portal
        if self.sights.system is not None:
            system = self.sights.system
            values: dict[str, Any] = {
                "article_patterns": system.article_patterns,
                "selectors": system.selectors,
            }
        else:
            self.sights.shapes = article_shapes(addresses)
            values = {"article_patterns": tuple((s.kind, s.pattern) for s in self.sights.shapes)}
        if values["article_patterns"]:
            self.sights.portal = type("Probed", (base,), {"__module__": __name__, **values})
            home.listing = read_listing(home.page, self.sights.portal)

    def _owned(self, url: str) -> bool:
        return self.sights.portal.owns(urlsplit(url).hostname or "")

    async def _sections(self) -> None:
        home = self.sights.home
        assert home is not None
        assert home.listing is not None
        chosen = _chosen_sections(home.listing.sections)
        for link in chosen:
            if len(self.sights.sections) >= SECTIONS:
                return
            if site_free(link.url) in self._asked:
                continue
            seen = await self._listing(link.url)
            seen.link = link
            self.sights.sections.append(seen)

    async def _second_pages(self) -> None:
        """Follow «next page» of the first section that has it, as the walk would: where the best
        link does not behave, another."""
        first = next((s for s in self.sights.sections if s.listing and s.listing.next_links), None)
        first = first or next((s for s in self.sights.listings() if s.listing.next_links), None)  # type: ignore[union-attr]
        if first is None or first.listing is None:
            return
        for link in first.listing.next_links[:PAGE_TWO_TRIES]:
            seen = await self._listing(link.url, page_number=2)
            self.sights.seconds.append(SecondPage(first, link, seen))
            if behaves(first.listing, seen.listing):
                return

    async def _articles(self) -> None:
        for entry in self._chosen_entries():
            if len(self.sights.articles) >= ARTICLES:
                return
            visit = await self.visitor.visit(entry.identity.url)
            seen = Seen(visit)
            if visit.ok:
                seen.page = _page(visit)
                seen.reading = await read_page(seen.page, self.sights.portal, self.stages)
            self.sights.articles.append(seen)

    def _chosen_entries(self) -> list[Entry]:
        """Articles of different listings and ages: the first of each, then the next; the oldest of
        page 2 among them. Those with a number come first."""
        lists = [s.listing.main for s in self.sights.listings() if s.listing is not None]
        lists = [*lists[1:], *lists[:1]]
        for second in self.sights.seconds:
            if second.seen.listing is not None:
                lists.insert(1, second.seen.listing.main[::-1])
        mixed = [e for row in zip_longest(*lists) for e in row if e is not None]
        unique = list({e.identity.key: e for e in mixed}.values())
        return sorted(unique, key=lambda e: (e.identity.number is None, e.identity.kind == "p"))

    async def _feed(self) -> None:
        home = self.sights.home
        assert home is not None
        assert home.page is not None
        self.sights.feed_url = next((u for u in _feeds(home.page) if self._owned(u)), None)
        if self.sights.feed_url:
            self.sights.feed = await self.visitor.visit(self.sights.feed_url)

    async def _absent(self) -> None:
        """Ask for an article with a number far above all: what does the site say?"""
        numbered = [
            e.identity
            for seen in self.sights.listings()
            if seen.listing is not None
            for e in seen.listing.entries
            if e.identity.number is not None
        ]
        if not numbered:
            return
        highest = max(numbered, key=lambda i: i.number or 0)
        url = re.sub(
            rf"0*{highest.number}(?!.*{highest.number})",
            str((highest.number or 0) + FAR),
            highest.url,
        )
        seen = Seen(await self.visitor.visit(url))
        if seen.visit.ok:
            seen.page = _page(seen.visit)
            seen.reading = await read_page(seen.page, self.sights.portal, self.stages)
        self.sights.absent = seen


def behaves(first: Listing | None, second: Listing | None) -> bool:
    """True where `second` goes on with `first`: it holds articles, and others."""
    if first is None or second is None or not second.main:
        return False
    known = {entry.identity.key for entry in first.main}
    new = sum(entry.identity.key not in known for entry in second.main)
    return new * 2 >= len(second.main)


def _chosen_sections(links: Sequence[SectionLink]) -> list[SectionLink]:
    """In-scope sections, known labels first, one for each slug."""
    ranked = sorted(links, key=lambda link: link.sign != "label")
    return list({li.slug: li for li in reversed(ranked) if not out_of_scope(li.slug)}.values())[
        ::-1
    ]


def _page(visit: Visit) -> Page:
    return Page(visit.url, visit.body, visit.content_type, visit.fetched_at)


def _links(page: Page) -> Iterator[str]:
    for node in page.tree.css("a[href]")[:4000]:
        try:
            yield canonical(node.attributes.get("href") or "", page.url)
        except BadAddress:
            continue


def _feeds(page: Page) -> Iterable[str]:
    """Feed addresses: what the head declares, then links that look like one."""
    declared = page.tree.css('link[type*="rss+xml"][href], link[type*="atom+xml"][href]')
    for node in declared[:10]:
        try:
            yield canonical(node.attributes.get("href") or "", page.url)
        except BadAddress:
            continue
    for url in _links(page):
        path = urlsplit(url).path.lower()
        if path.endswith((".xml", ".rss", "/rss", "/rss/", "/feed", "/feed/")):
            yield url
