"""The next page, in every form that sites give it, and what only looks like it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsing.links import scan_page
from crawler.parsing.page import Page
from crawler.parsing.pagination import (
    NextLink,
    Step,
    find_next,
    is_calendar,
    same_family,
    step,
)
from crawler.portals.base import portals

HOST = "http://news.abamako.com"
SECTION = f"{HOST}/politique/"


def links(html: str, *, url: str = SECTION, page_number: int = 1) -> tuple[NextLink, ...]:
    page = Page(
        url=url,
        body=f"<html><body>{html}</body></html>".encode(),
        content_type="text/html; charset=utf-8",
        fetched_at=datetime(2024, 4, 1, tzinfo=UTC),
    )
    return find_next(scan_page(page, portals()["abamako"]), page_number=page_number)


# page address, page number, markup, address of the next page below the host, sign
FORMS = [
    # rel=next
    ("/politique/", 1, '<link rel="next" href="?page=2">', "/politique/?page=2", "rel"),
    ("/politique/", 1, '<a rel="nofollow next" href="/politique/s2">ok</a>',
     "/politique/s2", "rel"),
    # words
    ("/politique/", 1, '<a href="?p=2">Suivant</a>', "/politique/?p=2", "words"),
    ("/politique/", 1, '<p><b><a href=?p=2>Suivants &raquo;</a></b>', "/politique/?p=2", "words"),
    ("/a.asp?r=3", 1, '<td><a href="a.asp?r=3&debut=20">PAGE SUIVANTE</a>',
     "/a.asp?debut=20&r=3", "words"),
    ("/x", 1, '<a href="/x?pg=2">Articles plus anciens</a>', "/x?pg=2", "words"),
    ("/x", 1, '<a href="/x?pg=2">Messages plus anciens</a>', "/x?pg=2", "words"),
    ("/x", 1, '<a href="/x/page/2">Older posts</a>', "/x/page/2", "words"),
    ("/x", 1, '<a href="/x/page/2">Next &rarr;</a>', "/x/page/2", "words"),
    ("/x", 1, '<a href="/x?o=30"><img src=a.gif alt="Page suivante"></a>', "/x?o=30", "words"),
    ("/x", 1, '<a href="/x?o=30" title="Suivant"><i></i></a>', "/x?o=30", "words"),
    ("/x", 1, '<a href="/x?o=30" aria-label="Page suivante">&gt;</a>', "/x?o=30", "words"),
    ("/x", 1, '<a href="/x?page=2">Voir plus d’articles</a>', "/x?page=2", "words"),
    ("/x", 1, '<button><a href="/x?page=2">Charger plus</a></button>', "/x?page=2", "words"),
    ("/x?page=2", 2, '<a href="/x">Précédents</a> <a href="/x?page=3">Suivants</a>',
     "/x?page=3", "words"),
    # bare numbers
    ("/x", 1, '<div>1 <a href="?p=2">2</a> <a href="?p=3">3</a></div>', "/x?p=2", "numbers"),
    ("/x", 1, '<ul><li>1<li><a href=?p=2>2</a><li><a href=?p=3>3</a></ul>', "/x?p=2", "numbers"),
    ("/x", 1, '<b>[1]</b> <a href="?p=2">[2]</a> <a href="?p=3">[3]</a>', "/x?p=2", "numbers"),
    ("/x", 1, 'Page 1 <a href="?p=2">Page 2</a> <a href="?p=3">Page 3</a>', "/x?p=2", "numbers"),
    ("/x?p=3", 3, "<a href=?p=1>1</a> | <a href=?p=2>2 |</a> 3 | <a href=?p=4>4 |</a>",
     "/x?p=4", "numbers"),
    ("/x?p=2", 2, "<a href=/x?p=1>1</a> <a href=/x?p=2>2</a> <a href=/x?p=3>3</a>",
     "/x?p=3", "numbers"),
    ("/x", 1, "<a href=/x?p=1>1</a> <a href=/x?p=2>2</a> <a href=/x?p=3>3</a>",
     "/x?p=2", "numbers"),
    ("/x", 1, "1 <a href=?p=2>2</a> <a href=?p=3>3</a> … <a href=?p=56>56</a>",
     "/x?p=2", "numbers"),
    ("/x?p=3", 3,
     "<a href=?p=1>1</a> <a href=?p=2>2</a> 3 <a href=?p=10>10</a> <a href=?p=20>20</a>",
     "/x?p=10", "numbers"),
    # counted from 0; by offset; in the path; under another name
    ("/x", 1, "1 <a href=?page=1>2</a> <a href=?page=2>3</a>", "/x?page=1", "numbers"),
    ("/x?page=1", 2, "<a href=?page=0>1</a> 2 <a href=?page=2>3</a>", "/x?page=2", "numbers"),
    ("/x", 1, "1 <a href=?debut=20>2</a> <a href=?debut=40>3</a>", "/x?debut=20", "numbers"),
    ("/x?debut=20", 2, "<a href=?debut=0>1</a> 2 <a href=?debut=40>3</a>",
     "/x?debut=40", "numbers"),
    ("/x", 1, "<b>1-20</b> <a href=?s=20>21-40</a> <a href=?s=40>41-60</a>", "/x?s=20", "numbers"),
    ("/x?s=20", 2, "<a href=?s=0>1-20</a> 21-40 <a href=?s=40>41-60</a>", "/x?s=40", "numbers"),
    ("/politique/", 1, "1 <a href=page-2.html>2</a> <a href=page-3.html>3</a>",
     "/politique/page-2.html", "numbers"),
    ("/politique/page-2.html", 2, "<a href=./>1</a> 2 <a href=page-3.html>3</a>",
     "/politique/page-3.html", "numbers"),
    ("/politique/2/", 2, "<a href=../>1</a> 2 <a href=../3/>3</a>", "/politique/3/", "numbers"),
    ("/politique.html", 1, "1 <a href=politique-2.html>2</a> <a href=politique-3.html>3</a>",
     "/politique-2.html", "numbers"),
    ("/zig?kro=7", 1, "1 <a href=?kro=7&bla=2>2</a> <a href=?kro=7&bla=3>3</a>",
     "/zig?bla=2&kro=7", "numbers"),
    ("/a.asp?r=3", 1, "1 <a href=b.asp?r=3&p=2>2</a> <a href=b.asp?r=3&p=3>3</a>",
     "/b.asp?p=2&r=3", "numbers"),
    # the pager shows what the walk has lost count of
    ("/x?p=9", 4, "<a href=?p=8>8</a> <b>9</b> <a href=?p=10>10</a>", "/x?p=10", "numbers"),
    ("/x?p=9", 1, "Page 9 sur 12 : <a href=?p=8>8</a> <a href=?p=10>10</a> <a href=?p=11>11</a>",
     "/x?p=10", "numbers"),
    # glyphs
    ("/x", 1, '<a href="?p=2">&gt;</a>', "/x?p=2", "glyph"),
    ("/x", 1, '<a href="?p=2">&rsaquo;</a> <a href="?p=9">&raquo;</a>', "/x?p=2", "glyph"),
    ("/x", 1, '<a href="?p=2">&gt;&gt;</a>', "/x?p=2", "glyph"),
    ("/x", 1, '<a href="?p=2"><b>»</b></a>', "/x?p=2", "glyph"),
    ("/x", 1, '<a href="?p=9">&gt;&gt;</a> <a href="?p=2">&gt;</a>', "/x?p=2", "glyph"),
    ("/x", 1, '<a href="?p=2"><img src="/img/fleche-droite.gif"></a>', "/x?p=2", "glyph"),
    ("/x?p=4", 4, "<a href=?p=3>&lt;</a> <a href=?p=5>→</a>", "/x?p=5", "glyph"),
    # nothing but the address
    ("/x?p=2", 2, '<a href="?p=3"></a><a href="?p=1"></a>', "/x?p=3", "shape"),
    ("/x", 1, '<a href="?debut=20"><img src="a.gif"></a>', "/x?debut=20", "shape"),
    ("/zig", 1, '<span>Page 1 / 3</span> <a href="/zig/zag-2.html">&gt;&gt;</a>',
     "/zig/zag-2.html", "glyph"),
    ("/zig/zag-2.html", 2, '<a href="/zig">&lt;&lt;</a> <a href="/zig/zag-3.html">&gt;&gt;</a>',
     "/zig/zag-3.html", "glyph"),
    # forms and options
    ("/x", 1, "<select onchange=go()><option value=?p=1 selected>1<option value=?p=2>2"
     "<option value=?p=3>3</select>", "/x?p=2", "numbers"),
    ("/x", 1, "<form action=/x><select name=p><option value=1 selected>1</option>"
     "<option value=2>2</option><option value=3>3</option></select></form>", "/x?p=2", "numbers"),
    ("/x", 1, '<form action="/l.asp"><input type=hidden name=debut value=20>'
     '<input type=submit value="Suivant"></form>', "/l.asp?debut=20", "words"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "number", "html", "expected", "sign"), FORMS)
def test_find_next_reads_the_form(
    path: str, number: int, html: str, expected: str, sign: str
) -> None:
    found = links(html, url=HOST + path, page_number=number)
    assert found, "no next page"
    assert (found[0].url, found[0].sign) == (HOST + expected, sign)


NONE = [
    ("/x", "no link at all"),
    ("/x", '<a href="#">Suivant</a> <a href="javascript:next()">2</a>'),
    ("/x", '<a href="http://news.acotonou.com/x?p=2">Suivant</a>'),
    ("/x", '<a href="/x">Suivant</a> <a href="http://www.NEWS.abamako.com/x/">2</a>'),
    ("/x", '<a href="/h/123.html">Lire la suite</a> <a href="/h/124.html">2</a>'),
    ("/x?p=9", "<a href=?p=7>7</a> <a href=?p=8>8</a> <b>9</b>"),
    ("/x?p=9", '<a href="?p=8">Page précédente</a> <a href="?p=1">«</a>'),
    ("/x?p=9", '<a href="?p=8">Suivant</a>'),
    ("/x", '<a href="?mois=3&annee=2024">mars 2024</a> <a href="?d=2024-03">Suivant</a>'),
    ("/x", '<a href="/2023/">2023</a> <a href="/2022/">2022</a>'),
    ("/a.asp?r=3", '<a href="?r=4">Société</a> <a href="?r=5">Sports</a>'),
    ("/x?p=2", '<a href="?p=3">Titre</a>'),
    ("/x", "<table><tr>" + "".join(f"<td><a href=?jour={n}>{n}</a>" for n in range(1, 31))),
]


@pytest.mark.parametrize(("path", "html"), NONE)
def test_find_next_finds_none_where_there_is_none(path: str, html: str) -> None:
    assert links(html, url=HOST + path, page_number=9 if "=9" in path else 1) == ()


def test_find_next_ranks_a_far_page_below_the_real_next_one() -> None:
    found = links(
        '<a href="?p=11">Suivants</a> 1 <a href=?p=2>2</a> <a href=?p=3>3</a> <a href=?p=56>>></a>'
    )
    assert found[0].url == f"{SECTION}?p=2"


def test_find_next_ranks_a_carousel_below_the_pager() -> None:
    found = links('<div><a href="/photos/galerie.asp?id=8">Suivant</a></div>1 <a href="?p=2">2</a>')
    assert [link.url for link in found] == [f"{SECTION}?p=2", f"{HOST}/photos/galerie.asp?id=8"]


def test_find_next_reads_pages_numbered_like_years() -> None:
    found = links(
        "<a href=2010>2010</a> 2011 <a href=2012>2012</a>", url=f"{SECTION}2011", page_number=2011
    )
    assert found[0].url == f"{SECTION}2012"


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        ("/x", "/x?p=2", Step("?p", None, 2)),
        ("/x?p=2", "/x?p=3", Step("?p", 2, 3)),
        ("/x?r=3", "/x?debut=20&r=3", Step("?debut", None, 20)),
        ("/x?debut=20&p=2", "/x?debut=40&p=3", Step("?debut", 20, 40)),
        ("/x/", "/x/page-2.html", Step("/", None, 2)),
        ("/x/index.asp", "/x/page-2.asp", Step("/", None, 2)),
        ("/x-2.html", "/x-3.html", Step("/", 2, 3)),
        ("/x", "/y?p=2", None),
        ("/x?r=a", "/x?r=b", None),
        ("/x", "/x?q=mali&p=2", None),
        ("/x-2", "/y-3", None),
    ],
)
def test_step_tells_what_counts(here: str, there: str, expected: Step | None) -> None:
    assert step(HOST + here, HOST + there) == expected


def test_same_family_ignores_the_page_and_nothing_else() -> None:
    assert same_family(f"{HOST}/x?r=3", f"{HOST}/x?p=2&r=3")
    assert not same_family(f"{HOST}/x?r=3", f"{HOST}/x?p=2&r=4")
    assert not same_family(f"{HOST}/x", f"{HOST}/y")


def test_is_calendar_allows_the_archive_the_page_itself_is_of() -> None:
    assert not is_calendar(f"{HOST}/2024/03/", f"{HOST}/2024/03/page/2")
    assert is_calendar(f"{HOST}/2024/03/", f"{HOST}/2024/02/")
    assert is_calendar(f"{HOST}/x", f"{HOST}/x?d=2024-03")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["?p=2", "?p=3", "/x/2", "/h/1.html", "#", "?d=1", "http://[", "2"]),
            st.sampled_from(["2", "3", "Suivant", ">", "»", "", "Page 2", "1-20", "mars 2024"]),
        ),
        max_size=12,
    ),
    st.integers(min_value=1, max_value=5),
)
def test_find_next_never_leads_back_to_the_page(items: list[tuple[str, str]], number: int) -> None:
    html = " ".join(f'<a href="{href}">{text}</a>' for href, text in items)
    found = links(html, page_number=number)
    assert all(link.url.startswith(HOST) and link.url != SECTION for link in found)
    assert len({link.url for link in found}) == len(found)
