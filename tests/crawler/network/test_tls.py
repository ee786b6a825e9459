"""Certificates are verified; EXTRA_CA_FILE adds trust, also through a CONNECT tunnel: case 13."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.network.tls import BadCertificateFile, read_certificates
from tests.faultserver import FaultServer, answer, certificates
from tests.fetchrun import fetch

QUICK = {"RETRY_TIMES": 0}


@pytest.mark.parametrize(
    ("names", "expired", "trusted", "expected"),
    [
        (["127.0.0.1"], False, True, "200"),
        (["127.0.0.1"], False, False, "tls"),
        (["127.0.0.1"], True, True, "tls"),
        (["other.example"], False, True, "tls"),
    ],
    ids=["extra authority", "unknown authority", "expired", "wrong host"],
)
def test_case_13_only_a_certificate_that_holds_is_accepted(
    faults: FaultServer,
    tmp_path: Path,
    names: list[str],
    expired: bool,
    trusted: bool,
    expected: str,
) -> None:
    ca, tls = certificates(tmp_path, *names, expired=expired)
    url = f"https://127.0.0.1:{faults.listen(tls=tls)}/"
    faults.on("127.0.0.1", "/", answer(200, "over TLS"))
    out = fetch(url, EXTRA_CA_FILE=str(ca) if trusted else "", **QUICK)
    assert out.reason(url) == expected


@pytest.mark.parametrize("variable", ["http_proxy", "https_proxy", "all_proxy"])
def test_one_proxy_serves_both_schemes(faults: FaultServer, tmp_path: Path, variable: str) -> None:
    ca, faults.tls = certificates(tmp_path, "news.portal.test")
    faults.on("news.portal.test", "/", answer(200, "by the proxy"))
    urls = ["http://news.portal.test/", "https://news.portal.test/"]
    out = fetch(
        *urls,
        hosts=("news.portal.test",),
        env={variable: faults.url()},
        EXTRA_CA_FILE=str(ca),
        SSRF_ALLOW_NETS="",
        **QUICK,
    )
    assert [out.reason(u) for u in urls] == ["200", "200"]
    assert [h.host for h in faults.hits if h.path == "CONNECT"] == ["news.portal.test:443"]


def test_an_unknown_authority_behind_a_proxy_is_refused(
    faults: FaultServer, tmp_path: Path
) -> None:
    _, faults.tls = certificates(tmp_path, "news.portal.test")
    url = "https://news.portal.test/"
    out = fetch(url, hosts=("news.portal.test",), env={"https_proxy": faults.url()}, **QUICK)
    assert out.reason(url) == "tls"


@pytest.mark.parametrize("content", [None, b"", b"hello", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_file_without_certificates_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadCertificateFile, match=r"ca\.pem"):
        read_certificates(path)
