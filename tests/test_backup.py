"""A back-up made in the middle of a crawl, by the commands of docs/operations.md: restored
elsewhere, the crawl goes on there with nothing lost and nothing doubled."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.archive_reading import read_page
from corpus.warc.captures import WarcPlace
from tests.conftest import PostgresServer
from tests.crawls import ROOT, Desk, desk, light_portal

FIELDS = ("title", "published_on", "source", "section", "body", "content_hash")


def documented() -> dict[str, dict[str, str]]:
    """The blocks of the chapter: database → `back up`, `restore` → shell."""
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    chapter = text.split("\n## Back-up and restore\n")[1].split("\n## ")[0]
    sqlite, postgresql, sqlite_back, postgresql_back = re.findall(
        r"^```sh\n(.*?)^```$", chapter, re.MULTILINE | re.DOTALL
    )
    return {
        "sqlite": {"back up": sqlite, "restore": sqlite_back},
        "postgresql": {"back up": postgresql, "restore": postgresql_back},
    }


def shell(block: str, folder: Path, url: str, postgres: PostgresServer | None) -> None:
    """Run a block as a person would, in the project's folder."""
    binaries = f"{postgres.binaries}{os.pathsep}" if postgres else ""
    done = subprocess.run(
        ["bash", "-euc", block.replace(".venv/bin/python", shlex.quote(sys.executable))],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{binaries}{os.environ['PATH']}",
            "DATABASE": url.replace("+psycopg", ""),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def content(d: Desk) -> dict[object, dict[str, object]]:
    return {key: {f: row[f] for f in FIELDS} for key, row in d.articles().items()}


def readable(d: Desk) -> int:
    """Archived pages that are where their rows say; raises for one that is not."""
    rows = d.rows("select warc_file, warc_offset, warc_length, warc_digest from articles")
    for row in rows:
        page = read_page(d.folder / "archive", WarcPlace(*row.values()))
        assert page.body
    return len(rows)


@pytest.mark.parametrize("when", ["during", "after"])
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_restored_corpus_crawls_on_with_nothing_lost_or_doubled(
    database: str, when: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    postgres: PostgresServer | None = None
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    urls = [f"sqlite:///{folder / 'corpus.db'}" for folder in (here, there)]
    if database == "postgresql":
        postgres = request.getfixturevalue("postgres")
        assert postgres is not None
        urls = [postgres.create_database(empty=empty) for empty in (False, True)]
    world = light_portal("backup", "abamako", 90)
    with desk(world, urls[0], here) as d:
        if when == "during":
            process = d.start()
            while process.poll() is None and len(d.article_hits()) < 40:
                time.sleep(0.005)
            assert process.poll() is None
        else:
            assert d.crawl("-a", "limit=60") == 0
        shell(documented()[database]["back up"], here, urls[0], postgres)
        if when == "during":
            assert process.wait(240) == 0
        else:
            assert d.crawl() == 0
        d.balance()
        whole = content(d)
        assert len(whole) == 90
    (here / "backup").rename(there / "backup")
    shell(documented()[database]["restore"], there, urls[1], postgres)
    with desk(world, urls[1], there) as restored:
        held = len(restored.articles())
        assert readable(restored) == held
        if when == "after":
            assert held == 60
        world.publish(3)
        assert restored.crawl() == 0
        assert len(restored.article_hits()) == 93 - held
        assert {k: v for k, v in content(restored).items() if k in whole} == whole
        assert len(restored.articles()) == readable(restored) == 93
        ended = restored.rows("select exit_code from runs order by id")
        assert [row["exit_code"] for row in ended] == [None if when == "during" else 0, 0]
