"""Silence: sections whose first listing page held articles in earlier runs and holds none now.

A listing whose layout has changed looks like a quiet day. Every crawl notes, by section, how many
articles it recognised on the first page (`runs.stats`, names `LISTED` + slug); `silent_sections`
compares the last run with the `HISTORY` runs before it that looked at the same section.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from corpus.models import Run, table
from corpus.runs import IMPORT

RUNS = table(Run)
LISTED: Final = "portal/listed/"
"""Prefix in `runs.stats`: articles on the first page of the section with the slug that follows."""
HISTORY: Final = 7
"""Earlier runs that are compared."""
USUAL: Final = 5
"""Least median of articles that makes none a fault."""
_RUNS_LOOKED_AT: Final = 60


@dataclass(frozen=True, slots=True)
class Silence:
    """One section that shows no article any more."""

    portal: str
    section: str
    usual: int
    """Median of articles on its first page before."""

    def __str__(self) -> str:
        return (
            f"silent: {self.portal} section {self.section} shows no article, usually {self.usual}: "
            f"run `scrapy probe {self.portal}`"
        )


def silent_sections(connection: Connection, portal: str) -> list[Silence]:
    """The sections of the portal's last run that fell silent, by slug."""
    query = select(RUNS.c.stats).where(RUNS.c.portal == portal, RUNS.c.strategy != IMPORT)
    rows = connection.execute(query.order_by(RUNS.c.id.desc()).limit(_RUNS_LOOKED_AT)).scalars()
    return judge_listed(portal, [stats or {} for stats in rows])


def judge_listed(portal: str, runs: Sequence[Mapping[str, Any]]) -> list[Silence]:
    """As `silent_sections`, from the runs' statistics, newest first."""
    if not runs:
        return []
    now, *earlier = runs
    found = []
    for name in sorted(name for name in now if name.startswith(LISTED) and now[name] == 0):
        before = [stats[name] for stats in earlier if name in stats][:HISTORY]
        if before and (usual := statistics.median(before)) >= USUAL:
            found.append(Silence(portal, name.removeprefix(LISTED), int(usual)))
    return found
