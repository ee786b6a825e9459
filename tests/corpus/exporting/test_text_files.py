"""Cells of CSV that a spreadsheet would run."""

from __future__ import annotations

import pytest

from corpus.exporting.text_files import safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", " =", "'=", '"='])
def test_cell_that_looks_like_a_formula_is_disarmed(start):
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("value", ["plain", "", "a=b", -5, 1.5, None])
def test_other_cells_are_left_alone(value):
    assert safe_cell(value) == value
