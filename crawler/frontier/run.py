"""Run: one crawl's hold on the corpus. Opens the database, takes the portal, owns the writer's
thread, keeps the run's row, and lets go of everything at the end.

The scheduler opens it first and closes it last, so whatever a page or a listing has to say finds a
writer. Results come back on the event loop, after the commit.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from corpus.archive import Archive
from corpus.database import Database, DatabaseProblem
from corpus.frontier import Books, Reclaim, Release, RunStart, RunUpdate
from corpus.knowledge import latest_knowledge
from corpus.locations import archive_dir, corpus_url, project_root
from corpus.locks import PortalLock
from corpus.problems import Unreachable
from corpus.tombstones import forgotten_keys
from corpus.warc.recovery import recover
from corpus.writer import Writer
from crawler import __version__
from crawler.parsing.knowledge import EMPTY, Knowledge

logger = logging.getLogger(__name__)

STOP_WITHIN = 20.0
"""Seconds that a stopping run waits for a database that is away."""
FORCED_WITHIN = 5.0
"""The same for a run that was forced to stop."""
HEARTBEAT = 10.0
"""Seconds between two notes of the run's figures, so that a killed run leaves its own."""


class Run:
    """The corpus, as one crawl of one portal sees it.

    `on_written` is called on the loop after each result, `on_failure` once, with the problem that
    ended the database for this run.
    """

    def __init__(
        self,
        crawler: Crawler,
        *,
        on_written: Callable[[], None],
        on_failure: Callable[[DatabaseProblem], None],
    ) -> None:
        self.crawler, self.stats = crawler, crawler.stats
        self.id = 0
        self.portal = ""
        self.knowledge = EMPTY
        self.forgotten: frozenset[str] = frozenset()
        """Keys that were taken down: they are not fetched by a detour, either."""
        self.failure: DatabaseProblem | None = None
        self.unwritten = 0
        """Units handed in whose result has not come back."""
        self._on_written, self._on_failure = on_written, on_failure
        self._database: Database | None = None
        self._lock: PortalLock | None = None
        self._archive: Archive | None = None
        self._writer: Writer | None = None
        self._heartbeat: asyncio.Future[None] | None = None
        self._loop: asyncio.AbstractEventLoop

    async def open(self, spider: Any) -> None:
        """Take the portal and begin the run's row. Raises `CloseSpider` where that cannot be."""
        self._loop = asyncio.get_running_loop()
        # What was imported stays, and need not be looked through for garbage again and again.
        gc.freeze()
        self.portal = spider.portal.name
        self._database = Database(corpus_url(self.crawler.settings), root=project_root())
        try:
            await asyncio.to_thread(self._database.prepare)
            self._lock = PortalLock(self._database, self.portal)
            free = await asyncio.to_thread(self._lock.acquire)
        except DatabaseProblem as problem:
            self._failed(problem)
            raise CloseSpider("database") from problem
        if not free:
            logger.warning("a crawl of %s is already running; nothing to do", self.portal)
            raise CloseSpider("already_running")
        self._archive = self._make_archive()
        if self._archive is not None:
            try:
                await asyncio.to_thread(self._mend, self._archive)
            except DatabaseProblem as problem:
                self._failed(problem)
                raise CloseSpider("database") from problem
        self._writer = self._start_writer(self._database)
        reclaimed = await self.write(Reclaim(self.portal))
        if reclaimed:
            logger.info("%d page(s) of a run that was cut off are queued again", reclaimed)
        self.id = spider.run_id = await self.write(
            RunStart(self.portal, spider.arguments.strategy, spider.given, __version__)
        )
        if self._archive is not None:
            self._archive.run_name = str(self.id)
        await asyncio.to_thread(self._learn, self._database)
        self._heartbeat = asyncio.ensure_future(self._beat())

    def _learn(self, database: Database) -> None:
        """Read what `scrapy learn` found out about the portal, and what `scrapy forget` took down;
        both stay the same for the whole run."""
        with database.problems(), database.reading() as connection:
            found = latest_knowledge(connection, self.portal)
            self.forgotten = forgotten_keys(connection, self.portal)
        self.knowledge = Knowledge.of(self.portal, *found)

    def _make_archive(self) -> Archive | None:
        settings = self.crawler.settings
        if settings["ARCHIVE"] == "none":
            return None
        software = f"{settings['BOT_NAME']}/{__version__}"
        return Archive(archive_dir(settings), self.portal, "", software=software)

    def _mend(self, archive: Archive) -> None:
        """What a killed run left of the portal's archive, made whole. Raises `DatabaseProblem`."""
        try:
            found = recover(archive.directory, self.portal)
        except OSError as error:
            raise archive.problem(error) from error
        if found.files or found.cut:
            logger.info(
                "the archive of a run that was cut off is whole again: %d file(s), %d records, "
                "%d torn bytes cut from their ends",
                *(found.files, found.records, found.cut),
            )
        for name in found.damaged:
            logger.error("%s/%s is damaged amid its records; nothing was cut", self.portal, name)

    def _start_writer(self, database: Database) -> Writer:
        settings = self.crawler.settings
        writer = Writer(
            database,
            self._archive,
            on_failure=self._writer_failed,
            on_reconnect=self._hold_portal,
            batch=settings.getint("CONCURRENT_REQUESTS"),
            outage_limit=settings.getfloat("DB_OUTAGE_LIMIT"),
        )
        writer.start()
        return writer

    # -- units -------------------------------------------------------------------------------

    def put(self, unit: Any, done: Callable[[Any], None] | None = None) -> None:
        """Hand a unit to the writer; `done` gets its result, on the loop, after the commit."""
        assert self._writer is not None
        self.unwritten += 1

        def reply(result: Any) -> None:
            self._loop.call_soon_threadsafe(self._written, result, done)

        self._writer.put(unit, reply)

    def _written(self, result: Any, done: Callable[[Any], None] | None) -> None:
        self.unwritten -= 1
        if isinstance(result, DatabaseProblem):
            self._failed(result)
        if done is not None:
            done(result)
        self._on_written()

    async def write(self, unit: Any) -> Any:
        """Hand a unit to the writer and wait for its result. Raises what the unit raised, and
        `CloseSpider` where the database is lost, which ends the crawl without a trace of noise."""
        future: asyncio.Future[Any] = self._loop.create_future()

        def done(result: Any) -> None:
            if future.done():
                return
            if isinstance(result, DatabaseProblem):
                future.set_exception(CloseSpider("database"))
            elif isinstance(result, BaseException):
                future.set_exception(result)
            else:
                future.set_result(result)

        self.put(unit, done)
        return await future

    # -- failures ----------------------------------------------------------------------------

    def _writer_failed(self, problem: DatabaseProblem) -> None:
        """Called in the writer's thread."""
        self._loop.call_soon_threadsafe(self._failed, problem)

    def _failed(self, problem: DatabaseProblem) -> None:
        if self.failure is None:
            self.failure = problem
            logger.error("%s", problem)
            self._on_failure(problem)

    def _hold_portal(self) -> None:
        """Called in the writer's thread after an outage: a server that restarted let our lock
        fall."""
        assert self._lock is not None
        if not self._lock.renew():
            raise Unreachable(
                f"the lock on {self.portal} fell with the database, and another run has taken it; "
                "nothing is lost, that run goes on"
            )

    # -- figures and end ---------------------------------------------------------------------

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            self.put(self._figures())

    def _figures(self, **more: Any) -> RunUpdate:
        if self._writer is not None:
            took, commits = self._writer.transactions, self._writer.commits
            self.stats.set_value("portal/db/seconds", round(took.seconds, 3))
            self.stats.set_value("portal/db/busy_s", round(self._writer.busy_seconds, 3))
            self.stats.set_value("portal/db/p99_ms", took.within(0.99))
            self.stats.set_value("portal/db/commit_p99_ms", commits.within(0.99))
        stats = self.stats.get_stats()
        ours = {
            name: value
            for name, value in stats.items()
            if name.startswith(("portal/", "frontier/")) and isinstance(value, int | float | str)
        }
        requests = {
            f"{kind}_requests": stats.get(f"portal/requests/{kind}", 0)
            for kind in ("discovery", "article", "revisit")
        }
        results = {
            kind: stats.get(f"portal/articles/{kind}", 0)
            for kind in ("new", "changed", "unchanged")
        }
        results["stored"] = results.pop("new")
        if self._archive is not None:
            results["archive_bytes"] = self._archive.bytes_written
        return RunUpdate(self.id, stats=ours, **requests, **results, **more)

    async def close(self, reason: str, held: Callable[[], list[tuple[int, str]]]) -> None:
        """Give back the pages still `held` (id, state before), end the run's row, let go.

        `held` is asked once the writer is through with what came before, so that it names the
        pages of a lease that was under way, too.
        """
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        if self._writer is not None:
            if self.id and self.failure is None:
                await self._end(reason, held)
            await asyncio.to_thread(self._writer.stop, STOP_WITHIN)
        if self._lock is not None:
            await asyncio.to_thread(self._lock.release)
        if self._database is not None:
            await asyncio.to_thread(self._database.dispose)

    def abandon(self) -> None:
        """After a forced stop, when the loop runs no more: what is queued is still written, then
        thread and lock are let go; without this the process would wait for its writer for ever."""
        if self._writer is not None:
            self._writer.stop(FORCED_WITHIN)
        if self._lock is not None:
            self._lock.release()

    async def _end(self, reason: str, held: Callable[[], list[tuple[int, str]]]) -> None:
        try:
            await self.write(Release())
            if pages := held():
                await self.write(Release(pages))
            books = await self.write(Books(self.portal, stored=False))
            for state, count in books.items():
                self.stats.set_value(f"portal/books/{state}", count)
            await self.write(self._figures(ended_at=datetime.now(UTC), finish_reason=reason))
        except CloseSpider:
            logger.debug("the run's row was not ended: the database is lost")
