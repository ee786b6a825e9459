"""Faults of a site, seen from the front door: what becomes of the page, the run, the next run."""

from __future__ import annotations

from typing import Any

from demo.portal import World, make_portal
from tests.crawls import Desk, desk

FAULTS: list[tuple[str, dict[str, Any], str, str | None]] = [
    ("truncated", {}, "failed", "dataloss"),
    ("bad_chunked", {}, "failed", "dataloss"),
    ("reset", {}, "failed", "reset"),
    ("reset", {"after": "half"}, "failed", "dataloss"),
    ("hang", {}, "failed", "timeout"),
    ("hang", {"after": "half"}, "failed", "timeout"),
    ("slow", {"bytes_per_second": 500}, "failed", "timeout"),
    ("status", {"status": 500}, "failed", "http_500"),
    ("status", {"status": 403}, "failed", "http_403"),
    ("redirect", {"to": "self"}, "failed", "redirect_loop"),
    ("redirect", {"to": "loop"}, "failed", "redirect_loop"),
    ("redirect_chain", {"hops": 7}, "failed", "redirect_loop"),
    ("redirect_chain", {"hops": 3}, "stored", None),
    ("redirect", {"to": "/"}, "missing", "redirect_to_listing"),
    ("status", {"status": 404}, "missing", "http_404"),
    ("status", {"status": 410}, "missing", "http_410"),
    ("soft_404", {}, "missing", "not_found"),
    ("short", {}, "stored", None),  # the half that came holds the whole article
    ("body", {"data": b""}, "rejected", "empty"),
    (
        "body",
        {"data": b"%PDF-1.4 x", "content_type": "application/pdf"},
        "rejected",
        "content_type",
    ),
    ("encoding", {"encoding": "gzip"}, "stored", None),
]
"""Fault, its options, and the state and reason of the article page that has it."""


def world_of(name: str, articles: int = 60, **looks: Any) -> World:
    return make_portal(name, "abamako", articles, sections=["Politique"], etags=False, **looks)


def path_of(world: World, index: int) -> str:
    stub = world.stubs[index]
    return f"/{stub.kind}/{stub.number}\\.html"


def page_rows(d: Desk) -> dict[int, dict[str, Any]]:
    return {row["number"]: row for row in d.rows("select * from pages where number is not null")}


def test_each_fault_of_an_article_page_has_its_state_and_the_next_run_mends_it(
    sqlite_url, tmp_path
):
    world = make_portal("faults", "abamako", 60, sections=["Politique"])
    cut = world.render_article(world.article(30))
    with desk(world, sqlite_url, tmp_path) as d:
        for index, (kind, options, _, _) in enumerate(FAULTS):
            d.replica.set_fault(kind, path_of(world, index), **options)
        d.replica.set_fault("body", path_of(world, 30), data=cut[: len(cut) * 3 // 10])
        assert d.crawl("-s", "DOWNLOAD_TIMEOUT=2") == 12
        rows = page_rows(d)
        wrong = {}
        for index, fault in enumerate(FAULTS):
            row = rows[world.stubs[index].number]
            found = (row["state"], row["reason"], row["attempts"])
            if found != (*fault[2:], int(fault[2] == "failed")):
                wrong[index] = fault, found
        assert not wrong
        row = rows[world.stubs[30].number]
        assert (row["state"], row["reason"]) == ("quarantined", "truncated")
        assert len(d.articles()) == 59 - sum(f[2] != "stored" for f in FAULTS)
        d.replica.clear_faults()
        d.replica.clear_hits()
        assert d.crawl() == 0
        again = sum(f[2] == "failed" for f in FAULTS) + 1
        assert len(d.article_hits()) == again
        assert len(d.articles()) == 60 - sum(f[2] in ("missing", "rejected") for f in FAULTS)
