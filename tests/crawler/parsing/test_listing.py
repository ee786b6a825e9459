"""Listing pages of many styles, none with a class name that means anything."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.parsing.listing import Listing, read_listing, read_ways_in
from crawler.parsing.page import Page
from crawler.portals.base import Portal, portals
from crawler.portals.generic import generic_portal
from tests.growth import assert_linear

NEWS = "http://news.abamako.com"
SECTION = f"{NEWS}/zone/quatre.asp"
FETCHED = datetime(2024, 4, 10, 12, tzinfo=UTC)
FIRST = 292000

MENU = (
    '<ul><li><a href="/">Accueil</a><li><a href="/zone/un.asp">Politique</a>'
    '<li><a href="/zone/deux.asp">SOCIETE</a><li><a href="http://sports.aBamako.com/">SPORT</a>'
    '<li><a href="./?r=3">Économie</a><li><a href="/contact/">Contact</a>'
    '<li><a href="/mines/">Or et lithium</a><li><a href="http://www.acotonou.com/">Bénin</a></ul>'
)


def number(n: int) -> int:
    return FIRST - n


def headline(n: int) -> str:
    return f"Le conseil municipal examine pour la {n + 2}e fois le budget des routes"


def day(n: int) -> date:
    return date(2024, 3, 30 - n // 2)


def written(n: int) -> str:
    return f"{day(n).day} mars 2024"


def read(
    html: str, *, url: str = SECTION, page_number: int = 1, portal: type[Portal] | None = None
) -> Listing:
    page = Page(
        url=url,
        body=f"<html><head><title>x</title></head><body>{html}</body></html>".encode(),
        content_type="text/html; charset=utf-8",
        fetched_at=FETCHED,
    )
    return read_listing(page, portal or portals()["abamako"], page_number=page_number)


def anchor(n: int, text: str | None = None) -> str:
    return f'<a href="/h/{number(n)}.html">{headline(n) if text is None else text}</a>'


# -- layouts: a number of entries to markup ------------------------------------------------------

TEASER = "Les habitants du quartier attendent depuis la saison des pluies une réponse des élus"


def plain_list(count: int) -> str:
    return "<ul>" + "".join(f"<li>{anchor(n)}</li>" for n in range(count)) + "</ul>"


def dated_list(count: int) -> str:
    rows = (f"<li>{anchor(n)}<br><i>L’Essor - x - {written(n)}</i>" for n in range(count))
    return "<ul>" + "".join(rows) + "</ul>"


def flat(count: int) -> str:
    rows = (f"{anchor(n)}<br>Publié le {written(n)} | L’Essor<br><br>" for n in range(count))
    return "<div>" + "".join(rows) + "</div>"


def flat_date_first(count: int) -> str:
    rows = (f"{day(n):%d/%m/%Y} : {anchor(n)}<br>" for n in range(count))
    return "<td>" + "".join(rows) + "</td>"


def date_line_first(count: int) -> str:
    rows = (f"<span>{day(n):%d/%m/%Y}</span><h3>{anchor(n)}</h3><p>{TEASER}" for n in range(count))
    return "<div>" + "".join(rows) + "</div>"


def cards(count: int) -> str:
    rows = (
        f'<a href="/h/{number(n)}.html"><h3>{headline(n)}</h3><p>{TEASER}</p>'
        f"<em>{written(n)}</em></a>"
        for n in range(count)
    )
    return "<section>" + "".join(rows) + "</section>"


def tables(count: int) -> str:
    rows = (
        f'<table><tr><td><a href="/h/{number(n)}.html"><img src="p.jpg"></a></td><td>'
        f'<a href="{NEWS.upper()}/h/{number(n)}.html"><b>{headline(n)}</b></a><br>'
        f"<font size=1>{written(n)}, L’Essor</font><br>{TEASER}… {anchor(n, 'Lire la suite')} "
        f'<a href="/h/{number(n)}.html#comments">12 commentaires</a></td></tr></table><br>'
        for n in range(count)
    )
    return "<table><tr><td>" + "".join(rows) + "</td></tr></table>"


def two_a_row(count: int) -> str:
    cells = [f"<td>{anchor(n)}<br>{written(n)}</td>" for n in range(count)]
    rows = ["<tr>" + "".join(cells[i : i + 2]) + "</tr>" for i in range(0, count, 2)]
    return "<table>" + "".join(rows) + "</table>"


def two_columns(count: int) -> str:
    half = count // 2
    rows = [f"<p>{anchor(n)}<br>{written(n)}</p>" for n in range(count)]
    return f"<div><div>{''.join(rows[:half])}</div><div>{''.join(rows[half:])}</div></div>"


def featured(count: int) -> str:
    rows = (f"<li>{anchor(n)} <span>{written(n)}</span></li>" for n in range(1, count))
    first = f"<div><h2>{anchor(0)}</h2><p>{TEASER}</p><span>{written(0)}</span></div>"
    return f"<div>{first}<div><ul>{''.join(rows)}</ul></div></div>"


def rows_apart(count: int) -> str:
    rows = (
        f"<tr><td>{anchor(n)}</td></tr><tr><td>{written(n)} - L’Essor</td></tr>"
        for n in range(count)
    )
    return "<table>" + "".join(rows) + "</table>"


def by_day(count: int) -> str:
    parts = []
    for n in range(count):
        if n % 2 == 0:
            parts.append(f"<h3>{written(n)}</h3>")
        parts.append(f"<p>{anchor(n)}</p>")
    return "<div>" + "".join(parts) + "</div>"


def lists_by_day(count: int) -> str:
    parts = (
        f"<h3>{written(n)}</h3><ul><li>{anchor(n)}</li><li>{anchor(n + 1)}</li></ul>"
        for n in range(0, count, 2)
    )
    return "<div>" + "".join(parts) + "</div>"


DATED = [dated_list, flat, flat_date_first, date_line_first, cards, tables, two_a_row, two_columns,
         featured, rows_apart, by_day, lists_by_day]  # fmt: skip
SIDE = (
    "<div><h4>Les plus lus</h4><ul>"
    + "".join(f'<li><a href="/h/{n}.html">Un vieux titre numéro {n} du mois</a>' for n in range(9))
    + "</ul></div>"
)
WRAPS: list[Callable[[str], str]] = [
    lambda x: f"{MENU}{x}{SIDE}",
    lambda x: f"<div>{MENU}</div><div><div>{SIDE}</div><div><h1>Mines</h1>{x}</div></div>",
    lambda x: f"<table><tr><td>{SIDE}</td><td>{x}</td></tr></table>",
    lambda x: f"<table><tr><td>{MENU}</td><td>{x}</td><td>{SIDE}</td></tr></table>",
]


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("layout", [plain_list, *DATED])
def test_entries_are_all_found_in_order_and_told_from_the_side_column(
    layout: Callable[[int], str], wrap: Callable[[str], str]
) -> None:
    listing = read(wrap(layout(12)))
    assert [e.identity.number for e in listing.main] == [number(n) for n in range(12)]
    assert [e.title for e in listing.main] == [headline(n) for n in range(12)]
    assert {e.identity.number for e in listing.entries if not e.main} == set(range(9))
    assert listing.is_listing
    assert listing.signs["entries"] == "pattern"


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("layout", DATED)
def test_listed_on_is_the_day_of_the_entry(
    layout: Callable[[int], str], wrap: Callable[[str], str]
) -> None:
    listing = read(wrap(layout(12)))
    assert [e.listed_on for e in listing.main] == [day(n) for n in range(12)]
    assert all(e.listed_raw for e in listing.main)
    assert all(e.listed_on is None for e in listing.entries if not e.main)


@pytest.mark.parametrize("layout", [x for x in DATED if x not in (by_day, lists_by_day)])
def test_a_missing_date_is_not_taken_from_the_neighbour(layout: Callable[[int], str]) -> None:
    html = layout(12)
    gone = written(6) if written(6) in html else f"{day(6):%d/%m/%Y}"
    third = html.index(gone, html.index(str(number(5))) + 8)
    listing = read(html[:third] + html[third + len(gone) :])
    days = [e.listed_on for e in listing.main]
    assert sum(d is None for d in days) == 1
    assert all(d in (None, day(n)) for n, d in enumerate(days))


def test_the_clock_in_the_page_head_dates_no_entry() -> None:
    clock = "<div>Bamako, mercredi 10 avril 2024</div>"
    for html in (clock + MENU + plain_list(8), clock + plain_list(8)):
        assert all(e.listed_on is None for e in read(html).entries)


def test_a_date_within_a_sentence_dates_no_entry() -> None:
    text = "Il y a longtemps, le 22 septembre 1960, " + "la fédération se défait peu à peu, " * 5
    rows = "".join(f"<li>{anchor(n)}<p>{text}</p>" for n in range(8))
    assert all(e.listed_on is None for e in read(f"<ul>{rows}</ul>").entries)


def test_an_article_linked_five_times_is_one_entry() -> None:
    listing = read(tables(10))
    assert len(listing.entries) == 10


def test_a_headline_that_leads_to_the_comments_is_a_title() -> None:
    html = dated_list(6).replace('.html">', '.html#commentaires">')
    assert [e.title for e in read(html).main] == [headline(n) for n in range(6)]


def test_the_side_list_is_told_where_it_is_longer_than_the_listing() -> None:
    side = SIDE.replace("Les plus lus", "Dernières minutes")
    assert len(read(f"{MENU}<div>Société</div>{plain_list(6)}{side}").main) == 6
    assert len(read(f"{MENU}<div>Autre chose</div>{plain_list(2)}{side}", page_number=4).main) == 2


def test_an_entry_without_headline_is_kept() -> None:
    html = plain_list(8) + '<div><a href="/h/77.html"><img src="x.jpg"></a></div>'
    entry = next(e for e in read(html).entries if e.identity.number == 77)
    assert entry.title == ""
    assert entry.main


def test_title_is_the_headline_and_not_the_teaser() -> None:
    rows = "".join(
        f'<li><h2>{anchor(n)}</h2><a href="/h/{number(n)}.html">{TEASER * 3}</a>'
        f"{anchor(n, 'Lire la suite »')}"
        for n in range(6)
    )
    assert [e.title for e in read(f"<ul>{rows}</ul>").entries] == [headline(n) for n in range(6)]


def test_photo_pages_and_the_second_template_are_entries() -> None:
    rows = "".join(
        f'<li><a href="/p/{900 + n}.html">Une photo de la rentrée des classes {n}</a>'
        for n in range(3)
    ) + "".join(
        f'<li><a href="/articles/{700 + n}/un-titre-{n}">Un titre de la une du jour {n}</a>'
        for n in range(3)
    )
    kinds = [e.identity.kind for e in read(f"<ul>{rows}</ul>").main]
    assert kinds == ["p"] * 3 + ["articles"] * 3


@pytest.mark.parametrize("tag", ["aside", "nav", "footer"])
def test_what_stands_in_an_aside_is_not_the_listing(tag: str) -> None:
    html = dated_list(8) + f'<{tag}><a href="/h/5.html">Un titre ancien de la semaine</a></{tag}>'
    assert 5 not in {e.identity.number for e in read(html).main}


@pytest.mark.parametrize(
    "words", ["Les plus lus", "A LIRE AUSSI", "Dernières minutes", "Articles similaires",
              "Dans la même rubrique", "Top 5", "Flash infos"]
)  # fmt: skip
def test_a_heading_tells_the_side_list(words: str) -> None:
    side = SIDE.replace("Les plus lus", words)
    assert len(read(plain_list(12) + side).main) == 12
    assert len(read(side + plain_list(12)).main) == 12


def test_a_bare_list_beside_a_dated_one_is_the_side_list() -> None:
    side = SIDE.replace("<h4>Les plus lus</h4>", "")
    assert len(read(f"<table><tr><td>{side}</td><td>{dated_list(12)}</td></table>").main) == 12


def test_the_listing_itself_may_be_headed_derniers_articles() -> None:
    assert len(read(f"{MENU}<h2>Derniers articles</h2>{dated_list(12)}").main) == 12
    assert len(read(f"{MENU}<h2>Derniers articles</h2>{plain_list(12)}").main) == 12


def test_a_page_past_the_end_with_only_a_side_list_is_no_listing() -> None:
    assert not read(MENU + SIDE, page_number=9).is_listing
    side = SIDE.replace("Les plus lus", "Dernières minutes")
    assert not read(MENU + side, page_number=9).is_listing


def test_on_the_front_page_every_module_is_main() -> None:
    html = MENU + dated_list(6) + SIDE + f"<aside>{anchor(20)}</aside>"
    for url in (f"{NEWS}/", "https://NEWS.aBamako.com", f"{NEWS}/index.asp"):
        assert len(read(html, url=url).main) == 16


def test_an_article_with_a_related_list_is_no_listing() -> None:
    body = f"<div><p>{TEASER * 6}</p><p>{TEASER * 8}</p><p>{TEASER * 4}</p></div>"
    assert not read(body + plain_list(8), url=f"{NEWS}/divers/page.asp?id=3").is_listing
    assert not read(dated_list(12), url=f"{NEWS}/h/300000.html").is_listing


@pytest.mark.parametrize(
    ("count", "page_number", "expected"), [(4, 1, False), (5, 1, True), (1, 2, True), (0, 2, False)]
)
def test_is_listing_needs_enough_entries(count: int, page_number: int, expected: bool) -> None:
    html = MENU + (plain_list(count) if count else "")
    assert read(html, page_number=page_number).is_listing is expected


def test_a_menu_alone_is_no_listing() -> None:
    assert not read(MENU * 3).is_listing


# -- the weak sign --------------------------------------------------------------------------------

SHAPES = [
    "/politique/une-annonce-du-maire-{n}",
    "/2024/03/{n:02d}/le-titre-en-mots",
    "/index.php?id={n}&rub=4",
    "/actu/{n}",
    "/fr/le-titre-en-mots-numero-{w}.html",
    "/{s}/le-titre-en-mots-numero-{w}.html",
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("layout", [plain_list, dated_list, tables, flat])
def test_the_weak_sign_finds_articles_by_the_shape_of_their_addresses(
    shape: str, layout: Callable[[int], str]
) -> None:
    html = layout(12).replace(NEWS.upper(), "")
    words = [f"{name}-et-cetera" for name in "abcdefghijkl"]
    for n in range(12):
        address = shape.format(n=n + 1, w=words[n], s=("politique", "sports")[n % 2])
        html = html.replace(f"/h/{number(n)}.html", address)
    url = "https://www.exemple.ml/politique"
    menu = MENU.replace("http://sports.aBamako.com", "")
    listing = read(menu + html, url=url, portal=generic_portal(url))
    assert [e.title for e in listing.main] == [headline(n) for n in range(12)]
    assert listing.signs["entries"] == "shape"
    assert listing.is_listing


def test_the_weak_sign_takes_a_short_headline_whose_address_is_numbered_alike() -> None:
    url = "https://www.exemple.ml/politique"
    html = plain_list(12).replace(headline(4), "Mali : enfin !")
    assert len(read(MENU + html, url=url, portal=generic_portal(url)).main) == 12


def test_a_date_line_that_runs_into_the_teaser_is_read() -> None:
    rows = "".join(
        f"<dt>{anchor(n)}</dt><dd>L’Essor - Société - {written(n)} {TEASER}, {TEASER}</dd>"
        for n in range(8)
    )
    assert [e.listed_on for e in read(f"<dl>{rows}</dl>").main] == [day(n) for n in range(8)]


def test_the_weak_sign_does_not_take_a_menu_for_articles() -> None:
    url = "https://www.exemple.ml/"
    menu = "".join(f'<li><a href="/rubrique-{n}">Rubrique {n}</a>' for n in range(20))
    assert not read(f"<ul>{menu}</ul>", url=url, portal=generic_portal(url)).is_listing


def test_the_weak_sign_is_not_asked_where_the_pattern_matches() -> None:
    others = "".join(
        f'<li><a href="/dossier/un-long-dossier-{n}">Le grand dossier de la semaine {n}</a>'
        for n in range(9)
    )
    listing = read(plain_list(8) + f"<ul>{others}</ul>")
    assert len(listing.entries) == 8
    assert listing.signs["entries"] == "pattern"


# -- sections and label ---------------------------------------------------------------------------


def test_sections_are_known_labels_first_then_menu_links() -> None:
    found = [(s.slug, s.sign, s.url) for s in read(MENU + dated_list(8)).sections]
    assert found == [
        ("politique", "label", f"{NEWS}/zone/un.asp"),
        ("societe", "label", f"{NEWS}/zone/deux.asp"),
        ("sports", "label", "http://sports.abamako.com/"),
        ("economie", "label", f"{NEWS}/zone/?r=3"),
        ("or-et-lithium", "menu", f"{NEWS}/mines/"),
    ]


def test_an_address_under_two_known_labels_comes_under_both() -> None:
    html = (
        '<ul><li><a href="http://business.abamako.com/">Business</a><li><a href="/x">Sports</a>'
        '<li><a href="http://business.abamako.com/">Économie</a><li><a href="/x">Match du jour</a>'
        "</ul>"
    )
    slugs = [s.slug for s in read(html + dated_list(6)).sections]
    assert slugs == ["sports", "economie", "business"]


def test_a_known_label_is_a_section_wherever_it_stands() -> None:
    html = (
        dated_list(8) + '<p>Voir aussi la page <a href="/x/9.asp"><b> Sports </b></a> du jour</p>'
    )
    assert [(s.slug, s.url) for s in read(html).sections] == [("sports", f"{NEWS}/x/9.asp")]


def test_a_section_whose_link_is_a_picture_is_named_by_its_alternative_text() -> None:
    html = '<td><a href="/carica/"><img src="a.jpg" alt="Caricatures"></a></td>' + dated_list(6)
    assert [s.slug for s in read(html).sections] == ["caricatures"]


TEASERS = (
    "Le vendredi 15 mars 2024, le conseil communal avait déjà reçu une délégation.",
    "Prévu pour le 12 mars 2024, le marché n’a pas eu lieu.",
    "Mardi 12 mars 2024, le jury a rendu son avis.",
    "Depuis le 1er mars 2024 les prix du mil ne cessent de monter.",
)


@pytest.mark.parametrize("teaser", TEASERS)
@pytest.mark.parametrize("form", ["<li>{a}<p>{t}</p>", "<li>{a} <span>{t}</span>", "<li>{a} {t}"])
def test_a_day_in_a_sentence_of_the_teaser_is_no_date_of_the_listing(
    teaser: str, form: str
) -> None:
    rows = "".join(form.format(a=anchor(n), t=teaser) for n in range(8))
    assert [e.listed_on for e in read(f"<ul>{rows}</ul>").main] == [None] * 8


@pytest.mark.parametrize("teaser", TEASERS)
def test_the_date_line_counts_where_the_teaser_holds_another_day(teaser: str) -> None:
    rows = "".join(
        f"<li>{anchor(n)} <small>{written(n)}, La Lagune</small>{teaser}" for n in range(8)
    )
    assert [e.listed_on for e in read(f"<ul>{rows}</ul>").main] == [day(n) for n in range(8)]


@pytest.mark.parametrize("tag", ["h4", "b", "div"])
@pytest.mark.parametrize("clock", ["", "<p>Mercredi 10 avril 2024</p>"])
def test_a_day_heads_the_articles_below_it_however_many_they_are(tag: str, clock: str) -> None:
    html, expected, n = "", [], 0
    for i, size in enumerate((1, 3, 1, 1, 2, 1)):
        rows = "".join(f"<li>{anchor(n + k)}" for k in range(size))
        html += f"<{tag}>Samedi {20 - i} mars 2024</{tag}><ul>{rows}</ul>"
        expected += [date(2024, 3, 20 - i)] * size
        n += size
    got = [e.listed_on for e in read(f"{clock}<div>{html}</div>").main]
    assert [g for g, e in zip(got, expected, strict=True) if g not in (None, e)] == []
    assert sum(g is not None for g in got) >= 6


COVERS = {
    "refresh": '<meta http-equiv="Refresh" content="0; URL=/accueil.asp">',
    "frames": '<frameset><frame src="http://www.ads.example/x"><frame src=accueil.asp></frameset>',
    "enter": '<a href="http://news.abamako.com/accueil.asp"><img src=logo.gif></a>',
}


@pytest.mark.parametrize("name", COVERS)
def test_a_cover_page_says_where_the_news_are(name: str) -> None:
    page = Page(f"{NEWS}/", COVERS[name].encode(), "text/html", FETCHED)
    assert read_ways_in(page, portals()["abamako"]) == (f"{NEWS}/accueil.asp",)


def test_a_page_that_only_reloads_itself_leads_nowhere() -> None:
    body = f'<meta http-equiv=refresh content="1800;url={NEWS}/">{MENU}'.encode()
    page = Page(f"{NEWS}/", body, "text/html", FETCHED)
    assert read_ways_in(page, portals()["abamako"]) == ()


MENUS = {
    "select": '<form><select onchange="location=this.value"><option value="">Rubriques</option>'
    '<option value="/r/3.asp">Politique</option><option value="/r/4.asp">Sports</option></select>',
    "form": '<form action="/liste.asp" method=get><select name=rub><option value=3>Politique'
    "<option value=sport>Sports</select><input type=submit value=OK></form>",
    "map": '<img usemap="#m"><map name=m><area href="/r/3.asp" alt="Politique">'
    '<area href="/r/4.asp" alt="Sports"></map>',
    "script": """<a href="javascript:void(0)" onclick="location.href='/r/3.asp'">Politique</a>
        <a href="javascript:window.open('/r/4.asp')">Sports</a>""",
    "cells": """<table><tr><td onclick="window.location='/r/3.asp'">Politique</td>
        <td onclick="document.location.href = '/r/4.asp'">Sports</td></tr></table>""",
    "counts": '<a href="/r/3.asp">Politique (1 234)</a> <a href="/r/4.asp">SPORT [12]</a>',
    "words": '<a href="/r/3.asp">Toute l’actualité politique</a>'
    ' <a href="/r/4.asp">Infos Sports</a>',
}


@pytest.mark.parametrize("name", MENUS)
def test_sections_are_found_whatever_the_menu_is_made_of(name: str) -> None:
    found = [s for s in read(MENUS[name], url=f"{NEWS}/").sections if s.sign == "label"]
    assert [s.slug for s in found] == ["politique", "sports"]


def test_a_section_that_only_heads_a_block_is_found_by_its_link_to_all_articles() -> None:
    blocks = "".join(
        f"<div><h2>{label}</h2><ul><li>{anchor(n)}<li>{anchor(n + 1)}</ul>"
        f'<a href="/index.asp?rub={n}">Voir tous les articles »</a></div>'
        for n, label in ((3, "Politique"), (6, "Sports"))
    )
    found = [s for s in read(blocks, url=f"{NEWS}/").sections if s.sign == "label"]
    assert [(s.slug, s.url) for s in found] == [
        ("politique", f"{NEWS}/index.asp?rub=3"),
        ("sports", f"{NEWS}/index.asp?rub=6"),
    ]


def test_sections_are_never_articles_pages_other_portals_or_home() -> None:
    html = (
        '<ul><li><a href="/h/1.html">Politique</a>'
        '<li><a href="http://news.acotonou.com/x">Sports</a>'
        '<li><a href="http://www.abamako.com/">Société</a><li><a href="#">Culture</a>'
        '<li><a href="/x?p=2">2</a><li><a href="/x?p=3">3</a><li><a href="/rss.xml">Économie</a>'
        '<li><a href="http://annonces.abamako.com/">Femmes</a><li><a href="/">News</a></ul>'
    )
    assert read(html).sections == ()


@pytest.mark.parametrize(
    ("html", "label", "sign"),
    [
        ("<h1>Politique</h1>", "Politique", "heading"),
        ("<h1>Mon journal</h1><h2>SPORT</h2>", "SPORT", "heading"),
        ('<p><a href="/">Accueil</a> / <a href="/n">News</a> / Vie des villes</p>',
         "Vie des villes", "breadcrumb"),
        ("<h1>Vie des villes</h1>", "Vie des villes", "h1"),
        ("", None, "none"),
    ],
)  # fmt: skip
def test_label_names_the_listing(html: str, label: str | None, sign: str) -> None:
    listing = read(html + plain_list(8))
    assert (listing.label, listing.signs["label"]) == (label, sign)


def test_next_link_is_found_among_entries_with_page_like_dates() -> None:
    pager = '<div>1 <a href="?p=2">2</a> <a href="?p=3">3</a> <a href="?p=56">56</a></div>'
    archive = "<p><a href='/?mois=2'>février 2024</a> <a href='/?mois=1'>janvier 2024</a></p>"
    listing = read(MENU + dated_list(12) + pager + archive + SIDE)
    assert listing.next_links[0].url == f"{SECTION}?p=2"
    assert listing.signs["next"] == "numbers"


# -- hostile pages --------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.integers(1, 3))
def test_read_listing_never_raises_on_bytes(body: bytes, page_number: int) -> None:
    page = Page(url=SECTION, body=body, content_type=None, fetched_at=FETCHED)
    read_listing(page, portals()["abamako"], page_number=page_number)


PIECES = ["<a href=/h/{n}.html>", "</a>", "<li>", "<ul>", "</ul>", "<td>", "<table>", "</table>",
          "<div>", "</div>", "titre du jour ", "29 mars 2024", "<a href='?p={n}'>{n}", "<nav>",
          "<select name=p><option value={n}>{n}", "<form>", "</form>", "<h3>", "<base href=x>",
          "<!--", "-->", "<p>", "<a href='http://[::1'>", "<a href=''>", "<svg>",
          "<template>"]  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_read_listing_never_raises_on_broken_markup(seed: int) -> None:
    dice = random.Random(seed)
    html = "".join(dice.choice(PIECES).format(n=dice.randrange(9)) for _ in range(150))
    listing = read(html, page_number=dice.randrange(1, 3))
    keys = [e.identity.key for e in listing.entries]
    assert len(keys) == len(set(keys))


def test_an_empty_page_is_no_listing() -> None:
    page = Page(url=SECTION, body=b"", content_type=None, fetched_at=FETCHED)
    assert not read_listing(page, portals()["abamako"]).is_listing


BOMBS = {
    "open anchors": lambda n: "<a href=x>",
    "articles": lambda n: f"<a href=/h/{n}.html>un titre du jour {n}</a>",
    "pages": lambda n: f"<a href=?p={n}>{n}</a> ",
    "one article": lambda n: "<a href=/h/1.html>x</a>",
    "dates": lambda n: f"<li><a href=/h/{n}.html>titre</a> {n % 28 + 1} mars 2024",
    "options": lambda n: f"<option value=?p={n}>{n}",
    "menu": lambda n: f"<li><a href=/r{n}>rubrique {n}</a>",
    "nested": lambda n: f"<div><a href=/h/{n}.html>t</a>",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_megabyte_of_links_is_read_in_linear_time(name: str) -> None:
    piece = BOMBS[name]
    assert_linear(
        read, lambda size: "".join(map(piece, range(size // len(piece(5000))))), 1_000_000
    )


@pytest.mark.parametrize("box", ["div", ""], ids=["cards", "flat"])
def test_the_headline_beside_lire_la_suite_makes_an_article_of_its_link(box: str) -> None:
    start, end = (f"<{box}>", f"</{box}>") if box else ("", "<hr>")
    cards = "".join(
        f"{start}<b>{headline(n)}</b><br>{written(n)}<br>{TEASER}<br>"
        f"<a href='/n/{900 + n}.html'>Lire la suite</a>{end}"
        for n in range(8)
    )
    url = "https://www.example.ml/p/nation.html"
    listing = read(cards, url=url, portal=generic_portal("https://www.example.ml/"))
    assert listing.is_listing
    assert [e.title for e in listing.main] == [headline(n) for n in range(8)]


def test_codes_that_happen_to_be_numbers_are_addresses_of_one_shape() -> None:
    rows = "".join(f"<p><a href='/a/{0x5FD + n:x}'>{headline(n)}</a></p>" for n in range(8))
    portal = generic_portal("https://www.example.ml/")
    listing = read(rows, url="https://www.example.ml/r/politique", portal=portal)
    assert [e.title for e in listing.main] == [headline(n) for n in range(8)]


def test_links_without_a_headline_beside_them_are_no_articles() -> None:
    cards = "".join(f"<div><a href='/n/{900 + n}.html'>Lire la suite</a></div>" for n in range(8))
    url = "https://www.example.ml/p/nation.html"
    listing = read(cards, url=url, portal=generic_portal("https://www.example.ml/"))
    assert not listing.is_listing
