"""`scrapy capture`: freeze a page and what is read of it as a golden page of the tests."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings

from crawler.addresses import BadAddress, canonical
from crawler.parsing.page import Page
from crawler.portals.base import Portal, portal_of
from crawler.portals.generic import generic_portal
from crawler.probing.fetching import fetch_once
from crawler.probing.reading import is_address, read_page
from crawler.probing.saved import UnreadableFile, load
from crawler.probing.terminal import instant, operands, printing, refuse
from crawler.stages import load_stages

FOLDER = "tests/golden"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")


class Command(ScrapyCommand):
    """Writes two files: the page's bytes, and a JSON of where it is from and what it says."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy capture` in the usage line."""
        return "[options] <address or file>"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Freeze a page and its fields as a golden page of the tests"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            f"Write the page's bytes and a JSON with every field that is read of it to {FOLDER}. "
            "Look the JSON over and correct it by hand: from then on a test for each field holds "
            "the readers to it. Example: scrapy capture page.html --name spip-brief "
            "--url https://www.example.ml/spip.php?article12 --timezone Africa/Bamako"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and our own."""
        super().add_options(parser)
        parser.add_argument("--name", help="name of the two files: a-z, 0-9 and -")
        parser.add_argument("--folder", default=FOLDER, help=f"where to (default {FOLDER})")
        parser.add_argument("--url", metavar="ADDRESS", help="the address a file was saved from")
        parser.add_argument("--at", metavar="INSTANT", help="when it was fetched; default: now")
        parser.add_argument(
            "--timezone", default="UTC", help="clock of a host that is no portal of ours"
        )
        parser.add_argument("--renew", action="store_true", help="write over a golden page")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0; 2 for a wrong argument or a page that is no article; 3 for files that cannot be
        written; 12 or 18 where the address could not be fetched."""
        assert isinstance(self.settings, Settings)
        given = operands("capture", args)
        if len(given) != 1:
            refuse("capture", "one address or saved page, e.g. scrapy capture page.html --name x")
        name = opts.name or ""
        if not _NAME.fullmatch(name):
            refuse("capture", "--name is needed: a-z, 0-9 and -, e.g. --name spip-brief")
        _check_zone(opts.timezone)
        folder = Path(opts.folder)
        if (folder / f"{name}.json").exists() and not opts.renew:
            refuse("capture", f"{folder / name}.json is there already; --renew writes over it")
        page = self._page(given[0], opts)
        if page is None:
            return
        portal = _portal(page.url, opts.timezone)
        reading = asyncio.run(read_page(page, portal, load_stages(self.settings)))
        if reading.state or reading.article is None:
            refuse("capture", f"{given[0]} is no article: {reading.state}, {reading.reason}")
        golden = {
            "url": page.url,
            "content_type": page.content_type,
            "fetched_at": page.fetched_at.astimezone(UTC).isoformat(),
            "timezone": portal.timezone,
            "expected": reading.record(),
        }
        try:
            write_golden(folder, name, page.body, golden)
        except OSError as problem:
            refuse("capture", f"{folder} cannot be written: {problem.strerror}", 3)
        printing(lambda: print(f"{folder / name}.html and .json written: look the JSON over"))

    def _page(self, given: str, opts: argparse.Namespace) -> Page | None:
        """The page, or None where it could not be fetched; the exit code is set then."""
        assert isinstance(self.settings, Settings)
        at = instant("capture", opts.at)
        if not is_address(given):
            try:
                return load(Path(given), url=opts.url, at=at).page
            except UnreadableFile as problem:
                refuse("capture", str(problem))
        try:
            canonical(given)
        except BadAddress as bad:
            refuse("capture", f"{given}: {bad}")
        visits, self.exitcode = fetch_once("capture", self.settings, [given])
        visit = visits.get(given)
        if visit is None or not visit.ok:
            print(f"not fetched: {visit.reason if visit else 'interrupted'}")
            return None
        fetched_at: datetime = at if opts.at else visit.fetched_at
        return Page(visit.url, visit.body, visit.content_type, fetched_at)


def write_golden(folder: Path, name: str, body: bytes, golden: dict[str, Any]) -> None:
    """Write the two files. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.html").write_bytes(body)
    text = json.dumps(golden, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / f"{name}.json").write_text(text + "\n", "utf-8")


def _portal(url: str, timezone: str) -> type[Portal]:
    return portal_of(url) or generic_portal(url, timezone=timezone)


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        refuse("capture", f"--timezone: no zone {name!r}, e.g. Africa/Bamako")
