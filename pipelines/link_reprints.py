"""Stage 5, `link_reprints`: has each stored article compared with all others, in the background.

An article is compared once it is stored, since the earliest original may come after its reprints: a
site is crawled newest first. So this stage changes no item; every `EVERY` articles, and when the
crawl has ended, it lets `corpus.reprints` look at what is new. Where that fails the articles are
stored all the same, and the next run, or `scrapy reprints`, goes on where it stopped.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

from scrapy import signals
from scrapy.crawler import Crawler

from corpus.caches import cache_folder
from corpus.database import Database
from corpus.locations import corpus_url, project_root, search_dir
from corpus.problems import DatabaseProblem
from corpus.reprints import Progress, behind, link_reprints
from corpus.signature_cache import Busy, SignatureCache

logger = logging.getLogger(__name__)

EVERY: Final = 200
"""Articles from one look to the next."""
AT_THE_END: Final = 20.0
"""Seconds that the last look may take: a corpus that was never looked at before takes longer."""


class LinkReprints:
    """Item pipeline stage. Without a crawler, as in `scrapy try`, it does nothing."""

    def __init__(self, crawler: Crawler | None = None) -> None:
        self.crawler = crawler
        self.links = 0
        self._passed = 0
        self._closing = False
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="reprints")
        self._round: Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LinkReprints:
        """Scrapy's constructor."""
        stage = cls(crawler)
        # By then the last article is committed: the scheduler is closed before.
        crawler.signals.connect(stage.closed, signals.spider_closed)
        return stage

    def process_item(self, item: Any) -> Any:
        """Hand the item on, and begin a look where it is time."""
        self._passed += 1
        running = self._round is not None and not self._round.done()
        if self.crawler is not None and self._passed % EVERY == 0 and not running:
            self._round = self._worker.submit(self._look, wait=0.0)
        return item

    async def closed(self, reason: str) -> None:
        """Look once more, now that all is stored."""
        self._closing = True
        if self._passed:
            last = self._worker.submit(self._look, wait=AT_THE_END)
            await asyncio.wrap_future(last)
        self._worker.shutdown()
        if self.links:
            logger.info("reprints found or changed: %d; see `scrapy reprints`", self.links)

    def _look(self, *, wait: float) -> None:
        """One look, in the worker's thread."""
        assert self.crawler is not None
        database = Database(corpus_url(self.crawler.settings), root=project_root())
        try:
            cache = SignatureCache(cache_folder(search_dir(self.crawler.settings), database))
        except (OSError, sqlite3.Error) as error:
            self._complain(f"{search_dir(self.crawler.settings)} cannot be used: {error}")
            return
        last = self._closing
        deadline = time.monotonic() + AT_THE_END

        def go_on(progress: Progress) -> bool:
            return time.monotonic() < deadline if last else not self._closing

        try:
            self.links += link_reprints(database, cache, wait=wait, go_on=go_on).links
            if last and (left := behind(database, cache)):
                self._complain(f"{left} articles are still to be compared")
        except Busy:
            pass  # another crawl is at it, and sees our articles too
        except sqlite3.Error as error:
            self._complain(f"{cache.path}: {error}; `scrapy reprints --rebuild` makes it anew")
        except DatabaseProblem as problem:
            self._complain(str(problem))
        finally:
            cache.close()
            database.dispose()

    @staticmethod
    def _complain(message: str) -> None:
        logger.warning("reprints: %s; `scrapy reprints` goes on with it", message)
