"""`scrapy portals` as its users type it, with and without a corpus."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from corpus.database import Database
from corpus.models import Section
from crawler.portals.base import portals
from tests.commands import run_scrapy

ROOT = Path(__file__).parents[3]


def run(*args: str, corpus: Path) -> subprocess.CompletedProcess[str]:
    return run_scrapy("portals", *args, env={**os.environ, "CORPUS_URL": f"sqlite:///{corpus}"})


def test_every_portal_is_shown_without_a_database_and_none_is_made(tmp_path: Path) -> None:
    done = run(corpus=tmp_path / "corpus.db")
    assert (done.returncode, done.stderr) == (0, "")
    header, *rows = done.stdout.splitlines()
    assert header.split()[:3] == ["name", "country", "host"]
    assert [row.split()[0] for row in rows] == list(portals())
    assert not (tmp_path / "corpus.db").exists()


def test_sections_of_one_portal_are_shown_with_their_state(tmp_path: Path) -> None:
    file = tmp_path / "corpus.db"
    database = Database(f"sqlite:///{file}", root=ROOT)
    database.prepare()
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    row = {"portal": "abamako", "sign": "label", "discovered_at": now}
    rows = [
        {**row, "slug": "sport", "label": "Sport", "url": "http://sports.abamako.com/",
         "state": "no_listing", "last_walked_at": None},
        {**row, "slug": "politique", "label": "Politique", "state": "listing",
         "url": "http://news.abamako.com/politique", "last_walked_at": now},
    ]  # fmt: skip
    with database.writing() as connection:
        connection.execute(insert(Section), rows)
    database.dispose()
    text = run("abamako", corpus=file).stdout
    assert "Africa/Bamako" in text
    table = text.partition("\n\n")[2].splitlines()[1:]
    listed = [line.split() for line in table]
    assert [line[0] for line in listed] == ["politique", "sport"]
    assert listed[0][2:5] == ["listing", "label", "2026-11-20T12:00:00Z"]
    record = json.loads(run("--json", "abamako", corpus=file).stdout)
    assert record["articles"] == 0
    assert [section["slug"] for section in record["sections"]] == ["politique", "sport"]


def test_portal_without_known_sections_says_how_they_are_found(tmp_path: Path) -> None:
    done = run("aouaga", corpus=tmp_path / "corpus.db")
    assert done.returncode == 0
    assert "scrapy crawl aouaga" in done.stdout


def test_unknown_portal_is_one_line_with_the_choices_and_exit_2(tmp_path: Path) -> None:
    done = run("abamaco", corpus=tmp_path / "corpus.db")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "did you mean abamako?" in done.stderr


def test_portals_are_shown_beside_a_database_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "corpus.db"
    file.write_bytes(b"no database at all, but longer than a header" * 40)
    done = run(corpus=file)
    assert done.returncode == 0
    assert "abamako" in done.stdout
    assert "damaged" in done.stderr
