"""OneProxyForBoth: the environment's proxies, so that no request goes direct by accident.

Scrapy picks a proxy by the request's scheme: with `http_proxy` alone an https request goes
direct, past the proxy that was meant to see all traffic. Here a single proxy serves both schemes
(`all_proxy` too); hosts of `no_proxy` go direct, as ever. In place of Scrapy's, order 750.
"""

from __future__ import annotations

from scrapy.downloadermiddlewares.httpproxy import HttpProxyMiddleware


class OneProxyForBoth(HttpProxyMiddleware):
    """Scrapy's middleware with the gaps of `http_proxy`/`https_proxy` filled."""

    def __init__(self, auth_encoding: str | None = "latin-1") -> None:
        super().__init__(auth_encoding)
        spare = self.proxies.get("all")
        for scheme, other in (("http", "https"), ("https", "http")):
            proxy = self.proxies.get(scheme) or spare or self.proxies.get(other)
            if proxy is not None:
                self.proxies[scheme] = proxy
