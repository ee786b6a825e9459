"""The article's part of a page reads like the whole page, or is not used at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.parsing import view
from crawler.parsing.article import parse_article
from crawler.parsing.excerpt import LEAST, excerpt
from crawler.parsing.page import Page
from crawler.portals.base import Portal, portals
from demo.portal import make_portal

AT = datetime(2026, 11, 2, tzinfo=UTC)
MENU = "<table><tr><td><a href='/x'>Une entrée du menu</a></td></tr></table>\n" * 400
FOOT = "<p>Titrologie</p>" + MENU
PAGE = (
    "<html><head><title>Le pont</title></head><body>{menu}{above}<table><tr><td>"
    '<h1 class="FontArticleMainTitle">Le pont de Kayes rouvre</h1>'
    '<div class="FontArticleSource">Publié le lundi 26 octobre 2026 | Le Matin</div>'
    '<span class="FullArticleTexte">La circulation reprend sur le pont.{inner}<br><br>Les '
    "commerçants sont soulagés.</span>{behind}</td></tr></table>{foot}</body></html>"
)
CRUMB = "<div><a href='/'>Accueil</a> / <a href='/news'>News</a> / <b>Société</b></div>"


def _read(url: str, body: bytes, content_type: str | None, portal: type[Portal]) -> dict[str, Any]:
    return asdict(parse_article(Page(url, body, content_type, AT), portal))


def _pages(name: str, seed: int, count: int = 25) -> Iterator[tuple[str, bytes, str | None]]:
    world = make_portal(seed, name, articles=count)
    for url in list(world.urls())[:count]:
        parts = urlsplit(url)
        answer = world.respond(parts.netloc, parts.path)
        yield url, answer.body, answer.headers.get("Content-Type")


@pytest.mark.parametrize("name", ["abamako", "abidjan", "alome"])
@pytest.mark.parametrize("seed", [11, 12])
def test_the_part_and_the_whole_give_one_article(
    name: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = portals()[name]
    pages = list(_pages(name, seed))
    quick = [_read(*page, portal) for page in pages]
    used = sum(excerpt(Page(*page, AT), portal.selectors) is not None for page in pages)
    monkeypatch.setattr(view, "excerpt", lambda page, selectors: None)
    assert quick == [_read(*page, portal) for page in pages]
    assert used >= 0.9 * len(pages)


def test_damaged_pages_lose_nothing_by_the_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken tag far from the article may spoil the whole page's tree, never the other way."""
    portal, rng = portals()["abamako"], Random(7)
    pieces = (b"", b"<", b"</td>", b"</div>", b"<!--", b"<p>", b'"', b"</span>", b"<td>")
    damaged = []
    for url, body, kind in _pages("abamako", 13, 40):
        for _ in range(6):
            at = rng.randrange(len(body))
            body = body[:at] + rng.choice(pieces) + body[at + rng.choice((0, 1, 5)) :]
        damaged.append((url, body, kind))
    quick = [_read(*page, portal) for page in damaged]
    monkeypatch.setattr(view, "excerpt", lambda page, selectors: None)
    whole = [_read(*page, portal) for page in damaged]
    worse = [
        one["url"] for one, other in zip(quick, whole, strict=True)
        if len(one["body"]) < 0.9 * len(other["body"]) and one["published_raw"] is None
    ]  # fmt: skip
    assert worse == []
    assert sum(one == other for one, other in zip(quick, whole, strict=True)) >= 0.8 * len(quick)


def _page(**parts: str) -> str:
    return PAGE.format(
        **{"menu": MENU, "above": CRUMB, "inner": "", "behind": "", "foot": FOOT} | parts
    )


def _excerpt(text: str) -> LexborHTMLParser | None:
    page = Page("http://news.abamako.com/h/1.html", text.encode(), "text/html", AT)
    return excerpt(page, portals()["abamako"].selectors)


def test_the_part_holds_the_article_and_little_else() -> None:
    part = _excerpt(_page())
    assert part is not None
    markup = part.html or ""
    assert "Société" in markup
    assert "soulagés" in markup
    assert len(markup) < 0.2 * len(_page())


@pytest.mark.parametrize("opening", ["<!-- ancien gabarit: ", "<script>document.write('"])
def test_marks_in_a_comment_or_a_script_are_none(opening: str) -> None:
    text = _page(above=opening + CRUMB)
    assert _excerpt(text) is None


def test_a_short_page_is_read_whole() -> None:
    text = _page(menu="", foot="")
    assert len(text) < LEAST
    assert _excerpt(text) is None


def test_a_class_found_all_over_the_page_marks_nothing() -> None:
    mark = '<i class="FullArticleTexte">Flash</i>'
    text = _page(menu=mark + MENU, foot=FOOT + mark)
    assert _excerpt(text) is None


def test_a_list_inside_the_body_does_not_end_it() -> None:
    text = _page(inner="<p>À lire aussi</p><p>Un autre titre</p>")
    read = _read(
        "http://news.abamako.com/h/1.html", text.encode(), "text/html", portals()["abamako"]
    )
    assert read["body"].endswith("Les commerçants sont soulagés.")


def test_without_a_way_to_the_page_the_whole_page_tells_the_section() -> None:
    far = f"<!-- {'x' * 9_000} -->"
    text = _page(menu=MENU + CRUMB, above=far)
    portal = portals()["abamako"]
    read = _read("http://news.abamako.com/h/1.html", text.encode(), "text/html", portal)
    assert read["section"] == "Société"
