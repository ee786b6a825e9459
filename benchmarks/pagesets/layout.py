"""Layout: how the pages of one kind of site are written and sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.pagesets.sheet import Sheet
from benchmarks.pagesets.stories import Wants


@dataclass(frozen=True)
class Layout:
    """A way to write a story as a page."""

    name: str
    write: Callable[[Sheet], str]
    path: str
    """Of its addresses, with {at}, {section}, {slug} and {number}."""
    wants: Wants
    spelling: str = "plain"
    scheme: str = "https"
    charset: str = "utf-8"
    """Of the bytes; the page and the header may say otherwise."""
    content_type: str = "text/html; charset=UTF-8"
