"""`scrapy forget` as its users type it: nothing of the text is left, and nothing brings it back."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from corpus.archive import WarcPlace
from corpus.archive_reading import read_page
from corpus.database import Database
from corpus.locks import PortalLock
from demo.pages import Response
from tests.crawls import ROOT, Desk, desk
from tests.handmade import NEWS, Handmade, article_page

SECRET = "Zoumanigui"
ADDRESS = f"http://{NEWS}/h/103.html"
WHY = ("--reason", "letter of 3 November 2026", "--yes")


def site() -> Handmade:
    """Ten articles of which one names somebody; it is shown under a second number, too."""
    world = Handmade()
    world.articles("Politique", range(100, 110))
    secret = article_page(f"{SECRET} répond", body=f"Le comptable {SECRET} répond à ses juges.")
    world.put("/h/103.html", secret)
    world.put("/h/200.html", Response(301, b"", {"Location": ADDRESS}))
    world.list("Politique", "/h/200.html")
    return world


def everything(d: Desk) -> str:
    """What stands in any file of corpus and archive, compressed or not."""
    files = [path for path in d.folder.rglob("*") if path.is_file() and path.name != "crawl.log"]
    whole = [path.read_bytes() for path in files]
    whole += [gzip.decompress(data) for data in whole if data[:2] == b"\x1f\x8b"]
    return b"\n".join(whole).decode("utf-8", "replace")


def rows_that_name_it(d: Desk) -> int:
    texts = d.rows("select body from articles") + d.rows("select title from article_versions")
    return sum(SECRET in text for row in texts for text in row.values())


def test_what_is_forgotten_is_nowhere_and_never_asked_again(database_url, tmp_path):
    world = site()
    with desk(world, database_url, tmp_path) as d:
        assert d.crawl() == 0
        assert rows_that_name_it(d) == 2
        told = d.scrapy("forget", ADDRESS)
        assert (told.returncode, told.stderr) == (0, "")
        assert f"{SECRET} répond" in told.stdout
        assert "Nothing was removed" in told.stdout
        assert rows_that_name_it(d) == 2
        done = d.scrapy("forget", ADDRESS, *WHY)
        assert (done.returncode, done.stderr) == (0, "")
        assert "records in 1 files overwritten" in done.stdout
        assert rows_that_name_it(d) == 0
        if "sqlite" in database_url:
            assert SECRET not in everything(d)
        kept = d.rows("select url, warc_file, warc_offset, warc_length, warc_digest from articles")
        assert len(kept) == 9
        for url, *place in (row.values() for row in kept):
            page = read_page(tmp_path / "archive", WarcPlace(*place))
            assert (page.url, page.payload_digest) == (url, place[-1])
        for path in (tmp_path / "archive").rglob("*.warc.gz"):
            with path.open("rb") as file:
                assert all(r.content_stream().read() or 1 for r in ArchiveIterator(file))
        d.balance()
        d.replica.clear_hits()
        # By its listing, its number, a redirect to it, a visit again: nothing asks for it.
        world.list("Politique", "/h/201.html")
        world.put("/h/201.html", Response(301, b"", {"Location": ADDRESS}))
        canonical = f'<link rel="canonical" href="{ADDRESS}">'
        world.list("Politique", world.put("/articles/103/x", article_page(SECRET, head=canonical)))
        for more in (
            (),
            ("-a", "strategy=archive", "-a", "ids=100-110"),
            ("-a", "strategy=refresh"),
        ):
            assert d.crawl(*more) in (0, 10)
        asked = {hit.path for hit in d.article_hits()}
        assert not asked & {"/h/103.html", "/h/200.html"}
        assert rows_that_name_it(d) == 0
        if "sqlite" in database_url:
            assert SECRET not in everything(d)
        states = {r["key"]: (r["state"], r["reason"]) for r in d.rows("select * from pages")}
        for key in ("h/103", "h/200", "h/201", "articles/103"):
            assert states[f"news/{key}"] == ("rejected", "forgotten"), key
        listed = d.scrapy("forget").stdout
        assert "letter of 3 November 2026" in listed
        assert ADDRESS in listed


def test_reparse_neither_reads_nor_brings_back_what_was_forgotten(sqlite_url, tmp_path):
    with desk(site(), sqlite_url, tmp_path) as d:
        assert d.crawl() == 0
        assert d.scrapy("forget", ADDRESS, *WHY).returncode == 0
        before = d.rows("select * from pages order by key")
        for more in ((), ("--write",)):
            done = d.scrapy(
                "reparse", "--all", "--state", "quarantined,rejected", "--jobs", "1", *more
            )
            assert (done.returncode, done.stderr) == (0, "")
            assert "9 articles read again" in done.stdout
            assert "nothing is read otherwise" in done.stdout
        assert d.rows("select * from pages order by key") == before
        assert len(d.articles()) == 9
        assert SECRET not in everything(d)
        checked = d.scrapy("verify", "--jobs", "1")
        assert (checked.returncode, checked.stderr) == (0, "")
        asked = d.scrapy("verify", ADDRESS)
        assert "Traceback" not in asked.stderr
        assert SECRET not in asked.stdout + asked.stderr
        d.balance()


def test_what_was_never_seen_can_be_forbidden_too(tmp_path):
    world = site()
    with desk(world, f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        assert d.scrapy("migrate").returncode == 0
        assert d.scrapy("forget", ADDRESS, *WHY).returncode == 0
        assert d.crawl() == 0
        assert rows_that_name_it(d) == 0
        assert SECRET not in everything(d)


def test_archive_that_could_not_be_changed_is_finished_later(tmp_path):
    with desk(site(), f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        assert d.crawl() == 0
        (path,) = (tmp_path / "archive").rglob("*.warc.gz")
        whole = path.read_bytes()
        # A byte that a disk has lost: the records behind it cannot be found.
        path.write_bytes(whole[:300] + bytes([whole[300] ^ 0xFF]) + whole[301:])
        done = d.scrapy("forget", ADDRESS, *WHY)
        assert done.returncode == 10
        assert "the archive is not" in done.stderr
        assert rows_that_name_it(d) == 0
        path.write_bytes(whole)
        assert d.scrapy("forget").returncode == 0
        assert SECRET not in everything(d)


def test_portal_that_a_crawl_holds_is_left_alone(tmp_path):
    url = f"sqlite:///{tmp_path / 'corpus.db'}"
    with desk(site(), url, tmp_path) as d:
        assert d.scrapy("migrate").returncode == 0
        lock = PortalLock(Database(url, root=ROOT), "abamako")
        assert lock.acquire()
        done = d.scrapy("forget", ADDRESS, *WHY)
        lock.release()
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "a crawl of abamako is running" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((ADDRESS, "--yes"), "why?"),
        ((ADDRESS, "--yes", "--reason", " "), "why?"),
        ((ADDRESS, "--yes", "--reason", "x" * 501), "longer than 500"),
        (("http://",), "http://"),
        (("http://www.exemple.test/1", *WHY), "no portal has this host"),
        ((ADDRESS, "--bogus"), "no such option"),
    ],
)
def test_wrong_argument_is_one_line_and_exit_2(arguments, said, tmp_path: Path):
    with desk(site(), f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        assert d.scrapy("migrate").returncode == 0
        done = d.scrapy("forget", *arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert said in done.stderr


def test_without_a_corpus_it_says_so(tmp_path):
    with desk(site(), f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path, empty=True) as d:
        done = d.scrapy("forget", ADDRESS)
        assert done.returncode == 2
        assert "no corpus" in done.stderr
