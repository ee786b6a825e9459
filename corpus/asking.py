"""Asking: one statement of a user's, which can only read, on either database.

Three walls, each enough by itself: the first word must be that of a question; the connection
cannot write (SQLite `mode=ro` and an authorizer, PostgreSQL a read-only transaction of the role
`titrologue_reader`, and no function that may do more than read); and only one statement is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol

from sqlalchemy import text

from corpus import asking_postgresql, asking_sqlite
from corpus.database import Database
from corpus.problems import DatabaseProblem
from corpus.schema import check_schema
from corpus.statements import BadStatement, Sent, must_be_given, must_read, sent

__all__ = ["Answer", "Ask", "BadStatement", "NoCorpus", "asking", "snapshot"]


_EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}


class NoCorpus(DatabaseProblem):
    """There is nothing to ask yet."""


@dataclass(slots=True)
class Answer:
    """Columns by name, and rows as they come."""

    columns: list[str]
    rows: Iterator[Sequence[Any]]


Matches = Sequence[tuple[int, float]]
"""Articles that answer a search: (id, score). A table `matches` of the statement's own moment."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One statement, with all that goes with it."""

    statement: str
    parameters: Mapping[str, str]
    matches: Matches | None
    timeout: float
    plan: str | None
    """What is put before it to be told the plan; None for the answer."""


class Ask(Protocol):
    """Asks one statement, which can only read, with its named parameters: `:name` on SQLite,
    `%(name)s` on PostgreSQL (where, with parameters, even none, every other `%` is written twice).
    Raises `BadStatement`.
    """

    def __call__(self, statement: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        """The answer; its rows come as they are asked for, and end with the context."""
        ...


@contextmanager
def asking(
    database: Database,
    statement: str,
    parameters: Mapping[str, str] | None = None,
    *,
    matches: Matches | None = None,
    timeout: float = 0.0,
    explain: bool = False,
) -> Iterator[Answer]:
    """The answer to one read-only statement, streamed while the context is open.

    `parameters` are what `:name` in it stands for: bound, never put into its text. It is ended
    after `timeout` seconds (0: never). `explain`: not the answer, but how it would be found.
    `matches`: what the statement may join as a table of that name.
    Raises `BadStatement` or `DatabaseProblem`.
    """
    given = parameters or {}
    word = must_read(statement)
    must_be_given(statement, database.dialect, given)
    _must_exist(database)
    ask = _ask_sqlite if database.path is not None else _ask_postgresql
    plan = _EXPLAIN[database.dialect] if explain else ("" if word == "explain" else None)
    asked = _Asked(statement, given, matches, timeout, plan)
    with database.problems(), ask(database, asked) as answer:
        yield answer


@contextmanager
def snapshot(database: Database, *, timeout: float = 0.0) -> Iterator[Ask]:
    """Answers any number of read-only statements, each as if at the moment of the first: what is
    written meanwhile does not show. Of any size in constant memory; ended after `timeout` seconds
    (0: never).

    Raises `DatabaseProblem`.
    """
    _must_exist(database)
    opened = _snapshot_sqlite if database.path is not None else _snapshot_postgresql
    with database.problems(), opened(database, timeout) as ask:
        yield ask


def for_snapshot(
    database: Database, statement: str, parameters: Mapping[str, str]
) -> tuple[str, dict[str, Any]]:
    """A statement and its parameters, written as for `asking`, as `Ask` takes them. Raises
    `BadStatement` unless they are those that it wants."""
    must_be_given(statement, database.dialect, parameters)
    if database.path is not None:
        return statement, {name: asking_sqlite.bound(value) for name, value in parameters.items()}
    return sent(statement).text, dict(parameters)


def _must_exist(database: Database) -> None:
    """A question makes no database."""
    missing = NoCorpus(f"no corpus at {database.display} yet; run `scrapy crawl abamako` first")
    if database.path is not None and not (database.path.exists() and database.path.stat().st_size):
        raise missing
    with database.problems(), database.reading() as connection:
        if check_schema(connection, database.display, older_is_fine=True):
            raise missing


@contextmanager
def _ask_sqlite(database: Database, asked: _Asked) -> Iterator[Answer]:
    values = {name: asking_sqlite.bound(value) for name, value in asked.parameters.items()}
    connection = database.read_only_sqlite()
    try:
        if asked.matches is not None:
            asking_sqlite.lay_out(connection, asked.matches)
        asking_sqlite.guard(connection)
        asking_sqlite.end_after(connection, asked.timeout)
        yield Answer(*asking_sqlite.answer(connection, asked.statement, values, asked.plan or ""))
    finally:
        connection.close()


@contextmanager
def _snapshot_sqlite(database: Database, timeout: float) -> Iterator[Ask]:
    connection = database.read_only_sqlite()

    def ask(statement: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        must_read(statement)
        return Answer(*asking_sqlite.answer(connection, statement, parameters or {}))

    try:
        # The first look, not `BEGIN`, is what the snapshot is of.
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        asking_sqlite.guard(connection)
        asking_sqlite.end_after(connection, timeout)
        yield ask
    finally:
        connection.close()


@contextmanager
def _ask_postgresql(database: Database, asked: _Asked) -> Iterator[Answer]:
    whole = sent(asked.statement)
    with asking_postgresql.reading(database, asked.matches) as connection:
        connection.execute(text(f"SET LOCAL statement_timeout = {round(asked.timeout * 1000)}"))
        # All rows are wanted, not the first ones soon.
        connection.execute(text("SET LOCAL cursor_tuple_fraction = 1"))
        raw = asking_postgresql.guard(connection)
        asking_postgresql.must_not_do(connection, asked.statement)
        values = asked.parameters
        if asked.plan is not None:
            yield Answer(*asking_postgresql.plan(database, raw, whole, values, asked.plan))
        else:
            with raw.cursor(name="titrologue") as cursor:
                yield Answer(*asking_postgresql.answer(database, cursor, whole, values))


@contextmanager
def _snapshot_postgresql(database: Database, timeout: float) -> Iterator[Ask]:
    with database.reading() as connection, ExitStack() as cursors:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        connection.execute(text(f"SET LOCAL statement_timeout = {round(timeout * 1000)}"))
        raw = asking_postgresql.guard(connection)
        # As on SQLite: what the snapshot is of is settled now.
        connection.execute(text("SELECT 1 FROM alembic_version"))

        def ask(statement: str, parameters: Mapping[str, Any] | None = None) -> Answer:
            must_read(statement)
            asking_postgresql.must_not_do(connection, statement)
            cursor = cursors.enter_context(raw.cursor(name=f"titrologue_{next(numbers)}"))
            whole = Sent(statement, statement)
            return Answer(*asking_postgresql.answer(database, cursor, whole, parameters))

        numbers = count(1)
        yield ask
