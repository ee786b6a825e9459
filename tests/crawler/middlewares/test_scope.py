"""Only the portal's hosts, only http and https: cases 31 to 34."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faultserver import FaultServer, answer, certificates, redirect
from tests.fetchrun import fetch

VICTIM = "127.0.0.3"


def test_case_31_a_start_address_that_redirects_off_the_domain(faults: FaultServer) -> None:
    faults.on("127.0.0.1", "/", redirect(faults.url("/secret", VICTIM)))
    out = fetch(faults.url())
    assert out.reason(faults.url()) == "offsite"
    assert out.stats["portal/blocked/offsite"] == 1
    assert not [h for h in faults.hits if h.host == VICTIM]


def test_case_31_an_off_domain_address_that_asks_not_to_be_filtered(faults: FaultServer) -> None:
    url = faults.url("/x", VICTIM)
    out = fetch({"url": url, "dont_filter": True, "meta": {"allow_offsite": True}})
    assert out.reason(url) == "offsite"
    assert not faults.hits


def test_case_32_a_503_first_then_a_redirect_off_the_domain(faults: FaultServer) -> None:
    faults.on("127.0.0.1", "/flaky", answer(503), redirect(faults.url("/secret", VICTIM)))
    out = fetch(faults.url("/flaky"))
    assert out.reason(faults.url("/flaky")) == "offsite"
    assert len(faults.seen("/flaky")) == 2
    assert not [h for h in faults.hits if h.host == VICTIM]


def test_case_33_links_with_other_schemes_are_refused(faults: FaultServer) -> None:
    links = (
        "file://127.0.0.1/etc/passwd",
        "file:///etc/passwd",
        "data:text/html,<p>hello",
        "ftp://127.0.0.1/x",
        "s3://bucket/key",
        "javascript://127.0.0.1/%0Aalert(1)",
        "gopher://127.0.0.1/1",
        "http://user:secret@127.0.0.1/x",
    )
    page = "".join(f'<a href="{link}">x</a>' for link in links)
    faults.on("127.0.0.1", "/", answer(200, page))
    out = fetch(faults.url())
    assert {link: out.reason(link) for link in links} == dict.fromkeys(links, "scheme")
    assert out.stats["portal/blocked/scheme"] == len(links)
    assert len(faults.hits) == 1
    assert "root:" not in str(out.pages)


@pytest.mark.parametrize("where", ["host", "subdomain", "port", "to https", "to http"])
def test_case_34_no_credential_goes_elsewhere_with_a_redirect(
    faults: FaultServer, tmp_path: Path, where: str
) -> None:
    ca, tls = certificates(tmp_path, "127.0.0.1")
    plain, secure = faults.listen(), faults.listen(tls=tls)
    start, target = {
        "host": (faults.url(), faults.url("/there", "127.0.0.2")),
        # Names, hence through the fault server as proxy.
        "subdomain": ("http://news.portal.test/", "http://sports.portal.test/there"),
        "port": (faults.url(), f"http://127.0.0.1:{plain}/there"),
        "to https": (faults.url(), f"https://127.0.0.1:{secure}/there"),
        "to http": (f"https://127.0.0.1:{secure}/", faults.url("/there")),
    }[where]
    names = ("news.portal.test", "sports.portal.test")
    for host in ("127.0.0.1", "127.0.0.2", *names):
        faults.on(host, "/", redirect(target))
        faults.on(host, "/there", answer(200, "there"))
    headers = {
        "Authorization": "Basic c2VjcmV0",
        "Cookie": "session=secret",
        "Proxy-Authorization": "Basic c2VjcmV0",
        "Referer": faults.url("/private?token=secret"),
    }
    # The portal owns both ends, so that the redirect is followed at all.
    hosts = ("127.0.0.1", "127.0.0.2", *names)
    env = {"http_proxy": faults.url()} if where == "subdomain" else {}
    headers = {k: v for k, v in headers.items() if not (env and k == "Proxy-Authorization")}
    out = fetch({"url": start, "headers": headers}, hosts=hosts, env=env, EXTRA_CA_FILE=str(ca))
    assert out.reason(start) == "200"
    (hit,) = [h for h in faults.hits if h.path == "/there"]
    sent = {"authorization", "cookie", "proxy-authorization", "referer"} & set(hit.headers)
    # Cookies know no port, and may rise to https (RFC 6265).
    assert sent <= ({"cookie"} if where in ("port", "to https") else set())


def test_case_09_a_redirect_loop_is_counted_and_named(faults: FaultServer) -> None:
    faults.on("127.0.0.1", "/self", redirect("/self"))
    faults.on("127.0.0.1", "/a", redirect("/b"))
    faults.on("127.0.0.1", "/b", redirect("/a"))
    for n in range(21):
        faults.on("127.0.0.1", f"/hop{n}", redirect(f"/hop{n + 1}"))
    starts = [faults.url(p) for p in ("/self", "/a", "/hop0")]
    out = fetch(*starts)
    assert [out.reason(s) for s in starts] == ["redirect_loop"] * 3
    assert out.stats["portal/redirect/loop"] == 3
    assert len(faults.hits) <= 1 + 2 + 6


def test_case_35_a_crawl_listens_on_nothing(faults: FaultServer) -> None:
    faults.on("127.0.0.1", "/", answer(200, "page"))
    out = fetch(faults.url())
    assert out.reason(faults.url()) == "200"
    assert out.listening == []
