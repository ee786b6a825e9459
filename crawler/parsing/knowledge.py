"""Knowledge: what was learned from many pages of a portal, handed to `parse_article`.

A frozen, numbered value, empty at first; a command renews it between runs, never during one. An
article records the number it was read with, so that a better reading is told from an edit.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Learned facts by portal name. Revision 0 knows nothing."""

    revision: int = 0
    template_lines: frozenset[tuple[str, str]] = frozenset()
    """(portal, line): lines that recur over many pages, so that they are no article's text."""

    def is_template(self, portal: str, line: str) -> bool:
        """True where `line` is known to belong to the portal's template."""
        return (portal, line) in self.template_lines


EMPTY = Knowledge()
