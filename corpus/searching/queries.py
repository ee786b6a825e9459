"""Queries: a question in the engine's terms, and how much of the index it may be about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial

import tantivy

from corpus.searching.codes import Codes
from corpus.searching.index import MONTH, SAMPLE, UNDATED, month_of
from corpus.searching.question import (
    TEXT,
    Both,
    Days,
    Either,
    Node,
    OneOf,
    Unranked,
    Without,
    Words,
)
from corpus.searching.sampling import halved

LATEST = 99_991_231
MONTHS = 12 * 100
"""Months that are looked back at the most."""
MANY = 100
"""Values of which one is wanted from which on the engine marks all that have one of them first."""
A_MONTH = timedelta(31)
"""What a portal may be ahead of the calendar."""
_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


class Queries:
    """Makes the queries for one state of the index."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher, codes: Codes) -> None:
        self._schema, self._searcher, self._codes = schema, searcher, codes
        self._held = lru_cache(10_000)(searcher.doc_freq)
        """In how many articles a field has a value. Those that were deleted count until the engine
        merges its files."""

    def query(self, node: Node) -> tantivy.Query:
        """The engine's query for `node`."""
        clauses = self.clauses(node)
        if len(clauses) == 1 and clauses[0][0] == _MUST:
            return clauses[0][1]
        return tantivy.Query.boolean_query(clauses)

    def clauses(self, node: Node) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        """What has to be met and what not, one of the former at least."""
        parts = node.parts if isinstance(node, Both) else (node,)
        clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for part in parts:
            if isinstance(part, Without):
                clauses.append((_NOT, self.query(part.part)))
                continue
            clauses.append((_MUST, self._needed(part)))
            if isinstance(part, Words) and len(parts) > 1 and self._is_looked_for(part):
                # Beside a phrase, so that the engine looks for it only where all else is met.
                rarest = self._term(part.field, self._rarest(part))
                clauses.append((_MUST, _unranked(rarest)))
        if all(occur == _NOT for occur, _ in clauses):
            clauses.append((_MUST, tantivy.Query.all_query()))
        return clauses

    def _needed(self, node: Node) -> tantivy.Query:
        match node:
            case Words():
                return self._words(node)
            case Days(first, last):
                return self._days(first, last)
            case OneOf(name, values):
                return _unranked(self._one_of(name, values))
            case Either(parts):
                either = [(_SHOULD, self.query(part)) for part in parts]
                return tantivy.Query.boolean_query(either)
            case Unranked(part):
                return _unranked(self.query(part))
            case Both() | Without():
                return self.query(node)

    def _words(self, node: Words) -> tantivy.Query:
        placed = self._codes.placed(node.terms)
        if self._is_looked_for(node):
            found = tantivy.Query.phrase_query(self._schema, node.field, [*placed])
        else:
            found = self._term(node.field, placed[0][1])
        # A filter: which newspaper it was says nothing of how well the text answers.
        return found if node.field in (TEXT, "title") else _unranked(found)

    def _term(self, name: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, name, term, "freq")

    def _one_of(self, name: str, values: Sequence[str | int]) -> tantivy.Query:
        if len(values) > MANY:
            return tantivy.Query.term_set_query(self._schema, name, list(values))
        terms = [tantivy.Query.term_query(self._schema, name, one, "basic") for one in values]
        if len(terms) == 1:
            return terms[0]
        return tantivy.Query.boolean_query([(_SHOULD, term) for term in terms])

    def _days(self, first: date | None, last: date | None) -> tantivy.Query:
        days = tantivy.Query.range_query(
            self._schema,
            "day",
            tantivy.FieldType.Unsigned,
            lower_bound=int(f"{first:%Y%m%d}") if first else UNDATED + 1,
            upper_bound=int(f"{last:%Y%m%d}") if last else LATEST,
        )
        return _unranked(days)

    def most(self, node: Node) -> int:
        """How many articles answer at the most, as far as can be told without looking."""
        match node:
            case Words():
                held = self._held(node.field, self._rarest(node))
                return min(int(self._searcher.num_docs), held)
            case Both(parts):
                return min(map(self.most, parts))
            case Either(parts):
                return sum(map(self.most, parts))
            case OneOf(name, values):
                return sum(self._held(name, value) for value in values)
            case Unranked(part):
                return self.most(part)
        return int(self._searcher.num_docs)

    def looked_through(self, node: Node) -> int:
        """In about how many articles it has to be seen where words stand, which takes longer; 0
        where no phrase is looked for."""
        match node:
            case Words():
                return self.most(node) if self._is_looked_for(node) else 0
            case Both(parts):
                return min(sum(map(self.looked_through, parts)), max(self.most(node), 1))
            case Either(parts):
                return sum(map(self.looked_through, parts))
            case Without(part) | Unranked(part):
                return self.looked_through(part)
        return 0

    def _is_looked_for(self, node: Words) -> bool:
        """False where it is one term of the index."""
        return len(self._codes.placed(node.terms)) > 1

    def _rarest(self, node: Words) -> str:
        """Of what the index has where `node` stands, the term that fewest articles have."""
        terms = [term for _, term in self._codes.placed(node.terms)]
        return min(terms, key=partial(self._held, node.field))

    def sample(self, most: int) -> tuple[OneOf, int]:
        """Some of all articles, about `most` at the most, and one in how many that is."""
        level = halved(self._searcher.num_docs, most)
        return OneOf(SAMPLE, (str(level),)), 2**level

    def latest(self, node: Node, least: int) -> OneOf:
        """The months in which the latest `least` articles were published, of those days that `node`
        is about; fewer where there are no more."""
        end = min(_last_day(node), datetime.now(UTC).date() + A_MONTH)
        found: list[int] = []
        held = 0
        for back in range(MONTHS):
            year, month = divmod(end.year * 12 + end.month - 1 - back, 12)
            if held >= least or year < date.min.year:
                break
            number = month_of(date(year, month + 1, 1))
            if here := self._held(MONTH, number):
                held += here
                found.append(number)
        return OneOf(MONTH, tuple(found))


def _unranked(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)


def _last_day(node: Node) -> date:
    """The last day on which what answers can have been published."""
    match node:
        case Days(_, last) if last is not None:
            return last
        case Both(parts):
            return min(map(_last_day, parts))
        case Either(parts):
            return max(map(_last_day, parts))
    return date.max
