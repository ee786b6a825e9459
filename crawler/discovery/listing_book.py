"""ListingBook: what a listing page held, written into the corpus and asked of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from scrapy.statscollectors import StatsCollector

from corpus.discoveries import SECTION_ROUTE
from corpus.frontier import Discover, Found, LookUp, Section, SectionUpdate
from crawler.discovery.found import found_at
from crawler.parsing.listing import Listing
from crawler.portals.base import Portal

if TYPE_CHECKING:
    from crawler.frontier.scheduler import FrontierScheduler

ALIAS_MINIMUM = 5
"""Articles that two first pages must share, and nothing else, to be one listing."""


class ListingBook:
    """The listings of one portal in one run."""

    def __init__(
        self, portal: type[Portal], frontier: FrontierScheduler, stats: StatsCollector
    ) -> None:
        self.portal, self.frontier, self.stats = portal, frontier, stats
        self._first_pages: dict[frozenset[str], str] = {}

    async def look_up(self, keys: Iterable[str]) -> dict[str, tuple[str, date | None]]:
        """State and day of those of `keys` that the corpus knows."""
        known: dict[str, tuple[str, date | None]] = await self.frontier.run.write(
            LookUp(self.portal.name, list(keys))
        )
        return known

    async def discover(self, listing: Listing) -> None:
        """Article links of a page that is not walked are kept for whoever may want them."""
        found = self.found(listing, None)
        if found:
            new = await self.frontier.run.write(
                Discover(self.portal.name, self.frontier.run.id, found)
            )
            self.stats.inc_value("portal/pages/found", new)

    def found(self, listing: Listing, slug: str | None) -> list[Found]:
        """Every entry; the main ones as of the section `slug`, if one is given."""
        return [
            found_at(
                entry.identity,
                SECTION_ROUTE + slug if slug and entry.main else "side",
                entry.listed_on,
            )
            for entry in listing.entries
        ]

    async def is_alias(self, row: Section, url: str, listing: Listing) -> bool:
        """Two addresses, one listing: only the first is walked."""
        keys = frozenset(entry.identity.key for entry in listing.main)
        if len(keys) < ALIAS_MINIMUM:
            return False
        first = self._first_pages.setdefault(keys, url)
        if first == url:
            return False
        await self.frontier.run.write(
            SectionUpdate(row.id, {"state": "alias", "checked_at": datetime.now(UTC)})
        )
        return True

    def count_signs(self, listing: Listing) -> None:
        """Count which sign told the entries and the next page."""
        for what, sign in listing.signs.items():
            self.stats.inc_value(f"portal/sign/{what}/{sign}")
