"""Signs: the ordered ways to read one field, and which of them won.

A field is a tuple of signs, best first. They are tried one after the other and the first value
wins; `every` also tries those that lost, for `scrapy try`. A sign's name is what `article.signs`
records: `selector:<css>`, `structure:<name>`, `jsonld`, `meta:<name>`, `trafilatura`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

View = TypeVar("View")
Value = TypeVar("Value")

MAX_FIELD = 2_000
"""Characters of the longest one-line field; what is longer is cut and flagged `<field>_cut`."""


class Sign(NamedTuple, Generic[View, Value]):
    """One way to read a field: a name and a function that returns a value or None."""

    name: str
    read: Callable[[View], Value | None]


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Value]):
    """What one sign says. `value` is None where it says nothing."""

    sign: str
    value: Value | None
    refused: str = ""
    """Why its value cannot be the field's, whatever other signs say."""


def first(signs: Iterable[Sign[View, Value]], view: View) -> tuple[Value, str] | tuple[None, None]:
    """The first sign that says something: (value, name of the sign). Later signs do not run."""
    for sign in signs:
        value = sign.read(view)
        if value is not None and value != "":
            return value, sign.name
    return None, None


def every(signs: Iterable[Sign[View, Value]], view: View) -> list[Candidate[Value]]:
    """What each sign says, in order; the first with a value is the winner."""
    return [Candidate(sign.name, sign.read(view) or None) for sign in signs]


def cut(text: str, limit: int = MAX_FIELD) -> tuple[str, bool]:
    """`text` no longer than `limit`, and whether it was cut."""
    if len(text) <= limit:
        return text, False
    return text[:limit].rstrip(), True
