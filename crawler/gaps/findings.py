"""Findings: everything `scrapy gaps` says of a portal, gathered from the corpus as values.

What each figure means, and the SQL that checks it, is in docs/gaps.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from corpus.empty_days import EmptyDays, empty_days
from corpus.gaps import (
    DatedGap,
    Reason,
    Scope,
    articles_by_day,
    gaps,
    longest_series,
    reasons,
    states,
    states_by_day,
    states_by_number,
    states_by_section,
)
from corpus.numbers import ranges_of

COLUMNS = (
    "held",
    "gone",
    "missing",
    "failed",
    "quarantined",
    "rejected",
    "duplicate",
    "queued",
)
"""Counts of pages, as they are printed: the states, but `stored` is «held», and what is out at this
moment («leased») is queued."""
MOST_BLOCKS = 25
"""Blocks that the longest series is cut into by `--by number`."""
DAYS_EACH = 92
"""Days up to which `--by day` has a row for each; months up to as many; beyond that years."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of counts: of a section, a period or a block of numbers."""

    name: str
    counts: Mapping[str, int]
    untried: int | None = None
    """Numbers without a row; None for a section, since nobody knows the section of a number."""
    first: date | None = None
    last: date | None = None
    """First and last day of the articles held; only of sections."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Days without an article, of a section by slug or of the whole portal (None)."""

    section: str | None
    days: EmptyDays


@dataclass(slots=True)
class Findings:
    """What is there and what is not."""

    scope: Scope
    counts: dict[str, int]
    gaps: list[DatedGap]
    reasons: list[Reason]
    sections: list[Row]
    silences: list[Silence]
    noted: dict[str, int] = field(default_factory=dict)
    """State of a range in `number_ranges` to the numbers in such ranges."""
    by: str | None = None
    rows: list[Row] = field(default_factory=list)
    """One a day (month, year) or one a block of numbers, as `by` says."""

    @property
    def untried(self) -> int:
        """Numbers without a row in all gaps."""
        return sum(row.gap.count for row in self.gaps)


def gather(connection: Connection, scope: Scope, by: str | None) -> Findings:
    """Ask the corpus."""
    found = [] if scope.section else gaps(connection, scope)
    noted: dict[str, int] = {}
    for one in ranges_of(connection, scope.portal):
        noted[one.state] = noted.get(one.state, 0) + one.span.last - one.span.first + 1
    whole, each = articles_by_day(connection, scope.portal)
    findings = Findings(
        scope,
        counts_of(states(connection, scope)),
        found,
        reasons(connection, scope),
        _sections(connection, scope, each),
        _silences(scope, whole, each),
        noted,
        by,
    )
    if by == "day":
        findings.rows = _by_day(connection, scope, found)
    elif by == "number":
        findings.rows = _by_number(connection, scope, found)
    return findings


def counts_of(by_state: Mapping[str, int]) -> dict[str, int]:
    """States as the columns that are printed, noughts included."""
    renamed = {"stored": "held", "leased": "queued"}
    counts = dict.fromkeys(COLUMNS, 0)
    for state, count in by_state.items():
        counts[renamed.get(state, state)] += count
    return counts


def _sections(
    connection: Connection, scope: Scope, days: Mapping[str, Mapping[date, int]]
) -> list[Row]:
    rows = []
    for slug, by_state in states_by_section(connection, scope).items():
        if scope.section is not None and slug != scope.section:
            continue
        inside = [day for day in days.get(slug, ()) if _inside(scope, day, day)]
        first, last = min(inside, default=None), max(inside, default=None)
        rows.append(Row(slug, counts_of(by_state), first=first, last=last))
    return sorted(rows, key=lambda row: (not row.name, -row.counts["held"], row.name))


def _silences(
    scope: Scope, whole: Mapping[date, int], each: Mapping[str, Mapping[date, int]]
) -> list[Silence]:
    """Most missed articles first. A section's silence within one of the whole portal is no news."""
    portal = [] if scope.section else empty_days(whole)
    found = [Silence(None, days) for days in portal]
    for slug, articles in each.items():
        if scope.section in (None, slug):
            found += [
                Silence(slug, days)
                for days in empty_days(articles)
                if not any(o.first <= days.first and days.last <= o.last for o in portal)
            ]
    found = [one for one in found if _inside(scope, one.days.first, one.days.last)]
    return sorted(found, key=lambda s: (-s.days.expected, s.days.first, s.section or ""))


def _inside(scope: Scope, first: date, last: date) -> bool:
    """True where the days meet those of the scope."""
    return (scope.since is None or last >= scope.since) and (
        scope.until is None or first <= scope.until
    )


def _by_day(connection: Connection, scope: Scope, found: Iterable[DatedGap]) -> list[Row]:
    """What has no day comes last. A gap counts on the day of the article below it."""
    by_day = states_by_day(connection, scope)
    days = [day for day in by_day if day is not None]
    period = _period(min(days), max(days)) if days else 10
    counts: dict[str, dict[str, int]] = {}
    untried: dict[str, int] = {}
    for day, by_state in by_day.items():
        into = counts.setdefault(_label(day, period), {})
        for state, count in by_state.items():
            into[state] = into.get(state, 0) + count
    for row in found:
        name = _label(row.day_below, period)
        untried[name] = untried.get(name, 0) + row.gap.count
    return [
        Row(name, counts_of(counts.get(name, {})), untried.get(name, 0))
        for name in sorted({*counts, *untried}, key=lambda name: (not name, name))
    ]


def _period(first: date, last: date) -> int:
    """Letters of an ISO day that a row's name has."""
    if (last - first).days < DAYS_EACH:
        return 10
    return 7 if (last.year - first.year) * 12 + last.month - first.month < DAYS_EACH else 4


def _label(day: date | None, letters: int) -> str:
    return "" if day is None else day.isoformat()[:letters]


def _by_number(connection: Connection, scope: Scope, found: Iterable[DatedGap]) -> list[Row]:
    """Blocks of one width for all series, each with its numbers."""
    width = _width(longest_series(connection, scope))
    blocks = states_by_number(connection, scope, width)
    untried: dict[tuple[str, str, int], int] = {}
    for row in found:
        gap = row.gap
        for start in range(gap.first - gap.first % width, gap.last + 1, width):
            inside = min(gap.last, start + width - 1) - max(gap.first, start) + 1
            key = (gap.site, gap.kind, start)
            untried[key] = untried.get(key, 0) + inside
    return [
        Row(
            f"{site}/{kind} {start}-{start + width - 1}",
            counts_of(blocks.get((site, kind, start), {})),
            untried.get((site, kind, start), 0),
        )
        for site, kind, start in sorted({*blocks, *untried})
    ]


def _width(span: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that cuts `span` into `MOST_BLOCKS` or fewer."""
    width = 1
    while True:
        for factor in (1, 2, 5):
            if span <= width * factor * MOST_BLOCKS:
                return width * factor
        width *= 10
