"""The mutated set: the same pages for the same seed, their gold still in them."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache, partial
from itertools import islice
from random import Random

import pytest
from lxml import html

from benchmarks.pagesets.gold import GoldPage
from benchmarks.pagesets.mutated import CHARSETS, MUTATIONS, MutatedPage, mutate, mutated_pages
from benchmarks.pagesets.replica import replica_articles, replica_pages
from demo.articles import Article
from demo.portal import World

PAGES = 60


def text_of(page: GoldPage) -> str:
    """The page's text without its white space, so that no cut inside a word shows."""
    try:
        decoded = page.html.decode("utf-8")
    except UnicodeDecodeError:
        decoded = page.html.decode("cp1252")
    return squeezed(html.document_fromstring(decoded).text_content())


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@cache
def mutated() -> list[MutatedPage]:
    """Twice as many pages as most tests look at."""
    return list(mutated_pages(1, PAGES * 2))


def test_one_seed_gives_the_same_pages_and_another_seed_others():
    first = list(mutated_pages(3, 12))
    assert first == list(mutated_pages(3, 12))
    assert not {page.html for page in first} & {page.html for page in mutated_pages(4, 12)}
    assert list(replica_pages(3, 12)) == list(replica_pages(3, 12))


def test_fewer_pages_are_the_first_of_more():
    assert list(mutated_pages(3, 5)) == list(mutated_pages(3, 12))[:5]


@pytest.mark.parametrize(
    "pages", [partial(replica_pages, 1, PAGES), mutated], ids=["replica", "mutated"]
)
def test_gold_stands_in_every_page(pages):
    for page in islice(pages(), PAGES):
        text, gold = text_of(page), page.gold
        for words in (gold.title, *gold.body.split("\n\n"), gold.author, gold.source, gold.section):
            assert squeezed(words or "") in text, (page.url, words)


def test_nothing_forbidden_is_gold_and_what_mutations_forbid_is_shown():
    untouched = {page.url: page.gold.forbidden for page in replica_pages(1, PAGES)}
    more = 0
    for page in mutated()[:PAGES]:
        text = text_of(page)
        for words in page.gold.forbidden:
            assert words not in page.gold.body
        added = set(page.gold.forbidden) - set(untouched[page.url])
        assert all(squeezed(words) in text for words in added)
        more += len(added)
    assert more > PAGES


def test_every_page_names_three_or_more_mutations_and_every_mutation_occurs():
    pages = mutated()
    assert all(len(page.mutations) >= 3 for page in pages)
    assert {name for page in pages for name in page.mutations} == set(MUTATIONS)
    assert {page.layout for page in pages} == {"table2016", "table2024", "html5"}


@cache
def untouched() -> list[tuple[World, Article, datetime, MutatedPage]]:
    """Articles, and their pages without a mutation."""
    return [(*each, mutate(*each, [], Random(5))) for each in replica_articles(2, 20)]


@pytest.mark.parametrize("name", MUTATIONS)
def test_each_mutation_alone_changes_a_page_and_keeps_its_gold(name):
    changed = 0
    for world, article, fetched_at, plain in untouched():
        page = mutate(world, article, fetched_at, [name], Random(5))
        changed += (page.html, page.content_type) != (plain.html, plain.content_type)
        text = text_of(page)
        assert squeezed(article.body) == "" or squeezed(article.title) in text
        assert all(squeezed(p) in text for p in article.body.split("\n\n"))
    assert changed >= 10


@pytest.mark.parametrize("name", [name for name in CHARSETS if "called_" in name])
def test_a_charset_lie_is_one(name):
    for world, article, fetched_at in replica_articles(2, 5):
        page = mutate(world, article, fetched_at, [name], Random(5))
        head = page.html[:2000].lower() + page.content_type.encode()
        assert (b"utf-8" if "called_utf8" in name else b"iso-8859-1") in head
        with pytest.raises(UnicodeDecodeError):
            page.html.decode("utf-8" if name.startswith("cp1252") else "ascii")
