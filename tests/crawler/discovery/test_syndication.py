"""Feeds and sitemaps as sites write them: well, badly, with intent. Bytes in, entries out."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, date, datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.entry_dates import entry_day
from crawler.discovery.feed import declared_feeds, read_feed, usual_feeds
from crawler.discovery.sitemap import (
    declared_sitemaps,
    read_sitemap,
    usual_sitemaps,
    worth_reading,
)
from crawler.discovery.syndication import (
    MAX_BYTES,
    MAX_ENTRIES,
    BadSource,
    SourceEntry,
    read_entries,
)
from crawler.parsing.page import Page

HOME = "https://www.lecourrier.example/"
FEED = HOME + "feed/"
MAP = HOME + "sitemap.xml"
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)

RSS2 = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Le Courrier</title>
<link>https://www.lecourrier.example</link><image><url>https://www.lecourrier.example/l.png</url>
<link>https://www.lecourrier.example</link></image>
<item><title>L’école rouvre</title><link>https://www.lecourrier.example/2024/03/05/ecole/</link>
<dc:creator>A. T.</dc:creator><pubDate>Tue, 05 Mar 2024 09:30:00 +0000</pubDate>
<guid isPermaLink="false">https://www.lecourrier.example/?p=12</guid></item>
</channel></rss>"""
RSS1 = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://www.lecourrier.example/"><title>Le Courrier</title></channel>
<item rdf:about="https://www.lecourrier.example/2024/03/05/ecole/"><title>L’école rouvre</title>
<dc:date>2024-03-05T09:30:00Z</dc:date></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Le Courrier</title>
<link rel="self" href="https://www.lecourrier.example/atom.xml"/>
<entry><title type="html">L’&amp;eacute;cole &lt;b&gt;rouvre&lt;/b&gt;</title>
<link rel="replies" href="/2024/03/05/ecole/commentaires"/><link href="/2024/03/05/ecole/"/>
<id>tag:lecourrier.example,2024:12</id><published>2024-03-05T09:30:00Z</published>
<updated>2024-03-09T10:00:00Z</updated></entry></feed>"""
SPIP = """<?xml version="1.0" encoding="iso-8859-1"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<item xml:lang="fr"><title>L’école rouvre</title>
<link>https://www.lecourrier.example/2024/03/05/ecole/</link>
<guid isPermaLink="true">https://www.lecourrier.example/2024/03/05/ecole/</guid>
<dc:date>2024-03-05T09:30:00Z</dc:date></item></channel></rss>""".replace("’", "&#8217;")


@pytest.mark.parametrize(
    "body",
    [
        RSS2.encode(),
        RSS1.encode(),
        ATOM.encode(),
        SPIP.encode("latin-1"),
        gzip.compress(RSS2.encode()),
        b"\xef\xbb\xbf\n  " + RSS2.encode(),
        RSS2.replace("UTF-8", "UTF-16").encode("utf-16"),
        RSS2.encode("utf-8")[: RSS2.encode().index(b"</item>")],
    ],
    ids=["rss2", "rss1", "atom", "spip-latin1", "gzip", "bom-and-space", "utf16", "cut"],
)
def test_one_article_is_read_whatever_the_format(body):
    (entry,) = read_feed(body, FEED)
    assert entry.url == "https://www.lecourrier.example/2024/03/05/ecole/"
    assert entry.title == "L’école rouvre"
    assert entry_day(entry.published_raw, at=AT, zone=ZoneInfo("Africa/Bamako")) == date(2024, 3, 5)


@pytest.mark.parametrize(
    ("items", "titles"),
    [
        ("<item><title>Un & deux</title><link>/a</link></item>", ["Un & deux"]),
        ("<item><title>Un &eacute;t&eacute;</title><link>/a</link></item>", ["Un été"]),
        ("<item><title>Un &inconnu; mot</title><link>/a</link></item>", ["Un &inconnu; mot"]),
        ("<item><title>Un<br>deux</title><link>/a</link></item>", ["Un deux"]),
        ("<item><title><![CDATA[Un <b>mot</b> & l’autre]]></title><link>/a</link></item>",
         ["Un mot & l’autre"]),
        ("<item><title>Un</title><link>/a</link><item><title>Deux</title><link>/b</link></item>",
         ["Deux", "Un"]),
        ("<item><title>Un\x0b\x00</title><link>/a</link></item>", ["Un"]),
        ("<item><title>Un</title><link>/a</link><x:y>z</x:y></item>", ["Un"]),
        ("<item><title>Un</title><link>/a</link></item>\n<item><title>Un encore</title>"
         "<link>/a#suite</link></item>", ["Un"]),
        ("<item><title>Sans lien</title></item><item><title>Un</title><link>/a</link></item>",
         ["Un"]),
        ("<item><title>L’accueil</title><link>/</link></item>", []),
        ("<item><title>Un</title><link>javascript:alert(1)</link></item>", []),
    ],
    ids=["ampersand", "html-name", "unknown-name", "open-br", "cdata", "never-closed", "control",
         "no-prefix", "twice", "no-link", "root", "script"],
)  # fmt: skip
def test_a_malformed_feed_gives_what_can_be_told(items, titles):
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    assert [entry.title for entry in read_feed(body, FEED)] == titles


def test_an_address_in_a_cdata_section_keeps_its_query():
    body = b"<rss><item><link><![CDATA[/index.php?a=1&b=2]]></link></item></rss>"
    assert [e.url for e in read_feed(body, FEED)] == [HOME + "index.php?a=1&b=2"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n\0", "empty"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "html"),
        (b"<html><item><link>/a</link></item></html>", "html"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><rss><item><link>/&a;</link></item></rss>',
         "declarations"),
        (b'<?xml version="1.0"?><!-- x --><!DOCTYPE r [<!ENTITY % a SYSTEM "http://h/">%a;]><rss/>',
         "declarations"),
        (b"Not found", "xml"),
        (b"<note><to>x</to></note>", "xml"),
        (b"\x1f\x8bgarbage", "empty"),
    ],
    ids=["empty", "blank", "doctype-html", "html", "entity", "external", "text", "other-xml",
         "bad-gzip"],
)  # fmt: skip
def test_what_is_no_source_is_refused_with_a_reason(body, reason):
    with pytest.raises(BadSource) as caught:
        read_entries(body, FEED)
    assert caught.value.reason == reason


def test_a_packed_bomb_is_read_no_further_than_its_limit():
    packer = zlib.compressobj(wbits=31)
    blanks = b" " * (MAX_BYTES // 10)
    parts = [packer.compress(part) for part in (b"<urlset>", *[blanks] * 30)]
    late = b"<url><loc>https://www.lecourrier.example/late</loc></url></urlset>"
    packed = b"".join((*parts, packer.compress(late), packer.flush()))
    assert read_sitemap(packed, MAP) == ()


def test_deep_nesting_is_no_harm():
    body = b"<rss>" + b"<a>" * 200_000 + b"<item><link>/a</link></item>"
    assert len(read_feed(body, FEED)) <= 1


def test_no_more_entries_are_read_than_the_protocol_allows():
    lines = "\n".join(f"https://www.lecourrier.example/{n}" for n in range(MAX_ENTRIES + 5))
    assert len(read_sitemap(lines.encode(), MAP)) == MAX_ENTRIES


NS = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def test_a_news_sitemap_tells_headline_and_day_of_publication():
    body = f"""<?xml version="1.0"?><urlset {NS}><url><image:image><image:loc>/p.jpg</image:loc>
    </image:image><loc>https://www.lecourrier.example/a</loc><lastmod>2024-03-09</lastmod>
    <news:news><news:publication><news:name>Le Courrier</news:name></news:publication>
    <news:publication_date>2024-03-05</news:publication_date><news:title>L’école</news:title>
    </news:news></url></urlset>"""
    (entry,) = read_sitemap(body.encode(), MAP)
    assert entry == SourceEntry(HOME + "a", "L’école", "2024-03-05", "2024-03-09", "news")


def test_lastmod_is_no_day_of_publication():
    body = f"<urlset {NS}><url><loc>/a</loc><lastmod>2024-03-09</lastmod></url></urlset>"
    (entry,) = read_sitemap(body.encode(), MAP)
    assert (entry.published_raw, entry.modified_raw) == (None, "2024-03-09")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("wp-sitemap-posts-post-1.xml", True),
        ("wp-sitemap-posts-page-1.xml", False),
        ("wp-sitemap-taxonomies-category-1.xml", False),
        ("wp-sitemap-users-1.xml", False),
        ("post-sitemap2.xml", True),
        ("page-sitemap.xml", False),
        ("post_tag-sitemap.xml", False),
        ("author-sitemap.xml", False),
        ("sitemap-pt-post-2024-03.xml", True),
        ("sitemap-page-2.xml", True),
        ("sitemap.xml?page=3", True),
        ("news-sitemap.xml.gz", True),
        ("sitemap-articles-12.xml", True),
    ],
)
def test_files_of_an_index_are_told_by_their_names(name, kept):
    index = f"<sitemapindex {NS}><sitemap><loc>{HOME}{name}</loc></sitemap>"
    index += f"<sitemap><loc>{HOME}sitemap-articles.xml</loc></sitemap></sitemapindex>"
    files = worth_reading(read_sitemap(index.encode(), MAP))
    assert (HOME + name in [entry.url for entry in files]) is kept


def test_an_index_whose_every_name_sounds_wrong_is_read_all_the_same():
    index = f"<sitemapindex {NS}><sitemap><loc>/page-sitemap.xml</loc></sitemap></sitemapindex>"
    assert len(worth_reading(read_sitemap(index.encode(), MAP))) == 1


def test_robots_txt_names_sitemaps_in_any_case_and_place():
    robots = b"User-agent: *\nDisallow:\nSITEMAP : /carte.xml\r\nsitemap:https://cdn.example/s.gz\n"
    robots += b"Sitemap: mailto:x\n# Sitemap: /no.xml\nSitemap: /carte.xml"
    assert declared_sitemaps(robots, HOME) == (HOME + "carte.xml", "https://cdn.example/s.gz")


def test_declared_feeds_leave_out_those_of_comments():
    html = b"""<link rel="alternate" type="application/rss+xml" title="Flux" href="/feed/">
    <link rel="alternate" type="application/rss+xml" title="Commentaires" href="/c/">
    <link rel="ALTERNATE" type="application/atom+xml;charset=utf-8" href="atom.xml">
    <link rel="alternate" hreflang="en" href="/en/"><link rel="stylesheet" href="/s.css">
    <link rel="alternate" type="application/rss+xml" href="/comments/feed/">"""
    page = Page(HOME, html, "text/html", AT)
    assert declared_feeds(page) == (HOME + "feed/", HOME + "atom.xml")


def test_usual_addresses_are_of_the_host_itself():
    found = usual_feeds(HOME) + usual_sitemaps(HOME)
    assert all(url.startswith(HOME) for url in found)
    assert len(set(found)) == len(found)


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_bytes_raise_anything_but_bad_source(body):
    for sample in (body, b"<rss><item>" + body, b"<urlset><url><loc>" + body, b"\x1f\x8b" + body):
        attempt(sample)


@given(st.sampled_from([RSS2, RSS1, ATOM, SPIP]), st.integers(0, 2**32))
@settings(max_examples=300, deadline=None)
def test_no_mutated_feed_raises_anything_but_bad_source(text, seed):
    rng, body = Random(seed), bytearray(text.encode())
    for _ in range(rng.randrange(1, 30)):
        at = rng.randrange(len(body))
        match rng.randrange(4):
            case 0:
                body[at] ^= 1 << rng.randrange(8)
            case 1:
                del body[at : at + rng.randrange(1, 40)]
            case 2:
                body[at:at] = body[at : at + rng.randrange(1, 80)]
            case _:
                body[at:at] = rng.choice((b"<item>", b"]]>", b"&#0;", b"<![CDATA[", b"\xff", b"&"))
        body = body or bytearray(b"x")
    attempt(bytes(body))
    attempt(zlib.compress(bytes(body), wbits=31)[: rng.randrange(1, 600)])


def attempt(body: bytes) -> None:
    try:
        found = read_entries(body, FEED)
    except BadSource:
        return
    for entry in found:
        assert entry.url.startswith(("http://", "https://"))
        assert len(entry.title) <= 500
        entry_day(entry.published_raw, at=AT, zone=ZoneInfo("Africa/Bamako"))
