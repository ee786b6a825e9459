"""Tally: what became of the records of the files, for the summary."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

MOST_HOSTS = 10_000
"""Hosts of no portal that are counted by name."""


@dataclass(slots=True)
class PortalTally:
    """Figures of one portal."""

    pages: int = 0
    """Answers from its hosts, of whatever kind."""
    results: Counter[str] = field(default_factory=Counter)
    """`new`, `changed`, `unchanged`, `older` → captures."""
    skipped: Counter[str] = field(default_factory=Counter)
    """Why → answers that were not taken."""


@dataclass(slots=True)
class Tally:
    """Figures of all files."""

    records: int = 0
    portals: dict[str, PortalTally] = field(default_factory=dict)
    others: Counter[str] = field(default_factory=Counter)
    """Host → answers of hosts that were not wanted."""
    damage: list[str] = field(default_factory=list)
    """What of the files is not as it should be, in words."""

    def of(self, portal: str) -> PortalTally:
        """The figures of a portal."""
        return self.portals.setdefault(portal, PortalTally())

    def other(self, host: str) -> None:
        """An answer of a host that is not wanted."""
        self.others[host if host in self.others or len(self.others) < MOST_HOSTS else ""] += 1
