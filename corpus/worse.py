"""Worse readings: what of a page read again is held back, so that no good field is lost.

Two readings of one article are compared field by field. Where the article region of the page is
the same, only our reading differs, and a field that a selector gave is not given up for nothing,
nor for a weaker layer. Where the site changed the region its new text counts, but for a headline,
a day or a body that vanished, or a body of which less than a third is left: a broken template.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

FLAG: Final = "worse_reading"
"""In `flags` of an article of which the latest reading was held back, in part or whole."""
KEPT: Final = "kept:"
"""Before the sign, in `signs`, of a field that an earlier reading gave."""
SHRUNK: Final = 0.3
"""Share of the words below which a body counts as lost: an edit rarely takes two thirds."""
LONG_ENOUGH: Final = 40
"""Words of a body below which nothing is said of its shrinking: a brief may become a sentence."""

# A field and what is read with it. The first of each group decides.
_DATE = ("published_on", "published_at", "published_precision", "published_raw")
_BODY = ("body", "lead", "word_count", "language", "truncated", "continues_on")
_VITAL: Final[tuple[tuple[str, ...], ...]] = (("title",), _DATE, _BODY)
_OTHERS: Final[tuple[tuple[str, ...], ...]] = (
    ("section",),
    ("source", "source_raw"),
    ("author", "byline_raw"),
    ("agency",),
    ("photo_url",),
    ("photo_credit",),
    ("photo_caption",),
    ("updated_on", "updated_raw"),
)
_SIGNED_BY: Final = {"published_on": "published_raw", "updated_on": "updated_raw"}
_STRENGTH: Final = {"selector": 3, "structure": 2, "jsonld": 2, "meta": 2, "trafilatura": 0}
_SELECTOR: Final = 3
_UNKNOWN: Final = 1
"""Between structure and trafilatura: what is learned."""


def content_hash(title: str | None, body: str) -> str:
    """Hash of the cleaned text; a new value is a new version."""
    return hashlib.sha256(f"{title or ''}\n\n{body}".encode("utf-8", "replace")).hexdigest()


def layer(sign: str) -> str:
    """The layer of a sign: `selector` of `selector:h1`, also where its field was kept."""
    return sign.removeprefix(KEPT).partition(":")[0]


def keep_better(
    old: Mapping[str, Any], new: Mapping[str, Any], *, same_region: bool
) -> tuple[dict[str, Any], list[str]]:
    """(`new` with the fields of `old` that it reads worse, names of those fields).

    Both hold the columns of a reading. A kept field's sign says so, and the reading is flagged.
    """
    kept = [group for group in _VITAL if _lost(group[0], old, new)]
    if same_region:
        groups = [group for group in (*_VITAL, *_OTHERS) if group not in kept]
        kept += [group for group in groups if _weaker(group[0], old, new)]
    if not kept:
        return dict(new), []
    better, signs = dict(new), dict(new["signs"] or {})
    for group in kept:
        for name in group:
            better[name] = old[name]
            signs.pop(name, None)
            if sign := (old["signs"] or {}).get(name):
                signs[name] = KEPT + str(sign).removeprefix(KEPT)
    better["signs"] = signs
    better["flags"] = sorted({*(new["flags"] or []), FLAG})
    if (old["title"], old["body"]) == (better["title"], better["body"]):
        better["content_hash"] = old["content_hash"]
    else:
        better["content_hash"] = content_hash(better["title"], better["body"])
    return better, [group[0] for group in kept]


def _lost(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """True where a title, day or body is gone, or too little of a body is left."""
    if not old[name]:
        return False
    if not new[name]:
        return True
    words = old["word_count"] or 0
    return name == "body" and words >= LONG_ENOUGH and new["word_count"] < SHRUNK * words


def _weaker(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """True where the field differs and comes from a weaker layer, or from none after a selector."""
    if not old[name] or old[name] == new[name]:
        return False
    before = _strength(name, old)
    if not new[name]:
        return before == _SELECTOR
    return before > _strength(name, new)


def _strength(name: str, reading: Mapping[str, Any]) -> int:
    """Higher is stronger; where no sign is known nothing is weaker."""
    sign = (reading["signs"] or {}).get(_SIGNED_BY.get(name, name))
    return _STRENGTH.get(layer(str(sign)), _UNKNOWN) if sign else _UNKNOWN
