"""Engines: how either database is opened, and how its transactions begin and end.

`corpus/database.py` alone makes one.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from corpus.columns import to_json

BUSY_TIMEOUT = 30_000
"""Milliseconds that a SQLite connection waits for another's lock."""
LOOK, LOOK_AFTER, LONGEST_LOOK = 0.0005, 0.005, 0.02
"""Between two looks whether that lock is free: the least seconds, their share of the time waited so
far, and the most."""
STATEMENT_TIMEOUT = 30_000
"""Milliseconds after which PostgreSQL ends a statement."""
CONNECT_TIMEOUT = 5
"""Seconds that PostgreSQL has to answer."""


def make_engine(url: URL) -> Engine:
    """The engine of a resolved address. Each SQLite connection is its own; PostgreSQL pools."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, poolclass=NullPool, json_serializer=to_json)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url,
        json_serializer=to_json,
        pool_pre_ping=True,
        pool_size=4,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT,
            "application_name": "titrologue",
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT} -c timezone=UTC",
            # A server that vanished without a word is noticed in half a minute.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
        },
    )


def _set_up_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    # We send BEGIN ourselves: left to the driver, DDL would outlive a rollback.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN")
        return
    # Once for each connection: while it is open, nobody can take the mode back.
    if "wal" not in connection.info:
        _log_ahead(connection)
        connection.info["wal"] = True
    _take_lock(connection)


def _log_ahead(connection: Connection) -> None:
    """Set the file's mode. Only who writes does, for it is a mark in the file: a copy that
    `scrapy export` has made stays the same, byte for byte, and one on a read-only disk can be
    asked."""
    deadline = time.monotonic() + BUSY_TIMEOUT / 1000
    while connection.exec_driver_sql("PRAGMA journal_mode").scalar() != "wal":
        try:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        except OperationalError as error:
            # Two processes that create the file at once: SQLite does not wait here by itself.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _take_lock(connection: Connection) -> None:
    """`BEGIN IMMEDIATE`, waiting for others. SQLite waits by itself, too, but looks ever more
    rarely, up to a tenth of a second apart: between several writers the lock then lies idle, and
    who has waited long gets it last."""
    # Of the driver: SQLAlchemy makes more of an error than there is time between two looks.
    cursor = connection.connection.cursor()
    began = time.monotonic()
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        while (waited := time.monotonic() - began) < BUSY_TIMEOUT / 1000:
            try:
                cursor.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    break
                time.sleep(min(max(LOOK, waited * LOOK_AFTER), LONGEST_LOOK))
            else:
                return
        # The last time, so that what is wrong is told as of any other statement.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
        cursor.close()
