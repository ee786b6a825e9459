"""Growth: a reader's work in proportion to its text, judged so that no busy machine can fail it.

Four times the text is four times the work for a linear reader and sixteen times for a quadratic
one; the bound is eight. CPU time is measured, not the clock's, with the garbage collector at rest,
both sizes in turn and the best of several rounds; the first round that is within the bound ends it.
How long a megabyte takes is a question for `benchmarks/`, not for a test.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from benchmarks.hostile import cpu_seconds

Text = TypeVar("Text")

TIMES, BOUND, ROUNDS = 4, 8, 6
QUICK = 0.5
"""CPU seconds below which a reading needs no second look."""


def assert_linear(
    read: Callable[[Text], object],
    made: Callable[[int], Text],
    size: int,
    *,
    told: object = None,
    quick: float = QUICK,
) -> None:
    """Reading `made(size)` takes at most eight times what `made(size / 4)` takes. `told` is said
    where it does not; readings faster than `quick` CPU seconds pass."""
    whole = made(size)
    large = cpu_seconds(read, whole)
    if large <= quick:
        return
    quarter = made(size // TIMES)
    small = cpu_seconds(read, quarter)
    for _ in range(ROUNDS):
        if large <= BOUND * small:
            return
        small = min(small, cpu_seconds(read, quarter))
        large = min(large, cpu_seconds(read, whole))
    raise AssertionError(f"{told or read}: {small:.3f} s for a quarter, {large:.3f} s for all")
