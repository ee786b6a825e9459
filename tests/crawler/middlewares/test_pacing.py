"""The gate of a host, by itself: turns, pauses, gaps, and the end of a run."""

from __future__ import annotations

import asyncio
from time import monotonic

import pytest

from crawler.middlewares.pacing import Paces
from crawler.network.refusals import RunEnded


def test_only_as_many_as_allowed_are_inside() -> None:
    async def scenario() -> None:
        paces = Paces(2, lambda: False)
        turns = [asyncio.ensure_future(paces.enter("a")) for _ in range(3)]
        await asyncio.wait(turns, timeout=0.05)
        assert [t.done() for t in turns] == [True, True, False]
        await asyncio.wait_for(paces.enter("b"), 0.05)
        paces.leave("a")
        await asyncio.wait_for(turns[2], 0.05)

    asyncio.run(scenario())


def test_a_pause_holds_and_a_shorter_one_does_not_cut_it() -> None:
    async def scenario() -> None:
        paces = Paces(1, lambda: False)
        paces.pause("a", 0.2)
        paces.pause("a", 0.01)
        assert paces.is_paused("a")
        assert 0.1 < paces.wait("a") <= 0.2
        assert paces.wait("b") == 0.0
        start = monotonic()
        await paces.enter("a")
        assert monotonic() - start >= 0.19

    asyncio.run(scenario())


def test_a_gap_lies_between_two_starts() -> None:
    async def scenario() -> None:
        paces = Paces(9, lambda: False)
        paces.set_gap("a", 0.1)
        times = []
        for _ in range(3):
            await paces.enter("a")
            times.append(monotonic())
        assert times[2] - times[0] >= 0.2
        assert not paces.is_paused("a")

    asyncio.run(scenario())


@pytest.mark.parametrize("cause", ["pause", "full"])
def test_who_waits_is_let_go_when_the_run_ends(cause: str) -> None:
    async def scenario() -> None:
        ending = False
        paces = Paces(1, lambda: ending)
        if cause == "pause":
            paces.pause("a", 300)
        else:
            await paces.enter("a")
        turns = [asyncio.ensure_future(paces.enter("a")) for _ in range(3)]
        await asyncio.sleep(0)
        ending = True
        results = await asyncio.wait_for(asyncio.gather(*turns, return_exceptions=True), 2)
        assert [type(r) for r in results] == [RunEnded] * 3

    asyncio.run(scenario())


def test_a_request_that_gave_up_waiting_takes_no_turn() -> None:
    async def scenario() -> None:
        paces = Paces(1, lambda: False)
        await paces.enter("a")
        gone, next_one = (asyncio.ensure_future(paces.enter("a")) for _ in range(2))
        await asyncio.sleep(0)
        gone.cancel()
        paces.leave("a")
        await asyncio.wait_for(next_one, 0.05)

    asyncio.run(scenario())
