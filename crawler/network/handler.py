"""The one download handler for http and https: Scrapy's own, behind the address guard.

Scrapy's other handlers (aiohttp, httpx, HTTP/2) open connections that the guard does not see, so
`crawler.settings_check` lets none of them be chosen.
"""

from __future__ import annotations

import logging
from typing import cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.web.iweb import IPolicyForHTTPS

from crawler.network.private import is_private_host
from crawler.network.refusals import PrivateAddress
from crawler.network.resolver import guard_of
from crawler.network.tls import trusting_factory

logger = logging.getLogger(__name__)


class GuardedHandler(HTTP11DownloadHandler):
    """HTTP/1.1 over connections that lead to public addresses or to the configured proxy."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._guard = guard_of(crawler.settings)
        if not crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
            logger.warning("certificates are not verified: what is stored may be anybody's")
            crawler.stats.set_value("portal/tls/unverified", 1)
        if path := crawler.settings.get("EXTRA_CA_FILE"):
            self._contextFactory = cast("IPolicyForHTTPS", trusting_factory(crawler, path))

    async def download_request(self, request: Request) -> Response:
        """Fetch, or raise `PrivateAddress`, which is never retried."""
        host = urlparse_cached(request).hostname or ""
        if is_private_host(host, self._guard.allowed):
            raise self._refuse(host, "its form")
        peer = self._proxy_host(request) or host
        try:
            return await super().download_request(request)
        except CannotResolveHostError:
            if addresses := self._guard.why_refused(peer):
                raise self._refuse(peer, addresses) from None
            raise

    def _proxy_host(self, request: Request) -> str | None:
        """The proxy's host. One that the environment does not name is judged like a target:
        for https, Twisted connects to an IP literal without asking the resolver."""
        proxy = request.meta.get("proxy")
        if not proxy:
            return None
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if not self._guard.exempt(host, port) and is_private_host(host, self._guard.allowed):
            raise self._refuse(host, "a proxy that the environment does not name")
        return host

    def _refuse(self, host: str, why: str) -> PrivateAddress:
        self._crawler.stats.inc_value("portal/blocked/private_ip")
        return PrivateAddress(f"{host} is not on the public internet ({why})")
