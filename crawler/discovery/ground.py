"""Ground: what the row of a section says of its next walk, and what a walk leaves in it.

Two economies that must not cost an article: a first page that has not changed since a complete walk
holds nothing new, and is answered 304; and every so many walks a section is walked some pages below
its mark, for articles that were put in there late. Both are decided by the count of complete walks
in the row; the row's number spreads the deep passes of a portal's sections over its runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from corpus.frontier import Section
from crawler.discovery.validators import conditional_headers
from crawler.discovery.walk import Walk


@dataclass(frozen=True, slots=True)
class Ground:
    """The settings DEEP_EVERY and DEEP_PAGES."""

    every: int
    """Complete walks from one deep pass to the next; 0 for none."""
    pages: int
    """Listing pages below the mark."""

    def below(self, row: Section) -> int:
        """Pages below the mark that this walk of the section has to read."""
        due = self.every > 0 and (row.walks + row.id) % self.every == 0
        return self.pages if due and row.mark else 0

    def headers(self, row: Section, walk: Walk) -> dict[str, Any]:
        """Headers for the first page. Conditional only where «not modified» means «nothing new»:
        after a complete walk, in a run without bounds, and not on a deep pass, which so finds out a
        server that says «not modified» for ever."""
        safe = row.mark and not row.positions and walk.may_move_mark() and not walk.below
        return conditional_headers(row) if safe else {}


def completed(row: Section, walk: Walk | None, *, whole: bool = True) -> dict[str, Any]:
    """Columns of `row` after a complete walk; of none, where the first page had not changed. Not
    `whole` while a deep pass goes on below: cut off, it is made again."""
    now = datetime.now(UTC)
    values: dict[str, Any] = {"last_walked_at": now, "checked_at": now}
    if whole:
        values["walks"] = row.walks + 1
    if walk is not None:
        values |= {"mark": list(walk.head), "positions": [], **(walk.validators or {})}
    return values
