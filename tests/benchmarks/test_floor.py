"""Quality of reading: never below the file, and the file never below its last commit."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks import floor

ROOT = Path(__file__).parents[2]


def test_reading_is_at_or_above_the_floor() -> None:
    now = {(name, measure): value for name, measure, value in floor.measured()}
    held = floor.read_floor()
    assert held.keys() == now.keys()
    assert floor.below(held, now) == []


def test_the_file_only_rises() -> None:
    told = subprocess.run(
        ["git", "show", "HEAD:benchmarks/floor.tsv"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.returncode:
        pytest.skip("no commit holds the floor yet, or this is no clone")
    rows = [line.split("\t") for line in told.stdout.splitlines()[1:]]
    committed = {(name, measure): float(value) for name, measure, value in rows}
    assert floor.below(committed, floor.read_floor()) == []


def test_what_sinks_is_named() -> None:
    held = {("replica", "title"): 0.9, ("replica", "date"): 0.8}
    assert floor.below(held, {("replica", "title"): 0.95}) == ["replica, date: 0.000, was 0.800"]
