"""Excerpt: the article's part of a page, cut out of its text before any tree is built.

Most of a portal's page is menus and lists; building a tree of all of it costs more than reading the
article. Where the portal's selectors name what they look for by a class or a tag, every place that
can match stands in the text itself, and the part that holds them all, from the breadcrumb above the
headline to the first list of other articles, is enough. Anything unusual (no such mark, a comment
or a script around it, a body that does not end inside the part) gives None, and the whole page is
read. `tests/crawler/parsing/test_excerpt.py` holds both ways to the same Article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

LEAST = 16_000
"""Characters of the shortest page worth cutting."""
_MOST = 0.7
"""A part larger than this share of the page gains nothing."""
_MOST_TAGS = 4_000
_BREADCRUMB = 8_000
"""Characters above the first mark in which the breadcrumb is looked for."""
_ABOVE = 3_000
_BLOCK_WITHIN = 2_000
_LONGEST_TAG = 600
_CUT = "titrologue-cut"
# Any chain of closing tags at the head of the part finds something to close, so that the edges of
# cells and blocks still part the lines.
_WITHIN = ("<table><tbody><tr><td>" + "<div>" * 3) * 3
_BLOCKS = (
    "<table", "<tr", "<td", "<div", "<p>", "<ul", "<nav", "<section", "<header", "<main", "<h1",
)  # fmt: skip
_CRUMBS = ("Accueil", "accueil", "ACCUEIL", ">Home", ">HOME")
_STOP = re.compile(
    r">\W{0,5}(?:dans la m[êe]me (?:rubrique|cat[ée]gorie)|du m[êe]me auteur|titrologie"
    r"|(?:les )?plus (?:lus|r[ée]cents|comment[ée]s|vus)|derniers articles|autres articles"
    r"|(?:nos )?(?:articles|sujets) (?:similaires|li[ée]s|r[ée]cents|populaires)"
    r"|sur le m[êe]me sujet|[àa] lire aussi)\s*[:>»…]*\s*(?=<)",
    re.IGNORECASE,
)
_OPAQUE = ("script", "style", "textarea", "noscript", "template", "svg", "select")
_COMPOUND = re.compile(r"^([a-zA-Z][\w-]*)?((?:\.[\w-]+)*)$")


def excerpt(text: str, selectors: Mapping[str, Sequence[str]]) -> LexborHTMLParser | None:
    """The part of `text` that holds all that `selectors` can match, as a tree of its own; None
    where the whole page had better be read."""
    if len(text) < LEAST or (start := text.find("<body")) < 0:
        return None
    span = _span(text, start, selectors)
    if span is None:
        return None
    begin = _begin(text, start, span[0])
    stop = _STOP.search(text, span[1])
    end = stop.end() if stop is not None else len(text)
    if end - begin > _MOST * len(text) or text.count("<", begin, end) > _MOST_TAGS:
        return None
    if _is_opaque(text[start:begin].lower()):
        return None
    # What stops the part is a whole line: the tag behind it ends it as in the page.
    behind = text[end : end + _LONGEST_TAG].partition(">")[0] + ">" if stop is not None else ""
    return LexborHTMLParser(f"{_WITHIN}{text[begin:end]}{behind}<{_CUT}></{_CUT}>")


def is_whole(tree: LexborHTMLParser, bodies: Sequence[LexborNode]) -> bool:
    """True where an excerpt goes on behind `bodies`: nothing of them was cut off."""
    at = tree.css_first(_CUT)
    inside = {node.mem_id for node in bodies}
    while at is not None:
        if at.mem_id in inside:
            return False
        at = at.parent
    return True


def _span(text: str, start: int, selectors: Mapping[str, Sequence[str]]) -> tuple[int, int] | None:
    """From the first to the last tag of the body that a selector's first part can match."""
    marks = _marks(tuple((field, tuple(css)) for field, css in selectors.items()))
    if marks is None:
        return None
    classes, tags, dates = marks
    first, last = len(text), -1
    for name in classes:
        for at in _tags_with(text, name, start):
            first, last = min(first, at), max(last, at)
    # Boxes all over a page share the date's class; the article's is the first.
    for name in dates:
        if (at := next(_tags_with(text, name, start), -1)) >= 0:
            first, last = min(first, at), max(last, at)
    for tag in tags:
        # An element that is never closed does not count: its page is read whole.
        if (closing := text.rfind(f"</{tag}", start)) >= 0:
            opening = text.find(f"<{tag}", start, closing)
            if opening < 0:
                return None
            first, last = min(first, opening), max(last, closing)
    return (first, last) if last >= 0 else None


def _tags_with(text: str, name: str, start: int) -> Iterator[int]:
    """Where tags begin that hold `name`; elsewhere (a script's string) it is no mark."""
    at = text.find(name, start)
    while at >= 0:
        tag = text.rfind("<", max(start, at - _LONGEST_TAG), at)
        if tag >= 0 and text.find(">", tag, at) < 0:
            yield tag
        at = text.find(name, at + len(name))


def _begin(text: str, start: int, mark: int) -> int:
    """Where a block begins above the breadcrumb, or a little above the first mark."""
    low = max(start, mark - _BREADCRUMB)
    at = max(text.rfind(crumb, low, mark) for crumb in _CRUMBS)
    if at < 0:
        at = max(low, mark - _ABOVE)
    low = max(start, at - _BLOCK_WITHIN)
    before = text[low:at].lower()
    block = max(before.rfind(tag) for tag in _BLOCKS)
    return low + block if block >= 0 else start


def _is_opaque(before: str) -> bool:
    """True where the text that follows `before` stands in a comment, a script or the like."""
    if before.rfind("<!--") > before.rfind("-->"):
        return True
    for tag in _OPAQUE:
        opened = before.rfind(f"<{tag}")
        if opened >= 0 and before.find(f"</{tag}", opened) < 0:
            return True
    return False


@cache
def _marks(
    selectors: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[frozenset[str], frozenset[str], frozenset[str]] | None:
    """(class names, tags, class names of dates): what the first part of each selector names; None
    where one names neither. Pictures are not asked for: they are taken from between headline and
    body."""
    classes: set[str] = set()
    tags: set[str] = set()
    dates: set[str] = set()
    asked = [(field, css) for field, several in selectors if field != "photo" for css in several]
    for field, css in asked:
        found = _COMPOUND.match(css.split()[0])
        if found is None or not any(found.groups()):
            return None
        tag, names = found.groups()
        if names:
            (dates if field == "date" else classes).add(names.rsplit(".", 1)[1])
        else:
            tags.add(tag)
    return frozenset(classes), frozenset(tags), frozenset(dates)
