"""`scrapy export` as a user runs it."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from tests.commands import Command, run_scrapy
from tests.shelf import Shelf


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    root = tmp_path_factory.mktemp("shelf")
    shelf = Shelf(f"sqlite:///{root / 'corpus.db'}", root)
    shelf.fill()
    yield shelf
    shelf.database.dispose()


@pytest.fixture
def export(shelf, tmp_path):
    def run(*args, url=shelf.url, **options):
        environment = {**os.environ, "CORPUS_URL": url, **options}
        return run_scrapy("export", *args, env=environment)

    return run


def test_articles_are_chosen_by_every_option(export, shelf, tmp_path):
    out = tmp_path / "out.jsonl"
    ran = export(
        *(str(out), "--portal", "abamako", "--since", "2019", "--until", "2020-05"),
        *("--columns", "title,id", "--where", "title like 'Titre 1%' -- those"),
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"{out}: 4 rows, 0.0 MB; manifest: {out}.manifest.json")
    assert out.read_text("utf-8").splitlines() == [
        '{"title":"Titre 100","id":25}',
        '{"title":"Titre 103","id":28}',
        '{"title":"Titre 104","id":29}',
        '{"title":"Titre 106","id":31}',
    ]
    manifest = json.loads(Path(f"{out}.manifest.json").read_text())
    assert manifest["wanted"]["selection"]["since"] == "2019-01-01"
    assert manifest["rows"] == 4
    refused = export(str(out))
    assert refused.returncode == 2
    assert "is there already; give another name, or --force" in refused.stderr
    empty = export(str(out), "--section", "nulle-part", "--force")
    assert (empty.returncode, empty.stderr.count("\n")) == (0, 1)
    assert "nothing is chosen" in empty.stderr
    assert out.read_bytes() == b""
    versions = export(str(tmp_path / "v.csv"), "--table", "article_versions", "--since", "2024-04")
    assert ": 2 rows" in versions.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "out.jsonl",
        "out.jsonl.manifest.json",
        "v.csv",
        "v.csv.manifest.json",
    ]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "one file"),
        (("a.parquet", "b.parquet"), "one file"),
        (("a.xlsx",), "its end says the format"),
        (("a",), "its end says the format"),
        (("a.parquet.gz",), "its end says the format"),
        (("nowhere/a.csv",), "is no folder; make it first"),
        (("a\x00.csv",), "is no name for a file"),
        (("a" * 245 + ".csv",), "cannot be the name of a file"),
        (("a" * 300 + ".csv",), "is no name for a file"),
        (("a.csv", "--since", "31/02/2024"), "--since 31/02/2024: no day"),
        (("a.csv", "--portal", "abamakko"), "did you mean abamako?"),
        (("a.csv", "--where", "1 = 1) union select 1 --"), "--where: "),
        (("a.csv", "--where", "titel = 1"), "--where: no such column: titel"),
        (("a.csv", "--where", "abs(-9223372036854775808) = 1"), "integer overflow"),
        (("a.csv", "--table", "sqlite_master"), "--table sqlite_master: choose from"),
        (("a.csv", "--table", "tombstones", "--since", "2020"), "has no articles to choose by"),
        (("a.csv", "--columns", "id,titel"), "--columns titel: articles has id, portal"),
        (("a.csv", "--columns", "id,id"), "one is named twice"),
        (("a.csv", "--columns", ","), "--columns is empty"),
        (("a.csv", "--query", "delete from articles"), "begins with 'delete'"),
        (("a.csv", "--query", "select 1; select 2"), "one statement"),
        (("a.csv", "--query", "select 1 as a, 2 as a"), "two columns are called a"),
        (("a.csv", "--query", "select 1", "--since", "2020"), "leave the other choices out"),
        (("a.db", "--query", "select 1"), "copy of the tables"),
        (("a.db", "--columns", "id"), "copy of all tables"),
        (("a", "--partition", "year,portal,year"), "choose from portal, year and month"),
        (("a", "--partition", "month"), "month behind year"),
        (("a", "--partition", "portal", "--table", "pages"), "--partition is for articles"),
        (("a.parquet", "--raw"), "--raw and --bom are for .csv"),
        (("--frobnicate", "a.csv"), "no such option"),
    ],
)
def test_refusal_is_one_line_and_leaves_nothing(export, tmp_path, args, says):
    folder = tmp_path / "empty"
    folder.mkdir()
    given = [
        str(folder / arg) if arg.startswith(("a", "b", "nowhere")) else arg for arg in args[:2]
    ]
    ran = export(*given, *args[2:]) if args else export()
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.count("\n") == 1
    assert says in ran.stderr
    assert list(folder.iterdir()) == []


def test_only_parquet_and_zstd_need_pyarrow(export, tmp_path):
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "pyarrow.py").write_text("raise ImportError")
    for name in ("a.parquet", "a.csv.zst"):
        ran = export(str(tmp_path / name), PYTHONPATH=str(tmp_path / "without"))
        assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
        assert "pip install 'titrologue[export]'" in ran.stderr
    for name in ("a.jsonl", "a.csv.gz", "a.db"):
        ran = export(str(tmp_path / name), PYTHONPATH=str(tmp_path / "without"))
        assert (ran.returncode, ran.stderr) == (0, "")


def test_signal_ends_it_with_nothing_left(shelf, tmp_path):
    endless = "with recursive n (i) as (select 1 union all select i + 1 from n) select i from n"
    folder = tmp_path / "out"
    folder.mkdir()
    for number, code in ((signal.SIGTERM, 11), (signal.SIGINT, 11), (signal.SIGKILL, -9)):
        command = Command(
            ("export", str(folder / "a.csv"), "--query", endless),
            env={**os.environ, "CORPUS_URL": shelf.url},
            out=tmp_path / "log",
        )
        try:
            while not list(folder.glob(".a.csv.*.lock")):
                assert command.poll() is None
            command.send_signal(number)
            assert command.wait(30) == code
        finally:
            command.kill()
        assert list(folder.iterdir()) == [] or code == -9
    told = "scrapy export: stopped; nothing was left half\n"
    assert (tmp_path / "log").read_text() == 2 * told


def test_damaged_corpus_is_told_and_not_exported_in_part(shelf, export, tmp_path):
    damaged = tmp_path / "damaged.db"
    shelf.export("whole.db")
    content = bytearray((shelf.folder / "whole.db").read_bytes())
    middle = content.index(b"Et sa suite.") // 4096 * 4096
    content[middle : middle + 4096] = b"\x7f" * 4096
    damaged.write_bytes(content)
    for name in ("a.jsonl", "a.db"):
        ran = export(str(tmp_path / name), url=f"sqlite:///{damaged}")
        assert (ran.returncode, ran.stderr.count("\n")) == (3, 1)
        assert "is damaged" in ran.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["damaged.db"]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.jsonl", ("--until", "2024")),
        ("a.csv.gz", ("--query", "select id, title, body from articles order by id")),
        ("a.parquet", ("--columns", "id,title,last_seen_at")),
        ("a", ("--partition", "portal,year")),
        ("a.db", ("--where", "id < 20")),
    ],
)
def test_export_is_made_again_from_its_manifest(export, shelf, tmp_path, name, options):
    own = Shelf(f"sqlite:///{tmp_path / 'own.db'}", tmp_path)
    own.fill()
    out = tmp_path / name
    manifest = f"{out}.manifest.json"
    assert export(str(out), *options, url=own.url).returncode == 0
    rows = json.loads(Path(manifest).read_text())["rows"]
    again = export("--again", manifest, url=own.url)
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.startswith(f"{name}: the same")
    assert f"{rows} rows" in again.stdout

    with own.database.writing() as connection:
        connection.exec_driver_sql("UPDATE articles SET title = 'autre' WHERE id IN (1, 2)")
    other = tmp_path / f"b{name[1:]}"
    differs = export("--again", manifest, str(other), url=own.url)
    assert differs.returncode == 10
    told = f"{name}: differs: {rows} rows then, {rows} now; 2 of then are gone or other, 2 of now "
    assert differs.stdout.startswith(told)
    assert other.exists()
    out.rename(tmp_path / "moved")
    lost = export("--again", manifest, url=own.url)
    assert (lost.returncode, "is not there to be compared" in lost.stdout) == (10, True)
    kept = [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]
    assert kept == []
    own.database.dispose()


def test_manifest_that_is_none_is_told(export, tmp_path):
    manifest = tmp_path / "m.json"
    for text in ("", "[]", "{}", '{"manifest": 2}', '{"manifest": 1, "wanted": {}}'):
        manifest.write_text(text)
        ran = export("--again", str(manifest))
        assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
        assert "--again: " in ran.stderr
    both = export("--again", str(manifest), "--since", "2020")
    assert (both.returncode, "the manifest says what" in both.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]


def test_corpus_that_is_not_there_or_away_is_told(export, tmp_path):
    missing = export(str(tmp_path / "a.csv"), url=f"sqlite:///{tmp_path / 'none.db'}")
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)
    away = export(str(tmp_path / "a.csv"), url="postgresql://u:s3cret@127.0.0.1:1/x")
    assert (away.returncode, away.stderr.count("\n")) == (8, 1)
    assert "s3cret" not in away.stdout + away.stderr
    full = export(str(tmp_path / "a.csv"), MIN_FREE_MB="1000000000")
    refusing = export("/sys/a.csv")
    assert (refusing.returncode, refusing.stderr.count("\n")) == (3, 1)
    assert (full.returncode, full.stderr.count("\n")) == (3, 1)
    assert list(tmp_path.iterdir()) == []
