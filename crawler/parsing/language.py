"""The language of a text, by py3langid's model walked faster. Used by `pipelines.repair_text`.

The model is an automaton over bytes in a table of 40 MB, so what takes time is waiting for memory:
one step after the other waits at each. Here all places of the text are walked at once, which gives
the same states, features and scores as the library's own loop
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
    """The library's model with its tables as arrays."""

    def __init__(self) -> None:
        import numpy as np  # with the model 0.8 s; not every command needs it
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        self.library = LanguageIdentifier.from_model_file(MODEL_FILE)
        self.library.set_languages(LANGUAGES)
        # Features lie row by row, in the type they are reckoned in.
        self.library.nb_ptc = self.library.nb_ptc.astype("float32", order="C")
        moves = self.library.tk_nextmove
        self._moves = np.array(np.frombuffer(moves, moves.typecode))
        self._rows = np.array(self.library._rowbase, np.int64)
        self._features = np.array(self.library.tk_output, np.int32)
        # The loop's own copy is not needed any more.
        self.library.tk_nextmove = self._moves.data

    def language(self, text: str) -> str:
        """The likeliest of `LANGUAGES`."""
        visits = self._visits(self.library._encode(text))
        if not visits:
            return str(self.library.classify(text)[0])
        scores = self.library._sparse_score(visits, self.library.nb_ptc)
        return str(self.library.nb_classes[int(scores.argmax())])

    def _visits(self, data: bytes) -> Counter[int]:
        """Feature → how often the walk through `data` meets it, in the order of the first time."""
        import numpy as np

        letters = np.frombuffer(data, np.uint8).astype(np.int64)
        states = np.zeros(len(data) + 1, np.int64)
        before, after = states[:-1], states[1:]
        # Each round makes one step at every place. Where it changes nothing any more, each state is
        # the one that follows the state before: the walk itself, whatever the automaton.
        while not ((found := self._moves.take(self._rows.take(before) + letters)) == after).all():
            after[:] = found
        features = self._features.take(after)
        return Counter(features[features >= 0].tolist())


@cache
def _model() -> Model:
    return Model()
