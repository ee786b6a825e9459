"""The diary: past runs as they are asked for, newest first. Reads only.

Runs are read in blocks of short transactions: a reader who takes his time, as in a pager, keeps
SQLite's log from no checkpoint and PostgreSQL from no vacuum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Select, func, select

from corpus.database import Database
from corpus.locks import PortalLock
from corpus.models import Run, table

RUNS = table(Run)
BLOCK = 200
"""Runs of one transaction."""
_FAILED = ("portal/pages/failed", "portal/listings/failed")


@dataclass(frozen=True, slots=True)
class Entry:
    """One run as the diary tells it: the row of `runs`, and what follows from it."""

    row: dict[str, Any]
    """Column to value; `stats` too."""
    state: Literal["ended", "running", "cut off"]
    """`running` while its portal is held. `cut off`: it never ended, and its portal is free or was
    taken by a later run: killed, or its database was lost."""

    @property
    def lasted(self) -> timedelta | None:
        """From its start to its end, or until now while it runs. None where nobody knows: it was
        cut off, or the clock was set back meanwhile."""
        start, end = self.row["started_at"], self.row["ended_at"]
        if self.state == "running":
            end = datetime.now(UTC)
        return end - start if end is not None and end >= start else None

    @property
    def failures(self) -> int:
        """Article pages and listings that could not be fetched."""
        stats = self.row["stats"] or {}
        return sum(int(stats.get(name, 0)) for name in _FAILED)


def entries(
    database: Database,
    *,
    portal: str | None = None,
    since: datetime | None = None,
    limit: int | None = None,
) -> Iterator[Entry]:
    """Runs, newest first, at most `limit`; of `portal`; begun at or after `since` (aware).

    By number, not by clock: a clock that was set back does not change the order.
    Raises `DatabaseProblem`.
    """
    wanted = select(RUNS)
    if portal is not None:
        wanted = wanted.where(RUNS.c.portal == portal)
    if since is not None:
        wanted = wanted.where(RUNS.c.started_at >= since)
    last: int | None = None
    left = limit
    while left is None or left > 0:
        query = wanted if last is None else wanted.where(RUNS.c.id < last)
        size = BLOCK if left is None else min(BLOCK, left)
        block = list(_read(database, query.order_by(RUNS.c.id.desc()).limit(size)))
        yield from block
        if len(block) < size:
            return
        last = block[-1].row["id"]
        left = None if left is None else left - size


def entry(database: Database, number: int) -> Entry | None:
    """The run with this number, or None."""
    return next(iter(_read(database, select(RUNS).where(RUNS.c.id == number))), None)


def count(database: Database, *, portal: str | None = None) -> int:
    """How many runs there are."""
    query = select(func.count()).select_from(RUNS)
    if portal is not None:
        query = query.where(RUNS.c.portal == portal)
    with database.problems(), database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def crawled(database: Database) -> list[str]:
    """Names of the portals that have a run, sorted."""
    with database.problems(), database.reading() as connection:
        query = select(RUNS.c.portal).distinct().order_by(RUNS.c.portal)
        return [str(name) for name in connection.execute(query).scalars()]


def _read(database: Database, query: Select[Any]) -> list[Entry]:
    with database.problems(), database.reading() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
        open_ = {row["portal"] for row in rows if _open(row)}
        newest = select(RUNS.c.portal, func.max(RUNS.c.id).label("id")).group_by(RUNS.c.portal)
        newest = newest.where(RUNS.c.portal.in_(open_))
        last = {row.portal: int(row.id) for row in connection.execute(newest)}
    # Only the newest run of a portal can be the one that holds it.
    held = {last[p] for p in open_ if PortalLock(database, p).taken()}
    return [Entry(row, _state(row, held)) for row in rows]


def _open(row: dict[str, Any]) -> bool:
    return row["ended_at"] is None and row["exit_code"] is None


def _state(row: dict[str, Any], held: set[int]) -> Literal["ended", "running", "cut off"]:
    if not _open(row):
        return "ended"
    return "running" if row["id"] in held else "cut off"
