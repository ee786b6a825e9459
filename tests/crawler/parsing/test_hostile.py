"""Case 29: text made to stall a reader. Its work grows with the text and no faster.

Each generator's text stands in each place of a page and goes through each reader. A whole megabyte
of each, and how long it takes: `python -m benchmarks.hostile`.
"""

from __future__ import annotations

import pytest

from benchmarks.hostile import GENERATORS, PLACES, READERS, page_with
from tests.growth import assert_linear

SIZE = 60_000
"""Characters of the longest text."""


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("generator", GENERATORS)
def test_work_grows_with_the_text(generator: str, reader: str) -> None:
    read, text = READERS[reader], GENERATORS[generator]
    read(page_with("body", "x"))  # what is loaded at first use is not the text's fault
    for place in PLACES:
        assert_linear(read, lambda size, at=place: page_with(at, text(size)), SIZE, told=place)
