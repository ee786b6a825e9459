"""Sampling: a part of the articles that stands for all of them, and counts made from it.

Every article is in the sample of half of the articles or not, of a quarter, and so on, by a hash
of its id: so the samples are the same on every host, and each lies within the larger ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

ENOUGH = 100
"""Answers in a sample from which on their number is told from it: within a tenth, two times in
three."""
_BITS = 32
_SPREAD = 2_654_435_769
"""2³² divided by the golden ratio: multiples of it spread evenly (Knuth, TAOCP 3, 6.4)."""


def halvings(article_id: int) -> Iterator[str]:
    """The samples that an article is in, as the index has them: `1` is of half of the articles,
    `2` of a quarter."""
    spread = article_id * _SPREAD % (1 << _BITS)
    return map(str, range(1, _BITS - spread.bit_length() + 1))


def halved(count: int, most: float) -> int:
    """How often `count` is to be halved to be `most` or less."""
    return max(math.ceil(math.log2(count / most)), 0) if count > most else 0


def estimate(seen: int, times: int) -> int:
    """About how many there are, where `seen` were in a sample of one in `times`; two digits."""
    return int(float(f"{seen * times:.2g}"))
