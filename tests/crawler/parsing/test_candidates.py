"""What every sign of a page says, and why the losers lost."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.parsing.article import parse_article
from crawler.parsing.candidates import candidates, losers
from crawler.parsing.page import Page
from crawler.portals.generic import generic_portal
from crawler.portals.weblogy import Abamako
from tests.crawler.parsing.pagebuilder import TITLE, Spec, page

URL = "https://www.exemple.example/kolo"
HEAD = (
    '<meta name=author content="Administrator"><meta property="og:image" content="/img/logo.png">'
    '<meta property="og:title" content="La halle de Kolo rouvre">'
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Kolo rouvre",'
    '"author":{"name":"Awa Diallo"},"datePublished":"2024-03-11"}</script>'
)
HTML = f"""<html><head><meta charset=utf-8><title>La halle de Kolo rouvre | La Rive</title>
{HEAD}</head><body><h1>La halle de Kolo rouvre</h1>
<p>Par Moussa Koné (AFP)</p><p>Publié le 12 mars 2024</p>
<div><img src=/photos/halle.jpg><p>La halle du marché de Kolo a rouvert samedi matin devant une
foule de commerçantes venues de loin.</p><p>Les travaux ont duré onze mois et les places seront
tirées au sort dans la semaine.</p><p>Issa SOW</p></div></body></html>"""


def lost(html: str) -> dict[tuple[str, str], tuple[str, str]]:
    """(field, sign) to (value, why it lost)."""
    shown = Page(URL, html.encode(), "text/html", datetime(2024, 3, 20, tzinfo=UTC))
    portal = generic_portal(URL)
    found = losers(candidates(shown, portal), parse_article(shown, portal))
    return {(field, sign): (value, why) for field, sign, value, why in found}


def test_every_sign_of_a_title_is_shown_best_first() -> None:
    told = candidates(page(Spec()), Abamako)
    assert [c.sign for c in told["title"] if c.value == TITLE][:3] == [
        "selector:.FontArticleMainTitle", "structure:heading", "meta:og:title",
    ]  # fmt: skip


def test_losers_of_author_agency_and_photo_are_told_with_the_reason() -> None:
    found = lost(HTML)
    after = "comes after structure:signature"
    assert found["author", "structure:byline"] == ("Moussa Koné", after)
    assert found["author", "jsonld"] == ("Awa Diallo", after)
    assert found["author", "meta:author"] == ("Administrator", "names no person")
    assert found["photo_url", "meta:og:image"] == (
        "https://www.exemple.example/img/logo.png", "a logo, by its address",
    )  # fmt: skip
    assert found["title", "jsonld"] == ("Kolo rouvre", "comes after structure:heading")
    assert found["title", "meta:og:title"][1] == "says the same as structure:heading"
    assert found["published_raw", "jsonld"] == ("2024-03-11", "comes after structure:date-line")
    assert ("author", "structure:signature") not in found


def test_second_photo_is_a_loser_of_the_same_sign() -> None:
    two = HTML.replace("/img/logo.png", "/photos/autre.jpg")
    assert lost(two)["photo_url", "meta:og:image"] == (
        "https://www.exemple.example/photos/autre.jpg", "comes after structure:image",
    )  # fmt: skip
