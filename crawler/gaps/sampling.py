"""Sampling: numbers that nobody has asked for are drawn at random and asked, by an ordinary crawl.

What is drawn is queued with the route `sample` before the crawl begins, so a run that is cut off
leaves ordinary pages for the next one. The estimate is about the gaps as they were when the numbers
were drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import BaseSettings, Settings
from sqlalchemy import Connection

from corpus.database import Database
from corpus.discoveries import SAMPLE_ROUTE, Found, merge_found
from corpus.estimation import Estimate, Sample, combined
from corpus.gaps import Scope, answers, drawn_before, gaps, known_articles
from corpus.locks import PortalLock
from corpus.strata import Number, Stratum, sample_of, strata_of, to_ask
from crawler.crawling import check_disk, crawl
from crawler.discovery.found import found_at
from crawler.exit_codes import DONE, DRIFT, NOTHING
from crawler.portals.base import Portal


@dataclass(frozen=True, slots=True)
class Draw:
    """What a sample is about, and what it asks for."""

    scope: Scope
    strata: tuple[Stratum, ...]
    numbers: tuple[Number, ...]
    """To be asked."""
    held: int
    """Articles held that other routes than sampling led to, when the numbers were drawn."""
    undecided: int
    """Pages that these routes led to and that are neither held nor found missing."""

    @property
    def population(self) -> int:
        """Numbers that no other route has led to."""
        return sum(stratum.population for stratum in self.strata)


@dataclass(frozen=True, slots=True)
class Estimated:
    """What the samples so far say."""

    draw: Draw
    samples: tuple[Sample, ...]
    """One a stratum."""
    untried: Estimate | None
    """Articles among the population; None where no number was asked."""

    @property
    def articles(self) -> Estimate | None:
        """Articles of the portal in all: held, and by the estimate. What is queued, failed or
        quarantined is counted in the upper bound alone."""
        if self.untried is None:
            return None
        held = self.draw.held
        return Estimate(
            held + self.untried.value,
            held + self.untried.low,
            held + self.untried.high + self.draw.undecided,
        )


def draw(connection: Connection, portal: type[Portal], scope: Scope, requests: int) -> Draw:
    """Draw `requests` numbers, or as many as there are; what an earlier sample drew and could not
    ask any more comes first. Series whose pages have no known address are left out."""
    found = [row.gap for row in gaps(connection, scope, but_sampled=True)]
    found = [gap for gap in found if portal.address(gap.site, gap.kind, gap.first)]
    everything = Stratum(tuple(sorted(found)), sum(gap.count for gap in found))
    so_far = answers(connection, scope.portal)
    asked = sum(number in everything for number in so_far)
    strata = strata_of(found, requests + asked)
    numbers = drawn_before(connection, scope.portal) if requests else []
    if len(numbers) < requests:
        known = {**so_far, **dict.fromkeys(numbers)}
        numbers += to_ask(scope.portal, strata, known, requests - len(numbers))
    return Draw(scope, tuple(strata), tuple(numbers), *known_articles(connection, scope))


def estimated(connection: Connection, drawn: Draw) -> Estimated:
    """What is known by now of the numbers that were drawn, in this run and before."""
    so_far = answers(connection, drawn.scope.portal)
    samples = tuple(sample_of(drawn.scope.portal, one, so_far) for one in drawn.strata)
    return Estimated(drawn, samples, combined(samples))


def is_free(database: Database, portal: str) -> bool:
    """True where no crawl holds the portal."""
    lock = PortalLock(database, portal)
    try:
        return lock.acquire()
    finally:
        lock.release()


def ask(
    settings: BaseSettings,
    database: Database,
    portal: type[Portal],
    numbers: Sequence[Number],
    now: datetime,
) -> int:
    """Queue the numbers and crawl them, as politely as ever; the exit code of that crawl. Missing
    numbers are what a sample is for: they are no failure. Raises `DatabaseProblem`."""
    check_disk(settings, database, portal.name)
    with database.problems(), database.writing() as connection:
        merge_found(connection, portal.name, [_found(portal, *one) for one in numbers], now)
    own = Settings()
    own.update(settings)
    # The report tells what they would.
    own.set("STATS_DUMP", False, priority="cmdline")
    process = AsyncCrawlerProcess(own)
    code = crawl(process, own, portal.name, {"strategy": SAMPLE_ROUTE})
    return DONE if code in (NOTHING, DRIFT) else code


def _found(portal: type[Portal], site: str, kind: str, number: int) -> Found:
    address = portal.address(site, kind, number)
    assert address is not None
    return found_at(portal.identify(address), SAMPLE_ROUTE)
