"""CountRedirects: Scrapy's redirects, with a loop told as what it is. Order 600.

Only requests without `dont_redirect` come by: frontier pages and robots.txt follow their own.
"""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest

from crawler.network.refusals import RedirectLoop


class CountRedirects(RedirectMiddleware):
    """Scrapy drops a redirect loop at DEBUG without a count; here it is a `RedirectLoop`."""

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        visited = [*request.meta.get("redirect_urls", ()), request.url]
        try:
            if redirected.url in visited and redirected.method == request.method:
                raise IgnoreRequest("back to an address of the same chain")
            return super()._redirect(redirected, request, reason)
        except IgnoreRequest as error:
            self.crawler.stats.inc_value("portal/redirect/loop")
            raise RedirectLoop(f"{error} after {len(visited)} redirections") from None
