"""`scrapy runs` as its users type it: after real crawls, and over a diary of every ending."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from corpus.database import Database
from corpus.models import Run
from crawler.exit_codes import MEANINGS
from tests.commands import run_scrapy
from tests.crawls import desk, light_portal

ROOT = Path(__file__).parents[3]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def run(*args: str, corpus: str) -> subprocess.CompletedProcess[str]:
    return run_scrapy("runs", *args, env={**os.environ, "CORPUS_URL": corpus})


def objects(*args: str, corpus: str) -> list[dict[str, Any]]:
    done = run("--json", *args, corpus=corpus)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def fill(url: str, rows: list[dict[str, Any]]) -> str:
    """A corpus whose diary has these runs; what is not given is a good hour of abamako."""
    database = Database(url, root=ROOT)
    database.prepare()
    good = {
        "portal": "abamako", "strategy": "sections", "arguments": {}, "started_at": NOON,
        "ended_at": NOON + timedelta(hours=1), "finish_reason": "finished", "exit_code": 0,
        "stats": {},
    }  # fmt: skip
    with database.writing() as connection:
        for row in rows:
            connection.execute(insert(Run), {**good, **row})
    database.dispose()
    return url


def test_runs_of_real_crawls_are_told_with_what_came(database_url, tmp_path):
    world = light_portal("runs", "abamako", 60)
    with desk(world, database_url, tmp_path) as d:
        assert d.crawl("-a", "limit=20") == 0
        assert d.crawl() == 0
        world.publish(3)
        assert d.crawl() == 0
        told = objects(corpus=database_url)
        assert [r["id"] for r in told] == [3, 2, 1]
        assert [r["stored"] for r in told] == [3, 40, 20]
        assert [r["article_requests"] for r in told] == [3, 40, 20]
        assert [r["finish_reason"] for r in told] == ["finished", "finished", "limit"]
        assert {(r["state"], r["exit_code"], r["exit_meaning"]) for r in told} == {
            ("ended", 0, "done")
        }
        assert told[2]["arguments"] == {"limit": "20"}
        assert all(0 < r["seconds"] < 240 and r["discovery_requests"] > 0 for r in told)
        files = [*(tmp_path / "archive" / "abamako").glob("*.warc.gz")]
        assert sum(r["archive_bytes"] for r in told) == sum(f.stat().st_size for f in files) > 0

        lines = run(corpus=database_url).stdout.splitlines()
        assert lines[0].split()[:4] == ["run", "portal", "started", "lasted"]
        assert lines[3].endswith("0 done (limit)               limit=20")
        whole = run("2", corpus=database_url).stdout
        assert re.search(r"^stored +40$", whole, re.MULTILINE)
        assert re.search(r"^archive bytes +\d{5,}$", whole, re.MULTILINE)
        assert re.search(r" 0 +0\.\d MB  0 done", lines[2])
        assert re.search(r"^stats portal/pages/stored +40$", whole, re.MULTILINE)


def test_run_under_way_is_running_and_one_that_was_killed_is_cut_off(database_url, tmp_path):
    world = light_portal("killed", "abamako", 60)
    with desk(world, database_url, tmp_path) as d:
        d.replica.set_fault("slow", r"/(h|p)/", bytes_per_second=40_000)
        process = d.start()
        while process.poll() is None and not d.article_hits():
            time.sleep(0.01)
        (told,) = objects(corpus=database_url)
        assert (told["state"], told["exit_code"], told["ended_at"]) == ("running", None, None)
        assert told["seconds"] > 0
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        while (told := objects(corpus=database_url)[0])["state"] == "running":
            # PostgreSQL ends the session when it notices: at once, but not in the same instant.
            assert told["seconds"] < 120
        assert (told["state"], told["seconds"]) == ("cut off", None)
        d.replica.clear_faults()
        assert d.crawl() == 0
        assert [r["state"] for r in objects(corpus=database_url)] == ["ended", "cut off"]


def test_every_exit_code_is_told_in_words(sqlite_url):
    fill(sqlite_url, [{"exit_code": code, "finish_reason": None} for code in MEANINGS])
    lines = run(corpus=sqlite_url).stdout.splitlines()[1:]
    shown = [f"{code} {meaning}" for code, meaning in reversed(MEANINGS.items())]
    assert all(words in line for words, line in zip(shown, lines, strict=True))


def test_run_of_a_clock_that_was_set_back_has_no_duration_and_keeps_its_place(sqlite_url):
    late = NOON + timedelta(days=400)
    fill(sqlite_url, [{"started_at": late, "ended_at": NOON}, {}])
    told = objects(corpus=sqlite_url)
    assert [(r["id"], r["seconds"]) for r in told] == [(2, 3600.0), (1, None)]


def test_portal_since_and_limit_choose(sqlite_url):
    days = [NOON - timedelta(days=n) for n in range(9, -1, -1)]
    portals = ["abamako", "aouaga"] * 5
    fill(sqlite_url, [{"portal": p, "started_at": at} for p, at in zip(portals, days, strict=True)])
    assert [r["id"] for r in objects("aouaga", corpus=sqlite_url)] == [10, 8, 6, 4, 2]
    assert [r["id"] for r in objects("--limit", "3", corpus=sqlite_url)] == [10, 9, 8]
    assert [r["id"] for r in objects("--since", "2026-11-19", corpus=sqlite_url)] == [10, 9]
    assert objects("--since", "2027-01-01", corpus=sqlite_url) == []


def test_long_diary_is_read_block_by_block_and_says_what_it_leaves_out(database_url):
    fill(database_url, [{"stored": n} for n in range(1, 502)])
    done = run(corpus=database_url)
    assert len(done.stdout.splitlines()) == 31
    assert done.stderr == "471 older: --limit 0 shows all\n"
    told = objects("--limit", "0", corpus=database_url)
    assert [r["stored"] for r in told] == list(range(501, 0, -1))


def test_text_of_a_page_never_reaches_the_terminal_raw(sqlite_url):
    hostile = "a\x1b]0;x\x07\x9b31m\u202eb\nc"
    row = {"arguments": {"section": hostile}, "finish_reason": hostile,
           "stats": {"portal/fields": hostile, hostile: 1}}  # fmt: skip
    fill(sqlite_url, [row])
    for args in ((), ("1",), ("--json",), ("1", "--json")):
        out = run(*args, corpus=sqlite_url).stdout
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", out)
    (told,) = objects("1", corpus=sqlite_url)
    assert told["arguments"]["section"].endswith("b\nc")
    assert told["stats"].keys() == {"portal/fields", told["arguments"]["section"]}


def test_diary_without_a_run_says_so(sqlite_url):
    fill(sqlite_url, [])
    done = run(corpus=sqlite_url)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)
    assert "scrapy crawl" in done.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("abamaco",), "did you mean abamako?"),
        (("7",), "no run 7"),
        (("9" * 30,), "no run 9"),
        (("--since", "hier"), "YYYY-MM-DD"),
        (("--limit", "-1"), "--limit"),
        (("--limit", "many"), "--limit many"),
        (("abamako", "aouaga"), "one portal"),
        (("--wrong",), "--wrong"),
        (("\x1b[31m",), "no portal"),
    ],
)
def test_wrong_argument_is_one_line_and_exit_2(args, said, sqlite_url):
    fill(sqlite_url, [{}])
    done = run(*args, corpus=sqlite_url)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "\x1b" not in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_database_is_one_line_with_the_remedy_and_is_not_made(tmp_path):
    done = run(corpus=f"sqlite:///{tmp_path / 'corpus.db'}")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "scrapy crawl" in done.stderr
    assert not (tmp_path / "corpus.db").exists()


def test_server_that_is_away_is_exit_8():
    done = run(corpus="postgresql+psycopg://me:s3cret@127.0.0.1:1/corpus")
    assert (done.returncode, done.stderr.count("\n")) == (8, 1)
    assert "s3cret" not in done.stderr
