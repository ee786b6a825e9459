"""Bombs and sizes: case 22, and case 12's gzip."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest

from crawler.middlewares.decompression import zstd
from tests.faultserver import FaultServer, answer
from tests.fetchrun import fetch

CHUNK = bytes(1 << 20)


def _gzip(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(CHUNK) for _ in range(megabytes)) + packer.flush()


def _deflate(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(CHUNK) for _ in range(megabytes)) + packer.flush()


def _brotli(megabytes: int) -> bytes:
    packer = brotli.Compressor(quality=5)
    return b"".join(packer.process(CHUNK) for _ in range(megabytes)) + packer.finish()


def _zstd(megabytes: int) -> bytes:
    packer = zstd.ZstdCompressor()
    return b"".join(packer.compress(CHUNK) for _ in range(megabytes)) + packer.flush()


BOMBS: dict[str, Callable[[], bytes]] = {
    "br": lambda: _brotli(900),
    "gzip": lambda: _gzip(300),
    "deflate": lambda: _deflate(300),
    "zstd": lambda: _zstd(900),
    "gzip, gzip": lambda: gzip.compress(_gzip(300)),
    "gzip, br": lambda: brotli.compress(_gzip(100), quality=5),
}


def test_case_22_bombs_are_refused_and_the_next_page_is_fetched(faults: FaultServer) -> None:
    urls = []
    for number, (encoding, make) in enumerate(BOMBS.items()):
        path = f"/bomb{number}"
        faults.on("127.0.0.1", path, answer(200, make(), Content_Encoding=encoding))
        urls.append(faults.url(path))
    faults.on("127.0.0.1", "/next", answer(200, gzip.compress(b"fine"), Content_Encoding="gzip"))
    out = fetch(*urls, faults.url("/next"), own=True)
    assert [out.reason(u) for u in urls] == ["too_large"] * len(BOMBS)
    assert out.stats["portal/too_large"] == len(BOMBS)
    assert out.pages[faults.url("/next")]["body"] == "fine"
    # 80 MB before the first page, 20 for one bomb at a time: refused ones are not kept.
    assert out.rss_mb < 125
    # Of the processor, start-up included: the machine may be busy with other tests.
    assert out.cpu_s < 5
    assert "retry/count" not in out.stats


@pytest.mark.parametrize("declared", [True, False])
def test_case_23_a_body_over_the_limit_is_cut_off_on_the_wire(
    faults: FaultServer, declared: bool
) -> None:
    body = b"x" * (50 << 20)
    whole = answer(200, body)
    if not declared:
        whole = whole.replace(b"Content-Length: %d\r\n" % len(body), b"")
    faults.on("127.0.0.1", "/big", whole)
    out = fetch(faults.url("/big"), own=True)
    assert out.reason(faults.url("/big")) == "too_large"
    assert out.stats["portal/too_large"] == 1
    assert len(faults.seen("/big")) == 1
    assert out.rss_mb < 150


@pytest.mark.parametrize(
    ("body", "encoding", "expected"),
    [
        (b"plain text", "gzip", "decompression"),
        (b"\xff" * 40, "br", "decompression"),
        (b"plain text", "zstd", "decompression"),
        (b"\xff\xfe\xfd\xfc", "deflate", "decompression"),
        (b"", "gzip", "200"),
        (b"", "br", "200"),
        (b"x", "gzip, gzip, gzip, gzip, gzip", "decompression"),
        (zlib.compress(b"page")[2:-4], "deflate", "200"),
        (b"page", "identity", "200"),
    ],
)
def test_a_body_that_is_not_what_it_claims(
    faults: FaultServer, body: bytes, encoding: str, expected: str
) -> None:
    faults.on("127.0.0.1", "/", answer(200, body, Content_Encoding=encoding))
    out = fetch(faults.url())
    assert out.reason(faults.url()) == expected
    assert "Traceback" not in out.log
