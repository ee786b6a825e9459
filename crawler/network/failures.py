"""One word for each way a fetch can fail, for `pages.reason`: from an errback's exception."""

from __future__ import annotations

from collections.abc import Iterator

from OpenSSL import SSL
from scrapy import exceptions as scrapy_errors
from service_identity import VerificationError
from service_identity.exceptions import CertificateError
from twisted.internet import error as twisted_errors
from twisted.internet.ssl import VerificationError as TwistedVerificationError

from crawler.network.refusals import Refused

REASONS = (
    "dns",
    "refused",
    "timeout",
    "tls",
    "dataloss",
    "reset",
    "too_large",
    "blocked_private",
    "offsite",
    "scheme",
    "robots",
    "robots_unreachable",
    "throttled",
    "run_ended",
    "redirect_loop",
    "decompression",
    "other",
)

_TLS = (SSL.Error, VerificationError, CertificateError, TwistedVerificationError)
# In this order: a TLS failure arrives wrapped in a lost connection, a data loss too.
_KINDS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    (_TLS, "tls"),
    ((scrapy_errors.ResponseDataLossError,), "dataloss"),
    ((scrapy_errors.CannotResolveHostError, twisted_errors.DNSLookupError), "dns"),
    (
        (
            scrapy_errors.DownloadTimeoutError,
            twisted_errors.TimeoutError,
            twisted_errors.TCPTimedOutError,
            TimeoutError,
        ),
        "timeout",
    ),
    (
        (
            scrapy_errors.DownloadConnectionRefusedError,
            twisted_errors.ConnectionRefusedError,
            ConnectionRefusedError,
        ),
        "refused",
    ),
    ((scrapy_errors.UnsupportedURLSchemeError, scrapy_errors.NotSupported), "scheme"),
    (
        (
            scrapy_errors.DownloadFailedError,
            twisted_errors.ConnectionDone,
            twisted_errors.ConnectionLost,
            twisted_errors.ConnectError,
            ConnectionError,
        ),
        "reset",
    ),
)


def failure_reason(exception: BaseException) -> str:
    """Return the one of `REASONS` that says why `exception` kept a page from being fetched."""
    if isinstance(exception, Refused):
        return exception.reason
    if isinstance(exception, scrapy_errors.DownloadCancelledError):
        return "too_large"
    if isinstance(exception, scrapy_errors.IgnoreRequest) and "redirection" in str(exception):
        return "redirect_loop"
    chain = tuple(_causes(exception))
    for kinds, reason in _KINDS:
        if any(isinstance(cause, kinds) for cause in chain):
            return reason
    return "other"


def _causes(exception: BaseException) -> Iterator[BaseException]:
    """`exception` and all that it was raised from; Twisted keeps some in a list, `reasons`."""
    pending: list[BaseException | None] = [exception]
    seen: set[int] = set()
    while pending:
        cause = pending.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        pending.append(cause.__cause__)
        pending.extend(getattr(r, "value", None) for r in getattr(cause, "reasons", None) or ())
