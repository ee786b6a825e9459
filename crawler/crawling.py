"""One crawl in a crawler process, from its start to its exit code: what `scrapy crawl` does, and
every other command that crawls."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime

from scrapy.crawler import CrawlerProcessBase
from scrapy.settings import BaseSettings

from corpus.archive import Archive
from corpus.database import Database, DatabaseProblem
from corpus.locations import archive_dir, corpus_url, project_root
from corpus.runs import RunUpdate
from corpus.space import require_free
from corpus.units import Context
from crawler.exit_codes import BUG, FORCED, exit_code
from crawler.searching import keep_up
from crawler.spiders.portal_spider import PortalSpider

Judge = Callable[[PortalSpider], tuple[bool, bool]]
"""Says of a spider's run whether fields have drifted, and whether sections have fallen silent."""


def crawl(
    process: CrawlerProcessBase,
    settings: BaseSettings,
    name: str,
    given: dict[str, str],
    *,
    judge: Judge | None = None,
) -> int:
    """Crawl the portal `name` with the arguments `given`; return the exit code, which is noted in
    the run's row, too. Once in a process. `judge` is asked only about a run that has a row."""
    crawler = process.create_crawler(name)
    process.crawl(crawler, **given)
    process.start()
    spider = crawler.spider
    if spider is None:
        return BUG
    assert isinstance(spider, PortalSpider)
    if crawler.stats.get_value("finish_reason") is None:
        spider.frontier.run.abandon()
    noted = bool(spider.run_id) and spider.failure is None
    drifted, silent = judge(spider) if judge is not None and noted else (False, False)
    code = exit_code(
        crawler.stats.get_stats(),
        max_failed_ratio=settings.getfloat("MAX_FAILED_RATIO"),
        database_code=spider.failure.exit_code if spider.failure else None,
        drifted=drifted,
        silent=silent,
        strategy=spider.arguments.strategy,
    )
    if noted:
        _note(settings, spider.run_id, code)
        if code != FORCED:
            keep_up("crawl", settings)
    return code


def check_disk(settings: BaseSettings, database: Database, portal: str) -> None:
    """See before the first request that what comes can be kept: an archive that can be written, and
    MIN_FREE_MB where it and a SQLite file lie. Raises `DatabaseProblem`."""
    places = {} if database.path is None else {"the database": database.path.parent}
    if settings["ARCHIVE"] != "none":
        directory = archive_dir(settings)
        Archive(directory, portal, "").prepare()
        places["the archive"] = directory
    require_free(places, settings.getint("MIN_FREE_MB"))


def _note(settings: BaseSettings, run_id: int, code: int) -> None:
    """The exit code into the run's row, where the database can be reached."""
    database = Database(corpus_url(settings), root=project_root())
    try:
        with database.problems(), database.writing() as connection:
            note = RunUpdate(run_id, exit_code=code)
            RunUpdate.apply(connection, [note], Context(datetime.now(UTC)))
    except DatabaseProblem as problem:
        print(f"scrapy crawl: {problem}", file=sys.stderr)
    finally:
        database.dispose()
