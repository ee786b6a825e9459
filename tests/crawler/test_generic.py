"""Sites that are no portal of ours, known by host and clock alone: two systems whose markup shares
nothing with the network's, crawled through the front door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawler.addresses import canonical
from demo.cms import Site, draw_piece, plain_xml
from demo.spip import make_spip
from demo.wordpress import make_wordpress
from tests.crawls import Desk, desk

ZONE = ("-a", "timezone=Africa/Bamako")


def opened(site: Site, folder: Path) -> Any:
    return desk(site, f"sqlite:///{folder / 'corpus.db'}", folder)


def crawl(d: Desk, site: Site, *arguments: str) -> None:
    d.portal = site.home
    assert d.crawl(*ZONE, *arguments) == 0, d.log()[-4000:]


def stored(d: Desk) -> dict[str, dict[str, Any]]:
    return {row["url"]: row for row in d.rows("select * from articles")}


def expect_all(d: Desk, site: Site) -> None:
    """Every article, nothing else, each with its day, headline and text."""
    held, gold = stored(d), {canonical(u): piece for u, piece in site.gold().items()}
    assert set(held) == set(gold), (set(gold) - set(held), set(held) - set(gold))
    for url, piece in gold.items():
        row = held[url]
        assert row["title"] == piece.title
        assert row["published_on"] == piece.at.date().isoformat(), (url, row["published_raw"])
        assert row["portal"] == site.domain


SITES = {
    "wordpress": make_wordpress,
    "spip": make_spip,
    "spip-slugs": lambda **given: make_spip(slugs=True, **given),
}


@pytest.mark.parametrize("make", SITES.values(), ids=SITES)
def test_every_article_of_another_system_is_stored_and_a_second_run_fetches_what_is_new(
    make, tmp_path
):
    site = make()
    with opened(site, tmp_path) as d:
        crawl(d, site)
        expect_all(d, site)
        site.pieces.insert(0, draw_piece(9, 901, 0))
        d.replica.clear_hits()
        crawl(d, site)
        expect_all(d, site)
        hits = [hit.path for hit in d.replica.hits()]
        # robots.txt, home, one listing a section, the feed, the new article.
        assert len(hits) <= 10, hits


@pytest.mark.parametrize("make", SITES.values(), ids=SITES)
def test_feed_alone_suffices_where_the_home_page_is_a_script(make, tmp_path):
    site = make(articles=10, shell=True)
    site.missing = {"/wp-sitemap.xml"}
    with opened(site, tmp_path) as d:
        crawl(d, site)
        expect_all(d, site)
        routes = {row["found_by"] for row in d.rows("select found_by from pages")}
        assert all("feed" in route for route in routes), routes


def test_sitemap_alone_suffices_where_the_home_page_is_a_script(tmp_path):
    site = make_wordpress(shell=True)
    site.missing = {"/feed/"}
    with opened(site, tmp_path) as d:
        crawl(d, site)
        expect_all(d, site)


def test_case_25_indexes_that_name_each_other_and_dates_to_come_are_no_trap(tmp_path):
    site = make_wordpress(shell=True, articles=40)
    site.missing = {"/feed/"}
    host, whole = site.home, site.page

    def page(path):
        if path not in ("/wp-sitemap.xml", "/a-sitemap.xml", "/b-sitemap.xml", "/c-sitemap.xml"):
            return whole(path)
        if path == "/c-sitemap.xml":
            urls = [site.address(piece) for piece in site.pieces]
            return plain_xml(
                "<urlset>"
                + "".join(f"<url><loc>{u}</loc><lastmod>2099-01-01</lastmod></url>" for u in urls)
                + "</urlset>"
            )
        names = ("a-sitemap.xml", "b-sitemap.xml", "c-sitemap.xml", "wp-sitemap.xml")
        files = "".join(f"<sitemap><loc>{host}{n}</loc></sitemap>" for n in names)
        return plain_xml(f"<sitemapindex>{files}</sitemapindex>")

    site.page = page
    with opened(site, tmp_path) as d:
        crawl(d, site)
        expect_all(d, site)
        asked = [hit.path for hit in d.replica.hits() if "sitemap" in hit.path]
        assert len(asked) == len(set(asked)) <= 4


@pytest.mark.parametrize("slugs", [False, True], ids=["numbers", "slugs"])
def test_pages_of_a_sitemap_that_are_no_articles_are_not_stored(slugs, tmp_path):
    site = make_spip(slugs=slugs, shell=True, articles=40)
    site.mapped = True
    with opened(site, tmp_path) as d:
        crawl(d, site)
        expect_all(d, site)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["https://www.griot.example/"], "-a timezone=Africa/Bamako"),
        (["https://www.griot.example/", "-a", "timezone=Bamako"], "no time zone"),
        (["https://news.abamako.com/", *ZONE], "scrapy crawl abamako"),
        (["abamako", *ZONE], "has its own"),
        (["https://griot.example:8080/", *ZONE], "usual ports"),
        (["https://user@griot.example/", *ZONE], "userinfo"),
    ],
    ids=["no-zone", "bad-zone", "ours", "portal-and-zone", "port", "user"],
)
def test_a_site_that_cannot_be_crawled_by_its_address_is_refused_in_a_line(
    arguments, told, tmp_path
):
    with opened(make_spip(articles=1), tmp_path) as d:
        ended = d.scrapy("crawl", *arguments)
        assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1), ended.stderr
        assert told in ended.stderr
        assert not d.replica.hits()


def test_two_sites_keep_their_articles_apart(tmp_path):
    sites = [make_spip(articles=8), make_wordpress(articles=8)]
    with desk(sites, f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        for site in sites:
            crawl(d, site)
        counts = d.rows("select portal, count(*) as n from articles group by portal order by 1")
        assert counts == [
            {"portal": "courrier.example", "n": 8},
            {"portal": "griot.example", "n": 8},
        ]
        listed = d.scrapy("list").stdout.split()
        assert len(listed) == 9
