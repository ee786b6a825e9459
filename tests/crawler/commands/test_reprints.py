"""`scrapy reprints` and its stage as users meet them: after a crawl the families are there."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.crawls import Desk, desk
from tests.handmade import NEWS, Handmade, article_page

FIRST, COPY, CUT = (f"http://{NEWS}/h/{number}.html" for number in (300, 301, 302))


def text(name: str, count: int = 12) -> str:
    """Sentences of an invented dispatch, which share no four words with those of another `name`."""
    return " ".join(
        f"Le {name} numéro {n} a vu la {name}e {n} près du {name} de la ville {n}{n}."
        for n in range(count)
    )


def site() -> Handmade:
    world = Handmade()
    world.articles("Politique", range(100, 104))
    for number, page in (
        (300, article_page("Un convoi attaqué", body=text("convoi"),
                           line="Publié le lundi 19 octobre 2026 | L’Essor")),
        (301, article_page("Un convoi attaqué", body=text("convoi"),
                           line="Publié le mardi 20 octobre 2026 | Le Matin")),
        (302, article_page("Attaque d’un convoi", body=text("convoi", 8),
                           line="Publié le jeudi 22 octobre 2026 | =1+1")),
        (303, article_page("La pluie", body=text("nuage"),
                           line="Publié le jeudi 22 octobre 2026 | Le Matin")),
    ):  # fmt: skip
        world.list("Politique", world.put(f"/h/{number}.html", page))
    return world


@pytest.fixture
def crawled(database_url, tmp_path):
    with desk(site(), database_url, tmp_path) as d:
        assert d.crawl() == 0
        yield d


def test_crawl_links_reprints_and_the_command_shows_them(crawled: Desk):
    assert len(crawled.rows("select * from reprints")) == 2
    assert "reprints found or changed: 2" in crawled.log()
    shown = crawled.scrapy("reprints")
    assert (shown.returncode, shown.stderr) == (0, "")
    header, row = shown.stdout.splitlines()
    assert header.split()[:4] == ["reprints", "portals", "first", "last"]
    assert row.split()[:4] == ["2", "1", "2026-10-19", "2026-10-22"]
    assert row.endswith(FIRST)
    for address in (FIRST, COPY, CUT):
        told = crawled.scrapy("reprints", address)
        assert told.returncode == 0
        lines = told.stdout.splitlines()
        assert lines[0].startswith("original  2026-10-19  L’Essor")
        assert lines[3].startswith("100%")
        assert "-0 +0" in lines[3]
        assert ", retitled" in lines[4]
        assert lines[4].endswith(CUT)
    (line,) = crawled.scrapy("reprints", "--format", "json").stdout.splitlines()
    family = json.loads(line)
    assert family["url"] == FIRST
    assert [member["url"] for member in family["members"]] == [COPY, CUT]
    for options in (("--source", "Le Matin"), ("--since", "2027"), ("--section", "sports")):
        none = crawled.scrapy("reprints", *options)
        assert (none.returncode, none.stdout) == (0, "")
        assert none.stderr == "scrapy reprints: no reprint of what was asked for\n"
    alone = crawled.scrapy("reprints", f"http://{NEWS}/h/303.html")
    assert alone.returncode == 0
    assert "no other article repeats this one" in alone.stderr


def test_lost_or_damaged_cache_is_made_anew(tmp_path):
    with desk(site(), f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        assert d.crawl() == 0
        before = d.rows("select * from reprints order by article_id")
        (cache,) = (tmp_path / "search").glob("*/reprints.db")
        cache.write_bytes(b"no database " * 1000)
        told = d.scrapy("reprints")
        assert told.returncode == 3
        assert told.stderr.count("\n") == 1
        assert "scrapy reprints --rebuild" in told.stderr
        assert d.crawl() == 0, "a crawl stores all the same"
        assert d.scrapy("reprints", "--rebuild").returncode == 0
        shutil.rmtree(tmp_path / "search")
        assert d.scrapy("reprints").returncode == 0
        assert d.rows("select * from reprints order by article_id") == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--limit", "0"), "--limit 0: a whole number"),
        (("--since", "autumn"), "--since autumn: no day"),
        (("--portal", "abamoko"), "did you mean abamako?"),
        (("a", "b"), "one address at most"),
        (("http://example.org/h/1.html",), "no portal has this host"),
    ],
)
def test_bad_argument_is_one_line_and_exit_2(crawled_once: Desk, arguments, told):
    ran = crawled_once.scrapy("reprints", *arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert told in ran.stderr
    assert ran.stderr.count("\n") == 1


@pytest.fixture(scope="module")
def crawled_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reprints")
    with desk(site(), f"sqlite:///{folder / 'corpus.db'}", folder) as d:
        assert d.crawl() == 0
        yield d


def test_without_a_corpus_there_is_one_line(tmp_path):
    with desk(Handmade(), f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path, empty=True) as d:
        ran = d.scrapy("reprints")
        assert ran.returncode == 2
        assert "no corpus at" in ran.stderr
        assert not (tmp_path / "search").exists()
