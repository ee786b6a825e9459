"""The language of a text, by its first letters. Used by `pipelines.repair_text`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from crawler.parsing.language_model import Model

LANGUAGES: Final = [
    "ar", "de", "en", "es", "fr", "ha", "it", "ln", "mg", "nl", "pt", "ru", "rw", "sw", "tr", "yo",
    "zh",
]  # fmt: skip
"""What portals of the region carry. Among all 130 languages of the model a short French headline
is now and then taken for Walloon or Occitan."""
DETECTED_CHARACTERS: Final = 500
FEWEST_LETTERS: Final = 20


def detect_language(body: str, title: str | None) -> str | None:
    """ISO 639-1 code by the body's first 500 characters, with the title where that is too little.

    None where both hold fewer than 20 letters.
    """
    text = body[:DETECTED_CHARACTERS]
    if not _tells(text):
        text = f"{title or ''}\n{text}"[:DETECTED_CHARACTERS]
        if not _tells(text):
            return None
    return _model().language(text)


def _tells(text: str) -> bool:
    """True for as many letters as tell a language; most texts have them at once."""
    return any(sum(map(str.isalpha, part)) >= FEWEST_LETTERS for part in (text[:40], text))


@cache
def _model() -> Model:
    from crawler.parsing.language_model import Model  # 0.8 s, and not every command needs it

    return Model(LANGUAGES)
