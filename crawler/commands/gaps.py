"""`scrapy gaps`: what is missing of a portal's archive, and how many articles there may be."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime

from scrapy.commands import ScrapyCommand
from scrapy.settings import SETTINGS_PRIORITIES

from corpus.database import Database, DatabaseProblem
from corpus.filling import Filled, fill
from corpus.gaps import Scope, states, states_by_section
from corpus.locations import corpus_url, project_root
from corpus.strata import Gap
from crawler.addresses import BadAddress
from crawler.gaps.findings import Findings, gather
from crawler.gaps.report import as_object, lines
from crawler.gaps.sampling import Draw, Estimated, ask, draw, estimated, is_free
from crawler.portals.base import Portal, portal_of, portals
from crawler.portals.generic import generic_portal
from crawler.portals.sections import section_slug
from crawler.probing.held import reading_corpus
from crawler.probing.naming import unknown_portal
from crawler.probing.reading import is_address
from crawler.probing.terminal import operands, printing, refuse
from crawler.settings_check import ConfigurationProblem, check_settings

SAMPLE = 60
"""Numbers that are asked where --sample does not say otherwise: about a minute of a polite crawl,
and a share of one half is known to within 13 points."""
MOST = 1000
"""Numbers that a sample may ask: more is no sample, but a crawl of the archive."""


class Command(ScrapyCommand):
    """Reads the corpus; asks the site only for its sample; writes only the sample and --fill."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy gaps` in the usage line."""
        return "[options] <portal>"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Say what is missing of a portal's archive, and estimate what there is"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Count what is held, missing, failed and queued; list the numbers that were never "
            "tried and the days without an article; ask a random sample of untried numbers "
            f"({SAMPLE}, one a second) and estimate from it how many articles there are. "
            "`--sample 0` asks the site nothing; `--fill` queues the gaps for `scrapy crawl "
            "abamako -a strategy=archive`. Examples: scrapy gaps abamako --sample 0; "
            "scrapy gaps abamako --since 2024-01-01 --until 2024-03-31 --by day. "
            "Definitions: docs/gaps.md"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and ours."""
        super().add_options(parser)
        parser.add_argument("--fill", action="store_true", help="queue the gaps")
        parser.add_argument("--json", action="store_true", help="one JSON object, nothing cut")
        parser.add_argument("--section", metavar="NAME", help="only what this section shows")
        parser.add_argument("--since", metavar="DAY", help="only from this day on: 2024-01-01")
        parser.add_argument("--until", metavar="DAY", help="only up to this day, itself inside")
        parser.add_argument("--by", metavar="day|number", help="a line a day or a block of numbers")
        parser.add_argument(
            "--sample",
            metavar="N",
            help=f"untried numbers to ask, 0 for none (default {SAMPLE}; with --fill or --section "
            "none)",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0; 2 for bad arguments and where nothing is known of the portal; else as the crawl
        of the sample ended."""
        assert self.settings is not None
        portal = _portal(operands("gaps", args))
        scope = _scope(portal.name, opts)
        if opts.by not in (None, "day", "number"):
            refuse("gaps", f"--by {opts.by}: choose from day, number")
        requests = _requests(opts)
        try:
            database = Database(corpus_url(self.settings), root=project_root())
            try:
                report = self._report(database, portal, scope, requests, opts)
            finally:
                database.dispose()
        except DatabaseProblem as problem:
            refuse("gaps", str(problem), problem.exit_code)
        text = as_object(*report) if opts.json else "\n".join(lines(*report))
        printing(lambda: print(text))

    def _report(
        self,
        database: Database,
        portal: type[Portal],
        scope: Scope,
        requests: int,
        opts: argparse.Namespace,
    ) -> tuple[Findings, Estimated | None, list[str], Filled | None]:
        """Ask, look and fill; what there is to print. Raises `DatabaseProblem`."""
        assert self.settings is not None
        self._must_be_known(scope)
        found, notes = self._sampled(database, portal, scope, requests)
        with reading_corpus(self.settings) as connection:
            findings = gather(connection, scope, opts.by)
            figures = None if found is None else estimated(connection, found)
        gaps = [row.gap for row in findings.gaps]
        filled = _fill(database, scope, gaps) if opts.fill else None
        if figures is not None and figures.untried is None and not notes:
            notes = [f"no estimate: no number was asked at random yet; --sample {SAMPLE} does that"]
        return findings, figures, notes, filled

    def _must_be_known(self, scope: Scope) -> None:
        """Refuse what no crawl has ever met. Raises `DatabaseProblem`."""
        assert self.settings is not None
        with reading_corpus(self.settings) as connection:
            if not states(connection, Scope(scope.portal)):
                refuse(
                    "gaps", f"nothing of {scope.portal} is known yet: scrapy crawl {scope.portal}"
                )
            if scope.section is None:
                return
            met = set(states_by_section(connection, Scope(scope.portal))) - {""}
        if scope.section not in met:
            near = difflib.get_close_matches(scope.section, met, n=3) or sorted(met)[:20]
            refuse(
                "gaps", f"--section {scope.section}: no such section; met were {', '.join(near)}"
            )

    def _sampled(
        self, database: Database, portal: type[Portal], scope: Scope, requests: int
    ) -> tuple[Draw | None, list[str]]:
        """Draw and ask; what was drawn, and what there is to say about it."""
        assert self.settings is not None
        if scope.section is not None:
            return None, ["no estimate: nobody knows the section of a number that was not asked"]
        with reading_corpus(self.settings) as connection:
            drawn = draw(connection, portal, scope, requests)
        if not drawn.population:
            why = (
                "every number between known articles was asked"
                if portal.article_paths
                else (f"articles of {portal.name} have no numbers that can be asked")
            )
            return None, [f"no estimate: {why}"]
        if not drawn.numbers:
            return drawn, []
        if not is_free(database, portal.name):
            return drawn, [f"nothing was asked: a crawl of {portal.name} is running"]
        self._ask(database, portal, drawn)
        return drawn, []

    def _ask(self, database: Database, portal: type[Portal], drawn: Draw) -> None:
        assert self.settings is not None
        try:
            check_settings(self.settings)
        except ConfigurationProblem as problem:
            refuse("gaps", str(problem))
        shown = ", ".join("/".join(map(str, number)) for number in sorted(drawn.numbers)[:5])
        print(
            f"scrapy gaps: asking {portal.host()} for {len(drawn.numbers)} of {drawn.population} "
            f"numbers, drawn at random ({shown} …), one every "
            f"{self.settings.getfloat('DOWNLOAD_DELAY'):g} s or slower; --sample 0 asks nothing",
            file=sys.stderr,
            flush=True,
        )
        given = (self.settings.getpriority("LOG_LEVEL") or 0) >= SETTINGS_PRIORITIES["cmdline"]
        if sys.stderr.isatty() and not given:
            # The progress line tells what the log would; problems still show.
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
        self.exitcode = ask(self.settings, database, portal, drawn.numbers, datetime.now(UTC))


def _portal(given: Sequence[str]) -> type[Portal]:
    if len(given) != 1:
        refuse("gaps", f"one portal, e.g. scrapy gaps abamako; there are {', '.join(portals())}")
    name = given[0]
    if name in portals():
        return portals()[name]
    if is_address(name):
        try:
            return portal_of(name) or generic_portal(name)
        except BadAddress as bad:
            refuse("gaps", f"{name}: {bad}")
    refuse("gaps", unknown_portal(name, portals(), by_address=True))


def _scope(portal: str, opts: argparse.Namespace) -> Scope:
    since, until = _day("since", opts.since), _day("until", opts.until)
    if since and until and since > until:
        refuse("gaps", f"--since {since} is after --until {until}: swap the two")
    slug = None
    if opts.section is not None:
        slug = section_slug(opts.section)
        if not slug:
            refuse("gaps", f"--section {opts.section!r} names no section, e.g. --section politique")
        if opts.fill:
            refuse("gaps", "--fill goes by number, and a number has no section: leave one out")
    return Scope(portal, slug, since, until)


def _day(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip(), re.ASCII):
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            pass
    refuse("gaps", f"--{name} {text}: not a day, write it as YYYY-MM-DD, e.g. 2024-03-31")


def _requests(opts: argparse.Namespace) -> int:
    """How many numbers are to be asked."""
    if opts.sample is None:
        # Who fills the gaps will ask for all of them, and a section has none.
        return 0 if opts.fill or opts.section is not None else SAMPLE
    text = str(opts.sample).strip()
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > MOST:
        refuse("gaps", f"--sample {text}: a whole number from 0 to {MOST}; --fill asks for all")
    if int(text) and opts.section is not None:
        refuse("gaps", "--sample goes by number, and a number has no section: leave one out")
    return int(text)


def _fill(database: Database, scope: Scope, gaps: Sequence[Gap]) -> Filled:
    with database.problems(), database.writing() as connection:
        return fill(connection, scope.portal, gaps, datetime.now(UTC))
