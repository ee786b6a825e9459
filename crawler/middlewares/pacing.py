"""PaceHosts: who may go to which host when. The last gate before the downloader (order 845).

Scrapy's slots know one delay a host, forget it after a minute's silence, and AutoThrottle lowers
it. Here a host also has a gap that robots.txt asked for and a moment before which nothing goes
(Retry-After, back-off). A request that waits here is not yet in the downloader's queue, so when
the run ends it is let go at once and returns to the frontier, instead of being drained.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Self
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler

from crawler.network.refusals import RunEnded

_LOOK = 0.5
"""Seconds between two looks whether the run is ending, while requests wait."""


@dataclass(slots=True)
class _Host:
    running: int = 0
    not_before: float = 0.0
    gap: float = 0.0
    last_start: float = float("-inf")
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    timer: asyncio.TimerHandle | None = None

    def ready_in(self) -> float:
        """Seconds until a request may start; 0 or less is now."""
        return max(self.not_before, self.last_start + self.gap) - monotonic()


class Paces:
    """The pace of each host of one crawl. Hosts are Scrapy's slot keys, i.e. host names."""

    def __init__(self, limit: int, ending: Callable[[], bool]) -> None:
        self.limit = limit
        self.ending = ending
        self._hosts: dict[str, _Host] = {}

    @classmethod
    def of(cls, crawler: Crawler) -> Paces:
        """The paces of `crawler`, made at the first call."""
        if crawler not in _paces:
            limit = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
            _paces[crawler] = cls(limit, lambda: _is_ending(crawler))
        return _paces[crawler]

    def pause(self, host: str, seconds: float) -> None:
        """Nothing goes to `host` for `seconds`; a longer pause under way stays."""
        state = self._of(host)
        state.not_before = max(state.not_before, monotonic() + seconds)
        self._pump(host)

    def set_gap(self, host: str, seconds: float) -> None:
        """At least `seconds` between the starts of two requests to `host`, for this crawl."""
        self._of(host).gap = seconds

    def wait(self, host: str) -> float:
        """Seconds for which nothing may go to `host`; 0 where it is free. For a scheduler that
        would rather hand out pages of another host."""
        state = self._hosts.get(host)
        return max(0.0, state.ready_in()) if state else 0.0

    def is_paused(self, host: str) -> bool:
        """True while a pause of `host` is under way (its gap does not count)."""
        state = self._hosts.get(host)
        return state is not None and state.not_before > monotonic()

    async def enter(self, host: str) -> None:
        """Wait for the turn of one request. Raises `RunEnded` when the run ends meanwhile."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._of(host).waiting.append(turn)
        self._pump(host)
        await turn

    def leave(self, host: str) -> None:
        """A request that had entered is done."""
        state = self._of(host)
        state.running = max(0, state.running - 1)
        self._pump(host)

    def _of(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host())

    def _pump(self, host: str) -> None:
        state = self._of(host)
        if state.timer is not None:
            state.timer.cancel()
            state.timer = None
        while state.waiting:
            if self.ending():
                _refuse(state.waiting)
                return
            wait = state.ready_in()
            if wait > 0 or state.running >= self.limit:
                again = min(wait, _LOOK) if wait > 0 else _LOOK
                loop = asyncio.get_running_loop()
                state.timer = loop.call_later(again, self._pump, host)
                return
            turn = state.waiting.popleft()
            if not turn.done():
                state.running += 1
                state.last_start = monotonic()
                turn.set_result(None)


def _refuse(waiting: deque[asyncio.Future[None]]) -> None:
    while waiting:
        turn = waiting.popleft()
        if not turn.done():
            turn.set_exception(RunEnded("the run is ending"))


def _is_ending(crawler: Crawler) -> bool:
    engine = crawler.engine
    # A spider that closes itself leaves the engine running, and only its slot knows.
    slot = getattr(engine, "_slot", None)
    return not engine.running or slot is None or slot.closing is not None


_paces: WeakKeyDictionary[Crawler, Paces] = WeakKeyDictionary()


class PaceHosts:
    """Lets a request pass when its host is free. Only Scrapy's counters come after it: who
    has entered reaches the downloader, whose signal says when it has left."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.paces = Paces.of(crawler)
        crawler.signals.connect(self.left, signal=signals.request_left_downloader)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for this host's turn."""
        await self.paces.enter(self.crawler.engine.downloader.get_slot_key(request))

    def left(self, request: Request) -> None:
        """The downloader is done with `request`, well or not."""
        self.paces.leave(self.crawler.engine.downloader.get_slot_key(request))
