"""Case 29: text made to stall a reader. Twice as much of it takes at most about twice the time.

Each generator's text stands in each place of a page and goes through each reader. Sizes are small
and the bound is loose, so a busy machine fails nothing; what is quadratic is far above it. A whole
megabyte of each: `python -m benchmarks.hostile`.
"""

from __future__ import annotations

import pytest

from benchmarks.hostile import GENERATORS, PLACES, READERS, cpu_seconds, page_with

SIZE = 30_000
"""Characters of the smaller text."""
QUICK = 0.5
"""CPU seconds below which a text is read quickly whatever its half took."""


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("generator", GENERATORS)
def test_twice_the_text_takes_twice_the_time(generator: str, reader: str) -> None:
    read = READERS[reader]
    read(page_with("body", "x"))  # what is loaded at first use is not the text's fault
    for place in PLACES:
        text = GENERATORS[generator]
        twice = cpu_seconds(read, page_with(place, text(2 * SIZE)))
        if twice > QUICK:
            # The best of three tells the reader's time from the machine's.
            twice = min(cpu_seconds(read, page_with(place, text(2 * SIZE))) for _ in range(3))
            once = min(cpu_seconds(read, page_with(place, text(SIZE))) for _ in range(3))
            assert twice <= 3 * once, (place, once, twice)
