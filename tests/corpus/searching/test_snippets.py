"""The shown part of a text: the place that answers, in whole words, with what answers marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.searching.question import parse, wanted
from corpus.searching.snippets import WIDTH, snippet

FILL = "Le marché a rouvert ce matin sous une pluie fine et les clients sont revenus. "


def test_place_with_most_of_what_is_asked_is_shown():
    text = f"{FILL * 5}L’or seul. {FILL * 8}Le prix de l’or de Kayes monte. {FILL * 8}"
    shown = snippet(text, wanted(parse("or Kayes prix")))
    assert shown.text.startswith("… ")
    assert shown.text.endswith(" …")
    assert len(shown.text) <= WIDTH + 4
    assert [shown.text[start:end] for start, end in shown.marks] == ["prix", "or", "Kayes"]


def test_phrase_is_marked_as_one_and_its_words_elsewhere_are_not():
    shown = snippet("De l’or. Le prix de l’or.", wanted(parse('"prix de l’or"')))
    assert shown.marked("[", "]") == "De l’or. Le [prix de l’or]."


def test_fillers_are_marked_only_where_nothing_else_is_asked():
    assert (
        snippet("Le riz de Mopti", wanted(parse("le riz"))).marked("[", "]") == "Le [riz] de Mopti"
    )
    assert snippet("Le riz", wanted(parse("le"))).marked("[", "]") == "[Le] riz"


def test_text_without_what_is_asked_is_shown_from_its_beginning():
    shown = snippet(FILL * 20, wanted(parse("zébu")))
    assert shown.text.startswith("Le marché")
    assert not shown.marks


@given(st.text(max_size=600), st.text(min_size=1, max_size=12))
def test_marks_are_inside_apart_and_in_order(text, typed):
    shown = snippet(text + FILL * 3 + typed, wanted(parse(typed)))
    last = 0
    for start, end in shown.marks:
        assert last <= start < end <= len(shown.text)
        last = end
    assert "\n" not in shown.text
