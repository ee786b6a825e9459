"""RetryThrottled: tries again with growing gaps, and keeps quiet for as long as a site asks.

In place of Scrapy's RetryMiddleware (order 550), which tries again at once and reads no
Retry-After. A 429, or a 503 with Retry-After, pauses the whole host (`pacing.Paces`) and spends
none of the request's tries: the site did not refuse the page, it asked to wait. After
THROTTLE_LIMIT pauses in a row of one host the run ends with the reason `throttled`.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.middlewares.pacing import Paces
from crawler.middlewares.robots import RobotsRequest
from crawler.network.refusals import Throttled

logger = logging.getLogger(__name__)


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, or None where it is absent, past or no such
    thing. `now` is aware."""
    if not value:
        return None
    text = value.decode("latin-1").strip()[:64]
    try:
        seconds = float(text)
    except ValueError:
        try:
            date = parsedate_to_datetime(text)
        except (ValueError, TypeError, OverflowError):
            return None
        if date.tzinfo is None:
            date = date.replace(tzinfo=UTC)
        seconds = (date - now).total_seconds()
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


class RetryThrottled(RetryMiddleware):
    """Three tries in all, each later than the one before, and pauses where a site asks."""

    paces: Paces

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self.max_wait = settings.getfloat("THROTTLE_MAX_WAIT")
        self.default_wait = settings.getfloat("THROTTLE_DEFAULT_WAIT")
        self.limit = settings.getint("THROTTLE_LIMIT")
        # Lifted with the delay: who sets DOWNLOAD_DELAY=0 talks to a replica.
        self.backoff = 2 * settings.getfloat("DOWNLOAD_DELAY")
        self._in_a_row: dict[str, int] = {}
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryThrottled:
        """Called by Scrapy."""
        made = super().from_crawler(crawler)
        made.paces = Paces.of(crawler)
        crawler.signals.connect(made.downloaded, signal=signals.response_downloaded)
        return made

    def downloaded(self, request: Request, response: Response) -> None:
        """Pause the host. Here and not in `process_response`: by then the downloader has let
        the next request go."""
        host = self._host(request)
        if not _asks_to_wait(response):
            self._in_a_row.pop(host, None)
            return
        wanted = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        seconds = min(self.default_wait if wanted is None else wanted, self.max_wait)
        self.crawler.stats.inc_value("portal/throttled")
        if not self.paces.is_paused(host):
            # Answers to requests that were under way together ask for one and the same pause.
            self._in_a_row[host] = self._in_a_row.get(host, 0) + 1
        self.paces.pause(host, seconds)
        logger.info("%s answers %d: silent for %.0f s", host, response.status, seconds)

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """Try again, at once where the host is paused anyway, or pass the response on."""
        if not _asks_to_wait(response):
            return super().process_response(request, response)
        if isinstance(request, RobotsRequest):
            return self._again(request, response)
        host = self._host(request)
        if self._in_a_row.get(host, 0) > self.limit:
            self._end_run(host)
            raise Throttled(f"{host} asked for a pause {self.limit + 1} times in a row")
        return _copy(request)

    def _again(self, request: Request, response: Response) -> Request | Response:
        """robots.txt has its three tries and no more: without it nothing can be fetched."""
        tries = request.meta.get("throttled_times", 0) + 1
        if tries > self.max_retry_times:
            return response
        again = _copy(request)
        again.meta["throttled_times"] = tries
        return again

    def _retry(self, request: Request, reason: str | Exception | type[Exception]) -> Request | None:
        again = super()._retry(request, reason)
        if again is not None:
            again.meta.pop("capture", None)
            step: int = again.meta["retry_times"]
            gap = self.backoff * 2 ** (step - 1) * random.uniform(0.5, 1.0)
            self.paces.pause(self._host(request), gap)
        return again

    def _host(self, request: Request) -> str:
        return self.crawler.engine.downloader.get_slot_key(request)

    def _end_run(self, host: str) -> None:
        if self._closing is None:
            logger.error("%s asked for a pause %d times in a row: stopping", host, self.limit + 1)
            self._closing = asyncio.ensure_future(
                self.crawler.engine.close_spider_async(reason="throttled")
            )


def _asks_to_wait(response: Response) -> bool:
    return response.status == 429 or (response.status == 503 and "Retry-After" in response.headers)


def _copy(request: Request) -> Request:
    again = request.copy()
    again.dont_filter = True
    again.meta.pop("capture", None)
    return again
