"""Lines that recur are the portal's; what articles share by right is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from benchmarks.pagesets.score import body_f1
from crawler.parsing.article import parse_article
from crawler.parsing.knowledge import Knowledge
from crawler.parsing.page import Page
from crawler.parsing.template import FEWEST_PAGES, line_key, recurring_lines
from crawler.portals.base import portals
from demo.portal import make_portal

AT = datetime(2026, 11, 2, tzinfo=UTC)
SLOGANS = ("Votre crédit en un jour, sans garantie", "854 visiteurs en ligne", "Mangez du riz")


def _page(number: int, *, more: str = "") -> Page:
    word = "".join(chr(97 + (number * 7 + n * n) % 26) for n in range(12))
    text = " ".join(f"La {word}{n} de {word} revient sur son sujet." for n in range(6))
    slogan = SLOGANS[number % 3].replace("854", str(number))
    markup = (
        f"<html><head><title>Titre {number} d’un article</title></head><body><p>{slogan}</p>"
        f"<h1>Titre {number} d’un article</h1><p>Publié le lundi 26 octobre 2026 | L’Essor</p>"
        f"<div><p>{text}</p><p>{slogan}</p><p>{text[::-1]}</p><p>Awa DIALLO</p></div>{more}</body>"
    )
    return Page(f"http://news.abamako.com/h/{number}.html", markup.encode(), None, AT)


def test_slogans_are_learned_dates_and_names_are_not() -> None:
    pages, keys = recurring_lines(_page(number) for number in range(60))
    assert pages == 60
    assert keys == sorted(line_key(slogan) for slogan in SLOGANS)


def test_few_pages_teach_nothing() -> None:
    assert recurring_lines(_page(n) for n in range(FEWEST_PAGES - 1)) == (FEWEST_PAGES - 1, [])


def test_learned_lines_leave_the_body_and_nothing_else_does() -> None:
    portal = portals()["abamako"]
    _, keys = recurring_lines(_page(number) for number in range(60))
    page = _page(61)
    before = parse_article(page, portal)
    after = parse_article(page, portal, Knowledge.of("abamako", 3, keys))
    slogan = SLOGANS[61 % 3].replace("854", "61")
    assert slogan in before.body
    assert after.body == before.body.replace(f"\n\n{slogan}", "")
    assert (after.title, after.author, after.published_raw) == (
        before.title, before.author, before.published_raw,
    )  # fmt: skip
    assert (before.knowledge_revision, after.knowledge_revision) == (0, 3)


def _replica(count: int) -> Iterator[tuple[Page, str]]:
    world = make_portal(31, "abamako", articles=count)
    gold = {one["url"]: one for one in world.gold()}
    for url in list(world.urls())[:count]:
        parts = urlsplit(url)
        answer = world.respond(parts.netloc, parts.path)
        kind = answer.headers.get("Content-Type")
        if url in gold:
            yield Page(url, answer.body, kind, AT), gold[url]["body"]


def test_without_any_selector_two_hundred_pages_are_enough() -> None:
    bare = type("Bare", (portals()["abamako"],), {"selectors": {}, "__module__": "tests"})
    pages = list(_replica(400))
    count, keys = recurring_lines(page for page, _ in pages[:200])
    assert count == 200
    known = Knowledge.of("abamako", 1, keys)
    scores = [
        body_f1(
            parse_article(Page(page.url, page.body, page.content_type, AT), bare, known).body, gold
        )
        for page, gold in pages[200:]
    ]
    assert sum(scores) / len(scores) >= 0.97
