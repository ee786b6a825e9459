"""The language of a text: what it is, and that the faster walk finds what the library finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from crawler.parsing.language import LANGUAGES, Model, detect_language

FRENCH = "Le ministre a inauguré hier le nouveau pont, qui relie les deux rives de la capitale."
ENGLISH = "The minister opened the new bridge on Monday morning, which links both banks."
OTHERS = (
    "El ministro inauguró ayer el nuevo puente que une las dos orillas de la capital.",
    "Waziri alizindua daraja jipya jana ambalo linaunganisha kingo mbili za mji mkuu.",
    "افتتح الوزير أمس الجسر الجديد الذي يربط بين ضفتي العاصمة.",
    "\x00\ud800 ça «œuf» … 12 h 30 İstanbul ſ",
)


@pytest.mark.parametrize(
    ("body", "title", "language"),
    [
        (FRENCH, None, "fr"),
        ("The minister opened the new bridge on Monday morning.", None, "en"),
        ("", "Le ministre inaugure le nouveau pont de la capitale", "fr"),
        ("Suite.", "Le ministre inaugure le nouveau pont", "fr"),
        ("Suite.", "Ici", None),
        ("", None, None),
    ],
)
def test_language(body: str, title: str | None, language: str | None) -> None:
    assert detect_language(body, title) == language


@pytest.fixture(scope="module")
def model() -> Model:
    return Model()


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


def test_walk_goes_on_when_no_more_steps_can_be_kept(
    model: Model, library: LanguageIdentifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.parsing.language.MOST_STEPS", 7)
    model._steps.clear()
    for text in (FRENCH, ENGLISH, *OTHERS):
        assert model.language(text) == library.classify(text)[0]
        assert len(model._steps) <= 7
