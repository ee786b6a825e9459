"""Spider middleware next to the engine: sees when a page's callback has given all it gives."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response


class FrontierSpiderMiddleware:
    """Counts items of a leased page into its ledger and reports the end of its output."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierSpiderMiddleware:
        """Scrapy's constructor."""
        return cls(crawler)

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        """Pass everything on; tell the ledger of items, of the end, and of an exception."""
        ledger = response.meta.get("page")
        if ledger is None:
            async for one in result:
                yield one
            return
        error: BaseException | None = None
        try:
            async for one in result:
                if not isinstance(one, Request):
                    ledger.pending += 1
                yield one
        except Exception as exception:
            error = exception
            raise
        finally:
            self._frontier.output_ended(ledger, error)

    def process_spider_exception(self, response: Response, exception: Exception) -> None:
        """A callback that raised before it gave an iterator."""
        ledger = response.meta.get("page")
        if ledger is not None and not ledger.ended:
            self._frontier.output_ended(ledger, exception)

    @property
    def _frontier(self) -> Any:
        return self.crawler.engine.scheduler
