"""Fields: the columns of an export, and the one form in which every writer gets their values.

Both databases are read in the form that SQLite holds: days and instants (UTC) as text, truth as 0
and 1, JSON as text with its names in order. So what is written does not depend on the database.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import Boolean, Column, Date, Float, Integer, Table, Text, cast, func
from sqlalchemy.sql.elements import ColumnElement

from corpus.columns import CleanJSON, UTCDateTime, to_json

Kind = Literal["text", "integer", "real", "boolean", "date", "instant", "json", "bytes"]
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A column of an export."""

    name: str
    kind: Kind


def field_of(column: Column[Any]) -> Field:
    """The field that a column of the tables is exported as."""
    kinds: tuple[tuple[type[Any], Kind], ...] = (
        (CleanJSON, "json"),
        (UTCDateTime, "instant"),
        (Date, "date"),
        (Boolean, "boolean"),
        (Integer, "integer"),
        (Float, "real"),
    )
    found = (kind for type_, kind in kinds if isinstance(column.type, type_))
    return Field(column.name, next(found, "text"))


def fields_of(table: Table, names: Sequence[str] | None = None) -> list[Field]:
    """The fields of a table, or of these of its columns."""
    return [field_of(table.c[name]) for name in names or table.columns.keys()]


def read_as(column: Column[Any], dialect: str) -> ColumnElement[Any]:
    """How a column is selected, so that its values come in the one form."""
    if dialect == "sqlite":
        return column
    match field_of(column).kind:
        case "date":
            return func.to_char(column, "YYYY-MM-DD").label(column.name)
        case "instant":
            at = func.timezone("UTC", column)
            return func.to_char(at, "YYYY-MM-DD HH24:MI:SS.US").label(column.name)
        case "json":
            return cast(column, Text).label(column.name)
        case "boolean":
            return cast(column, Integer).label(column.name)
    return column


@lru_cache(maxsize=50_000)
def json_in_order(text: str) -> str:
    """JSON text with the names of each object sorted: databases keep them in orders of their own.
    What the pages of one template have is the same text again and again."""
    value = json.loads(text)
    return text if isinstance(value, list) and not value else to_json(_sorted(value))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def put_in_order(fields: Sequence[Field]) -> Callable[[Sequence[Row]], Sequence[Row]]:
    """A function that gives rows with their JSON in order."""
    places = [n for n, field in enumerate(fields) if field.kind == "json"]
    if not places:
        return lambda rows: rows

    def ordered(rows: Sequence[Row]) -> Sequence[Row]:
        found = []
        for row in rows:
            values = list(row)
            for place in places:
                if values[place] is not None:
                    values[place] = json_in_order(values[place])
            found.append(values)
        return found

    return ordered


def instant(value: str) -> str:
    """An instant as text that every tool reads: `2024-04-02T12:30:00Z`, with a fraction if any."""
    at, _, fraction = value.partition(".")
    fraction = fraction.rstrip("0")
    return f"{at.replace(' ', 'T')}{'.' + fraction if fraction else ''}Z"
