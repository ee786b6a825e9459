"""Articles told from the other pages of a site whose addresses do not tell."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.parsing.article import parse_article
from crawler.parsing.kind import is_article_page
from crawler.parsing.page import Page
from crawler.portals.generic import generic_portal

URL = "https://www.example.ml/une-adresse-de-page"
PORTAL = generic_portal(URL, timezone="Africa/Bamako")
TEXT = "<p>" + "La circulation reprend sur le pont, les commerçants sont soulagés. " * 4 + "</p>"
DATED = "<p>Publié le 5 mars 2024</p>"
LIST = "".join(
    f"<li><a href='/2024/03/0{n}/le-pont-numero-{n}-rouvre-ce-matin/'>Le pont numéro {n} rouvre ce"
    f" matin à tous</a> <time>{n} mars 2024</time></li>"
    for n in range(1, 10)
)


def judged(title: str, core: str, head: str = "") -> bool:
    html = f"<html><head><meta charset=utf-8><title>{title} – Le Courrier</title>{head}</head>"
    html += f"<body><h1>{title}</h1>{core}</body></html>"
    page = Page(URL, html.encode(), "text/html", datetime(2026, 11, 24, tzinfo=UTC))
    return is_article_page(page, parse_article(page, PORTAL), PORTAL)


@pytest.mark.parametrize(
    ("title", "core", "head", "kept"),
    [
        ("Le pont de Kayes rouvre", DATED + TEXT, "", True),
        ("Le pont de Kayes rouvre", TEXT, '<meta property="og:type" content="article">', True),
        ("Le pont de Kayes rouvre", DATED + TEXT + f"<ul>{LIST}</ul>", "", True),
        ("Brève", DATED + TEXT, "", True),
        ("Le pont de Kayes rouvre", TEXT, "", False),
        ("Contact", DATED + TEXT, "", False),
        ("Politique", f"<ul>{LIST}</ul>", "", False),
        ("À la une", f"<ul>{LIST}</ul>", "", False),
        (
            "Ce que nous avons écrit",
            DATED + TEXT,
            '<script type="application/ld+json">{"@type":["CollectionPage"]}</script>',
            False,
        ),
    ],
    ids=["dated", "declared", "with-related", "short-title", "undated", "contact", "section",
         "front", "declared-list"],
)  # fmt: skip
def test_a_page_is_an_article_by_what_it_says_and_holds(title, core, head, kept):
    assert judged(title, core, head) is kept


@pytest.mark.parametrize(
    ("title", "core", "kept"),
    [
        ("Le pont de Kayes rouvre", TEXT, True),
        ("Le pont de Kayes rouvre", "<p>Lire la suite</p>", False),
        ("Brève", TEXT, False),
        ("Contact", TEXT, False),
        ("Politique", f"<ul>{LIST}</ul>", False),
    ],
    ids=["article", "no-text", "short-title", "contact", "section"],
)
def test_a_page_that_only_a_listing_dates_is_an_article_with_headline_and_text(title, core, kept):
    html = f"<html><head><meta charset=utf-8><title>{title} – Le Courrier</title></head>"
    html += f"<body><h1>{title}</h1>{core}</body></html>"
    page = Page(URL, html.encode(), "text/html", datetime(2026, 11, 24, tzinfo=UTC))
    assert is_article_page(page, parse_article(page, PORTAL), PORTAL, listed=True) is kept


BARE = "".join(f"<p><a href='/n/{n}.html'>Le pont numéro {n} rouvre ce matin à tous</a></p>"
               for n in range(1, 10))  # fmt: skip
HEADLINE = "Le pont de Kayes rouvre enfin"


@pytest.mark.parametrize(
    ("core", "kept"),
    [
        (f"<p>5 mars 2024</p><p>{HEADLINE}</p>{TEXT}{BARE}", True),
        (f"<p>5 mars 2024</p><p>{HEADLINE}</p>{BARE}", False),
        (f"<p>5 mars 2024</p><p>{HEADLINE}</p>{TEXT}<ul>{LIST}</ul>", False),
        ("<p>5 mars 2024</p>" + BARE + TEXT, False),
        (
            f"<p>5 mars 2024</p><p>{HEADLINE}</p>"
            + "".join(f"<div>{n}. {TEXT[3:-4]}</div>" for n in range(5))
            + f"<ul>{LIST}</ul>",
            True,
        ),
    ],
    ids=["brief", "no-text", "dated-list", "list-first", "paragraphs-as-divs"],
)
def test_an_article_that_its_title_does_not_name_is_told_from_the_list_beside_it(
    core: str, kept: bool
) -> None:
    html = f"<html><head><meta charset=utf-8><title>Le Courrier</title><body>{core}</body></html>"
    page = Page(URL, html.encode(), "text/html", datetime(2026, 11, 24, tzinfo=UTC))
    assert is_article_page(page, parse_article(page, PORTAL), PORTAL) is kept
