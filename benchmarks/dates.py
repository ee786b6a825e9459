"""Date lines per second: our reader against dateparser, on the test table, in one run.

Run `python benchmarks/dates.py` from the project's folder. Prints the median microseconds a line
of each, the ratio, how many lines each reads as the table says, the same for the common forms alone
(the table is mostly of rare ones), and our slowest line.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crawler.commands.date import iso  # noqa: E402
from crawler.parsing.date_plain import plain_date  # noqa: E402
from crawler.parsing.date_text import fold, tidy  # noqa: E402
from crawler.parsing.dates import read_date  # noqa: E402

AT = datetime(2026, 11, 1, tzinfo=UTC)
TABLE = ROOT / "tests" / "crawler" / "parsing" / "dates_fr.tsv"
SETTINGS = {
    "DATE_ORDER": "DMY",
    "REQUIRE_PARTS": ["day", "month", "year"],
    "RELATIVE_BASE": AT.replace(tzinfo=None),
}


def medians(read: Callable[[str], object], lines: list[str], rounds: int) -> list[float]:
    """Median seconds of each line over `rounds`, after one round to warm up."""
    for line in lines:
        read(line)
    took: list[list[float]] = [[] for _ in lines]
    for _ in range(rounds):
        for spent, line in zip(took, lines, strict=True):
            began = time.perf_counter()
            read(line)
            spent.append(time.perf_counter() - began)
    return [statistics.median(spent) for spent in took]


def main() -> None:
    import dateparser

    rows = [row.split("\t") for row in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
    lines = [row[0] for row in rows]
    days = [date.fromisoformat(row[1][:10]) if row[1] else None for row in rows]

    def ours(line: str) -> object:
        return read_date(line, at=AT)

    def theirs(line: str) -> datetime | None:
        found: datetime | None = dateparser.parse(line, languages=["fr"], settings=SETTINGS)
        return found

    own, other = medians(ours, lines, 50), medians(theirs, lines, 3)
    right = sum(
        iso(read_date(line, at=AT)) == row[1] for line, row in zip(lines, rows, strict=True)
    )
    told = [found.date() if (found := theirs(line)) else None for line in lines]
    theirs_right = sum(one == day for one, day in zip(told, days, strict=True))
    wrong = sum(one is not None and one != day for one, day in zip(told, days, strict=True))
    us, them = statistics.median(own) * 1e6, statistics.median(other) * 1e6
    slowest = max(range(len(lines)), key=own.__getitem__)
    print(f"lines          {len(lines)} (of the project's own table)")
    print(f"own reader     {us:9.1f} µs a line (median)   {right} right, to the minute")
    print(
        f"dateparser     {them:9.1f} µs a line (median)   {theirs_right} days right, {wrong} wrong"
    )
    dated = [place for place, day in enumerate(days) if day]
    us_dated = statistics.median(own[place] for place in dated) * 1e6
    them_dated = statistics.median(other[place] for place in dated) * 1e6
    print(f"ratio          {them / us:9.0f}")
    print(
        f"with a date    {us_dated:9.1f} µs ours, {them_dated:.1f} dateparser, {len(dated)} lines"
    )
    common = [place for place, line in enumerate(lines) if plain_date(fold(tidy(line)))]
    us_common = statistics.median(own[place] for place in common) * 1e6
    them_common = statistics.median(other[place] for place in common) * 1e6
    print(
        f"common forms   {us_common:9.1f} µs ours, {them_common:.1f} dateparser, "
        f"{len(common)} lines, ratio {them_common / us_common:.0f}"
    )
    print(f"own, slowest   {own[slowest] * 1e6:9.1f} µs   {lines[slowest]}")


if __name__ == "__main__":
    main()
