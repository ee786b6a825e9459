"""The section of a page of any host: each place where sites write it down is one row."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.parsing.article import parse_article
from crawler.parsing.page import Page
from crawler.portals.generic import generic_portal

TITLE = "Le marché de Kolo : la halle « rouvre enfin », dit Awa Sow"
TEXT = (
    "<p>La halle du marché de Kolo a rouvert samedi matin devant une foule de commerçantes.</p>"
    "<p>Les travaux ont duré onze mois et les places seront tirées au sort dans la semaine.</p>"
)
DATE = "<p>Publié le mardi 12 mars 2024</p>"
OTHERS = "".join(
    f"<li><a href=/{n}>Un autre titre de la colonne, numéro {n}</a></li>" for n in range(6)
)


def section_of(
    above: str = "",
    below: str = "",
    behind: str = "",
    head: str = "",
    path: str = "un-article",
    title: str = TITLE,
) -> tuple[str | None, str | None]:
    """(section, its sign) of a page with those parts around headline, date and text."""
    text = (
        f"<html><head><meta charset=utf-8><title>{title} | La Rive</title>{head}</head>"
        f"<body>{above}<div id=page><h1>{title}</h1>{below}{DATE}"
        f"<div>{TEXT}</div>{behind}</div></body></html>"
    )
    url = f"https://www.exemple.example/{path}"
    page = Page(url, text.encode(), "text/html", datetime(2024, 3, 20, tzinfo=UTC))
    article = parse_article(page, generic_portal(url))
    assert article.title == title
    assert "Kolo a rouvert" in article.body
    return article.section, article.signs.get("section")


@pytest.mark.parametrize(
    ("above", "sign"),
    [
        # The arrows are pictures, and the headline closes the way down.
        ("<div><a href=/>Accueil</a> <img src=a.png> <a href=/e>Économie</a> <img src=a.png> "
         f"{TITLE}</div><ul>{OTHERS}</ul>", "structure:breadcrumb"),
        (f"<p>Accueil &gt; Économie &gt; {TITLE}</p>", "structure:breadcrumb"),
        (f"<p>Accueil &gt; Économie &gt; {TITLE[:30]}</p>", "structure:breadcrumb"),
        ("<ol class=Breadcrumbs><li><a href=/>La Rive</a><li><a href=/v>Économie</a>"
         f"<li>{TITLE}</ol>", "structure:trail"),
        ("<nav aria-label='Breadcrumb'><a href=/>La Rive</a> <a href=/v>Économie</a></nav>",
         "structure:trail"),
    ],
)  # fmt: skip
def test_way_down_to_the_page(above: str, sign: str) -> None:
    assert section_of(above) == ("Économie", sign)


def test_quotes_in_the_headline_part_no_steps() -> None:
    title = "Le passeur : «Le pont est à nous», dit Awa Diallo"
    steps = f"<li><a href=/>Accueil</a><li><a href=/v>Économie</a><li>{title}"
    assert section_of(f"<ol>{steps}</ol>", title=title)[0] == "Économie"


@pytest.mark.parametrize(
    ("line", "section", "sign"),
    [
        ("Libellés : <a href=/l/1>Kolo</a>, <a href=/l/2>Santé</a>, <a href=/l/3>or</a>", "Santé",
         "structure:labels"),
        ("Étiquettes : Kolo, Santé", "Santé", "structure:labels"),
        ("<a rel=tag href=/t/1>Kolo</a> <a rel=tag href=/t/2>Santé</a>", "Santé",
         "structure:labels"),
        ("Catégorie : Vie locale", "Vie locale", "structure:category-line"),
        ("Posté dans Vie locale", "Vie locale", "structure:category-line"),
        ("Classé sous : Vie locale", "Vie locale", "structure:category-line"),
        ("<meta itemprop=articleSection content='Vie locale'>", "Vie locale",
         "structure:category-element"),
        ("Libellés : Kolo, marché, halle", None, None),
        ("<h3>3 commentaires</h3><p>Moussa</p><p>Catégorie : Sport</p>", None, None),
    ],
)  # fmt: skip
def test_what_the_page_is_filed_under_below_its_text(
    line: str, section: str | None, sign: str | None
) -> None:
    assert section_of(behind=f"<div>{line}</div>") == (section, sign)


def test_trail_in_json_ld() -> None:
    trail = (
        '<script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":['
        '{"@type":"ListItem","position":1,"name":"Accueil"},'
        '{"@type":"ListItem","position":2,"item":{"@id":"/v","name":"Vie locale"}},'
        f'{{"@type":"ListItem","position":3,"name":"{TITLE}"}}]}}</script>'
    )
    assert section_of(head=trail) == ("Vie locale", "structure:trail")


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("economie/kolo-rouvre", "Economie"),
        ("soci%E9t%E9/kolo-rouvre", "Société"),
        ("soci%C3%A9t%C3%A9/kolo-rouvre", "Société"),
        ("2024/03/12/sports/kolo", None),
        ("kolo/rouvre", None),
        ("sports", None),
    ],
)
def test_known_section_in_the_address_is_the_last_resort(path: str, section: str | None) -> None:
    assert section_of(path=path) == (section, "address" if section else None)
    assert section_of(path=path, behind="<p>Rubrique : Vie locale</p>")[0] == "Vie locale"


def test_long_trail_is_a_menu() -> None:
    menu = "".join(f"<a href=/{n}>Rubrique {n}</a> " for n in "abcdefghij")
    assert section_of(f"<div class=breadcrumb>{menu}</div>") == (None, None)


@pytest.mark.parametrize(
    ("link", "section"), [("Économie", "Économie"), ("ÉCONOMIE", "Economie"), ("Aide", "Economie")]
)
def test_section_of_the_address_is_spelled_as_the_page_s_link(link: str, section: str) -> None:
    behind = f"<p><a href=/e>{link}</a></p>"
    assert section_of(path="economie/kolo-rouvre", behind=behind) == (section, "address")
