"""`scrapy reparse`: the archive read again with today's parser, stages and knowledge."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from typing import Any

from scrapy.commands import ScrapyCommand

from corpus.database import Database, DatabaseProblem
from corpus.reselection import portals_with_pages
from corpus.selection import BadCondition
from crawler.exit_codes import BUG, DRIFT, FORCED, INTERRUPTED
from crawler.probing.held import corpus_of
from crawler.probing.naming import unknown_portal
from crawler.probing.progress import counting
from crawler.probing.terminal import operands, printing, refuse
from crawler.processes import MOST_JOBS, WorkerDied, jobs_of, stoppable
from crawler.reparsing.report import Report, total
from crawler.reparsing.rereader import Chosen, Rereader
from crawler.searching import keep_up

STATES = ("quarantined", "rejected")
SAMPLES = 3
"""Differences shown of each field."""


class Command(ScrapyCommand):
    """Reads the archive and the corpus; writes with --write only; makes no request."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy reparse` in the usage line."""
        return "[options] [<portal>…]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Read the archived pages again, with today's parser and knowledge"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Read every archived page again that another parser, other stages or other knowledge "
            "have read, and print field by field what is filled, changed or lost. Nothing is "
            "written without --write: then each article that is read otherwise gets a new version "
            "with cause «reading», and quarantined pages that turn out to be articles are stored. "
            "Where a field would get worse, the old value stays and the article is flagged "
            "worse_reading, unless --accept-worse is given. Killed, it goes on when run again. "
            "Examples: scrapy reparse abamako; scrapy reparse --write --since 2026-01-01; "
            "scrapy reparse abamako --where \"author is null and section = 'Sport'\" --write. "
            "More: docs/reparse.md"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and ours."""
        super().add_options(parser)
        parser.add_argument("--write", action="store_true", help="write what differs")
        parser.add_argument(
            "--dry-run", action="store_true", help="write nothing: the default, said aloud"
        )
        parser.add_argument(
            "--since", metavar="DAY", help="only what was fetched on this day (UTC) or later"
        )
        parser.add_argument(
            "--where", metavar="CONDITION", help="only articles of which this SQL is true"
        )
        parser.add_argument(
            "--all", action="store_true", help="also what this very reader has read already"
        )
        parser.add_argument(
            "--accept-worse", action="store_true", help="take a field also where it gets worse"
        )
        parser.add_argument(
            "--state",
            metavar="STATE,…",
            help="pages without an article to try: quarantined (default), rejected, or none",
        )
        parser.add_argument("--jobs", metavar="N", help="processes (default: one a core)")
        parser.add_argument(
            "--samples", metavar="N", help=f"differences shown of each field (default: {SAMPLES})"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0, also where a crawl holds the portal; 1 for a bug in parser or stages; 2 for a bad
        argument; 3 or 8 for the database; 10 where the archive lacks a page; 11 stopped."""
        assert self.settings is not None
        names = operands("reparse", args)
        options = _options(opts)
        jobs, samples = jobs_of(opts.jobs), _samples(opts.samples)
        if jobs is None:
            refuse("reparse", f"--jobs {opts.jobs}: a whole number from 1 to {MOST_JOBS}")
        try:
            with corpus_of(self.settings) as database, stoppable():
                if opts.write:
                    database.prepare()
                portals = _portals(database, names)
                rereader = Rereader(
                    self.settings, database, write=opts.write, accept_worse=opts.accept_worse
                )
                chosen = [rereader.choose(name, **options) for name in portals]
                self._reread(rereader, chosen, jobs, samples)
                if opts.write:
                    keep_up("reparse", self.settings, database)
        except BadCondition as bad:
            refuse("reparse", f"--where: {bad}")
        except DatabaseProblem as problem:
            refuse("reparse", str(problem), problem.exit_code)
        except WorkerDied as died:
            refuse(
                "reparse",
                f"{died} (was it killed for want of memory?); what was written stays, run again, "
                "e.g. with --jobs 1",
                FORCED,
            )
        except KeyboardInterrupt:
            refuse("reparse", "stopped; what was written stays, run it again to go on", INTERRUPTED)

    def _reread(
        self, rereader: Rereader, chosen: Sequence[Chosen], jobs: int, samples: int
    ) -> None:
        reports: list[Report] = []
        with ExitStack() as stack:
            processes = stack.enter_context(rereader.processes(chosen, jobs))
            counter = stack.enter_context(counting("read again", sum(one.count for one in chosen)))
            for one in chosen:
                report = rereader.reread(one, processes, counter, samples)
                if report is None:
                    name = one.wanted.portal
                    print(
                        f"scrapy reparse: a crawl of {name} is running; {name} was left out",
                        file=sys.stderr,
                    )
                else:
                    reports.append(report)
        printing(lambda: _print(reports, written=rereader.write))
        if any(report.broken for report in reports):
            self.exitcode = BUG
        elif any(report.damaged for report in reports):
            self.exitcode = DRIFT


def _print(reports: Sequence[Report], *, written: bool) -> None:
    for report in reports:
        print("\n".join(report.lines(written=written)))
    if not written and total(reports):
        print("nothing was written; the same command with --write does that")


def _portals(database: Database, names: Sequence[str]) -> list[str]:
    with database.problems(), database.reading() as connection:
        known = portals_with_pages(connection)
    for name in names:
        if name not in known:
            refuse("reparse", unknown_portal(name, known, called="those with pages"))
    if not known:
        refuse("reparse", "no page is known yet: run `scrapy crawl <portal>` first")
    return list(dict.fromkeys(names)) or known


def _options(opts: argparse.Namespace) -> dict[str, Any]:
    """The options of a selection, checked."""
    if opts.write and opts.dry_run:
        refuse("reparse", "--write and --dry-run: leave one out")
    if opts.where is not None and not opts.where.strip():
        refuse("reparse", "--where is empty; e.g. --where \"section = 'Sport'\"")
    # A condition speaks of articles: pages without one are meant only where they are named.
    states = "quarantined" if opts.state is None and opts.where is None else opts.state or "none"
    chosen = tuple(name.strip() for name in states.split(","))
    for name in chosen:
        if name not in (*STATES, "none") or (name == "none" and len(chosen) > 1):
            refuse("reparse", f"--state {states}: choose from {', '.join(STATES)}, or none")
    return {
        "since": _day(opts.since),
        "where": opts.where,
        "everything": opts.all,
        "states": () if chosen == ("none",) else chosen,
    }


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        refuse("reparse", f"--since {text}: not a day, write it as 2026-01-31")


def _samples(text: str | None) -> int:
    if text is None:
        return SAMPLES
    if not re.fullmatch(r"[0-9]{1,4}", text):
        refuse("reparse", f"--samples {text}: a whole number below 10000")
    return int(text)
