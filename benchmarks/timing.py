"""CPU time of a page: titrologue's common path, its parts, the floor of a parse, and the peers.

Rounds are interleaved: in each, every way reads every page once. A way's figure of one round is its
median over the pages, its ratio is taken to the parse of the same round; of the rounds the median
counts. CPU time of one process, so other work on the machine disturbs ratios little.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from unittest.mock import patch

from lxml import html

from benchmarks.pagesets.gold import GoldPage
from benchmarks.pagesets.replica import replica_pages
from benchmarks.peer_processes import Peer
from benchmarks.readings import Titrologue, decoded, portal_for
from crawler.parsing.dates import read_date
from crawler.parsing.language import detect_language
from pipelines import repair_text

FLOOR = "lxml parse of the bytes"
SMALLEST, LARGEST = 55_000, 70_000
"""Bytes of the pages that are timed."""
_DATES = 200
"""Times one date line is read for one figure: the clock is coarser than a line."""

Way = Callable[[GoldPage], float]
"""Reads one page, returns the CPU milliseconds it took."""


@dataclass(frozen=True)
class Cost:
    """One row: CPU milliseconds a page, the least and most of the rounds, ratio to the parse."""

    name: str
    ms: float
    least: float
    most: float
    ratio: float


def costs(own: Titrologue, peers: Iterable[Peer], *, pages: int, rounds: int) -> list[Cost]:
    """Every way's cost, after one round that is not counted."""
    timed = list(islice(_common_pages(own), pages))
    ways = _own_ways(own) | {peer.name: _peer_way(peer) for peer in peers}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            median = statistics.median(way(page) for page in timed)
            if number:
                taken[name].append(median)
    floor = taken[FLOOR]
    return [_cost(name, spent, floor) for name, spent in taken.items()]


def _cost(name: str, spent: Sequence[float], floor: Sequence[float]) -> Cost:
    ratio = statistics.median(ms / base for ms, base in zip(spent, floor, strict=True))
    return Cost(name, statistics.median(spent), min(spent), max(spent), ratio)


def _common_pages(own: Titrologue) -> Iterable[GoldPage]:
    """Pages of the replica of about 60 KB, whose body the first layer reads."""
    for page in replica_pages(seed=7, count=10_000):
        if page.gold.body and SMALLEST <= len(page.html) <= LARGEST:
            signs = own.article(page, portal_for(page)).signs
            if signs.get("body", "").startswith("selector:"):
                yield page


def _own_ways(own: Titrologue) -> dict[str, Way]:
    def parse(page: GoldPage) -> float:
        return _ms(lambda: html.document_fromstring(page.html))

    def whole(page: GoldPage) -> float:
        portal = portal_for(page)
        return _ms(lambda: own.article(page, portal))

    def without_language(page: GoldPage) -> float:
        with patch.object(repair_text, "detect_language", lambda body, title: "fr"):
            return whole(page)

    def language(page: GoldPage) -> float:
        gold = page.gold
        return _ms(lambda: detect_language(gold.body, gold.title))

    def one_date(page: GoldPage) -> float:
        raw = own.article(page, portal_for(page)).published_raw

        def read() -> None:
            for _ in range(_DATES):
                read_date(raw, at=page.fetched_at)

        return _ms(read) / _DATES

    return {
        FLOOR: parse,
        "titrologue, all stages": whole,
        "titrologue, all stages without language": without_language,
        "language alone": language,
        "one French date line": one_date,
    }


def _peer_way(peer: Peer) -> Way:
    def read(page: GoldPage) -> float:
        return float(peer.read(decoded(page), page.url)["cpu_ms"])

    return read


def _ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000
