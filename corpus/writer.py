"""Writer: one thread, one connection, one queue; everything that is written passes here.

A batch is one transaction. Captures go to the archive first and are on disk before the commit;
a reply is given only after it. What goes wrong is sorted (`corpus.problems.judge`):

- an outage: the batch is rolled back and replayed on a new connection until `outage_limit`;
- disk full, read-only, corrupt: given up at once, everything queued is answered with the problem;
- a poisoned unit: its batch is taken apart, its neighbours are stored, it gets its exception.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Connection

from corpus.archive import Archive
from corpus.database import Database
from corpus.durations import Durations
from corpus.problems import DatabaseProblem, Unreachable, judge, one_line
from corpus.units import Archived, Context, Unit

logger = logging.getLogger(__name__)

Reply = Callable[[Any], None]
"""Called in the writer thread with the unit's result, or the exception that it came to."""

FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0
"""Seconds between two tries during an outage: doubled from the first to the longest."""

SWITCH = 0.0005
"""Seconds after which a thread that computes lets another one go on. The writer comes back from the
database a dozen times in a transaction, and by default each time waits ten times as long for
whoever is reading a page."""


@dataclass(slots=True)
class _Order:
    unit: Unit
    reply: Reply | None


class _Abandoned(Exception):
    """`stop` ran out of patience during an outage."""


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without garbage collection: one of the whole heap takes a tenth of a second, and others would
    wait for our locks as long."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class Writer:
    """Owns the thread. `put` and the properties may be used from any thread."""

    def __init__(
        self,
        database: Database,
        archive: Archive | None = None,
        *,
        on_failure: Callable[[DatabaseProblem], None],
        on_reconnect: Callable[[], None] | None = None,
        batch: int = 8,
        delay: float = 0.2,
        outage_limit: float = 600.0,
    ) -> None:
        """`batch` units or `delay` seconds close a batch. `on_failure` is called once, in the
        writer thread, when nothing more can be written; `on_reconnect` after each outage, before
        the batch is replayed (raise a `DatabaseProblem` there to give up)."""
        self.database, self.archive = database, archive
        self.outages = 0
        self.outage_seconds = 0.0
        """Time without a database, so far."""
        self.reconnects = 0
        self.busy_seconds = 0.0
        """Time that `BEGIN` waited for other writers' locks."""
        self.transactions = Durations()
        """Waiting for other writers included."""
        self.commits = Durations()
        """Of the end of a transaction alone."""
        self.failure: DatabaseProblem | None = None
        self._on_failure, self._on_reconnect = on_failure, on_reconnect
        self._batch, self._delay, self._outage_limit = max(1, batch), delay, outage_limit
        self._queue: SimpleQueue[_Order | None] = SimpleQueue()
        self._connection: Connection | None = None
        self._busy = False
        self._pending = 0
        self._count = threading.Lock()
        self._hurry = threading.Event()
        self._thread = threading.Thread(target=self._run, name="corpus-writer", daemon=False)

    def start(self) -> None:
        """Start the thread; once. `put` does it too."""
        with self._count:
            if self._thread.ident is None:
                self._thread.start()

    def put(self, unit: Unit, reply: Reply | None = None) -> None:
        """Queue a unit. Its reply is called after the commit, or with an exception."""
        with self._count:
            self._pending += 1
        self._queue.put(_Order(unit, reply))
        self.start()

    def stop(self, timeout: float | None = None) -> bool:
        """Write what is queued, then end. False where `timeout` seconds did not do: then a
        running outage is given up and what is left is answered with `Unreachable`."""
        if self._thread.ident is None:
            return True
        self._queue.put(None)
        self._thread.join(timeout)
        if not self._thread.is_alive():
            return True
        self._hurry.set()
        self._thread.join(LONGEST_WAIT + 5)
        return False

    @property
    def busy(self) -> bool:
        """True while a transaction is under way, an outage included."""
        return self._busy

    @property
    def pending(self) -> int:
        """Units handed in and not yet answered."""
        return self._pending

    # -- in the thread -----------------------------------------------------------------------

    def _run(self) -> None:
        sys.setswitchinterval(min(SWITCH, sys.getswitchinterval()))
        try:
            more = True
            while more:
                orders, more = self._collect()
                if orders:
                    self._busy = True
                    self._handle(orders)
                    self._busy = False
        finally:
            self._busy = False
            self._drop_connection()
            if self.archive is not None:
                with contextlib.suppress(OSError):
                    self.archive.close()

    def _collect(self) -> tuple[list[_Order], bool]:
        """The next batch, and False after the last one."""
        order = self._queue.get()
        orders: list[_Order] = []
        deadline = time.monotonic() + self._delay
        while order is not None:
            orders.append(order)
            if len(orders) >= self._batch:
                return orders, True
            if order.unit.hungry:
                # Whoever waits waits for nobody else; what lies there already goes along.
                deadline = 0.0
            try:
                order = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                return orders, True
        return orders, False

    def _handle(self, orders: list[_Order]) -> None:
        if self.failure is None:
            try:
                results = self._commit([order.unit for order in orders])
            except DatabaseProblem as problem:
                self._give_up(problem)
            except Exception as error:
                self._take_apart(orders, error)
                return
            else:
                for order, result in zip(orders, results, strict=True):
                    self._answer(order, result)
                return
        for order in orders:
            self._answer(order, self.failure)

    def _take_apart(self, orders: list[_Order], error: Exception) -> None:
        """One of several units is at fault: write each by itself."""
        if len(orders) == 1:
            self._answer(orders[0], error)
            return
        for order in orders:
            self._handle([order])

    def _answer(self, order: _Order, result: object) -> None:
        with self._count:
            self._pending -= 1
        if order.reply is not None:
            try:
                order.reply(result)
            except Exception:
                # As when the event loop is closed already: the row is written all the same.
                logger.exception("the reply to %s failed", type(order.unit).__name__)

    def _give_up(self, problem: DatabaseProblem) -> None:
        self.failure = problem
        self._drop_connection()
        self._on_failure(problem)

    def _commit(self, units: list[Unit]) -> list[object]:
        """Write a batch, replaying it through outages.

        Raises `DatabaseProblem`, or the exception of a unit at fault.
        """
        wait, since = FIRST_WAIT, None
        while True:
            try:
                results = self._transaction(units, after_outage=since is not None)
            except DatabaseProblem:
                raise
            except Exception as error:
                self._drop_connection()
                problem = self._terminal(error)
                if problem is not None:
                    raise problem from error
                if judge(error) != "outage":
                    raise
                now = time.monotonic()
                if since is None:
                    since, last = now, now
                    self.outages += 1
                    logger.warning("the database is away, waiting for it: %s", one_line(error))
                self.outage_seconds += now - last
                last = now
                if now - since >= self._outage_limit or self._hurry.wait(wait):
                    raise Unreachable(
                        f"database {self.database.display} was away for {now - since:.0f} s: "
                        f"{one_line(error)}; run again when it is back, nothing is lost"
                    ) from error
                wait = min(wait * 2, LONGEST_WAIT)
                continue
            if since is not None:
                self.outage_seconds += time.monotonic() - last
                logger.info("the database is back after %.1f s", time.monotonic() - since)
            return results

    def _transaction(self, units: list[Unit], *, after_outage: bool) -> list[object]:
        if self._connection is None:
            self._connection = self.database.connect()
            if after_outage:
                self.reconnects += 1
                if self._on_reconnect is not None:
                    self._on_reconnect()
        connection = self._connection
        self._archive(units)
        context = Context(datetime.now(UTC))
        asked = time.monotonic()
        try:
            return self._apply(connection, units, context)
        finally:
            self.transactions.add(time.monotonic() - asked)

    def _apply(self, connection: Connection, units: list[Unit], context: Context) -> list[object]:
        asked = time.monotonic()
        transaction = connection.begin()
        self.busy_seconds += time.monotonic() - asked
        results: list[object] = []
        with _uncollected(), transaction:
            for kind, group in groupby(units, key=type):
                same = list(group)
                got = same[0].apply(connection, same, context)
                if len(got) != len(same):
                    raise RuntimeError(f"{kind.__name__} gave {len(got)} results for {len(same)}")
                results += got
            ended = time.monotonic()
        self.commits.add(time.monotonic() - ended)
        return results

    def _archive(self, units: Sequence[Unit]) -> None:
        """Put the answers on disk, each once, however often the batch is replayed."""
        if self.archive is None:
            return
        try:
            for unit in units:
                if isinstance(unit, Archived) and unit.answers and not unit.archived:
                    unit.place = self.archive.keep(unit.answers, unit.held)
                    unit.archived = True
            self.archive.flush()
        except OSError as error:
            if judge(error) != "unwritable":
                raise
            raise self.archive.problem(error) from error

    def _terminal(self, error: Exception) -> DatabaseProblem | None:
        """The problem, where no retry and no other unit would fare better."""
        if judge(error) in ("unwritable", "corrupt"):
            return self.database.problem(error)
        return None

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.invalidate()
            with contextlib.suppress(Exception):
                connection.close()
