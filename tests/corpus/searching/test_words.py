"""French text to terms: what is alike, what is not, and that index and question agree."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.searching.words import places, terms

ALIKE = """
élection elections ÉLECTIONS
député députée députés deputes
arrêté arrêtée arrêtées arrêter arretees
premier première premieres
agressé agressées agression
publié publiée publies
sécurité securites
national nationale nationaux
journal journaux
cheval chevaux
œuvre oeuvres Œuvre
université universite
N’Djamena Ndjamena N'djaména
M’Bodj mbodj
O.N.U. ONU onu
aujourd’hui aujourd'hui AUJOURD’HUI
l’or d'or L`OR qu’or or
"""
APART = "Mali mal|Touré tour|aujourd’hui hui|Conakry conque|grève grave|riz rizerie|mine ministre"


@pytest.mark.parametrize("family", ALIKE.strip().splitlines())
def test_forms_of_one_word_have_one_term(family):
    assert len({tuple(terms(form)) for form in family.split()}) == 1


@pytest.mark.parametrize("pair", APART.split("|"))
def test_different_words_stay_apart(pair):
    one, other = pair.split()
    assert terms(one) != terms(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vice-président", ["vic", "president"]),
        ("1 200 000 francs", ["1200000", "franc"]),
        ("1\u202f200 ou 1.200", ["1200", "ou", "1200"]),
        ("en 2018 200 sacs", ["en", "2018", "200", "sac"]),
        ("l’« or » et l' Essor", ["or", "et", "essor"]),
        ("jusqu’à lorsqu’il", ["a", "il"]),
        ("par\u00adti", terms("parti")),
        ("ŋɔmi", ["nom"]),
        ("ﷺ", ["صلى", "الله", "عليه", "وسلم"]),
        ("x" * 101, []),
        ("' ’ - « »", []),
    ],
)
def test_text_is_cut_so(text, expected):
    assert terms(text) == expected


@given(st.text(max_size=200))
@example("l'l'l'or N’'a 1 000 a.b.c. İßœ")
def test_terms_are_the_same_however_letters_are_composed(text):
    found = terms(text)
    assert all(term and not term.isspace() for term in found)
    assert terms(unicodedata.normalize("NFC", text)) == found


@given(
    st.lists(st.sampled_from(["l’or", "N’Djamena", "1200", "O.N.U.", "«riz»", "vice-roi", "Œ,"]))
)
def test_terms_of_a_text_are_those_of_its_words(parts):
    assert terms(" ".join(parts)) == [term for part in parts for term in terms(part)]


@given(st.text(max_size=200))
def test_places_are_inside_the_text_and_in_order(text):
    last = 0
    for start, end, own in places(text):
        assert last <= start < end <= len(text)
        assert own
        last = end


def test_places_leave_elisions_out():
    text = "Le prix de l’or à N’Djamena, qu’on dit « d’aujourd’hui »"
    shown = [text[start:end] for start, end, _ in places(text)]
    assert shown == ["Le", "prix", "de", "or", "à", "N’Djamena", "on", "dit", "aujourd’hui"]
