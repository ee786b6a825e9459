"""Pages in an article's place: what a missing page says of itself, however long it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.parsing.article import parse_article
from crawler.parsing.page import Page
from crawler.parsing.verdict import classify, is_soft_404
from crawler.portals.base import portals

MENU = "<p>Accueil Politique Économie Société Sports Culture Nécrologie Titrologie Photos</p>" * 12


def page(line: str) -> Page:
    html = f"<html><head><title>aBamako</title></head><body>{MENU}<p>{line}</p></body></html>"
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return Page("http://news.abamako.com/h/1.html", html.encode(), "text/html; charset=utf-8", at)


@pytest.mark.parametrize(
    "line",
    [
        "Article introuvable",
        "L’ARTICLE DEMANDÉ EST INTROUVABLE",
        "La page que vous avez demandée tantôt est inexistante",
        "Cette page n’existe plus",
        "Ce document n`existait pas",
        "Article non trouvé",
        "La page recherchée n’a pas trouvée",
        "Les articles demandés sont supprimés",
        "L’article est plus disponible",
        "La page n’est pas accessible",
        "Cet article est indisponible",
        "L’article n’a pas été trouvé",
        "L’article n’a pas ete trouve",
        "Photo plus éte trouvée",
        "Erreur 404",
        "404 - Page error",
        "Page not found",
        "The file was NOT FOUND here",
        "Aucun article ne correspond à votre demande",
        "Cet article n’est plus en ligne",
        "cette page n'est pas en ligne",
        "Article \u0131ntrouvable",
        "Photo \u017fupprimée",
    ],
)
def test_page_of_many_words_that_says_it_is_missing(line: str) -> None:
    assert is_soft_404(page(line))


@pytest.mark.parametrize(
    "line", ["Le pont est ouvert.", "Il a été trouvé hier", "«Page introuvable»"]
)
def test_page_that_says_something_else_is_not_missing(line: str) -> None:
    assert not is_soft_404(page(line))


SENTENCE = "La circulation reprend sur le pont, les commerçants en sont soulagés et le maire aussi."


@pytest.mark.parametrize(
    ("headline", "line", "text", "missing"),
    [
        ("", "Publié le  | ", "", True),
        ("", "Publié le mardi 3 mars 2026 | Le Matin", SENTENCE, False),
        ("Le pont rouvre", "Publié le  | ", SENTENCE, False),
        ("", "Publié le  | ", SENTENCE * 2, False),
    ],
    ids=["blank", "dated", "headed", "text"],
)
def test_template_filled_with_nothing_is_a_missing_article(
    headline: str, line: str, text: str, missing: bool
) -> None:
    links = "".join(f"<li><a href='/h/{n}.html'>Le marché n° {n} du quartier</a>" for n in range(4))
    html = (
        f"<html><head><title>{headline} - abamako.com</title></head><body>{MENU}"
        f"<h1 class=FontArticleMainTitle>{headline}</h1><div class=FontArticleSource>{line}</div>"
        f"<span class=FullArticleTexte>{text}</span><ul>{links}</ul><p>Sondage</p><p>Oui</p>"
        "</body></html>"
    )
    at = datetime(2026, 11, 1, tzinfo=UTC)
    one = Page("http://news.abamako.com/h/1.html", html.encode(), "text/html; charset=utf-8", at)
    verdict = classify(one, parse_article(one, portals()["abamako"]))
    assert verdict == ("not_found" if missing else None)
