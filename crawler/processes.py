"""Processes: the same work on many tasks, by one process or several.

Several are spawned, so that threads and open databases of the parent stay the parent's; or, where
the parent has neither yet, forked, which spares each the seconds of importing everything anew. They
end with it, also where it is killed: no orphan reads on.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process
from typing import Any, Generic, Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")
S = TypeVar("S")

AHEAD = 2
"""Tasks handed out for each process: one in work, one waiting."""


MOST_JOBS = 256


def jobs_of(text: str | None) -> int | None:
    """The number of processes that `--jobs` asks for; without it, one for each core that we may
    use. None for what is no such number."""
    if text is None:
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1
    if text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= MOST_JOBS:
        return int(text)
    return None


class WorkerDied(Exception):
    """A process ended by itself or was killed, as for want of memory."""


class Processes(Generic[S, T, R]):
    """Does `work` on tasks. `prepare(setup)` is called once in each process; both must be functions
    of a module. With one job all is done in this very process, in order.

    `bare` says that no database and no lock is open here: then they are forked at once, where that
    is safe (Linux, and no other thread).
    """

    def __init__(
        self,
        work: Callable[[T], R],
        prepare: Callable[[S], None],
        setup: S,
        *,
        jobs: int,
        bare: bool = False,
    ) -> None:
        self.work, self.jobs = work, jobs
        self._pool: ProcessPoolExecutor | None = None
        if jobs > 1:
            forked = bare and sys.platform == "linux" and threading.active_count() == 1
            self._pool = ProcessPoolExecutor(
                jobs,
                mp_context=get_context("fork" if forked else "spawn"),
                initializer=_begin,
                initargs=(prepare, setup),
            )
            if forked:
                self._pool.submit(os.getpid)  # the first task starts all of them
        else:
            prepare(setup)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._pool is None:
            return
        if kind is not None:
            # They only read, and nobody waits for it any more.
            for process in list((self._pool._processes or {}).values()):
                process.kill()
        self._pool.shutdown(cancel_futures=True)

    def each(self, tasks: Iterable[T]) -> Iterator[R]:
        """What `work` makes of each task, as it comes. What it raises comes through; raises
        `WorkerDied`."""
        if self._pool is None:
            yield from map(self.work, tasks)
            return
        try:
            yield from _spread(self._pool, self.work, tasks, self.jobs * AHEAD)
        except BrokenProcessPool as broken:
            raise WorkerDied("a worker process ended before its time") from broken


def _spread(
    pool: ProcessPoolExecutor, work: Callable[[T], R], tasks: Iterable[T], most: int
) -> Iterator[R]:
    """No more than `most` tasks are out, so that what nobody has asked for is not held."""
    out: set[Future[R]] = set()
    for task in tasks:
        out.add(pool.submit(work, task))
        if len(out) >= most:
            done, out = wait(out, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    while out:
        done, out = wait(out, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in done)


def _begin(prepare: Callable[[Any], None], setup: Any) -> None:
    """In a new process: the parent alone answers to signals."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare(setup)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


@contextmanager
def stoppable() -> Iterator[None]:
    """Within, SIGTERM ends the work as Ctrl-C does: by `KeyboardInterrupt`."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
