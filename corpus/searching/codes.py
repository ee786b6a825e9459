"""Codes: which words are common in one corpus, and what stands side by side as terms of its index.

A phrase is slow to look for where its words stand in many articles, seldom side by side. So each
two neighbours are a term, too: the codes of both. A word that is common in the corpus has a code of
its own, a shorter one the commoner it is, all others share some, for pairs of all words would have
no bound. So a pair of common words is a phrase of two by itself, and any other phrase is looked for
where its pairs and its rarer words stand in a row, which few articles have.

Each index learns its words from articles of its own corpus, whatever its language and its topics.
In the index a term stands between its code twice, `BG de BG`, and nothing between it and its
neighbours: so the text `BG de BGUAC pays UAC`, cut at its blanks, has each word and each pair, one
after the other, and the engine does the cutting.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise, product
from pathlib import Path
from string import ascii_uppercase as letters

from corpus.searching.shelf import write_whole
from corpus.searching.words import AROUND, cut, joined_numbers, may_end_a_number

MOST_REMEMBERED = 250_000
"""Forms remembered at once, some 50 MB; then it begins anew."""
FILE = "words.txt"
"""Where an index keeps its words, a line each, the commonest first."""
_MAYBE_PARTED = "\x1f"
"""Stands before the terms of what begins like the last part of a number: `000` of `1 000`."""
# With capitals, which no term has; none begins another, so two in a row are of one pair alone.
_SHORT = product("ABCDEFGHIJKLMNOPQRST", letters)
_LONGER = product("U", letters, letters)
OWN = [*map("".join, (*_SHORT, *_LONGER))]
"""Codes that words have for themselves: with 800 more an index takes an eighth longer to
build."""
SHARED = [*map("".join, product("V", "ABC", letters))]
"""Codes that all other words share."""


class Codes:
    """The codes of one index's `words`, the commonest first; the analysis of its texts by them.

    Each form is analysed once and remembered: newspapers use the same words again and again, so
    the work for one more article is to cut it at its blanks and look its words up.
    """

    def __init__(self, words: Sequence[str] = ()) -> None:
        self.words = words[: len(OWN)]
        self._own = dict(zip(self.words, OWN, strict=False))
        self._forms = _Forms(self.indexed)
        self.label = lru_cache(10_000)(self.analysed)
        """`analysed`, of what many articles share."""

    def analysed(self, text: str) -> str:
        """The terms of `text` in order with their pairs, parted by blanks."""
        found = self._looked_up(text)
        if _MAYBE_PARTED not in found:
            return found
        joined = joined_numbers(text)
        return (found if joined == text else self._looked_up(joined)).replace(_MAYBE_PARTED, "")

    def _looked_up(self, text: str) -> str:
        return "".join(map(self._forms.__getitem__, text.split()))

    def indexed(self, term: str) -> str:
        """`term` as it stands in the index."""
        code = self._code(term)
        return f"{code} {term} {code}"

    def _code(self, term: str) -> str:
        return self._own.get(term) or SHARED[zlib.crc32(term.encode()) % len(SHARED)]

    def placed(self, terms: Sequence[str]) -> list[tuple[int, str]]:
        """What stands where `terms` do, side by side, and nowhere else: (place, term). Places are
        counted from the first of `terms`, each being two from the next."""
        if len(terms) == 1:
            return [(0, terms[0])]
        pairs = map("".join, pairwise(map(self._code, terms)))
        placed = [(2 * at + 1, pair) for at, pair in enumerate(pairs)]
        # Its pairs tell a word that has a code of its own.
        placed += [(2 * at, term) for at, term in enumerate(terms) if term not in self._own]
        return sorted(placed)

    def write(self, folder: Path) -> None:
        """Keep the words in `folder`."""
        write_whole(folder / FILE, "".join(f"{word}\n" for word in self.words))


class _Forms(dict[str, str]):
    """Token between blanks → its terms as they are indexed. Where it may be the end of a number,
    after `_MAYBE_PARTED`: so that only texts with such a one are searched for `1 200`, which takes
    as long as all their words."""

    def __init__(self, indexed: Callable[[str], str]) -> None:
        super().__init__()
        self._indexed = indexed

    def __missing__(self, token: str) -> str:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        # Most new forms are known words with a capital or a comma. A point inside may be of an
        # acronym, which lives by its last one.
        bare = token.strip(AROUND).lower()
        known = self.get(bare) if "." not in bare else None
        answer = self[token] = self.of(token) if known is None else known
        return answer

    def of(self, token: str) -> str:
        """What is remembered of `token`."""
        maybe = _MAYBE_PARTED if may_end_a_number(token) else ""
        return maybe + "".join(map(self._indexed, cut(token)))


def read(folder: Path) -> Codes:
    """The codes of the index in `folder`. Raises `OSError`, `UnicodeDecodeError`."""
    return Codes((folder / FILE).read_text("utf-8").splitlines())


def learned(texts: Iterable[str]) -> Codes:
    """The codes of the words that stand in most of `texts`."""
    seen: Counter[str] = Counter()
    remembered = cache(cut)
    for text in texts:
        seen.update({term for token in text.split() for term in remembered(token)})
    return Codes(sorted(seen, key=lambda term: (-seen[term], term)))
