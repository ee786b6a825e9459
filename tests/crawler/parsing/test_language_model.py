"""The language model: that the faster walk finds what the library finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from crawler.parsing.language import LANGUAGES
from crawler.parsing.language_model import Model

FRENCH = "Le ministre a inauguré hier le nouveau pont, qui relie les deux rives de la capitale."
ENGLISH = "The minister opened the new bridge on Monday morning, which links both banks."
OTHERS = (
    "El ministro inauguró ayer el nuevo puente que une las dos orillas de la capital.",
    "Waziri alizindua daraja jipya jana ambalo linaunganisha kingo mbili za mji mkuu.",
    "افتتح الوزير أمس الجسر الجديد الذي يربط بين ضفتي العاصمة.",
    "\x00\ud800 ça «œuf» … 12 h 30 İstanbul ſ",
)


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(LANGUAGES)


@pytest.fixture(scope="module")
def library() -> LanguageIdentifier:
    plain = LanguageIdentifier.from_model_file(MODEL_FILE)
    plain.set_languages(LANGUAGES)
    return plain


_WORDS = st.sampled_from(" ".join((FRENCH, ENGLISH, *OTHERS)).split())


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(_WORDS, max_size=90).map(" ".join)))
def test_the_faster_walk_finds_what_the_library_finds(
    model: Model, library: LanguageIdentifier, text: str
) -> None:
    assert model.language(text) == library.classify(text)[0]


def test_the_walk_is_the_librarys_letter_by_letter(
    model: Model, library: LanguageIdentifier
) -> None:
    for text in (FRENCH, ENGLISH, *OTHERS, FRENCH):
        data, state, walked = library._encode(text), 0, []
        for letter in data:
            state = library.tk_nextmove[library._rowbase[state] + letter]
            walked.append(state)
        assert model._walk(data).tolist() == walked
