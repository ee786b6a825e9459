from __future__ import annotations

import re
from functools import cache

import pytest
from lxml import html

from benchmarks.pagesets.general import LAYOUTS, general_pages
from benchmarks.pagesets.gold import GoldPage
from benchmarks.pagesets.score import leaks, normalised

NAMES = [layout.name for layout in LAYOUTS]
CHARSETS = {layout.name: layout.charset for layout in LAYOUTS}
DATELESS = {"joomla", "grid", "tables"}
"""Layouts that show the article's date as a line of text only."""


@cache
def pages() -> tuple[GoldPage, ...]:
    return tuple(general_pages(seed=7, per_layout=8))


def of(name: str) -> list[GoldPage]:
    return [page for page in pages() if page.layout == name]


def source(page: GoldPage) -> str:
    return page.html.decode(CHARSETS[page.layout])


def shown(page: GoldPage) -> str:
    """The words of the page as a browser shows them."""
    root = html.document_fromstring(source(page))
    for node in root.xpath("//script | //style | //head"):
        node.drop_tree()
    return normalised(" ".join(root.itertext()))


def squeezed(text: str) -> str:
    return re.sub(r"\W+", "", normalised(text))


def test_there_are_twelve_layouts_of_their_own():
    assert len(set(NAMES)) == 12
    assert len({page.url for page in pages()}) == len(pages())


def test_a_seed_draws_the_same_pages_again():
    again = tuple(general_pages(seed=7, per_layout=8))
    other = next(general_pages(seed=8, per_layout=1))
    assert again == pages()
    assert other != pages()[0]


def test_a_smaller_set_is_part_of_a_larger_one():
    few = tuple(general_pages(seed=7, per_layout=2))
    assert few == tuple(page for name in NAMES for page in of(name)[:2])


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_one_document_of_a_real_size(name):
    for page in of(name):
        text = source(page)
        for tag in ("html", "head", "body"):
            assert len(re.findall(rf"<{tag}[\s>]", text, re.I)) == 1
            assert len(re.findall(rf"</{tag}>", text, re.I)) == 1
        assert len(html.document_fromstring(text).xpath("//title")) == 1
        assert 15_000 < len(page.html) < 80_000
        assert not re.search(r"\{\}|None<|href=\"?#?\{", text)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_shows_its_gold(name):
    for page in of(name):
        gold, text = page.gold, shown(page)
        everything = squeezed(text)
        for paragraph in gold.body.split("\n\n"):
            assert squeezed(" ".join(paragraph.split()[:5])) in everything
        for field in (gold.title, gold.author, gold.source, gold.section):
            assert squeezed(field or "") in everything


@pytest.mark.parametrize("name", NAMES)
def test_forbidden_texts_stand_on_the_page_and_not_in_the_gold(name):
    for page in of(name):
        everything = squeezed(source(page)) + squeezed(shown(page))
        assert len(page.gold.forbidden) > 10
        assert leaks(page.gold.body, page.gold) == ()
        for text in page.gold.forbidden:
            assert squeezed(text) in everything, text


@pytest.mark.parametrize("name", NAMES)
def test_the_date_stands_in_machine_form_unless_the_layout_has_none(name):
    for page in of(name):
        text = source(page)
        minute = re.findall(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", text)
        assert bool(minute) == (name not in DATELESS)


def test_fetches_follow_publication_and_bodies_are_of_all_lengths():
    sizes = [len(page.gold.body.split()) for page in pages()]
    assert min(sizes) < 100
    assert max(sizes) > 800
    for page in pages():
        assert page.fetched_at.utcoffset() is not None
        assert page.gold.published_on < page.fetched_at.date().isoformat()
