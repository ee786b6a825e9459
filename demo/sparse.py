"""Sparse: a portal whose article numbers have holes, as those of the real ones have.

About a third of the numbers leads to no article: one here and there, a few running, and dead runs
of hundreds or thousands. What is missing answers 404, or 200 with «Article introuvable», the same
number always the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from demo.portal import TODAY, World, make_portal

HARD_404 = 0.4
"""Share of missing numbers whose status is 404."""
A_DAY = 60
"""Numbers given in one day."""


def sparse_numbers(rng: Random, top: int) -> Iterator[int]:
    """The numbers up to `top` that have an article, rising; `top` is one of them."""
    number = 0
    while number < top:
        stretch = min(top, number + rng.randrange(300, 4500))
        while number < stretch:
            number += 1
            draw = rng.random()
            if draw < 0.006:
                number += rng.randrange(2, 30)
            elif draw < 0.10:
                continue
            if number < top:
                yield number
        number += rng.randrange(100, 900) if rng.random() < 0.7 else rng.randrange(900, 2500)
    yield top


def make_sparse(
    seed: int | str,
    name: str = "abamako",
    *,
    top: int = 20_000,
    numbers: Iterable[int] | None = None,
    today: date = TODAY,
    heavy: bool = True,
) -> World:
    """Draw a portal of a few sections on its news host, whose one series of articles ends with
    number `top`, or has these `numbers`, rising. The rest is as in `make_portal`."""
    sections = ["Politique", "Société", "Économie"]
    world = make_portal(seed, name, 0, sections=sections, today=today, heavy=heavy)
    world.sister_articles = False
    world.hard_404 = HARD_404
    drawn = list(numbers or sparse_numbers(Random(f"{seed}/{name}/numbers"), top))
    world.numbers = iter(drawn)
    for number in drawn:
        world.grow(today - timedelta(days=(drawn[-1] - number) // A_DAY))
    return world
