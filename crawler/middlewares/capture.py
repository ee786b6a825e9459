"""CaptureWire: keeps each page's answer as it came, for the WARC. Order 840, below redirects,
retries and decompression, above only the counters.

What is kept is what Twisted and Scrapy hand over, which is not every byte of the wire: header
names are title-cased, their order is lost (values of one name keep theirs), chunked framing is
undone and its Transfer-Encoding header gone, the reason phrase is the standard one of the status.
The body is undecoded: Content-Encoding still holds.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Protocol, Self, runtime_checkable

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response

from corpus.warc.captures import Capture, Header

SECRET = frozenset({b"proxy-authorization", b"authorization", b"cookie"})


@runtime_checkable
class Keeper(Protocol):
    """A scheduler with an archive: the frontier of a crawl, and not the stock one of a visit."""

    def keep(self, answer: Capture) -> None:
        """Leave an answer that is no page's to the archive."""
        ...


class CaptureWire:
    """Puts a `Capture` at `request.meta["capture"]` of requests with `meta["page"]` or
    `meta["photo"]`. With
    ARCHIVE=all that of any other request of a crawl goes to the archive at once."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._all = crawler.settings["ARCHIVE"] == "all"

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the answer; the response goes on unchanged."""
        if any(request.meta.get(name) is not None for name in ("page", "photo")):
            request.meta["capture"] = _capture(request, response)
        elif self._all:
            frontier = self.crawler.engine.scheduler
            if isinstance(frontier, Keeper):
                frontier.keep(_capture(request, response))
        return response


def _capture(request: Request, response: Response) -> Capture:
    return Capture(
        url=request.url,
        method=request.method,
        request_headers=_pairs(request.headers, without=SECRET),
        status=response.status,
        reason=_phrase(response.status),
        headers=_pairs(response.headers),
        body=response.body,
        fetched_at=datetime.now(UTC),
    )


def _pairs(headers: Headers, without: frozenset[bytes] = frozenset()) -> tuple[Header, ...]:
    return tuple(
        (name, value)
        for name in headers
        if name.lower() not in without
        for value in headers.getlist(name)
    )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
