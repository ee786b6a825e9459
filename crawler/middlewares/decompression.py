"""DecodeBody: Content-Encoding undone within DOWNLOAD_MAXSIZE, whatever stands on the wire.

Scrapy 2.19 already decodes in chunks and stops at DOWNLOAD_MAXSIZE (measured with br, gzip,
deflate, zstd and stacked bombs); what is replaced is only what it says: a counted `TooLarge`, a
`BadEncoding`, and a bound on the number of encodings. A compressed stream that ends too early is
still decoded as far as it goes; the parser sees that the page has no end. In place of Scrapy's,
order 590.
"""

from __future__ import annotations

import zlib
from typing import Any

import brotli  # type: ignore[import-untyped]
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response

from crawler.network.refusals import BadEncoding, TooLarge

try:  # Python 3.14 has it; before, Scrapy brings the same module
    from compression import zstd  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    from backports import zstd

MAX_ENCODINGS = 4
"""More than these were never meant for a reader; each costs one decompression of up to
DOWNLOAD_MAXSIZE."""

_DAMAGED = (OSError, EOFError, zlib.error, brotli.error, zstd.ZstdError)


class DecodeBody(HttpCompressionMiddleware):
    """Scrapy's middleware with counted, named refusals."""

    def __init__(self, stats: Any = None, *, crawler: Any = None) -> None:
        super().__init__(stats, crawler=crawler)
        self.crawler = crawler

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """Decode. Raises `TooLarge` or `BadEncoding`; the request is not tried again."""
        encodings = b",".join(response.headers.getlist("Content-Encoding")).split(b",")
        if len(encodings) > MAX_ENCODINGS:
            raise BadEncoding(f"{len(encodings)} content encodings")
        refusal: IgnoreRequest
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            refusal = self._too_large(str(error))
        except _DAMAGED as error:
            if not response.body:
                # An empty answer that calls itself gzip is an empty answer.
                bare = response.replace()
                del bare.headers["Content-Encoding"]
                return bare
            refusal = BadEncoding(f"{type(error).__name__}: {error}")
        # Out here, since a refusal that carried the error would keep what was decoded so far
        # (DOWNLOAD_MAXSIZE and more) until the garbage collector's next round.
        raise refusal

    def process_exception(self, request: Request, exception: Exception) -> None:
        """The handler stops at DOWNLOAD_MAXSIZE on the wire: the same refusal. It cancels for
        no other reason (a timeout comes as one), and says why only where a length was declared."""
        if isinstance(exception, DownloadCancelledError):
            raise self._too_large(str(exception) or "over DOWNLOAD_MAXSIZE") from None

    def _too_large(self, why: str) -> TooLarge:
        self.crawler.stats.inc_value("portal/too_large")
        return TooLarge(why)
