"""A snapshot holds what was chosen and what belongs to it, and opens in others' tools."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest
from sqlalchemy import insert

from corpus.asking import asking
from corpus.database import Database
from corpus.exporting.copying import INDEX, SEARCHED
from corpus.exporting.places import sha256
from corpus.exporting.tables import BELONGS, TABLES
from corpus.models import Tombstone, table
from corpus.selection import Selection
from tests.shelf import NOW, Shelf


@pytest.fixture
def shelf(database_url, tmp_path):
    shelf = Shelf(database_url, tmp_path)
    shelf.fill()
    with shelf.database.writing() as connection:
        gone = {"portal": "abamako", "key": "k", "url": "u", "reason": "r", "forgotten_at": NOW}
        connection.execute(insert(table(Tombstone)), [gone])
    yield shelf
    shelf.database.dispose()


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def test_copy_of_all_holds_every_table_and_opens_as_a_corpus(shelf):
    manifest = shelf.export("all.db")
    path = shelf.folder / "all.db"
    assert manifest.rows == manifest.tables["articles"] == len(shelf.rows())
    assert manifest.extractor_revisions == {"1": 10, "2.1f3a9c07": 23, "None": 1}
    copied = Database(f"sqlite:///{path}", root=shelf.folder)
    copy = object.__new__(Shelf)
    copy.database = copied
    for name in TABLES:
        expected = [] if name == "tombstones" else shelf.canonical(name)
        assert copy.canonical(name) == expected, name
        assert manifest.tables.get(name, 0) == len(expected)

    with asking(copied, "select count(*), sum(edits) from versions") as answer:
        assert [tuple(row) for row in answer.rows] == [(35, 2)]
    copied.dispose()
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
    assert ask(path, "PRAGMA foreign_key_check") == []
    assert ask(path, "PRAGMA journal_mode") == [("delete",)]
    # Asking has not touched it, and left nothing beside it.
    assert manifest.files[0].sha256 == sha256(path)
    assert sorted(p.name for p in shelf.folder.iterdir()) == ["all.db", "all.db.manifest.json"]


def test_copy_of_a_part_holds_what_belongs_to_it(shelf):
    chosen = Selection(until=date(1963, 12, 31))
    shelf.export("part.db", selection=chosen)
    path = shelf.folder / "part.db"
    ids = [row["id"] for row in shelf.rows() if (row["published_on"] or NOW.date()).year <= 1963]
    assert ids == [1, 2, 3]
    assert ask(path, "SELECT id FROM articles ORDER BY id") == [(n,) for n in ids]
    held = {name: ask(path, f"SELECT count(*) FROM {name}")[0][0] for name in BELONGS}
    assert held == {
        "article_versions": 3,
        "article_events": 1,
        "article_sections": 1,
        "sources": 3,
        # That of article 3 is of one which is not here.
        "reprints": 1,
        "runs": 0,
        "sections": 0,
        "pages": 0,
        "photos": 1,
        "revisions": 1,
    }
    assert ask(path, "PRAGMA foreign_key_check") == []


def test_copy_is_searched_without_regard_to_accents(shelf):
    shelf.export("all.db")
    found = "SELECT rowid FROM {0} WHERE {0} MATCH '{1}' ORDER BY rowid".format
    path = shelf.folder / "all.db"
    assert ask(path, found(INDEX, "ete")) == ask(path, found(INDEX, "ÉTÉ")) == [(21,)]
    assert ask(path, found(INDEX, "author: formule")) == []
    assert len(ask(path, found(INDEX, "suite"))) == 9
    indexed = ask(path, f"SELECT sql FROM sqlite_master WHERE name = '{INDEX}'")[0][0]
    assert all(name in indexed for name in SEARCHED)


@contextmanager
def datasette(path: Path):
    """A real Datasette that serves a file; yields what gets its pages."""
    command = [sys.executable, "-u", "-m", "datasette", "serve", str(path), "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=path.parent
    )
    opener = build_opener(ProxyHandler({}))
    try:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        found = (re.search(r"running on (http:\S+)", line) for line in lines)
        address = next(match[1] for match in found if match)
        yield lambda page: opener.open(f"{address}{page}", timeout=30).read().decode()
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_copy_opens_in_datasette(shelf):
    shelf.export("all.db")
    with datasette(shelf.folder / "all.db") as get:
        tables = json.loads(get("/all.json"))
        names = {one["name"]: one for one in tables["tables"]}
        assert names["articles"]["count"] == len(shelf.rows())
        assert names["articles"]["fts_table"] == INDEX
        assert {view["name"] for view in tables["views"]} >= {"versions", "coverage"}
        found = json.loads(get("/all/articles.json?_search=ete&_shape=array"))
        assert [one["id"] for one in found] == [21]
        assert json.loads(found[0]["flags"])[0] == "weekday"
        page = get("/all/articles?_search=formule&_facet=portal")
        assert "<script>alert(1)</script>" not in get("/all/articles?_size=100")
        assert 'name="_search"' in page
