"""Whom we trust on https: the system's roots, and those of EXTRA_CA_FILE beside them.

EXTRA_CA_FILE is for a replica with a throw-away authority or a company proxy that opens TLS.
It adds roots, it never replaces the system's, and host names are verified as ever.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from OpenSSL import SSL, crypto
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.crawler import Crawler
from twisted.internet._sslverify import IOpenSSLTrustRoot
from twisted.internet.ssl import optionsForClientTLS
from zope.interface import implementer

_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"


class BadCertificateFile(ValueError):
    """EXTRA_CA_FILE cannot be read or holds no certificate."""


def read_certificates(path: str | Path) -> list[crypto.X509]:
    """Every certificate of a PEM file. Raises `BadCertificateFile`."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise BadCertificateFile(f"{path}: {error.strerror or error}") from None
    found = []
    for block in data.split(_BEGIN)[1:]:
        pem = _BEGIN + block.partition(_END)[0] + _END
        try:
            found.append(crypto.load_certificate(crypto.FILETYPE_PEM, pem))
        except (crypto.Error, ValueError):
            raise BadCertificateFile(f"{path}: a certificate in it is damaged") from None
    if not found:
        raise BadCertificateFile(f"{path}: holds no certificate in PEM form")
    return found


@implementer(IOpenSSLTrustRoot)
class _SystemAndExtra:
    def __init__(self, extra: list[crypto.X509]) -> None:
        self.extra = extra

    def _addCACertsToContext(self, context: SSL.Context) -> None:
        context.set_default_verify_paths()
        store = context.get_cert_store()
        assert store is not None
        for certificate in self.extra:
            store.add_cert(certificate)


class TrustingContextFactory(_ScrapyClientContextFactory):
    """Scrapy's TLS settings with more roots. Scrapy 2.19 has no public place for them."""

    trust: _SystemAndExtra

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._creators: dict[bytes, Any] = {}

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """Twisted's question before every request: how to speak TLS with `hostname`. Made once a
        host: reading the system's roots takes as long as reading ten pages."""
        if not self._verify_certificates:
            return super().creatorForNetloc(hostname, port)
        if hostname not in self._creators:
            self._creators[hostname] = optionsForClientTLS(
                hostname.decode("ascii"),
                trustRoot=cast("Any", self.trust),
                extraCertificateOptions=self._get_cert_options_kwargs(),
            )
        return self._creators[hostname]


def trusting_factory(crawler: Crawler, path: str | Path) -> TrustingContextFactory:
    """A context factory that also trusts the certificates in `path`. Raises
    `BadCertificateFile`."""
    factory = TrustingContextFactory.from_crawler(crawler)
    factory.trust = _SystemAndExtra(read_certificates(path))
    return factory
