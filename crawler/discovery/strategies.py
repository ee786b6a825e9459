"""Strategies: what a run does to find pages, by the name given with `-a strategy=`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, ClassVar, Protocol

from scrapy import Request
from scrapy.statscollectors import StatsCollector

from crawler.discovery.archive import ArchiveDiscovery
from crawler.discovery.feeds import FeedDiscovery
from crawler.discovery.refresh import RefreshDiscovery
from crawler.discovery.sample import SampleDiscovery
from crawler.discovery.sections import SectionDiscovery
from crawler.parsing.page import Page
from crawler.portals.base import Portal
from crawler.spiders.arguments import CrawlArguments

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from crawler.frontier.scheduler import FrontierScheduler


class Discovery(Protocol):
    """What the spider asks of a strategy."""

    place: ClassVar[str]
    """What `current` is one of, for the progress line."""
    stopped: bool
    """Set when the limit is reached: no further page is asked for."""
    current: str | None
    """Where the run is, for the progress line."""

    def requests(self) -> AsyncIterator[Request]:
        """What a run begins with; article pages come from the frontier."""

    def learn(self, page: Page, section: str | None) -> AsyncIterator[Request]:
        """Requests for what an article page leads to."""

    def conclude(self) -> None:
        """The run has finished: say what was not found."""

    def summary(self) -> str:
        """One line on what the run was about; empty where the table says it all."""


def discovery_for(
    portal: type[Portal],
    frontier: FrontierScheduler,
    arguments: CrawlArguments,
    stats: StatsCollector,
    settings: BaseSettings,
) -> Discovery:
    """The strategy that `arguments` name."""
    if arguments.strategy == "refresh":
        return RefreshDiscovery(portal, frontier, arguments)
    if arguments.strategy == "feed":
        return FeedDiscovery(portal, frontier, stats)
    if arguments.strategy == "archive":
        return ArchiveDiscovery(portal, frontier, arguments, stats)
    if arguments.route is not None:
        return SampleDiscovery(stats)
    return SectionDiscovery(portal, frontier, arguments, stats, settings)
