"""The quality floor: what reading has reached and must not lose. `floor.tsv` only rises.

Run `python -m benchmarks.floor` to compare, `python -m benchmarks.floor --raise` to write down what
is better now; CI compares (`tests/benchmarks/test_floor.py`). Pages and seeds are fixed.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.pagesets.general import general_pages
from benchmarks.pagesets.gold import GoldPage
from benchmarks.pagesets.mutated import mutated_pages
from benchmarks.pagesets.replica import replica_pages
from benchmarks.readings import Titrologue
from benchmarks.scoring import Score, percentile, score

FILE = Path(__file__).with_name("floor.tsv")
SEED = 77
PLACES = 3


def page_sets() -> dict[str, Iterable[GoldPage]]:
    """The fixed pages of each set."""
    return {
        "replica": replica_pages(SEED, 90),
        "mutated": mutated_pages(SEED, 180),
        "general": general_pages(SEED, 8),
    }


def measured() -> Iterator[tuple[str, str, float]]:
    """(set, measure, value from 0 to 1, more is better), rounded down."""
    reader = Titrologue()
    for name, pages in page_sets().items():
        scores = [score(page, reader.read(page)) for page in pages]
        for measure, value in _measures(scores):
            yield name, measure, math.floor(value * 10**PLACES) / 10**PLACES


def _measures(scores: list[Score]) -> Iterator[tuple[str, float]]:
    f1 = [one.f1 for one in scores if one.page.gold.body]
    yield "body F1 mean", statistics.fmean(f1)
    yield "body F1 p5", percentile(f1, 5)
    for field in ("title", "date", "author", "source", "section"):
        yield field, statistics.fmean(getattr(one, field) for one in scores)
    yield "no wrong date", statistics.fmean(not one.wrong_date for one in scores)
    yield "no leak", statistics.fmean(not one.leaks for one in scores)


def read_floor() -> dict[tuple[str, str], float]:
    """What `floor.tsv` holds."""
    rows = [line.split("\t") for line in FILE.read_text("utf-8").splitlines()[1:] if line]
    return {(name, measure): float(value) for name, measure, value in rows}


def write_floor(values: dict[tuple[str, str], float]) -> None:
    """Write the file anew."""
    lines = ["set\tmeasure\tfloor", *(f"{n}\t{m}\t{v:.{PLACES}f}" for (n, m), v in values.items())]
    FILE.write_text("\n".join(lines) + "\n", "utf-8")


def below(floor: dict[tuple[str, str], float], now: dict[tuple[str, str], float]) -> list[str]:
    """What has sunk, or is not measured any more; one line each."""
    return [
        f"{name}, {measure}: {now.get((name, measure), 0.0):.{PLACES}f}, was {value:.{PLACES}f}"
        for (name, measure), value in floor.items()
        if now.get((name, measure), 0.0) < value
    ]


def main(arguments: list[str]) -> int:
    """Exit 1 where quality has sunk."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.floor", description=__doc__)
    parser.add_argument("--raise", dest="up", action="store_true", help="write what is better now")
    options = parser.parse_args(arguments)
    floor = read_floor()
    now = {(name, measure): value for name, measure, value in measured()}
    for key, value in now.items():
        print(f"{key[0]}\t{key[1]}\t{value:.{PLACES}f}\t{floor.get(key, 0.0):.{PLACES}f}")
    sunk = below(floor, now)
    for line in sunk:
        print(f"below the floor: {line}", file=sys.stderr)
    if options.up:
        write_floor({key: max(value, floor.get(key, 0.0)) for key, value in now.items()})
    return 1 if sunk else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
