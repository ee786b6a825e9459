"""Replica: http and https by the proxy, the hit log, each fault as a raw socket sees it."""

import gzip
import json
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from http.client import IncompleteRead
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from demo.portal import World, make_portal
from demo.server import Replica


@pytest.fixture(scope="module")
def served() -> Iterator[Replica]:
    worlds = [make_portal(1, "abamako", 80, template="table2024"), make_portal(1, "abidjan", 40)]
    with Replica(worlds) as replica:
        yield replica


@pytest.fixture
def replica(served: Replica) -> Iterator[Replica]:
    served.clear_faults()
    served.clear_hits()
    yield served
    served.clear_faults()


@pytest.fixture
def url(replica: Replica) -> str:
    """An article of kind h on the news host."""
    return next(u for u in replica.world("abamako").urls() if "//news.abamako.com/h/" in u)


def opener(replica: Replica) -> urllib.request.OpenerDirector:
    proxies = {"http": replica.proxy_url, "https": replica.proxy_url}
    context = ssl.create_default_context(cafile=replica.ca_file)
    return urllib.request.build_opener(
        urllib.request.ProxyHandler(proxies), urllib.request.HTTPSHandler(context=context)
    )


def get(replica: Replica, url: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    request = urllib.request.Request(url, headers=headers)
    try:
        with opener(replica).open(request, timeout=10) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), dict(error.headers)


def raw(replica: Replica, url: str, *, timeout: float = 10.0, limit: int = 10**7) -> bytes:
    """Everything the socket gives until its end, at most `limit` bytes."""
    with socket.create_connection(("127.0.0.1", replica.port), timeout=timeout) as sock:
        host = urlsplit(url).netloc
        sock.sendall(f"GET {url} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        got = b""
        while len(got) < limit and (piece := sock.recv(65536)):
            got += piece
        return got


def split(answer: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")[1:]
    return {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}, body


def expected(world: World, url: str) -> bytes:
    parts = urlsplit(url)
    return world.respond(parts.netloc, parts.path).body


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("name", ["abamako", "abidjan"])
def test_page_comes_through_the_proxy(replica: Replica, name: str, scheme: str) -> None:
    world = replica.world(name)
    address = f"{scheme}://{world.urls()[7].partition('://')[2]}"
    status, body, headers = get(replica, address)
    assert (status, body) == (200, expected(world, address))
    assert ("utf-8" in headers["Content-Type"]) == (name == "abidjan")
    (hit,) = replica.hits()
    assert (hit.url, hit.method, hit.status) == (address, "GET", 200)
    assert hit.headers["host"] == urlsplit(address).netloc
    assert abs(hit.time - time.time()) < 60


def test_certificate_is_trusted_only_with_the_throw_away_authority(replica: Replica) -> None:
    handler = urllib.request.ProxyHandler({"https": replica.proxy_url})
    with pytest.raises(urllib.error.URLError, match="certificate"):
        urllib.request.build_opener(handler).open("https://news.abamako.com/", timeout=5)


@pytest.mark.parametrize("address", ["http://example.org/x", "https://example.org/x"])
def test_unknown_host_gets_502_and_is_recorded(replica: Replica, address: str) -> None:
    if address.startswith("https"):
        with pytest.raises(urllib.error.URLError, match="502"):
            get(replica, address)
    else:
        assert get(replica, address)[0] == 502
    (hit,) = replica.hits()
    assert (hit.host, hit.status) == ("example.org", 502)


def test_connection_is_kept_for_the_next_request(replica: Replica, url: str) -> None:
    with socket.create_connection(("127.0.0.1", replica.port), timeout=5) as sock:
        reader = sock.makefile("rb")
        for method in ("GET", "HEAD", "GET"):
            sock.sendall(f"{method} {url} HTTP/1.1\r\nHost: news.abamako.com\r\n\r\n".encode())
            assert reader.readline().startswith(b"HTTP/1.1 200")
            headers = dict(line.split(b": ", 1) for line in iter(reader.readline, b"\r\n"))
            length = int(headers[b"Content-Length"])
            if method == "GET":
                assert len(reader.read(length)) == length
        reader.close()
    assert [hit.method for hit in replica.hits()] == ["GET", "HEAD", "GET"]


def test_what_is_no_proxy_request_is_refused(replica: Replica) -> None:
    with socket.create_connection(("127.0.0.1", replica.port), timeout=5) as sock:
        sock.sendall(b"GET /h/1.html HTTP/1.1\r\nHost: news.abamako.com\r\n\r\n")
        assert sock.recv(100).startswith(b"HTTP/1.1 400")


def test_environment_leads_both_schemes_here(replica: Replica) -> None:
    environment = replica.environment()
    assert environment["http_proxy"] == environment["https_proxy"] == replica.proxy_url
    assert environment["no_proxy"] == ""
    assert "BEGIN CERTIFICATE" in Path(environment["EXTRA_CA_FILE"]).read_text("ascii")


def test_control_host_tells_hits_sets_faults_and_publishes(replica: Replica, url: str) -> None:
    get(replica, url)
    hits = json.loads(get(replica, "http://replica.control/_hits")[1])
    assert [(hit["host"], hit["path"]) for hit in hits] == [
        ("news.abamako.com", urlsplit(url).path)
    ]
    fault = json.dumps({"kind": "status", "path": "/h/", "status": 503}).encode()
    with opener(replica).open("http://replica.control/_faults", data=fault) as answer:
        assert json.load(answer) == [{"kind": "status", "path": "/h/"}]
    assert get(replica, url)[0] == 503
    asked = "http://replica.control/_publish?portal=abidjan&count=2"
    assert json.loads(get(replica, asked)[1]) == replica.world("abidjan").urls()[-2:]
    assert get(replica, "http://replica.control/_publish?portal=paris")[0] == 400
    trap = "http://replica.control/_trap?portal=abidjan&section=Politique&kind="
    assert [get(replica, trap + kind)[0] for kind in ("fresh", "none", "bear")] == [200, 200, 400]
    assert get(replica, "http://replica.control/_shift?portal=abidjan&count=0")[0] == 200
    assert get(replica, "http://replica.control/")[0] == 404
    assert all(hit.host != "replica.control" for hit in replica.hits())


def test_status_fault_ends_after_its_times(replica: Replica, url: str) -> None:
    replica.set_fault("status", "/h/", times=2, status=500)
    assert [get(replica, url)[0] for _ in range(3)] == [500, 500, 200]
    assert [hit.fault for hit in replica.hits()] == ["status", "status", None]


@pytest.mark.parametrize("value", ["7", "Wed, 21 Oct 2099 07:28:00 GMT", "-1", "abc", "1e9"])
def test_retry_after_may_be_anything(replica: Replica, url: str, value: str) -> None:
    replica.set_fault("status", status=429, retry_after=value)
    status, _, headers = get(replica, url)
    assert (status, headers["Retry-After"]) == (429, value)
    if "GMT" in value:
        assert parsedate_to_datetime(value).year == 2099


def test_ratio_hits_the_same_addresses_every_time(replica: Replica) -> None:
    urls = replica.world("abamako").urls()
    seen = []
    for _ in range(2):
        replica.clear_faults()
        replica.set_fault("status", ".*", ratio=0.3, status=503)
        seen.append([get(replica, url)[0] for url in urls])
    assert seen[0] == seen[1]
    assert 0.1 < seen[0].count(503) / len(urls) < 0.5


def test_robots_is_as_the_world_says(replica: Replica) -> None:
    world = replica.world("abidjan")
    world.robots = (403, "non")
    assert get(replica, "https://news.abidjan.net/robots.txt")[:2] == (403, b"non")
    world.robots = (200, "User-agent: *\nDisallow: /\n")
    assert b"Disallow" in get(replica, "https://news.abidjan.net/robots.txt")[1]


def test_truncated_promises_more_than_it_sends(replica: Replica, url: str) -> None:
    replica.set_fault("truncated")
    headers, body = split(raw(replica, url))
    assert int(headers["content-length"]) > len(body) > 0
    with pytest.raises(IncompleteRead):
        get(replica, url)


def test_short_promises_less_than_it_sends(replica: Replica, url: str) -> None:
    replica.set_fault("short")
    headers, body = split(raw(replica, url))
    assert int(headers["content-length"]) < len(body)


def test_bad_chunked_breaks_in_the_second_chunk(replica: Replica, url: str) -> None:
    replica.set_fault("bad_chunked")
    headers, body = split(raw(replica, url))
    assert headers["transfer-encoding"] == "chunked"
    assert "content-length" not in headers
    assert body.endswith(b"\r\nzz\r\n")


@pytest.mark.parametrize("options", [{}, {"after": "half"}])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_reset_is_a_reset(replica: Replica, url: str, scheme: str, options: Any) -> None:
    replica.set_fault("reset", **options)
    address = f"{scheme}://{url.partition('://')[2]}"
    # Over TLS the client's library calls a reset «closed without response», a subclass.
    with pytest.raises((ConnectionResetError, urllib.error.URLError, IncompleteRead)) as caught:
        get(replica, address)
    if isinstance(caught.value, urllib.error.URLError):
        assert isinstance(caught.value.reason, ConnectionResetError)
    with pytest.raises(ConnectionResetError):
        raw(replica, url)


def test_slow_keeps_its_rate(replica: Replica, url: str) -> None:
    length = len(expected(replica.world("abamako"), url))
    replica.set_fault("slow", bytes_per_second=length * 2)
    started = time.monotonic()
    get(replica, url)
    assert 0.3 < time.monotonic() - started < 5


def until_silent(sock: socket.socket) -> bytes:
    """What comes before the socket's timeout; fails where the other side closes."""
    got = b""
    while True:
        try:
            piece = sock.recv(65536)
        except TimeoutError:
            return got
        assert piece, "closed"
        got += piece


@pytest.mark.parametrize("after", ["nothing", "headers", "half"])
def test_hang_falls_silent(replica: Replica, url: str, after: str) -> None:
    replica.set_fault("hang", after=after)
    with socket.create_connection(("127.0.0.1", replica.port), timeout=0.5) as sock:
        sock.sendall(f"GET {url} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        got = until_silent(sock)
    body = got.partition(b"\r\n\r\n")[2]
    assert (bool(got), bool(body)) == (after != "nothing", after == "half")


@pytest.mark.parametrize(
    ("label", "encoding", "accent"),
    [
        ("utf-8", None, b"Publi\xe9"),
        ("iso-8859-1", "utf-8", "Publié".encode()),
        (None, None, b"\xe9"),
    ],
)
def test_charset_is_mislabelled(
    replica: Replica, url: str, label: str | None, encoding: str | None, accent: bytes
) -> None:
    replica.set_fault("charset", label=label, encoding=encoding)
    _, body, headers = get(replica, url)
    assert headers["Content-Type"] == (f"text/html; charset={label}" if label else "text/html")
    assert accent in body


@pytest.mark.parametrize(
    ("to", "location"),
    [("self", "/h/"), ("loop", "?tour=1"), ("http://example.org/a", "http://example.org/a")],
)
def test_redirect_goes_where_it_is_told(replica: Replica, url: str, to: str, location: str) -> None:
    replica.set_fault("redirect", "/h/", to=to, status=301)
    answer = raw(replica, url)
    assert answer.startswith(b"HTTP/1.1 301")
    assert location in split(answer)[0]["location"]


def test_redirect_chain_ends_in_the_page(replica: Replica, url: str) -> None:
    replica.set_fault("redirect_chain", "/h/", hops=4)
    status, body, _ = get(replica, url)
    assert (status, body) == (200, expected(replica.world("abamako"), url))
    assert len(replica.hits()) == 5


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "gzip,gzip", "br", "zstd"])
def test_bomb_is_small_on_the_wire(replica: Replica, url: str, encoding: str) -> None:
    if encoding == "br" and not find_spec("brotli"):
        pytest.skip("no brotli here")
    if encoding == "zstd" and not find_spec("backports"):
        pytest.skip("no zstd here")
    replica.set_fault("bomb", encoding=encoding, size=30 * 2**20)
    headers, body = split(raw(replica, url))
    assert headers["content-encoding"] == encoding
    assert len(body) < 400_000
    if encoding == "gzip":
        assert len(gzip.decompress(body)) > 28 * 2**20


def test_encoding_is_rightly_labelled(replica: Replica, url: str) -> None:
    replica.set_fault("encoding", encoding="gzip")
    headers, body = split(raw(replica, url))
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == expected(replica.world("abamako"), url)


def test_body_and_soft_404_replace_the_page(replica: Replica, url: str) -> None:
    replica.set_fault("body", text="%PDF", content_type="application/pdf")
    assert get(replica, url)[1] == b"%PDF"
    replica.set_fault("soft_404")
    status, body, _ = get(replica, url)
    assert status == 200
    assert b"Article introuvable" in body


def test_etag_answers_304(replica: Replica, url: str) -> None:
    world = replica.world("abamako")
    world.etags = True
    try:
        tag = get(replica, url)[2]["ETag"]
        assert get(replica, url, **{"If-None-Match": tag})[0] == 304
    finally:
        world.etags = False


def test_unknown_fault_is_refused(replica: Replica) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        replica.set_fault("gremlin")


def test_many_requests_at_once_are_all_answered(replica: Replica) -> None:
    urls = replica.world("abamako").urls()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda url: get(replica, url)[0], urls))
    assert answers == [200] * len(urls)
    assert len(replica.hits()) == len(urls)


def test_replica_stops_while_a_request_hangs() -> None:
    world = make_portal(1, "alome", 5)
    with Replica([world]) as replica:
        replica.set_fault("hang")
        sock = socket.create_connection(("127.0.0.1", replica.port), timeout=5)
        sock.sendall(f"GET {world.urls()[0]} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        while not replica.hits():
            pass
    with sock:
        assert sock.recv(10) == b""


def test_taken_port_is_an_error() -> None:
    world = make_portal(1, "alome", 1)
    with Replica([world]) as first, pytest.raises(OSError, match="in use"):
        Replica([world], port=first.port).__enter__()
