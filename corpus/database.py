"""The database of the corpus: the only place that opens a connection.

SQLite and PostgreSQL behave alike above this line: a writing transaction holds its lock from its
first moment, times are UTC, foreign keys hold, and what is wrong is a `DatabaseProblem`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from corpus.engines import BUSY_TIMEOUT, make_engine
from corpus.problems import (
    BadUrl,
    Corrupt,
    DatabaseProblem,
    InTheWay,
    MissingDriver,
    Unreachable,
    Unwritable,
    judge,
    one_line,
)
from corpus.schema import Told, behind, check_schema, upgrade

__all__ = ["Database", "DatabaseProblem"]

_DEPENDED_ON = "2BP01"
"""PostgreSQL: a view or table of somebody's own is made of ours."""
QUICK_CHECK_BELOW = 64 * 1024 * 1024
"""Bytes up to which a SQLite file is checked whole before use; a larger one would cost a start
of seconds, and shows damage where it is touched."""


class Database:
    """One corpus database. Cheap to build: nothing is opened before it is used."""

    def __init__(self, url: str, *, root: Path) -> None:
        """`url` as CORPUS_URL; a relative SQLite path counts from `root`.

        Raises `BadUrl` or `MissingDriver`.
        """
        self.url = _resolve(url, root)
        self.dialect = self.url.get_backend_name()
        self.path = Path(self.url.database or "") if self.dialect == "sqlite" else None
        self._engine: Engine | None = None

    @property
    def display(self) -> str:
        """The resolved address, the password as `***`: fit for a log."""
        return self.url.render_as_string(hide_password=True)

    @property
    def engine(self) -> Engine:
        """The engine, made at first use. Each SQLite connection is its own; PostgreSQL pools."""
        if self._engine is None:
            self._engine = make_engine(self.url)
        return self._engine

    def connect(self) -> Connection:
        """A connection whose transactions write: SQLite locks at `BEGIN`. The caller closes it."""
        return self.engine.connect()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes; committed at the end, rolled back on an exception."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads and locks nobody out."""
        with self.engine.connect().execution_options(reading=True) as connection:
            if self.dialect == "postgresql":
                connection = connection.execution_options(postgresql_readonly=True)
            with connection.begin():
                yield connection

    def prepare(self) -> None:
        """Make sure the database can be worked with; an empty one is created.

        Raises a `DatabaseProblem`: `OlderSchema`, `NewerSchema`, `NotACorpus`, `Corrupt`,
        `Unreachable`, `Unwritable`.
        """
        with self.problems():
            self._look_at_file()
            with self.reading() as connection:
                empty = check_schema(connection, self.display)
            if empty:
                upgrade(self.engine)
            # As the crawl will: a read-only file shows now, before the first request.
            with self.writing() as connection:
                connection.exec_driver_sql("UPDATE runs SET portal = portal WHERE id < 0")

    def migrate(self, told: Told | None = None) -> tuple[str | None, str]:
        """Create or upgrade the tables. Return (revision before, revision now).

        `told` hears each step. Raises a `DatabaseProblem`, `NewerSchema` among them.
        """
        self.behind()
        with self.problems():
            return upgrade(self.engine, told)

    def behind(self) -> str | None:
        """The revision of an older corpus that holds something; None where there is nothing to
        lose. Raises as `migrate`."""
        with self.problems():
            self._look_at_file()
            with self.reading() as connection:
                check_schema(connection, self.display, older_is_fine=True)
                return behind(connection)

    def shred(self) -> None:
        """Make sure that what was deleted stands in no log of changes any more (SQLite), nor as a
        dead row in the tables (PostgreSQL)."""
        with self.engine.connect() as connection:
            if self.dialect == "sqlite":
                # Past SQLAlchemy, whose transaction would hold the log open.
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            else:
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
                    "VACUUM articles, article_versions"
                )

    @contextmanager
    def problems(self) -> Iterator[None]:
        """Turn a driver's exceptions into a `DatabaseProblem` with its remedy."""
        try:
            yield
        except (DBAPIError, OSError) as error:
            problem = self.problem(error)
            if problem is None:
                raise
            raise problem from error

    def problem(self, error: BaseException) -> DatabaseProblem | None:
        """The problem behind an exception, or None where the work itself was at fault."""
        cause = one_line(error)
        if getattr(getattr(error, "orig", None), "sqlstate", None) == _DEPENDED_ON:
            return InTheWay(
                f"database {self.display} was left as it is: {cause}; drop what is yours, run "
                "`scrapy migrate`, and create it again"
            )
        match judge(error):
            case "outage":
                return Unreachable(f"database {self.display} cannot be reached: {cause}")
            case "unwritable":
                return Unwritable(
                    f"database {self.display} cannot be written: {cause}; "
                    "free space or mend permissions, then run again"
                )
            case "corrupt":
                return Corrupt(
                    f"database {self.display} is not a database or is damaged: {cause}; "
                    "it was left untouched, restore a backup"
                )
        return None

    def problem_of_driver(self, error: Exception) -> DatabaseProblem:
        """The problem behind a driver's own exception that SQLAlchemy did not see."""
        return Unreachable(f"database {self.display} cannot be reached: {one_line(error)}")

    def dispose(self) -> None:
        """Close every pooled connection."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def read_only_sqlite(self) -> sqlite3.Connection:
        """A raw SQLite connection that cannot write, for `scrapy sql`. The caller closes it."""
        if self.path is None:
            raise TypeError("not a SQLite database")
        uri = self.path.as_uri() + "?mode=ro"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
        connection.execute("PRAGMA query_only=ON")
        return connection

    def _look_at_file(self) -> None:
        """Refuse a file that is no sound SQLite database, without changing a byte of it."""
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not self.path.exists() or self.path.stat().st_size == 0:
            return
        try:
            connection = self.read_only_sqlite()
            try:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                small = self.path.stat().st_size <= QUICK_CHECK_BELOW
                found = connection.execute("PRAGMA quick_check(1)").fetchone() if small else None
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise DBAPIError.instance(None, None, error, sqlite3.Error) from error
        if found is not None and found[0] != "ok":
            raise Corrupt(
                f"database {self.display} is damaged: {' '.join(str(found[0]).split())}; "
                "it was left untouched, restore a backup"
            )


def _resolve(text: str, root: Path) -> URL:
    """The address as it is used: full path, known driver."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # The text may hold a password: it is not repeated.
        raise BadUrl(
            "CORPUS_URL is no database address; use sqlite:///corpus.db or "
            "postgresql+psycopg://user:password@host/name"
        ) from None
    match url.drivername:
        case "sqlite" | "sqlite+pysqlite":
            if not url.database or url.database == ":memory:":
                raise BadUrl("CORPUS_URL names no file; use for example sqlite:///corpus.db")
            path = (root / Path(url.database).expanduser()).resolve()
            return url.set(drivername="sqlite", database=str(path), query={})
        case "postgresql" | "postgres" | "postgresql+psycopg":
            try:
                import psycopg  # noqa: F401
            except ImportError:
                raise MissingDriver(
                    "CORPUS_URL names PostgreSQL, but psycopg is not installed; "
                    "run pip install 'titrologue[postgres]'"
                ) from None
            return url.set(drivername="postgresql+psycopg")
    raise BadUrl(
        f"CORPUS_URL names the driver {url.drivername!r}; known are sqlite and postgresql+psycopg"
    )
