"""robots.txt by RFC 9309: cases 1 to 3."""

from __future__ import annotations

import itertools

import pytest

from crawler.middlewares.robots import MAX_BYTES, readable
from tests.faultserver import HOSTS, Answer, Drip, FaultServer, Hang, Reset, answer, redirect
from tests.fetchrun import fetch

OBEY = {"ROBOTSTXT_OBEY": True, "THROTTLE_DEFAULT_WAIT": 0.1}
DENY_ALL = b"User-agent: *\nDisallow: /\n"


def rules(body: bytes, **headers: str) -> bytes:
    return answer(200, body, **({"Content_Type": "text/plain"} | headers))


UNREACHABLE: dict[str, Answer] = {
    "500": answer(500),
    "503": answer(503),
    "503 with Retry-After": answer(503, Retry_After="0"),
    "429": answer(429),
    "reset": Reset(),
    "reset in the body": Reset(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent: *\n"),
    "hang": Hang(),
    "drip": Drip(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 99),
    "truncated": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent: *\n",
    "empty": b"",
    "loop": redirect("/robots.txt"),
    "to ftp": redirect("ftp://127.0.0.1/robots.txt"),
}


def test_case_01_nothing_is_fetched_where_robots_txt_is_unreachable(faults: FaultServer) -> None:
    where = dict(zip(UNREACHABLE, HOSTS, strict=False))
    for name, host in where.items():
        faults.on(host, "/robots.txt", UNREACHABLE[name])
    urls = [faults.url(path, host) for host in where.values() for path in ("/a1", "/a2")]
    out = fetch(*urls, hosts=HOSTS, CONCURRENT_REQUESTS=64, DOWNLOAD_TIMEOUT=1, **OBEY)
    assert {u: out.reason(u) for u in urls} == dict.fromkeys(urls, "robots_unreachable")
    assert out.stats["portal/robots/unreachable"] == len(UNREACHABLE)
    assert {h.path for h in faults.hits} == {"/robots.txt"}
    tries = {name: len(faults.seen("/robots.txt", host)) for name, host in where.items()}
    # A loop is followed for five hops; what is not http is not asked again.
    assert tries == dict.fromkeys(UNREACHABLE, 3) | {"loop": 6, "to ftp": 1}


def test_case_01_the_tries_are_further_and_further_apart(faults: FaultServer) -> None:
    faults.on("127.0.0.1", "/robots.txt", answer(500))
    out = fetch(faults.url("/a"), **OBEY, DOWNLOAD_DELAY=0.2)
    assert out.reason(faults.url("/a")) == "robots_unreachable"
    first, second = faults.gaps("/robots.txt")
    assert first >= 0.18
    assert second >= 0.36


def test_case_02_a_host_without_robots_txt_is_open(faults: FaultServer) -> None:
    where = dict(zip((400, 401, 403, 404, 410, 451), HOSTS, strict=False))
    for status, host in where.items():
        faults.on(host, "/robots.txt", answer(status, "Disallow: /"))
        faults.on(host, "/a", answer(200, "page"))
    out = fetch(*(faults.url("/a", host) for host in where.values()), hosts=HOSTS, **OBEY)
    got = {status: out.reason(faults.url("/a", host)) for status, host in where.items()}
    assert got == dict.fromkeys(where, "200")


@pytest.mark.parametrize("hops", [1, 5, 6])
def test_case_02_rules_at_the_end_of_five_redirects(faults: FaultServer, hops: int) -> None:
    # Every hop changes the host, and leaves the portal.
    where = [("127.0.0.1", "/robots.txt")]
    where += [(f"127.0.0.{2 + n % 2}", f"/hop{n}") for n in range(hops)]
    for (host, path), (to, next_path) in itertools.pairwise(where):
        faults.on(host, path, redirect(faults.url(next_path, to)))
    faults.on(*where[-1], rules(DENY_ALL))
    faults.on("127.0.0.1", "/a", answer(200, "page"))
    out = fetch(faults.url("/a"), **OBEY)
    assert out.reason(faults.url("/a")) == ("robots" if hops <= 5 else "robots_unreachable")
    assert not faults.seen("/a")


def test_robots_txt_that_redirects_to_a_private_address_is_not_followed(
    faults: FaultServer,
) -> None:
    url = "http://news.portal.test/a"
    faults.on("news.portal.test", "/robots.txt", redirect("http://169.254.169.254/x"))
    env = {"http_proxy": faults.url()}
    out = fetch(url, hosts=("news.portal.test",), env=env, SSRF_ALLOW_NETS="", **OBEY)
    assert out.reason(url) in ("blocked_private", "robots_unreachable")
    assert {h.host for h in faults.hits} == {"news.portal.test"}


PADDING = b"# " + b"x" * 77 + b"\n"


# Name: (the file, what it closes or None); «/yes» is open in all.
ODD: dict[str, tuple[bytes, str | None]] = {
    "BOM": (b"\xef\xbb\xbfUser-agent: *\nDisallow: /no\n", "/no"),
    "UTF-16": ("User-agent: *\nDisallow: /no\n".encode("utf-16"), "/no"),
    "NUL": (b"User-agent: *\n\0Disallow: /n\0o\n", "/no"),
    "latin-1": ("User-agent: *\nDisallow: /été\n".encode("latin-1"), "/%E9t%E9"),
    "UTF-8": ("User-agent: *\nDisallow: /été\n".encode(), "/%C3%A9t%C3%A9"),
    "10 MB": (b"User-agent: *\r\nDisallow: /no\r\n" + PADDING * 130_000, "/no"),
    "our group": (b"User-agent: Titrologue\nDisallow: /no\n\nUser-agent: *\nAllow: /\n", "/no"),
    "our name and version": (b"User-agent: titrologue/0.1.0\nDisallow: /no\n", "/no"),
    "others only": (b"User-agent: other\nDisallow: /\n", None),
    "HTML page": (b"<!DOCTYPE html><pre>\nUser-agent: *\nDisallow: /\n</pre>", None),
    "empty": (b"", None),
}


def test_case_03_odd_files_are_read(faults: FaultServer) -> None:
    where = dict(zip(ODD, HOSTS, strict=False))
    expected = {}
    for name, host in where.items():
        body, closed = ODD[name]
        faults.on(host, "/robots.txt", rules(body))
        faults.on(host, "/yes", answer(200, "page"))
        expected[faults.url("/yes", host)] = "200"
        if closed:
            expected[faults.url(closed, host)] = "robots"
    out = fetch(*expected, hosts=HOSTS, own=True, **OBEY)
    assert {url: out.reason(url) for url in expected} == expected
    assert out.rss_mb < 150
    assert out.stats["elapsed_time_seconds"] < 5


def test_case_03_a_crawl_delay_too_long_closes_the_host(faults: FaultServer) -> None:
    faults.on("127.0.0.1", "/robots.txt", rules(b"User-agent: *\nCrawl-delay: 3600\n"))
    out = fetch(faults.url("/a"), **OBEY)
    assert out.reason(faults.url("/a")) == "robots"
    assert out.stats["portal/robots/crawl_delay_too_long"] == 1
    assert "left alone" in out.log
    assert not faults.seen("/a")


def test_a_crawl_delay_is_kept_even_when_autothrottle_would_lower_it(
    faults: FaultServer,
) -> None:
    faults.on("127.0.0.1", "/robots.txt", rules(b"User-agent: *\nCrawl-delay: 0.5\n"))
    paths = ["/a", "/b", "/c"]
    for path in paths:
        faults.on("127.0.0.1", path, answer(200, "page"))
    more = {"AUTOTHROTTLE_ENABLED": True, "AUTOTHROTTLE_START_DELAY": 0}
    out = fetch(*map(faults.url, paths), **(OBEY | more))
    assert {p["status"] for p in out.pages.values()} == {200}
    times = [h.at for h in faults.hits]
    assert all(b - a >= 0.45 for a, b in itertools.pairwise(times))


def test_requests_of_one_host_wait_for_one_robots_txt(faults: FaultServer) -> None:
    faults.on("127.0.0.1", "/robots.txt", Drip(rules(DENY_ALL), gap=0.005))
    urls = [faults.url(f"/a{n}") for n in range(6)]
    out = fetch(*urls, **OBEY)
    assert [out.reason(u) for u in urls] == ["robots"] * 6
    assert [h.path for h in faults.hits] == ["/robots.txt"]


def test_a_user_may_switch_robots_off(faults: FaultServer) -> None:
    faults.on("127.0.0.1", "/robots.txt", rules(DENY_ALL))
    faults.on("127.0.0.1", "/a", answer(200, "page"))
    assert fetch(faults.url("/a"), ROBOTSTXT_OBEY=False).reason(faults.url("/a")) == "200"


def test_a_cut_file_loses_its_last_half_line() -> None:
    body = b"User-agent: *\n" + b"Disallow: /photos\n" * (MAX_BYTES // 18 + 1)
    assert readable(body).endswith(b"Disallow: /photos")
    assert len(readable(body)) <= MAX_BYTES
