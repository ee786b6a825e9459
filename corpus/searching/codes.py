"""Codes: which words are common in one corpus, and what stands side by side as terms of its index.

A phrase is slow to look for where its words stand in many articles, seldom side by side. So pairs
of neighbours are terms, too, wherever one of them is common, as are triples of the commonest: a
phrase is looked for only where its pairs and triples are, and most phrases of two are such a term.
Pairs of all words would have no bound, and not be worth it: few articles have two words that are
both rare.

Each index learns its words from articles of its own corpus, whatever its language and its topics.
What it has learned has a code of its own, a common word's being shorter; all other words share
codes. In the index a term with a code of its own is that code written twice, `BG=BG`, any other
stands between its code, `Y42=coton_=Y42`: cut at the `=` instead of the blanks, the same text gives
the pairs as pairs of codes (`paired`), so the engine does the cutting, and tells the pairs worth
indexing by their length.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise, product
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase, digits

from corpus.searching.shelf import write_whole
from corpus.searching.words import AROUND, cut, joined_numbers, may_end_a_number

COMMON = 156
"""Words that are common: all pairs with one of them are indexed."""
COMMONEST = 78
"""Words of which triples are indexed, too."""
LONGEST_PAIR = 5
"""Letters of the codes of a pair that is indexed, at the most; all else that is cut is longer."""
MOST_REMEMBERED = 250_000
"""Forms remembered at once, some 50 MB; then it begins anew."""
FILE = "words.txt"
"""Where an index keeps its words, a line each, the commonest first."""
_MAYBE_PARTED = "\x1f"
"""Stands before the terms of what begins like the last part of a number: `000` of `1 000`."""
# With a capital, which no term has.
_SHORT = product("ABCDEF", ascii_uppercase)
_LONGER = product("W", ascii_lowercase, ascii_lowercase)
_OWN = [*map("".join, (*_SHORT, *_LONGER))]
_SHARED = [*map("".join, product("XYZ", digits, digits))]
# Two pairs that stand side by side share the word in the middle.
_TRIPLE = re.compile(r" (?=([A-C][A-Z][A-C][A-Z] [A-C][A-Z][A-C][A-Z]) )")
_FILL = "_"
"""Makes a term longer than a pair."""


class Codes:
    """The codes of one index's `words`, the commonest first; the analysis of its texts by them.

    Each form is analysed once and remembered: newspapers use the same words again and again, so
    the work for one more article is to cut it at its blanks and look its words up.
    """

    def __init__(self, words: Sequence[str] = ()) -> None:
        self.words = words[: len(_OWN)]
        self._own = dict(zip(self.words, _OWN, strict=False))
        self._commonest = frozenset(self.words[:COMMONEST])
        self._forms = _Forms(self.indexed)
        self.label = lru_cache(10_000)(self.analysed)
        """`analysed`, of what many articles share."""

    def analysed(self, text: str) -> str:
        """The terms of `text` in order as they are indexed, parted by blanks."""
        found = self._looked_up(text)
        if _MAYBE_PARTED not in found:
            return found
        joined = joined_numbers(text)
        return (found if joined == text else self._looked_up(joined)).replace(_MAYBE_PARTED, "")

    def _looked_up(self, text: str) -> str:
        return " ".join(filter(None, map(self._forms.__getitem__, text.split())))

    def indexed(self, term: str) -> str:
        """`term` as it stands in the index."""
        code = self._code(term)
        between = "=" if term in self._own else f"={term:{_FILL}<{LONGEST_PAIR + 1}}="
        return f"{code}{between}{code}"

    def _code(self, term: str) -> str:
        return self._own.get(term) or _SHARED[zlib.crc32(term.encode()) % len(_SHARED)]

    def are_known(self, terms: Sequence[str]) -> bool:
        """True where each has a code of its own."""
        return self._own.keys() >= {*terms}

    def pairs(self, terms: Sequence[str]) -> list[str]:
        """The pairs of what stands side by side in `terms`, as `paired` has them."""
        two = (one + other for one, other in pairwise(map(self._code, terms)))
        return [pair for pair in two if len(pair) <= LONGEST_PAIR]

    def triples(self, terms: Sequence[str]) -> list[str]:
        """The triples of the commonest words in `terms`, as `tripled` has them."""
        runs = (terms[at : at + 3] for at in range(len(terms) - 2))
        return ["".join(self.pairs(run)) for run in runs if self._commonest.issuperset(run)]

    def write(self, folder: Path) -> None:
        """Keep the words in `folder`."""
        write_whole(folder / FILE, "".join(f"{word}\n" for word in self.words))


class _Forms(dict[str, str]):
    """Token between blanks → its terms, parted by blanks. Where it may be the end of a number,
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
        return maybe + " ".join(map(self._indexed, cut(token)))


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


def paired(analysed_text: str) -> str:
    """What `Codes.analysed` made, to be cut at blanks into the pairs of what stands side by side,
    each `LONGEST_PAIR` long at the most, and all else, which is longer."""
    return f" {analysed_text.replace(' ', '').replace('=', ' ')} "


def tripled(paired_text: str) -> str:
    """The triples of the commonest words in what `paired` made, parted by blanks."""
    return "\n".join(_TRIPLE.findall(paired_text)).replace(" ", "")
