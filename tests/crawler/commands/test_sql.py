"""`scrapy sql` and `scrapy migrate` as a user runs them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pyarrow.parquet
import pytest

from corpus.database import Database
from corpus.saved import saved_queries
from corpus.schema import head
from tests.commands import run_scrapy
from tests.small_corpus import fill_small_corpus

ROOT = Path(__file__).parents[3]


@pytest.fixture
def scrapy(tmp_path):
    def run(*args, url=f"sqlite:///{tmp_path}/corpus.db"):
        return run_scrapy(*args, env={**os.environ, "CORPUS_URL": url})

    return run


def test_migrate_then_ask_in_every_format(scrapy):
    assert f"empty → {head()}" in scrapy("migrate").stdout
    assert f"up to date at {head()}" in scrapy("migrate").stdout
    assert scrapy("sql", "select '=1' as a, 2 as b").stdout.split() == ["a", "b", "=1", "2"]
    assert scrapy("sql", "--format", "csv", "select '=1' as a, 2 as b").stdout == "a,b\n'=1,2\n"
    said = scrapy("sql", "--format", "json", "select '=1' as a, 2 as b").stdout
    assert json.loads(said) == [{"a": "=1", "b": 2}]


def test_saved_query_goes_by_its_name_with_parameters(database_url, tmp_path):
    database = Database(database_url, root=tmp_path)
    fill_small_corpus(database)
    database.dispose()
    (tmp_path / "scrapy.cfg").write_text((ROOT / "scrapy.cfg").read_text())
    own = tmp_path / "queries"
    own.mkdir()
    (own / "of-source.sql").write_text(
        "-- Articles of one newspaper.\nselect sum(articles) as n from sources_seen\n"
        "where source = :source",
        "utf-8",
    )
    environment = {**os.environ, "CORPUS_URL": database_url, "PYTHONPATH": str(ROOT)}

    def sql(*args, given=""):
        done = run_scrapy("sql", *args, env=environment, cwd=tmp_path, given=given)
        assert done.returncode == 0, done.stderr
        return done.stdout

    listed = sql("--list")
    assert re.search(r"^of-source +-p source=… +own +Articles of one newspaper\.$", listed, re.M)
    assert re.search(r"^sections +- +shipped ", listed, re.M)
    assert sql("@of-source", "-p", "source=L’Essor").split() == ["n", "13"]
    assert sql("of-source", "-p", "source=L'Essor' or '1' = '1").split() == ["n", "-"]
    # A sum is a number on both databases, also to programs.
    assert json.loads(sql("of-source", "-p", "source=AFP", "--format", "json")) == [{"n": 3}]
    assert sql("-", given="select count(*) as n\nfrom articles").split() == ["n", "27"]
    assert sql("@word", "-p", "word=coton").splitlines()[1:] == [
        "2024-01  5          12",
        "2024-02  2          8",
        "2024-03  3          6",
    ]
    assert "ix_articles_source" in sql("--explain", "select * from articles where source = 'AFP'")
    assert "day" in sql("edits", "-p", "since=2024-04-02")
    for name in saved_queries(tmp_path):
        wanted = {"edits": "since=2024-01-01", "word": "word=route", "of-source": "source=AFP"}
        assert sql(name, *(["-p", wanted[name]] if name in wanted else [])).count("\n") > 1, name
    (own / "broken.sql").write_bytes(b"-- \xe9t\xe9\nselect 1")
    for args in (["--list"], ["broken"]):
        done = run_scrapy("sql", *args, env=environment, cwd=tmp_path)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "broken.sql" in done.stderr


def test_error_shows_the_line_and_a_caret(scrapy):
    scrapy("migrate")
    run = scrapy("sql", "select portal,\n\ttitel\nfrom articles")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.splitlines() == [
        "scrapy sql: no such column: titel; did you mean title? (line 2, column 2)",
        "   titel",
        "   ^",
    ]


def test_answer_goes_to_a_parquet_file(scrapy, tmp_path):
    scrapy("migrate")
    out = tmp_path / "out.parquet"
    asked = ("sql", "--format", "parquet", "-o", str(out), "-p", "n=2", "select :n as n, 'é' as t")
    assert scrapy(*asked).stdout == f"{out}: 1 rows\n"
    assert pyarrow.parquet.read_table(out).to_pylist() == [{"n": 2, "t": "é"}]
    assert "is there already" in scrapy(*asked).stderr
    for wrong, says in (
        (("-o", "x.parquet"), "goes with -o"),
        (("--format", "parquet", "-o", "x.csv"), "write it as FILE.parquet"),
        (("--format", "parquet", "-o", "x.parquet", "--explain"), "--explain is printed"),
    ):
        ran = scrapy("sql", *wrong, "select 1 as a")
        assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
        assert says in ran.stderr


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("sql", "delete from runs"), "begins with 'delete'"),
        (("sql",), "one statement"),
        (("sql", "sectoins"), "did you mean sections?"),
        (("sql", "@../x"), "begins with '@'"),
        (("sql", "--list", "sections"), "one statement"),
        (("sql", "edits", "-p", "since"), "-p since=2024-01-01"),
        (("sql", "edits", "-p", "since=1", "-p", "since=2"), "twice"),
        (("sql", "edits"), "-p since="),
        (("sql", "--timeout", "-1", "select 1"), "--timeout 600"),
        (("sql", "--format", "parquet", "select 1"), "parquet"),
        (("migrate", "now"), "no argument"),
    ],
)
def test_refusal_is_one_line_and_exit_two(scrapy, args, says):
    run = scrapy(*args)
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert says in run.stderr


def test_server_that_is_away_is_exit_eight(scrapy):
    run = scrapy("sql", "select 1", url="postgresql://u:s3cret@127.0.0.1:1/x")
    assert run.returncode == 8
    assert "s3cret" not in run.stdout + run.stderr
    assert run.stderr.count("\n") == 1
