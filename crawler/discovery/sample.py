"""Strategy `sample`: the numbers that `scrapy gaps` has drawn and queued, and nothing beside them.

A page of the sample leads nowhere: what it links to would no longer be unknown, and the estimate
is about the unknown.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import ClassVar

from scrapy import Request
from scrapy.statscollectors import StatsCollector

from crawler.exit_codes import SERIES
from crawler.parsing.page import Page

_NOTHING: Iterable[Request] = ()


class SampleDiscovery:
    """What the spider asks of a discovery, for a run that discovers nothing."""

    place: ClassVar[str] = "numbers"

    def __init__(self, stats: StatsCollector) -> None:
        self.current: str | None = "drawn at random"
        """For the progress line, behind `place`."""
        self.stopped = False
        # By number: that no listing is read, and no article is found, is no fault of the run.
        stats.set_value(SERIES, 1)

    async def requests(self) -> AsyncIterator[Request]:
        """None: the pages wait in the frontier."""
        for request in _NOTHING:
            yield request

    async def learn(self, page: Page, section: str | None) -> AsyncIterator[Request]:
        """None."""
        for request in _NOTHING:
            yield request

    def summary(self) -> str:
        """The table says it all."""
        return ""

    def conclude(self) -> None:
        """Nothing to say."""
