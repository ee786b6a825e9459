"""Sources: asking for feeds and sitemaps, reading what comes, queueing what they name.

What the strategies share that read what sites write for machines: `syndicated` beside the listings
of `sections`, `feeds` alone. Which addresses hold one is kept in the corpus' `sections` table, in
states of their own, with the validators of the last answer whose entries are all in `pages`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from corpus.frontier import Discover, Found, Section, SectionUpdate, SectionUpsert
from corpus.revisits import Announce
from crawler.addresses import BadAddress, canonical
from crawler.discovery.entry_dates import entry_day, entry_moment
from crawler.discovery.feed import read_feed
from crawler.discovery.found import found_at
from crawler.discovery.sitemap import read_sitemap
from crawler.discovery.syndication import BadSource, SourceEntry
from crawler.discovery.validators import conditional_headers, validators_of
from crawler.portals.base import Portal

if TYPE_CHECKING:
    from crawler.frontier.scheduler import FrontierScheduler

STATES = ("feed", "sitemap", "no_source")
"""States of rows of `sections` that are no sections: feed, sitemap, an address tried in vain."""
RECHECK = timedelta(days=30)
"""When an address tried in vain is tried again."""
UNCHANGED_AT_MOST = 20
"""Answers «not modified» in a row before a feed is asked for as a whole again: some servers say so
for ever."""
_STATUSES = [304, *range(400, 600)]


@dataclass(slots=True)
class SourceTicket:
    """Travels in the `meta` of a request for a feed, a sitemap or robots.txt."""

    kind: str
    """`feed`, `sitemap`, `robots`, `home`."""
    url: str
    depth: int = 0
    row: Section | None = None
    """The row of the address where it is a known source."""
    others: tuple[str, ...] = ()
    """Usual addresses to try if this one holds nothing."""
    page_number: int = 1

    def next_of_others(self) -> SourceTicket:
        """The ticket for the next usual address."""
        return replace(self, url=self.others[0], others=self.others[1:], row=None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came for a ticket."""

    entries: tuple[SourceEntry, ...] = ()
    unchanged: bool = False
    """304: what it names is known."""
    passing: bool = False
    """A fault that says nothing of the address."""
    empty: bool = False
    """Well-formed, and names nothing."""
    validators: dict[str, str | None] | None = None

    @property
    def answered(self) -> bool:
        """True where a source is there."""
        return bool(self.entries) or self.unchanged


class Sources:
    """Feeds and sitemaps of one portal in one run."""

    def __init__(
        self, portal: type[Portal], frontier: FrontierScheduler, stats: StatsCollector
    ) -> None:
        self.portal, self.frontier, self.stats = portal, frontier, stats
        self.home = canonical(portal.home())
        self.found = 0
        """Articles named by any source in this run."""
        self.rows: list[Section] = []

    def remember(self, rows: Sequence[Section]) -> None:
        """Take the portal's rows of `sections` as the run found them."""
        self.rows = [row for row in rows if row.state in STATES]

    def known(self, state: str) -> dict[str, Section]:
        """Address → row, of a state."""
        return {row.url: row for row in self.rows if row.state == state}

    def untried(self, urls: Sequence[str]) -> tuple[str, ...]:
        """Those of `urls` that were not found empty lately."""
        tried = {r.url for r in self.rows if r.state == "no_source" and not older(r, RECHECK)}
        return tuple(url for url in urls if url not in tried)

    def owned(self, url: str) -> bool:
        """True for an address of the portal."""
        return self.portal.owns(urlsplit(url).hostname or "")

    def request(self, ticket: SourceTicket, callback: Any, errback: Any) -> Request:
        """The request for a ticket; conditional where it is a known feed (of an index of sitemaps
        an old answer says nothing of the files below)."""
        row = ticket.row
        known = ticket.kind == "feed" and row is not None and row.walks < UNCHANGED_AT_MOST
        return Request(
            ticket.url,
            callback=callback,
            errback=errback,
            headers=conditional_headers(row) if known else None,
            meta={"listing": ticket, "handle_httpstatus_list": _STATUSES},
            dont_filter=True,
        )

    def read(self, ticket: SourceTicket, response: Response) -> Answer:
        """What an answer holds."""
        self.stats.inc_value("portal/sources/read")
        if response.status == 304:
            return Answer(unchanged=True)
        if response.status != 200:
            return Answer(passing=response.status >= 500 or response.status == 429)
        kind = response.headers.get("Content-Type")
        reader = read_feed if ticket.kind == "feed" else read_sitemap
        try:
            entries = reader(response.body, response.url, kind.decode("latin-1") if kind else None)
        except BadSource as bad:
            self.stats.inc_value(f"portal/sources/{bad.reason}")
            return Answer()
        return Answer(entries, empty=not entries, validators=validators_of(response))

    async def note(self, ticket: SourceTicket, state: str, answer: Answer) -> Section | None:
        """Keep in the corpus what the address holds; after its entries, so that a run cut off in
        between reads them again."""
        if ticket.depth:
            return None
        kind = ticket.kind
        row: Section = await self.frontier.run.write(
            SectionUpsert(self.portal.name, kind, kind, ticket.url, "syndicated", state)
        )
        values: dict[str, Any] = {"checked_at": datetime.now(UTC), "state": state}
        if answer.unchanged:
            values["walks"] = row.walks + 1
        elif answer.validators is not None:
            values |= {**answer.validators, "walks": 0}
        await self.frontier.run.write(SectionUpdate(row.id, values))
        return row

    async def queue(self, entries: Sequence[SourceEntry], route: str) -> tuple[int, int]:
        """(how many articles of the portal the entries name, how many of them were unknown)."""
        found: dict[str, Found] = {}
        for entry in entries:
            try:
                identity = self.portal.identify(entry.url)
            except BadAddress:
                continue
            found[identity.key] = found_at(identity, route, self.day(entry.published_raw))
        if not found:
            return 0, 0
        unit = Discover(self.portal.name, self.frontier.run.id, list(found.values()))
        new: int = await self.frontier.run.write(unit)
        self.found += len(found)
        self.stats.inc_value("portal/pages/found", new)
        self.frontier.listing_read(fresh=True)
        return len(found), new

    async def announce(self, entries: Sequence[SourceEntry]) -> int:
        """Make due what the entries say was changed after our last visit; how many were."""
        now = datetime.now(UTC)
        changed: dict[str, datetime] = {}
        for entry in entries:
            told = (entry.modified_raw, entry.published_raw)
            moments = [at for raw in told if (at := entry_moment(raw, at=now))]
            if not moments:
                continue
            try:
                changed[self.portal.identify(entry.url).key] = max(moments)
            except BadAddress:
                continue
        if not changed:
            return 0
        due: int = await self.frontier.run.write(Announce(self.portal.name, changed))
        if due:
            self.frontier.listing_read(fresh=True)
        return due

    def day(self, raw: str | None) -> date | None:
        """The day that a date of an entry means on the portal's clock."""
        return entry_day(raw, at=datetime.now(UTC), zone=self.portal.zone())


def older(row: Section, age: timedelta, *, walked: bool = False) -> bool:
    """True where the row was last checked (or walked to its end) longer ago than `age`."""
    at = row.last_walked_at if walked else row.checked_at
    return at is None or datetime.now(UTC) - at > age
