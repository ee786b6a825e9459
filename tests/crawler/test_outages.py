"""A database that is locked, away or full in the middle of a crawl."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import time

import pytest

from crawler.settings import ITEM_PIPELINES
from tests.crawls import Desk, desk, light_portal


def after_articles(d: Desk, process, count: int) -> None:
    while process.poll() is None and len(d.article_hits()) < count:
        time.sleep(0.005)
    assert process.poll() is None


def test_case_50_sqlite_locked_by_another_process_is_waited_for(sqlite_url, tmp_path):
    world = light_portal("locked", "abamako", 90)
    with desk(world, sqlite_url, tmp_path) as d:
        process = d.start()
        after_articles(d, process, 30)
        other = sqlite3.connect(tmp_path / "corpus.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        time.sleep(3)
        under_way = len(d.article_hits())
        other.execute("ROLLBACK")
        other.close()
        assert process.wait(60) == 0
        d.balance()
        assert under_way <= 30 + 24
        assert len(d.articles()) == len(d.article_hits()) == 90


FAULTY_STAGE = """
class Faulty:
    def process_item(self, item):
        if item.number % 50 == 7:
            raise RuntimeError("a fault of ours")
        return item
"""


@pytest.mark.parametrize(("ratio", "code"), [("0.01", 12), ("0.1", 0)])
def test_case_55_exception_in_a_stage_quarantines_its_page_alone(
    ratio, code, sqlite_url, tmp_path, monkeypatch
):
    (tmp_path / "faulty_stage.py").write_text(FAULTY_STAGE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    stages = json.dumps(dict(ITEM_PIPELINES) | {"faulty_stage.Faulty": 350})
    world = light_portal("exceptions", "abamako", 150)
    with desk(world, sqlite_url, tmp_path) as d:
        process = d.start("-s", f"ITEM_PIPELINES={stages}", "-s", f"MAX_FAILED_RATIO={ratio}")
        assert process.wait(120) == code
        d.balance()
        hurt = {row["number"]: row for row in d.rows("select * from pages where state <> 'stored'")}
        expected = {number for number in map(number_of, world.urls()) if number % 50 == 7}
        assert hurt.keys() == expected != set()
        assert {row["state"] for row in hurt.values()} == {"quarantined"}
        assert all(row["reason"].startswith("exception: RuntimeError") for row in hurt.values())
        assert len(d.articles()) == 150 - len(expected)
        assert all(row["url"] in d.log() for row in hurt.values())


def number_of(url: str) -> int:
    return int(re.sub(r"\D", "", url.rpartition("/")[2]))


@pytest.mark.parametrize("obstacle", ["file", "link_to_nowhere"])
def test_archive_that_cannot_be_written_ends_3_before_the_first_request(
    obstacle, sqlite_url, tmp_path
):
    archive = tmp_path / "archive"
    if obstacle == "file":
        archive.write_text("not a folder")
    else:
        archive.symlink_to("/proc/titrologue")
    with desk(light_portal("closed", "abamako", 20), sqlite_url, tmp_path) as d:
        refused = d.scrapy("crawl", "abamako")
        assert refused.returncode == 3
        assert not d.replica.hits()
        assert "ARCHIVE_DIR" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert d.crawl("-s", "ARCHIVE=none") == 0
        assert len(d.articles()) == 20


def test_stop_while_pages_are_being_leased_leaves_none_of_them_leased(sqlite_url, tmp_path):
    world = light_portal("leasing", "abamako", 110)
    with desk(world, sqlite_url, tmp_path) as d:
        process = d.start()
        after_articles(d, process, 40)
        other = sqlite3.connect(tmp_path / "corpus.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        time.sleep(1)
        other.execute("ROLLBACK")
        other.close()
        assert process.wait(60) == 11
        d.balance()
        assert d.crawl() == 0
        assert len(d.articles()) == len(d.article_hits()) == 110


@pytest.mark.parametrize("times", [1, 3])
def test_case_54_postgresql_restarted_in_mid_crawl_loses_nothing(times, own_postgres, tmp_path):
    world = light_portal("restart", "abamako", 140)
    with desk(world, own_postgres.create_database(), tmp_path) as d:
        process = d.start()
        for n in range(times):
            after_articles(d, process, 25 + 40 * n)
            own_postgres.stop(signal.SIGQUIT)
            time.sleep(5 if times == 1 else 1)
            own_postgres.start()
        assert process.wait(90) == 0
        assert "Traceback" not in d.log()
        d.balance()
        assert len(d.articles()) == 140


def test_case_54_postgresql_down_for_good_ends_8_and_the_next_run_completes(own_postgres, tmp_path):
    world = light_portal("gone", "abamako", 90)
    with desk(world, own_postgres.create_database(), tmp_path) as d:
        process = d.start("-s", "DB_OUTAGE_LIMIT=3")
        after_articles(d, process, 30)
        own_postgres.stop(signal.SIGQUIT)
        began = time.monotonic()
        assert process.wait(60) == 8
        assert time.monotonic() - began < 20
        assert "Traceback" not in d.log()
        fetched = len(d.article_hits())
        assert fetched <= 30 + 24
        began = time.monotonic()
        done = d.scrapy("crawl", "abamako")
        assert done.returncode == 8
        assert time.monotonic() - began < 10
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        own_postgres.start()
        assert d.crawl() == 0
        assert len(d.articles()) == 90
        assert len(d.article_hits()) <= 90 + 16


def test_case_48_second_signal_ends_13_and_nothing_is_lost(sqlite_url, tmp_path):
    world = light_portal("twice", "abamako", 60)
    with desk(world, sqlite_url, tmp_path) as d:
        d.replica.set_fault("slow", "/[hp]/", bytes_per_second=3_000)
        process = d.start()
        after_articles(d, process, 8)
        process.send_signal(signal.SIGTERM)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 13
        d.replica.clear_faults()
        assert d.crawl() == 0
        assert len(d.articles()) == 60
