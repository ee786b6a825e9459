"""The language of a text: what it is, and which text tells it."""

from __future__ import annotations

import pytest

from crawler.parsing.language import detect_language

FRENCH = "Le ministre a inauguré hier le nouveau pont, qui relie les deux rives de la capitale."


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
