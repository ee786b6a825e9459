"""Strategy `feed` through the front door: one conditional request, what is new and what changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from demo.newsroom import Newsroom
from demo.pages import Response
from tests.crawls import desk, later, light_portal
from tests.handmade import NEWS, Handmade, article_page

FEED = ("-a", "strategy=feed")
ADDRESS = "/rss/rss.xml"
TODAY = datetime.now(UTC).date()
XML = {"Content-Type": "application/xml"}


def item(number: int, title: str = "Une nouvelle") -> str:
    return f"<item><title>{title}</title><link>http://{NEWS}/h/{number}.html</link></item>"


def rss(*items: str) -> bytes:
    return f'<?xml version="1.0"?><rss><channel>{"".join(items)}</channel></rss>'.encode()


def test_feed_is_found_once_then_asked_for_alone_and_conditionally(database_url, tmp_path):
    world = light_portal("fed", "abamako", 0, sections=["Politique"], today=TODAY)
    world.etags, world.feed = True, "rss"
    world.publish(30, "Politique")
    with desk(world, database_url, tmp_path) as d:
        assert d.crawl(*FEED) == 0
        # The newest twenty, by the feed alone: no listing was read.
        assert {row["url"] for row in d.rows("select url from articles")} == set(world.urls()[10:])
        assert {
            row["found_by"] for row in d.rows("select cast(found_by as text) found_by from pages")
        } == {'["feed"]'}
        d.replica.clear_hits()
        assert d.crawl(*FEED) == 0
        hits = [(hit.path, hit.status) for hit in d.replica.hits()]
        assert hits == [("/robots.txt", 200), (ADDRESS, 304)]
        assert "feeds: 1 read, 1 of them not modified" in d.log()
        run = d.rows("select * from runs order by id desc limit 1")[0]
        assert (run["discovery_requests"], run["article_requests"], run["exit_code"]) == (1, 0, 0)
        world.publish(2, "Politique")
        d.replica.clear_hits()
        assert d.crawl(*FEED) == 0
        assert len(d.articles()) == 22
        assert len(d.replica.hits()) == 4


def test_article_that_the_feed_says_was_changed_is_visited_again(sqlite_url, tmp_path):
    world = light_portal("fed", "abamako", 0, sections=["Politique"], today=TODAY)
    world.etags, world.feed = True, "atom"
    world.publish(20, "Politique")
    room = Newsroom(world)
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl(*FEED) == 0
        url = world.urls()[7]
        room.edit(url)
        d.replica.clear_hits()
        assert d.crawl(*FEED) == 0
        assert [hit.url for hit in d.article_hits()] == [url]
        changed = d.rows(
            "select a.url, v.cause from article_versions v join articles a"
            " on a.id = v.article_id where v.version = 2"
        )
        assert changed == [{"url": url, "cause": "site"}]
        assert "1 said to have changed" in d.log()
        # It says so still, and it is visited no more.
        room.publish("Politique")
        d.replica.clear_hits()
        assert d.crawl(*FEED) == 0
        assert [hit.url for hit in d.article_hits()] == [world.urls()[-1]]


def test_feed_whose_every_entry_is_always_just_changed_is_not_believed(sqlite_url, tmp_path):
    site = Handmade()
    site.articles("Politique", range(1, 11))

    def stamped(_: str) -> Response:
        now = format_datetime(datetime.now(UTC))
        dated = [
            item(n).replace("</item>", f"<pubDate>{now}</pubDate></item>") for n in range(1, 11)
        ]
        return Response(200, rss(*dated), dict(XML))

    site.put(ADDRESS, stamped)
    with desk(site, sqlite_url, tmp_path) as d:
        assert d.crawl(*FEED) == 0
        d.replica.clear_hits()
        assert d.crawl(*FEED) == 0
        assert d.article_hits() == []


def test_last_modified_serves_where_there_is_no_etag(sqlite_url, tmp_path):
    site = Handmade()
    site.articles("Politique", range(1, 3))
    modified = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=False)
    site.put(ADDRESS, Response(200, rss(item(1), item(2)), {**XML, "Last-Modified": modified}))
    with desk(site, sqlite_url, tmp_path) as d:
        assert d.crawl(*FEED) == 0
        assert d.crawl(*FEED) == 0
        told = [hit.headers.get("if-modified-since") for hit in d.replica.hits(path=ADDRESS)]
        assert told == [None, modified]


def test_portal_without_a_feed_is_told_in_a_line_and_ends_9(sqlite_url, tmp_path):
    site = Handmade()
    site.articles("Politique", range(1, 4))
    with desk(site, sqlite_url, tmp_path) as d:
        assert d.crawl(*FEED) == 9
        assert "has no feed, neither declared nor where feeds usually are; `scrapy crawl" in d.log()
        assert d.article_hits() == []
        asked = len(d.replica.hits())
        d.replica.clear_hits()
        assert d.crawl(*FEED) == 9
        # Addresses tried in vain are left alone for a month.
        assert [hit.path for hit in d.replica.hits()] == ["/robots.txt", "/"]
        assert asked > 5


def test_feed_that_moved_is_found_again(sqlite_url, tmp_path):
    site = Handmade()
    site.articles("Politique", range(1, 4))
    site.put(ADDRESS, Response(200, rss(item(1)), dict(XML)))
    with desk(site, sqlite_url, tmp_path) as d:
        assert d.crawl(*FEED) == 0
        site.put(ADDRESS, Response(404, b"", {}))
        head = '<link rel="alternate" type="application/rss+xml" href="/flux.xml">'
        home = f"<html><head>{head}</head><body>Accueil</body></html>".encode()
        site.put("/", Response(200, home, {"Content-Type": "text/html"}))
        site.put("/flux.xml", Response(200, rss(item(1), item(2)), dict(XML)))
        assert d.crawl(*FEED) == 0
        assert len(d.articles()) == 2


BOMB = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
PAYLOADS = {
    "file": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>{}',
    "remote": f'<!DOCTYPE r [<!ENTITY x SYSTEM "http://{NEWS}/secret">]>{{}}',
    "parameter": f'<!DOCTYPE r [<!ENTITY % x SYSTEM "http://{NEWS}/secret"> %x;]>{{}}',
    "laughs": BOMB.replace("{", "{{").replace("}", "}}") + "]>{}",
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_case_24_entities_of_a_feed_are_neither_read_nor_expanded(payload, sqlite_url, tmp_path):
    site = Handmade()
    site.articles("Politique", range(1, 3))
    body = payload.format(rss(item(1, "&x;&i;")).decode().partition("?>")[2])
    site.put(ADDRESS, Response(200, body.encode(), dict(XML)))
    with desk(site, sqlite_url, tmp_path) as d:
        assert d.crawl(*FEED, "-s", "MEMUSAGE_LIMIT_MB=300") == 9
        assert d.replica.hits(path="/secret") == []
        assert d.states() == {}
        assert "root:" not in d.log()


@pytest.mark.parametrize(
    "body",
    [
        rss(item(1), item(2)).replace(b"</channel></rss>", b""),
        rss(item(1, "Un & deux <br>"), item(2, "&eacute;&inconnu;")),
        rss(item(1), item(2, "L\xe9on")).decode().encode("latin-1"),
        b"\xef\xbb\xbf\n" + rss(item(1), item(2)),
        rss(item(1), "<item><link>javascript:alert(1)</link></item>", item(2)),
        rss(item(1), item(2), "<a>" * 20_000),
    ],
    ids=["cut", "markup", "encoding", "bom", "script", "nested"],
)
def test_malformed_feed_gives_the_articles_that_can_be_told(body, sqlite_url, tmp_path):
    site = Handmade()
    site.articles("Politique", range(1, 3))
    site.put(ADDRESS, Response(200, body, dict(XML)))
    with desk(site, sqlite_url, tmp_path) as d:
        assert d.crawl(*FEED) == 0
        assert d.states() == {"stored": 2}


def test_limit_and_days_hold_for_a_feed(sqlite_url, tmp_path):
    world = light_portal("fed", "abamako", 12, sections=["Politique"], today=TODAY)
    world.feed = "rss"
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl(*FEED, "-a", "limit=3") == 0
        assert len(d.articles()) == 3
        day = sorted(stub.day for stub in world.stubs)[6]
        assert d.crawl(*FEED, "-a", f"since={day}") == 0
        wanted = {stub.url for stub in world.stubs if stub.day >= day}
        assert {row["url"] for row in d.rows("select url from articles")} >= wanted
        assert d.crawl(*FEED) == 0
        assert len(d.articles()) == 12


def test_article_found_by_a_listing_alone_is_not_fetched_by_a_feed_run(sqlite_url, tmp_path):
    site = Handmade()
    site.articles("Politique", range(1, 9))
    site.put(ADDRESS, Response(200, rss(item(8)), dict(XML)))
    with desk(site, sqlite_url, tmp_path) as d:
        assert d.crawl("-a", "limit=1") == 0
        assert d.crawl(*FEED) == 0
        assert d.states() == {"stored": 1, "queued": 7} or d.states() == {"stored": 2, "queued": 6}
        later(d, hours=48)
        assert d.crawl() == 0
        assert d.states() == {"stored": 8}


def test_feed_that_fails_for_now_is_a_failure_and_no_missing_feed(sqlite_url, tmp_path):
    site = Handmade()
    site.articles("Politique", range(1, 3))
    site.put(ADDRESS, Response(200, rss(item(1)), dict(XML)))
    site.put(f"http://{NEWS}/h/1.html", article_page("Le pont de Kayes rouvre"))
    with desk(site, sqlite_url, tmp_path) as d:
        assert d.crawl(*FEED) == 0
        d.replica.set_fault("status", ADDRESS, status=503)
        assert d.crawl(*FEED) == 12
        assert "has no feed" not in d.log()
