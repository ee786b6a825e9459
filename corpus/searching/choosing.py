"""Choosing: a selection of articles (`--section`, `--since`, …) as a question to the index."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from corpus.searching.index import FACETS, SLUG
from corpus.searching.question import Days, Either, Node, OneOf, both
from corpus.selection import Selection, labels_of, names_of


def chosen(
    connection: Connection, selection: Selection, slug_of: Callable[[str], str]
) -> Node | None:
    """What `corpus.selection.conditions` means of the tables, of the index; a user's own condition
    is not for it. None where nothing is given."""
    parts: list[Node] = []
    if selection.portals:
        parts.append(OneOf(FACETS["portal"], selection.portals))
    if selection.since is not None or selection.until is not None:
        parts.append(Days(selection.since, selection.until))
    if selection.sections:
        shown: Node = OneOf(SLUG, selection.sections)
        labels = tuple(labels_of(connection, selection.sections, slug_of))
        parts.append(Either((shown, OneOf(FACETS["section"], labels))) if labels else shown)
    if selection.sources:
        parts.append(OneOf(FACETS["source"], tuple(names_of(connection, selection.sources))))
    return both(parts)
