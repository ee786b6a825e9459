"""Asking SQLite: `mode=ro`, and an authorizer that lets nothing but reading through."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.exc import DBAPIError

from corpus.statements import TOO_LONG, BadStatement, Token, did_you_mean, tokens

_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
_HARMLESS_PRAGMAS = {"table_info", "table_xinfo", "table_list", "index_list", "index_info"}
_UNWANTED_FUNCTIONS = {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"}
_MISSING = re.compile(r"no such (column|table): (\S+)")
_NEAR = re.compile(
    r'near "(.+?)":|(?:column|table|function|token)(?: name)?: "?([^\s"]+)"?'
    r"|function ([^\s(]+)\("
)
_OF_THE_FILE = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_FULL")
_STEPS = 20_000
"""Steps of SQLite's machine between two looks at the clock: some milliseconds."""


def lay_out(connection: sqlite3.Connection, matches: Sequence[tuple[int, float]]) -> None:
    """Give `connection` a table `matches` of its own, in memory; before `guard`."""
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute("PRAGMA query_only=OFF")
    connection.execute("BEGIN")
    connection.execute("CREATE TEMP TABLE matches (id INTEGER PRIMARY KEY, score REAL NOT NULL)")
    connection.executemany("INSERT INTO temp.matches VALUES (?, ?)", matches)
    connection.execute("COMMIT")
    connection.execute("PRAGMA query_only=ON")


def guard(connection: sqlite3.Connection) -> None:
    """Let `connection` do nothing but read from now on."""
    connection.set_authorizer(_authorize)


def end_after(connection: sqlite3.Connection, seconds: float) -> None:
    """Interrupt what runs longer on `connection`; 0 for never."""
    if seconds > 0:
        end = time.monotonic() + seconds
        connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)


def _authorize(action: int, first: str | None, second: str | None, *rest: str | None) -> int:
    """SQLite asks for each thing a statement would do; reading is all that it may."""
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _UNWANTED_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _HARMLESS_PRAGMAS:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def answer(
    connection: sqlite3.Connection, statement: str, parameters: Mapping[str, Any], before: str = ""
) -> tuple[list[str], Iterator[Sequence[Any]]]:
    """Columns and rows; `before` is put before the statement. Raises `BadStatement`."""
    try:
        cursor = connection.execute(before + statement, parameters)
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        raise _refused(connection, statement, error) from error
    columns = [column[0] for column in cursor.description or ()]
    return columns, _rows(connection, cursor, statement)


def bound(value: str) -> Any:
    """A parameter's value as SQLite shall see it: a number where it is written as one, since a
    count is never equal to a text."""
    for kind in (int, float):
        try:
            number = kind(value)
        except ValueError:
            continue
        if str(number) == value and (kind is float or abs(number) < 2**63):
            return number
    return value


def _rows(
    connection: sqlite3.Connection, cursor: sqlite3.Cursor, statement: str
) -> Iterator[Sequence[Any]]:
    try:
        # `yield from` would close the cursor of a reader who stops, whose connection is closed by
        # then.
        for row in cursor:  # noqa: UP028
            yield row
    except sqlite3.Error as error:
        raise _refused(connection, statement, error) from error


def _refused(connection: sqlite3.Connection, statement: str, error: Exception) -> Exception:
    """The statement is bad, or the file is, which `Database.problems` tells."""
    if getattr(error, "sqlite_errorname", "").startswith(_OF_THE_FILE):
        return DBAPIError.instance(None, None, error, sqlite3.Error)
    return _bad(connection, statement, str(error))


def _bad(connection: sqlite3.Connection, statement: str, said: str) -> BadStatement:
    """The error with its place, which Python's module does not tell: the word that it names."""
    said = " ".join(said.split())
    if said == "interrupted":
        return BadStatement(TOO_LONG)
    named, missing = _NEAR.search(said), _MISSING.search(said)
    word = next((group for group in named.groups() if group), "") if named else ""
    if said == "incomplete input":
        return BadStatement(said, statement, len(statement.rstrip()))
    places = [token.start for token in _like(word, statement)] if word else []
    if said.startswith("near") and len(places) > 1:
        places = _reached(connection, statement, word, places)
    if not places and word:
        places = [statement.lower().find(word.lower())]
    if missing:
        said += did_you_mean(missing[2], statement, "sqlite", table=missing[1] == "table")
    return BadStatement(said, statement, places[0] if places else None)


def _like(word: str, statement: str) -> Iterator[Token]:
    """The tokens that `word`, or what follows the dot in it, may be."""
    last = word.rpartition(".")[2].lower()
    for token in tokens(statement, "sqlite"):
        if token.text.lower() == word.lower() or token.name.lower() == last:
            yield token


def _reached(
    connection: sqlite3.Connection, statement: str, word: str, places: Sequence[int]
) -> list[int]:
    """Of the places where `word` stands, the one at which SQLite stops: the first such that all up
    to it is refused in the same words."""
    for place in places:
        try:
            # Explained, so that nothing runs should it be a statement after all.
            connection.execute(f"EXPLAIN {statement[: place + len(word)]}")
        except sqlite3.Error as error:
            if str(error).startswith(f'near "{word}"'):
                return [place]
    return list(places)
