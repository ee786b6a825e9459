"""Slips: is one sentence another but for a typing mistake, so that what it says is the same?

Letters, accents, capitals, punctuation, blanks and small grammar words may differ. A figure may not
(«3 morts» became «5 morts»), nor may a word that turns the meaning round («n’est», «pas», «sans»)
or a grammar word that turns one into many («le blessé», «les blessés»). It is letters that are
counted, not sense. The answer is the same in both directions.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Final

_WORDS: Final = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d+)*|[^\W\d_]+")
_ALIKE: Final = tuple(
    frozenset(family.split()) for family in ("le la l", "un une", "de du d", "a à au", "que qu")
)
"""Grammar words that stand for one another: another gender, an elision."""
_SMALL: Final = frozenset({"les", "des", "aux", "en", "et"}.union(*_ALIKE))
"""Words that may be missing or too many: «au cours la réunion»."""
_TURNING: Final = frozenset(
    {"n", "ne", "ni", "non", "pas", "plus", "sans", "jamais", "aucun", "aucune", "sauf", "contre"}
)
"""Words that are never a slip of another, nor another of them."""
_MOST: Final = 3
"""Words that may differ by a letter or two."""
_LONGEST: Final = 40
"""Letters of a word beyond which it is compared as a whole: nothing of the language is longer."""


@dataclass(frozen=True)
class Line:
    """A sentence or headline as it is compared."""

    text: str
    words: tuple[str, ...] = field(init=False)
    """Words and numbers in small letters; one that is typed twice in a row counts once."""

    def __post_init__(self) -> None:
        found = (_plain(word) for word in _WORDS.findall(self.text.lower()))
        object.__setattr__(self, "words", tuple(word for word, _ in groupby(found)))

    @cached_property
    def key(self) -> str:
        """The same for lines that differ in capitals, punctuation and blanks alone."""
        return " ".join(self.words) or " ".join(self.text.split())

    @cached_property
    def letters(self) -> str:
        """The words without blanks."""
        return "".join(self.words)

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The numbers."""
        return tuple(word for word in self.words if word[0].isdigit())

    @cached_property
    def bag(self) -> Counter[str]:
        """How often each word occurs."""
        return Counter(self.words)


def is_slip(old: Line, new: Line) -> bool:
    """True where `old` and `new` differ by no more than a slip; also where they are equal."""
    a, b = old.words, new.words
    if not a or not b or old.key == new.key:
        # Without words there are signs alone: dashes, stars.
        return old.key == new.key
    if old.figures != new.figures or abs(len(old.letters) - len(new.letters)) > 2 * _MOST:
        return False
    if old.letters == new.letters:
        return True
    if len(a) != len(b):
        return _small_word(a, b)
    differing = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    if len(differing) > min(_MOST, max(1, len(a) // 3)):
        return False
    return all(_one_word(x, y) for x, y in differing)


def _plain(word: str) -> str:
    """A number without the blanks that part its thousands."""
    return "".join(word.split()) if word[0].isdigit() else word


def _small_word(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """True where one has a single small word more than the other."""
    short, long = sorted((a, b), key=len)
    if len(long) - len(short) != 1 or len(short) < 3:
        return False
    at = next((n for n, word in enumerate(short) if word != long[n]), len(short))
    return long[at] in _SMALL and short[at:] == long[at + 1 :]


def _one_word(x: str, y: str) -> bool:
    """True where two words are one but for accents or a letter or two."""
    if x[0].isdigit() or y[0].isdigit() or x in _TURNING or y in _TURNING:
        return False
    if _bare(x) == _bare(y) or any(x in family and y in family for family in _ALIKE):
        return True
    longest = max(len(x), len(y))
    if longest > _LONGEST:
        return False
    return _distance(x, y) <= (0 if longest < 4 else 1 if longest < 7 else 2)


def _bare(word: str) -> str:
    """Without accents and doubled letters: «Assemblé», «Assemblée», «Asemblée»."""
    letters = (c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return "".join(letter for letter, _ in groupby(letters))


def _distance(x: str, y: str) -> int:
    """Letters to insert, drop, change or swap with their neighbour."""
    before: list[int] = []
    line = list(range(len(y) + 1))
    for i, letter in enumerate(x, 1):
        above, line = line, [i]
        for j, other in enumerate(y, 1):
            cost = min(above[j] + 1, line[j - 1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == y[j - 2] and x[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            line.append(cost)
        before = above
    return line[-1]
