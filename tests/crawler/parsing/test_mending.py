"""Markup left open in the middle of a body, in pages of four hands: no text is lost, none leaks."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.parsing.article import parse_article
from crawler.parsing.mending import mended
from crawler.parsing.page import Page
from crawler.portals.generic import generic_portal
from crawler.portals.weblogy import Abamako
from tests.growth import assert_linear

ONE = "Le bac de Tiko a repris ses rotations hier matin, au soulagement des maraîchers d’en face."
TWO = "La traversée restera gratuite jusqu’à la fin du mois, annonce la mairie dans un communiqué."
THREE = "Un comité de riverains tiendra le cahier des pannes et le remettra au préfet chaque mois."
TITLE = "Le bac de Tiko repart"
OTHER = "https://www.exemple.example/tiko"
LAYOUTS = {
    "divs": f"<div class=n><h1>{TITLE}</h1><p>Publié le 29 mars 2024</p><div class=b>@</div></div>"
    "<div class=f><a href=/x>Autre titre de la rubrique du jour</a></div>",
    "article": f"<main><article><header><h1>{TITLE}</h1><time datetime=2024-03-29>29 mars 2024"
    "</time></header><section>@</section></article></main><footer>Tous droits réservés</footer>",
    "tables": f"<TABLE><TR><TD><FONT SIZE=4><B>{TITLE}</B></FONT></TD></TR><TR><TD>29/03/2024</TD>"
    "</TR><TR><TD>@</TD></TR></TABLE><P>Copyright © 2024</P>",
    "portal": f"<h1 class=FontArticleMainTitle>{TITLE}</h1><div class=FontArticleSource>Publié le "
    "vendredi 29 mars 2024 | Le Matin</div><div><span class=FullArticleTexte>@</span></div>"
    "<div>Comment</div><p>Copyright © 2024</p>",
}
FAULTS = {
    "end tag cut": f"<p>{ONE}</di<p>{TWO}</p><p>{THREE}</p>",
    "end tag without >": f"<p>{ONE}</p<p>{TWO}</p\n><p>{THREE}</p>",
    "end tag before text": f"<p>{ONE}</p {TWO}<br><br>{THREE}</p>",
    "bold without >": f"<p>{ONE} <b {TWO}</p><p>{THREE}</p>",
    "bold in bold": f"<p>{ONE} <b<i>{TWO}</i></p><p>{THREE}</p>",
    "bold never closed": f"<p>{ONE} <b>{TWO}</p><p>{THREE}</p>",
    "break without >": f"{ONE}<br<br>{TWO}<br/<br/>{THREE}",
    "quote open": f'<p>{ONE}</p><p class="tx>{TWO}</p><p>{THREE}</p><p id="z"></p>',
    "last quote open": f'<p>{ONE}</p><p class="tx>{TWO}</p><p>{THREE}</p>',
    "quote of a link open": f'<p>{ONE}</p><p><a href="/bac>Le bac.</a> {TWO}</p><p>{THREE}</p>',
    "quote of a picture open": f'<p>{ONE}</p><img src="/a.jpg alt="bac"><p>{TWO}</p><p>{THREE}</p>',
    "comment open": f"<p>{ONE}</p><!-- pub<p>{TWO}</p><p>{THREE}</p>",
    "comment half closed": f"<p>{ONE}</p><!-- pub -><p>{TWO}</p><!-- fin ><p>{THREE}</p>",
    "comment half opened": f"<p>{ONE}</p><!- pub -><p>{TWO}</p><p>{THREE}</p>",
    "comment closed": f"<p>{ONE}</p><!-- <p>Un brouillon.</p> --><p>{TWO}</p><p>{THREE}</p>",
    "instruction": f"<p>{ONE}</p><?php echo 1; ?><p>{TWO}</p><p>{THREE}</p>",
    "script open": f"<p>{ONE}</p><script>var a=1;<p>{TWO}</p><p>{THREE}</p>",
    "style open": f"<p>{ONE}</p><style>.a{{color:red}}<p>{TWO}</p><p>{THREE}</p>",
    "reference cut": f"<p>{ONE} &am</p><p>{TWO}&nbsp</p><p>{THREE}</p>",
}
LEAKS = re.compile(
    r"[<>]|class=|/p\b|/di\b|var a|color|brouillon|Autre titre|Tous droits|Copyright"
)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("fault", FAULTS)
def test_text_behind_markup_left_open_is_kept(fault: str, layout: str) -> None:
    inner = LAYOUTS[layout].replace("@", FAULTS[fault])
    html = f"<html><head><meta charset=utf-8><title>{TITLE} | Le Fil</title></head><body>{inner}"
    portal = Abamako if layout == "portal" else generic_portal(OTHER)
    url = "http://news.abamako.com/h/1.html" if layout == "portal" else OTHER
    page = Page(url, f"{html}</body></html>".encode(), None, datetime(2024, 4, 2, tzinfo=UTC))
    article = parse_article(page, portal)
    assert article.title == TITLE
    assert [text for text in (ONE, TWO, THREE) if text not in article.body] == []
    assert LEAKS.search(article.body) is None


@pytest.mark.parametrize(
    "html",
    [
        '<p title="a > b < c">Plus de 5 % et < 10 %</p><p class="x">Un mètre 5" de long</p>',
        "<script>if (a<b && c<d) { x(); }</script><p>Texte</p>",
        "<!-- <p>brouillon</p> --><p>Texte</p>",
        '<p data-x="<b>gras</b>">Texte "</p>',
    ],
)
def test_sound_markup_says_the_same_after_mending(html: str) -> None:
    def told(raw: bytes) -> str:
        tree = LexborHTMLParser(raw.decode())
        tree.strip_tags(["script"])
        return tree.body.text() if tree.body else ""

    assert told(mended(html.encode())) == told(html.encode())


@pytest.mark.parametrize(
    "unit", ["<!--", "<", "<a", "<a b", '="', '<a b="c', '="x><', '<a b="c"', "<script", '<b ">']
)
def test_mending_takes_linear_time(unit: str) -> None:
    def made(size: int) -> bytes:
        return ('"' + unit * (size // len(unit))).encode()

    assert_linear(mended, made, 1_000_000, quick=0.2)
