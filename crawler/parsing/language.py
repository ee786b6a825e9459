"""The language of a text, by py3langid's model walked faster. Used by `pipelines.repair_text`.

The model is an automaton over bytes in a table of 40 MB, so what takes time is waiting for memory.
But texts of one language take the same steps again and again: those are kept together in a small
table of their own, and the walk is the library's, with its states, features and scores
(`tests/crawler/parsing/test_language.py`).
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Final

LANGUAGES: Final = [
    "ar", "de", "en", "es", "fr", "ha", "it", "ln", "mg", "nl", "pt", "ru", "rw", "sw", "tr", "yo",
    "zh",
]  # fmt: skip
"""What portals of the region carry. Among all 130 languages of the model a short French headline
is now and then taken for Walloon or Occitan."""
DETECTED_CHARACTERS: Final = 500
FEWEST_LETTERS: Final = 20
MOST_STEPS: Final = 60_000
"""Steps kept at hand: some 10 MB."""


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


class Model:
    """The library's model, of which the steps that texts have taken are kept at hand."""

    def __init__(self) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        self.library = LanguageIdentifier.from_model_file(MODEL_FILE)
        self.library.set_languages(LANGUAGES)
        # Features lie row by row, in the type they are reckoned in.
        self.library.nb_ptc = self.library.nb_ptc.astype("float32", order="C")
        self._rows, self._features = self.library._rowbase, self.library.tk_output
        self._moves = self.library.tk_nextmove
        self._steps: dict[int, tuple[int, int]] = {}
        """Place in the automaton's table, which is where a state's row begins and a letter → where
        the next state's row begins, and its feature, -1 for none."""

    def language(self, text: str) -> str:
        """The likeliest of `LANGUAGES`."""
        visits = self._visits(self.library._encode(text))
        if not visits:
            return str(self.library.classify(text)[0])
        scores = self.library._sparse_score(visits, self.library.nb_ptc)
        return str(self.library.nb_classes[int(scores.argmax())])

    def _visits(self, data: bytes) -> Counter[int]:
        """Feature → how often the walk through `data` meets it, in the order of the first time."""
        steps, row = self._steps, int(self._rows[0])
        met: list[int] = []
        for letter in data:
            step = steps.get(row + letter) or self._step(row + letter)
            row, feature = step
            if feature >= 0:
                met.append(feature)
        return Counter(met)

    def _step(self, place: int) -> tuple[int, int]:
        """What `_steps` holds of a place from now on."""
        if len(self._steps) >= MOST_STEPS:
            self._steps.clear()
        state = int(self._moves[place])
        step = int(self._rows[state]), int(self._features[state])
        self._steps[place] = step
        return step


@cache
def _model() -> Model:
    return Model()
