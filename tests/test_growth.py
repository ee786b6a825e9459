"""The judge of growth itself: it lets a linear reader pass and no quadratic one."""

from __future__ import annotations

import pytest

from tests.growth import assert_linear


def test_linear_reader_passes() -> None:
    assert_linear(sorted, lambda size: range(size), 200_000, quick=0)


def test_quadratic_reader_fails_with_its_figures() -> None:
    def count_pairs(text: str) -> int:
        return sum(text.count("b", at) for at in range(len(text)))

    with pytest.raises(AssertionError, match=r"pairs: \d\.\d+ s for a quarter"):
        assert_linear(count_pairs, lambda size: "a" * size, 20_000, told="pairs", quick=0)
