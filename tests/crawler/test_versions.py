"""Versions: an edit by the site is one, a changed side column is none; what vanished is kept."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from corpus.database import Database
from tests.crawls import ROOT, Desk, desk, light_portal, on_sqlite
from tests.handmade import Handmade, article_page
from tests.kept_crawls import crawled_desk

REFRESH = ("-a", "strategy=refresh")


@pytest.fixture
def crawled(database_url: str, tmp_path: Path):
    made = partial(light_portal, "versions", "abamako", 40)
    with crawled_desk("versions", made, database_url, tmp_path) as d:
        yield d


def make_due(d: Desk) -> None:
    """Every stored page is due for a visit."""
    database = Database(d.url, root=ROOT)
    with database.writing() as connection:
        connection.exec_driver_sql("update pages set due_at = discovered_at")
    database.dispose()


def some_article(d: Desk) -> dict:
    rows = d.rows("select * from articles where kind = 'h' and word_count > 80 order by number")
    return rows[0]


def test_edit_is_a_version_and_a_changed_side_column_is_none(crawled):
    d = crawled
    world = d.replica.world("abamako")
    old = some_article(d)
    path = old["url"].partition("://")[2].partition("/")[2]
    page = world.respond("news.abamako.com", f"/{path}").body
    word = max(old["body"].split("\n")[0].split(), key=len).encode("cp1252")
    assert page.count(word) >= 1
    d.replica.set_fault("body", f"/{path}", data=page.replace(word, b"Rectification"))
    world.publish(5)  # every side column now lists other articles
    make_due(d)
    assert d.crawl(*REFRESH) == 0
    changed = d.rows("select article_id, version, cause from article_versions where version > 1")
    assert changed == [{"article_id": old["id"], "version": 2, "cause": "site"}]
    (row,) = d.rows(f"select * from articles where id = {old['id']}")
    assert "Rectification" in row["body"]
    assert row["version"] == 2
    assert row["first_seen_at"] == old["first_seen_at"]
    (first,) = d.rows(
        f"select body from article_versions where article_id = {old['id']} and version = 1"
    )
    assert first["body"] == old["body"]


@pytest.mark.parametrize("gone", [("status", {"status": 404}), ("soft_404", {})])
def test_article_that_vanished_is_gone_and_keeps_its_text(crawled, gone):
    d = crawled
    kind, options = gone
    old = some_article(d)
    path = "/" + old["url"].partition("://")[2].partition("/")[2]
    d.replica.set_fault(kind, path, **options)
    make_due(d)
    assert d.crawl(*REFRESH) == 0
    assert d.states() == {"stored": 39, "gone": 1}
    (row,) = d.rows(f"select * from articles where id = {old['id']}")
    assert row["body"] == old["body"]
    assert row["gone_at"] is not None


@on_sqlite
@pytest.mark.parametrize("fault", ["reset", "truncated", "hang"])
def test_failed_revisit_leaves_what_we_hold(crawled, fault):
    d = crawled
    old = some_article(d)
    path = "/" + old["url"].partition("://")[2].partition("/")[2]
    d.replica.set_fault(fault, path)
    make_due(d)
    assert d.crawl(*REFRESH, "-s", "DOWNLOAD_TIMEOUT=1") == 0
    assert d.states() == {"stored": 40}
    (page,) = d.rows(f"select last_result, reason from pages where article_id = {old['id']}")
    assert page["last_result"] == "failed"
    (row,) = d.rows(f"select body, version, last_seen_at from articles where id = {old['id']}")
    assert row == {name: old[name] for name in row}


def test_case_20_text_of_another_address_is_an_article_of_its_own(database_url, tmp_path):
    site = Handmade()
    site.articles("Politique", range(1, 4))
    page = article_page("Une dépêche reprise mot pour mot")
    first, second = site.put("/h/50.html", page), site.put("/h/51.html", page)
    site.list("Politique", first, second)
    with desk(site, database_url, tmp_path) as d:
        assert d.crawl() == 0
        for n, text in enumerate(("Un texte revu.", "Un texte revu encore."), 2):
            site.put("/h/50.html", article_page("Une dépêche reprise mot pour mot", body=text))
            make_due(d)
            assert d.crawl(*REFRESH) == 0
            rows = d.rows("select number, version, body from articles order by number")
            assert [(row["number"], row["version"]) for row in rows][-2:] == [(50, n), (51, 1)]
            assert rows[-2]["body"] == text
        kept = d.rows(
            "select count(distinct v.body) as n from article_versions v join articles a"
            " on a.id = v.article_id where a.number = 50"
        )
        assert kept == [{"n": 3}]


def test_run_is_written_down_with_its_figures(crawled):
    (run,) = crawled.rows("select * from runs")
    assert run["finish_reason"] == "finished"
    assert run["exit_code"] == 0
    assert run["stored"] == run["article_requests"] == 40
    assert run["discovery_requests"] > 0
    assert run["ended_at"] is not None


def test_every_stored_row_resolves_to_its_archived_page(crawled):
    from warcio.archiveiterator import ArchiveIterator

    d = crawled
    for row in d.rows("select url, warc_file, warc_offset, warc_digest from articles"):
        with (d.folder / "archive" / row["warc_file"]).open("rb") as file:
            file.seek(row["warc_offset"])
            record = next(iter(ArchiveIterator(file)))
            assert record.rec_type == "response"
            assert record.rec_headers.get_header("WARC-Target-URI") == row["url"]
            assert record.rec_headers.get_header("WARC-Payload-Digest") == row["warc_digest"]
