"""`scrapy verify` as a person uses it: an archive that is sound, one that is not, and one page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.reparse import build
from corpus.database import Database
from demo.pages import Response
from demo.server import Replica
from tests.crawls import ROOT, Desk, desk
from tests.handmade import Handmade, article_page

TITLE = "Le pont \x1b[31mrouge\u202e de Kayes"
ADDRESS = "http://news.abamako.com/h/101.html"


def execute(d: Desk, statement: str) -> None:
    database = Database(d.url, root=ROOT)
    with database.writing() as connection:
        connection.exec_driver_sql(statement)
    database.dispose()


def verify(d: Desk, *arguments: str, code: int = 0) -> list[str]:
    """Run it; the lines it printed."""
    ran = d.scrapy("verify", *arguments)
    # On a busy machine its progress may be told on standard error.
    assert (ran.returncode, "Traceback" in ran.stderr) == (code, False), ran.stdout + ran.stderr
    return ran.stdout.splitlines()


@pytest.fixture
def crawled(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    """Three articles, of which one was edited, and a page that was none."""
    site = Handmade()
    site.articles("Politique", range(100, 103))
    site.list("Politique", site.put("/h/90.html", Response(200, b"%PDF-1.7 rien", {})))
    with desk(site, database_url, tmp_path) as d:
        assert d.crawl() == 0
        edited = article_page(TITLE, body="Il ferme.")
        edited.headers["X-Odd"] = "a\x1b[2Jb"
        edited.headers["Set-Cookie"] = "session=secret"
        edited.headers["X-Where"] = "http://user:hunter2@example.org/"
        site.put("/h/101.html", edited)
        execute(d, "update pages set due_at = discovered_at where number = 101")
        assert d.crawl("-a", "strategy=refresh") == 0
        yield d


def test_sound_archive_and_the_custody_of_one_page(crawled: Desk) -> None:
    d = crawled
    # Three articles, an edit, and the page that was none.
    assert verify(d) == ["abamako: 5 records checked, 0 faults"]
    told = verify(d, ADDRESS)
    text = "\n".join(told)
    assert not any(sign in text for sign in ("\x1b", "\u202e", "secret", "hunter2"))
    (row,) = d.rows("select * from articles where number = 101")
    for part in (
        "state    stored",
        "request  GET /h/101.html HTTP/1.1",
        "    Host: news.abamako.com",
        "response  status 200",
        "    X-Odd: a�[2Jb",
        "    Set-Cookie: ***",
        f"bytes, {row['warc_digest']}",
        f"{row['warc_file']}, byte {row['warc_offset']}, {row['warc_length']} bytes",
        "<urn:uuid:",
        f"extractor {row['extractor_revision']}, knowledge 0",
    ):
        assert part in text, part
    causes = [line.split()[:2] for line in told if line[:1].isdigit()]
    assert causes == [["1", "site"], ["2", "site"]]
    assert told[-1] == "checked  every record agrees with its digests and with the database"
    none = verify(d, "http://news.abamako.com/h/90.html")
    assert "state    rejected: content_type" in none

    for arguments, words in (
        (["nulle-part"], "no portal 'nulle-part'"),
        (["http://news.abamako.com/h/7.html"], "never discovered"),
        (["abamako", "--jobs", "nul"], "--jobs nul: a whole number"),
    ):
        refused = d.scrapy("verify", *arguments)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert words in refused.stderr
        assert refused.stderr.count("\n") == 1


def test_every_kind_of_fault_is_one_line_and_ends_10(crawled: Desk) -> None:
    d = crawled
    rows = d.rows("select * from article_versions order by article_id, version")
    files = {row["warc_file"] for row in rows}
    assert len(files) == 2
    (edit,) = (row for row in rows if row["version"] == 2)
    (d.folder / "archive" / edit["warc_file"]).unlink()
    first = rows[0]
    path = d.folder / "archive" / first["warc_file"]
    data = bytearray(path.read_bytes())
    data[first["warc_offset"] + first["warc_length"] // 2] ^= 0xFF
    path.write_bytes(data)
    others = [row for row in rows if row["version"] == 1 and row is not first]
    for table, key in (("articles", "id"), ("article_versions", "article_id")):
        which = f"{key} = {others[0]['article_id']} and version = 1"
        execute(d, f"update {table} set warc_digest = 'sha1:X' where {which}")
        which = f"{key} = {others[1]['article_id']} and version = 1"
        execute(d, f"update {table} set warc_length = warc_length - 1 where {which}")
    told = verify(d, "abamako", code=10)
    text = "\n".join(told)
    assert told[-1].endswith(" records checked, 4 faults")
    assert len(told) == 5
    assert "No such file or directory" in text
    assert "the payload has another digest than the database says" in text
    assert "no whole gzip member" in text
    told = verify(d, ADDRESS, code=10)
    assert any(line.startswith("fault  ") and edit["warc_file"] in line for line in told)


def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'corpus.db'}"
    build(tmp_path, 300)
    with Replica([]) as replica:
        d = Desk(replica, url, tmp_path)
        (file,) = (tmp_path / "archive").rglob("*.warc.gz")
        data = file.read_bytes()
        file.write_bytes(data[: len(data) * 9 // 10])
        one = verify(d, "--jobs", "1", code=10)
        two = verify(d, "--jobs", "2", code=10)
        assert sorted(one) == sorted(two)
        assert 20 < len(one) < 60
