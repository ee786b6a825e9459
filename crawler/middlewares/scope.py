"""StrictOffsite: only http and https, only hosts of the spider's portal. First of all
middlewares (order 50), so it sees every request: starts, links, retries, redirects.

Replaces Scrapy's OffsiteMiddleware, which lets `dont_filter` pass, and with it every redirect of
a retried or a first request. It acts in `process_request` only: a refusal at scheduling would
never reach the errback, and the page would be lost from the books.
"""

from __future__ import annotations

from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.httpobj import urlparse_cached

from crawler.middlewares.robots import RobotsRequest
from crawler.network.refusals import BadScheme, Offsite


class StrictOffsite:
    """Refuses what is not the portal's. A spider without a portal may fetch nothing.

    robots.txt may redirect to another host (RFC 9309, 2.3.1.2): its requests are bound by the
    scheme here and by the address guard, not by the host.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise `BadScheme` or `Offsite`, or let the request pass."""
        parts = urlparse_cached(request)
        if parts.scheme not in ("http", "https"):
            self._count("scheme")
            raise BadScheme(f"the scheme {parts.scheme or 'none'!r} is not fetched")
        if "@" in parts.netloc:
            self._count("scheme")
            raise BadScheme("an address with a user name is not fetched")
        if isinstance(request, RobotsRequest):
            return
        portal: Any = getattr(self.crawler.spider, "portal", None)
        host = parts.hostname or ""
        if portal is None or not portal.owns(host):
            self._count("offsite")
            raise Offsite(f"{host} is no host of the portal")

    def _count(self, what: str) -> None:
        self.crawler.stats.inc_value(f"portal/blocked/{what}")
