"""Codes: a text as it is indexed, what a phrase is in it, and the words that an index learns."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.searching import codes
from corpus.searching.codes import FILE, OWN, SHARED, Codes, learned, read
from corpus.searching.words import terms

CODES = Codes(
    ["de", "la", "a", "1", *(f"mot{number}" for number in range(600)), "coton", "or", "x"]
)
"""Words of texts below with short codes, and with longer ones."""
TOKENS = "de la a à 1 l’or coton cotons x riz N’Djamena 1200 ÉÉ y 12"
TEXTS = st.lists(st.sampled_from((*TOKENS.split(), "1 200"))).map(" ".join)


@given(st.one_of(TEXTS, st.text(max_size=200)))
@example("l'l'l'or N’'a 1 000 a.b.c. İßœ ﷺ")
def test_text_is_indexed_term_by_term(text):
    for made in (CODES, Codes(), Codes(terms(text)[::2])):
        assert made.analysed(text) == "".join(made.indexed(term) for term in terms(text))


@given(st.lists(st.text("aàé'’.,«»! 1ÉLN", max_size=8)))
@example(["ON", "on,", "O.N.", "o.n.", "L’", "«l’or»", "l’or"])
def test_remembered_form_is_that_of_a_new_one(tokens):
    made = Codes(("a", "n"))
    for token in (part for text in tokens for part in text.split()):
        assert made._forms[token] == Codes(("a", "n"))._forms.of(token)


def test_memory_of_forms_is_bounded(monkeypatch):
    monkeypatch.setattr(codes, "MOST_REMEMBERED", 50)
    made = Codes()
    for number in range(200):
        assert made.analysed(f"mot{number}") == made.indexed(f"mot{number}")
    assert len(made._forms) <= 50


@given(TEXTS, st.lists(st.sampled_from(terms(TOKENS)), min_size=1, max_size=4))
@example("de la coton or de x la y la riz a 1 à", ["la", "coton"])
@example("y de riz y riz", ["y", "riz"])
def test_phrase_is_what_stands_at_its_places(text, phrase):
    """As the engine looks for it, in the text as it is cut at its blanks."""
    found = terms(text)
    cut = CODES.analysed(text).split()
    placed = CODES.placed(phrase)
    starts = range(len(cut))
    at = [
        start for start in starts if all(cut[start + k : start + k + 1] == [t] for k, t in placed)
    ]
    runs = range(len(found) - len(phrase) + 1)
    assert len(at) == sum(found[start : start + len(phrase)] == phrase for start in runs)


def test_phrase_of_words_with_codes_of_their_own_is_told_by_its_pairs():
    known = ["de", "mot20", "coton", "mot599", "x", "1"]
    pairs = {(one, other): CODES.placed([one, other]) for one in known for other in known}
    assert all(len(placed) == 1 for placed in pairs.values())
    assert len({placed[0][1] for placed in pairs.values()}) == len(pairs)
    assert [place for place, _ in CODES.placed(["de", "riz", "la"])] == [1, 2, 3]
    assert CODES.placed(["riz"]) == [(0, "riz")]


def test_no_code_begins_another():
    every = sorted((*OWN, *SHARED))
    assert not any(other.startswith(one) for one, other in pairwise(every))
    assert {CODES.indexed(f"autre{number}").split()[0] for number in range(5000)} == {*SHARED}


def test_words_are_learned_from_texts_those_that_most_have_first():
    texts = ["de de riz de riz", "de l’or", "la", "De la", "la or"]
    assert learned(texts).words == ["de", "la", "or", "riz"]
    assert (
        learned([" ".join(f"n{number}" for number in range(2000))]).words[2:]
        == sorted(f"n{number}" for number in range(2000))[2 : len(OWN)]
    )
    assert learned([]).words == []


@pytest.mark.parametrize("words", [[], ["de", "صلى", "or"]])
def test_words_are_kept_with_their_codes(words, tmp_path):
    Codes(words).write(tmp_path)
    assert read(tmp_path).words == words
    assert read(tmp_path).analysed("de l’or") == Codes(words).analysed("de l’or")
    assert (tmp_path / FILE).read_text("utf-8").split() == words
