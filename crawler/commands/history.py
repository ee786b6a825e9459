"""`scrapy history`: an article's life, version by version; or all silent edits by the sites."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any

from scrapy.commands import ScrapyCommand
from sqlalchemy import Connection, exists, select

from corpus.database import DatabaseProblem
from corpus.differences import CLASSES
from corpus.history import ARTICLES, Entry, comparison, counts_of, edits, find_article, life_of
from crawler.portals.base import portals
from crawler.probing.held import page_of, reading_corpus
from crawler.probing.history_lines import (
    coloured,
    edit_line,
    entry_lines,
    head_lines,
    plain,
    record,
)
from crawler.probing.naming import identity_of, must_be_known
from crawler.probing.terminal import as_json, operands, printing, refuse

_CHOICES = tuple(name.replace(" ", "-") for name in CLASSES)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The options, typed. Those of a list are None or empty where they are not given."""

    since: datetime | None
    portal: str | None
    classes: frozenset[str]
    limit: int | None
    versions: tuple[int, int] | None
    context: int


class Command(ScrapyCommand):
    """Asks the corpus; makes no request and writes nothing."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy history` in the usage line."""
        return "[options] [<address>]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Show how an article changed, or list the edits that sites made in silence"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "With an address: when the article was first seen, each of its versions, whether the "
            "site changed it or we read the same page better, what changed sentence by sentence, "
            "and when it vanished and came back. Without one: edits by the sites, newest first, "
            "one line each. Examples: scrapy history http://news.abamako.com/h/292014.html; "
            "scrapy history --since 2026-01-01 --portal abamako --class deletion,rewrite"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and ours."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        one = parser.add_argument_group("of one article")
        one.add_argument("--version", metavar="A..B", help="compare these two versions only")
        one.add_argument(
            "--context", metavar="N", help="unchanged sentences around a change (default: 1)"
        )
        many = parser.add_argument_group("without an address")
        many.add_argument("--since", metavar="DAY", help="edits fetched on this day (UTC) or later")
        many.add_argument("--portal", help="of this portal only")
        many.add_argument(
            "--class", dest="classes", metavar="CLASS,…", help=f"of {', '.join(_CHOICES)}"
        )
        many.add_argument("--limit", metavar="N", help="no more than so many")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0; 2 for a wrong argument, an article that is not stored, or without a corpus."""
        assert self.settings is not None
        given = operands("history", args)
        wanted = _wanted(given, opts)
        try:
            with reading_corpus(self.settings) as connection:
                if given:
                    self._one(connection, given[0], wanted, as_records=opts.json)
                else:
                    self._many(connection, wanted, as_records=opts.json)
        except DatabaseProblem as problem:
            refuse("history", str(problem), problem.exit_code)

    def _one(self, connection: Connection, text: str, wanted: _Wanted, *, as_records: bool) -> None:
        identity = identity_of("history", text)
        must_be_known("history", connection, identity, text)
        article = find_article(connection, identity.portal, identity.key)
        if article is None:
            page = page_of(connection, identity)
            state = f"the page is {page['state']}" if page else "never discovered"
            refuse(
                "history", f"{identity.key}: no article stored, {state}; see `scrapy why {text}`"
            )
        entries = life_of(connection, article)
        if wanted.versions is not None:
            entry = comparison(connection, article, *wanted.versions)
            if entry is None:
                asked = "..".join(map(str, wanted.versions))
                refuse("history", f"--version {asked}: there are 1 to {article['version']}")
            entries = iter([entry])
        if as_records:
            printing(lambda: _print_records(entries))
            return
        paint = coloured if _in_colour() else plain

        def tell() -> None:
            print("\n".join(head_lines(article, counts_of(connection, article["id"]))))
            if article["key"] != identity.key:
                print(f"{identity.key} is a duplicate of {article['key']}")
            for entry in entries:
                for line in entry_lines(entry, paint, wanted.context):
                    print(line)

        printing(tell)

    def _many(self, connection: Connection, wanted: _Wanted, *, as_records: bool) -> None:
        _must_have(connection, wanted.portal)
        found = edits(connection, since=wanted.since, portal=wanted.portal)
        chosen = (
            entry
            for entry in found
            if not wanted.classes or (entry.change and entry.change.name in wanted.classes)
        )
        entries = islice(chosen, wanted.limit)
        if as_records:
            printing(lambda: _print_records(entries))
            return

        def tell() -> None:
            count = 0
            for count, entry in enumerate(entries, 1):
                print(edit_line(entry), flush=count == 1)
            if not count:
                print("scrapy history: no such edit is stored", file=sys.stderr)

        printing(tell)


def _print_records(entries: Iterator[Entry]) -> None:
    for entry in entries:
        print(as_json(record(entry)))


def _in_colour() -> bool:
    """True on a terminal whose user has not asked for none (no-color.org)."""
    return (
        sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )


def _must_have(connection: Connection, portal: str | None) -> None:
    if portal is None or portal in portals():
        return
    if not connection.execute(select(exists().where(ARTICLES.c.portal == portal))).scalar():
        refuse("history", f"--portal {portal}: no such portal; `scrapy portals` prints them")


def _wanted(given: list[str], opts: argparse.Namespace) -> _Wanted:
    """The options, checked: those of one article are not those of a list."""
    if len(given) > 1:
        refuse("history", "one address, e.g. scrapy history http://news.abamako.com/h/292014.html")
    of_one = {"--version": opts.version, "--context": opts.context}
    of_many = {"--since": opts.since, "--portal": opts.portal, "--class": opts.classes,
               "--limit": opts.limit}  # fmt: skip
    for name, value in (of_many if given else of_one).items():
        if value is not None:
            where = "goes without an address" if given else "needs an address"
            refuse("history", f"{name} {where}; see scrapy history --help")
    return _Wanted(
        since=_day(opts.since),
        portal=opts.portal,
        classes=_classes(opts.classes),
        limit=_count("--limit", opts.limit, least=1),
        versions=_versions(opts.version),
        context=1 if (n := _count("--context", opts.context, least=0)) is None else n,
    )


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(text.strip()), time(), UTC)
    except ValueError:
        refuse("history", f"--since {text}: not a day, write it as 2026-01-31")


def _classes(text: str | None) -> frozenset[str]:
    if text is None:
        return frozenset()
    names = {name.strip() for name in text.split(",")}
    for name in sorted(names):
        if name not in _CHOICES:
            refuse("history", f"--class {name}: choose from {', '.join(_CHOICES)}")
    return frozenset(name.replace("-", " ") for name in names)


def _count(name: str, text: str | None, *, least: int) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < least:
        refuse("history", f"{name} {text}: not a whole number from {least} upwards")
    return int(text)


def _versions(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    found: Any = re.fullmatch(r"([0-9]{1,9})\.\.([0-9]{1,9})", text)
    if found is None:
        refuse("history", f"--version {text}: write two numbers as 1..3")
    return int(found[1]), int(found[2])
