"""Report: what `scrapy gaps` prints, as plain aligned lines for people and as one JSON object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from corpus.filling import Filled
from corpus.gaps import DatedGap
from corpus.strata import Stratum
from crawler.gaps.findings import COLUMNS, Findings, Row, Silence
from crawler.gaps.sampling import Estimated
from crawler.probing.terminal import as_json, shorten, table

MOST_LINES = 15
"""Lines of a list that are printed; `--json` has all."""
LONGEST = 60
"""Characters of a reason or a slug."""


def lines(
    findings: Findings, estimated: Estimated | None, notes: Sequence[str], filled: Filled | None
) -> Iterator[str]:
    """The report. `notes` say why there is no estimate, or what it lacks."""
    scope = findings.scope
    yield f"{scope.portal}: what is missing{_bounds(findings)}"
    yield ""
    yield from table(_counts(findings))
    for title, part in (
        ("why not held", _reasons(findings)),
        ("sections (a page counts in each that shows it)", _sections(findings)),
        (f"by {findings.by}", _rows(findings)),
        (_title(findings.gaps, "gaps: numbers not tried"), _gaps(findings)),
        (_title(findings.silences, "days without an article"), _silences(findings)),
        ("how many articles there are", _estimate(estimated)),
    ):
        if part:
            yield from ("", title, *part)
    if notes:
        yield from ("", *notes)
    if filled is not None:
        yield from ("", _filled(filled, scope.portal))


def as_object(
    findings: Findings, estimated: Estimated | None, notes: Sequence[str], filled: Filled | None
) -> str:
    """Everything as one line of JSON."""
    scope = findings.scope
    return as_json(
        {
            "portal": scope.portal,
            "section": scope.section,
            "since": scope.since,
            "until": scope.until,
            "pages": {**findings.counts, "not_tried": findings.untried},
            "noted": findings.noted,
            "reasons": [
                {
                    "state": one.state,
                    "reason": one.reason,
                    "pages": one.pages,
                    "due": one.due,
                    "due_at": _time(one.due_at),
                    "example": one.example,
                }
                for one in findings.reasons
            ],
            "sections": [
                {"section": r.name or None, **r.counts, "first": r.first, "last": r.last}
                for r in findings.sections
            ],
            "by": findings.by,
            "rows": [
                {"name": r.name or None, **r.counts, "not_tried": r.untried} for r in findings.rows
            ],
            "gaps": [
                {
                    "site": row.gap.site,
                    "kind": row.gap.kind,
                    "first": row.gap.first,
                    "last": row.gap.last,
                    "numbers": row.gap.count,
                    "day_below": row.day_below,
                    "day_above": row.day_above,
                }
                for row in findings.gaps
            ],
            "days_without": [
                {
                    "section": one.section,
                    "first": one.days.first,
                    "last": one.days.last,
                    "days": one.days.days,
                    "expected": one.days.expected,
                }
                for one in findings.silences
            ],
            "estimate": _estimate_values(estimated),
            "notes": list(notes),
            "filled": None
            if filled is None
            else {
                "ranges": filled.ranges,
                "numbers": filled.numbers,
                "retried": filled.retried,
            },
        }
    )


def _bounds(findings: Findings) -> str:
    scope = findings.scope
    parts = [f"section {shorten(scope.section, LONGEST)}"] if scope.section else []
    parts += [f"since {scope.since}"] if scope.since else []
    parts += [f"until {scope.until}"] if scope.until else []
    return f" ({', '.join(parts)})" if parts else ""


def _title(found: Sequence[object], title: str) -> str:
    more = len(found) - MOST_LINES
    return f"{title} ({MOST_LINES} of {len(found)}; --json has all)" if more > 0 else title


def _counts(findings: Findings) -> Iterator[tuple[str, str, str]]:
    crawl = f"scrapy crawl {findings.scope.portal}"
    fill = f"scrapy gaps {findings.scope.portal} --fill"
    what = {
        "held": "articles",
        "gone": "held, and gone from the site since: their text is kept",
        "missing": "asked, and never there: nothing to do",
        "failed": f"asked again by `{crawl}` when they are due; at once after `{fill}`",
        "quarantined": f"came, and could not be read; asked again after `{fill}`",
        "rejected": "no article, or not allowed; not asked again unless due",
        "duplicate": "other addresses of articles that are held",
        "queued": f"fetched by the next `{crawl}`",
    }
    for name in COLUMNS:
        if findings.counts[name] or name == "held":
            yield name, str(findings.counts[name]), what[name]
    if findings.scope.section is None:
        then = f"`{fill}`, then `{crawl} -a strategy=archive`"
        noted = ", ".join(f"{count} {state}" for state, count in sorted(findings.noted.items()))
        yield "not tried", str(findings.untried), f"numbers in gaps: {then}"
        if noted:
            yield "noted", "", f"numbers in ranges for strategy=archive: {noted}"


def _reasons(findings: Findings) -> list[str]:
    rows = [
        (
            one.state,
            shorten(_printable(one.reason or "-"), LONGEST),
            str(one.pages),
            f"{one.due} from {_time(one.due_at)}" if one.due else "-",
            one.example,
        )
        for one in findings.reasons
        if one.state != "duplicate"
    ]
    return table(rows, header=("state", "reason", "pages", "due", "example")) if rows else []


def _sections(findings: Findings) -> list[str]:
    columns = _columns(findings.sections)
    rows = [
        (
            shorten(_printable(row.name or "(in none)"), LONGEST),
            *_numbers(row, columns),
            _day(row.first),
            _day(row.last),
        )
        for row in findings.sections
    ]
    return table(rows, header=("section", *columns, "first", "last")) if rows else []


def _rows(findings: Findings) -> list[str]:
    columns = _columns(findings.rows)
    rows = [
        (row.name or "(no day)", *_numbers(row, columns), str(row.untried)) for row in findings.rows
    ]
    return table(rows, header=(findings.by or "", *columns, "not tried")) if rows else []


def _columns(rows: Sequence[Row]) -> list[str]:
    """Those of `COLUMNS` that have something to say."""
    return [name for name in COLUMNS if name == "held" or any(row.counts[name] for row in rows)]


def _numbers(row: Row, columns: Sequence[str]) -> list[str]:
    return [str(row.counts[name]) for name in columns]


def _gaps(findings: Findings) -> list[str]:
    rows = [
        (f"{row.gap.site}/{row.gap.kind}", _span(row), str(row.gap.count), _days(row))
        for row in findings.gaps[:MOST_LINES]
    ]
    return table(rows, header=("series", "numbers", "count", "between articles of")) if rows else []


def _span(row: DatedGap) -> str:
    first, last = row.gap.first, row.gap.last
    return str(first) if first == last else f"{first}-{last}"


def _days(row: DatedGap) -> str:
    return f"{_day(row.day_below)} and {_day(row.day_above)}"


def _silences(findings: Findings) -> list[str]:
    rows = [_silence(one) for one in findings.silences[:MOST_LINES]]
    return table(rows, header=("section", "days", "count", "articles to expect")) if rows else []


def _silence(one: Silence) -> tuple[str, str, str, str]:
    days = one.days
    span = str(days.first) if days.first == days.last else f"{days.first} to {days.last}"
    section = "(all)" if one.section is None else shorten(_printable(one.section), LONGEST)
    return section, span, str(days.days), f"{days.expected:.1f}"


def _estimate(estimated: Estimated | None) -> list[str]:
    if estimated is None or estimated.untried is None or estimated.articles is None:
        return []
    rows = []
    for stratum, sample in zip(estimated.draw.strata, estimated.samples, strict=True):
        low, high = sample.bounds()
        share = "-" if sample.share is None else f"{sample.share:.0%}"
        rows.append(
            (
                _stratum(stratum),
                str(stratum.population),
                str(sample.asked),
                str(sample.existing),
                f"{share} ({low:.0%} to {high:.0%})",
            )
        )
    header = ("numbers known by sampling alone", "count", "asked", "exist", "share (95 %)")
    untried, total = estimated.untried, estimated.articles
    drawn = estimated.draw
    return [
        *table(rows, header=header),
        f"of these {drawn.population} numbers, {untried.value} exist "
        f"(95 %: {untried.low} to {untried.high}); {drawn.held} articles were held beside them",
        f"articles in all: {total.value} (95 %: {total.low} to {total.high})"
        + (
            f"; the upper bound counts {drawn.undecided} pages that are queued, failed or "
            "quarantined"
            if drawn.undecided
            else ""
        ),
    ]


def _stratum(stratum: Stratum) -> str:
    first, last = stratum.gaps[0], stratum.gaps[-1]
    if len(stratum.gaps) == 1:
        return f"{first.site}/{first.kind} {first.first}-{first.last}"
    if first.series == last.series:
        inside = f"{first.site}/{first.kind} {first.first}-{last.last}"
    else:
        inside = "several series"
    return f"{inside}, {len(stratum.gaps)} gaps"


def _estimate_values(estimated: Estimated | None) -> dict[str, Any] | None:
    if estimated is None:
        return None
    strata = []
    for stratum, sample in zip(estimated.draw.strata, estimated.samples, strict=True):
        low, high = sample.bounds()
        strata.append(
            {
                "gaps": [[gap.site, gap.kind, gap.first, gap.last] for gap in stratum.gaps],
                "numbers": stratum.population,
                "asked": sample.asked,
                "existing": sample.existing,
                "unanswered": sample.unanswered,
                "share": sample.share,
                "low": low,
                "high": high,
            }
        )
    totals = {"untried": estimated.untried, "articles": estimated.articles}
    return {
        "held": estimated.draw.held,
        "undecided": estimated.draw.undecided,
        "numbers": estimated.draw.population,
        "strata": strata,
        **{
            name: None
            if total is None
            else {"value": total.value, "low": total.low, "high": total.high}
            for name, total in totals.items()
        },
    }


def _filled(filled: Filled, portal: str) -> str:
    return (
        f"queued: {filled.numbers} numbers in {filled.ranges} wanted ranges, and {filled.retried} "
        f"pages to ask again; now `scrapy crawl {portal} -a strategy=archive`"
    )


def _day(day: date | None) -> str:
    return "-" if day is None else day.isoformat()


def _time(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat(timespec="seconds").replace("+00:00", "Z")


def _printable(text: str) -> str:
    """What came from a page, without the signs that move a terminal's cursor."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
