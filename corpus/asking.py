"""Asking: one statement of a user's, which can only read, on either database.

Three walls, each enough by itself: the first word must be that of a question; the connection
cannot write (SQLite `mode=ro` and an authorizer, PostgreSQL a read-only transaction with a time
limit); and only one statement is sent (prepared, so the server too refuses a second).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from corpus.database import Database
from corpus.problems import DatabaseProblem
from corpus.schema import check_schema

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


@contextmanager
def asking(database: Database, statement: str) -> Iterator[Answer]:
    """The answer to one read-only statement, streamed while the context is open.

    Raises `BadStatement` or `DatabaseProblem`.
    """
    word = _first_word(statement)
    if word not in QUESTIONS:
        shown = f"begins with {word!r}" if word else "is empty"
        raise BadStatement(
            f"the statement {shown}; one that reads is wanted: {', '.join(QUESTIONS)}"
        )
    _must_exist(database)
    ask = _ask_sqlite if database.path is not None else _ask_postgresql
    with database.problems(), ask(database, statement) as answer:
        yield answer


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
        try:
            cursor = connection.execute(statement)
        except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
            raise _bad(statement, str(error)) from error
        columns = [column[0] for column in cursor.description or ()]
        yield Answer(columns, _rows_sqlite(cursor, statement))
    finally:
        connection.close()


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
    import psycopg

    with database.reading() as connection:
        if connection.execute(text("SHOW is_superuser")).scalar() == "on":
            # A superuser reads the server's files even in a read-only transaction.
            connection.execute(text("SET LOCAL ROLE pg_read_all_data"))
        raw: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
        try:
            # Prepared, it goes by the extended protocol, which takes one statement only.
            cursor = raw.execute(statement.encode(), prepare=True)
        except psycopg.Error as error:
            if error.sqlstate is None or error.sqlstate.startswith(("08", "57P", "53")):
                raise database.problem_of_driver(error) from error
            place = error.diag.statement_position
            said = error.diag.message_primary or str(error)
            raise _bad(statement, said, int(place) - 1 if place else None) from error
        columns = [column.name for column in cursor.description or ()]
        yield Answer(columns, iter(cursor))


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
