"""5,000 mutated pages: bit flips, cuts, tags shuffled, parts repeated, ends dropped. None raises,
and none takes two seconds."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from random import Random
from urllib.parse import urlsplit

import pytest
from scrapy.exceptions import DropItem
from scrapy.utils.project import get_project_settings

from crawler.parsing.article import parse_article
from crawler.parsing.page import Page
from crawler.parsing.verdict import classify
from crawler.portals.base import portals
from crawler.portals.generic import generic_portal
from crawler.stages import load_stages, run_stages
from demo.portal import make_portal

AT = datetime(2026, 11, 2, tzinfo=UTC)
COUNT, PARTS = 5_000, 10
LONGEST = 2.0
TAG = re.compile(rb"<[^<>]{1,200}>")


def _flip(body: bytes, rng: Random) -> bytes:
    data = bytearray(body)
    for _ in range(rng.randrange(1, 200)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def _cut(body: bytes, rng: Random) -> bytes:
    first, last = sorted(rng.randrange(len(body)) for _ in range(2))
    return rng.choice((body[:last], body[first:], body[:first] + body[last:], body[first:last]))


def _shuffle(body: bytes, rng: Random) -> bytes:
    tags = TAG.findall(body)
    some = rng.sample(range(len(tags)), min(len(tags), rng.randrange(2, 120)))
    for one, other in zip(some, reversed(some), strict=True):
        tags[one], tags[other] = tags[other], tags[one]
    rest = iter(tags)
    return TAG.sub(lambda _: next(rest), body)


def _repeat(body: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(body))
    piece = body[at : at + rng.randrange(1, 400)]
    return body[:at] + piece * rng.randrange(2, 60) + body[at:]


def _drop_ends(body: bytes, rng: Random) -> bytes:
    share = rng.random()
    return TAG.sub(lambda m: b"" if m[0][:2] == b"</" and rng.random() < share else m[0], body)


WAYS: tuple[Callable[[bytes, Random], bytes], ...] = (_flip, _cut, _shuffle, _repeat, _drop_ends)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_raises_or_hangs(part: int) -> None:
    rng = Random(f"fuzz {part}")
    stages = load_stages(get_project_settings())
    name = ("abamako", "abidjan")[part % 2]
    world = make_portal(part, name, articles=20)
    known = portals()[name]
    pages = []
    for url in list(world.urls())[:20]:
        parts = urlsplit(url)
        pages.append((url, world.respond(parts.netloc, parts.path).body))
    slow = []
    for number in range(COUNT // PARTS):
        url, body = rng.choice(pages)
        for way in rng.sample(WAYS, rng.randrange(1, 4)):
            body = way(body, rng) or b"<"
        began = time.process_time()
        kind = rng.choice((None, "text/html; charset=utf-8", "text/html; charset=iso-8859-1"))
        page = Page(url, body, kind, AT)
        article = parse_article(page, known if number % 5 else generic_portal(url))
        classify(page, article)
        with suppress(DropItem):
            run_stages(article, stages)
        took = time.process_time() - began
        if took > LONGEST:
            slow.append((number, took))
        for text in (article.title, article.body, article.author, article.published_raw):
            (text or "").encode()
    assert slow == []
