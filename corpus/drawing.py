"""Drawing: which numbers a sample asks for. Every number has a permanent random number.

A stratum's sample is always those of its numbers whose permanent random number is smallest
(Ohlsson, Coordination of samples using permanent random numbers, in Business Survey Methods, 1995).
So a later run goes on where an earlier one stopped, however the ranges were cut meanwhile, and the
numbers asked by both are one simple random sample without replacement.

The permanent random numbers are independent exponential variates, and none is drawn before it is
wanted: the smallest of 2n such numbers lies in either half with equal chance, and the smallest of
the other half comes later by an exponential time of its own. So a sample of sixty out of a
thousand million takes a few thousand hashes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from heapq import heappop, heappush
from math import log

BITS = 63
"""Numbers are below two to this power, as in the tables."""


def drawn(series: str, ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[float, int]]:
    """The numbers of `ranges` in the order in which they are asked: (its random number, number).

    `ranges` are (first, last), both included, apart from each other and in rising order; `series`
    names what they are numbers of, and with a number it alone decides on its random number.
    """
    lasts = [last for _, last in ranges]

    def meets(start: int, size: int) -> bool:
        place = bisect_left(lasts, start)
        return place < len(ranges) and ranges[place][0] < start + size

    heap: list[tuple[float, int, int]] = []
    if meets(0, 1 << BITS):
        heap.append((_wait(series, BITS + 1, 0, 1 << BITS)[0], 0, BITS))
    while heap:
        # The node with the earliest number: [start, start + 2**level).
        when, start, level = heappop(heap)
        while level:
            level -= 1
            half = 1 << level
            wait, heads = _wait(series, level, start, half)
            later = start if heads else start + half
            if meets(later, half):
                heappush(heap, (when + wait, later, level))
            start = start + half if heads else start
            if not meets(start, half):
                break
        else:
            yield when, start


def _wait(series: str, level: int, start: int, size: int) -> tuple[float, bool]:
    """An exponential variate of rate `size`, and the toss of a coin: always the same for a node."""
    digest = blake2b(f"{series}/{level}/{start}".encode(), digest_size=8).digest()
    bits = int.from_bytes(digest, "big")
    uniform = ((bits >> 1 & (1 << 53) - 1) + 0.5) / (1 << 53)
    return -log(uniform) / size, bool(bits & 1)
