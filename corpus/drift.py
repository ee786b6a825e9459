"""Drift: a portal's last run against its history, field by field. What `scrapy check` says.

Every crawl counts, as it goes, how each field was read, and keeps the counts in its own row
(`runs.stats`, name `FIELDS`), so that judging reads a few dozen rows however many articles there
are, and a killed run leaves what it had counted at its last note.

Small runs are put together, newest first, until they are enough to judge; what came before them is
the history. Runs that were found to drift are no history, until a person accepts them or so many
runs have passed that nothing older is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select, update

from corpus.models import Run, table
from corpus.runs import IMPORT
from corpus.tally import FIELDS, FieldTally, Tally
from corpus.worse import layer

RUNS = table(Run)
DRIFTED: Final = "portal/drift"
"""In `runs.stats`: how many fields were found to drift; the run is no history."""
ACCEPTED: Final = "portal/drift_accepted"
"""In `runs.stats`: a person has said that history begins here."""
VITAL: Final = ("title", "published_on", "body")
"""Fields that nearly every article has; of the others a share may swing with the sections."""
RUNS_LOOKED_AT: Final = 60
"""Runs back: a redesign that nobody accepted has become the norm after that many."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a change is drift; the settings DRIFT_* say why these."""

    readings: int = 20
    history: int = 500
    had: float = 0.9
    left: float = 0.5


@dataclass(frozen=True, slots=True)
class Drift:
    """One field that is read otherwise than before."""

    portal: str
    field: str
    change: str
    example: str | None

    def __str__(self) -> str:
        where = f", e.g. {self.example}: run `scrapy try --all {self.example}`"
        return f"drift: {self.portal} {self.field}: {self.change}{where if self.example else ''}"


def judge(
    portal: str, now: Tally, before: Tally, limits: Limits, declared: Iterable[str] = ()
) -> list[Drift]:
    """What of `now` has drifted from `before`. Without enough history only the fields `declared`
    (those with selectors of the portal) are judged: their selectors must win at least half."""
    if now.readings < limits.readings:
        return []
    first = before.readings < limits.readings
    found = []
    for name in dict.fromkeys([*VITAL, *before.fields]):
        new, old = now.fields.get(name, FieldTally()), before.fields.get(name, FieldTally())
        if first:
            change = _unlike_declared(new, now.readings) if name in declared else None
        else:
            change = (
                _other_layer(new, old, limits)
                or _emptied(name, new, now.readings, old, before.readings)
                or _shorter(name, new, old, limits)
            )
        if change:
            found.append(Drift(portal, name, *change))
    return found


def _unlike_declared(new: FieldTally, readings: int) -> tuple[str, str | None] | None:
    share = new.layers().get("selector", 0) / readings
    if share >= 0.5:
        return None
    sign, example = _winner(new, but="selector")
    return f"the portal's selector gave {share:.0%}, now {sign}", example


def _other_layer(new: FieldTally, old: FieldTally, limits: Limits) -> tuple[str, str | None] | None:
    if min(new.filled, old.filled) < limits.readings:
        return None
    was, count = max(old.layers().items(), key=lambda item: item[1])
    had, has = count / old.filled, new.layers().get(was, 0) / new.filled
    if had < limits.had or has >= limits.left:
        return None
    sign, example = _winner(new, but=was)
    return f"{was} gave {had:.0%} → {has:.0%}, now {sign}", example


def _emptied(
    name: str, new: FieldTally, readings: int, old: FieldTally, of: int
) -> tuple[str, str | None] | None:
    had, has = old.filled / of, new.filled / readings
    # Of other fields at least 15 were expected and less than a fifth came: no chance, whatever the
    # sections.
    rare = had * readings >= 15 and has < had / 5
    gone = had >= 0.5 and has < had / 2 if name in VITAL else rare
    return (f"filled {had:.0%} → {has:.0%}", new.empty) if gone else None


def _shorter(
    name: str, new: FieldTally, old: FieldTally, limits: Limits
) -> tuple[str, str | None] | None:
    if name != "body" or min(new.filled, old.filled) < limits.readings:
        return None
    if new.median() * 2 > old.median():
        return None
    _, example = _winner(new)
    return f"median length {old.median()} → {new.median()} characters", example


def _winner(tally: FieldTally, but: str = "") -> tuple[str, str | None]:
    """The sign that wins most, and an example; a sign of the layer `but` only where no other is."""
    if not tally.signs:
        return "nothing", tally.empty
    sign = max(tally.signs, key=lambda sign: (layer(sign) != but, tally.signs[sign][0]))
    return sign, tally.signs[sign][1]


def judge_run(
    connection: Connection, portal: str, limits: Limits, declared: Iterable[str] = ()
) -> list[Drift]:
    """Judge the portal's last run. Runs of other sections than its own are not compared."""
    now, before, accepted = Tally(), Tally(), False
    for row in _comparable(connection, portal):
        stats = row.stats or {}
        if text := stats.get(FIELDS):
            if now.readings < limits.readings:
                now.add(Tally.from_json(text))
            elif not stats.get(DRIFTED) or stats.get(ACCEPTED):
                before.add(Tally.from_json(text))
        if stats.get(ACCEPTED):
            accepted = True
            break
        if before.readings >= limits.history:
            break
    return judge(portal, now, before, limits, () if accepted else declared)


def _comparable(connection: Connection, portal: str) -> Sequence[Any]:
    """The last run of the portal and those before it with the same `-a section`, newest first."""
    query = select(RUNS.c.id, RUNS.c.arguments, RUNS.c.stats).where(
        RUNS.c.portal == portal, RUNS.c.strategy != IMPORT
    )
    rows = connection.execute(query.order_by(RUNS.c.id.desc()).limit(RUNS_LOOKED_AT)).all()
    asked = [(row.arguments or {}).get("section") for row in rows]
    return [row for row, section in zip(rows, asked, strict=True) if section == asked[0]]


def note_stat(connection: Connection, run_id: int, name: str, value: int) -> None:
    """Write one figure into a run's row."""
    stats = connection.execute(select(RUNS.c.stats).where(RUNS.c.id == run_id)).scalar()
    connection.execute(
        update(RUNS).where(RUNS.c.id == run_id).values(stats={**(stats or {}), name: value})
    )
