"""Queries: a question in the engine's terms, and how much of the index it may be about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import tantivy

from corpus.searching.index import PAIRS, UNDATED
from corpus.searching.question import TEXT, Both, Days, Either, Node, OneOf, Without, Words
from corpus.searching.words import indexed, pair

LATEST = 99_991_231
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
        of_two = [pair(*two) for two in pairwise(terms)] if name == TEXT else []
        pairs = [found for found in of_two if found is not None]
        if len(pairs) == len(terms) - 1:
            return self._of_pairs(pairs)
        phrase = tantivy.Query.phrase_query(self._schema, name, [indexed(term) for term in terms])
        rarest = min(self._searcher.doc_freq(name, indexed(term)) for term in terms)
        rarer = [
            found
            for found in dict.fromkeys(pairs)
            if self._searcher.doc_freq(PAIRS, found) < rarest
        ]
        return self._narrowed(phrase, rarer)

    def _of_pairs(self, pairs: Sequence[str]) -> tantivy.Query:
        """A phrase of common words alone: their pairs side by side."""
        if len(pairs) == 1:
            return self._term(PAIRS, pairs[0])
        return tantivy.Query.phrase_query(self._schema, PAIRS, list(pairs))

    def _narrowed(self, phrase: tantivy.Query, pairs: Sequence[str]) -> tantivy.Query:
        """`phrase` looked for only where all `pairs` are, which is quicker and ranks the same."""
        if not pairs:
            return phrase
        found = [tantivy.Query.const_score_query(self._term(PAIRS, one), 0.0) for one in pairs]
        return tantivy.Query.boolean_query([(_MUST, phrase), *((_MUST, one) for one in found)])

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
                return min(self._searcher.doc_freq(name, indexed(term)) for term in found)
            case Both(parts):
                return min(map(self.most, parts))
            case Either(parts):
                return sum(map(self.most, parts))
        return int(self._searcher.num_docs)

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
