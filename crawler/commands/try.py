"""`scrapy try`: each page in, every field out, its value and the sign that gave it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings

from corpus.database import DatabaseProblem
from crawler.addresses import BadAddress, canonical
from crawler.exit_codes import USAGE
from crawler.parsing.candidates import candidates, losers
from crawler.parsing.knowledge import EMPTY, Knowledge
from crawler.parsing.page import Page
from crawler.portals.base import Portal, portal_of
from crawler.portals.generic import generic_portal
from crawler.probing.fetching import fetch_once
from crawler.probing.held import knowledge_of
from crawler.probing.reading import Reading, is_address, read_page
from crawler.probing.saved import UnreadableFile, load
from crawler.probing.terminal import as_json, instant, operands, printing, refuse, shorten, table
from crawler.spiders.visit import Visit
from crawler.stages import load_stages

LONGEST = 100
"""Characters of a value that a table shows; `--json` and `--all` show all of it."""


@dataclass(frozen=True, slots=True)
class Result:
    """One argument and what became of it."""

    given: str
    reading: Reading
    detail: str = ""
    """Why there was nothing to read, in words."""
    others: tuple[tuple[str, str, str, str], ...] = ()
    """With `--all`: field, sign and value of the signs that lost, and why each did."""
    knowledge: Knowledge = EMPTY
    """What was learned of the portal before."""

    def record(self) -> dict[str, Any]:
        """The object of `--json`; with `knowledge_revision` where there was knowledge."""
        name = "address" if is_address(self.given) else "file"
        known = {"knowledge_revision": self.knowledge.revision} if self.knowledge.revision else {}
        return {name: self.given, **self.reading.record(), **known}


class Command(ScrapyCommand):
    """Reads pages without storing anything; only addresses need a crawler process."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy try` in the usage line."""
        return "[options] <address or file>..."

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Read pages and show every field with the sign that gave it"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Read each page as a crawl would and print every field, its value and the sign that "
            "gave it; nothing is stored. A file is a saved page (.html, also .html.gz); its "
            "address is its canonical link, its og:url, or --url. Any host can be read: one that "
            "is no portal of ours by general signs. What `scrapy learn` found out about a portal "
            "counts as in a crawl; --all adds what the other signs say and why each lost. Example: "
            "scrapy try --json http://news.abamako.com/h/292014.html page.html"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and our own."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument(
            "--url", metavar="ADDRESS", help="the address the one file was saved from"
        )
        parser.add_argument(
            "--at",
            metavar="INSTANT",
            help="when the pages were fetched, ISO 8601, for «hier»; default: now",
        )
        parser.add_argument(
            "--all", action="store_true", help="also empty fields, full values and losing signs"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0 where every page could be opened; 2 for a wrong argument; 12 or 18 where an
        address could not be fetched."""
        assert self.settings is not None
        given = operands("try", args)
        at = instant("try", opts.at)
        _check(given, opts.url)
        try:
            # A stage's file that is missing is a broken configuration, not a bug of a page.
            stages = load_stages(self.settings)
        except (ImportError, NameError, ValueError) as problem:
            refuse("try", f"ITEM_PIPELINES: {problem}")
        visits: dict[str, Visit] = {}
        if any(is_address(arg) for arg in given):
            visits = self._fetch([arg for arg in given if is_address(arg)])
        learned = _Learned(self.settings)
        read = _Reader(stages, visits, opts.url, at if opts.at else None, learned, full=opts.all)
        printing(lambda: self._print(read.results(given), opts))
        if read.broken:
            self.exitcode = USAGE

    def _fetch(self, addresses: Sequence[str]) -> dict[str, Visit]:
        """Visit each address once; the exit code says how that went."""
        assert isinstance(self.settings, Settings)
        visits, self.exitcode = fetch_once("try", self.settings, addresses)
        return visits

    def _print(self, results: Iterator[Result], opts: argparse.Namespace) -> None:
        for n, result in enumerate(results):
            if opts.json:
                # Each line goes out at once: a reader of hundreds of pages need not wait.
                print(as_json(result.record()), flush=True)
            else:
                if n:
                    print()
                print("\n".join(describe(result, full=opts.all)), flush=True)


class _Reader:
    """From arguments to results, in their order."""

    def __init__(
        self,
        stages: Sequence[Any],
        visits: dict[str, Visit],
        url: str | None,
        at: datetime | None,
        learned: _Learned,
        *,
        full: bool,
    ) -> None:
        self.stages, self.visits, self.url, self.at = stages, visits, url, at
        self.learned, self.full = learned, full
        self.broken = False
        """True once a file could not be read."""

    def results(self, given: Sequence[str]) -> Iterator[Result]:
        """One result for each argument."""
        with asyncio.Runner() as runner:
            for arg in given:
                yield runner.run(self._address(arg) if is_address(arg) else self._file(arg))

    async def _address(self, address: str) -> Result:
        visit = self.visits.get(address)
        if visit is None:
            return Result(address, Reading(None, "failed", "interrupted"), "stopped before it")
        if not visit.ok:
            state = "missing" if visit.status in (404, 410) else "failed"
            return Result(address, Reading(None, state, visit.reason), visit.detail)
        page = Page(visit.url, visit.body, visit.content_type, self.at or visit.fetched_at)
        portal = portal_of(visit.url) or generic_portal(visit.url)
        return await self._read(address, page, portal)

    async def _file(self, name: str) -> Result:
        try:
            saved = load(Path(name), url=self.url, at=self.at or instant("try", None))
        except UnreadableFile as problem:
            self.broken = True
            return Result(name, Reading(None, "failed", "unreadable"), str(problem))
        return await self._read(name, saved.page, saved.portal)

    async def _read(self, given: str, page: Page, portal: type[Portal]) -> Result:
        knowledge = self.learned.of(portal.name)
        reading = await read_page(page, portal, self.stages, knowledge)
        others: tuple[tuple[str, str, str, str], ...] = ()
        if self.full and reading.article is not None:
            others = tuple(losers(candidates(page, portal, knowledge), reading.article))
        return Result(given, reading, others=others, knowledge=knowledge)


class _Learned:
    """What the corpus knows of each portal, asked once; a corpus that cannot be read is told once,
    and pages are read without."""

    def __init__(self, settings: Any) -> None:
        self._settings = settings
        self._known: dict[str, Knowledge] = {}
        self._broken = False

    def of(self, portal: str) -> Knowledge:
        """The latest knowledge of `portal`."""
        if portal not in self._known and not self._broken:
            try:
                self._known[portal] = knowledge_of(self._settings, portal)
            except DatabaseProblem as problem:
                self._broken = True
                print(f"scrapy try: read without what was learned: {problem}", file=sys.stderr)
        return self._known.get(portal, EMPTY)


def describe(result: Result, *, full: bool = False) -> list[str]:
    """One page as lines: what was given, the state where it is no article, and a row a field."""
    lines = [result.given]
    reading = result.reading
    if reading.reason:
        why = f": {result.detail}" if result.detail else ""
        lines.append(f"no article: {reading.state}, {reading.reason}{why}")
    article, known = reading.article, result.knowledge
    if article is None:
        return lines
    if known.revision:
        count = len(known.template_lines)
        lines.append(f"with knowledge {known.revision} of {article.portal}: {count} lines learned")
    rows = []
    for name, value in reading.record().items():
        if name in ("signs", "state", "reason") or (value in (None, "", []) and not full):
            continue
        shown = _shown(value, full)
        if name == "body" and shown.endswith("…"):
            shown += f" ({article.word_count} words)"
        sign = _sign(article.signs, name) if value not in (None, "", []) else "-"
        rows.append((name, sign, shown))
    for name, sign, value, why in result.others:
        rows.append((f"  {name}, too", f"{sign} ({why})", _shown(value, full)))
    return [*lines, *table(rows, header=("field", "sign", "value"))]


# Fields that are read from another field's sign.
_DERIVED = {
    "published_on": ("date", "published_raw", "published"),
    "published_at": ("date", "published_raw", "published"),
    "published_raw": ("date", "published"),
    "updated_on": ("updated", "updated_raw"),
    "updated_raw": ("updated",),
    "photo_url": ("photo",),
    "lead": ("body",),
}


def _sign(signs: dict[str, str], name: str) -> str:
    return next((signs[n] for n in (name, *_DERIVED.get(name, ())) if n in signs), "-")


def _shown(value: Any, full: bool) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if value is None:
        return "-"
    return " ".join(text.split()) if full else shorten(text, LONGEST)


def _check(given: Sequence[str], url: str | None) -> None:
    """Refuse what can be seen to be wrong before a page is read or a request made."""
    if not given:
        refuse("try", "an address or a saved page is needed, e.g. scrapy try page.html")
    if url is not None:
        if len(given) != 1 or is_address(given[0]):
            refuse("try", "--url goes with exactly one file")
        _check_address(url)
    for arg in given:
        if is_address(arg):
            _check_address(arg)
        elif not (path := Path(arg)).exists():
            refuse("try", f"{arg}: no such file; an address begins with http:// or https://")
        elif path.is_dir():
            refuse("try", f"{arg}: a folder; name the pages in it, e.g. {arg.rstrip('/')}/*.html")


def _check_address(text: str) -> None:
    try:
        canonical(text)
    except BadAddress as bad:
        refuse("try", f"{text}: {bad}")
