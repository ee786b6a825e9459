"""`scrapy import-warc`: articles out of WARC, ARC and WACZ files that others made."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from tempfile import gettempdir
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scrapy.commands import ScrapyCommand
from scrapy.settings import BaseSettings

from corpus.database import Database, DatabaseProblem
from corpus.locations import corpus_url, project_root
from crawler.addresses import BadAddress
from crawler.exit_codes import BUG, DONE, DRIFT, INTERRUPTED, NOTHING, UNWRITABLE
from crawler.importing.captures import Captures
from crawler.importing.hosts import Hosts
from crawler.importing.importer import Importer, Setup
from crawler.importing.index import Index
from crawler.importing.report import lines
from crawler.importing.sources import NoSource, Sources
from crawler.importing.survey import Survey
from crawler.importing.tally import Tally
from crawler.portals.base import Portal, portal_of, portals
from crawler.portals.generic import generic_portal
from crawler.probing.held import NoCorpus, corpus_of
from crawler.probing.naming import unknown_portal
from crawler.probing.progress import Counter, counting
from crawler.probing.terminal import operands, printing, refuse, safe
from crawler.processes import stoppable
from crawler.searching import keep_up
from crawler.stages import extractor_revision, load_stages

MEGABYTE = 1_000_000
NAMED = 5
"""Kinds of trouble that are told one by one."""


class Command(ScrapyCommand):
    """Reads files, writes corpus and archive; makes no request."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy import-warc` in the usage line."""
        return "[options] <file>…"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Take articles out of WARC, ARC and WACZ files of others"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Take the articles of our portals out of files that others archived (Common Crawl, "
            "browsertrix, wget, Heritrix), through the same parser and stages as a crawl, and copy "
            "their records into our archive. The date of an article's fetch is that of its record; "
            "what is no newer than what is held changes nothing, so a file can be imported twice. "
            "Another site than our portals needs --timezone. "
            "Examples: scrapy import-warc CC-MAIN-2024.warc.gz --dry-run; "
            "scrapy import-warc crawl.wacz --portal abamako; "
            "scrapy import-warc site.warc.gz --portal www.example.ml --timezone Africa/Bamako. "
            "More: docs/archive.md"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and ours."""
        super().add_options(parser)
        parser.add_argument(
            "--portal", metavar="NAME", help="this portal alone; with --timezone, this host"
        )
        parser.add_argument(
            "--timezone", metavar="ZONE", help="take hosts of no portal, too; their clock"
        )
        parser.add_argument("--dry-run", action="store_true", help="read all, write nothing")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0, also where a crawl holds the portal; 1 for a bug in parser or stages; 2 for a bad
        argument or a file that is none; 3 or 8 for the database; 9 where nothing in the files is of
        a portal that is wanted; 10 where a file is damaged; 11 stopped."""
        assert self.settings is not None
        paths = operands("import-warc", args)
        if not paths:
            refuse("import-warc", "which files? e.g. scrapy import-warc crawl.warc.gz")
        hosts = _hosts(opts.portal, opts.timezone)
        try:
            with stoppable(), Sources(paths) as sources, Index() as index:
                tally = Tally(damage=list(sources.damage))
                self._survey(sources, Survey(
                    hosts, index, tally, self.settings.getint("DOWNLOAD_MAXSIZE"), datetime.now(UTC)
                ))  # fmt: skip
                self._import(sources, index, hosts, tally, dry=opts.dry_run)
        except NoSource as none:
            refuse("import-warc", str(none))
        except DatabaseProblem as problem:
            refuse("import-warc", str(problem), problem.exit_code)
        except sqlite3.Error as error:
            refuse("import-warc", f"{gettempdir()}, for the index: {error}", UNWRITABLE)
        except OSError as error:
            where = error.filename or gettempdir()
            refuse("import-warc", f"{where}: {error.strerror or error}", UNWRITABLE)
        except KeyboardInterrupt:
            refuse("import-warc", "stopped; what was written stays, run it again", INTERRUPTED)

    def _survey(self, sources: Sources, survey: Survey) -> None:
        total = sum(source.size for source in sources.all)
        with counting("read", -(-total // MEGABYTE), "MB") as counter:
            survey.read(sources.all, _in_megabytes(counter))

    def _import(
        self, sources: Sources, index: Index, hosts: Hosts, tally: Tally, *, dry: bool
    ) -> None:
        assert self.settings is not None
        counts, broken = index.counts(), []
        with ExitStack() as stack:
            database = _corpus(stack, self.settings, dry=dry) if counts else None
            captures = stack.enter_context(
                Captures(sources.all, index, self.settings.getint("DOWNLOAD_MAXSIZE"))
            )
            setup = Setup(
                self.settings, database, sources.all, index, captures, hosts.timezone,
                load_stages(self.settings), extractor_revision(self.settings),
            )  # fmt: skip
            counter = stack.enter_context(counting("import", sum(counts.values())))
            for name in counts:
                importer = Importer(setup, hosts.named(name), tally.of(name))
                if dry:
                    importer.look(counter)
                elif not importer.take(counter):
                    _say(f"a crawl of {name} is already running; {name} was left out")
                broken += importer.broken
        if counts and not dry:
            keep_up("import-warc", self.settings)
        printing(lambda: print("\n".join(lines(tally, written=not dry))))
        for trouble in (tally.damage, broken):
            for line in trouble[:NAMED]:
                _say(line)
            if len(trouble) > NAMED:
                _say(f"and {len(trouble) - NAMED} more")
        self.exitcode = _code(tally, broken)


def _code(tally: Tally, broken: list[str]) -> int:
    if broken:
        return BUG
    if tally.damage:
        return DRIFT
    return DONE if tally.portals else NOTHING


def _say(line: str) -> None:
    print(f"scrapy import-warc: {safe(line)}", file=sys.stderr)


def _corpus(stack: ExitStack, settings: BaseSettings, *, dry: bool) -> Database | None:
    """The database, ready to be written to; in a dry run as it is, None where there is none."""
    if dry:
        try:
            return stack.enter_context(corpus_of(settings))
        except NoCorpus:
            return None
    database = Database(corpus_url(settings), root=project_root())
    stack.callback(database.dispose)
    database.prepare()
    return database


def _in_megabytes(counter: Counter) -> Callable[[int], None]:
    """An `advance` that is told bytes."""
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        before, done = done // MEGABYTE, done + count
        if done // MEGABYTE > before:
            counter.advance(done // MEGABYTE - before)

    return advance


def _hosts(name: str | None, zone: str | None) -> Hosts:
    if zone is not None:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            refuse("import-warc", f"--timezone {zone}: no time zone, write it as Africa/Bamako")
    if name is None:
        return Hosts(None, zone)
    if name in portals():
        if zone is not None:
            refuse("import-warc", f"--timezone: {name} has its own, {portals()[name].timezone}")
        return Hosts(portals()[name], None)
    if zone is None:
        line = unknown_portal(name, portals())
        refuse("import-warc", f"{line}; another site needs --timezone, e.g. Africa/Bamako")
    return Hosts(_by_host(name, zone), zone)


def _by_host(name: str, zone: str) -> type[Portal]:
    address = name if "://" in name else f"http://{name}/"
    try:
        known = portal_of(address)
        made = generic_portal(address, timezone=zone)
    except BadAddress as bad:
        refuse("import-warc", f"--portal {name}: {bad}")
    if known is not None:
        refuse("import-warc", f"{name} is a host of {known.name}: --portal {known.name}")
    return made
