"""Scores of a field read from a page against its gold."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from benchmarks.pagesets.gold import Gold

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´ʼ′", "'"))


def body_f1(got: str | None, gold: str | None) -> float:
    """F1 of the words of `got`, 0 to 1: casefolded, counted, wherever they stand. Two empty bodies
    agree; an empty one agrees with nothing else."""
    found, wanted = _words(got or ""), _words(gold or "")
    if not found or not wanted:
        return float(not found and not wanted)
    return 2 * (found & wanted).total() / (found.total() + wanted.total())


def exact(got: str | None, gold: str | None) -> bool:
    """Whether both say the same save for white space, Unicode form and the shape of apostrophes.
    None is an empty text."""
    return normalised(got or "") == normalised(gold or "")


def leaks(body: str | None, gold: Gold) -> tuple[str, ...]:
    """The forbidden texts that stand in `body`, whatever their white space."""
    read = normalised(body or "")
    return tuple(text for text in gold.forbidden if normalised(text) in read)


def normalised(text: str) -> str:
    """NFC, one kind of apostrophe, single spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_APOSTROPHES).split())


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold()))
