"""Sparse portals: which numbers have an article, and what the others answer."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from random import Random

import pytest

from demo.sparse import make_sparse, sparse_numbers


@pytest.mark.parametrize("seed", range(6))
def test_holes_are_single_short_and_dead_runs(seed):
    numbers = list(sparse_numbers(Random(seed), 20_000))
    assert numbers[-1] == 20_000
    assert numbers == sorted(set(numbers))
    holes = [b - a - 1 for a, b in pairwise([0, *numbers]) if b - a > 1]
    assert 0.25 < sum(holes) / 20_000 < 0.55
    assert sum(hole == 1 for hole in holes) > 100
    assert any(2 <= hole <= 30 for hole in holes)
    assert any(hole >= 500 for hole in holes)


def test_every_article_stands_at_its_number_on_the_news_host():
    world = make_sparse("there", top=1200)
    assert {stub.site for stub in world.stubs} == {"news"}
    assert {stub.kind for stub in world.stubs} == {"h"}
    assert max(stub.number for stub in world.stubs) == 1200
    days = [stub.day for stub in world.stubs]
    assert days[0] < days[-1] == world.today
    for stub in world.stubs[::60]:
        response = world.respond(stub.host, stub.path)
        assert response.status == 200
        assert b"introuvable" not in response.body


def test_missing_numbers_answer_404_or_say_so_and_always_the_same():
    world = make_sparse("missing", numbers=[1, 500])
    twice = [
        [world.respond("news.abamako.com", f"/h/{n}.html").status for n in range(2, 500)]
        for _ in range(2)
    ]
    assert twice[0] == twice[1]
    statuses = Counter(twice[0])
    assert statuses.keys() == {200, 404}
    assert 0.3 < statuses[404] / 498 < 0.5
    missing = next(n for n in range(2, 500) if twice[0][n - 2] == 200)
    assert b"Article introuvable" in world.respond("news.abamako.com", f"/h/{missing}.html").body


def test_numbers_can_be_given_and_go_on_when_something_is_published():
    world = make_sparse("given", numbers=[3, 7, 8])
    assert [stub.number for stub in world.stubs] == [3, 7, 8]
    world.publish(1)
    assert world.stubs[-1].number > 8
