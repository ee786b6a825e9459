"""Sitemap: where a site's sitemaps are, which of an index are worth reading, and the pages they
name. Pure: nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from crawler.addresses import BadAddress, canonical
from crawler.discovery.syndication import SourceEntry, read_entries

MAX_DEPTH = 2
"""Indexes above a sitemap. The protocol allows one; some sites nest a second."""
MAX_FILES = 200
"""Sitemaps that one run reads; with 50,000 addresses each that is past any news site."""
_USUAL = ("/sitemap.xml", "/wp-sitemap.xml", "/sitemap_index.xml", "/?page=sitemap.xml")
_LINE = re.compile(rb"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,1024})")
# «wp-sitemap-taxonomies-category-1.xml», «author-sitemap.xml», «post_tag-sitemap2.xml».
_NO_ARTICLES = re.compile(
    r"taxonom|categor|rubrique|(?:^|[^a-z])(?:tags?|mots?|users?|auth?ors?|auteurs?|images?|videos?"
    r"|photos?|attachments?|pages?|local|products?|forums?)(?=[^a-z]|$)|post_tag",
    re.IGNORECASE,
)


def declared_sitemaps(robots: bytes, origin: str) -> tuple[str, ...]:
    """The `Sitemap:` lines of a robots.txt, canonical, each once."""
    found: list[str] = []
    for line in _LINE.finditer(robots.removeprefix(b"\xef\xbb\xbf")):
        try:
            url = canonical(line.group(1).decode("utf-8", "replace"), origin)
        except BadAddress:
            continue
        if url not in found:
            found.append(url)
    return tuple(found)


def usual_sitemaps(home: str) -> tuple[str, ...]:
    """Where the common systems keep a sitemap that no robots.txt names, likeliest first."""
    return tuple(canonical(urljoin(home, path)) for path in _USUAL)


def read_sitemap(body: bytes, url: str, content_type: str | None = None) -> tuple[SourceEntry, ...]:
    """What a sitemap names: `page` and `news` entries, or `sitemap` entries where it is an index.
    Raises `BadSource`."""
    return read_entries(body, url, content_type)


def worth_reading(entries: Iterable[SourceEntry]) -> tuple[SourceEntry, ...]:
    """Of the files of an index those that may hold articles, told by their names: sitemaps of
    sections, key words, authors and pictures hold none. Where no name is left, all of them."""
    files = tuple(entry for entry in entries if entry.kind == "sitemap")
    kept = tuple(entry for entry in files if not _NO_ARTICLES.search(_file(entry.url)))
    return kept or files


def _file(url: str) -> str:
    parts = urlsplit(url)
    name = parts.path.rstrip("/").rpartition("/")[2]
    # «posts-page-1» is of pages; «sitemap-page-2» and «?page=2» are a count.
    name = re.sub(r"sitemap[-_]?page[-_=]?\d+", "sitemap", f"{name}?{parts.query}")
    return re.sub(r"(?<=[?&])page=[^&]*", "", name)
