"""Worse readings: what is held back of a page read again, as tables and for any reading."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.worse import FLAG, KEPT, content_hash, keep_better

LONG = "Un mot et un autre, puis dix. " * 20
FIELDS = (
    *("title", "published_on", "published_at", "published_precision", "published_raw"),
    *("body", "lead", "language", "continues_on", "section", "source", "source_raw"),
    *("author", "byline_raw", "agency", "photo_url", "photo_credit", "photo_caption"),
    *("updated_on", "updated_raw"),
)


def reading(**given: Any) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(FIELDS) | {"title": "Titre", "body": LONG}
    values |= {"published_on": "2024-03-29", "published_raw": "Publié le 29 mars 2024"}
    values |= {"author": "A. B.", "truncated": False, "flags": []} | given
    values["word_count"] = len((values["body"] or "").split())
    signs = dict.fromkeys(("title", "body", "published_raw", "author"), "selector:x")
    values["signs"] = {k: v for k, v in signs.items() if values[k]} | given.get("signs", {})
    values["content_hash"] = content_hash(values["title"], values["body"])
    return values


TABLE = {
    # name: (what the new reading gives, same region, fields kept)
    "nothing lost": ({}, True, []),
    "title emptied by a broken template": ({"title": None}, False, ["title"]),
    "day emptied": ({"published_on": None}, False, ["published_on"]),
    "body emptied": ({"body": ""}, False, ["body"]),
    "body shrunk": ({"body": "Un reste de texte."}, False, ["body"]),
    "body cut in half by the site": ({"body": LONG[:300]}, False, []),
    "title changed by the site": ({"title": "Autre"}, False, []),
    "author taken away by the site": ({"author": None}, False, []),
    "author lost by our reading": ({"author": None}, True, ["author"]),
    "weaker title of the same region": (
        {"title": "Site | Titre", "signs": {"title": "meta:og:title"}},
        True,
        ["title"],
    ),
    "weaker title of a changed region": (
        {"title": "Autre", "signs": {"title": "meta:og:title"}},
        False,
        [],
    ),
    "weaker body of the same region": (
        {"body": LONG + "Lire aussi", "signs": {"body": "trafilatura"}},
        True,
        ["body"],
    ),
    "same value by a weaker sign": ({"signs": {"title": "meta:og:title"}}, True, []),
}


@pytest.mark.parametrize(("given_", "same", "kept"), TABLE.values(), ids=TABLE)
def test_field_read_worse_is_kept(given_, same, kept):
    old, new = reading(), reading(**given_)
    better, names = keep_better(old, new, same_region=same)
    assert names == kept
    for name in kept:
        assert better[name] == old[name]
        sign = "published_raw" if name == "published_on" else name
        assert better["signs"][sign] == KEPT + "selector:x"
    assert (FLAG in better["flags"]) == bool(kept)
    assert better["content_hash"] == content_hash(better["title"], better["body"])


def test_brief_may_shrink():
    old, new = reading(body="Une brève de six mots seulement."), reading(body="Une brève.")
    assert keep_better(old, new, same_region=False) == (new, [])


def test_better_layer_wins_over_a_weaker_one():
    old = reading(title="Site | Titre", signs={"title": "meta:og:title"})
    assert keep_better(old, reading(), same_region=True)[1] == []


words = st.sampled_from(["", "un", "deux mots", LONG, LONG * 2])
signs = st.sampled_from(["selector:a", "structure:b", "jsonld", "learned:x", "trafilatura"])
readings = st.builds(
    lambda title, body, day, sign: reading(
        title=title or None, body=body, published_on=day, signs={"title": sign, "body": sign}
    ),
    words,
    words,
    st.sampled_from([None, "2024-03-29"]),
    signs,
)


@given(old=readings, new=readings, same=st.booleans())
def test_no_reading_empties_a_field_and_keeping_is_stable(old, new, same):
    better, _ = keep_better(old, new, same_region=same)
    for name in ("title", "published_on", "body"):
        assert better[name] or not old[name]
    again, _ = keep_better(better, new, same_region=same)
    assert {n: again[n] for n in FIELDS} == {n: better[n] for n in FIELDS}
    assert again["content_hash"] == better["content_hash"]
