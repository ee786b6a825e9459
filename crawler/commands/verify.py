"""`scrapy verify`: the archive against the database, or one page's chain of custody."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scrapy.commands import ScrapyCommand
from sqlalchemy import Connection

from corpus.database import DatabaseProblem
from corpus.locations import archive_dir
from corpus.reselection import portals_with_pages
from corpus.verifying import Kept, count_kept, faults, kept
from crawler.exit_codes import DRIFT, FORCED, INTERRUPTED
from crawler.probing.custody import custody_of, faults_of, lines
from crawler.probing.held import reading_corpus
from crawler.probing.naming import identity_of, must_be_known, unknown_portal
from crawler.probing.progress import counting
from crawler.probing.terminal import operands, printing, refuse, safe
from crawler.processes import MOST_JOBS, Processes, WorkerDied, jobs_of, stoppable

CHUNK = 128
"""Records of a task."""


@dataclass(frozen=True, slots=True)
class _Task:
    directory: Path
    places: list[Kept]


@dataclass(frozen=True, slots=True)
class _Checked:
    records: int
    faults: list[tuple[Kept, str]]


class Command(ScrapyCommand):
    """Reads archive and corpus; makes no request and writes nothing."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy verify` in the usage line."""
        return "[options] [<portal or address>…]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Check the archive against the database, or show how one page came to us"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "For portals (all, where none is named): read every record that an article, a version "
            "or a page names, hash its block and its payload, and compare with what the record "
            "and the database say; one line a fault, exit 10 where there is one. For an address: "
            "what was asked, what the site answered, when, where it lies, its digests, and who "
            "read it as which version. Examples: scrapy verify; scrapy verify abamako --jobs 2; "
            "scrapy verify http://news.abamako.com/h/292014.html"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and --jobs."""
        super().add_options(parser)
        parser.add_argument("--jobs", metavar="N", help="processes (default: one a core)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0; 2 for a bad argument; 3 or 8 for the database; 10 for a fault; 11 stopped."""
        assert self.settings is not None
        given = operands("verify", args)
        jobs = jobs_of(opts.jobs)
        if jobs is None:
            refuse("verify", f"--jobs {opts.jobs}: a whole number from 1 to {MOST_JOBS}")
        try:
            with reading_corpus(self.settings) as connection, stoppable():
                known = portals_with_pages(connection)
                addresses = [text for text in given if text not in known]
                for text in addresses:
                    if not any(sign in text for sign in ".:/"):
                        refuse("verify", unknown_portal(text, known, called="those with pages"))
                    self._tell(connection, text)
                names = list(dict.fromkeys(text for text in given if text in known))
                if not given and not known:
                    refuse("verify", "no page is known yet: run `scrapy crawl <portal>` first")
                if names or not given:
                    told = self._verify(connection, names or known, jobs)
                    printing(lambda: _print(told))
        except DatabaseProblem as problem:
            refuse("verify", str(problem), problem.exit_code)
        except WorkerDied as died:
            refuse("verify", f"{died}; run again, e.g. with --jobs 1", FORCED)
        except KeyboardInterrupt:
            refuse("verify", "stopped before its end", INTERRUPTED)

    def _verify(self, connection: Connection, names: Sequence[str], jobs: int) -> Iterator[str]:
        """Portal by portal: a line a fault, and what it came to."""
        assert self.settings is not None
        directory = archive_dir(self.settings)
        counts = {name: count_kept(connection, name) for name in names}
        parts = sum(-(-places // CHUNK) for places, _ in counts.values())
        with Processes(_check, _prepare, None, jobs=max(1, min(jobs, parts))) as processes:
            for name, (places, without) in counts.items():
                found = 0
                tasks = (_Task(directory, part) for part in kept(connection, name, CHUNK))
                with counting(f"verify {name}", places) as counter:
                    for checked in processes.each(tasks):
                        counter.advance(checked.records)
                        found += len(checked.faults)
                        yield from (f"{one}: {why}" for one, why in checked.faults)
                note = f"; {without} articles have no page in the archive" if without else ""
                yield f"{name}: {counter.done} records checked, {found} faults{note}"
                if found:
                    self.exitcode = DRIFT

    def _tell(self, connection: Connection, text: str) -> None:
        """The chain of custody of one address."""
        assert self.settings is not None
        identity = identity_of("verify", text)
        must_be_known("verify", connection, identity, text)
        custody = custody_of(connection, identity)
        if custody.page is None and custody.article is None:
            refuse("verify", f"{identity.key}: never discovered; see `scrapy why {text}`")
        directory = archive_dir(self.settings)
        found = faults_of(directory, custody)
        printing(lambda: _print([*lines(directory, identity, custody), *_verdict(found)]))
        if found:
            self.exitcode = DRIFT


def _verdict(found: Sequence[str]) -> list[str]:
    if found:
        return [f"fault  {line}" for line in found]
    return ["checked  every record agrees with its digests and with the database"]


def _print(told: Iterable[str]) -> None:
    for line in told:
        print(safe(line), flush=True)


def _prepare(setup: None) -> None:
    """Nothing is needed in a process but the code."""


def _check(task: _Task) -> _Checked:
    return _Checked(len(task.places), faults(task.directory, task.places))
