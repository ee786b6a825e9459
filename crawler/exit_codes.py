"""From how a run ended to the exit code of the process: one table (the README prints it).

When several apply, the first of 13, 3, 8, 14, 12, 18, 10, 9, 15, 11.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DONE = 0
BUG = 1
USAGE = 2
UNWRITABLE = 3
DATABASE = 8
NOTHING = 9
DRIFT = 10
INTERRUPTED = 11
FAILURES = 12
FORCED = 13
MEMORY = 14
TIME = 15
REFUSED = 18

FEW = 5
"""Pages below which a run without a stored article proves nothing."""
FEW_FAILURES = 3
"""Failures below which a share proves nothing, unless most of what was asked failed: a quiet run
asks for a dozen pages, and two that time out are no alarm."""
SERIES = "portal/numbers/series"
"""Counted by a run that goes by number: series of articles that it walked."""
ORDER = (FORCED, UNWRITABLE, DATABASE, MEMORY, FAILURES, REFUSED, DRIFT, NOTHING, TIME, INTERRUPTED)

MEANINGS = {
    DONE: "done",
    BUG: "a bug",
    USAGE: "bad argument or configuration",
    UNWRITABLE: "disk full or read-only",
    DATABASE: "database unreachable past its limit",
    NOTHING: "nothing came where articles should have",
    DRIFT: "drift or a failed check",
    INTERRUPTED: "stopped by one signal, state kept",
    FAILURES: "too many fetch failures",
    FORCED: "forced",
    MEMORY: "memory limit reached",
    TIME: "time limit reached",
    REFUSED: "refused or throttled by the site",
}

_REASONS = {
    "database": DATABASE,
    "memusage_exceeded": MEMORY,
    "closespider_timeout": TIME,
    "shutdown": INTERRUPTED,
    "throttled": REFUSED,
    "barren": NOTHING,
}
_FINISHED = ("finished", "limit", "already_running")


def exit_code(
    stats: Mapping[str, Any],
    *,
    max_failed_ratio: float,
    database_code: int | None = None,
    drifted: bool = False,
    silent: bool = False,
    strategy: str = "sections",
) -> int:
    """The exit code for the run whose statistics are `stats`.

    `database_code` is the exit code of the database problem that ended it, if one did; `drifted`
    says that fields are read otherwise than before, `silent` that a section which had articles
    shows none.
    """
    reason = stats.get("finish_reason")
    if reason == "already_running":
        return DONE
    codes = {_REASONS[reason]} if reason in _REASONS else set()
    if reason is None:
        codes.add(FORCED)
    if database_code is not None:
        codes = (codes - {DATABASE}) | {database_code}
    if _too_many_failed(stats, max_failed_ratio):
        codes.add(FAILURES)
    if _refused(stats):
        codes.add(REFUSED)
    if drifted:
        codes.add(DRIFT)
    if reason in _FINISHED and (silent or _nothing_came(stats, strategy)):
        codes.add(NOTHING)
    for code in ORDER:
        if code in codes:
            return code
    if codes:
        return codes.pop()
    return DONE if reason in _FINISHED else BUG


def _too_many_failed(stats: Mapping[str, Any], max_failed_ratio: float) -> bool:
    """True where a larger share of the fetches failed than is allowed: article pages and listings;
    missing numbers do not count, a page that raised an exception in our own code does. Nought
    allows no failure at all."""
    failed = stats.get("portal/pages/failed", 0) + stats.get("portal/listings/failed", 0)
    failed += stats.get("portal/quarantined/exception", 0)
    good = sum(
        stats.get(f"portal/pages/{state}", 0)
        for state in ("stored", "duplicate", "rejected", "quarantined", "missing", "gone")
    )
    good += stats.get("portal/listings/read", 0) - stats.get("portal/quarantined/exception", 0)
    if not failed:
        return False
    ratio = failed / (failed + good)
    enough = failed >= FEW_FAILURES or ratio > 0.5 or max_failed_ratio == 0
    return enough and bool(ratio > max_failed_ratio)


def _refused(stats: Mapping[str, Any]) -> bool:
    """True where robots.txt or throttling left nothing to be fetched: no listing, or at least
    `FEW` articles and no other."""
    barred = sum(
        stats.get(f"portal/failed/{reason}", 0)
        for reason in ("robots_unreachable", "throttled", "robots")
    )
    if not barred or _stored(stats):
        return False
    answered = sum(
        stats.get(f"portal/pages/{state}", 0)
        for state in ("duplicate", "quarantined", "missing", "gone", "failed")
    )
    if SERIES in stats:
        # By number: there are no listings.
        return not answered
    return not stats.get("portal/listings/read", 0) or (barred >= FEW and not answered)


def _stored(stats: Mapping[str, Any]) -> int:
    return int(stats.get("portal/pages/stored", 0))


def _nothing_came(stats: Mapping[str, Any], strategy: str) -> bool:
    """True where what the strategy reads was not there (no listing was recognised, a section asked
    for was not found, no feed), or pages were fetched and not one of them was an article. A walk by
    number may hold nothing new: there only the lack of any number to begin with is a fault."""
    if SERIES in stats:
        return not stats[SERIES]
    if strategy not in ("feed", "refresh") and not stats.get("portal/walks/listings", 0):
        return True
    if strategy == "feed" and not stats.get("portal/feeds/answered", 0):
        return True
    if stats.get("portal/sections/not_found", 0):
        return True
    asked = sum(
        stats.get(f"portal/pages/{state}", 0)
        for state in ("missing", "gone", "quarantined", "rejected")
    )
    return asked >= FEW and not _stored(stats)
