"""Cases 12 and 23: labels that lie about what came, and pages too large to be read."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.crawls import desk, light_portal

HTML, OCTETS, TEXT = "text/html", "application/octet-stream", "text/plain"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <<>> endobj\n" + b"\x00\xff" * 500
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x01\xfe" * 500
PAIRS = {
    "a page as octets": (OCTETS, None, "stored"),
    "a page as plain text": (TEXT, None, "stored"),
    "a page without a type": ("", None, "stored"),
    "a page as a picture": ("image/jpeg", None, "stored"),
    "a document as a page": (HTML, PDF, "rejected"),
    "a picture as a page": (HTML, JPEG, "rejected"),
    "a document as itself": ("application/pdf", PDF, "rejected"),
    "a page of 50 MB": (
        HTML,
        b"<html><body>" + b"<p>Une phrase du texte.</p>" * 1_900_000,
        "failed",
    ),
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str | None, int]]:
    """Pair to (state, reason, articles) after one crawl with all of them."""
    folder: Path = tmp_path_factory.mktemp("odd")
    world = light_portal("odd answers", "abamako", 60)
    chosen = [g for g in world.gold() if g["kind"] == "h" and len(g["body"]) > 600]
    with desk(world, f"sqlite:///{folder / 'corpus.db'}", folder) as d:
        for (kind, data, _), gold in zip(PAIRS.values(), chosen, strict=False):
            path = f"/h/{gold['number']}.html"
            shown = world.respond(f"{gold['site']}.abamako.com", path).body
            d.replica.set_fault("body", path, data=data or shown, content_type=kind)
        assert d.crawl() == 0
        found = {}
        for pair, gold in zip(PAIRS, chosen, strict=False):
            where = f"site = '{gold['site']}' and kind = 'h' and number = {gold['number']}"
            (page,) = d.rows(f"select state, reason from pages where {where}")
            (held,) = d.rows(f"select count(*) as n from articles where {where}")
            found[pair] = (page["state"], page["reason"], held["n"])
        assert len(d.articles()) == 60 - sum(state != "stored" for _, _, state in PAIRS.values())
    return found


@pytest.mark.parametrize("pair", PAIRS)
def test_what_came_counts_and_not_what_it_is_called(
    pair: str, crawled: dict[str, tuple[str, str | None, int]]
) -> None:
    state, reason, held = crawled[pair]
    assert (state, held) == (PAIRS[pair][2], int(PAIRS[pair][2] == "stored")), reason
    if state == "rejected":
        assert reason == "content_type"
    if state == "failed":
        assert reason == "too_large"


def test_a_gzip_body_that_nobody_calls_so_is_no_page(tmp_path: Path) -> None:
    world = light_portal("unlabelled", "abamako", 30)
    gold = next(g for g in world.gold() if g["kind"] == "h")
    path = f"/h/{gold['number']}.html"
    shown = world.respond(f"{gold['site']}.abamako.com", path).body
    with desk(world, f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        d.replica.set_fault("body", path, data=gzip.compress(shown), content_type=HTML)
        assert d.crawl() == 0
        where = f"site = '{gold['site']}' and kind = 'h' and number = {gold['number']}"
        (page,) = d.rows(f"select state, reason from pages where {where}")
        assert (page["state"], page["reason"]) == ("rejected", "content_type")
        assert len(d.articles()) == 29
