"""`scrapy import-warc` as a person uses it: files of others into the corpus."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from corpus.archive import WarcPlace
from corpus.archive_reading import ArchivedPage, NotInArchive, read_page, read_request
from corpus.database import Database
from corpus.locks import PortalLock
from demo.pages import Response
from tests.commands import ROOT, Command, run_scrapy
from tests.crawls import Desk, desk
from tests.handmade import NEWS, Handmade, article_page
from tests.warcs import Records, arc, heritrix, wacz

PLACE = "warc_file, warc_offset, warc_length, warc_digest"
TABLES = ("articles", "article_versions", "article_events", "article_sections", "pages")
OLD = "2024-03-30T09:00:00Z"


@dataclass
class Corpus:
    """A corpus in a folder, and what is imported into it."""

    url: str
    folder: Path

    def environment(self) -> dict[str, str]:
        archive = str(self.folder / "archive")
        return {
            **os.environ,
            "CORPUS_URL": self.url,
            "ARCHIVE_DIR": archive,
            "COLUMNS": "200",
            "SEARCH_DIR": f"{archive}.search",
        }

    def scrapy(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run_scrapy(*arguments, env=self.environment())

    def take(self, *arguments: Any, code: int = 0) -> str:
        """Import; what it printed, both streams."""
        ran = self.scrapy("import-warc", *map(str, arguments))
        told = ran.stdout + ran.stderr
        assert (ran.returncode, "Traceback" in told) == (code, False), told
        return told

    def rows(self, sql: str) -> list[dict[str, Any]]:
        database = Database(self.url, root=ROOT)
        try:
            with database.reading() as connection:
                return [dict(row) for row in connection.exec_driver_sql(sql).mappings()]
        finally:
            database.dispose()

    def numbers(self) -> list[int]:
        return [row["number"] for row in self.rows("select number from articles order by number")]

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        return {name: self.rows(f"select * from {name} order by 1, 2") for name in TABLES}

    def kept(self, number: int) -> tuple[WarcPlace, ArchivedPage]:
        (row,) = self.rows(f"select {PLACE} from articles where number = {number}")
        place = WarcPlace(*row.values())
        return place, read_page(self.folder / "archive", place)


@pytest.fixture
def corpus(sqlite_url: str, tmp_path: Path) -> Corpus:
    return Corpus(sqlite_url, tmp_path)


def day(value: Any) -> str:
    """The day of a time, on either database."""
    return str(value)[:10]


def test_captures_come_in_by_their_dates_and_a_second_time_changes_nothing(
    database_url: str, tmp_path: Path
) -> None:
    corpus = Corpus(database_url, tmp_path)
    records = Records()
    records.article(100, "2025-01-01T00:00:00Z", "Le pont est ouvert, dit la mairie. " * 20)
    hier = article_page("Nouvelle n° 101 du quartier", line="Publié hier à 18h02 | L’Essor")
    asked = records.put(
        f"http://{NEWS}/h/101.html",
        b"",
        OLD,
        kind="request",
        status="/h/101.html HTTP/1.1",
        protocol="GET",
        http=[("Host", NEWS), ("User-Agent", "otherbot"), ("Cookie", "secret=1")],
    )
    records.put(f"https://{NEWS}/h/101.html", hier.body, OLD, warc={"WARC-Concurrent-To": asked})
    records.article(100, "2023-01-01T00:00:00Z", "Le pont est fermé, dit la mairie. " * 20)
    records.article(100, "2024-01-01T00:00:00.25Z", "Le pont sera ouvert, dit-on. " * 20)
    records.article(102, OLD, warc={"WARC-Truncated": "length"})
    records.put(f"http://{NEWS}/h/103.html", b"Introuvable", OLD, status="404 Not Found")
    records.put("http://elsewhere.example/a", b"<html>", OLD)
    file = records.save(tmp_path / "crawl.warc.gz")

    told = corpus.take(file, "--dry-run")
    assert "2 new; 2 newer than what is held; 2 skipped (truncated 1, http_404 1)" in told
    assert "nothing was written" in told
    assert not (tmp_path / "archive").exists()

    told = corpus.take(file)
    assert "abamako: 6 answers: 2 new; 2 changed; 2 skipped" in told
    assert "other hosts, left out: 1 (elsewhere.example 1)" in told
    versions = corpus.rows(
        "select version, cause, fetched_at, body from article_versions where article_id ="
        " (select id from articles where number = 100) order by version"
    )
    assert [(day(v["fetched_at"]), v["cause"], v["body"][8:15]) for v in versions] == [
        ("2023-01-01", "site", "est fer"),
        ("2024-01-01", "site", "sera ou"),
        ("2025-01-01", "site", "est ouv"),
    ]
    article, other = corpus.rows("select * from articles order by number")
    assert [day(article[n]) for n in ("first_seen_at", "last_seen_at", "fetched_at")] == [
        "2023-01-01", "2025-01-01", "2025-01-01",
    ]  # fmt: skip
    assert day(other["published_on"]) == "2024-03-29"
    (run,) = corpus.rows("select * from runs")
    assert (run["strategy"], run["stored"], run["changed"], run["exit_code"]) == ("import", 2, 2, 0)
    pages = corpus.rows("select * from pages order by number")
    assert [page["state"] for page in pages] == ["stored", "stored"]
    assert all("import:crawl.warc.gz" in str(page["found_by"]) for page in pages)
    assert {article["run_id"], pages[0]["run_id"]} == {run["id"]}

    # An edit of last year is no edit of today: the article is not young again.
    (due,) = corpus.rows("select due_at, settled_at from pages where number = 100")
    assert _time(due["due_at"]) - _time(due["settled_at"]) > timedelta(days=100)

    place, kept = corpus.kept(101)
    assert (kept.body, kept.fetched_at) == (hier.body, datetime(2024, 3, 30, 9, tzinfo=UTC))
    request = read_request(tmp_path / "archive", place)
    assert ("User-Agent", "otherbot") in request.headers
    assert "secret" not in str(request.headers)
    # Nobody knows what was asked for the other one, and nothing is made up.
    with pytest.raises(NotInArchive):
        read_request(tmp_path / "archive", corpus.kept(100)[0])

    # The chain of custody leads to the file.
    told = corpus.scrapy("verify", f"http://{NEWS}/h/100.html").stdout
    assert "request  not known: it was imported without one" in told
    assert "imported from  crawl.warc.gz, record <urn:uuid:" in told
    assert corpus.scrapy("verify", "--jobs", "1").returncode == 0

    before = corpus.dump()
    assert "4 no newer than what is held" in corpus.take(file)
    assert corpus.dump() == before
    # What was imported can be read again, and is read the same.
    assert "nothing is read otherwise" in corpus.scrapy("reparse", "--all", "--jobs", "1").stdout
    # A crawl is judged by crawls.
    assert "no run of 'abamako'" in corpus.scrapy("check", "abamako").stderr
    assert "import" in corpus.scrapy("runs").stdout


def _time(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


@pytest.fixture
def held(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """A corpus crawled today: 100 to 103; 102 was there and is gone, 109 never was."""
    site = Handmade()
    site.articles("Politique", range(100, 104))
    site.list("Politique", f"http://{NEWS}/h/109.html")
    with desk(site, sqlite_url, tmp_path) as d:
        assert d.crawl() == 0
        site.put("/h/102.html", Response(404, b"", {"Content-Type": "text/html"}))
        database = Database(d.url, root=ROOT)
        with database.writing() as connection:
            connection.exec_driver_sql("update pages set due_at = discovered_at where number = 102")
        database.dispose()
        assert d.crawl("-a", "strategy=refresh") == 0
        yield d


def test_what_is_held_is_not_overwritten_by_what_was_there_before(
    held: Desk, tmp_path: Path
) -> None:
    corpus = Corpus(held.url, tmp_path)
    before = corpus.dump()
    archived = sorted((tmp_path / "archive").rglob("*.warc.gz"))
    records = Records()
    records.article(100, OLD, "Un texte d’autrefois. " * 30)
    records.article(102, OLD, "Un texte d’autrefois. " * 30)
    records.article(109, OLD, "Un texte d’autrefois. " * 30)
    canonical = f'<link rel="canonical" href="http://{NEWS}/h/103.html">'
    page = article_page("Nouvelle n° 103 du quartier", body="Ancien. " * 40, head=canonical)
    records.put("http://sports.abamako.com/h/103.html", page.body, OLD)
    told = corpus.take(records.save(tmp_path / "old.warc.gz"))
    assert "1 new; 3 no newer than what is held" in told

    after = corpus.dump()
    was = {row["number"]: row for row in before["articles"]}
    now = {row["number"]: row for row in after["articles"]}
    for number in (100, 102, 103):
        assert day(now[number].pop("first_seen_at")) == "2024-03-30"
        was[number].pop("first_seen_at")
        assert now[number] == was[number]
    assert now[101] == was[101]
    assert now[102]["gone_at"] is not None
    assert after["article_events"] == before["article_events"]
    assert len(after["article_versions"]) == len(before["article_versions"]) + 1
    # The site did not have it when it was asked: the next refresh looks at once.
    (page,) = corpus.rows("select state, due_at, settled_at from pages where number = 109")
    assert (page["state"], page["due_at"]) == ("stored", page["settled_at"])
    # Of what became no version nothing is copied.
    (new,) = set((tmp_path / "archive").rglob("*.warc.gz")) - set(archived)
    assert gzip.decompress(new.read_bytes()).count(b"WARC-Type: response") == 1

    silent = held.scrapy("history").stdout
    assert "/h/10" not in silent


def test_what_is_newer_than_what_is_held_is_a_visit(held: Desk, tmp_path: Path) -> None:
    corpus = Corpus(held.url, tmp_path)
    now = datetime.now(UTC).isoformat()
    records = Records()
    records.article(100, now, "La mairie se reprend. " * 30)
    same = article_page("Nouvelle n° 101 du quartier")
    records.put(f"http://{NEWS}/h/101.html", same.body, now)
    records.article(102, now, "De retour. " * 60)
    canonical = f'<link rel="canonical" href="http://{NEWS}/h/103.html">'
    page = article_page("Nouvelle n° 103 du quartier", body="Neuf. " * 60, head=canonical)
    records.put("http://sports.abamako.com/h/103.html", page.body, now)
    told = corpus.take(records.save(tmp_path / "new.warc.gz"))
    assert "3 changed; 1 unchanged" in told
    articles = corpus.rows("select number, version, gone_at from articles order by number")
    assert [tuple(row.values()) for row in articles] == [
        (100, 2, None), (101, 1, None), (102, 2, None), (103, 2, None),
    ]  # fmt: skip
    (event,) = corpus.rows("select event from article_events order by id desc limit 1")
    assert event["event"] == "back"
    (page_,) = corpus.rows("select state, reason from pages where site = 'sports'")
    assert page_ == {"state": "duplicate", "reason": "same article as news/h/103"}
    held.balance()


def test_a_held_portal_is_left_to_its_crawl(held: Desk, tmp_path: Path) -> None:
    corpus = Corpus(held.url, tmp_path)
    before = corpus.dump()
    records = Records()
    records.article(500, OLD)
    file = records.save(tmp_path / "x.warc.gz")
    database = Database(held.url, root=ROOT)
    lock = PortalLock(database, "abamako")
    assert lock.acquire()
    try:
        assert "already running; abamako was left out" in corpus.take(file)
    finally:
        lock.release()
        database.dispose()
    assert corpus.dump() == before


def test_records_as_tools_write_them(corpus: Corpus, tmp_path: Path) -> None:
    import brotli

    page = article_page("Nouvelle du jour, avec des accents : é à ç").body
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(page), page)
    digest = "sha1:" + "A" * 32
    r = Records()

    def put(number: int, body: bytes, *http: tuple[str, str], **more: Any) -> str:
        url = more.pop("url", f"http://{NEWS}/h/{number}.html")
        headers = [("Content-Type", "text/html"), *http]
        return r.put(url, body, OLD, http=headers, **more)

    put(1, chunked, ("Transfer-Encoding", "chunked"))
    put(2, page, ("Transfer-Encoding", "chunked"))
    put(3, gzip.compress(page), ("Content-Encoding", "gzip"))
    put(4, brotli.compress(page), ("Content-Encoding", "br"))
    put(5, page, ("Content-Encoding", "br"))
    put(6, page, protocol="HTTP/1.0")
    put(7, page, url=f"<http://{NEWS}/h/7.html>")
    put(8, page, ("X-Server", "caf\xe9"), ("Content-Length", "10"))
    r.put(f"http://{NEWS}/h/9.html", page, OLD, kind="resource")
    first = put(10, page, warc={"WARC-Payload-Digest": digest})
    revisit = {"WARC-Profile": "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"}
    later = {"kind": "revisit", "warc": {**revisit, "WARC-Payload-Digest": digest}}
    r.put(f"http://{NEWS}/h/11.html", b"", OLD, **later)
    later["warc"] = {**revisit, "WARC-Refers-To": first}
    r.put(f"http://{NEWS}/h/12.html", b"", OLD, **later, status="304 Not Modified")
    # A line break and colours for a terminal.
    put(13, page, url=f"http://{NEWS}/h/13.html\r\n X-Evil: 1", warc={"X-Evil": "\x1b[31m"})
    whole = r.bytes()
    taken = list(range(1, 13))

    r = Records()
    put(30, chunked[:-40], ("Transfer-Encoding", "chunked"))
    put(31, page, ("Content-Length", str(len(page) + 1)))
    put(32, b"\x00\x01 no such thing", ("Content-Encoding", "gzip"))
    put(33, page + b" " * 30_000_000)
    put(34, gzip.compress(page + b" " * 30_000_000), ("Content-Encoding", "gzip"))
    put(35, page, warc={"WARC-Block-Digest": digest})
    put(36, page, warc={"WARC-Date": "yesterday"})
    put(37, page, warc={"WARC-Date": "2999-01-01T00:00:00Z"})
    asked = r.put(f"http://{NEWS}/h/38.html", b"", OLD, kind="request",
                  status="/h/38.html HTTP/1.1", protocol="POST", http=[("Host", NEWS)])  # fmt: skip
    put(38, page, warc={"WARC-Concurrent-To": asked})
    r.put(f"http://{NEWS}/h/39.html", b"", OLD, kind="revisit",
          warc={**revisit, "WARC-Payload-Digest": "sha1:" + "B" * 32})  # fmt: skip
    r.put(f"http://{NEWS}/h/40.jpg", b"\xff\xd8\xff", OLD, http=[("Content-Type", "image/jpeg")])
    r.put(f"http://{NEWS}/h/41.html", b"%PDF-1.4", OLD)
    r.put(f"http://{NEWS}/h/42.html", page, OLD, status="301 Moved", http=[("Location", "/")])
    r.put(f"http://{NEWS}/h/43.html", page[: len(page) // 2], OLD)
    r.put(f"dns:{NEWS}", b"20240330090000\n", OLD, kind="resource")
    (tmp_path / "odd.warc.gz").write_bytes(whole + r.bytes())

    told = corpus.take(tmp_path / "odd.warc.gz")
    odd, *articles = corpus.rows("select number, url from articles order by number is not null")
    assert sorted(row["number"] for row in articles) == taken, told
    assert odd == {"number": None, "url": f"http://{NEWS}/h/13.html%20X-Evil:%201"}
    bodies = corpus.rows("select distinct title, body from articles")
    assert len(bodies) == 1
    assert "accents : é à ç" in bodies[0]["title"]
    for reason, count in {
        "truncated": 3, "bad_encoding": 1, "too_large": 2, "digest": 1, "no_date": 1,
        "date_future": 1, "not_get": 1, "revisit_unresolved": 1, "not_html": 1, "content_type": 1,
        "http_301": 1,
    }.items():  # fmt: skip
        assert f"{reason} {count}" in told
    assert "\x1b" not in told
    # As it was sent, chunks joined; where the tool had undone the coding, a header says so.
    assert gzip.decompress(corpus.kept(3)[1].payload) == page
    assert all(corpus.kept(number)[1].body == page for number in taken)
    assert dict(corpus.kept(1)[1].headers)["X-Archive-Orig-Transfer-Encoding"] == "chunked"
    assert dict(corpus.kept(5)[1].headers)["X-Archive-Orig-Content-Encoding"] == "br"
    assert "nothing is read otherwise" in corpus.scrapy("reparse", "--all", "--jobs", "1").stdout


@pytest.mark.parametrize("request_first", [True, False])
def test_a_file_as_heritrix_writes_it(request_first: bool, corpus: Corpus, tmp_path: Path) -> None:
    pages = {
        f"http://{NEWS}/h/{number}.html": article_page(
            f"Nouvelle n° {number} : été à Ségou", body=f"Le texte {number} sur le pont. " * 40
        ).body
        for number in (100, 101)
    }
    heritrix(tmp_path / "crawl.warc.gz", pages, request_first=request_first)
    told = corpus.take(tmp_path / "crawl.warc.gz")
    assert "abamako: 2 answers: 2 new" in told
    assert "other hosts" not in told
    assert corpus.numbers() == [100, 101]
    titles = corpus.rows("select title from articles order by number")
    assert [row["title"] for row in titles] == [
        "Nouvelle n° 100 : été à Ségou", "Nouvelle n° 101 : été à Ségou",
    ]  # fmt: skip
    for number, page in zip((100, 101), pages.values(), strict=True):
        place, kept = corpus.kept(number)
        assert (kept.body, str(kept.fetched_at)[:19]) == (page, "2024-03-30 09:00:00")
        request = read_request(tmp_path / "archive", place)
        assert request.line == f"GET /h/{number}.html HTTP/1.1"
        assert ("User-Agent", "otherbot") in request.headers
    assert corpus.scrapy("verify", "--jobs", "1").returncode == 0
    assert "2 no newer than what is held" in corpus.take(tmp_path / "crawl.warc.gz")


def some(packed: bool = True, start: int = 0) -> Records:
    """Four articles."""
    records = Records(packed=packed)
    for number in range(start + 100, start + 104):
        records.article(number, OLD, f"Le texte {number} sur le pont. " * 200)
    return records


def test_every_kind_of_file(corpus: Corpus, tmp_path: Path) -> None:
    """Plain, one gzip of all, ARC, and packages whose files are stored or packed once more."""
    some(packed=False).save(tmp_path / "plain.warc")
    whole = tmp_path / "whole.warc.gz"
    whole.write_bytes(gzip.compress(some(packed=False, start=10).bytes()))
    arc(
        tmp_path / "old.arc.gz", {f"http://{NEWS}/h/{n}.html": "20080430204825" for n in (120, 121)}
    )
    wacz(tmp_path / "stored.wacz", {"archive/data.warc.gz": some(start=30).bytes()})
    files = {"archive/a.warc.gz": some(start=40).bytes(),
             "archive/b.warc": some(packed=False, start=50).bytes()}  # fmt: skip
    wacz(tmp_path / "deflated.wacz", files, packed=True)
    names = ("plain.warc", "whole.warc.gz", "old.arc.gz", "stored.wacz", "deflated.wacz")
    told = corpus.take(*(tmp_path / name for name in names))
    assert "22 new" in told
    assert corpus.numbers() == [
        *range(100, 104), *range(110, 114), 120, 121, *range(130, 134), *range(140, 144),
        *range(150, 154),
    ]  # fmt: skip
    (old,) = corpus.rows("select fetched_at from articles where number = 120")
    assert str(old["fetched_at"]).startswith("2008-04-30 20:48:25")
    (page,) = corpus.rows("select found_by from pages where number = 130")
    assert "import:stored.wacz" in str(page["found_by"])


def test_of_a_damaged_file_the_rest_is_taken_and_the_damage_told(
    corpus: Corpus, tmp_path: Path
) -> None:
    torn = some().bytes()
    (tmp_path / "torn.warc.gz").write_bytes(torn[:-300])
    told = corpus.take(tmp_path / "torn.warc.gz", code=10)
    assert "torn.warc.gz: the file ends inside a gzip member" in told
    assert corpus.numbers() == [100, 101, 102]
    plain = some(packed=False, start=10).bytes()
    length = plain.split(b"Content-Length: ")[1].split(b"\r\n")[0]
    (tmp_path / "wrong.warc").write_bytes(plain.replace(length, b"%d" % (int(length) + 500), 1))
    told = corpus.take(tmp_path / "wrong.warc", code=10)
    assert "wrong.warc: a record of another length than it says" in told
    assert corpus.numbers() == [100, 101, 102, 111, 112, 113]


def test_a_package_is_not_trusted_blindly(corpus: Corpus, tmp_path: Path) -> None:
    good = some().bytes()
    bomb = b"WARC/1.0\r\n" + b"0" * 40_000_000
    wacz(tmp_path / "mixed.wacz", {"archive/good.warc.gz": good, "archive/bomb.warc": bomb,
                                   "archive/forged.warc.gz": some(start=50).bytes()},
         packed=True, forged=("archive/forged.warc.gz",))  # fmt: skip
    told = corpus.take(tmp_path / "mixed.wacz", code=10)
    assert "forged.warc.gz is not what datapackage.json says" in told
    assert "bomb.warc would unpack to" in told
    assert corpus.numbers() == [100, 101, 102, 103]

    wacz(tmp_path / "slip.wacz", {"archive/../../x.warc.gz": good})
    assert "a name that leads out of it" in corpus.take(tmp_path / "slip.wacz", code=2)
    wacz(tmp_path / "bare.wacz", {"archive/a.warc.gz": good}, listed=False)
    assert "it lacks datapackage.json" in corpus.take(tmp_path / "bare.wacz", code=2)
    (tmp_path / "cut.wacz").write_bytes((tmp_path / "mixed.wacz").read_bytes()[:-30])
    assert "no whole WACZ" in corpus.take(tmp_path / "cut.wacz", code=2)


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        ([], 2, "which files?"),
        (["none.warc.gz"], 2, "none.warc.gz: No such file or directory"),
        (["empty.warc"], 2, "empty.warc: the file is empty"),
        (["text.warc.gz"], 2, "text.warc.gz: no WARC, ARC or WACZ file"),
        (["z.warc.zst"], 2, "unpack it first: zstd -d"),
        (["other.warc.gz", "--portal", "abamak"], 2, "did you mean abamako?"),
        (["other.warc.gz", "--timezone", "Bamako"], 2, "write it as Africa/Bamako"),
        (["other.warc.gz", "--portal", "abamako", "--timezone", "UTC"], 2, "has its own"),
        (["other.warc.gz", "--portal", f"http://{NEWS}/", "--timezone", "UTC"], 2, "of abamako"),
        (["other.warc.gz", "--frob"], 2, "--frob"),
        (["other.warc.gz"], 9, "other hosts, left out: 2 (www.lemonde.example 2)"),
    ],
)
def test_what_is_asked_wrongly_is_said_in_one_line(
    tmp_path: Path, arguments: list[str], code: int, line: str
) -> None:
    corpus = Corpus(f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path)
    (tmp_path / "empty.warc").touch()
    (tmp_path / "text.warc.gz").write_text("Un texte, pas une archive. " * 9)
    (tmp_path / "z.warc.zst").write_bytes(b"\x28\xb5\x2f\xfd" + b"0" * 99)
    other_site(tmp_path)
    given = [str(tmp_path / a) if ".warc" in a else a for a in arguments]
    told = corpus.take(*given, code=code)
    assert line in told
    assert not (tmp_path / "corpus.db").exists()


def other_site(folder: Path) -> Path:
    """Two pages of a site that is no portal of ours, one read by the clock there."""
    records = Records()
    head = '<meta property="og:type" content="article">'
    for name, line in (("un", "Publié le 29/03/2024"), ("deux", "Publié hier à 23h30")):
        page = article_page(f"Le récit de la place n° {name}", line=line, head=head)
        records.put(f"https://www.lemonde.example/{name}.html", page.body, "2024-03-30T22:30:00Z")
    return records.save(folder / "other.warc.gz")


def test_another_site_is_taken_by_its_clock(corpus: Corpus, tmp_path: Path) -> None:
    zone = ("--timezone", "Asia/Tokyo")
    assert "2 new" in corpus.take(other_site(tmp_path), some().save(tmp_path / "a.warc.gz"),
                                  "--portal", "www.lemonde.example", *zone)  # fmt: skip
    rows = corpus.rows("select portal, url, published_on from articles order by url")
    assert {row["portal"] for row in rows} == {"lemonde.example"}
    # There it was the 31st already.
    assert day(rows[0]["published_on"]) == "2024-03-30"
    assert "nothing is read otherwise" in corpus.scrapy("reparse", "--all", "--jobs", "1").stdout
    assert "lemonde.example: 2 answers: 2 no newer" in corpus.take(other_site(tmp_path), *zone)


def test_killed_it_ends_right_when_it_is_run_again(corpus: Corpus, tmp_path: Path) -> None:
    records = Records()
    for number in range(100, 400):
        records.article(number, OLD, f"Le texte {number} sur le pont. " * 40)
        records.article(number, "2024-05-01T00:00:00Z", f"Le texte {number}, repris. " * 40)
    file = records.save(tmp_path / "big.warc.gz")
    command = Command(
        ("import-warc", str(file)), env=corpus.environment(), out=tmp_path / "import.log"
    )
    while command.poll() is None and not list((tmp_path / "archive").rglob("*.open")):
        time.sleep(0.002)
    while command.poll() is None and _written(tmp_path) < 60_000:
        time.sleep(0.002)
    command.kill()
    assert command.wait(30) == -9
    assert 0 < len(corpus.numbers()) < 300

    corpus.take(file, "-s", "ARCHIVE=articles")
    assert corpus.numbers() == list(range(100, 400))
    assert corpus.rows("select distinct version from articles") == [{"version": 2}]
    assert not list((tmp_path / "archive").rglob("*.open"))
    for number in (100, 101, 250, 399):
        assert corpus.kept(number)[1].fetched_at.month == 5


def test_what_was_taken_down_stays_away(corpus: Corpus, tmp_path: Path) -> None:
    file = some().save(tmp_path / "a.warc.gz")
    corpus.take(file)
    ran = corpus.scrapy("forget", f"http://{NEWS}/h/101.html", "--reason", "letter", "--yes")
    assert ran.returncode == 0, ran.stderr
    archived = {path: path.read_bytes() for path in (tmp_path / "archive").rglob("*.warc.gz")}
    assert "3 no newer than what is held; 1 skipped (forgotten 1)" in corpus.take(file)
    assert corpus.numbers() == [100, 102, 103]
    assert archived == {p: p.read_bytes() for p in (tmp_path / "archive").rglob("*.warc.gz")}


def _written(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "archive").rglob("*.open"))


def test_without_an_archive_nothing_is_copied(corpus: Corpus, tmp_path: Path) -> None:
    corpus.take(some().save(tmp_path / "a.warc.gz"), "-s", "ARCHIVE=none")
    assert corpus.numbers() == [100, 101, 102, 103]
    assert not (tmp_path / "archive").exists()


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed")
def test_a_file_that_wget_wrote(sqlite_url: str, tmp_path: Path) -> None:
    site = Handmade()
    site.articles("Politique", range(100, 104))
    with desk(site, sqlite_url, tmp_path) as d:
        addresses = [f"http://{NEWS}/h/{number}.html" for number in range(100, 104)]
        subprocess.run(
            ["wget", "-q", "--compression=none", f"--warc-file={tmp_path / 'wget'}",
             f"--directory-prefix={tmp_path / 'pages'}", *addresses, f"http://{NEWS}/politique/"],
            env=d.environment(), check=True, cwd=tmp_path, timeout=60,
        )  # fmt: skip
        corpus = Corpus(sqlite_url, tmp_path)
        told = corpus.take(tmp_path / "wget.warc.gz")
        assert "4 new" in told
        assert corpus.numbers() == [100, 101, 102, 103]
        request = read_request(tmp_path / "archive", corpus.kept(100)[0])
        assert any("Wget" in value for name, value in request.headers if name == "User-Agent")
        # The same pages, crawled: nothing of it is an edit.
        assert d.crawl("-a", "section=politique") == 0
        assert corpus.rows("select distinct version from articles") == [{"version": 1}]
