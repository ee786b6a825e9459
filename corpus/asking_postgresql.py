"""Asking PostgreSQL: a read-only transaction of the role that may only read, and one statement.

A user's statement could lead out of the role by `set_config('role', …)`, and run SQL that is made
of a string by `query_to_xml` and its like. All that is such is `volatile` by the server's own
account, so a statement that calls a function which is so, or runs a string, is not sent at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from corpus.database import Database
from corpus.reader_role import READER
from corpus.statements import TOO_LONG, BadStatement, Sent, called, did_you_mean, tokens

if TYPE_CHECKING:
    import psycopg

ROWS_AT_ONCE = 500
"""Rows that the server sends at a time; so many are held."""
_HARMLESS = (
    "random", "clock_timestamp", "timeofday", "gen_random_uuid", "setseed", "pg_relation_size",
    "pg_table_size", "pg_indexes_size", "pg_total_relation_size", "pg_database_size",
)  # fmt: skip
"""Called volatile because they give something else each time, not because they do something."""
_RUN_A_STRING = (
    "crosstab", "crosstab2", "crosstab3", "crosstab4", "crosstabn", "connectby", "xpath_table",
    "dblink", "query_to_xml", "query_to_xmlschema", "query_to_xml_and_xmlschema", "cursor_to_xml",
    "cursor_to_xmlschema", "ts_stat", "ts_rewrite", "set_config",
)  # fmt: skip
"""Run SQL out of a string, though an extension may call them stable; or change a setting."""
_MISSING = re.compile(r'(column|relation) "?([^"\s]+)"? does not exist')
_LAY_OUT = (
    "CREATE TEMPORARY TABLE matches (id bigint PRIMARY KEY, score double precision NOT NULL)",
    "GRANT SELECT ON pg_temp.matches TO PUBLIC",
)
_FILL = text(
    "INSERT INTO pg_temp.matches SELECT * FROM unnest(CAST(:ids AS bigint[]), "
    "CAST(:scores AS double precision[]))"
)
# Compared as names, for which the catalogue has an index.
_DEEDS = text(
    "SELECT DISTINCT proname FROM pg_catalog.pg_proc WHERE proname = ANY(CAST(:names AS name[])) "
    "AND (provolatile = 'v' AND proname <> ALL(CAST(:harmless AS name[])) "
    "OR proname = ANY(CAST(:strings AS name[])))"
)
_MAY_BE_READER = text(
    "SELECT pg_has_role(oid, 'MEMBER') AND has_schema_privilege(oid, current_schema(), 'USAGE') "
    "AND has_table_privilege(oid, 'alembic_version', 'SELECT') "
    "FROM pg_catalog.pg_roles WHERE rolname = :reader"
)


@contextmanager
def reading(
    database: Database, matches: Sequence[tuple[int, float]] | None
) -> Iterator[Connection]:
    """A transaction that only reads, in which `matches` is a table of its own, if there are any.

    That table is made first, then the transaction told to write no more: which cannot be taken
    back. It ends with the transaction, which is never committed.
    """
    if matches is None:
        with database.reading() as connection:
            yield connection
        return
    with database.engine.connect() as connection, connection.begin() as transaction:
        for statement in _LAY_OUT:
            connection.execute(text(statement))
        ids, scores = [number for number, _ in matches], [score for _, score in matches]
        connection.execute(_FILL, {"ids": ids, "scores": scores})
        connection.execute(text("ANALYZE pg_temp.matches"))
        connection.execute(text("SET TRANSACTION READ ONLY"))
        yield connection
        transaction.rollback()


def guard(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's connection, for the rest of its transaction with the rights of a reader: the
    role that `scrapy migrate` makes, else of a superuser those to read any table."""
    # Else a backslash would end a string elsewhere than our reading of it says.
    connection.execute(text("SET LOCAL standard_conforming_strings = on"))
    if connection.execute(_MAY_BE_READER, {"reader": READER}).scalar():
        connection.execute(text(f"SET LOCAL ROLE {READER}"))
    elif connection.execute(text("SHOW is_superuser")).scalar() == "on":
        # A superuser reads the server's files even in a read-only transaction.
        connection.execute(text("SET LOCAL ROLE pg_read_all_data"))
    raw: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    return raw


def must_not_do(connection: Connection, statement: str) -> None:
    """Raise `BadStatement` where the statement calls a function that may do more than read."""
    for token in tokens(statement, "postgresql"):
        if token.kind == "quoted" and statement[: token.start].lower().endswith("u&"):
            raise BadStatement('names in U&"…" are not read here', statement, token.start - 2)
    found = list(called(statement, "postgresql"))
    if not found:
        return
    names = {
        "names": [token.name for token in found],
        "harmless": list(_HARMLESS),
        "strings": list(_RUN_A_STRING),
    }
    deeds = set(connection.execute(_DEEDS, names).scalars())
    for token in found:
        if token.name in deeds:
            raise BadStatement(
                f"the function {token.name} may do more than read", statement, token.start
            )


def plan(
    database: Database,
    raw: psycopg.Connection[Any],
    statement: Sent,
    values: Mapping[str, Any],
    before: str,
) -> tuple[list[str], Iterator[Sequence[Any]]]:
    """The plan of a statement, which no cursor of the server's gives; `before` is EXPLAIN, or empty
    where the statement itself begins so."""
    with refusals(database, statement, len(before)):
        # Prepared, it goes by the extended protocol, which takes one statement only.
        cursor = raw.execute((before + statement.text).encode(), values, prepare=True)
    return [column.name for column in cursor.description or ()], iter(cursor)


def answer(
    database: Database,
    cursor: psycopg.ServerCursor[Any],
    statement: Sent,
    values: Mapping[str, Any] | None,
) -> tuple[list[str], Iterator[Sequence[Any]]]:
    """Columns and rows of a statement, by a cursor of the server's: as many rows are held as come
    at a time, and it takes one statement only, too."""
    cursor.itersize = ROWS_AT_ONCE
    with refusals(database, statement, len(f'DECLARE "{cursor.name}" CURSOR FOR ')):
        cursor.execute(statement.text.encode(), values)
    return [column.name for column in cursor.description or ()], _rows(database, cursor, statement)


def _rows(
    database: Database, cursor: psycopg.ServerCursor[Any], statement: Sent
) -> Iterator[Sequence[Any]]:
    with cursor, refusals(database, statement):
        yield from cursor


@contextmanager
def refusals(database: Database, statement: Sent, before: int = 0) -> Iterator[None]:
    """What psycopg raises, as what it means; `before` characters were put before the statement."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        state = error.sqlstate
        # 08P01 is no lost connection: the statement has a parameter that nobody gave.
        if state is None or (state != "08P01" and state.startswith(("08", "57P", "53"))):
            raise database.problem_of_driver(error) from error
        raise _bad(error, statement, before) from error


def _bad(error: psycopg.Error, statement: Sent, before: int) -> BadStatement:
    said = " ".join((error.diag.message_primary or str(error)).split())
    if error.sqlstate == "57014":
        return BadStatement(TOO_LONG)
    missing = _MISSING.search(said)
    if missing:
        table = missing[1] == "relation"
        said += did_you_mean(missing[2], statement.origin, "postgresql", table=table)
    place = error.diag.statement_position
    if place is None:
        return BadStatement(said)
    return BadStatement(said, statement.origin, statement.written(int(place) - 1 - before))
