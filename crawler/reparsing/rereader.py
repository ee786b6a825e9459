"""Rereader: portal by portal, from the selection through the worker processes to the writer.

What is written is complete at every moment: a killed reparse has read some articles again and not
the others, and the next one leaves out what was done. While it writes it holds the portal, so a
crawl and a reparse never meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scrapy.settings import BaseSettings

from corpus.database import Database
from corpus.knowledge import latest_knowledge
from corpus.locations import archive_dir
from corpus.locks import PortalLock
from corpus.rereading import Stamp
from corpus.reselection import Selection, Wanted, reselect
from crawler.probing.progress import Counter
from crawler.processes import Processes
from crawler.reparsing.report import Report
from crawler.reparsing.worker import Outcome, Setup, Task, prepare, work
from crawler.stages import extractor_revision
from crawler.writing import Writing

CHUNK = 64
"""Pages of a task: a tenth of a second's work, and some kilobytes on their way."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be read of one portal."""

    wanted: Wanted
    selection: Selection

    @property
    def count(self) -> int:
        """Pages in all."""
        return len(self.selection.articles) + len(self.selection.pages)

    def tasks(self) -> Iterator[Task]:
        """The selection in parts."""
        portal, knowledge = self.wanted.portal, self.wanted.knowledge_revision
        for start in range(0, len(self.selection.articles), CHUNK):
            part = tuple(self.selection.articles[start : start + CHUNK])
            yield Task(portal, knowledge, articles=part)
        for start in range(0, len(self.selection.pages), CHUNK):
            part = tuple(self.selection.pages[start : start + CHUNK])
            yield Task(portal, knowledge, pages=part)


class Rereader:
    """A reparse of several portals."""

    def __init__(
        self, settings: BaseSettings, database: Database, *, write: bool, accept_worse: bool
    ) -> None:
        self.settings, self.database, self.write = settings, database, write
        self.revision = extractor_revision(settings)
        self.setup = Setup(
            url=database.url.render_as_string(hide_password=False),
            archive=archive_dir(settings),
            pipelines=dict(settings.getwithbase("ITEM_PIPELINES")),
            accept_worse=accept_worse,
            write=write,
        )

    def choose(self, portal: str, **options: Any) -> Chosen:
        """What is to be read of `portal`; `options` as of `Wanted`. Raises `BadCondition`,
        `DatabaseProblem`."""
        with self.database.problems(), self.database.reading() as connection:
            knowledge, _ = latest_knowledge(connection, portal)
        wanted = Wanted(portal, self.revision, knowledge, **options)
        return Chosen(wanted, reselect(self.database, wanted))

    def processes(self, chosen: Sequence[Chosen], jobs: int) -> Processes[Setup, Task, Outcome]:
        """As many as there is work for, `jobs` at most."""
        parts = sum(-(-one.count // CHUNK) for one in chosen)
        self.database.dispose()  # what is open would be open in each of them
        return Processes(work, prepare, self.setup, jobs=max(1, min(jobs, parts)), bare=True)

    def reread(
        self,
        chosen: Chosen,
        processes: Processes[Setup, Task, Outcome],
        counter: Counter,
        samples: int,
    ) -> Report | None:
        """Read one portal again; None where a crawl holds it. Raises `DatabaseProblem`,
        `WorkerDied`."""
        selection = chosen.selection
        report = Report(
            chosen.wanted.portal,
            samples,
            done=selection.done,
            not_archived=selection.not_archived,
        )
        if not self.write:
            for outcome in processes.each(chosen.tasks()):
                report.add(outcome)
                counter.advance(outcome.articles + outcome.pages)
            return report
        lock = PortalLock(self.database, chosen.wanted.portal)
        if not lock.acquire():
            return None
        try:
            with Writing(self.database, lock, self.settings.getfloat("DB_OUTAGE_LIMIT")) as out:
                for outcome in processes.each(chosen.tasks()):
                    report.add(outcome)
                    self._put(out, outcome, chosen.wanted)
                    counter.advance(outcome.articles + outcome.pages)
        finally:
            lock.release()
        for url, error in out.refused:
            report.unwritten += 1
            report.note("refused by the database", f"{url}: {type(error).__name__}: {error}")
        return report

    def _put(self, out: Writing, outcome: Outcome, wanted: Wanted) -> None:
        for changed in outcome.changed:
            assert changed.unit is not None
            out.put(changed.unit, changed.url)
        for settle in outcome.recovered:
            out.put(settle, settle.key)
        if outcome.same or outcome.stamps:
            stamp = Stamp(
                wanted.extractor_revision,
                wanted.knowledge_revision,
                outcome.same,
                outcome.stamps,
            )
            out.put(stamp, "who read it last")
