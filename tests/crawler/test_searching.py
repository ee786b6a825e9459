"""The search index follows what the commands do to the corpus, and never stands in their way."""

from __future__ import annotations

import json

import pytest

from tests.crawls import desk
from tests.handmade import Handmade, article_page

TEXT = "La circulation reprend sur le pont de Kayes. Les commerçants du marché sont soulagés."


@pytest.fixture
def site() -> Handmade:
    site = Handmade()
    for number in (10, 11):
        page = article_page(f"Nouvelle n° {number}", body=f"{TEXT}<br><br>Zébu numéro {number}.")
        site.list("Politique", site.put(f"/h/{number}.html", page))
    return site


def search(d, text):
    """(urls found, what was said) of a search."""
    run = d.scrapy("search", text, "--format", "json")
    assert run.returncode == 0
    return sorted(hit["url"][-7:] for hit in json.loads(run.stdout)["hits"]), run.stderr


def test_index_follows_crawls_and_take_downs(site, tmp_path):
    with desk(site, f"sqlite:///{tmp_path}/corpus.db", tmp_path) as d:
        assert d.crawl() == 0
        # The crawl has made it: nothing is said of building.
        assert search(d, "zebu") == (["10.html", "11.html"], "")
        site.list("Politique", site.put("/h/12.html", article_page("Mil", body=f"{TEXT} Le mil.")))
        assert d.crawl() == 0
        assert search(d, "mil") == (["12.html"], "")

        gone = d.scrapy("forget", "http://news.abamako.com/h/10.html", "--reason", "x", "--yes")
        assert (gone.returncode, gone.stderr) == (0, "")
        assert search(d, "zebu") == (["11.html"], "")
        assert len(list((tmp_path / "search").glob("*/index-*/meta.json"))) == 1


def test_broken_index_neither_loses_a_run_nor_changes_its_code(site, tmp_path):
    with desk(site, f"sqlite:///{tmp_path}/corpus.db", tmp_path) as d:
        # A file where the folder should be: nothing can be written, not even by root.
        (tmp_path / "search").write_text("")
        assert d.crawl() == 0
        told = [line for line in d.log().splitlines() if line.startswith("scrapy crawl:")]
        assert len([line for line in told if "search index" in line]) == 1
        refused = d.scrapy("search", "zebu")
        assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (3, "", 1)
        assert "set SEARCH_DIR" in refused.stderr
        (tmp_path / "search").unlink()
        assert search(d, "zebu")[0] == ["10.html", "11.html"]

        # Files that were spoilt are noticed, and made anew by whoever comes next.
        for path in (tmp_path / "search").glob("*/index-*/*.term"):
            path.write_bytes(b"spoilt")
        found, said = search(d, "zebu")
        assert found == ["10.html", "11.html"]
        assert "it is damaged" in said
