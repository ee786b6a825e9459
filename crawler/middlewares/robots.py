"""ObeyRobots: robots.txt as RFC 9309 has it. In place of Scrapy's middleware, order 100.

Scrapy's lets everything pass when robots.txt cannot be read, or redirects off the site. Here an
unreadable robots.txt closes the host, a missing one (4xx) opens it, up to five redirects are
followed to any public host, and Crawl-delay is kept.
"""

from __future__ import annotations

import asyncio
import logging
import math
import re
from dataclasses import dataclass
from time import monotonic
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured, StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.signals import bytes_received
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler, load_object

from crawler.middlewares.pacing import Paces
from crawler.network.refusals import (
    CrawlDelayTooLong,
    PrivateAddress,
    RobotsRefused,
    RobotsUnreachable,
    Throttled,
)

logger = logging.getLogger(__name__)

MAX_BYTES = 512 * 1024
"""RFC 9309 asks for at least 500 KiB; rules beyond are not read."""
MAX_HOPS = 5
MAX_CRAWL_DELAY = 120.0
"""Seconds. A host that asks for more is left alone."""
_REFRESH = 12 * 3600.0
_KEEP = 24 * 3600.0
_UNREACHABLE_FOR = 600.0

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class RobotsRequest(Request):
    """A request for robots.txt: bound by no host and no robots.txt, but by all else."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a host allows. `parser` None: everything; `refusal`: nothing, and why."""

    read_at: float
    parser: RobotParser | None = None
    refusal: type[RobotsRefused | RobotsUnreachable] | None = None
    why: str = ""

    def age(self) -> float:
        return monotonic() - self.read_at

    def is_fresh(self) -> bool:
        limit = _UNREACHABLE_FOR if self.refusal is RobotsUnreachable else _REFRESH
        return self.age() < limit


class _Unreadable(Exception):
    """robots.txt could not be read; the text says why."""


class ObeyRobots:
    """Asks robots.txt of each host once; requests that come meanwhile wait for that one answer."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured("ROBOTSTXT_OBEY is off")
        self.crawler = crawler
        self.agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"] or "titrologue"
        self.parser_class: Any = load_object(crawler.settings["ROBOTSTXT_PARSER"])
        self._rules: dict[str, _Rules] = {}
        self._reading: dict[str, asyncio.Task[_Rules]] = {}
        self._received: dict[Request, int] = {}
        crawler.signals.connect(self._stop_when_enough, signal=bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise `RobotsRefused` or `RobotsUnreachable`, or let the request pass."""
        if isinstance(request, RobotsRequest):
            return
        parts = urlparse_cached(request)
        rules = await self._rules_of(f"{parts.scheme}://{parts.netloc}")
        if rules.refusal is not None:
            raise rules.refusal(f"robots.txt: {rules.why}")
        if rules.parser is not None and not rules.parser.allowed(request.url, self.agent):
            self.crawler.stats.inc_value("portal/robots/refused")
            raise RobotsRefused("robots.txt")

    async def _rules_of(self, origin: str) -> _Rules:
        known = self._rules.get(origin)
        if known is not None and known.is_fresh():
            return known
        task = self._reading.get(origin)
        if task is None:
            task = asyncio.ensure_future(self._read(origin, known))
            self._reading[origin] = task
            task.add_done_callback(lambda _: self._reading.pop(origin, None))
        # Shielded: one waiting request that is cancelled takes nobody's answer away.
        return await asyncio.shield(task)

    async def _read(self, origin: str, known: _Rules | None) -> _Rules:
        stats = self.crawler.stats
        try:
            rules = self._parse(origin, await self._fetch(f"{origin}/robots.txt"))
        except (PrivateAddress, Throttled):
            raise  # of the host, or of the run: no word about robots.txt
        except Exception as error:
            if known is not None and known.refusal is None and known.age() < _KEEP:
                logger.warning("%s: robots.txt not readable again, last copy stands", origin)
                return known
            stats.inc_value("portal/robots/unreachable")
            why = str(error) or type(error).__name__
            logger.warning("%s: robots.txt unreachable, nothing is fetched: %s", origin, why)
            rules = _Rules(monotonic(), refusal=RobotsUnreachable, why=why)
        self._rules[origin] = rules
        return rules

    async def _fetch(self, url: str) -> Response:
        """The answer at the end of at most `MAX_HOPS` redirects. Retries and pauses are those of
        every request (`throttle`)."""
        for _ in range(MAX_HOPS + 1):
            # `identity`: a body cut at MAX_BYTES must still be readable.
            request = RobotsRequest(
                url,
                callback=NO_CALLBACK,
                headers={"Accept-Encoding": "identity"},
                meta={"dont_redirect": True},
            )
            response = await self.crawler.engine.download_async(request)
            self._received.pop(request, None)
            location = response.headers.get("Location")
            if response.status not in _REDIRECTS or location is None:
                return response
            url = urljoin(response.url, location.decode("utf-8", "replace").strip())
            if urlsplit(url).scheme not in ("http", "https"):
                raise _Unreadable("redirects to what is not http")
        raise _Unreadable(f"more than {MAX_HOPS} redirects")

    def _parse(self, origin: str, response: Response) -> _Rules:
        status = response.status
        if 400 <= status < 500 and status != 429:
            return _Rules(monotonic())
        if not 200 <= status < 300:
            raise _Unreadable(f"status {status}")
        parser = build_from_crawler(self.parser_class, self.crawler, readable(response.body))
        delay = parser.crawl_delay(self.agent)
        if delay is None or delay <= 0:
            return _Rules(monotonic(), parser)
        if not math.isfinite(delay) or delay > MAX_CRAWL_DELAY:
            self.crawler.stats.inc_value("portal/robots/crawl_delay_too_long")
            logger.warning("%s: Crawl-delay of %s s, host left alone", origin, delay)
            why = f"Crawl-delay of {delay} s"
            return _Rules(monotonic(), refusal=CrawlDelayTooLong, why=why)
        Paces.of(self.crawler).set_gap(urlsplit(origin).hostname or "", delay)
        return _Rules(monotonic(), parser)

    def _stop_when_enough(self, data: bytes, request: Request) -> None:
        if not isinstance(request, RobotsRequest):
            return
        self._received[request] = self._received.get(request, 0) + len(data)
        if self._received[request] > MAX_BYTES:
            raise StopDownload(fail=False)


def readable(body: bytes) -> bytes:
    """The part of a robots.txt that is read: no HTML page, no BOM or NUL, 512 KiB of whole lines;
    bytes that are no UTF-8 percent-encoded, as they would stand in an address."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        body = body.decode("utf-16", "replace").encode()
    body = body.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")
    if body.lstrip()[:1] == b"<":
        return b""
    if len(body) > MAX_BYTES:
        # Half a line is another rule: «Disallow: /» of «Disallow: /photos».
        body = body[:MAX_BYTES].rpartition(b"\n")[0]
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        body = re.sub(rb"[\x80-\xff]", lambda m: b"%%%02X" % m.group()[0], body)
    # «User-agent: titrologue/0.1» names us; the parser compares the whole word.
    return re.sub(rb"(?im)^([ \t]*user-agent[ \t]*:[ \t]*[a-z_-]+)/[^\r\n]*", rb"\1", body)
