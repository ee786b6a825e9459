"""Syndication: what a site writes for machines (feeds, sitemaps) read as flat entries. Pure.

One bounded, lenient pass of libxml2 over bytes that anybody may have written: malformed markup
gives the entries that can be told, a declared entity is refused, nothing is fetched and nothing
is expanded. `feed` and `sitemap` say where such files are and what of them is used.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.entities import html5
from typing import Any

from lxml import etree

from crawler.addresses import BadAddress, canonical
from crawler.parsing.encoding import decode

MAX_BYTES = 10 * 1024 * 1024
"""Unpacked bytes that are read of one file; what stands behind is cut off."""
MAX_ENTRIES = 50_000
"""Entries of one file: what the sitemap protocol allows."""
MAX_TITLE = 500
MAX_RAW_DATE = 100
_CHUNK = 64 * 1024

_GZIP = b"\x1f\x8b"
_KINDS = {"item": "feed", "entry": "feed", "url": "page", "sitemap": "sitemap"}
_PUBLISHED = ("pubdate", "published", "issued", "date", "publication_date", "created")
_MODIFIED = ("updated", "modified", "lastmod")
_PROLOG = re.compile(r"(?:\s|<\?.{0,2000}?\?>|<!--.{0,20000}?-->)*", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,1000}", re.IGNORECASE)
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});)?")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Text markup that was not escaped; left open («<br>») it would swallow what follows.
_MARKUP = re.compile(
    r"</?(?:br|hr|img|b|i|u|p|em|strong|small|sup|sub|font|span|div|a|ul|ol|li|blockquote|h[1-6])"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_TAGS = re.compile(r"<[^<>]{0,500}>")
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))


class BadSource(ValueError):
    """The bytes are no feed and no sitemap. `reason` is one word: `empty`, `html`, `declarations`
    (a document type with declarations of its own: entity bombs), `xml`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One line of a feed or sitemap."""

    url: str
    """Canonical address; of whose host is not asked here."""
    title: str
    """Plain text, white space collapsed; empty where the entry has none."""
    published_raw: str | None
    """The date of publication as it stands."""
    modified_raw: str | None
    """The date of the last change as it stands. It says nothing of the day of publication."""
    kind: str
    """`feed` (RSS or Atom), `page` (sitemap), `news` (sitemap, with a headline and a date),
    `sitemap` (a further file)."""


def read_entries(body: bytes, url: str, content_type: str | None = None) -> tuple[SourceEntry, ...]:
    """The entries of a feed, a sitemap or a sitemap index at `url`, in their order, each address
    once. Raises `BadSource`, and nothing else on any bytes."""
    text, _, _ = decode(_unpacked(body), content_type)
    text = _NOT_XML.sub("", text).strip()
    if not text:
        raise BadSource("empty")
    found: dict[tuple[str, str], SourceEntry] = {}
    for entry in _entries(text, url):
        found.setdefault((entry.kind, entry.url), entry)
        if len(found) >= MAX_ENTRIES:
            break
    return tuple(found.values())


def _unpacked(body: bytes) -> bytes:
    """`body`, unzipped where it is gzip, cut at `MAX_BYTES`; of a torn file what could be read."""
    if not body.startswith(_GZIP):
        return body[:MAX_BYTES]
    unzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
    parts: list[bytes] = []
    left = MAX_BYTES
    try:
        for start in range(0, len(body), _CHUNK):
            part = unzip.decompress(body[start : start + _CHUNK], left)
            parts.append(part)
            left -= len(part)
            if left <= 0 or unzip.eof:
                break
    except zlib.error:
        pass
    return b"".join(parts)


def _entries(text: str, base: str) -> Iterator[SourceEntry]:
    if not text.startswith("<"):
        yield from _plain_lines(text, base)
        return
    start = _PROLOG.match(text)
    text = text[start.end() :] if start else text
    if doctype := _DOCTYPE.match(text):
        if re.match(r"<!DOCTYPE\s+html", text, re.IGNORECASE):
            raise BadSource("html")
        if not text.startswith(">", doctype.end()):
            raise BadSource("declarations")
        text = text[doctype.end() + 1 :].lstrip()
    if re.match(r"<html\b", text, re.IGNORECASE):
        raise BadSource("html")
    yield from _parsed(text, base)


def _plain_lines(text: str, base: str) -> Iterator[SourceEntry]:
    """A sitemap may be plain text, one address a line."""
    lines = [line.strip() for line in text.splitlines()]
    addresses = [line for line in lines if re.match(r"https?://\S+$", line)]
    if not addresses or len(addresses) * 2 < sum(map(bool, lines)):
        raise BadSource("xml")
    for line in addresses:
        if url := _canonical(line, base):
            yield SourceEntry(url, "", None, None, "page")


def _parsed(text: str, base: str) -> Iterator[SourceEntry]:
    """Entries as libxml2 closes them; nothing behind a finished entry stays in memory."""
    parser: Any = etree.XMLPullParser(
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    inside: list[Any] = []
    known = False
    data = _escaped(text).encode("utf-8", "replace")
    for start in range(0, len(data), _CHUNK):
        try:
            parser.feed(data[start : start + _CHUNK])
            events = list(parser.read_events())
        except (etree.XMLSyntaxError, ValueError):
            break
        for event, element in events:
            name = _name(element)
            known = known or name in ("rss", "rdf", "feed", "urlset", "sitemapindex", *_KINDS)
            if event == "start":
                if name in _KINDS:
                    inside.append(element)
            elif inside and element is inside[-1]:
                inside.pop()
                if entry := _entry(element, base):
                    yield entry
                if not inside:
                    _forget(element)
            elif not inside:
                _forget(element)
    if not known:
        raise BadSource("xml")
    for element in inside:
        # The file ends within an entry, or entries are never closed.
        if entry := _entry(element, base):
            yield entry


def _forget(element: Any) -> None:
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while (previous := element.getprevious()) is not None:
            parent.remove(previous)


def _escaped(text: str) -> str:
    """`text` with the names of HTML («&eacute;») as characters, lone ampersands escaped, and the
    markup of texts left out."""
    parts = _CDATA.split(text)
    parts[::2] = [_AMPERSAND.sub(_character, _MARKUP.sub(" ", part)) for part in parts[::2]]
    return "".join(parts)


def _character(found: re.Match[str]) -> str:
    name = found.group(1)
    if not name:
        return "&amp;"
    if name in _XML_NAMES:
        return found.group()
    if name[0] == "#":
        told = unescape(found.group())
        return _NOT_XML.sub("", told).replace("&", "&amp;").replace("<", "&lt;")
    character = html5.get(name + ";")
    if character is None:
        return f"&amp;{name};"
    return character.replace("&", "&amp;").replace("<", "&lt;")


def _name(element: Any) -> str:
    """The local name in lower case; an undeclared prefix is cut off too."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _entry(element: Any, base: str) -> SourceEntry | None:
    kind = _KINDS[_name(element)]
    told: dict[str, str] = {}
    links: list[tuple[int, str]] = []
    for child in element:
        name = _name(child)
        if name == "news":
            kind = "news"
            told.update({f"news_{_name(part)}": _text(part) for part in child})
        elif name in ("link", "loc", "origlink", "guid", "id"):
            links += _addresses(child, name)
        else:
            told.setdefault(name, _text(child))
    if kind == "feed" and (about := next(iter(element.xpath("@*[local-name()='about']")), None)):
        links.append((4, about))
    url = next((u for _, href in sorted(links) if (u := _canonical(href, base))), None)
    if url is None:
        return None
    published = next((v for n in _PUBLISHED if (v := told.get(f"news_{n}") or told.get(n))), None)
    modified = next((v for n in _MODIFIED if (v := told.get(n))), None)
    return SourceEntry(
        url=url,
        title=_plain(told.get("news_title") or told.get("title") or ""),
        published_raw=published[:MAX_RAW_DATE] if published else None,
        modified_raw=modified[:MAX_RAW_DATE] if modified else None,
        kind=kind,
    )


def _addresses(child: Any, name: str) -> list[tuple[int, str]]:
    """(rank, address) of an element that may hold the entry's address; rank 0 is the best."""
    text, href = _text(child), (child.get("href") or "").strip()
    if name == "origlink":
        return [(0, text)]
    if name == "loc":
        return [(1, text)]
    if name == "link":
        rel = (child.get("rel") or "alternate").lower()
        return [(1, href or text)] if rel == "alternate" and (href or text) else []
    lasting = (child.get("isPermaLink") or "").strip().lower() != "false"
    return [(3, text)] if lasting and re.match(r"https?://", text) else []


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _plain(title: str) -> str:
    """A title in plain text: some feeds escape it twice, some write markup into it."""
    return " ".join(_TAGS.sub("", unescape(title)).split())[:MAX_TITLE]


def _canonical(href: str, base: str) -> str | None:
    try:
        return canonical(href, base) if href else None
    except BadAddress:
        return None
