"""`scrapy reparse` as a person uses it: the archive of real crawls, read again."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from benchmarks.reparse import build
from corpus.archive_reading import ArchivedPage, read_page
from corpus.database import Database
from corpus.locks import PortalLock
from corpus.storing import PLACE
from corpus.warc.captures import WarcPlace
from corpus.worse import content_hash
from crawler.commands.reparse import Command
from crawler.reparsing.rereader import CHUNK
from crawler.settings import ITEM_PIPELINES
from demo.pages import Response
from demo.server import Replica
from tests.crawls import ROOT, Desk, desk
from tests.handmade import NEWS, Handmade, article_page

SLOGAN = "Votre crédit en un jour, sans garantie ni caution"
REFRESH = ("-a", "strategy=refresh")
TABLES = (
    "articles", "article_versions", "article_events", "article_sections", "pages", "runs",
    "sections",
)  # fmt: skip


def site_of(numbers: range) -> Handmade:
    """Articles with a slogan between their paragraphs, each of its own words."""
    site = Handmade()
    for number in numbers:
        words = " ".join(f"Mot{number}x{n}" for n in range(30))
        body = f"La nouvelle {number} : {words}.<br><br>{SLOGAN}<br><br>Suite {number} : {words}."
        page = article_page(f"Nouvelle n° {number} du jour", body=f"{body}<br><br>Awa KEITA")
        site.list("Politique", site.put(f"/h/{number}.html", page))
    return site


def execute(url: str, *statements: str) -> None:
    database = Database(url, root=ROOT)
    try:
        with database.writing() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
    finally:
        database.dispose()


def as_read_before(d: Desk, number: int, **columns: str) -> None:
    """Leave one article as an older extractor would have: `columns` as SQL."""
    columns = {"extractor_revision": "'1'", **columns}
    values = ", ".join(f"{name} = {value}" for name, value in columns.items())
    which = f"(select id from articles where number = {number})"
    for table, key in (("articles", "id"), ("article_versions", "article_id")):
        execute(d.url, f"update {table} set {values} where {key} in {which}")


def dump(d: Desk) -> dict[str, list[dict[str, Any]]]:
    """Every row of the tables that a reparse may not touch in secret."""
    return {name: d.rows(f"select * from {name} order by 1, 2") for name in TABLES}


def reparse(d: Desk, *arguments: str, code: int = 0) -> str:
    """Run it; what it printed."""
    ran = d.scrapy("reparse", *arguments)
    assert (ran.returncode, "Traceback" in ran.stderr) == (code, False), ran.stdout + ran.stderr
    return ran.stdout


def test_what_an_older_reader_left_is_mended_and_nothing_else_moves(
    database_url: str, tmp_path: Path
) -> None:
    site = site_of(range(100, 112))
    with desk(site, database_url, tmp_path) as d:
        assert d.crawl() == 0
        site.put("/h/104.html", Response(410, b"", {"Content-Type": "text/html"}))
        execute(d.url, "update pages set due_at = discovered_at where number = 104")
        assert d.crawl(*REFRESH) == 0
        crawled = dump(d)
        as_read_before(d, 101, author="null", byline_raw="null")
        as_read_before(d, 102, title="'Mal lu'", content_hash="'x'")
        as_read_before(d, 103)
        as_read_before(d, 104, author="'Quelqu’un d’autre'")
        # A selector gave what today's reader does not find.
        better = json.dumps({"photo_credit": "selector:.credit"})
        as_read_before(d, 105, photo_credit="'A. Photographe'", signs=f"'{better}'")
        before = dump(d)

        told = reparse(d)
        assert dump(d) == before
        assert "5 articles read again, 7 left out" in told
        assert "3 articles read otherwise" in told
        assert told.endswith("nothing was written; the same command with --write does that\n")
        rows = {line.split()[0]: line.split()[1:] for line in told.splitlines() if "  " in line}
        assert rows["title"][:1] == ["http://news.abamako.com/h/102.html"]
        assert "title         0       1        0     0" in told
        assert "author        1       1        0     0" in told
        assert "photo_credit  0       0        0     1" in told
        assert "«Mal lu» → «Nouvelle n° 102 du jour»" in told
        assert "- → «Awa KEITA»" in told
        assert "h/105.html: photo_credit" in told

        reparse(d, "abamako", "--write")
        after = dump(d)
        for name in ("article_events", "article_sections", "pages", "runs", "sections"):
            assert after[name] == before[name], name
        versions = [v for v in after["article_versions"] if v not in before["article_versions"]]
        assert len(after["article_versions"]) == len(before["article_versions"]) + 3
        assert [(v["version"], v["cause"]) for v in versions] == [(2, "reading")] * 3
        now = {row["extractor_revision"] for row in crawled["articles"]}
        assert {v["extractor_revision"] for v in versions} == now
        written = ("version", "updated_at", "corpus_revision", "extractor_revision")
        as_crawled = {row["number"]: row for row in crawled["articles"]}
        for old, new in zip(before["articles"], after["articles"], strict=True):
            moved = {name for name in new if new[name] != old[name]}
            assert moved == {
                101: {"author", "byline_raw", *written},
                102: {"title", "content_hash", *written},
                103: {"extractor_revision"},
                104: {"author", *written},
                105: {"extractor_revision", "signs", "flags"},
            }.get(new["number"], set()), new["number"]
            if new["number"] != 105:
                same = as_crawled[new["number"]]
                ours = {"version", "updated_at", "corpus_revision"}
                assert {n for n in new if new[n] != same[n]} <= ours
        numbered = {row["number"]: row for row in after["articles"]}
        assert "worse_reading" in str(numbered[105]["flags"])
        assert numbered[104]["gone_at"] is not None
        _the_second_run_changes_nothing_and_worse_is_taken_where_asked(d, after)


def _the_second_run_changes_nothing_and_worse_is_taken_where_asked(
    d: Desk, after: dict[str, list[dict[str, Any]]]
) -> None:
    again = reparse(d, "--write")
    assert dump(d) == after
    # What was held back is looked at each time; the rest is known to be read.
    assert "1 articles read again, 11 left out" in again
    assert "nothing is read otherwise" in reparse(d, "--write", "--all")
    assert dump(d) == after
    reparse(d, "--write", "--accept-worse", "--where", "number = 105 -- a remark")
    (row,) = d.rows("select photo_credit, version, flags from articles where number = 105")
    assert (row["photo_credit"], row["version"]) == (None, 2)
    assert "worse_reading" not in str(row["flags"])
    assert "0 articles read again, 12 left out" in reparse(d)


def test_learned_lines_leave_the_bodies_that_are_held(sqlite_url: str, tmp_path: Path) -> None:
    with desk(site_of(range(100, 140)), sqlite_url, tmp_path) as d:
        assert d.crawl() == 0
        before = {row["id"]: row for row in d.rows("select * from articles")}
        assert d.scrapy("learn").returncode == 0
        told = reparse(d, "--write", "--jobs", "2")
        assert "body        0       40       0     0" in told
        for row in d.rows("select * from articles"):
            old = before[row["id"]]
            assert old["body"].replace(f"\n\n{SLOGAN}", "") == row["body"] != old["body"]
            assert row["content_hash"] == content_hash(row["title"], row["body"])
            assert {name for name in row if row[name] != old[name]} == {
                "body", "word_count", "content_hash", "region_hash", "version", "updated_at",
                "corpus_revision",
                "knowledge_revision",
            }  # fmt: skip
        history = d.scrapy("history", "http://news.abamako.com/h/100.html")
        assert "NOT an edit by the site" in history.stdout
        # The next visit finds the page as it was: no edit, and nothing to read better.
        execute(d.url, "update pages set due_at = discovered_at where number < 105")
        assert d.crawl(*REFRESH) == 0
        assert d.rows("select count(*) as n from article_versions where version > 2") == [{"n": 0}]


def with_stage(code: str, name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The setting by which the commands take the stage `name` of `code` among theirs."""
    (folder / "more_stages.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return f"ITEM_PIPELINES={json.dumps(dict(ITEM_PIPELINES) | {f'more_stages.{name}': 350})}"


OTHER_STAGE = """
class Renamed:
    def process_item(self, item):
        if item.number >= 103:
            item.section = "Vie locale"
        return item
"""


def test_page_kept_as_a_revisit_is_read_from_the_record_it_refers_to(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = with_stage(OTHER_STAGE, "Renamed", tmp_path, monkeypatch)
    site = site_of(range(100, 104))
    # The very same bytes at another address: their record only refers to the one before.
    site.list("Politique", site.put("/h/104.html", site.routes[NEWS, "/h/103.html"]))
    with desk(site, sqlite_url, tmp_path) as d:
        assert d.crawl() == 0
        crawled = {row["number"]: row for row in d.rows("select * from articles")}
        pages = {number: archived(d, row) for number, row in crawled.items()}
        twins = {number: page for number, page in pages.items() if page.refers_to}
        (referring,) = twins
        held = 207 - referring
        assert twins[referring].refers_to == pages[held].record_id
        assert twins[referring].body == site.routes[NEWS, "/h/103.html"].body

        # Seen again, every page's latest record refers to the first; the articles name that one.
        execute(d.url, "update pages set due_at = discovered_at")
        assert d.crawl(*REFRESH) == 0
        latest = d.rows("select * from pages where state = 'stored'")
        assert all(archived(d, row).refers_to for row in latest)
        before = dump(d)
        d.replica.clear_hits()

        # Another reader: what it reads otherwise changes, and nothing else.
        told = reparse(d, "--write", "-s", stages)
        assert "5 articles read again" in told
        assert "2 articles read otherwise, written as a new version each" in told
        after = dump(d)
        for old, new in zip(before["articles"], after["articles"], strict=True):
            moved = {name for name in new if new[name] != old[name]}
            changed = {"section", "version", "updated_at", "corpus_revision"}
            assert moved - {"extractor_revision"} == (changed if new["number"] >= 103 else set())
            assert new["section"] == ("Vie locale" if new["number"] >= 103 else old["section"])
        for name in ("article_events", "pages", "runs"):
            assert after[name] == before[name], name
        assert "0 articles read again, 5 left out" in reparse(d, "--write", "-s", stages)
        assert "nothing is read otherwise" in reparse(d, "--write", "--all", "-s", stages)
        assert dump(d) == after

        # Without the payload there is nothing to read, at either address.
        spoil(d, crawled[held])
        told = reparse(d, "--all", "-s", stages, code=10)
        assert "not readable in the archive: 2" in told
        assert all(f"/h/{number}.html: {row['warc_file']}" in told
                   for number, row in crawled.items() if number >= 103)  # fmt: skip
        assert d.replica.hits() == []


def archived(d: Desk, row: dict[str, Any]) -> ArchivedPage:
    """The answer that a row names."""
    return read_page(d.folder / "archive", WarcPlace(*(row[name] for name in PLACE)))


def spoil(d: Desk, row: dict[str, Any]) -> None:
    """Write zeros over a row's record."""
    with (d.folder / "archive" / row["warc_file"]).open("r+b") as file:
        file.seek(row["warc_offset"])
        file.write(bytes(row["warc_length"]))


FAULTY_STAGE = """
class Faulty:
    def process_item(self, item):
        if item.number % 5 == 2:
            raise RuntimeError("a fault of ours")
        return item
"""


def test_case_55_pages_that_a_fault_of_ours_quarantined_are_stored_without_the_network(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = with_stage(FAULTY_STAGE, "Faulty", tmp_path, monkeypatch)
    site = site_of(range(100, 110))
    # What no reader of ours takes for an article stays where it is.
    cut = article_page("Une page coupée net")
    cut.body = cut.body[: cut.body.index(b"</span>")]
    site.list("Politique", site.put("/h/90.html", cut))
    moved = Response(302, article_page("Ailleurs").body, {"Location": "http://ailleurs.example/"})
    site.list("Politique", site.put("/h/91.html", moved))
    with desk(site, database_url, tmp_path) as d:
        d.start("-s", stages).wait(60)
        assert d.states() == {"stored": 8, "quarantined": 3, "rejected": 1}
        hurt = {row["number"]: row for row in d.rows("select * from pages where state <> 'stored'")}
        (run,) = d.rows("select * from runs")
        d.replica.clear_hits()

        # The fault is still there: it is told, and nothing is touched.
        before = dump(d)
        told = reparse(d, "--write", "--all", "-s", stages, code=1)
        assert "failed in parser or stages, left as held: 2" in told
        assert "RuntimeError: a fault of ours" in told
        assert dump(d) == before

        assert "2 pages turned out to be articles; still none: 1 truncated" in reparse(d, "--write")
        assert d.states() == {"stored": 10, "quarantined": 1, "rejected": 1}
        d.balance()
        for row in d.rows("select * from articles where number in (102, 107)"):
            (page,) = d.rows(f"select * from pages where article_id = {row['id']}")
            old = hurt[row["number"]]
            assert (page["state"], page["last_result"]) == ("stored", "new")
            assert {name for name in page if page[name] != old[name]} == {
                "state", "reason", "last_result", "due_at", "article_id",
            }  # fmt: skip
            assert row["title"] == f"Nouvelle n° {row['number']} du jour"
            assert (row["version"], row["run_id"]) == (1, run["id"])
            assert row["first_seen_at"] == row["last_seen_at"] == row["fetched_at"]
            assert run["started_at"] <= row["fetched_at"] <= run["ended_at"]
            assert row["warc_offset"] == page["warc_offset"] is not None
        assert d.rows("select distinct cause from article_versions") == [{"cause": "site"}]
        assert d.replica.hits() == []
        told = reparse(d, "--write", "--state", "rejected,quarantined")
        assert "0 articles read again, 2 other pages" in told
        assert "still none: 1 http_302, 1 truncated" in told


class Elsewhere(Handmade):
    """A site that is none of our portals, with all on one host."""

    def respond(self, host: str, target: str) -> Response:
        """As the news host."""
        return super().respond(NEWS, target)


def test_site_that_is_none_of_ours_is_read_by_the_clock_of_its_crawl(
    sqlite_url: str, tmp_path: Path
) -> None:
    site = Elsewhere("gazette")
    for number in range(1, 13):
        page = article_page(
            f"Le pont n° {number} de Kayes rouvre enfin",
            body=f"La circulation reprend sur le pont {number}. " * 8,
            line="Publié le lundi 26 octobre 2026 à 18h02",
        )
        site.put(f"/h/{number}.html", page)
        site.list("Politique", f"/h/{number}.html")
    with desk(site, sqlite_url, tmp_path) as d:
        d.portal = "http://www.gazette.com/"
        assert d.crawl("-a", "timezone=Pacific/Auckland") == 0
        (clock,) = d.rows("select distinct published_at as at from articles")
        assert clock["at"].startswith("2026-10-26 05:02")
        told = reparse(d, "--all")
        assert "gazette.com: 12 articles read again\n  nothing is read otherwise" in told


@contextmanager
def built(folder: Path, articles: int) -> Iterator[Desk]:
    """A corpus made without a crawl, all with a title read wrong."""
    build(folder, articles)
    url, wrong = f"sqlite:///{folder / 'corpus.db'}", "title = 'Mal lu', extractor_revision = '1'"
    execute(url, *(f"update {name} set {wrong}" for name in ("articles", "article_versions")))
    with Replica([]) as replica:
        yield Desk(replica, url, folder)


HANGING_STAGE = """
from pathlib import Path

class Hanging:
    def process_item(self, item):
        if item.number == int(Path(__file__).with_name("number").read_text()):
            Path(__file__).with_name("pipe").read_text()
        return item
"""
FULL = 2 * CHUNK
"""Articles of the parts that come to an end before the one that hangs."""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGTERM, 11)])
def test_stopped_in_the_middle_it_ends_right_when_run_again(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with built(tmp_path, FULL + 2) as d:
        last = "select number from articles order by warc_offset desc limit 1"
        (tmp_path / "number").write_text(str(d.rows(last)[0]["number"]))
        (tmp_path / "hanging_stage.py").write_text(HANGING_STAGE)
        os.mkfifo(tmp_path / "pipe")
        stages = json.dumps(dict(ITEM_PIPELINES) | {"hanging_stage.Hanging": 350})
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "scrapy", "reparse", "--write", "--jobs", "2"),
                *("-s", f"ITEM_PIPELINES={stages}"),
            ],
            env=d.environment() | {"PYTHONPATH": str(tmp_path)},
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        mended = "select count(*) as n from articles where title <> 'Mal lu' and version = 2"
        while process.poll() is None and d.rows(mended) != [{"n": FULL}]:
            time.sleep(0.05)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert len(children) >= 2
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
        assert process.returncode == code, said
        assert "Traceback" not in said
        assert code != 11 or said.endswith("run it again to go on\n")
        # Who read for the one that was stopped is gone, too.
        deadline = time.monotonic() + 20
        while any(map(alive, children)) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not any(map(alive, children))

        assert "2 articles read otherwise, written" in reparse(d, "--write", "--jobs", "2")
        assert d.rows(mended) == [{"n": FULL + 2}]
        versions = d.rows("select count(*) as n from article_versions")
        assert versions == [{"n": 2 * (FULL + 2)}]
        assert f"0 articles read again, {FULL + 2} left out" in reparse(d, "--write")


def alive(pid: str) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_portal_that_a_crawl_holds_is_left_out_and_a_lost_page_is_told(tmp_path: Path) -> None:
    with built(tmp_path, 20) as d:
        database = Database(d.url, root=ROOT)
        lock = PortalLock(database, "abamako")
        assert lock.acquire()
        try:
            held = d.scrapy("reparse", "--write")
            assert held.returncode == 0
            assert "a crawl of abamako is running; abamako was left out" in held.stderr
            assert "20 articles read again" in reparse(d)
        finally:
            lock.release()
            database.dispose()
        (file,) = (d.folder / "archive").rglob("*.warc.gz")
        data = file.read_bytes()
        file.write_bytes(data[: len(data) * 8 // 10])
        told = reparse(d, "--write", code=10)
        assert "not readable in the archive: " in told
        (left,) = d.rows("select count(*) as n from articles where title = 'Mal lu'")
        assert 0 < left["n"] < 10


def test_wrong_words_are_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sqlite_url = f"sqlite:///{tmp_path / 'corpus.db'}"

    def refused(*arguments: str) -> str:
        """The command itself, in this process: what it said on its way out with 2."""
        command, parser = Command(), argparse.ArgumentParser(conflict_handler="resolve")
        command.settings = Settings({"CORPUS_URL": sqlite_url}, priority="cmdline")
        command.add_options(parser)
        opts, args = parser.parse_known_args(arguments)
        with pytest.raises(SystemExit) as ended:
            command.run(args, opts)
        said = capsys.readouterr()
        assert (ended.value.code, said.out, said.err.count("\n")) == (2, "", 1), said
        return said.err

    assert "no corpus" in refused()
    Database(sqlite_url, root=ROOT).prepare()
    assert "no page is known yet" in refused()
    build(tmp_path, 3)
    for arguments, words in (
        (["nulle-part"], "no portal 'nulle-part'"),
        (["--where", "titel = 1"], "--where: no such column: titel"),
        (["--where", "1); delete from articles; --"], "--where: "),
        (["--where", "id in (select id from articles limit 1) union select 1"], "--where: "),
        (["--since", "31/02/2024"], "--since 31/02/2024: not a day"),
        (["--jobs", "0"], "--jobs 0: a whole number from 1"),
        (["--state", "gone"], "--state gone: choose from"),
        (["--write", "--dry-run"], "leave one out"),
    ):
        assert words in refused(*arguments)
    with Replica([]) as replica:
        rows = Desk(replica, sqlite_url, tmp_path).rows("select count(*) as n from articles")
    assert rows == [{"n": 3}]
