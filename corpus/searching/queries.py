"""Queries: a question in the engine's terms, and how much of the index it may be about."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import tantivy

from corpus.searching.codes import Codes
from corpus.searching.index import MONTH, PAIRS, SAMPLE, TRIPLES, UNDATED, month_of
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

    def query(self, node: Node) -> tantivy.Query:
        """The engine's query for `node`."""
        clauses = self.clauses(node)
        if len(clauses) == 1 and clauses[0][0] == _MUST:
            return clauses[0][1]
        return tantivy.Query.boolean_query(clauses)

    def clauses(self, node: Node) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        """What has to be met and what not, one of the former at least. What a phrase needs stands
        beside it and beside all else, so that the engine begins with the rarest of all."""
        clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for part in node.parts if isinstance(node, Both) else (node,):
            if isinstance(part, Without):
                clauses.append((_NOT, self.query(part.part)))
            else:
                clauses += [(_MUST, one) for one in self._needed(part)]
        if all(occur == _NOT for occur, _ in clauses):
            clauses.append((_MUST, tantivy.Query.all_query()))
        return clauses

    def _needed(self, node: Node) -> list[tantivy.Query]:
        match node:
            case Words():
                return self._words(node)
            case Days(first, last):
                return [self._days(first, last)]
            case OneOf(name, values):
                return [_unranked(self._one_of(name, values))]
            case Either(parts):
                either = [(_SHOULD, self.query(part)) for part in parts]
                return [tantivy.Query.boolean_query(either)]
            case Unranked(part):
                return [_unranked(self.query(part))]
            case Both() | Without():
                return [self.query(node)]

    def _words(self, node: Words) -> list[tantivy.Query]:
        """What ranks first; and what else is where that is, by which it is sooner found."""
        found, *beside = self._terms(node.field, node.terms)
        if node.field not in (TEXT, "title"):
            # A filter: which newspaper it was says nothing of how well the text answers.
            found = _unranked(found)
        return [found, *map(_unranked, beside)]

    def _terms(self, name: str, terms: Sequence[str]) -> list[tantivy.Query]:
        if len(terms) == 1:
            return [self._term(name, self._codes.indexed(terms[0]))]
        beside = self._side_by_side(name, terms)
        if self._is_indexed(name, terms):
            return [self._term(*beside[0])]
        forms = [*map(self._codes.indexed, terms)]
        phrase = tantivy.Query.phrase_query(self._schema, name, [*forms])
        return [phrase, *(self._term(*one) for one in beside)]

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
            case Words(found, name):
                needed = [(name, self._codes.indexed(term)) for term in found]
                needed += self._side_by_side(name, found)
                # The engine counts articles that were deleted until it merges its files.
                held = (self._searcher.doc_freq(*one) for one in needed)
                return min(int(self._searcher.num_docs), *held)
            case Both(parts):
                return min(map(self.most, parts))
            case Either(parts):
                return sum(map(self.most, parts))
            case OneOf(name, values):
                return sum(self._searcher.doc_freq(name, value) for value in values)
            case Unranked(part):
                return self.most(part)
        return int(self._searcher.num_docs)

    def looked_through(self, node: Node) -> int:
        """In about how many articles it has to be seen where words stand, which takes longer; 0
        where no phrase is looked for."""
        match node:
            case Words(found, name):
                if len(found) == 1 or self._is_indexed(name, found):
                    return 0
                count = int(self._searcher.num_docs)
                beside = self._side_by_side(name, found)
                other = [one for one in found if not beside or not self._codes.are_known([one])]
                needed = [*beside, *((name, self._codes.indexed(one)) for one in other)]
                shares = (self._searcher.doc_freq(*one) / max(count, 1) for one in needed)
                return max(int(count * math.prod(shares)), 1)
            case Both(parts):
                return min(sum(map(self.looked_through, parts)), max(self.most(node), 1))
            case Either(parts):
                return sum(map(self.looked_through, parts))
            case Without(part) | Unranked(part):
                return self.looked_through(part)
        return 0

    def _is_indexed(self, name: str, terms: Sequence[str]) -> bool:
        """True where the words of a phrase, side by side, are a term of the index."""
        if name != TEXT:
            return False
        if len(terms) == 2:
            return self._codes.are_known(terms) and bool(self._codes.pairs(terms))
        return len(terms) == 3 and bool(self._codes.triples(terms))

    def _side_by_side(self, name: str, terms: Sequence[str]) -> list[tuple[str, str]]:
        """What stands where `terms` stand side by side (field, term). Only the text has any; of
        three words it may be a triple alone, which is the phrase."""
        if name != TEXT:
            return []
        held = [(TRIPLES, triple) for triple in self._codes.triples(terms)]
        if len(terms) == 3 and held:
            return held
        return [*((PAIRS, pair) for pair in self._codes.pairs(terms)), *held]

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
            if here := self._searcher.doc_freq(MONTH, number):
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
