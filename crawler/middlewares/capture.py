"""CaptureWire: keeps each page's answer as it came, for the WARC. Order 840, below redirects,
retries and decompression, above only the counters.

What is kept is what Twisted and Scrapy hand over, which is not every byte of the wire: header
names are title-cased, their order is lost (values of one name keep theirs), chunked framing is
undone and its Transfer-Encoding header gone, the reason phrase is the standard one of the status.
The body is undecoded: Content-Encoding still holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from scrapy import Request
from scrapy.http import Headers, Response

Header = tuple[bytes, bytes]
_SECRET = frozenset({b"proxy-authorization", b"authorization", b"cookie"})


@dataclass(frozen=True, slots=True)
class WireCapture:
    """One exchange. `headers` and `request_headers` are (name, value) pairs; credentials are
    left out of the latter. `body` is as sent, without framing; `fetched_at` is UTC."""

    url: str
    method: str
    request_headers: tuple[Header, ...]
    status: int
    reason: str
    headers: tuple[Header, ...]
    body: bytes
    fetched_at: datetime


class CaptureWire:
    """Puts a `WireCapture` at `request.meta["capture"]` of requests with `meta["page"]` or
    `meta["listing"]`."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the answer; the response goes on unchanged."""
        if any(request.meta.get(key) is not None for key in ("page", "listing")):
            request.meta["capture"] = WireCapture(
                url=request.url,
                method=request.method,
                request_headers=_pairs(request.headers, without=_SECRET),
                status=response.status,
                reason=_phrase(response.status),
                headers=_pairs(response.headers),
                body=response.body,
                fetched_at=datetime.now(UTC),
            )
        return response


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
