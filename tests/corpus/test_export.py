"""Exports as other tools read them, column by column, from both databases."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
from contextlib import closing
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow
import pyarrow.parquet
import pytest

from corpus.columns import to_json
from corpus.export import Export
from corpus.exporting.fields import fields_of, json_in_order
from corpus.exporting.manifest import Manifest, Wanted
from corpus.exporting.places import BadPlace, manifest_path, sha256
from corpus.exporting.tables import TABLES
from corpus.models import Article, table
from corpus.selection import Selection
from corpus.storing import store_articles
from crawler.portals.sections import section_slug
from tests.shelf import HOSTILE, NOW, Shelf, article


@pytest.fixture
def shelf(database_url, tmp_path):
    # A password that the server does not ask for, and that must stand nowhere.
    shelf = Shelf(database_url.replace("titrologue@", "titrologue:s3cret@"), tmp_path)
    shelf.fill()
    yield shelf
    shelf.database.dispose()


def as_exported(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row of the database as Parquet and JSON hold it: JSON as text, its names in order."""
    kinds = {field.name: field.kind for field in fields_of(TABLES[name])}
    return {
        column: json_in_order(to_json(value))
        if kinds[column] == "json" and value is not None
        else value
        for column, value in row.items()
    }


def test_parquet_holds_exactly_what_the_tables_hold(shelf):
    import pandas  # a second and a half, which each worker would spend as it collects

    for name in ("articles", "article_versions", "runs", "reprints", "sources", "photos"):
        manifest = shelf.export(f"{name}.parquet", table=name)
        path = str(shelf.folder / f"{name}.parquet")
        expected = [as_exported(name, row) for row in shelf.rows(name)]
        assert len(expected) == manifest.rows > 0

        frame = pandas.read_parquet(path, dtype_backend="pyarrow")
        read = frame.astype(object).where(frame.notna(), None).to_dict("records")
        assert read == expected

        with duckdb.connect() as duck:
            duck.execute("SET TimeZone = 'UTC'")
            asked = duck.execute("SELECT * FROM read_parquet(?)", [path])
            columns = [column[0] for column in asked.description]
            assert [dict(zip(columns, row, strict=True)) for row in asked.fetchall()] == expected

    schema = pyarrow.parquet.read_schema(shelf.folder / "articles.parquet")
    assert str(schema.field("published_on").type) == "date32[day]"
    assert str(schema.field("fetched_at").type) == "timestamp[us, tz=UTC]"
    assert str(schema.field("warc_offset").type) == "int64"
    assert str(schema.field("truncated").type) == "bool"
    assert str(schema.field("signs").type) == "string"
    written = pyarrow.parquet.ParquetFile(shelf.folder / "articles.parquet").metadata
    assert written.row_group(0).column(0).compression == "ZSTD"


def test_text_files_hold_exactly_what_the_tables_hold(shelf):
    expected = [as_exported("articles", row) for row in shelf.rows()]
    shelf.export("a.jsonl")
    lines = (shelf.folder / "a.jsonl").read_bytes().decode().removesuffix("\n").split("\n")
    read = [json.loads(line) for line in lines]
    assert [list(one) for one in read] == [list(one) for one in expected]
    for got, row in zip(read, expected, strict=True):
        for name, value in row.items():
            assert spoken(got[name], value) == value, name
    shelf.export("a.jsonl.gz")
    assert (
        gzip.decompress((shelf.folder / "a.jsonl.gz").read_bytes()).decode().split("\n")[:-1]
        == lines
    )
    shelf.export("a.jsonl.zst")
    with pyarrow.input_stream(shelf.folder / "a.jsonl.zst", compression="zstd") as packed:
        assert packed.read().decode().split("\n")[:-1] == lines

    shelf.export("a.csv", raw=True)
    path = shelf.folder / "a.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for got, row in zip(rows, expected, strict=True):
        assert {name: text_of(value) for name, value in row.items()} == got
    with duckdb.connect() as duck:
        asked = duck.execute(
            "SELECT id, title, body, author, section FROM read_csv(?, all_varchar = true,"
            " header = true, delim = ',', quote = '\"', escape = '\"', new_line = '\\r\\n',"
            " allow_quoted_nulls = false, strict_mode = false, max_line_size = 10000000)",
            [str(path)],
        )
        names = ("id", "title", "body", "author", "section")
        assert [list(row) for row in asked.fetchall()] == [
            [None if row[name] is None else str(row[name]) for name in names] for row in expected
        ]


def spoken(got: Any, value: Any) -> Any:
    """What JSON says of `value`, as the value it was."""
    if isinstance(got, dict | list):
        return json_in_order(to_json(got))
    if isinstance(value, datetime):
        assert got.endswith("Z")
        return datetime.fromisoformat(got)
    return date.fromisoformat(got) if isinstance(value, date) else got


def text_of(value: Any) -> str:
    """A value as CSV shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        shown = value.isoformat().replace("+00:00", "")
        return f"{shown.rstrip('0') if '.' in shown else shown}Z"
    return str(value)


def test_cells_are_disarmed_unless_told_otherwise(shelf):
    shelf.export("a.csv", columns=("title",), bom=True)
    text = (shelf.folder / "a.csv").read_bytes().decode()
    assert text.startswith("\ufefftitle\r\n")
    cells = [row[0] if row else "" for row in csv.reader(io.StringIO(text[1:], newline=""))][1:]
    for cell, title in zip(cells, HOSTILE, strict=False):
        assert cell in (title, f"'{title}")
        assert cell.lstrip(" \"'")[:1] not in tuple("=+-@＝") or cell.startswith("'")
    assert cells[:9] == [f"'{title}" for title in HOSTILE[:9]]
    assert cells[9:] != [f"'{title}" for title in HOSTILE[9:]]


def test_same_corpus_gives_the_same_bytes_whenever_and_wherever_it_is_asked(shelf, tmp_path):
    for name in ("a.parquet", "a.jsonl", "a.csv.gz"):
        first, second = shelf.export(name), shelf.export(name, force=True)
        assert first.files == second.files
        (file,) = first.files
        path = shelf.folder / name
        assert (file.path, file.sha256, file.bytes) == (name, sha256(path), path.stat().st_size)
    before = shelf.export("b.jsonl").files[0].sha256
    # Out of a copy in the other database's form, too.
    shelf.export("copy.db")
    copied = Shelf(f"sqlite:///{shelf.folder / 'copy.db'}", tmp_path / "exports")
    assert copied.export("b.jsonl").files[0].sha256 == before
    copied.database.dispose()


def test_manifest_says_what_was_exported(shelf):
    chosen = Selection(
        portals=("abamako",), since=date(1970, 1, 1), sources=("L’or",), where="word_count >= 0"
    )
    made = shelf.export("a.parquet", selection=chosen, columns=("id", "title"))
    read = Manifest.read(manifest_path(shelf.folder / "a.parquet"))
    assert read == made
    assert read.wanted == Wanted(selection=chosen, columns=("id", "title"))
    assert read.schema_revision
    assert (read.corpus_revision, read.titrologue, read.rows) == (3, "0", 0)
    assert read.parameters
    assert "word_count >= 0" in read.statement
    assert "s3cret" not in manifest_path(shelf.folder / "a.parquet").read_text()
    everything = shelf.export("b.jsonl", columns=("id",))
    assert everything.rows == len(shelf.rows())
    assert everything.extractor_revisions == {"1": 10, "2.1f3a9c07": 23, "None": 1}


def test_folder_of_parquet_is_read_as_one_table(shelf):
    shelf.export("parts", partition=("portal", "year"))
    parts = sorted(p.relative_to(shelf.folder / "parts") for p in shelf.folder.glob("parts/*/*/*"))
    assert "portal=abamako/year=1/part-0.parquet" in map(str, parts)
    assert "portal=aouaga/year=0/part-0.parquet" in map(str, parts)
    expected = {row["id"]: as_exported("articles", row) for row in shelf.rows()}
    with duckdb.connect() as duck:
        duck.execute("SET TimeZone = 'UTC'")
        pattern = str(shelf.folder / "parts/*/*/*.parquet")
        asked = duck.execute("SELECT * FROM read_parquet(?, hive_partitioning = true)", [pattern])
        columns = [column[0] for column in asked.description]
        read = [dict(zip(columns, row, strict=True)) for row in asked.fetchall()]
    assert len(read) == len(expected)
    for row in read:
        day = row["published_on"]
        assert row.pop("year") == (day.year if day else 0)
        assert row == expected[row["id"]]
    import pandas

    frame = pandas.read_parquet(shelf.folder / "parts")
    assert sorted(frame["id"]) == sorted(expected)
    # Again, over itself; but never over what holds anything else.
    first = shelf.export("parts", partition=("portal", "year"), force=True)
    assert [file.path for file in first.files] == [str(p) for p in parts]
    (shelf.folder / "parts" / "mine.txt").write_text("mine")
    with pytest.raises(BadPlace, match="is a folder that is there already"):
        shelf.export("parts", partition=("portal",), force=True)
    assert (shelf.folder / "parts" / "mine.txt").read_text() == "mine"


def test_answer_gets_the_types_of_its_values(shelf):
    shelf.export(
        "q.parquet",
        query="select number, number * 0.5 as half, title, case when number > 2 then title end as"
        " late, null as void, count(*) over () as n from articles order by number",
    )
    read = pyarrow.parquet.read_table(shelf.folder / "q.parquet")
    kinds = {field.name: str(field.type) for field in read.schema}
    assert kinds == {
        "number": "int64",
        "half": "double",
        "title": "string",
        "late": "string",
        "void": "string",
        "n": "int64",
    }
    assert read.num_rows == len(shelf.rows())
    assert read.column("title").to_pylist()[: len(HOSTILE)] == list(HOSTILE)
    made = shelf.export(
        "p.jsonl",
        query="select id, 100 % 7 as rest from articles where (title like :word or title like"
        " '%Été%') and id > cast(:least as integer) and title not like '%%%:word' order by id",
        parameters={"word": "%été%", "least": "20"},
    )
    assert (shelf.folder / "p.jsonl").read_text() == '{"id":21,"rest":2}\n'
    assert made.wanted.parameters == {"word": "%été%", "least": "20"}
    assert Manifest.read(manifest_path(shelf.folder / "p.jsonl")) == made


def test_crawl_that_writes_meanwhile_does_not_tear_it(shelf):
    expected = [row["title"] for row in shelf.rows()]

    def meddle(rows: int) -> None:
        with shelf.database.writing() as connection:
            connection.execute(table(Article).update().values(title="trop tard"))
            store_articles(connection, [article(900)], {}, NOW)

    for name in ("a.db", "a.jsonl"):
        with shelf.database.writing() as connection:
            for row, title in zip(shelf.rows(), expected, strict=False):
                by_id = table(Article).update().where(table(Article).c.id == row["id"])
                connection.execute(by_id.values(title=title))
        held = len(shelf.rows())
        path = shelf.folder / name
        exporting = Export(shelf.database, Wanted(), path, slug_of=section_slug, version="0")
        exporting.advance = meddle
        assert exporting.run().rows == held
        assert {row["title"] for row in shelf.rows()} >= {"trop tard"}
        if name == "a.jsonl":
            lines = path.read_text("utf-8").split("\n")[:-1]
            titles = [json.loads(line)["title"] for line in lines]
        else:
            with closing(sqlite3.connect(path)) as copy:
                titles = [row[0] for row in copy.execute("SELECT title FROM articles ORDER BY id")]
        assert titles[: len(expected)] == expected
        assert len(titles) == held
