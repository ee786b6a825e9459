"""Signatures: which texts may be the same dispatch, told from a few numbers, then counted.

A text is the set of its shingles: runs of four words, folded so that accents, case, apostrophes and
punctuation do not matter. Its signature are the smallest hash values of that set (MinHash by one
permutation, a «bottom-k sketch»). Unlike MinHash by bands it finds extracts as surely as copies:
of a text's smallest values, those of the part that was taken over are among the extract's smallest
too. Texts that share `COMMON` values are worth a look, which `compare` takes at the shingles.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from operator import add
from typing import Final
from zlib import crc32

SIZE: Final = 24
"""Values of a signature. Of an extract of a third, eight are met again on average, and at least two
in 999 of 1,000 cases."""
COMMON: Final = 2
"""Values in common that make a candidate: one alone is often a phrase that many texts use."""
SHORTEST: Final = 20
"""Shingles of the shortest text that is looked at: a caption repeats others by chance."""
ALGORITHM: Final = f"shingles of 4, crc32, {SIZE} smallest"
"""What signatures depend on: those of another algorithm cannot be compared."""


def _fold_table() -> bytes:
    """Latin-1 as its bare small letters and digits, all else as a blank; bytes are folded many
    times faster than text."""
    table = bytearray(b" " * 256)
    accents = ("aàáâãäåªæ", "cç", "eèéêë", "iìíîï", "nñ", "oòóôõöøº", "uùúûü", "yýÿ")
    for letters in accents:
        for letter in letters + letters.upper():
            if len(code := letter.encode("latin-1", "ignore")) == 1:
                table[code[0]] = ord(letters[0])
    for plain in b"abcdefghijklmnopqrstuvwxyz0123456789":
        table[plain] = table[ord(chr(plain).upper())] = plain
    return bytes(table)


_FOLD: Final = _fold_table()


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two texts have in common."""

    resemblance: float
    """Shingles that both have, as a share of those that either has: 0 to 1."""
    containment: float
    """The same as a share of the shorter text's: near 1 where it is an extract of the other."""

    @property
    def reprint(self) -> bool:
        """True where one is the other, cut or reworked. Texts that only quote the same words, or
        speak of the same event, stay far below."""
        return self.resemblance >= 0.4 or (self.containment >= 0.6 and self.resemblance >= 0.2)


def shingles(text: str) -> list[bytes]:
    """Runs of four folded words, in order. Letters beyond Latin-1 part words."""
    plain = text.replace("œ", "oe").replace("Œ", "oe").encode("latin-1", "replace")
    words = plain.translate(_FOLD).split()
    pairs = list(map(add, words, words[1:]))
    return list(map(add, pairs, pairs[2:]))


def signature(found: Collection[bytes]) -> list[int]:
    """The signature of a text's shingles, rising values of 32 bits; empty for a text too short to
    be told from others."""
    if len(found) < SHORTEST:
        return []
    return sorted(set(map(crc32, found)))[:SIZE]


def compare(one: frozenset[bytes], other: frozenset[bytes]) -> Likeness:
    """What two sets of shingles have in common; nothing where either is empty."""
    common = len(one & other)
    if not common:
        return Likeness(0.0, 0.0)
    either = len(one) + len(other) - common
    return Likeness(common / either, common / min(len(one), len(other)))
