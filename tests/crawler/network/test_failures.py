"""Every way a fetch can fail has its word."""

from __future__ import annotations

import pytest
from OpenSSL import SSL
from scrapy import exceptions as scrapy_errors
from scrapy.core.downloader.handlers.http11 import TunnelError
from service_identity.exceptions import VerificationError
from twisted.internet import error as twisted_errors
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed, ResponseNeverReceived

from crawler.network import refusals
from crawler.network.failures import REASONS, failure_reason


def caused(outer: BaseException, inner: BaseException) -> BaseException:
    outer.__cause__ = inner
    return outer


def lost(*inner: BaseException) -> BaseException:
    """As Twisted tells that a request got no answer, as Scrapy wraps it."""
    never = ResponseNeverReceived([Failure(e) for e in inner])
    return caused(scrapy_errors.DownloadFailedError(), never)


@pytest.mark.parametrize(
    ("exception", "reason"),
    [
        (scrapy_errors.CannotResolveHostError(), "dns"),
        (twisted_errors.DNSLookupError(), "dns"),
        (scrapy_errors.DownloadConnectionRefusedError(), "refused"),
        (lost(twisted_errors.ConnectionRefusedError()), "refused"),
        (scrapy_errors.DownloadTimeoutError(), "timeout"),
        (twisted_errors.TCPTimedOutError(), "timeout"),
        (lost(SSL.Error([("SSL routines", "", "certificate verify failed")])), "tls"),
        (lost(VerificationError(errors=[])), "tls"),
        (caused(scrapy_errors.ResponseDataLossError(), ResponseFailed([])), "dataloss"),
        (lost(twisted_errors.ConnectionLost()), "reset"),
        (lost(twisted_errors.ConnectionDone()), "reset"),
        (twisted_errors.ConnectError(), "reset"),
        (scrapy_errors.DownloadCancelledError(), "too_large"),
        (scrapy_errors.NotSupported(), "scheme"),
        (scrapy_errors.UnsupportedURLSchemeError(), "scheme"),
        (scrapy_errors.IgnoreRequest("max redirections reached"), "redirect_loop"),
        (scrapy_errors.IgnoreRequest("an extension's"), "other"),
        (TunnelError("502"), "other"),
        (RuntimeError(), "other"),
        (refusals.PrivateAddress(), "blocked_private"),
        (refusals.Offsite(), "offsite"),
        (refusals.BadScheme(), "scheme"),
        (refusals.RobotsRefused(), "robots"),
        (refusals.CrawlDelayTooLong(), "robots"),
        (refusals.RobotsUnreachable(), "robots_unreachable"),
        (refusals.Throttled(), "throttled"),
        (refusals.RunEnded(), "run_ended"),
        (refusals.TooLarge(), "too_large"),
        (refusals.BadEncoding(), "decompression"),
        (refusals.RedirectLoop(), "redirect_loop"),
    ],
    ids=lambda v: type(v).__name__ if isinstance(v, BaseException) else v,
)
def test_a_failure_has_its_word(exception: BaseException, reason: str) -> None:
    assert failure_reason(exception) == reason
    assert reason in REASONS


def test_causes_that_go_in_a_circle_end() -> None:
    one, two = RuntimeError(), RuntimeError()
    one.__cause__, two.__cause__ = two, one
    assert failure_reason(one) == "other"
