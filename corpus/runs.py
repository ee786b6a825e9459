"""Runs: units that keep the diary of the crawls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Connection, insert, update

from corpus.models import Run, table
from corpus.units import Context

RUNS = table(Run)
IMPORT = "import"
"""Strategy of a run that took pages out of files: what crawls are judged by it says nothing of."""


@dataclass(slots=True)
class RunStart:
    """A run begins. Result: its id."""

    portal: str
    strategy: str
    arguments: dict[str, Any] = field(default_factory=dict)
    version: str | None = None
    hungry: ClassVar[bool] = True
    run_id: int | None = None
    """Set when it is written; a replay after a lost commit must not open a second run."""

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[RunStart], context: Context
    ) -> list[int]:
        """Insert the row."""
        return [unit._apply(connection, context) for unit in units]

    def _apply(self, connection: Connection, context: Context) -> int:
        if self.run_id is not None:
            known = connection.execute(RUNS.select().where(RUNS.c.id == self.run_id)).first()
            if known is not None:
                return self.run_id
        values = {
            "portal": self.portal,
            "strategy": self.strategy,
            "arguments": self.arguments,
            "version": self.version,
            "started_at": context.now,
        }
        self.run_id = int(
            connection.execute(insert(RUNS).values(**values).returning(RUNS.c.id)).scalar_one()
        )
        return self.run_id


@dataclass(slots=True)
class RunUpdate:
    """A run's figures, or its end. Result: None. What is None is left as it is."""

    run_id: int
    stats: dict[str, Any] | None = None
    discovery_requests: int | None = None
    article_requests: int | None = None
    revisit_requests: int | None = None
    stored: int | None = None
    changed: int | None = None
    unchanged: int | None = None
    archive_bytes: int | None = None
    ended_at: datetime | None = None
    finish_reason: str | None = None
    exit_code: int | None = None
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[RunUpdate], context: Context
    ) -> list[None]:
        """Write what is given."""
        for unit in units:
            values = {
                name: getattr(unit, name)
                for name in cls.__slots__
                if name != "run_id" and getattr(unit, name) is not None
            }
            if values:
                connection.execute(update(RUNS).where(RUNS.c.id == unit.run_id).values(**values))
        return [None] * len(units)
