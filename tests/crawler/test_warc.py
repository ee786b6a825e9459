"""The archive through the front door: what a crawl keeps, how it is mended, and that it is enough
to crawl again from it alone."""

from __future__ import annotations

import gzip
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from corpus.archive import WarcPlace
from corpus.archive_reading import ArchivedPage, read_page, read_request
from demo.pages import Response
from tests.commands import run_scrapy
from tests.crawls import FAST, Desk, desk, later, light_portal
from tests.handmade import Handmade, article_page, redirect
from tests.small_disks import small_disk_at
from tests.warc_readers import accepted, readers

PLACE = "warc_file, warc_offset, warc_length, warc_digest"
CONTENT = ("title", "published_on", "source", "author", "section", "body", "content_hash")
NOT_FOUND = Response(
    200,
    b"<html><title>abamako</title><body><h1>Article introuvable</h1>" + b"<p>menu</p>" * 200
    + b"</body></html>",
    {"Content-Type": "text/html; charset=utf-8"},
)  # fmt: skip


def files(d: Desk) -> list[Path]:
    return sorted((d.folder / "archive" / "abamako").glob("*.warc.gz"))


def index(d: Desk) -> str:
    """All lines of the archive's index files."""
    folder = d.folder / "archive" / "abamako"
    return "".join(path.read_text() for path in sorted(folder.glob("*.cdxj")))


def kept(d: Desk, table: str = "pages") -> dict[int, ArchivedPage]:
    """The kept answer of each row that has one, by number."""
    rows = d.rows(f"select number, {PLACE} from {table} where warc_file is not null")
    return {row.pop("number"): read_page(d.folder / "archive", WarcPlace(**_place(row)))
            for row in rows}  # fmt: skip


def _place(row: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("warc_"): value for name, value in row.items()}


def test_every_answer_that_could_have_become_an_article_is_kept(sqlite_url, tmp_path):
    site = Handmade()
    site.articles("Politique", range(1, 9))
    for number in (50, 51, 52):
        site.list("Politique", site.put(f"/h/{number}.html", NOT_FOUND))
    site.list("Politique", site.put("/h/60.html", redirect("/h/61.html", 301)))
    site.put("/h/61.html", article_page("Le marché de Ségou"))
    pdf = Response(200, b"%PDF-1.4 " + bytes(900), {"Content-Type": "application/pdf"})
    site.list("Politique", site.put("/h/70.html", pdf))
    cut = article_page("Une page coupée").body[:-20]
    site.list(
        "Politique", site.put("/h/71.html", Response(200, cut, {"Content-Type": "text/html"}))
    )
    site.list("Politique", "http://news.abamako.com/h/80.html")
    with desk(site, sqlite_url, tmp_path) as d:
        assert d.crawl() == 0
        states = {row["number"]: row["state"] for row in d.rows("select number, state from pages")}
        assert [states[n] for n in (8, 50, 60, 61, 70, 71, 80)] == [
            "stored", "missing", "duplicate", "stored", "rejected", "quarantined", "missing",
        ]  # fmt: skip
        pages = kept(d)
        assert pages.keys() == {*range(1, 9), 50, 51, 52, 60, 61, 70, 71}
        assert pages[70].body.startswith(b"%PDF")
        assert pages[71].body == cut
        assert pages[60].url == pages[61].url == "http://news.abamako.com/h/61.html"
        lost = [pages[n] for n in (50, 51, 52)]
        assert {page.body for page in lost} == {NOT_FOUND.body}
        assert {page.url[-7:] for page in lost} == {"50.html", "51.html", "52.html"}
        assert sum(page.refers_to is None for page in lost) == 1
        assert kept(d, "articles").keys() == {*range(1, 9), 61}
        lines = index(d)
        # The redirect itself, too; no listing and no robots.txt.
        assert lines.count("\n") == 15
        assert '"http://news.abamako.com/h/60.html"' in lines
        assert "politique" not in lines
        place = d.rows(f"select {PLACE} from articles where number = 61")[0]
        request = read_request(d.folder / "archive", WarcPlace(**_place(place)))
        assert request.line == "GET /h/61.html HTTP/1.1"
        accepted(files(d))
        (run,) = d.rows("select id, archive_bytes from runs")
        assert run["archive_bytes"] == sum(path.stat().st_size for path in files(d))
        assert files(d)[0].name.endswith(f"Z-{run['id']}.warc.gz")
        before = index(d)
        assert d.crawl("-s", "ARCHIVE=all") == 0
        assert "/robots.txt" in index(d)
        assert "/politique/" in index(d)
        assert before in index(d)
        held = sorted(d.folder.rglob("*.warc.gz"))
        site.articles("Politique", range(100, 102))
        assert d.crawl("-s", "ARCHIVE=none") == 0
        assert sorted(d.folder.rglob("*.warc.gz")) == held
        assert d.states()["stored"] == 11


def test_revisit_of_an_unchanged_article_keeps_that_it_was_there_and_no_second_body(
    sqlite_url, tmp_path
):
    today = datetime.now(UTC).date()
    world = light_portal("again", "abamako", 0, sections=["Politique"], today=today)
    world.publish(20, "Politique")
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl() == 0
        first = kept(d)
        size = files(d)[0].stat().st_size
        places = d.rows(f"select number, {PLACE} from articles order by number")
        # The ETag of the first answer is asked with in the second, the one of that in the third.
        for etags, profile in ((True, "identical-payload-digest"), (True, "server-not-modified")):
            world.etags = etags
            later(d, 200)
            assert d.crawl("-a", "strategy=refresh") == 0
            assert d.rows(f"select number, {PLACE} from articles order by number") == places
            again = kept(d)
            assert {n: page.body for n, page in again.items()} == {
                n: page.body for n, page in first.items()
            }
            assert {page.status for page in again.values()} == {200}
            assert {page.refers_to for page in again.values()} == {
                page.record_id for page in first.values()
            }
            text = b"".join(unzipped(path) for path in files(d)[1:])
            assert text.count(f"/revisit/{profile}".encode()) >= 20
        assert all(path.stat().st_size < size / 3 for path in files(d)[1:])
        accepted(files(d))


def unzipped(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())


def test_archive_that_a_kill_tore_is_whole_again_at_the_next_start(sqlite_url, tmp_path):
    world = light_portal("torn", "abamako", 90)
    with desk(world, sqlite_url, tmp_path) as d:
        process = d.start()
        d.kill(process, 40)
        (torn,) = (d.folder / "archive" / "abamako").glob("*.open")
        with torn.open("ab") as file:
            file.write(b"\x1f\x8b\x08\0" + os.urandom(300))
        held = len(d.articles())
        # While it is open, its rows resolve all the same.
        assert len(kept(d, "articles")) == held > 0
        assert d.crawl() == 0
        assert "the archive of a run that was cut off is whole again: 1 file(s)" in d.log()
        assert "304 torn bytes cut" in d.log()
        assert not [*d.folder.rglob("*.open")]
        assert len(kept(d, "articles")) == len(d.articles()) == 90
        assert len(files(d)) == 2
        accepted(files(d))


@dataclass
class Replay:
    """pywb as a proxy that answers from an archive alone."""

    port: int

    def environment(self) -> dict[str, str]:
        """What leads a crawl through it."""
        address = f"http://127.0.0.1:{self.port}"
        return {"http_proxy": address, "https_proxy": address}


@contextmanager
def replay(archive: Path, folder: Path) -> Iterator[Replay]:
    """Serve the archive by its own index files."""
    folder.mkdir()
    (folder / "config.yaml").write_text(
        "collections:\n  ours:\n"
        f"    index_paths: {archive}/\n    archive_paths: {archive}/\n"
        "proxy:\n  coll: ours\n  enable_banner: false\n  enable_wombat: false\n"
        "  enable_content_rewrite: false\n"
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (folder / "pywb.log").open("w")
    process = subprocess.Popen(
        [readers() / "pywb", "--port", str(port), "--bind", "127.0.0.1"],
        cwd=folder, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not _answers(port):
            assert process.poll() is None, (folder / "pywb.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield Replay(port)
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_crawl_through_pywb_that_replays_the_archive_gives_the_same_articles(sqlite_url, tmp_path):
    readers()
    world = light_portal("replayed", "abamako", 60)
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl("-s", "ARCHIVE=all") == 0
        wanted = {key: {n: row[n] for n in CONTENT} for key, row in d.articles().items()}
        assert len(wanted) == 60
        d.replica.clear_hits()
        again = tmp_path / "again"
        again.mkdir()
        with replay(tmp_path / "archive" / "abamako", tmp_path / "pywb") as pywb:
            second = Desk(d.replica, f"sqlite:///{again / 'corpus.db'}", again)
            through = {**second.environment(), **pywb.environment()}
            done = run_scrapy("crawl", "abamako", *FAST, "-s", "ARCHIVE=all", env=through)
        assert done.returncode == 0, done.stderr[-3000:]
        assert d.replica.hits() == []
        assert {k: {n: row[n] for n in CONTENT} for k, row in second.articles().items()} == wanted
        assert {n: page.body for n, page in kept(second).items()} == {
            n: page.body for n, page in kept(d).items()
        }


def test_run_is_refused_where_the_disk_is_nearly_full(sqlite_url, tmp_path):
    with desk(light_portal("room", "abamako", 20), sqlite_url, tmp_path) as d:
        for archive, place in (("articles", "the database"), ("none", "the database")):
            refused = d.scrapy("crawl", "abamako", "-s", "MIN_FREE_MB=999999999",
                               "-s", f"ARCHIVE={archive}")  # fmt: skip
            assert refused.returncode == 3
            (line,) = refused.stderr.splitlines()
            assert place in line
            assert "MIN_FREE_MB" in line
        assert not d.replica.hits()
        assert not d.rows("select * from runs")
        assert d.crawl("-s", "MIN_FREE_MB=0", "-a", "limit=3") == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """ARCHIVE_DIR of a desk as a file system of its own, of less than a megabyte."""
    with small_disk_at(tmp_path / "archive", "400k") as folder:
        yield folder


def test_case_51_full_disk_amid_a_run_ends_3_and_the_next_run_completes(
    sqlite_url, small_disk, tmp_path
):
    world = light_portal("full", "abamako", 60, heavy=True)
    with desk(world, sqlite_url, tmp_path) as d:
        began = time.monotonic()
        ran = d.scrapy("crawl", "abamako", *FAST, "-s", "MIN_FREE_MB=0")
        assert ran.returncode == 3, ran.stderr[-3000:]
        assert time.monotonic() - began < 60
        errors = [line for line in ran.stderr.splitlines() if "] ERROR: " in line]
        assert len(errors) == 1, errors
        assert str(small_disk) in errors[0]
        assert "bytes free" in errors[0]
        assert "Traceback" not in ran.stderr
        held = len(d.articles())
        assert 0 < held < 60
        assert len(kept(d, "articles")) == held
        assert d.rows("pragma integrity_check") == [{"integrity_check": "ok"}]
        subprocess.run(["mount", "-o", "remount,size=20m", small_disk], check=True)
        assert d.crawl("-s", "MIN_FREE_MB=0") == 0
        assert len(kept(d, "articles")) == len(d.articles()) == 60
        assert not [*small_disk.rglob("*.open")]
        accepted(files(d))
