"""RefusePrivateAddresses: no target on a private network, by the form of its address (order 60).

The download handler refuses them again when it connects, names included. This check stands
before robots.txt so that a page is refused for its own reason, and it acts where a proxy would
resolve the name: `http://2130706433/` through a proxy never asks our resolver.
"""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.httpobj import urlparse_cached

from crawler.network.private import is_private_host, parse_networks
from crawler.network.refusals import PrivateAddress


class RefusePrivateAddresses:
    """Refuses 127.1, 0x7f.1, [::1], 169.254.169.254, localhost … unless in SSRF_ALLOW_NETS."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.allowed = parse_networks(crawler.settings.getlist("SSRF_ALLOW_NETS"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise `PrivateAddress`, or let the request pass."""
        host = urlparse_cached(request).hostname or ""
        if is_private_host(host, self.allowed):
            self.crawler.stats.inc_value("portal/blocked/private_ip")
            raise PrivateAddress(f"{host} is not on the public internet (its form)")
