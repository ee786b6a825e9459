"""Writing: units of one portal handed to the writer, by a command that is no crawl."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from corpus.archive import Archive
from corpus.database import Database
from corpus.locks import PortalLock
from corpus.problems import DatabaseProblem, Unreachable
from corpus.writer import Writer

BATCH = 64
"""Units of one transaction."""
MOST_WAITING = 1024
"""Units that wait for the writer before whoever makes them has to."""


class Writing:
    """The writer of one portal, whose lock is held; at its end all that was put is written, or
    raised."""

    def __init__(
        self,
        database: Database,
        lock: PortalLock,
        outage_limit: float,
        archive: Archive | None = None,
        *,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._lock = lock
        self._room = threading.Semaphore(most_waiting)
        self.refused: list[tuple[str, Exception]] = []
        """What the database did not take, and why."""
        self._writer = Writer(
            database,
            archive,
            on_failure=lambda problem: None,
            on_reconnect=self._hold,
            batch=min(BATCH, most_waiting),
            outage_limit=outage_limit,
        )

    def __enter__(self) -> Writing:
        return self

    def put(self, unit: Any, what: str, done: Callable[[Any], None] | None = None) -> None:
        """Hand a unit to the writer, waiting for room; `done` gets its result, in the writer's
        thread. Raises `DatabaseProblem`."""
        self._room.acquire()
        if self._writer.failure is not None:
            raise self._writer.failure

        def reply(result: object) -> None:
            self._room.release()
            if not isinstance(result, Exception):
                if done is not None:
                    done(result)
            elif not isinstance(result, DatabaseProblem):
                self.refused.append((what, result))

        self._writer.put(unit, reply)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._writer.stop()
        if kind is None and self._writer.failure is not None:
            raise self._writer.failure

    def _hold(self) -> None:
        """After an outage: a server that restarted let our lock fall."""
        if not self._lock.renew():
            raise Unreachable(
                f"the lock on {self._lock.portal} fell with the database, and a crawl has taken it;"
                " nothing is lost: run this again when it has ended"
            )
