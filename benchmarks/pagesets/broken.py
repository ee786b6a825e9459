"""Pages broken at random: bits flipped, parts cut, repeated and dropped, tags shuffled.

`tests/crawler/parsing/test_fuzz.py` reads 5,000 of them without an exception;
`python -m benchmarks.hostile` tells the slowest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random
from urllib.parse import urlsplit

from demo.portal import make_portal

PARTS = 10
"""Independent streams of pages."""
_TAG = re.compile(rb"<[^<>]{1,200}>")


def _flip(body: bytes, rng: Random) -> bytes:
    data = bytearray(body)
    for _ in range(rng.randrange(1, 200)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def _cut(body: bytes, rng: Random) -> bytes:
    first, last = sorted(rng.randrange(len(body)) for _ in range(2))
    return rng.choice((body[:last], body[first:], body[:first] + body[last:], body[first:last]))


def _shuffle(body: bytes, rng: Random) -> bytes:
    tags = _TAG.findall(body)
    some = rng.sample(range(len(tags)), min(len(tags), rng.randrange(2, 120)))
    for one, other in zip(some, reversed(some), strict=True):
        tags[one], tags[other] = tags[other], tags[one]
    rest = iter(tags)
    return _TAG.sub(lambda _: next(rest), body)


def _repeat(body: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(body))
    piece = body[at : at + rng.randrange(1, 400)]
    return body[:at] + piece * rng.randrange(2, 60) + body[at:]


def _drop_ends(body: bytes, rng: Random) -> bytes:
    share = rng.random()
    return _TAG.sub(lambda m: b"" if m[0][:2] == b"</" and rng.random() < share else m[0], body)


_WAYS: tuple[Callable[[bytes, Random], bytes], ...] = (_flip, _cut, _shuffle, _repeat, _drop_ends)


def broken_pages(part: int, count: int) -> Iterator[tuple[str, str, bytes, str | None]]:
    """(portal, address, bytes, content type) of `count` pages of the replica, each broken in one
    to three ways. The same `part` gives the same pages."""
    rng = Random(f"fuzz {part}")
    name = ("abamako", "abidjan")[part % 2]
    world = make_portal(part, name, articles=20)
    pages = []
    for url in list(world.urls())[:20]:
        parts = urlsplit(url)
        pages.append((url, world.respond(parts.netloc, parts.path).body))
    for _ in range(count):
        url, body = rng.choice(pages)
        for way in rng.sample(_WAYS, rng.randrange(1, 4)):
            body = way(body, rng) or b"<"
        kind = rng.choice((None, "text/html; charset=utf-8", "text/html; charset=iso-8859-1"))
        yield name, url, body, kind
