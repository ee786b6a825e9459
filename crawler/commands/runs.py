"""`scrapy runs`: the diary of past runs, newest first, or one run whole."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy.commands import ScrapyCommand

from corpus.database import Database, DatabaseProblem
from corpus.diary import Entry, count, crawled, entries, entry
from crawler.exit_codes import MEANINGS
from crawler.portals.base import portals
from crawler.probing.held import corpus_of
from crawler.probing.naming import unknown_portal
from crawler.probing.terminal import as_json, operands, printing, refuse, safe, table

SHOWN = 30
"""Runs that are shown where neither --limit nor --since is given."""
# Heading and width of each column; fixed, so that a line is printed as soon as its run is read.
# What is longer pushes the rest of its line aside. Figures, of width below nought, stand right.
_COLUMNS = (
    ("run", -6),
    ("portal", 11),
    ("started", 20),
    ("lasted", -8),
    ("strategy", 8),
    ("listings", -8),
    ("articles", -8),
    ("revisits", -8),
    ("new", -6),
    ("changed", -7),
    ("unchanged", -9),
    ("failed", -6),
    ("archive", -10),
    ("how it ended", 27),
    ("arguments", 0),
)


class Command(ScrapyCommand):
    """Asks the corpus; makes no request and writes nothing."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy runs` in the usage line."""
        return "[options] [<portal> | <number of a run>]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Past runs, newest first: when, what came, how each ended"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Print past runs, newest first: start (UTC), duration, strategy, requests for "
            "listings, for new articles and for revisits, articles new, changed and unchanged, "
            "what could not be fetched, what was added to the archive, the exit code with its "
            "meaning, and the -a arguments. "
            "«running» holds its portal now; «cut off» never ended, as after kill -9: nothing is "
            "lost, the next run goes on. With a number, that run with all its statistics. "
            "Examples: scrapy runs abamako --since 2026-11-01; scrapy runs 42"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and ours."""
        super().add_options(parser)
        parser.add_argument("--since", metavar="DAY", help="begun on that day (UTC) or later")
        parser.add_argument(
            "--limit",
            metavar="N",
            help=f"at most so many; 0 is all (default: {SHOWN}, with --since all)",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0, also where there is no run yet; 2 for an unknown portal or run, or without a
        corpus; 3 or 8 for a sick database."""
        assert self.settings is not None
        given = operands("runs", args)
        if len(given) > 1:
            refuse("runs", "one portal or one number, e.g. scrapy runs abamako")
        asked = given[0] if given else None
        since, limit = _since(opts.since), _limit(opts.limit, dated=bool(opts.since))
        try:
            with corpus_of(self.settings) as database:
                if asked is not None and asked.isascii() and asked.isdigit():
                    found = _one(database, int(asked))
                    printing(lambda: print(_whole(found, as_object=opts.json)))
                    return
                if asked is not None:
                    _must_be_known(database, asked)
                chosen = entries(database, portal=asked, since=since, limit=limit)
                lines = _objects(chosen) if opts.json else _lines(chosen)
                printing(lambda: _print(lines))
                if opts.limit is None and since is None:
                    _say_what_is_left(count(database, portal=asked) - SHOWN)
        except DatabaseProblem as problem:
            refuse("runs", str(problem), problem.exit_code)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _say_what_is_left(older: int) -> None:
    if older > 0:
        print(f"{older:,} older: --limit 0 shows all", file=sys.stderr)


def _since(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        refuse("runs", f"--since {text}: no day, write it as YYYY-MM-DD, e.g. 2026-11-01")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _limit(text: str | None, *, dated: bool) -> int | None:
    if text is None:
        return None if dated else SHOWN
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        refuse("runs", f"--limit {text}: no whole number from 0 upwards")
    return int(text) or None


def _one(database: Database, number: int) -> Entry:
    found = entry(database, number) if number < 2**63 else None
    if found is None:
        refuse("runs", f"no run {number}; `scrapy runs` shows the last ones")
    return found


def _must_be_known(database: Database, portal: str) -> None:
    known = {*portals(), *crawled(database)}
    if portal not in known:
        refuse("runs", unknown_portal(portal, sorted(known), called="known"))


def _lines(found: Iterable[Entry]) -> Iterator[str]:
    """The heading and a line for each run."""
    yield _line([name for name, _ in _COLUMNS])
    none = True
    for e in found:
        none = False
        row = e.row
        yield _line(
            [
                str(row["id"]),
                row["portal"],
                _time(row["started_at"]),
                _lasted(e.lasted),
                row["strategy"],
                *(str(row[f"{kind}_requests"]) for kind in ("discovery", "article", "revisit")),
                *(str(row[name]) for name in ("stored", "changed", "unchanged")),
                str(e.failures),
                _size(row["archive_bytes"]),
                _ended(e),
                _arguments(row["arguments"]),
            ]
        )
    if none:
        print("no run: `scrapy crawl <portal>` makes one", file=sys.stderr)


def _line(cells: Sequence[str]) -> str:
    shown = (
        safe(cell).rjust(-width) if width < 0 else safe(cell).ljust(width)
        for cell, (_, width) in zip(cells, _COLUMNS, strict=True)
    )
    return "  ".join(shown).rstrip()


def _objects(found: Iterable[Entry]) -> Iterator[str]:
    for e in found:
        yield as_json(_object(e))


def _whole(e: Entry, *, as_object: bool) -> str:
    """One run with its statistics."""
    stats = e.row["stats"] or {}
    if as_object:
        return as_json({**_object(e), "stats": stats})
    facts = _told(e) | {"arguments": _arguments(e.row["arguments"]), "lasted": _lasted(e.lasted)}
    rows = [(name.replace("_", " "), _text(value)) for name, value in facts.items()]
    rows += [(f"stats {name}", _text(stats[name])) for name in sorted(stats)]
    return "\n".join(table([(safe(name), safe(value)) for name, value in rows]))


def _told(e: Entry) -> dict[str, Any]:
    """What is told of every run, by name."""
    row = {name: value for name, value in e.row.items() if name != "stats"}
    meaning = MEANINGS.get(row["exit_code"])
    return {**row, "failures": e.failures, "state": e.state, "exit_meaning": meaning}


def _object(e: Entry) -> dict[str, Any]:
    seconds = e.lasted.total_seconds() if e.lasted is not None else None
    told = {**_told(e), "seconds": seconds}
    return {
        name: value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
        for name, value in told.items()
    }


def _ended(e: Entry) -> str:
    """`running`, `cut off`, or the exit code in words with Scrapy's finish reason."""
    code, reason = e.row["exit_code"], e.row["finish_reason"]
    if e.state != "ended":
        return e.state
    if code is None:
        return str(reason)
    meaning = MEANINGS.get(code, "unknown")
    return f"{code} {meaning} ({reason})" if reason else f"{code} {meaning}"


def _arguments(given: dict[str, Any] | None) -> str:
    return " ".join(f"{name}={value}" for name, value in (given or {}).items())


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return _time(value)
    return "-" if value in (None, "") else str(value)


def _size(count: int) -> str:
    """Bytes as `12.3 MB` (a million each); `-` for none."""
    return f"{count / 1e6:,.1f} MB" if count else "-"


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")


def _lasted(time: timedelta | None) -> str:
    """`0:01:02`; hours go beyond 24."""
    if time is None:
        return "-"
    seconds = int(time.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
