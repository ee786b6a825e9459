"""Queries: a question in the engine's terms, and how much of the index it may be about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import tantivy

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
from corpus.searching.words import indexed, side_by_side

LATEST = 99_991_231
MONTHS = 12 * 100
"""Months that are looked back at the most."""
A_MONTH = timedelta(31)
"""What a portal may be ahead of the calendar."""
_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


class Queries:
    """Makes the queries for one state of the index."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema, self._searcher = schema, searcher

    def query(self, node: Node) -> tantivy.Query:
        """The engine's query for `node`."""
        match node:
            case Words():
                return self._words(node)
            case Days(first, last):
                return self._days(first, last)
            case OneOf(name, values):
                found = tantivy.Query.term_set_query(self._schema, name, list(values))
                return tantivy.Query.const_score_query(found, 0.0)
            case Either(parts):
                return tantivy.Query.boolean_query([(_SHOULD, self.query(part)) for part in parts])
            case Unranked(part):
                return tantivy.Query.const_score_query(self.query(part), 0.0)
            case Both() | Without():
                return tantivy.Query.boolean_query(self.clauses(node))

    def _words(self, node: Words) -> tantivy.Query:
        found = self._terms(node.field, node.terms)
        if node.field in (TEXT, "title"):
            return found
        # A filter: which newspaper it was says nothing of how well the text answers.
        return tantivy.Query.const_score_query(found, 0.0)

    def _terms(self, name: str, terms: Sequence[str]) -> tantivy.Query:
        if len(terms) == 1:
            return self._term(name, indexed(terms[0]))
        pairs, triples = (_common(name, terms, length) for length in (2, 3))
        # A phrase of two or three common words is one term.
        for field, found, length in ((PAIRS, pairs, 2), (TRIPLES, triples, 3)):
            if len(terms) == length and found:
                return self._term(field, found[0])
        within, codes = name, [indexed(term) for term in terms]
        if len(pairs) == len(terms) - 1:
            within, codes = PAIRS, pairs
        phrase = tantivy.Query.phrase_query(self._schema, within, [*codes])
        rarest = min(self._searcher.doc_freq(within, code) for code in codes)
        alone = [pair for pair in pairs if not any(pair in triple for triple in triples)]
        rarer = [
            (field, one)
            for field, found in ((PAIRS, alone), (TRIPLES, triples))
            for one in dict.fromkeys(found)
            if self._searcher.doc_freq(field, one) < rarest
        ]
        return self._narrowed(phrase, rarer)

    def _narrowed(self, phrase: tantivy.Query, terms: Sequence[tuple[str, str]]) -> tantivy.Query:
        """`phrase` looked for only where all `terms` are (field, term), which is quicker and ranks
        the same."""
        if not terms:
            return phrase
        found = [tantivy.Query.const_score_query(self._term(*one), 0.0) for one in terms]
        return tantivy.Query.boolean_query([(_MUST, one) for one in (phrase, *found)])

    def _term(self, name: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, name, term, "freq")

    def clauses(self, node: Node) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        """What has to be met and what not, one of the former at least."""
        parts = node.parts if isinstance(node, Both) else (node,)
        clauses = [
            (_NOT, self.query(part.part))
            if isinstance(part, Without)
            else (_MUST, self.query(part))
            for part in parts
        ]
        if all(occur == _NOT for occur, _ in clauses):
            clauses.append((_MUST, tantivy.Query.all_query()))
        return clauses

    def _days(self, first: date | None, last: date | None) -> tantivy.Query:
        days = tantivy.Query.range_query(
            self._schema,
            "day",
            tantivy.FieldType.Unsigned,
            lower_bound=int(f"{first:%Y%m%d}") if first else UNDATED + 1,
            upper_bound=int(f"{last:%Y%m%d}") if last else LATEST,
        )
        return tantivy.Query.const_score_query(days, 0.0)

    def most(self, node: Node) -> int:
        """How many articles answer at the most, as far as can be told without looking."""
        match node:
            case Words(found, name):
                fewest = min(self._searcher.doc_freq(name, indexed(term)) for term in found)
                for field, length in ((PAIRS, 2), (TRIPLES, 3)):
                    for one in _common(name, found, length):
                        fewest = min(fewest, self._searcher.doc_freq(field, one))
                return fewest
            case Both(parts):
                return min(map(self.most, parts))
            case Either(parts):
                return sum(map(self.most, parts))
            case OneOf(name, values):
                return sum(self._searcher.doc_freq(name, value) for value in values)
            case Unranked(part):
                return self.most(part)
        return int(self._searcher.num_docs)

    def sample(self, most: int) -> tuple[OneOf, float]:
        """Some of all articles, about `most` at the most, and one in how many that is."""
        count = self._searcher.num_docs
        level = str(halved(count, most))
        return OneOf(SAMPLE, (level,)), count / max(self._searcher.doc_freq(SAMPLE, level), 1)

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

    def halves(self, node: Node) -> list[tantivy.Query]:
        """The query for `node` in two parts, each about half of the articles."""
        border, kind = self._border(), tantivy.FieldType.Unsigned
        # Not as what has to be met, and open at one end: so the engine sees of a file at once that
        # all of it is in one half.
        outside = (
            tantivy.Query.range_query(self._schema, "id", kind, lower_bound=border),
            tantivy.Query.range_query(
                self._schema, "id", kind, upper_bound=border, include_upper=False
            ),
        )
        clauses = self.clauses(node)
        return [tantivy.Query.boolean_query([*clauses, (_NOT, half)]) for half in outside]

    def _border(self) -> int:
        """The id in the middle; if that can be, one with which a file begins."""
        middle = self._searcher.num_docs // 2
        begins = [tantivy.DocAddress(number, 0) for number in range(self._searcher.num_segments)]
        first = [int(number or 0) for number in self._searcher.fast_field_values("id", begins)]
        nearest = min(first, key=lambda number: abs(number - middle))
        return nearest if abs(nearest - middle) < middle // 4 else middle

    def ids(self, ids: Sequence[int]) -> tantivy.Query:
        """The very articles of `ids`."""
        return tantivy.Query.term_set_query(self._schema, "id", list(ids))


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


def _common(name: str, terms: Sequence[str], length: int) -> list[str]:
    """What of `terms` is so many common words side by side, in order; only the text has any."""
    if name != TEXT:
        return []
    windows = (terms[at : at + length] for at in range(len(terms) - length + 1))
    return [found for one in windows if (found := side_by_side(one)) is not None]
