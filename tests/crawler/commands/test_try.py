"""`scrapy try` as its users type it, in a process of its own."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from demo.portal import World, make_portal
from demo.server import Replica
from tests.commands import run_scrapy

ROOT = Path(__file__).parents[3]
AT = ("--at", "2026-11-20T12:00Z")
QUICK = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "RETRY_TIMES=0")
# fmt: off
COLUMNS = {
    "portal", "site", "kind", "number", "url", "section", "title", "published_on", "published_at",
    "published_precision", "published_raw", "updated_on", "updated_raw", "source", "author",
    "agency", "lead", "body", "word_count", "language", "photo_url", "photo_credit",
    "photo_caption", "truncated", "continues_on", "comments_count", "signs", "flags",
}
# fmt: on
BODY = (
    "Le marché de Kolo a rouvert ses portes mardi, après trois semaines de travaux menés par la "
    "commune.\n\nLes commerçants retrouvent leurs étals, et les clientes leurs habitudes. Le maire "
    "promet que la seconde halle suivra avant la saison des pluies, si le financement arrive."
)


def run(*args: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return run_scrapy("try", *map(str, args), env={**os.environ, **(env or {})})


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def page(title: str = "Le marché de Kolo rouvre", date: str = "Publié le mardi 3 novembre 2026",
         head: str = "") -> bytes:  # fmt: skip
    paragraphs = "".join(f"<p>{part}</p>" for part in BODY.split("\n\n"))
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>"
        f"<article><h1>{title}</h1><p class=when>{date}</p><div>{paragraphs}</div></article>"
        "</body></html>"
    ).encode()


@pytest.fixture(scope="module")
def world() -> World:
    return make_portal(7, "abamako", 60)


@pytest.fixture(scope="module")
def replica(world: World) -> Iterator[Replica]:
    with Replica([world]) as served:
        yield served


def saved(world: World, folder: Path, count: int) -> list[tuple[Path, str]]:
    """`count` article pages of the replica as files, with their addresses."""
    found = []
    for n, url in enumerate(world.urls()[:count]):
        parts = urlsplit(url)
        file = folder / f"page{n}.html"
        file.write_bytes(world.respond(parts.hostname or "", parts.path).body)
        found.append((file, url))
    return found


def test_files_are_printed_in_their_order_with_every_column(world: World, tmp_path: Path) -> None:
    given = saved(world, tmp_path, 12)
    done = run("--json", *AT, *(file for file, _ in given))
    assert (done.returncode, done.stderr) == (0, "")
    found = lines(done)
    assert [line["file"] for line in found] == [str(file) for file, _ in given]
    for line in found:
        assert set(line) >= COLUMNS
        assert line["portal"] == "abamako"
        assert line["title"]
        assert line["signs"]["title"]


def test_fields_equal_the_replicas_gold(world: World, tmp_path: Path) -> None:
    gold = {entry["url"]: entry for entry in world.gold()}
    given = saved(world, tmp_path, 8)
    for (_, url), line in zip(
        given, lines(run("--json", *AT, *(f for f, _ in given))), strict=True
    ):
        wanted = gold.get(line["url"]) or gold[url]
        for name in ("title", "published_on", "source", "section"):
            assert line[name] == wanted[name], (url, name)


def test_address_of_a_file_is_its_canonical_link(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(page(head='<link rel=canonical href="http://news.aBamako.com/h/77.html">'))
    [line] = lines(run("--json", *AT, file))
    assert (line["portal"], line["site"], line["kind"], line["number"]) == (
        "abamako", "news", "h", 77,
    )  # fmt: skip
    assert line["url"] == "http://news.abamako.com/h/77.html"


def test_address_of_a_file_is_the_one_given(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(page())
    [line] = lines(run("--json", *AT, file, "--url", "https://news.alome.com/h/5.html"))
    assert (line["portal"], line["number"], line["published_on"]) == ("alome", 5, "2026-11-03")


def test_site_that_is_none_of_ours_is_read_by_the_general_signs(tmp_path: Path) -> None:
    file = tmp_path / "a.html.gz"
    head = '<meta property="og:url" content="https://www.exemple.test/2026/kolo">'
    file.write_bytes(gzip.compress(page(head=head)))
    [line] = lines(run("--json", *AT, file))
    assert line["url"] == "https://www.exemple.test/2026/kolo"
    assert line["title"] == "Le marché de Kolo rouvre"
    assert line["published_on"] == "2026-11-03"
    assert "".join(line["body"].split()) == "".join(BODY.split())


def test_fetch_clock_is_the_one_given(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(page(date="Publié hier à 18:02"))
    [line] = lines(run("--json", "--at", "2025-03-02T10:00Z", file))
    assert line["published_on"] == "2025-03-01"


def test_page_that_is_no_article_has_its_reason_and_its_line(tmp_path: Path) -> None:
    names = ("empty.html", "gone.html", "picture.html", "good.html")
    gone = (
        b"<html><title>Article introuvable</title><body><h1>Article introuvable</h1></body></html>"
    )
    for name, body in zip(names, (b"", gone, b"\xff\xd8\xff\xe0JFIF", page()), strict=True):
        (tmp_path / name).write_bytes(body)
    done = run("--json", *AT, *(tmp_path / name for name in names))
    assert done.returncode == 0
    found = lines(done)
    assert [(line.get("state"), line.get("reason")) for line in found] == [
        ("rejected", "empty"),
        ("missing", "not_found"),
        ("rejected", "content_type"),
        (None, None),
    ]
    assert found[0]["title"] is None


def test_table_shows_value_and_sign_and_cuts_a_long_body(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(page(head='<link rel=canonical href="http://news.abamako.com/h/77.html">'))
    text = run(*AT, file).stdout
    assert "2026-11-03" in text
    assert "Publié le mardi 3 novembre 2026" in text
    assert "words)" in text
    assert "\x1b" not in text
    assert "saison des pluies" not in text
    assert "saison des pluies" in run("--all", *AT, file).stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "an address or a saved page is needed"),
        (("nothing.html",), "no such file"),
        (("tests",), "a folder"),
        (("--wrong", "x"), "no such option: --wrong"),
        (("--at", "soon", "setup"), "--at"),
        (("http://user:pw@news.abamako.com/h/1.html",), "userinfo"),
        (("--url", "http://news.abamako.com/h/1.html", "a", "b"), "--url"),
        (("--url", "ftp://x", "pyproject.toml"), "scheme"),
    ],
)
def test_wrong_argument_is_one_line_and_exit_2(args: tuple[str, ...], said: str) -> None:
    done = run(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert "pw@" not in done.stderr


def test_damaged_gzip_is_said_and_exit_2(tmp_path: Path) -> None:
    (tmp_path / "bad.html.gz").write_bytes(gzip.compress(page())[:40])
    (tmp_path / "good.html").write_bytes(page())
    done = run("--json", *AT, tmp_path / "bad.html.gz", tmp_path / "good.html")
    assert done.returncode == 2
    assert [line.get("reason") for line in lines(done)] == ["unreadable", None]


def test_addresses_are_fetched_and_printed_in_their_order(
    world: World, replica: Replica, tmp_path: Path
) -> None:
    replica.clear_faults()
    [(file, _)] = saved(world, tmp_path, 1)
    first, second = world.urls()[3], world.urls()[2]
    done = run("--json", *AT, *QUICK, first, file, second, env=replica.environment())
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.get("address") or line["file"] for line in lines(done)] == [
        first, str(file), second,
    ]  # fmt: skip
    assert all(line["title"] for line in lines(done))


@pytest.mark.parametrize(
    ("status", "reason", "code"),
    [(404, "http_404", 12), (500, "http_500", 12), (429, "throttled", 18)],
)
def test_address_that_cannot_be_fetched_is_one_line_with_its_reason(
    world: World, replica: Replica, status: int, reason: str, code: int
) -> None:
    url = world.urls()[0]
    replica.clear_faults()
    replica.set_fault("status", ".*/[hp]/.*|/articles/.*", status=status)
    done = run(*QUICK, url, env=replica.environment())
    replica.clear_faults()
    assert done.returncode == code
    assert reason in done.stdout
    assert len(done.stdout.splitlines()) == 2
    assert "Traceback" not in done.stderr


def test_corpus_that_cannot_be_read_is_told_and_the_page_read_without(tmp_path: Path) -> None:
    (tmp_path / "corpus.db").write_bytes(b"no database at all, yet long enough" * 99)
    names = ("a.html", "b.html")
    for name in names:
        (tmp_path / name).write_bytes(page())
    url = f"sqlite:///{tmp_path / 'corpus.db'}"
    done = run("--json", *AT, *(tmp_path / name for name in names), env={"CORPUS_URL": url})
    assert done.returncode == 0
    assert done.stderr.startswith("scrapy try: read without what was learned: ")
    assert done.stderr.count("\n") == 1
    for line in lines(done):
        assert line["title"] == "Le marché de Kolo rouvre"
        assert "knowledge_revision" not in line


def test_robots_txt_is_obeyed(world: World, replica: Replica) -> None:
    replica.clear_faults()
    replica.set_fault("body", "/robots.txt", text="User-agent: *\nDisallow: /\n",
                      content_type="text/plain")  # fmt: skip
    replica.clear_hits()
    done = run(*QUICK, world.urls()[0], env=replica.environment())
    replica.clear_faults()
    assert done.returncode == 18
    assert "robots" in done.stdout
    assert [hit.path for hit in replica.hits()] == ["/robots.txt"]
