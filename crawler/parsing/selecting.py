"""CSS selectors asked of any tree by one engine. Used wherever fields are read by selectors.

`tree.css(…)` of selectolax makes an engine for each tree, which takes longer than reading the head
of a page; a page is read in two trees (see `page` and `excerpt`).
"""

from __future__ import annotations

import re
import threading
from functools import cache

from selectolax.lexbor import LexborCSSSelector, LexborHTMLParser, LexborNode


class _Engine(threading.local):
    """One for each thread: it holds what it has found so far."""

    def __init__(self) -> None:
        self.selector = LexborCSSSelector()  # type: ignore[no-untyped-call]


_ENGINE = _Engine()

_DESCENDANT = re.compile(r"([a-z]+) [^,]+$")

Where = LexborHTMLParser | LexborNode


def select(where: Where, css: str) -> list[LexborNode]:
    """The elements that `css` names, in their order: of a whole tree, or of a node and in it."""
    if isinstance(where, LexborHTMLParser) and (tag := _outer(css)) and not where.tags(tag):
        return []  # told in a tenth of the time
    node = _node(where)
    return _ENGINE.selector.find(css, node) if node is not None else []


def matches(where: Where, css: str) -> bool:
    """True where `select` finds anything."""
    node = _node(where)
    return node is not None and bool(_ENGINE.selector.any_matches(css, node))


@cache
def _outer(css: str) -> str | None:
    """`article` of `article div.txt`: a tag without which nothing can match, where there is one."""
    found = _DESCENDANT.match(css)
    return found[1] if found else None


def _node(where: Where) -> LexborNode | None:
    return where.root if isinstance(where, LexborHTMLParser) else where
