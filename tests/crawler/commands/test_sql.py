"""`scrapy sql` and `scrapy migrate` as a user runs them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from corpus.schema import head
from crawler.commands.sql import safe_cell
from tests.commands import run_scrapy

ROOT = Path(__file__).parents[3]


@pytest.fixture
def scrapy(tmp_path):
    def run(*args, url=f"sqlite:///{tmp_path}/corpus.db"):
        return run_scrapy(*args, env={**os.environ, "CORPUS_URL": url})

    return run


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", " =", "'=", '"='])
def test_cell_that_looks_like_a_formula_is_disarmed(start):
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("value", ["plain", "", "a=b", -5, 1.5, None])
def test_other_cells_are_left_alone(value):
    assert safe_cell(value) == value


def test_migrate_then_ask_in_every_format(scrapy):
    assert f"empty → {head()}" in scrapy("migrate").stdout
    assert f"up to date at {head()}" in scrapy("migrate").stdout
    assert scrapy("sql", "select '=1' as a, 2 as b").stdout.split() == ["a", "b", "=1", "2"]
    assert scrapy("sql", "--format", "csv", "select '=1' as a, 2 as b").stdout == "a,b\n'=1,2\n"
    said = scrapy("sql", "--format", "json", "select '=1' as a, 2 as b").stdout
    assert json.loads(said) == [{"a": "=1", "b": 2}]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("sql", "delete from runs"), "begins with 'delete'"),
        (("sql",), "one statement"),
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
