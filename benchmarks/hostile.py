"""Hostile text: a megabyte of what makes careless readers stall, in each place, for each reader;
then pages broken at random.

Run `python -m benchmarks.hostile`; prints the slowest of each reader, every one above a second, and
the slowest of the broken pages, none of which may take two.
`tests/crawler/parsing/test_hostile.py` holds small sizes to linear growth.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from typing import TypeVar

from scrapy.exceptions import DropItem
from scrapy.utils.project import get_project_settings

from benchmarks.pagesets.broken import PARTS, broken_pages
from crawler.discovery.syndication import BadSource, read_entries
from crawler.parsing.article import parse_article
from crawler.parsing.listing import read_listing
from crawler.parsing.page import Page
from crawler.parsing.verdict import classify
from crawler.portals.base import Portal, portals
from crawler.portals.generic import generic_portal
from crawler.stages import load_stages, run_stages

Text = TypeVar("Text")

AT = datetime(2026, 11, 2, tzinfo=UTC)
MEGABYTE = 1_000_000
LIMIT = 1.0
"""CPU seconds above which a row is printed."""
LIMIT_BROKEN = 2.0
"""CPU seconds that no broken page may take."""


def _repeated(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


GENERATORS: dict[str, Callable[[int], str]] = {
    name: partial(_repeated, piece)
    for name, piece in {
        "blanks": " ",
        "no-break spaces": "&nbsp;",
        "brackets": "(",
        "comments": "<!--",
        "half tags": "<",
        "escaped twice": "&amp;",
        "digits": "1",
        "dates": "12 mars 2024 ",
        "quotes": "«",
        "dashes": "- ",
        "names": "Awa Diallo, ",
        "credits": "photo : ",
        "continued": "suite de l'article ",
        "bars": " | ",
        "crumbs": "Accueil / ",
        "player": "00:00 Use Left/Right Arrow keys ",
        "mojibake": "Ã©",
        "paragraphs": "<p>a",
        "bold": "<b>a",
        "cells": "<table><tr><td>x",
        "headings of lists": "Lire aussi<br>",
        "comments of readers": "Awa Diallo, 12/03/2024<br>",
        "links": "<a href=/h/1.html>Un titre bien long pour voir</a> ",
        "marks": '<i class="FullArticleTexte">x</i>',
        "JSON": '{"a":[',
    }.items()
}
"""Name to a function of the size in characters."""

PLACES = ("body", "whole", "title", "date", "attribute", "json")
_PAGE = (
    "<html><head><title>Le pont</title>{json}</head><body><div><a href='/'>Accueil</a> / Société"
    "</div><h1 class=FontArticleMainTitle>Le pont {title}</h1><div class=FontArticleSource>{date}"
    "</div><span class=FullArticleTexte>La circulation reprend sur le pont. {body} Les habitants "
    "sont soulagés.{attribute}</span></body></html>"
)


def page_with(place: str, text: str) -> bytes:
    """An article page with `text` in one place of it."""
    if place == "whole":
        return text.encode()
    parts = dict.fromkeys(PLACES, "") | {"date": "Publié le lundi 26 octobre 2026 | Le Matin"}
    if place == "attribute":
        value = text.replace('"', "")
        text = f'<p class="{value}" id="{value}">x</p><a href="{value}">y</a>'
    elif place == "json":
        text = f'<script type="application/ld+json">{text}</script>'
    return _PAGE.format(**parts | {place: text}).encode()


_stages = cache(lambda: load_stages(get_project_settings()))


def _article(portal: type[Portal], url: str) -> Callable[[bytes], object]:
    stages = _stages()

    def read(body: bytes) -> None:
        page = Page(url, body, "text/html; charset=utf-8", AT)
        article = parse_article(page, portal)
        classify(page, article)
        with suppress(DropItem):
            run_stages(article, stages)

    return read


def _listing(portal: type[Portal], url: str) -> Callable[[bytes], object]:
    return lambda body: read_listing(Page(url, body, "text/html; charset=utf-8", AT), portal)


def _feed(body: bytes) -> None:
    with suppress(BadSource):
        read_entries(body, "http://news.abamako.com/rss")


_ABAMAKO = portals()["abamako"]
_OTHER = generic_portal("https://www.exemple.example/", timezone="Africa/Bamako")
READERS: dict[str, Callable[[bytes], object]] = {
    "article": _article(_ABAMAKO, "http://news.abamako.com/h/1.html"),
    "article of any host": _article(_OTHER, "https://www.exemple.example/un-article-du-jour"),
    "listing": _listing(_ABAMAKO, "http://news.abamako.com/"),
    "listing of any host": _listing(_OTHER, "https://www.exemple.example/"),
    "feed": _feed,
}
"""Name to a reader of bytes; the article's is followed by all stages but the store."""


def cpu_seconds(read: Callable[[Text], object], body: Text) -> float:
    """CPU time of one reading, the garbage collector at rest as in `timeit`."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        began = time.thread_time()
        read(body)
        return time.thread_time() - began
    finally:
        if collecting:
            gc.enable()


def _slowest_broken(each: int) -> float:
    """CPU seconds of the slowest of `each` broken pages of every stream."""
    return max(
        cpu_seconds(_article(known, url), body)
        for part in range(PARTS)
        for name, url, body, _ in broken_pages(part, each)
        for known in (portals()[name], generic_portal(url))
    )


def main(arguments: list[str]) -> int:
    """Exit 1 where a reading took more than `LIMIT`, or a broken page more than `LIMIT_BROKEN`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    parser.add_argument("--size", type=int, default=MEGABYTE, help="characters of each text")
    parser.add_argument("--broken", type=int, default=5_000, help="broken pages to read")
    options = parser.parse_args(arguments)
    slow = 0
    print("reader\tplace\ttext\tCPU seconds")
    for name, read in READERS.items():
        read(page_with("body", "x"))
        rows = [
            (cpu_seconds(read, page_with(place, make(options.size))), place, text)
            for text, make in GENERATORS.items()
            for place in PLACES
        ]
        rows.sort(reverse=True)
        above = [row for row in rows if row[0] > LIMIT]
        slow += len(above)
        for seconds, place, text in above or rows[:1]:
            print(f"{name}\t{place}\t{text}\t{seconds:.2f}", flush=True)
    worst = _slowest_broken(options.broken // PARTS)
    print(f"broken pages\t-\tslowest of {options.broken}\t{worst:.2f}")
    return 1 if slow or worst > LIMIT_BROKEN else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
