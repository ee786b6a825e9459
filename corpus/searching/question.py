"""Question: what a person typed to what is asked of the index. Total: every text is a question,
and what cannot be read as syntax is read as words.

    or de Kayes                 all of these words, in any order
    "or de Kayes"               these words side by side; « » and “ ” do as well
    coton OR riz Mali           one of the two neighbours, and Mali; OU does as well
    mine -Loulo                 without that word; also -"…", -source:…
    titre:grève  source:"L’Essor"  section: auteur: agence: portail: langue:
    date:2024  date:2024-03  date:2024-03-01  date:2020..2021  date:2020..
    (coton OR riz) prix         parentheses group
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from corpus.searching.words import fold, joined_numbers, terms
from corpus.selection import BadDay, first_day, last_day

TEXT = "text"
FIELDS = {
    **dict.fromkeys(("titre", "title"), "title"),
    "source": "source",
    **dict.fromkeys(("section", "rubrique"), "section"),
    **dict.fromkeys(("auteur", "author"), "author"),
    **dict.fromkeys(("agence", "agency"), "agency"),
    **dict.fromkeys(("portail", "portal"), "portal"),
    **dict.fromkeys(("langue", "language"), "language"),
}
"""What may stand before a colon → the index's field."""
DATE = "date"
EITHER = ("OR", "OU")
DEEPEST = 25
"""Parentheses inside parentheses that are still read as such."""
_QUOTES = {'"': '"', "«": "»", "“": "”", "„": "”", "”": "”"}
_CLOSING = "".join({*_QUOTES.values()})
_FIELD = re.compile(r"(\w+):(?=\S)")
_WORD = re.compile(rf"[^\s{''.join(_QUOTES)}»]+")


@dataclass(frozen=True, slots=True)
class Words:
    """Terms that stand side by side in a field; a single one most often."""

    terms: tuple[str, ...]
    field: str = TEXT


@dataclass(frozen=True, slots=True)
class Days:
    """Published on one of these days, both included; an open end is None."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class OneOf:
    """A field has one of these values to the letter: what an option asks, no text."""

    field: str
    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """All of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of these at least."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Not this."""

    part: Node


@dataclass(frozen=True, slots=True)
class Unranked:
    """This, but nothing is ranked by it."""

    part: Node


Node = Words | Days | OneOf | Both | Either | Without | Unranked


@dataclass(frozen=True, slots=True)
class _Token:
    """`(`, `)`, `OR` or a `unit`, with what stood before it."""

    kind: str
    text: str = ""
    field: str | None = None
    quoted: bool = False
    minus: bool = False


def parse(text: str) -> Node | None:
    """The question of `text`; None where no word is in it."""
    return _Parser(_tokens(joined_numbers(text))).all(0)


def wanted(node: Node | None) -> list[tuple[str, ...]]:
    """What an article that answers shows of its text and headline: sequences of terms."""
    match node:
        case Words(found, field):
            return [found] if field in (TEXT, "title") else []
        case Both(parts) | Either(parts):
            return list(dict.fromkeys(one for part in parts for one in wanted(part)))
    return []


def both(nodes: Iterable[Node | None]) -> Node | None:
    """All of `nodes` that are there."""
    parts = tuple(node for node in nodes if node is not None)
    return Both(parts) if len(parts) > 1 else (parts[0] if parts else None)


def narrowed(question: Node, part: Node) -> Node:
    """`question`, asked of a part of the articles. Side by side, which the engine answers quicker
    than one within the other."""
    parts = question.parts if isinstance(question, Both) else (question,)
    return Both((*parts, part))


def ranks(node: Node) -> bool:
    """True where a word of the text is asked for, by which articles can be ranked."""
    match node:
        case Words(_, name):
            return name in (TEXT, "title")
        case Both(parts) | Either(parts):
            return any(map(ranks, parts))
    return False


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        start = at
        minus = text[at] in "-−" and text[at + 1 : at + 2].strip("-−") != ""
        at += minus
        field = None
        if (named := _FIELD.match(text, at)) and (name := fold(named[1])) in {*FIELDS, DATE}:
            field, at = FIELDS.get(name, DATE), named.end()
        token, at = _token(text, at, field, minus)
        if token is not None:
            found.append(token)
        at = max(at, start + 1)
    return found


def _token(text: str, at: int, field: str | None, minus: bool) -> tuple[_Token | None, int]:
    """The token at `at`, and where the next may begin."""
    one = text[at : at + 1]
    if one == "(":
        return _Token("(", minus=minus, field=field), at + 1
    if one == ")":
        return _Token(")"), at + 1
    if one in _QUOTES:
        end = text.find(_QUOTES[one], at + 1)
        if end > 0:
            return _Token("unit", text[at + 1 : end], field, True, minus), end + 1
        return None, at + 1
    word = _WORD.match(text, at)
    if word is None:
        return None, at + 1
    shown = word[0]
    closed = len(shown) - len(shown.rstrip(")")) if "(" not in shown else 0
    if closed:
        # Parentheses that close a group are tokens of their own; `conseil(s)` is a word.
        shown = shown[:-closed]
    if shown in EITHER and not minus and field is None:
        return _Token("OR", shown), at + len(shown)
    return _Token("unit", shown, field, False, minus), at + len(shown)


class _Parser:
    """Recursive descent over tokens; whatever does not fit is passed over or read as a word."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at = tokens, 0

    def all(self, depth: int) -> Node | None:
        """What stands up to the end of the group."""
        parts: list[Node] = []
        while (token := self._next()) is not None:
            if token.kind == ")":
                self._at += 1
                if depth:
                    break
                continue
            part = self._either(depth)
            if part is not None:
                parts.append(part)
        return both(parts)

    def _either(self, depth: int) -> Node | None:
        found = [self._unit(depth)]
        while (token := self._next()) is not None and token.kind == "OR":
            after = self._tokens[self._at + 1 : self._at + 2]
            if found[-1] is None or not after or after[0].kind in (")", "OR"):
                break
            self._at += 1
            found.append(self._unit(depth))
        parts = tuple(dict.fromkeys(part for part in found if part is not None))
        return Either(parts) if len(parts) > 1 else (parts[0] if parts else None)

    def _unit(self, depth: int) -> Node | None:
        token = self._tokens[self._at]
        self._at += 1
        part: Node | None
        if token.kind == "(":
            part = self.all(depth + 1) if depth < DEEPEST else None
            if token.field not in (None, DATE) and part is not None:
                part = in_field(part, str(token.field))
        elif token.field == DATE:
            part = _days(token.text)
        else:
            found = tuple(terms(token.text))
            part = Words(found, token.field or TEXT) if found else None
        return Without(part) if token.minus and part is not None else part

    def _next(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None


def in_field(node: Node, field: str) -> Node:
    """`node` with this field where it names none of its own: `titre:(coton OR riz)`."""
    match node:
        case Words(found, named):
            return Words(found, field if named == TEXT else named)
        case Both(parts):
            return Both(tuple(in_field(part, field) for part in parts))
        case Either(parts):
            return Either(tuple(in_field(part, field) for part in parts))
        case Without(part):
            return Without(in_field(part, field))
    return node


def _days(text: str) -> Node:
    """`2024-03` or `2020..2021`; the words of anything else."""
    first, dots, last = text.partition("..")
    try:
        if dots and (first or last):
            return Days(first_day(first) if first else None, last_day(last) if last else None)
        return Days(first_day(text), last_day(text))
    except BadDay:
        return Words(tuple(terms(f"{DATE} {text}")))
