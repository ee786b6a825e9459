"""Report of an import: what came of the records, portal by portal.

Reasons and host names come from files of others, so every line passes `safe`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from crawler.importing.importer import NEWER
from crawler.importing.tally import PortalTally, Tally
from crawler.probing.terminal import safe, shorten

NAMED_HOSTS = 3
_RESULTS = {
    "new": "new",
    NEWER: "newer than what is held",
    "changed": "changed",
    "unchanged": "unchanged",
    "older": "no newer than what is held",
}


def lines(tally: Tally, *, written: bool) -> Iterator[str]:
    """The summary."""
    answers = sum(one.pages for one in tally.portals.values()) + tally.others.total()
    yield f"{_many(tally.records, 'record')}, {_many(answers, 'answer')}"
    for name, one in sorted(tally.portals.items()):
        yield safe(f"{name}: {_figures(one)}")
    if tally.others:
        named = tally.others.copy()
        named.pop("", None)
        hosts = ", ".join(f"{host} {n:,}" for host, n in named.most_common(NAMED_HOSTS))
        rest = len(tally.others) - NAMED_HOSTS
        more = f" and {rest:,} more" if rest > 0 else ""
        yield safe(shorten(f"other hosts, left out: {tally.others.total():,} ({hosts}{more})", 200))
    if not written:
        yield "nothing was written; the same command without --dry-run does that"


def _figures(one: PortalTally) -> str:
    parts = [f"{n:,} {words}" for key, words in _RESULTS.items() if (n := one.results[key])]
    if one.skipped:
        parts.append(f"{one.skipped.total():,} skipped ({_by_count(one.skipped)})")
    return f"{_many(one.pages, 'answer')}: " + ("; ".join(parts) or "nothing came of them")


def _by_count(reasons: Counter[str]) -> str:
    return ", ".join(f"{why} {n:,}" for why, n in reasons.most_common())


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
