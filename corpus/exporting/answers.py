"""Answers: rows of a user's own statement, whose types nobody has declared.

The whole answer is looked at once before anything is written: a column may begin with whole
numbers, or with nothing, and go on with text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from corpus.asking import Answer, BadStatement
from corpus.columns import BIGGEST, to_json
from corpus.exporting.fields import Field, Kind, Row


def fields_of_answer(answer: Answer) -> list[Field]:
    """The fields of an answer, which is read to its end. Raises `BadStatement` where two columns
    have one name."""
    twice = {name for name in answer.columns if answer.columns.count(name) > 1}
    if twice:
        raise BadStatement(
            f"two columns are called {sorted(twice)[0]}; give one another name with AS"
        )
    seen: list[set[Kind]] = [set() for _ in answer.columns]
    for row in answer.rows:
        for kinds, value in zip(seen, row, strict=True):
            if value is not None:
                kinds.add(_kind_of(value))
    return [Field(name, _joint(kinds)) for name, kinds in zip(answer.columns, seen, strict=True)]


def rows_of_answer(answer: Answer, fields: Sequence[Field]) -> Iterator[Row]:
    """Its rows, each value in the one form of its field."""
    shapes = [_shape(field.kind) for field in fields]
    for row in answer.rows:
        yield [
            None if value is None else shape(value)
            for shape, value in zip(shapes, row, strict=True)
        ]


def _kind_of(value: Any) -> Kind:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "real"
        case Decimal():
            whole = value.is_finite() and value == int(value) and abs(value) <= BIGGEST
            # `sum` of whole numbers is a decimal to PostgreSQL, their average has places.
            return "integer" if whole and value.as_tuple().exponent == 0 else "real"
        case datetime():
            return "instant"
        case date():
            return "date"
        case list() | dict():
            return "json"
        case bytes() | memoryview():
            return "bytes"
    return "text"


def _joint(kinds: Iterable[Kind]) -> Kind:
    """The kind that holds all of `kinds`."""
    found = set(kinds)
    if len(found) == 1:
        return found.pop()
    return "real" if found == {"integer", "real"} else "text"


def _shape(kind: Kind) -> Callable[[Any], Any]:
    shapes: dict[Kind, Callable[[Any], Any]] = {
        "integer": int,
        "real": float,
        "boolean": bool,
        "bytes": bytes,
        "json": to_json,
        "date": date.isoformat,
        "instant": _instant,
    }
    return shapes.get(kind, _text)


def _instant(value: datetime) -> str:
    at = value.astimezone(UTC) if value.tzinfo else value
    return at.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return to_json(value) if isinstance(value, list | dict) else str(value)
