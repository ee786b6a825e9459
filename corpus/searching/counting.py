"""Counting: the engine asked to count by a facet, and its counts put in order."""

from __future__ import annotations

from typing import Any

from corpus.searching.index import FACETS

MOST_BUCKETS = 60_000
"""Values that are counted for one facet."""
Counted = dict[str, list[dict[str, Any]]]
"""Facet → what the engine counted by it."""


def counting_by(facet: str) -> dict[str, Any]:
    """The engine's words for counting by `facet`, all values of it."""
    return {"terms": {"field": FACETS[facet], "size": MOST_BUCKETS, "segment_size": MOST_BUCKETS}}


def in_order(counted: Counted) -> dict[str, list[tuple[str | int, int]]]:
    """Facet → (value, articles): years and months in their order, else most articles first."""
    found: dict[str, list[tuple[str | int, int]]] = {}
    for name, buckets in counted.items():
        rows = [(one["key"], int(one["doc_count"])) for one in buckets]
        if name in ("year", "month"):
            found[name] = sorted((int(key), count) for key, count in rows)
        else:
            found[name] = sorted(rows, key=lambda row: (-row[1], row[0]))
    return found
