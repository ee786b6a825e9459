"""`scrapy crawl`: overrides Scrapy's. Checks everything before the first request, and says by its
exit code how the run ended (crawler/exit_codes.py)."""

from __future__ import annotations

import argparse
import difflib
import sys
from typing import NoReturn
from urllib.parse import urlsplit

from scrapy.commands import ScrapyCommand
from scrapy.settings import SETTINGS_PRIORITIES
from scrapy.utils.conf import arglist_to_dict
from sqlalchemy import select

from corpus.database import Database, DatabaseProblem
from corpus.drift import DRIFTED, judge_run, note_stat
from corpus.locations import corpus_url, project_root
from corpus.models import Section
from corpus.silence import silent_sections
from crawler.addresses import BadAddress, canonical
from crawler.commands.check import declared_by, limits_of
from crawler.crawling import check_disk, crawl
from crawler.discovery.sections import FRONT_PAGE
from crawler.discovery.sources import STATES
from crawler.exit_codes import USAGE
from crawler.portals.base import Portal, portal_of, portals
from crawler.portals.generic import generic_portal
from crawler.portals.sections import KNOWN_SECTIONS, section_slug
from crawler.probing.naming import unknown_portal
from crawler.probing.reading import is_address
from crawler.settings_check import ConfigurationProblem, check_settings
from crawler.spiders.arguments import DEFAULT_BUDGET, ArgumentProblem, CrawlArguments
from crawler.spiders.portal_spider import PortalSpider

SCRAPYD_JOB = "_job"
"""An argument that scrapyd adds to those of its user: its own number for the run."""
MAX_CHOICES = 20
"""Slugs that a refusal prints."""


class Command(ScrapyCommand):
    """Crawl one portal."""

    requires_project = True

    def syntax(self) -> str:
        """Shown after `scrapy crawl` in the usage line."""
        return "[options] <portal or address>"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Crawl a portal into the corpus: every section, newest first, until known ground"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Crawl a portal into the corpus. Examples: `scrapy crawl abamako`; "
            "`scrapy crawl abamako -a section=politique,sports -a since=2024-01-01 "
            "-a until=2024-03-31 -a limit=500`; number by number `scrapy crawl abamako "
            "-a strategy=archive -a ids=290902-294725`; its feed alone `scrapy crawl abamako "
            "-a strategy=feed`; what is held, for edits `scrapy crawl abamako -a strategy=refresh "
            "-a budget=500`; any other site by its address: `scrapy crawl "
            "https://www.example.org/ -a timezone=Africa/Bamako`. `scrapy portals` prints the "
            "portals."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options, and -a."""
        super().add_options(parser)
        parser.add_argument(
            "-a",
            dest="spargs",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="section=A,B  since=YYYY-MM-DD  until=YYYY-MM-DD  limit=N  "
            "strategy=sections|feed|archive|refresh  ids=N,N-M  thorough=yes (with "
            f"strategy=archive)  budget=N (requests of a refresh, default {DEFAULT_BUDGET})  "
            "photos=yes (each article's photo, into the archive)  "
            "timezone=Africa/Bamako (with an address)",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check everything that can be checked before a request, and before Scrapy logs a line."""
        super().process_options(args, opts)
        try:
            self.portal_name, self.given = self._checked(args, opts)
            database = self._prepared()
        except (ArgumentProblem, ConfigurationProblem) as problem:
            _refuse(str(problem), USAGE)
        except DatabaseProblem as problem:
            _refuse(str(problem), problem.exit_code)
        print(f"corpus: {database.display}", file=sys.stderr, flush=True)
        database.dispose()
        assert self.settings is not None
        given = (self.settings.getpriority("LOG_LEVEL") or 0) >= SETTINGS_PRIORITIES["cmdline"]
        if sys.stderr.isatty() and not given:
            # The progress line tells what the log would; problems still show.
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, and set the exit code."""
        assert self.crawler_process is not None
        assert self.settings is not None
        self.exitcode = crawl(
            self.crawler_process, self.settings, self.portal_name, self.given, judge=self._judged
        )

    def _judged(self, spider: PortalSpider) -> tuple[bool, bool]:
        """Whether a field is read otherwise than in the portal's history, and whether a section
        that had articles shows none; says which."""
        assert self.settings is not None
        database = Database(corpus_url(self.settings), root=project_root())
        try:
            with database.problems(), database.writing() as connection:
                limits, declared = limits_of(self.settings), declared_by(spider.portal)
                found = judge_run(connection, spider.portal.name, limits, declared)
                if found:
                    note_stat(connection, spider.run_id, DRIFTED, len(found))
                silent = silent_sections(connection, spider.portal.name)
        except DatabaseProblem as problem:
            print(f"scrapy crawl: {problem}", file=sys.stderr)
            return False, False
        finally:
            database.dispose()
        for alarm in (*found, *silent):
            print(alarm, file=sys.stderr)
        return bool(found), bool(silent)

    def _checked(self, args: list[str], opts: argparse.Namespace) -> tuple[str, dict[str, str]]:
        for arg in args:
            if is_address(arg):
                continue
            if arg.startswith("-"):
                raise ArgumentProblem(f"no such option: {arg}; see scrapy crawl --help")
            if "=" in arg:
                raise ArgumentProblem(f"write -a before it: -a {arg}")
        if len(args) != 1:
            raise ArgumentProblem(
                f"one portal at a time, e.g. `scrapy crawl abamako`; the portals are "
                f"{', '.join(portals())}"
            )
        name = args[0]
        if is_address(name):
            self.portal = _by_address(name)
        elif name in portals():
            self.portal = portals()[name]
        else:
            raise ArgumentProblem(unknown_portal(name, portals(), by_address=True))
        try:
            given = arglist_to_dict(opts.spargs)
        except ValueError:
            raise ArgumentProblem("write -a as NAME=VALUE, e.g. -a section=politique") from None
        given.pop(SCRAPYD_JOB, None)
        assert self.settings is not None
        check_settings(self.settings)
        arguments = CrawlArguments.parse(given)
        if arguments.strategy == "archive" and not self.portal.article_paths:
            raise ArgumentProblem(
                f"-a strategy=archive: the form of {self.portal.name}'s article addresses is not "
                "known; leave it out, or give its class article_paths (crawler/portals/README.md)"
            )
        if arguments.photos and self.settings["ARCHIVE"] == "none":
            raise ArgumentProblem("-a photos=yes: photos are kept in the archive, and ARCHIVE=none")
        zone = arguments.timezone
        if is_address(name) and zone is None:
            raise ArgumentProblem(
                f"which clock does {self.portal.host()} go by? e.g. -a timezone=Africa/Bamako"
            )
        if zone is not None and not is_address(name):
            raise ArgumentProblem(f"-a timezone: {name} has its own, {self.portal.timezone}")
        return name, given

    def _prepared(self) -> Database:
        """The database, ready; beside it an archive that can be written, and room for both. The
        sections asked for are known there, on the portal's class or by their usual label."""
        assert self.settings is not None
        database = Database(corpus_url(self.settings), root=project_root())
        database.prepare()
        check_disk(self.settings, database, self.portal.name)
        portal = self.portal
        asked = CrawlArguments.parse(self.given).sections
        if asked:
            hints = {section_slug(label) for label in portal.sections}
            met = _met_sections(database, portal.name)
            known = {FRONT_PAGE, *KNOWN_SECTIONS.values(), *hints, *met}
            for slug in asked:
                if slug not in known:
                    raise ArgumentProblem(f"-a section={slug}: {_nearest(slug, known, met)}")
        return database


def _by_address(address: str) -> type[Portal]:
    """A portal for the host of `address`. Raises `ArgumentProblem`."""
    try:
        known, portal = portal_of(address), generic_portal(address)
        port = urlsplit(canonical(address)).port
    except BadAddress as bad:
        raise ArgumentProblem(f"{address}: {bad}") from None
    if known is not None:
        raise ArgumentProblem(f"{portal.host()} is a portal of ours: scrapy crawl {known.name}")
    if port is not None:
        raise ArgumentProblem(f"{address}: only the usual ports are crawled")
    return portal


def _met_sections(database: Database, portal: str) -> set[str]:
    """Slugs of the sections that earlier runs met on the portal."""
    with database.reading() as connection:
        query = select(Section.slug).where(
            Section.portal == portal, Section.state.not_in(("no_listing", *STATES))
        )
        return set(connection.execute(query).scalars())


def _nearest(slug: str, known: set[str], met: set[str]) -> str:
    """What to type instead: the nearest slugs; those met on the portal where none is near, for the
    usual labels alone are over a hundred."""
    near = difflib.get_close_matches(slug, sorted(known), n=3, cutoff=0.6)
    if near:
        return f"no such section; did you mean {' or '.join(near)}?"
    choices = sorted(met) or list(dict.fromkeys(KNOWN_SECTIONS.values()))
    more = " …" if len(choices) > MAX_CHOICES else ""
    return f"no such section; choose from {', '.join(choices[:MAX_CHOICES])}{more}"


def _refuse(message: str, code: int) -> NoReturn:
    print(f"scrapy crawl: {message}", file=sys.stderr)
    sys.exit(code)
