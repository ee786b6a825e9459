"""What a probe infers: patterns, selectors, a ready class; and where a saved page is from."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import Article
from crawler.parsing.listing import read_listing
from crawler.parsing.page import Page
from crawler.portals.base import Portal, portals
from crawler.portals.weblogy import Weblogy
from crawler.probing.findings import findings
from crawler.probing.new_portal import class_text, infer_selectors, names_of, system_of
from crawler.probing.prober import Seen, Sights
from crawler.probing.saved import NOWHERE, UnreadableFile, find_address, load
from crawler.probing.shapes import article_shapes
from crawler.probing.terminal import table
from crawler.spiders.visit import Visit

AT = datetime(2026, 11, 20, tzinfo=UTC)
SITE = "https://www.exemple.ml"


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("/h/{n}.html", "h"),
        ("/articles/{n}/un-titre-{s}", "articles"),
        ("/{n}-un-titre-{s}.html", "article"),
        ("/politique/un-titre-{s}-{n}.html", "politique"),
        ("/actu/article-{n}.html", "actu"),
        ("/spip/article{n}", "spip"),
        ("/{n}", "article"),
        ("/{n}/", "article"),
        ("/2024/03/{n}.htm", "article"),
        ("/info/{s}/{n}.php", "info"),
    ],
)
def test_pattern_reads_the_number_of_addresses_it_has_not_seen(form: str, kind: str) -> None:
    def address(n: int) -> str:
        return SITE + form.format(n=n, s="abc"[n % 3] * 3)

    [shape] = article_shapes(address(48_000 + 7 * n) for n in range(9))
    assert shape.kind == kind
    found = re.match(shape.pattern, urlsplit(address(51_234)).path, re.IGNORECASE)
    assert found is not None
    assert found.group(1) == "51234"
    assert not re.match(shape.pattern, "/politique/")


@pytest.mark.parametrize(
    "paths",
    [
        [f"/2024/03/{day:02}/un-titre-sans-nombre/" for day in range(1, 20)],
        [f"/le-titre-numero-{word}/" for word in ("un", "deux", "trois", "quatre", "cinq", "six")],
        [f"/page/{n}/" for n in range(2, 20)],
        ["/h/4001.html", "/h/4002.html", "/h/4003.html"],
        [f"/h/4001.html?x={n}" for n in range(9)],
    ],
)
def test_no_pattern_where_no_number_tells_articles_apart(paths: list[str]) -> None:
    assert article_shapes(SITE + path for path in paths) == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(alphabet="abZ019-_./%é", max_size=30), max_size=25))
def test_any_paths_give_patterns_that_compile_and_match_their_examples(paths: list[str]) -> None:
    for shape in article_shapes(f"{SITE}/{path}" for path in paths):
        compiled = re.compile(shape.pattern, re.IGNORECASE)
        for example in shape.examples:
            assert compiled.match(urlsplit(example).path)


def test_two_series_are_two_patterns_of_different_kind() -> None:
    texts = [f"{SITE}/actu/{4000 + n}.html" for n in range(12)]
    photos = [f"{SITE}/photo/{900 + n}-une-image" for n in range(6)]
    kinds = [shape.kind for shape in article_shapes([*photos, *texts])]
    assert kinds == ["actu", "photo"]


def test_addresses_of_a_known_system_are_recognised() -> None:
    addresses = [f"http://news.exemple.ml/h/{4000 + n}.html" for n in range(8)]
    assert system_of(addresses) is Weblogy
    assert system_of([f"http://news.exemple.ml/x/{4000 + n}.html" for n in range(8)]) is None


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("www.exemple.com", ("exemple", "exemple.com")),
        ("news.exemple.ml", ("exemple", "exemple.ml")),
        ("actu.le-mali.com.ml", ("lemali", "le-mali.com.ml")),
        ("file.local", ("file", "file.local")),
    ],
)
def test_name_and_domain_come_from_the_host(host: str, named: tuple[str, str]) -> None:
    assert names_of(host) == named


@pytest.mark.parametrize("system", [None, Weblogy])
def test_class_text_is_a_class_that_python_takes(system: type[Portal] | None) -> None:
    addresses = [f"{SITE}/actu/{4000 + n}-a.html" for n in range(9)]
    shapes = article_shapes(addresses)
    text = class_text("www.exemple.ml", "https", shapes, {"title": ('h1.x[a="b"]',)}, system)
    scope: dict[str, object] = {"__name__": "probed"}
    exec("\n".join(text), scope)
    portal = scope["Exemple"]
    assert isinstance(portal, type)
    assert issubclass(portal, system or Portal)
    assert (portal.name, portal.domain, portal.timezone) == (
        "exemple", "exemple.ml", "Africa/Bamako",
    )  # fmt: skip
    assert portal.home() == "https://www.exemple.ml/"
    if system is None:
        assert portal.identify(f"{SITE}/actu/0777-b.html").number == 777
        assert portal.selectors["title"] == ('h1.x[a="b"]',)


def sample(n: int) -> tuple[Page, Article]:
    words = " ".join(f"mot{n}{i}" for i in range(60))
    html = (
        f"<html><body><div class=menu><h1>Exemple</h1></div><div class='a post-{1000 + n}'>"
        f"<h1 class=big>Titre {n}</h1><p class='meta when'>Publié le {n + 1} mars 2026</p>"
        f"<img class=hero src=/i/{n}.jpg><div id=texte><p>{words}</p><p>fin du texte {n}</p></div>"
        "<div class=texte>autre</div></div></body></html>"
    )
    article = Article("x", "www", None, None, f"{SITE}/{n}")
    article.title, article.published_raw = f"Titre {n}", f"Publié le {n + 1} mars 2026"
    article.body, article.word_count = f"{words}\n\nfin du texte {n}", 63
    article.photo_url = f"{SITE}/i/{n}.jpg"
    return Page(f"{SITE}/{n}", html.encode(), "text/html; charset=utf-8", AT), article


def test_selectors_are_those_that_give_the_value_on_most_pages() -> None:
    found = infer_selectors([sample(n) for n in range(5)])
    assert found["title"] == ("h1.big",)
    assert found["date"][0] in ("p.when", "p.meta")
    assert found["body"] == ("div#texte",)
    assert found["photo"] == ("img.hero",)
    assert "section" not in found


def page(html: str) -> Page:
    return Page(NOWHERE, html.encode(), None, AT)


def links(*counts: tuple[str, int]) -> str:
    return "".join(f"<a href='http://{host}/{n}'>x</a>" for host, k in counts for n in range(k))


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ("<link rel=canonical href='https://A.ml/x#y'>", ("https://a.ml/x", "canonical")),
        ("<meta property=og:url content='http://a.ml/y'>", ("http://a.ml/y", "og:url")),
        (
            "<link rel=canonical href='/x'><meta property=og:url content='http://a.ml/y'>",
            ("http://a.ml/y", "og:url"),
        ),
        (
            links(("news.alome.com", 3), ("sports.alome.com", 2), ("a.ml", 4)),
            ("http://news.alome.com/", "links"),
        ),
        (links(("news.alome.com", 9), ("annuaire.test", 99)), ("http://news.alome.com/", "links")),
        (links(("news.alome.com", 2), ("www.abamako.com", 1)), (NOWHERE, "none")),
        (links(("news.alome.com", 2), ("a.ml", 5)), (NOWHERE, "none")),
        ("<a href='/x'>x</a>", (NOWHERE, "none")),
        ("", (NOWHERE, "none")),
    ],
)
def test_saved_page_tells_where_it_came_from(html: str, address: tuple[str, str]) -> None:
    assert find_address(page(html)) == address


def test_saved_page_is_read_gzipped_or_not(tmp_path: Path) -> None:
    for name, data in (("a.html", b"<h1>x</h1>"), ("a.html.gz", gzip.compress(b"<h1>x</h1>"))):
        (tmp_path / name).write_bytes(data)
        saved = load(tmp_path / name, url="http://news.alome.com/h/3.html", at=AT)
        assert saved.page.body == b"<h1>x</h1>"
        assert saved.portal.name == "alome"
        assert saved.page.url == "http://news.alome.com/h/3.html"


def test_damaged_gzip_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"x" * 9999)[:30])
    with pytest.raises(UnreadableFile, match="damaged gzip"):
        load(tmp_path / "a.gz", url=None, at=AT)


def test_table_is_aligned_and_does_not_pad_its_end() -> None:
    assert table([("a", "long"), ("bcd", "")], header=("x", "y")) == ["x    y", "a    long", "bcd"]


RSS = b"<rss><channel><item><title>Kolo</title></item></channel></rss>"


def answered(url: str, status: int, body: bytes = b"") -> Visit:
    reason = None if status < 300 else f"http_{status}"
    return Visit(url, url, AT, status, body, "text/html", (), reason, f"status {status}")


@pytest.mark.parametrize(
    ("status", "body", "verdict", "evidence"),
    [
        (200, RSS, "held", "1 items, well-formed"),
        (200, RSS[:-3], "not held", "1 items, malformed"),
        (200, b"<!DOCTYPE rss [<!ENTITY a 'b'>]>" + RSS, "not held", "malformed"),
        (200, b"<rss><channel></channel></rss>", "not held", "0 items"),
        (404, b"", "not held", "http_404"),
    ],
)
def test_feed_is_judged_by_its_items_and_its_form(
    status: int, body: bytes, verdict: str, evidence: str
) -> None:
    url = "http://news.abamako.com/rss/rss.xml"
    sights = Sights(portals()["abamako"], ours=True, home=home_page())
    sights.feed_url, sights.feed = url, answered(url, status, body)
    found = {finding.name: finding for finding in findings(sights, [])}
    assert found["feed"].verdict == verdict
    assert evidence in found["feed"].evidence


@pytest.mark.parametrize(("status", "verdict"), [(404, "held"), (410, "held"), (500, "unknown")])
def test_answer_to_a_number_that_cannot_exist_is_judged(status: int, verdict: str) -> None:
    sights = Sights(portals()["abamako"], ours=True, home=home_page())
    sights.absent = Seen(answered("http://news.abamako.com/h/9999999.html", status))
    found = {finding.name: finding for finding in findings(sights, [])}
    assert found["a missing page says so"].verdict == verdict


def test_home_page_with_nothing_on_it_holds_nothing() -> None:
    sights = Sights(portals()["abamako"], ours=True, home=home_page())
    found = {finding.name: finding.verdict for finding in findings(sights, [])}
    assert found["article addresses"] == "not held"
    assert found["sections"] == "not held"
    assert found["page 2 goes on"] == "unknown"


def home_page() -> Seen:
    portal = portals()["abamako"]
    visit = answered(portal.home(), 200, b"<html><body>Bonjour</body></html>")
    page = Page(visit.url, visit.body, visit.content_type, AT)
    return Seen(visit, page, read_listing(page, portal))
