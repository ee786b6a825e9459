"""Feed: where a site's RSS or Atom feed is, and the articles it names. Pure: nothing is fetched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crawler.addresses import BadAddress, canonical
from crawler.discovery.syndication import SourceEntry, read_entries

if TYPE_CHECKING:
    from crawler.parsing.page import Page

MAX_FEEDS = 3
"""Feeds of one page that are read beside its listings; it may declare one for each section."""
MAX_ALONE = 20
"""The same where feeds are all that is read."""
_USUAL = (
    "/feed/",
    "/spip.php?page=backend",
    "/rss.xml",
    "/rss",
    "/feed.xml",
    "/atom.xml",
    "/rss/rss.xml",
    "/xml/all.xml",
)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_COMMENTS = re.compile(r"comment(?:s|aires?)\b|/comments/|page=forum|forum", re.IGNORECASE)


def declared_feeds(page: Page, *, most: int = MAX_FEEDS) -> tuple[str, ...]:
    """Addresses of the feeds that `page` declares in `<link rel=alternate>`, at most `most`, those
    of comments left out, canonical, in page order."""
    found: list[str] = []
    for node in page.tree.css("link[rel][href]"):
        attributes = node.attributes
        if "alternate" not in (attributes.get("rel") or "").lower().split():
            continue
        if (attributes.get("type") or "").split(";")[0].strip().lower() not in _FEED_TYPES:
            continue
        href = attributes.get("href") or ""
        if _COMMENTS.search(attributes.get("title") or "") or _COMMENTS.search(href):
            continue
        try:
            url = canonical(href, page.url)
        except BadAddress:
            continue
        if url not in found:
            found.append(url)
    return tuple(found[:most])


def usual_feeds(home: str) -> tuple[str, ...]:
    """Where the common systems keep a feed that no page declares, likeliest first."""
    return tuple(canonical(urljoin(home, path)) for path in _USUAL)


def read_feed(body: bytes, url: str, content_type: str | None = None) -> tuple[SourceEntry, ...]:
    """The articles that a feed names, newest first as feeds are. Raises `BadSource`."""
    entries = (e for e in read_entries(body, url, content_type) if e.kind == "feed")
    return tuple(e for e in entries if not _is_root(e.url) and e.url != url)


def _is_root(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path == "/" and not parts.query
