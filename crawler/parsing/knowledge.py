"""Knowledge: what was learned from many pages of a portal, handed to `parse_article`.

A frozen, numbered value, empty at first; a command renews it between runs, never during one. An
article records the number it was read with, so that a better reading is told from an edit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from crawler.parsing.template import line_key


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Learned facts by portal name. Revision 0 knows nothing."""

    revision: int = 0
    template_lines: frozenset[tuple[str, str]] = frozenset()
    """(portal, `line_key` of a line): lines that recur over many pages, no article's text."""

    @classmethod
    def of(cls, portal: str, revision: int, keys: Iterable[str]) -> Self:
        """What was learned of one portal."""
        return cls(revision, frozenset((portal, key) for key in keys))

    def is_template(self, portal: str, line: str) -> bool:
        """True where `line` is known to belong to the portal's template."""
        return (portal, line_key(line)) in self.template_lines


EMPTY = Knowledge()
