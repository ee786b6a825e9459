"""Progress of long work that is no crawl: a bar on a terminal, a line now and then without one.

It goes to standard error, so that what a command prints can be piped.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

IN_LOG = 15.0
"""Seconds between two lines without a terminal."""


class Counter:
    """Counts what is done of a known number."""

    def __init__(self, what: str, total: int, bar: Progress | None, unit: str) -> None:
        self.what, self.total, self.done, self.unit = what, total, 0, unit
        self._bar = bar
        self._task = bar.add_task(what, total=total, rate="") if bar else None
        self._started = self._told = time.monotonic()

    def resize(self, total: int) -> None:
        """So many there are after all."""
        if total != self.total:
            self.total = total
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, total=total)

    def advance(self, count: int) -> None:
        """So many more are done."""
        self.done += count
        now = time.monotonic()
        rate = f"{self.done / max(now - self._started, 0.001):.0f} {self.unit}/s"
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, advance=count, rate=rate)
        elif now - self._told >= IN_LOG:
            self._told = now
            print(f"{self.what}: {self.done} of {self.total}, {rate}", file=sys.stderr, flush=True)


@contextmanager
def counting(what: str, total: int, unit: str = "pages") -> Iterator[Counter]:
    """A counter that shows how far `what` has come, while the context is open."""
    console = Console(stderr=True)
    if not (console.is_terminal and sys.stderr.isatty()):
        yield Counter(what, total, None, unit)
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield Counter(what, total, bar, unit)
