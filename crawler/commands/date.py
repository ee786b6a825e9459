"""`scrapy date`: how a date line is read; prints ISO day or instant, precision and rule."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.parsing.dates import DateReading, read_date
from crawler.portals.base import portals


class Command(ScrapyCommand):
    """One line out for each line in, in order: `ISO<TAB>precision<TAB>rule`."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[options] <line>... | -"

    def short_desc(self) -> str:
        return "Say how a French date line is read"

    def long_desc(self) -> str:
        return (
            "Print ISO day or instant, precision and rule of each date line, tab-separated; the "
            "first column is empty where no date can be told. With - the lines are read from "
            'standard input. Example: scrapy date --portal abamako "Publié le mardi 2 avril 2024 '
            'à 14h30" prints 2024-04-02T14:30Z, minute, long.'
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--portal",
            metavar="NAME",
            help="the portal whose clock the line follows (see: scrapy list)",
        )
        parser.add_argument(
            "--at",
            metavar="INSTANT",
            help="when the line was fetched, ISO 8601; default: now; UTC where it has no zone",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 2 on a wrong argument, else 0. Raises `UsageError`."""
        zone = _zone(opts.portal)
        at = _instant(opts.at)
        lines = args[1:] if args[:1] == ["--"] else args
        if not lines:
            raise UsageError("a date line, or - for standard input, is needed")
        for line in lines:
            if line.startswith("-") and line != "-" and " " not in line and args[:1] != ["--"]:
                raise UsageError(f"no such option: {line}", print_help=False)
        try:
            for line in _lines(lines):
                print(describe(read_date(line, at=at, zone=zone)), flush=_interactive())
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader has seen enough (`| head`). Python would complain once more at its exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def describe(reading: DateReading) -> str:
    """`2024-03-29<TAB>day<TAB>long`; the first two columns are empty without a date."""
    return "\t".join((iso(reading), reading.precision or "", reading.rule))


def iso(reading: DateReading) -> str:
    """The day, or the minute with its offset (`Z` for none) where a zone is known; '' for none."""
    if reading.day is None:
        return ""
    if reading.time is None:
        return reading.day.isoformat()
    text = reading.time.isoformat(timespec="minutes")
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def _lines(args: Iterable[str]) -> Iterator[str]:
    for arg in args:
        if arg == "-":
            for raw in sys.stdin.buffer:
                yield raw.decode("utf-8", "replace").rstrip("\r\n")
        else:
            yield arg


def _interactive() -> bool:
    return sys.stdout.isatty()


def _zone(portal: str | None) -> ZoneInfo | None:
    if portal is None:
        return None
    known = portals()
    if portal not in known:
        raise UsageError(
            f"no portal is named {portal!r}; choose from {', '.join(known)}", print_help=False
        )
    return known[portal].zone()


def _instant(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"--at {text!r} is no ISO 8601 instant, such as 2026-11-01T00:00Z", print_help=False
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
