"""Answers: which articles answer a question, in which order, how many, and counted by what.

Ranked by BM25 over headline and text, a word in the headline counting more. Of those that rank
alike the newest comes first, then the higher id, whatever the index's files look like.

To count and rank takes time in proportion to what answers, so a searcher can be made that bounds
its work: what may have more answers than that is counted from a sample of the articles, and ranked
among the latest and those that have all words in their headline.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar

import tantivy

from corpus.searching.codes import read
from corpus.searching.counting import Counted, counting_by, in_order
from corpus.searching.index import engine, opened, schema
from corpus.searching.queries import Queries
from corpus.searching.question import (
    Either,
    Node,
    Unranked,
    in_field,
    narrowed,
    ranks,
)
from corpus.searching.sampling import ENOUGH, estimate, halved

ALIKE = 5
"""Digits of the score in which two articles have to differ to be ranked by it. Not decimals: what
stands in every article ranks by millionths."""
WORTH_ASIDE = 8000
"""Articles that may answer from which on one thread ranks them while another counts."""
A_PHRASE = 5
"""How many times as long it takes to see in an article where words stand as that it has one."""
A_SAMPLE, THE_LATEST = 0.15, 0.15
"""Articles of a sample, and the latest ones that are ranked, to those that are looked at otherwise:
both together take no longer."""
A_GLANCE = 250
"""Articles that may hold a phrase of which it is seen first whether enough of them do."""
SURELY = 1.25
"""How many times as many articles are looked at as should suffice, since chance plays."""
A_PART = 0.25
"""Of all articles: where a larger sample is needed, all are looked at instead."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that answers."""

    article_id: int
    score: float
    """Its rank; 0 where nothing ranks."""


@dataclass(slots=True)
class Answers:
    """Some of the hits, and figures about all of them."""

    total: int
    hits: list[Hit]
    facets: dict[str, list[tuple[str | int, int]]] = field(default_factory=dict)
    """Facet → (value, articles), most articles first; years and months in their order."""
    exact: bool = True
    """False where the figures are estimates, and only some were ranked."""


_ALL = "all"
"""What no facet is called."""
_One = TypeVar("_One")
_Other = TypeVar("_Other")
_Hits = list[tuple[Any, tantivy.DocAddress]]
"""What each ranks or is ordered by, and where the engine has it."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What is wanted of a query: hits from `start` to `end`, ranked or the newest, and counts."""

    start: int
    end: int
    ranked: bool
    facets: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Found:
    """What a query found: how many, the best or newest of them, and the engine's counts."""

    total: int
    hits: _Hits
    counted: Counted


class Searcher:
    """One state of the index, asked as often as one likes; `exact_up_to` so many articles that may
    answer, or always. Raises a `SearchProblem`."""

    def __init__(self, folder: Path, *, exact_up_to: int | None = None) -> None:
        self._folder, self._bound = folder, exact_up_to
        with engine(folder):
            index = opened(folder)
            index.reload()
            self._searcher = index.searcher()
            codes = read(folder)
        self._queries = Queries(schema(), self._searcher, codes)
        self._aside = ThreadPoolExecutor(1)

    def ask(
        self,
        question: Node,
        *,
        limit: int,
        offset: int = 0,
        newest: bool = False,
        facets: Sequence[str] = (),
    ) -> Answers:
        """The hits from `offset` on, `limit` at the most, and the counts by `facets`."""
        with engine(self._folder):
            ranked = not newest and ranks(question)
            look = _Look(offset, offset + limit, ranked=ranked, facets=facets)
            if self._bound is not None and self._work(question) > self._bound:
                about = self._about(question, look, self._bound)
                if about is not None:
                    return about
            return self._exactly(question, look)

    def every(self, question: Node) -> list[Hit]:
        """All hits, best first."""
        with engine(self._folder):
            total = self._hits(self._queries.query(question), 1)[0]
            look = _Look(0, total, ranked=ranks(question), facets=())
            return self._exactly(question, look).hits

    def _work(self, question: Node) -> int:
        """What answering takes at the most, in articles that are looked at for a word."""
        looked_through = self._queries.looked_through(question)
        return self._queries.most(question) + A_PHRASE * looked_through

    def _exactly(self, question: Node, look: _Look) -> Answers:
        query = self._queries.query(question)
        found = self._looked_at(query, look, aside=self._work(question) >= WORTH_ASIDE)
        hits = self._ranked(query, found, look) if look.ranked else self._newest(found, look)
        return Answers(found.total, hits, in_order(found.counted))

    def _about(self, question: Node, look: _Look, bound: int) -> Answers | None:
        """Estimates, and the best or newest of a part; None where too few answer for that."""
        count = self._searcher.num_docs
        each = max(self._work(question) / count, 1)
        least = max(int(bound * THE_LATEST / each), look.end)
        most = max(int(bound * A_SAMPLE / each), ENOUGH)
        if self._queries.looked_through(question):
            share = self._glimpsed(question)
            if share * count * A_PART < SURELY * ENOUGH:
                return None
            least = max(least, int(SURELY * look.end / share))
            most = min(max(most, int(2 * SURELY * ENOUGH / share)), int(count * A_PART))
        best, sampled = self._at_once(
            partial(self._best, question, look, least),
            partial(self._sampled, question, look.facets, most),
        )
        if sampled is None:
            return None
        seen, times = sampled
        needed = int(SURELY * look.end * count / (seen.total * times))
        if needed > count * A_PART:
            return None
        if needed > least:
            best = self._best(question, look, needed)
        if best.total < look.end:
            return None
        facets = {
            name: [(value, estimate(number, times)) for value, number in values]
            for name, values in in_order(seen.counted).items()
        }
        return Answers(estimate(seen.total, times), best.hits, facets, exact=False)

    def _best(self, question: Node, look: _Look, least: int) -> Answers:
        """Among the latest `least` articles, and those with all words in their headline."""
        headline = in_field(question, "title")
        by_headline = self._work(headline) if look.ranked else least
        if by_headline <= least // 2:
            latest = self._queries.latest(question, least - by_headline)
            part: Node = Unranked(Either((latest, headline)))
        else:
            part = self._queries.latest(question, least)
        return self._exactly(narrowed(question, part), replace(look, facets=()))

    def _glimpsed(self, question: Node) -> float:
        """What share of the articles answers, by a glance at the latest: they lie side by side in
        the index, and are sooner looked at than a sample."""
        a_glance = self._searcher.num_docs * A_GLANCE // max(self._queries.most(question), 1)
        latest = self._queries.latest(question, a_glance)
        seen = self._hits(self._queries.query(narrowed(question, latest)), 1)[0]
        return seen / max(self._queries.most(latest), 1)

    def _sampled(
        self, question: Node, facets: Sequence[str], most: int
    ) -> tuple[_Found, int] | None:
        """What a sample holds of the answers, one of `most` articles or of as many as are needed to
        see enough, and one in how many articles that is."""
        largest = int(self._searcher.num_docs * A_PART)
        while most <= largest:
            sample, times = self._queries.sample(most)
            seen = self._counted(self._queries.query(narrowed(question, sample)), facets)
            if seen.total >= ENOUGH:
                return seen, times
            most *= max(2, 2 ** halved(ENOUGH, max(seen.total, 1) / SURELY))
        return None

    def _at_once(self, one: Callable[[], _One], other: Callable[[], _Other]) -> tuple[_One, _Other]:
        """Both done at the same time: the engine needs no lock of Python's."""
        beside = self._aside.submit(other)
        return one(), beside.result()

    def _looked_at(self, query: tantivy.Query, look: _Look, *, aside: bool = False) -> _Found:
        """Hits and counts; the latter `aside`, at the same time."""
        # More than are asked for: see `_ranked`.
        most = 2 * look.end + 20 if look.ranked else look.end
        if aside and look.facets:
            (total, hits), counted = self._at_once(
                partial(self._hits, query, most, latest=not look.ranked),
                partial(self._counted, query, look.facets),
            )
            return _Found(total, hits, counted.counted)
        total, hits = self._hits(query, most, latest=not look.ranked)
        if not look.facets or not total:
            return _Found(total, hits, {name: [] for name in look.facets})
        return _Found(total, hits, self._counted(query, look.facets).counted)

    def _counted(self, query: tantivy.Query, facets: Sequence[str]) -> _Found:
        """How many there are, and the counts; no hits, which takes half of the time."""
        counts = {name: counting_by(name) for name in facets}
        found = self._searcher.aggregate(query, {_ALL: {"value_count": {"field": "id"}}} | counts)
        total = int(found[_ALL]["value"])
        return _Found(total, [], {name: found[name]["buckets"] for name in facets})

    def _hits(self, query: tantivy.Query, most: int, latest: bool = False) -> tuple[int, _Hits]:
        """How many there are, and the best or latest of them."""
        most = max(min(most, self._searcher.num_docs), 1)
        # Counting costs nothing: the engine looks at every article that answers anyway.
        order = "newest" if latest else None
        found = self._searcher.search(query, most, count=True, order_by_field=order)
        return int(found.count), found.hits  # type: ignore[attr-defined]

    def _newest(self, found: _Found, look: _Look) -> list[Hit]:
        addresses = [address for _, address in found.hits[look.start : look.end]]
        if not addresses:
            return []
        ids = self._searcher.fast_field_values("id", addresses)
        return [Hit(int(number or 0), 0.0) for number in ids]

    def _ranked(self, query: tantivy.Query, found: _Found, look: _Look) -> list[Hit]:
        """The engine breaks ties by where an article lies in its files: so all that rank as the
        last one does are looked at, too, and ties are broken here."""
        hits, end = found.hits, min(look.end, found.total)
        if look.start >= end:
            return []
        last = _digits(hits[end - 1][0])
        while len(hits) < found.total and _digits(hits[-1][0]) >= last:
            hits = self._hits(query, 4 * len(hits))[1]
        hits = [*hits[:end], *takewhile(lambda hit: _digits(hit[0]) >= last, hits[end:])]
        addresses = [address for _, address in hits]
        ids = self._searcher.fast_field_values("id", addresses)
        order = self._searcher.fast_field_values("newest", addresses)
        rows = sorted(
            (-_digits(score), -int(place or 0), int(number or 0))
            for (score, _), place, number in zip(hits, order, ids, strict=True)
        )
        return [Hit(number, -score) for score, _, number in rows[look.start : look.end]]


def _digits(score: float) -> float:
    return float(f"{score:.{ALIKE}g}")
