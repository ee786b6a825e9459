"""The tour of `make demo`, run as a newcomer runs it, and what it must never touch."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from demo.tour import MARK

ROOT = Path(__file__).parents[2]


def demo(folder: Path, command: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("CORPUS_URL", "ARCHIVE_DIR")}
    return subprocess.run(
        [sys.executable, "-m", "demo", command],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT), **more},
        capture_output=True,
        encoding="utf-8",
        timeout=170,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "scrapy.cfg", tmp_path)
    return tmp_path


def test_tour_crawls_shows_and_goes_on_and_is_cleaned_up(project):
    theirs = project / "corpus.db.mine.txt"
    theirs.write_text("kept")
    failed = demo(project, "tour", MAX_FAILED_RATIO="0")
    assert failed.returncode == 12, failed.stderr
    assert failed.stderr.endswith("demo: stopped, exit 12; the log is corpus.db.demo.log\n")
    assert "Articles by section" not in failed.stdout
    # The page that was cut off is whole the second time; the third time nothing is left to fetch.
    second = demo(project, "tour", CORPUS_URL="sqlite:///elsewhere.db")
    assert second.returncode == 0, second.stderr
    assert "talks to itself" in second.stdout.split("\n")[0]
    for line in ("Politique ", "L’Essor ", "2026-10 ", "redirect_offsite", "scrapy why http"):
        assert line in second.stdout
    assert "10 listings read, 1 article(s) fetched, 1 new" in second.stdout
    assert "CORPUS_URL is set here" in second.stdout
    assert not (project / "elsewhere.db").exists()
    third = demo(project, "tour")
    assert third.returncode == 0, third.stderr
    assert "10 listings read, 0 article(s) fetched, 0 new" in third.stdout

    with sqlite3.connect(project / "corpus.db") as connection:
        connection.execute(
            "update articles set url = 'http://news.abamako.com/h/1.html' where id = 1"
        )
    connection.close()
    for command in ("tour", "clean"):
        refused = demo(project, command)
        assert refused.returncode == 2
        assert refused.stderr.count("\n") == 1
        assert "1 other article(s), such as news.abamako.com/h/1.html" in refused.stderr
    with sqlite3.connect(project / "corpus.db") as connection:
        connection.execute("delete from pages where article_id = 1")
        connection.execute("delete from article_sections where article_id = 1")
        connection.execute("delete from article_versions where article_id = 1")
        connection.execute("delete from articles where id = 1")
    connection.close()
    assert demo(project, "clean").returncode == 0
    assert sorted(path.name for path in project.iterdir()) == [theirs.name, "scrapy.cfg"]


@pytest.mark.parametrize("name", ["corpus.db", "archive"])
def test_tour_leaves_alone_what_it_did_not_make(project, name):
    (project / name).write_text("mine")
    refused = demo(project, "tour")
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"demo: {name} is here and not the demo's; move it away")
    assert refused.stderr.count("\n") == 1
    assert demo(project, "clean").returncode == 0
    assert (project / name).read_text() == "mine"
    assert not (project / MARK).exists()
