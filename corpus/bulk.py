"""Bulk writing: many rows by one statement, at nearly the speed of the driver.

SQLAlchemy asks the type of each value of each row through several calls, which takes more time than
the database does. Here its compiler still writes the statement and its types still make the values
ready, but each column's processor is looked up once, and an instant that a batch shares is turned
once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement

from corpus.columns import CleanJSON, CleanText, UTCDateTime, clean_json, clean_string

Ready = Callable[[Any], Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert `rows`, all with the same columns."""
    if rows:
        _run(connection, _Statement.insertion(connection.dialect, table, tuple(rows[0])), rows)


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows, all with the same columns, whose identity is not there yet; the others are
    left as they are. Says nothing of how many were new: a driver does not either."""
    if rows:
        statement = _Statement.insertion(connection.dialect, table, tuple(rows[0]), new=True)
        _run(connection, statement, rows)


def update_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Set the columns of `rows`, all with the same ones, in the row of the table whose id is
    `b_id`."""
    if rows:
        _run(connection, _Statement.change(connection.dialect, table, tuple(rows[0])), rows)


class _Statement:
    """A statement of one dialect, and how its values are made ready."""

    def __init__(
        self, dialect: Dialect, statement: ClauseElement, table: Table, names: tuple[str, ...]
    ) -> None:
        compiled: Any = statement.compile(
            dialect=dialect,
            column_keys=[*names],
            for_executemany=True,
        )
        self.sql = str(compiled)
        self.positional = bool(compiled.positional)
        self.names: Sequence[str] = compiled.positiontup if self.positional else names
        self.ready = [_ready(table, name, dialect) for name in self.names]

    @staticmethod
    @lru_cache
    def insertion(
        dialect: Dialect, table: Table, names: tuple[str, ...], *, new: bool = False
    ) -> _Statement:
        """INSERT of these columns, with `new` only where nothing is in the way."""
        statement: ClauseElement = insert(table)
        if new:
            made = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
            statement = made(table).on_conflict_do_nothing()
        return _Statement(dialect, statement, table, names)

    @staticmethod
    @lru_cache
    def change(dialect: Dialect, table: Table, names: tuple[str, ...]) -> _Statement:
        """UPDATE of these columns by `b_id`."""
        statement = update(table).where(table.c.id == bindparam("b_id"))
        return _Statement(dialect, statement, table, names)


def _ready(table: Table, name: str, dialect: Dialect) -> Ready | None:
    kind = table.c["id" if name == "b_id" else name].type
    if isinstance(kind, CleanText):
        return clean_string
    if isinstance(kind, CleanJSON) and dialect.name == "sqlite":
        return clean_json
    # As SQLAlchemy itself gets it: the type's own, for this driver.
    found: Ready | None = kind.dialect_impl(dialect).bind_processor(dialect)
    if found is not None and isinstance(kind, UTCDateTime):
        return _once(found)
    return found


def _once(ready: Ready) -> Ready:
    """`ready`, which remembers its last value: most instants of a batch are the same."""
    last: list[Any] = [None, None]

    def again(value: datetime) -> Any:
        if value is not last[0]:
            last[:] = value, ready(value)
        return last[1]

    return again


def _run(connection: Connection, statement: _Statement, rows: Sequence[dict[str, Any]]) -> None:
    columns = (
        _column([row[name] for row in rows], ready)
        for name, ready in zip(statement.names, statement.ready, strict=True)
    )
    values: Any = list(zip(*columns, strict=True))
    if not statement.positional:
        values = [dict(zip(statement.names, row, strict=True)) for row in values]
    connection.exec_driver_sql(statement.sql, values)


def _column(values: list[Any], ready: Ready | None) -> list[Any]:
    if ready is None or (ready is clean_string and _are_clean(values)):
        return values
    return [None if value is None else ready(value) for value in values]


def _are_clean(values: list[str | None]) -> bool:
    """True where `clean_string` would change none: all of them are looked at as one."""
    whole = "".join(filter(None, values))
    if whole.isascii():
        return "\x00" not in whole
    try:
        return b"\x00" not in whole.encode()
    except UnicodeEncodeError:
        return False
