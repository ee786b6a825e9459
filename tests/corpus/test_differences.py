"""Differences: every change is found where it is, bears one name, and can be made again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.differences import CLASSES, apply, classify, compare, kind_of, turned

ONE = "Le maire de Kolo est venu. "
TWO = "Il a inauguré le pont neuf. "
THREE = "La foule était nombreuse.\n\n"
FOUR = "Le ministre a promis une route."
MIRROR = {"addition": "deletion", "deletion": "addition"}

CHANGES = {
    "nothing": (ONE + TWO, ONE + TWO, []),
    "accent": (ONE + TWO, ONE + TWO.replace("é", "e"), ["typo"]),
    "letter": (ONE + TWO, ONE + TWO.replace("neuf", "neuff"), ["typo"]),
    "paragraph": (ONE + TWO + FOUR, ONE + TWO.strip() + "\n\n" + FOUR, ["spacing"]),
    "full stop to comma": (ONE + TWO, "Le maire de Kolo est venu, il a inauguré le pont neuf. ",
                           ["typo"]),
    "added behind": (ONE, ONE + TWO, ["addition"]),
    "added before": (TWO, ONE + TWO, ["addition"]),
    "added between": (ONE + FOUR, ONE + TWO + THREE + FOUR, ["addition"]),
    "deleted": (ONE + TWO + THREE + FOUR, ONE + FOUR, ["deletion"]),
    "all deleted": (ONE + TWO, "", ["deletion"]),
    "last of its paragraph": (ONE + TWO.strip() + "\n\n" + FOUR, ONE.strip() + "\n\n" + FOUR,
                              ["spacing", "deletion"]),
    "figure": ("On compte 3 morts. " + ONE, "On compte 5 morts. " + ONE, ["rewrite"]),
    "clause": (ONE + TWO, ONE + "Il a inauguré le pont neuf et la route. ", ["rewrite"]),
    "other sentence": (ONE + TWO + FOUR, ONE + "Rien ne va plus. " + FOUR,
                       ["deletion", "addition"]),
    "two places": (ONE + TWO + FOUR, ONE.replace("venu", "veuu") + TWO + THREE + FOUR,
                   ["typo", "addition"]),
    "moved": (ONE + TWO + THREE, TWO + THREE + ONE, ["deletion", "addition"]),
    "repeated sentence dropped": ("Oui. Oui. Oui. ", "Oui. Oui. ", ["deletion"]),
    "apostrophes throughout": ("L'un. L'autre. " * 200, "L’un. L’autre. " * 200, ["typo"] * 400),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_change_is_found_and_named(name):
    old, new, kinds = CHANGES[name]
    hunks = compare(old, new)
    assert [hunk.kind for hunk in hunks if hunk.kind != "equal"] == kinds
    assert apply(hunks, old) == new


@pytest.mark.parametrize(
    ("title", "body", "fields", "name"),
    [
        ("equal", [], False, "no difference"),
        ("equal", ["equal"], True, "other fields"),
        ("typo", ["equal"], True, "headline only"),
        ("rewrite", [], False, "headline only"),
        ("equal", ["typo", "equal", "typo"], False, "typo"),
        ("typo", ["typo"], False, "typo"),
        ("equal", ["equal", "spacing"], False, "typo"),
        ("rewrite", ["spacing"], False, "headline only"),
        ("equal", ["spacing"], True, "other fields"),
        ("equal", ["spacing", "deletion"], False, "deletion"),
        ("equal", ["addition", "typo"], True, "addition"),
        ("equal", ["deletion", "typo"], False, "deletion"),
        ("equal", ["deletion", "addition"], False, "rewrite"),
        ("rewrite", ["typo"], False, "rewrite"),
        ("rewrite", ["addition"], False, "rewrite"),
        ("addition", ["addition"], False, "addition"),
    ],
)
def test_edit_has_one_name(title, body, fields, name):
    assert classify(title, body, fields=fields) == name


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("Le maire", "Le maire", "equal"),
        (None, "", "equal"),
        (None, "Le maire", "addition"),
        ("Le maire", None, "deletion"),
        ("Le Maire", "Le maire !", "typo"),
        ("3 morts à Gao", "5 morts à Gao", "rewrite"),
    ],
)
def test_headline_is_a_line(old, new, kind):
    assert kind_of(old, new) == kind


def test_hunks_of_another_text_are_refused():
    with pytest.raises(ValueError, match="another text"):
        apply(compare(ONE, TWO), THREE)


ALIKE = ["Oui. ", "Non. ", "Le maire. ", "Le Maire. ", "Il a 3 ans. ", "Il a 5 ans. ", "Fin.\n\n"]
texts = st.one_of(
    st.lists(st.sampled_from([*ALIKE, ONE, TWO, THREE, ONE.replace("é", "e")]), max_size=25).map(
        "".join
    ),
    st.text(max_size=80),
)
kinds = st.sampled_from(["equal", "spacing", "typo", "addition", "deletion", "rewrite"])


@given(texts, texts)
def test_hunks_applied_to_the_old_text_give_the_new_one(old, new):
    hunks = compare(old, new)
    assert apply(hunks, old) == new
    assert all(hunk.old or hunk.new for hunk in hunks)
    assert all((hunk.kind == "equal") == (hunk.old == hunk.new) for hunk in hunks)


@given(texts, texts)
def test_read_backwards_an_addition_is_a_deletion_and_all_else_the_same(old, new):
    forth, back = compare(old, new), compare(new, old)
    assert turned(back) == forth
    name, mirrored = (
        classify("equal", [hunk.kind for hunk in hunks], fields=False) for hunks in (forth, back)
    )
    assert mirrored == MIRROR.get(name, name)


@given(kinds, st.lists(kinds), st.booleans())
def test_every_edit_has_a_name(title, body, fields):
    name = classify(title, body, fields=fields)
    changed = title != "equal" or fields or set(body) - {"equal"}
    assert name in (CLASSES if changed else ("no difference",))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Oui. Non. " * 25_000, "Non. Oui. " * 24_000),
        ("Aa. Bb. Cc. " * 20_000, "Cc. Aa. Bb. Bb. " * 16_000),
        ("mot " * 60_000, "mot " * 59_999 + "fin"),
        ("A. " * 80_000, "B. " * 80_000),
        ("".join(f"Le point {n} est dit. " for n in range(12_000)),
         "".join(f"Le point {n} est dit. " for n in reversed(range(12_000)))),
    ],
    ids=["two sentences", "three", "one word", "initials", "turned round"],
)  # fmt: skip
def test_text_made_to_be_slow_is_compared_to_the_end(old, new):
    # Without the bounds each of these takes hours, and the suite's own time limit ends them.
    assert apply(compare(old, new), old) == new
