"""Excerpt: the article's part of a page, cut out of its bytes before they are text or a tree.

Most of a portal's page is menus and lists; decoding it all and building its tree costs more than
reading the article. Where the portal's selectors name what they look for by a class or a tag, every
place that can match stands in the bytes themselves, and the part that holds them all, from the
breadcrumb above the headline to the first list of other articles, is enough. Anything unusual (no
such mark, a comment or a script around it, a tag left open, a body that does not end inside the
part) gives None, and the whole page is read. `tests/crawler/parsing/test_excerpt.py` holds both
ways to one Article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.parsing.mending import mended
from crawler.parsing.page import Page

LEAST = 16_000
"""Bytes of the shortest page worth cutting."""
_MOST = 0.7
"""A part larger than this share of the page gains nothing."""
_MOST_TAGS = 4_000
_MOST_MARKS = 200
"""Tags of one class beyond which it marks nothing."""
_BREADCRUMB = 8_000
"""Bytes above the first mark in which the breadcrumb is looked for."""
_ABOVE = 3_000
_BLOCK_WITHIN = 2_000
_LONGEST_TAG = 600
_CUT = "titrologue-cut"
# Any chain of closing tags at the head of the part finds something to close, so that the edges of
# cells and blocks still part the lines.
_WITHIN = ("<table><tbody><tr><td>" + "<div>" * 3) * 2
_BLOCK = re.compile(rb"<(?:table|tr|td|div|p>|ul|nav|section|header|main|h1)", re.IGNORECASE)
_CRUMBS = (b"Accueil", b"accueil", b"ACCUEIL", b">Home", b">HOME")
# `@` is an accented letter, whatever the encoding, or its name (`&eacute;`).
_STOP = re.compile(
    # Only a short text between two tags is looked at: most tags are told by that alone.
    rb">(?=[^<]{8,200}<)[^\w<]{0,5}(?:dans la m@me (?:rubrique|cat@gorie)|du m@me auteur|titrologie"
    rb"|(?:les )?plus (?:lus|r@cents|comment@s|vus)|derniers articles|autres articles"
    rb"|(?:nos )?(?:articles|sujets) (?:similaires|li@s|r@cents|populaires)"
    rb"|sur le m@me sujet|@ lire aussi)\s*(?:[:>]|[^\x00-\x7f])*\s*(?=<)".replace(
        b"@", rb"(?:[a-z]|[^\x00-\x7f]{1,2}|&\w{2,8};)"
    ),
    re.IGNORECASE,
)
_OPAQUE = (b"script", b"style", b"textarea", b"noscript", b"template", b"svg", b"select")
_COMPOUND = re.compile(r"^([a-zA-Z][\w-]*)?((?:\.[\w-]+)*)$")


def excerpt(page: Page, selectors: Mapping[str, Sequence[str]]) -> LexborHTMLParser | None:
    """The part of `page` that holds all that `selectors` can match, as a tree of its own; None
    where the whole page had better be read."""
    raw = page.raw
    start = page.body_at
    if len(raw) < LEAST or not page.is_bytewise or start < 0:
        return None
    span = _span(raw, start, selectors)
    if span is None:
        return None
    begin = _begin(raw, start, span[0])
    stop = _STOP.search(raw, span[1])
    # What stops the part is a whole line: the tag behind it ends it as in the page.
    end = raw.find(b">", stop.end(), stop.end() + _LONGEST_TAG) + 1 if stop else len(raw)
    if not begin < end <= begin + _MOST * len(raw) or raw.count(b"<", begin, end) > _MOST_TAGS:
        return None
    part = raw[begin:end]
    if _is_opaque(raw[start:begin].lower()) or mended(part) is not part:
        return None
    return LexborHTMLParser(f"{_WITHIN}{page.part(begin, end)}<{_CUT}></{_CUT}>")


def is_whole(tree: LexborHTMLParser, bodies: Sequence[LexborNode]) -> bool:
    """True where an excerpt goes on behind `bodies`: nothing of them was cut off."""
    at = next(iter(tree.tags(_CUT)), None)
    inside = {node.mem_id for node in bodies}
    while at is not None:
        if at.mem_id in inside:
            return False
        at = at.parent
    return True


def _span(raw: bytes, start: int, selectors: Mapping[str, Sequence[str]]) -> tuple[int, int] | None:
    """From the first to the last tag of the body that a selector's first part can match. Of the
    headline and the date the first counts: boxes all over a page may share their class."""
    marks = _marks(tuple((field, tuple(css)) for field, css in selectors.items()))
    if marks is None:
        return None
    classes, tags, firsts = marks
    first, last = len(raw), -1
    for name in classes:
        found = list(islice(_tags_with(raw, name, start), _MOST_MARKS + 1))
        if len(found) > _MOST_MARKS:
            return None
        first, last = min([first, *found]), max([last, *found])
    for name in firsts:
        if (at := next(_tags_with(raw, name, start), -1)) >= 0:
            first, last = min(first, at), max(last, at)
    for tag in tags:
        # An element that is never closed does not count: its page is read whole.
        if (closing := raw.rfind(b"</" + tag, start)) >= 0:
            opening = raw.find(b"<" + tag, start, closing)
            if opening < 0:
                return None
            first, last = min(first, opening), max(last, closing)
    return (first, last) if last >= 0 else None


def _tags_with(raw: bytes, name: bytes, start: int) -> Iterator[int]:
    """Where tags begin that hold `name`; elsewhere, as in a script, it is no mark."""
    at = raw.find(name, start)
    while at >= 0:
        tag = raw.rfind(b"<", max(start, at - _LONGEST_TAG), at)
        if tag >= 0 and raw.find(b">", tag, at) < 0 and not _in_script(raw, tag):
            yield tag
        at = raw.find(name, at + len(name))


def _in_script(raw: bytes, at: int) -> bool:
    opened = raw.rfind(b"<script", 0, at)
    return opened >= 0 and raw.find(b"</script", opened, at) < 0


def _begin(raw: bytes, start: int, mark: int) -> int:
    """Where a block begins above the breadcrumb, or a little above the first mark."""
    low = max(start, mark - _BREADCRUMB)
    at = max(raw.rfind(crumb, low, mark) for crumb in _CRUMBS)
    if at < 0:
        at = max(low, mark - _ABOVE)
    low = max(start, at - _BLOCK_WITHIN)
    tag = raw.rfind(b"<", low, at)
    while tag >= 0 and not _BLOCK.match(raw, tag, at):
        tag = raw.rfind(b"<", low, tag)
    return tag if tag >= 0 else start


def _is_opaque(before: bytes) -> bool:
    """True where the text that follows `before` stands in a comment, a script or the like."""
    if before.rfind(b"<!--") > before.rfind(b"-->"):
        return True
    for tag in _OPAQUE:
        opened = before.rfind(b"<" + tag)
        if opened >= 0 and before.find(b"</" + tag, opened) < 0:
            return True
    return False


@cache
def _marks(
    selectors: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[frozenset[bytes], frozenset[bytes], frozenset[bytes]] | None:
    """(class names, tags, class names of headline and date): what the first part of each selector
    names; None where one names neither. Pictures are not asked for: they are taken from between
    headline and body."""
    classes: set[bytes] = set()
    tags: set[bytes] = set()
    firsts: set[bytes] = set()
    asked = [(field, css) for field, several in selectors if field != "photo" for css in several]
    for field, css in asked:
        found = _COMPOUND.match(css.split()[0])
        if found is None or not any(found.groups()):
            return None
        tag, names = found.groups()
        if names:
            last = names.rsplit(".", 1)[1].encode()
            (firsts if field in ("title", "date") else classes).add(last)
        else:
            tags.add(tag.encode())
    return frozenset(classes), frozenset(tags), frozenset(firsts)
