"""`scrapy history` after real crawls of a site that edits, drops and restores its articles."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from corpus.database import Database
from corpus.worse import content_hash
from demo.pages import Response
from tests.commands import run_scrapy
from tests.crawls import ROOT, Desk, desk
from tests.handmade import Handmade, article_page

if TYPE_CHECKING:
    from tests.conftest import PostgresServer

FIRST = "Le maire de Kolo a inauguré le pont jeudi matin."
SECOND = "M. Sangaré a remercié les habitants pour leur patience."
THIRD = "Le chantier a duré 3 mois."
LAST = "Un marché couvert sera bâti au bord de l’eau."
BODY = f"{FIRST} {SECOND}<br><br>{THIRD} {LAST}"
TITLE = "Le pont de Kolo est ouvert"
NAMES = {
    "typo": 1, "addition": 2, "deletion": 3, "rewrite": 4, "headline": 5, "gone": 6, "reading": 7,
    "quiet": 8, "hostile": 9,
}  # fmt: skip
HOSTILE = "Le pont \u202eest \x9b31mrouge"


def address(name: str) -> str:
    return f"http://news.abamako.com/h/{NAMES[name]}.html"


REVISIT = ("-a", "strategy=refresh")


def make_due(d: Desk, sql: str = "update pages set due_at = discovered_at") -> None:
    """What the database holds before a revisit; every page is due for one."""
    database = Database(d.url, root=ROOT)
    with database.writing() as connection:
        connection.exec_driver_sql(sql)
    database.dispose()


def edit(site: Handmade) -> None:
    """The site changes what it has published, and tells nobody."""
    changed = {
        "typo": BODY.replace("habitants", "habitans"),
        "addition": BODY.replace(THIRD, f"{THIRD} Il a coûté 2 milliards."),
        "deletion": BODY.replace(f" {SECOND}", ""),
        "rewrite": BODY.replace("3 mois", "9 mois"),
    }
    for name, body in changed.items():
        site.put(address(name), article_page(TITLE, body=body))
    site.put(address("headline"), article_page("Le pont de Kolo reste fermé", body=BODY))
    site.put(address("hostile"), article_page(HOSTILE, body=BODY + " Fin."))
    site.put(address("gone"), Response(410, b"", {"Content-Type": "text/html"}))


def read_otherwise(d: Desk) -> None:
    """As if an older reader had read a menu into one body, and the page is due again."""
    body = f"Accueil Politique\n\n{FIRST} {SECOND}\n\n{THIRD} {LAST}"
    for table, key in (("articles", "id"), ("article_versions", "article_id")):
        make_due(
            d,
            f"update {table} set body = '{body}', extractor_revision = '0', "
            f"content_hash = '{content_hash(TITLE, body)}' "
            f"where {key} = (select id from articles where number = {NAMES['reading']})",
        )


@contextmanager
def crawled(url: str, folder: Path) -> Iterator[Desk]:
    """Four crawls: all is new; edited and vanished; out of order; back again."""
    site = Handmade()
    for name in NAMES:
        site.list("Politique", site.put(address(name), article_page(TITLE, body=BODY)))
    with desk(site, url, folder) as d:
        assert d.crawl() == 0
        read_otherwise(d)
        edit(site)
        make_due(d)
        assert d.crawl(*REVISIT) == 0
        site.put(address("gone"), Response(503, b"", {}))
        make_due(d)
        d.crawl(*REVISIT, "-s", "RETRY_ENABLED=False")
        site.put(address("gone"), article_page(TITLE, body=BODY.replace(f" {SECOND}", "")))
        make_due(d)
        assert d.crawl(*REVISIT) == 0
        yield d


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """What is printed does not hang on the database: one is enough for it."""
    folder = tmp_path_factory.mktemp("history")
    with crawled(f"sqlite:///{folder / 'corpus.db'}", folder) as made:
        yield made


@pytest.fixture(scope="module")
def on_postgresql(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    with crawled(postgres.create_database(), tmp_path_factory.mktemp("history")) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def d(request: pytest.FixtureRequest) -> Desk:
    made: Desk = request.getfixturevalue(f"on_{request.param}")
    return made


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Tables without a row."""
    url = f"sqlite:///{tmp_path_factory.mktemp('empty') / 'corpus.db'}"
    Database(url, root=ROOT).prepare()
    return url


def history(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_scrapy("history", *arguments, env={**os.environ, "CORPUS_URL": url})


def lines(d: Desk, *arguments: str) -> list[str]:
    done = d.scrapy("history", *arguments)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout.splitlines()


def records(d: Desk, *arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(d, "--json", *arguments)]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("typo", ["  body: 1 sentence corrected", f"    {FIRST}",
                  "  ~ M. Sangaré a remercié les [-habitants-]{+habitans+} pour leur patience.",
                  f"    {THIRD}"]),
        ("addition", ["  body: 1 sentence added", f"    {THIRD}", "  + Il a coûté 2 milliards.",
                      f"    {LAST}"]),
        ("deletion", ["  body: 1 sentence deleted", f"    {FIRST}", f"  - {SECOND}",
                      f"    {THIRD}"]),
        ("rewrite", ["  body: 1 sentence rewritten", f"    {SECOND}", f"  - {THIRD}",
                     "  + Le chantier a duré 9 mois.", f"    {LAST}"]),
        ("headline", ["  title", f"  - {TITLE}", "  + Le pont de Kolo reste fermé"]),
    ],
)  # fmt: skip
def test_edit_is_shown_sentence_by_sentence_with_its_class(on_sqlite, name, shown):
    printed = lines(on_sqlite, address(name))
    at = next(n for n, line in enumerate(printed) if "version 2" in line)
    told = "headline only" if name == "headline" else name
    assert printed[at].endswith(f"  version 2, edited by the site: {told}")
    for line in shown:
        assert line in printed[at + 1 :]
    places = [printed.index(line, at) for line in shown]
    assert places == sorted(places)
    assert "versions    2 (1 edit by the site)" in printed


def test_unchanged_article_has_one_version_and_no_more(on_sqlite):
    printed = lines(on_sqlite, address("quiet"))
    assert printed[0] == f"title       {TITLE}"
    assert printed[1] == f"address     {address('quiet')}"
    assert printed[-1].endswith("version 1: first stored")
    assert "versions    1 (0 edits by the site)" in printed


def test_better_reading_is_never_told_as_an_edit(d):
    printed = lines(d, address("reading"))
    at = next(n for n, line in enumerate(printed) if "version 2" in line)
    assert printed[at].endswith("version 2, read better by us: deletion")
    assert "NOT an edit by the site" in printed[at + 1]
    assert "  - Accueil Politique" in printed[at:]
    assert "versions    2 (0 edits by the site, 1 better reading of ours)" in printed
    last = records(d, address("reading"))[-1]
    assert (last["cause"], last["reader_changed"]) == ("reading", True)


def test_article_that_vanished_and_came_back_tells_both(d):
    told = records(d, address("gone"))
    assert [(one["event"], one["reason"], one["version"]) for one in told] == [
        ("version", None, 1),
        ("gone", "http_410", None),
        # The failed visit between changed nothing of that.
        ("back", None, None),
        ("version", None, 2),
    ]
    assert told[-1]["class"] == "deletion"
    assert [one["run_id"] for one in told] == [1, 2, 4, 4]
    printed = lines(d, address("gone"))
    assert any(line.endswith("gone from the site (http_410); its text is kept") for line in printed)
    assert any(line.endswith("back on the site") for line in printed)


def test_records_have_the_same_keys_and_exact_text(d):
    told = [*records(d, address("gone")), *records(d, "--since", "2020-01-01"),
            *records(d, "--version", "1..2", address("typo"))]  # fmt: skip
    assert {tuple(one) for one in told} == {
        ("portal", "key", "url", "event", "at", "run_id", "reason", "version", "from_version",
         "fetched_at", "cause", "class", "reader_changed", "title", "sentences", "fields")
    }  # fmt: skip
    (typo,) = [one for one in told if one["event"] == "comparison"]
    assert typo["sentences"] == [
        {"kind": "typo", "old": f"{SECOND}\n\n", "new": SECOND.replace("ants", "ans") + "\n\n"}
    ]
    assert (typo["portal"], typo["key"]) == ("abamako", "news/h/1")


def test_any_two_versions_are_compared_in_either_direction(d):
    forth = records(d, "--version", "1..2", address("addition"))
    back = records(d, "--version", "2..1", address("addition"))
    assert [one["class"] for one in (*forth, *back)] == ["addition", "deletion"]
    assert (back[0]["from_version"], back[0]["version"]) == (2, 1)
    (same,) = records(d, "--version", "2..2", address("addition"))
    assert (same["class"], same["cause"]) == ("no difference", None)
    done = d.scrapy("history", "--version", "1..9", address("addition"))
    assert (done.returncode, done.stderr) == (
        2, "scrapy history: --version 1..9: there are 1 to 2\n"
    )  # fmt: skip


def test_context_is_as_wide_as_asked(on_sqlite):
    none = lines(on_sqlite, "--context", "0", address("rewrite"))
    assert f"  - {THIRD}" in none
    assert f"    {SECOND}" not in none
    wide = lines(on_sqlite, "--context", "9", address("rewrite"))
    assert [line for line in wide if line.startswith("    ")] == [
        f"    {FIRST}", f"    {SECOND}", f"    {LAST}"
    ]  # fmt: skip


def test_silent_edits_are_listed_newest_first_and_readings_are_not(d):
    printed = lines(d)
    assert len(printed) == 7
    assert "/h/6.html" in printed[0]
    assert [line[:20] for line in printed] == sorted((x[:20] for x in printed), reverse=True)
    assert not any(address("reading") in line for line in printed)
    (deleted,) = [line for line in printed if address("deletion") in line]
    assert f"  deletion       -1 +0 ~0     version 2  {address('deletion')}  {TITLE}" in deleted


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        (("--class", "deletion,rewrite"), {3, 4, 6, 9}),
        (("--class", "headline-only"), {5}),
        (("--class", "other-fields"), set()),
        (("--limit", "1"), {6}),
        (("--portal", "abamako", "--class", "typo"), {1}),
        (("--portal", "adakar"), set()),
        (("--since", "2126-01-01"), set()),
    ],
)
def test_list_is_narrowed(on_sqlite, arguments, numbers):
    done = on_sqlite.scrapy("history", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    found = {int(json.loads(line)["key"].rpartition("/")[2]) for line in done.stdout.splitlines()}
    assert found == numbers


def test_text_of_a_page_does_not_reach_the_terminal_as_commands(on_sqlite):
    for done in (on_sqlite.scrapy("history", address("hostile")), on_sqlite.scrapy("history"),
                 on_sqlite.scrapy("history", "--json", address("hostile"))):  # fmt: skip
        assert not {"\x1b", "\x9b", "\u202e"} & set(done.stdout)
    assert records(on_sqlite, address("hostile"))[-1]["class"] == "rewrite"


@pytest.mark.parametrize(("extra", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False),
                                                 ({"TERM": "dumb"}, False)])  # fmt: skip
def test_colours_are_for_a_terminal_that_wants_them(on_sqlite, extra, coloured):
    ours, theirs = pty.openpty()
    kept = {k: v for k, v in on_sqlite.environment().items() if k not in ("NO_COLOR", "TERM")}
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "history", address("deletion")],
        cwd=ROOT, env={**kept, "TERM": "xterm", **extra}, stdout=theirs,
    )  # fmt: skip
    os.close(theirs)
    printed = b""
    try:
        while chunk := os.read(ours, 65_536):
            printed += chunk
    except OSError:
        # Linux says so at the end of a terminal.
        pass
    os.close(ours)
    assert process.wait(60) == 0
    assert (f"\x1b[31m  - {SECOND}\x1b[0m".encode() in printed) == coloured
    assert (b"\x1b" in printed) == coloured


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("news.abamako.com/h/999.html",), "no article stored, never discovered; see `scrapy why"),
        (("http://www.exemple.test/1",), "no portal has this host"),
        (("http:///",), "http:///"),
        (("a.com", "b.com"), "one address"),
        (("--wrong",), "no such option"),
        (("--version", "1", "news.abamako.com/h/1.html"), "write two numbers as 1..3"),
        (("--version", "1..2"), "needs an address"),
        (("--context", "-1", "news.abamako.com/h/1.html"), "not a whole number"),
        (("--since", "2026-01-01", "news.abamako.com/h/1.html"), "goes without an address"),
        (("--since", "gestern"), "not a day"),
        (("--class", "typos"), "choose from typo, addition"),
        (("--portal", "nowhere"), "no such portal"),
        (("--limit", "0"), "not a whole number from 1"),
    ],
)
def test_wrong_argument_is_one_line_and_exit_2(empty, arguments, said):
    done = history(empty, *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert said in done.stderr


def test_without_a_corpus_the_remedy_is_told_and_none_is_made(tmp_path):
    file = tmp_path / "none" / "corpus.db"
    done = history(f"sqlite:///{file}")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "scrapy crawl" in done.stderr
    assert not file.parent.exists()


def test_corpus_without_an_article_is_no_error(empty):
    done = history(empty, "--json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "no such edit" in history(empty).stderr
