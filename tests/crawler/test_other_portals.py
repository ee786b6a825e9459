"""Portals of another make: how the home page leads to the sections, and a listing to its next page.

Every article of every section has to come, whatever the pager looks like.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from demo.pages import Response
from tests.crawls import desk
from tests.handmade import NEWS, Handmade, article_page, redirect

NUMBERS = list(range(290_100, 290_040, -1))
SHOWN = 10
HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(core: str, head: str = "", title: str = "Le portail") -> Response:
    text = f"<html><head>{head}<title>{title}</title></head><body>{core}</body></html>"
    return Response(200, text.encode(), HTML)


def listing(numbers: list[int], pager: str) -> Response:
    rows = "".join(
        f'<tr><td><a href="/h/{n}.html">Nouvelle n° {n} du quartier et de la ville</a></td></tr>'
        for n in numbers
    )
    return page(f"<table>{rows}</table><p>{pager}</p>")


def site(home: str) -> Handmade:
    made = Handmade()
    for number in NUMBERS:
        made.put(f"/h/{number}.html", article_page(f"Nouvelle n° {number} du quartier"))
    made.put(home, page('<ul><li><a href="/rubrique/4.asp">Politique</a></li></ul>'))
    return made


def put_listing(made: Handmade, address: Callable[[int], str], pager: Callable[[int], str]) -> None:
    last = len(NUMBERS) // SHOWN
    for n in range(1, last + 1):
        shown = NUMBERS[(n - 1) * SHOWN : n * SHOWN]
        made.put(address(n), listing(shown, pager(n) if n < last else ""))


FIRST = "/rubrique/4.asp"


def by_cursor(made: Handmade) -> None:
    def address(n: int) -> str:
        return f"{FIRST}?avant={NUMBERS[(n - 1) * SHOWN - 1]}" if n > 1 else FIRST

    put_listing(made, address, lambda n: f'<a href="{address(n + 1)}">Articles plus anciens</a>')


def by_script(made: Handmade) -> None:
    def address(n: int) -> str:
        return f"{FIRST}?page={n}" if n > 1 else FIRST

    def pager(n: int) -> str:
        return f"""<a href="javascript:location.href='{address(n + 1)}'">Suivant</a>"""

    put_listing(made, address, pager)


def by_offset(made: Handmade) -> None:
    def address(n: int) -> str:
        return f"/rubrique/4.asp?debut_articles={(n - 1) * SHOWN}" if n > 1 else FIRST

    def pager(n: int) -> str:
        shown = range(1, len(NUMBERS) // SHOWN + 1)
        return " | ".join(
            f'<a href="{address(k)}#pagination">{(k - 1) * SHOWN}</a>' for k in shown if k != n
        )

    put_listing(made, address, pager)


def by_form(made: Handmade) -> None:
    def address(n: int) -> str:
        return f"{FIRST}?p={n}" if n > 1 else FIRST

    def pager(n: int) -> str:
        options = "".join(
            f'<option value="{address(k)}">Page {k}</option>' for k in range(1, 7) if k != n
        )
        return f'<select onchange="location=this.value">{options}</select>'

    put_listing(made, address, pager)


@pytest.mark.parametrize("put", [by_cursor, by_script, by_offset, by_form])
def test_every_page_of_a_listing_is_read_whatever_its_pager(put, tmp_path):
    made = site("/")
    put(made)
    with desk(made, f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        assert d.crawl() == 0
        assert len(d.articles()) == len(NUMBERS)


def home_on_www(made: Handmade) -> None:
    made.put("/", redirect("http://www.abamako.com/", 301))


def home_by_refresh(made: Handmade) -> None:
    made.put("/", page("", '<meta http-equiv="refresh" content="0; url=/accueil.asp">'))


def home_in_frames(made: Handmade) -> None:
    text = '<html><frameset rows="90,*"><frame src="/accueil.asp"></frameset></html>'
    made.put("/", Response(200, text.encode(), HTML))


def home_behind_a_cover(made: Handmade) -> None:
    made.put("/", page('<a href="/accueil.asp"><img src="/logo.gif" alt=""></a>'))


def home_with_a_plan(made: Handmade) -> None:
    made.put("/", listing(NUMBERS[:9], '<a href="/plan.asp">Plan du site</a>'))


HOMES = {
    home_with_a_plan: "/plan.asp",
    home_on_www: "http://www.abamako.com/",
    home_by_refresh: "/accueil.asp",
    home_in_frames: "/accueil.asp",
    home_behind_a_cover: "/accueil.asp",
}


@pytest.mark.parametrize("lead", HOMES, ids=lambda lead: lead.__name__)
def test_sections_are_found_wherever_the_home_page_leads(lead, tmp_path):
    made = site(HOMES[lead])
    lead(made)
    made.put("http://www.abamako.com/rubrique/4.asp", redirect(f"http://{NEWS}{FIRST}"))
    by_cursor(made)
    with desk(made, f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        assert d.crawl() == 0
        assert len(d.articles()) == len(NUMBERS)


def test_portal_without_section_or_listing_ends_9_and_says_so(tmp_path):
    made = Handmade()
    made.put("/", page("<p>En travaux, revenez bientôt.</p>"))
    with desk(made, f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        assert d.crawl() == 9
        assert "neither a section nor a list of articles" in d.log()
        assert "scrapy probe abamako" in d.log()


def test_a_redesign_with_new_addresses_beside_the_old_ones_loses_no_article(tmp_path):
    made = Handmade()
    made.put("/", page('<ul><li><a href="/politique/">Politique</a></li></ul>'))
    numbers, dead = NUMBERS[:30], 290_001
    titles = {n: f"Le quartier {n} de la ville attend toujours son marché" for n in numbers}
    new = {n: f"/n/le-quartier-{n}-de-la-ville-attend-{n}.html" for n in numbers}
    for n in numbers:
        made.put(f"/h/{n}.html", redirect(f"http://{NEWS}{new[n]}", 301))
        made.put(new[n], article_page(titles[n]))
    made.put(f"/h/{dead}.html", redirect(f"http://{NEWS}/annonces/petites-annonces-du-jour/", 301))
    jobs = "".join(f"<li><a href='/annonces/offre-{n}/'>Offre n° {n}</a></li>" for n in range(9))
    made.put("/annonces/petites-annonces-du-jour/", page(f"<h1>Annonces</h1><ul>{jobs}</ul>"))
    old = [*numbers[5::6], dead]
    most_read = "".join(f'<li><a href="/h/{n}.html">Ce que l’on lit n° {n}</a></li>' for n in old)
    for at in range(3):
        shown = numbers[at * 12 : at * 12 + 12]
        rows = "".join(f'<li><a href="{new[n]}">{titles[n]}</a></li>' for n in shown)
        pager = f'<a href="/politique/?p={at + 2}">Suivant</a>' if at < 2 else ""
        core = f"<ul>{rows}</ul><p>{pager}</p><div><h4>Les plus lus</h4><ul>{most_read}</ul></div>"
        made.put("/politique/" + (f"?p={at + 1}" if at else ""), page(core))
    with desk(made, f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        assert d.crawl() == 0
        stored = [row["title"] for row in d.rows("select title from articles")]
        assert sorted(stored) == sorted(titles.values())
        rows = d.rows("select number, state, reason from pages where kind = 'h'")
        states = {row["number"]: (row["state"], row["reason"]) for row in rows}
        assert states.pop(dead) == ("missing", "redirect_to_listing")
        assert {state for state, _ in states.values()} == {"duplicate"}


def test_articles_that_only_the_listing_dates_are_stored_under_new_addresses(tmp_path):
    made = Handmade()
    made.put("/", page('<ul><li><a href="/LISTE.ASP?R=POL">Politique</a></li></ul>'))
    titles = {n: f"Le quartier {n} attend toujours son marché" for n in NUMBERS[:12]}
    rows = [
        f"<li><a href=/HTML/A{n}.HTM><b>{title}</b></a><br>({n % 20 + 1}/10/2026)"
        for n, title in titles.items()
    ]
    made.put("/LISTE.ASP?R=POL", page(f"<h2>Politique</h2><ul>{''.join(rows)}</ul>"))
    text = "La circulation reprend sur le pont, les commerçants sont soulagés. " * 4
    for n, title in titles.items():
        core = f"<font size=5>{title}</font><p>{text}<p>{text}"
        made.put(f"/HTML/A{n}.HTM", page(core, title=title))
    with desk(made, f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        assert d.crawl() == 0
        (held,) = d.rows("select count(*) as n from articles")
        assert held["n"] == len(titles)
