"""Asking: one statement of a user's, which can only read, on either database.

Three walls, each enough by itself: the first word must be that of a question; the connection
cannot write (SQLite `mode=ro` and an authorizer, PostgreSQL a read-only transaction with a time
limit); and only one statement is sent (prepared, so the server too refuses a second).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection, text

from corpus.database import Database
from corpus.problems import DatabaseProblem
from corpus.schema import check_schema

if TYPE_CHECKING:
    import psycopg

QUESTIONS = ("select", "with", "values", "explain")
_LEADING = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/|\()*", re.DOTALL)
_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
_HARMLESS_PRAGMAS = {"table_info", "table_xinfo", "table_list", "index_list", "index_info"}
_UNWANTED_FUNCTIONS = {"load_extension", "readfile", "writefile", "edit"}
_NEAR = re.compile(r'near "(.+?)"|(?:column|table|function|token): "?([^\s"]+)"?')


class BadStatement(Exception):
    """The statement was refused or is wrong. One line, with the place where it is known."""


class NoCorpus(DatabaseProblem):
    """There is nothing to ask yet."""


@dataclass(slots=True)
class Answer:
    """Columns by name, and rows as they come."""

    columns: list[str]
    rows: Iterator[Sequence[Any]]


class Ask(Protocol):
    """Asks one statement, which can only read, with its named parameters: `:name` on SQLite,
    `%(name)s` on PostgreSQL (where, with parameters, even none, every other `%` is written twice).
    Raises `BadStatement`.
    """

    def __call__(self, statement: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        """The answer; its rows come as they are asked for, and end with the context."""
        ...


ROWS_AT_ONCE = 500
"""Rows that a snapshot of PostgreSQL sends at a time; so many are held."""


@contextmanager
def asking(database: Database, statement: str) -> Iterator[Answer]:
    """The answer to one read-only statement, streamed while the context is open.

    Raises `BadStatement` or `DatabaseProblem`.
    """
    _must_read(statement)
    _must_exist(database)
    ask = _ask_sqlite if database.path is not None else _ask_postgresql
    with database.problems(), ask(database, statement) as answer:
        yield answer


@contextmanager
def snapshot(database: Database) -> Iterator[Ask]:
    """Answers any number of read-only statements, each as if at the moment of the first: what is
    written meanwhile does not show. Of any size in constant memory, and without a time limit.

    Raises `DatabaseProblem`.
    """
    _must_exist(database)
    opened = _snapshot_sqlite if database.path is not None else _snapshot_postgresql
    with database.problems(), opened(database) as ask:
        yield ask


def _must_read(statement: str) -> None:
    word = _first_word(statement)
    if word not in QUESTIONS:
        shown = f"begins with {word!r}" if word else "is empty"
        raise BadStatement(
            f"the statement {shown}; one that reads is wanted: {', '.join(QUESTIONS)}"
        )


def _first_word(statement: str) -> str:
    start = _LEADING.match(statement)
    found = re.match(r"\w+", statement[start.end() if start else 0 :])
    return found.group().lower() if found else ""


def _must_exist(database: Database) -> None:
    """A question makes no database."""
    missing = NoCorpus(f"no corpus at {database.display} yet; run `scrapy crawl abamako` first")
    if database.path is not None and not (database.path.exists() and database.path.stat().st_size):
        raise missing
    with database.problems(), database.reading() as connection:
        if check_schema(connection, database.display, older_is_fine=True):
            raise missing


@contextmanager
def _ask_sqlite(database: Database, statement: str) -> Iterator[Answer]:
    connection = database.read_only_sqlite()
    try:
        connection.set_authorizer(_authorize)
        yield _answer_sqlite(connection, statement, {})
    finally:
        connection.close()


@contextmanager
def _snapshot_sqlite(database: Database) -> Iterator[Ask]:
    connection = database.read_only_sqlite()

    def ask(statement: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        _must_read(statement)
        return _answer_sqlite(connection, statement, parameters or {})

    try:
        # The first look, not `BEGIN`, is what the snapshot is of.
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        connection.set_authorizer(_authorize)
        yield ask
    finally:
        connection.close()


def _answer_sqlite(
    connection: sqlite3.Connection, statement: str, parameters: Mapping[str, Any]
) -> Answer:
    try:
        cursor = connection.execute(statement, parameters)
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        raise _bad(statement, str(error)) from error
    columns = [column[0] for column in cursor.description or ()]
    return Answer(columns, _rows_sqlite(cursor, statement))


def _rows_sqlite(cursor: sqlite3.Cursor, statement: str) -> Iterator[Sequence[Any]]:
    try:
        yield from cursor
    except sqlite3.Error as error:
        raise _bad(statement, str(error)) from error


def _authorize(action: int, first: str | None, second: str | None, *rest: str | None) -> int:
    """SQLite asks for each thing a statement would do; reading is all that it may."""
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _UNWANTED_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _HARMLESS_PRAGMAS:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


@contextmanager
def _ask_postgresql(database: Database, statement: str) -> Iterator[Answer]:
    with database.reading() as connection:
        raw = _guarded(connection)
        with _refusals(database, statement):
            # Prepared, it goes by the extended protocol, which takes one statement only.
            cursor = raw.execute(statement.encode(), prepare=True)
        columns = [column.name for column in cursor.description or ()]
        yield Answer(columns, iter(cursor))


@contextmanager
def _snapshot_postgresql(database: Database) -> Iterator[Ask]:
    """Each statement is a cursor of the server's, which takes one statement only, too."""
    with database.reading() as connection, ExitStack() as cursors:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        raw = _guarded(connection)
        # As on SQLite: what the snapshot is of is settled now.
        connection.execute(text("SELECT 1 FROM alembic_version"))

        def ask(statement: str, parameters: Mapping[str, Any] | None = None) -> Answer:
            _must_read(statement)
            cursor = cursors.enter_context(raw.cursor(name=f"titrologue_{next(numbers)}"))
            cursor.itersize = ROWS_AT_ONCE
            before = len(f'DECLARE "{cursor.name}" CURSOR FOR ')
            with _refusals(database, statement, before):
                cursor.execute(statement.encode(), parameters)
            columns = [column.name for column in cursor.description or ()]
            return Answer(columns, _rows_postgresql(database, cursor, statement))

        numbers = count(1)
        yield ask


def _rows_postgresql(
    database: Database, cursor: psycopg.ServerCursor[Any], statement: str
) -> Iterator[Sequence[Any]]:
    with cursor, _refusals(database, statement):
        yield from cursor


def _guarded(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's connection, without a superuser's powers."""
    if connection.execute(text("SHOW is_superuser")).scalar() == "on":
        # A superuser reads the server's files even in a read-only transaction.
        connection.execute(text("SET LOCAL ROLE pg_read_all_data"))
    raw: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    return raw


@contextmanager
def _refusals(database: Database, statement: str, before: int = 0) -> Iterator[None]:
    """What psycopg raises, as what it means; `before` characters were put before the statement."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        state = error.sqlstate
        # 08P01 is no lost connection: the statement has a parameter that nobody gave.
        if state is None or (state != "08P01" and state.startswith(("08", "57P", "53"))):
            raise database.problem_of_driver(error) from error
        place = error.diag.statement_position
        said = error.diag.message_primary or str(error)
        raise _bad(statement, said, int(place) - 1 - before if place else None) from error


def _bad(statement: str, said: str, offset: int | None = None) -> BadStatement:
    """The error with line and column, from the database or by the word that it names."""
    said = " ".join(said.split())
    if offset is None:
        named = _NEAR.search(said)
        word = next((group for group in named.groups() if group), "") if named else ""
        offset = statement.lower().find(word.lower()) if word else -1
    if offset is None or offset < 0:
        return BadStatement(said)
    before = statement[:offset]
    line, column = before.count("\n") + 1, offset - before.rfind("\n")
    return BadStatement(f"{said} (line {line}, column {column})")
