"""Locks: one run at a time holds a portal, and its hold falls with it, even by `kill -9`.

No clock and no lease to wait for: beside a SQLite file the operating system's file lock, on
PostgreSQL a session's advisory lock.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import time
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from corpus.database import Database
from corpus.warc.files import slug

_HELD_SESSION = text(
    "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = CAST(CAST(:high AS bigint) AS oid)"
    " AND objid = CAST(CAST(:low AS bigint) AS oid) AND objsubid = 1)"
)
TRIES, PAUSE = 10, 0.01
"""How often, and with how many seconds between, a file lock is tried: `taken` holds it for a few
microseconds."""


class PortalLock:
    """The hold on one portal of one database. Not for use from two threads at once."""

    def __init__(self, database: Database, portal: str) -> None:
        self.database, self.portal = database, portal
        self._descriptor: int | None = None
        self._connection: Connection | None = None

    def acquire(self) -> bool:
        """Take the portal; False where another run holds it. Raises `DatabaseProblem`."""
        if self.held:
            return True
        with self.database.problems():
            if self.database.path is not None:
                return self._lock_file(self.database.path)
            return self._lock_session()

    def taken(self) -> bool:
        """True while any run holds the portal; asks without taking it. Where the lock cannot be
        looked at, nobody can say that it is free: True. Raises `DatabaseProblem`."""
        if self.held:
            return True
        with self.database.problems():
            if self.database.path is not None:
                return self._file_is_locked(self._file(self.database.path))
            with self.database.reading() as connection:
                number = self._number()
                parts = {"high": number >> 32, "low": number & 0xFFFFFFFF}
                return bool(connection.execute(_HELD_SESSION, parts).scalar())

    @property
    def held(self) -> bool:
        """True where we took it. A server that restarted may have let it fall: `renew`."""
        return self._descriptor is not None or self._connection is not None

    def renew(self) -> bool:
        """Take the portal again where the hold was lost with a connection, as after an outage.
        False where another run was faster."""
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
                return True
            except DBAPIError:
                self._drop()
        return self.acquire()

    def release(self) -> None:
        """Let go. Harmless twice."""
        if self._descriptor is not None:
            # The file stays: removed, a third run could lock a new one beside a waiting second.
            os.close(self._descriptor)
            self._descriptor = None
        if self._connection is not None:
            with contextlib.suppress(DBAPIError):
                self._connection.execute(
                    text("SELECT pg_advisory_unlock(:number)"), {"number": self._number()}
                )
            self._drop()

    def _file(self, database: Path) -> Path:
        return database.with_name(f"{database.name}.{slug(self.portal)}.lock")

    def _file_is_locked(self, path: Path) -> bool:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except FileNotFoundError:
            return False
        except PermissionError:
            return True
        try:
            # Shared, so that two that look do not see each other.
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def _lock_file(self, database: Path) -> bool:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self._file(database), flags, 0o666)
        try:
            locked = _lock(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        if not locked:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def _lock_session(self) -> bool:
        # Outside transactions, so that the session is idle and no time-out ends it.
        connection = self.database.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            free = connection.execute(
                text("SELECT pg_try_advisory_lock(:number)"), {"number": self._number()}
            ).scalar()
        except BaseException:
            connection.close()
            raise
        if not free:
            connection.close()
            return False
        self._connection = connection
        return True

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            # Not back to the pool: a session with a lock of its own must end.
            with contextlib.suppress(DBAPIError):
                connection.invalidate()
            connection.close()

    def _number(self) -> int:
        """A number of 63 bits for the portal; advisory locks are by database already."""
        digest = hashlib.sha256(f"titrologue/portal/{self.portal}".encode()).digest()
        return int.from_bytes(digest[:8], "big") >> 1


def _lock(descriptor: int) -> bool:
    """Lock a file for ourselves; False where another run has it."""
    for _ in range(TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(PAUSE)
    return False
