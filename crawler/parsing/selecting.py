"""CSS selectors asked of any tree by one engine. Used wherever fields are read by selectors.

`tree.css(…)` of selectolax makes an engine for each tree, which takes longer than reading the head
of a page; a page is read in two trees (see `page` and `excerpt`).
"""

from __future__ import annotations

import threading

from selectolax.lexbor import LexborCSSSelector, LexborHTMLParser, LexborNode


class _Engine(threading.local):
    """One for each thread: it holds what it has found so far."""

    def __init__(self) -> None:
        self.selector = LexborCSSSelector()  # type: ignore[no-untyped-call]


_ENGINE = _Engine()

Where = LexborHTMLParser | LexborNode


def select(where: Where, css: str) -> list[LexborNode]:
    """The elements that `css` names, in their order: of a whole tree, or of a node and in it."""
    node = _node(where)
    return _ENGINE.selector.find(css, node) if node is not None else []


def matches(where: Where, css: str) -> bool:
    """True where `select` finds anything."""
    node = _node(where)
    return node is not None and bool(_ENGINE.selector.any_matches(css, node))


def _node(where: Where) -> LexborNode | None:
    return where.root if isinstance(where, LexborHTMLParser) else where
