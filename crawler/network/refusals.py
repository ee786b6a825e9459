"""Why a request was not fetched: one exception a reason, raised by middlewares and the handler.

All are `IgnoreRequest`, so Scrapy neither retries nor logs them as errors; the errback of the
request sees them, and `crawler.network.failures.failure_reason` gives their word.
"""

from __future__ import annotations

from typing import ClassVar

from scrapy.exceptions import IgnoreRequest


class Refused(IgnoreRequest):
    """A request that we did not make or whose answer we did not take."""

    reason: ClassVar[str] = "other"


class Offsite(Refused):
    """The host is not the portal's; from `scope.StrictOffsite`, redirects included."""

    reason = "offsite"


class BadScheme(Refused):
    """Neither http nor https, or a user name in the address; from `scope.StrictOffsite`."""

    reason = "scheme"


class PrivateAddress(Refused):
    """The host is, or its name leads to, an address that is not on the public internet; from
    `private_addresses.RefusePrivateAddresses` (by its form) and the download handler (by what
    the name resolved to)."""

    reason = "blocked_private"


class RobotsRefused(Refused):
    """robots.txt forbids this path for us; from `robots.ObeyRobots`."""

    reason = "robots"


class CrawlDelayTooLong(RobotsRefused):
    """robots.txt asks for more seconds between two requests than a crawl can wait."""


class RobotsUnreachable(Refused):
    """robots.txt could not be read, so nothing of that host may be (RFC 9309, 2.3.1.4)."""

    reason = "robots_unreachable"


class Throttled(Refused):
    """Not fetched now and no failure: the site asked for a pause too often. The page belongs back
    in the queue; from `throttle.RetryThrottled`."""

    reason = "throttled"


class RunEnded(Throttled):
    """The run was ending while the request waited for its turn; from `pacing.PaceHosts`."""

    reason = "run_ended"


class TooLarge(Refused):
    """The body, on the wire or decompressed, is over DOWNLOAD_MAXSIZE; from `decompression`."""

    reason = "too_large"


class BadEncoding(Refused):
    """The body is not in the Content-Encoding it claims; from `decompression`."""

    reason = "decompression"


class RedirectLoop(Refused):
    """More than REDIRECT_MAX_TIMES hops, or back to where it came from; from `redirects`."""

    reason = "redirect_loop"
