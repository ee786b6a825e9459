"""Answers: which articles answer a question, in which order, how many, and counted by what.

Ranked by BM25 over headline and text, a word in the headline counting more. Of those that rank
alike the newest comes first, then the higher id, whatever the index's files look like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import tantivy

from corpus.searching.index import FACETS, UNDATED, engine, opened, schema
from corpus.searching.question import TEXT, Both, Days, Either, Node, OneOf, Without, Words

MOST_BUCKETS = 60_000
"""Values that are counted for one facet."""
ALIKE = 5
"""Digits of the score in which two articles have to differ to be ranked by it. Not decimals: what
stands in every article ranks by millionths."""
LATEST = 99_991_231
_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


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


class Searcher:
    """One state of the index, asked as often as one likes. Raises a `SearchProblem`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._schema = schema()
        with engine(folder):
            index = opened(folder)
            index.reload()
            self._searcher = index.searcher()

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
            ranked = not newest and _ranks(question)
            query = self._query(question)
            total, counted = self._counts(query, facets)
            best = self._ranked if ranked else self._newest
            return Answers(total, best(query, offset, limit, total), counted)

    def every(self, question: Node) -> list[Hit]:
        """All hits, best first."""
        with engine(self._folder):
            ranked = _ranks(question)
            query = self._query(question)
            total, _ = self._counts(query, ())
            return (self._ranked if ranked else self._newest)(query, 0, total, total)

    def _counts(
        self, query: tantivy.Query, facets: Sequence[str]
    ) -> tuple[int, dict[str, list[tuple[str | int, int]]]]:
        # Every article has one portal, of which there are few: the quickest way to count them all.
        asked: dict[str, Any] = {"all": _by("portal")} | {name: _by(name) for name in facets}
        found = self._searcher.aggregate(query, asked)
        counted = {name: _buckets(name, found[name]["buckets"]) for name in facets}
        return sum(one["doc_count"] for one in found["all"]["buckets"]), counted

    def _newest(self, query: tantivy.Query, offset: int, limit: int, total: int) -> list[Hit]:
        if offset >= total or not limit:
            return []
        found = self._searcher.search(
            query, limit, count=False, order_by_field="newest", offset=offset
        )
        ids = self._searcher.fast_field_values("id", [address for _, address in found.hits])
        return [Hit(int(number or 0), 0.0) for number in ids]

    def _ranked(self, query: tantivy.Query, offset: int, limit: int, total: int) -> list[Hit]:
        """The engine breaks ties by where an article lies in its files: so all that rank as the
        last one does are looked at, too, and ties are broken here."""
        end = min(offset + limit, total)
        if offset >= end:
            return []
        most = min(2 * end + 20, total)
        while True:
            hits = self._searcher.search(query, most, count=False).hits
            last = _digits(hits[-1][0])
            if most >= total or last < _digits(hits[end - 1][0]):
                break
            most = min(4 * most, total)
        addresses = [address for _, address in hits]
        ids = self._searcher.fast_field_values("id", addresses)
        order = self._searcher.fast_field_values("newest", addresses)
        rows = sorted(
            (-_digits(score), -int(place or 0), int(number or 0))
            for (score, _), place, number in zip(hits, order, ids, strict=True)
        )
        return [Hit(number, -score) for score, _, number in rows[offset:end]]

    def _query(self, node: Node) -> tantivy.Query:
        """The engine's query for `node`."""
        match node:
            case Words():
                return self._words(node)
            case Days(first, last):
                return self._days(first, last)
            case OneOf(name, values):
                found = tantivy.Query.term_set_query(self._schema, name, list(values))
                return tantivy.Query.const_score_query(found, 0.0)
            case Both(parts):
                return self._both(parts)
            case Either(parts):
                return tantivy.Query.boolean_query([(_SHOULD, self._query(part)) for part in parts])
            case Without():
                return self._both((node,))

    def _words(self, node: Words) -> tantivy.Query:
        found = self._terms(node.field, node.terms)
        if node.field in (TEXT, "title"):
            return found
        # A filter: which newspaper it was says nothing of how well the text answers.
        return tantivy.Query.const_score_query(found, 0.0)

    def _terms(self, name: str, terms: Sequence[str]) -> tantivy.Query:
        if len(terms) == 1:
            return tantivy.Query.term_query(self._schema, name, terms[0], "freq")
        return tantivy.Query.phrase_query(self._schema, name, list(terms))

    def _both(self, parts: Sequence[Node]) -> tantivy.Query:
        clauses = [
            (_NOT, self._query(part.part))
            if isinstance(part, Without)
            else (_MUST, self._query(part))
            for part in parts
        ]
        if all(occur == _NOT for occur, _ in clauses):
            clauses.append((_MUST, tantivy.Query.all_query()))
        return tantivy.Query.boolean_query(clauses)

    def _days(self, first: date | None, last: date | None) -> tantivy.Query:
        days = tantivy.Query.range_query(
            self._schema,
            "day",
            tantivy.FieldType.Unsigned,
            lower_bound=int(f"{first:%Y%m%d}") if first else UNDATED + 1,
            upper_bound=int(f"{last:%Y%m%d}") if last else LATEST,
        )
        return tantivy.Query.const_score_query(days, 0.0)


def _ranks(node: Node) -> bool:
    """True where a word of the text is asked for, by which articles can be ranked."""
    match node:
        case Words(_, name):
            return name in (TEXT, "title")
        case Both(parts) | Either(parts):
            return any(map(_ranks, parts))
    return False


def _digits(score: float) -> float:
    return float(f"{score:.{ALIKE}g}")


def _by(facet: str) -> dict[str, Any]:
    """The engine's words for counting by `facet`, all values of it."""
    return {"terms": {"field": FACETS[facet], "size": MOST_BUCKETS, "segment_size": MOST_BUCKETS}}


def _buckets(name: str, buckets: list[dict[str, Any]]) -> list[tuple[str | int, int]]:
    if name in ("year", "month"):
        return sorted((int(one["key"]), int(one["doc_count"])) for one in buckets)
    return sorted(
        ((str(one["key"]), int(one["doc_count"])) for one in buckets),
        key=lambda pair: (-pair[1], pair[0]),
    )
