"""Progress: one live line on a terminal, plain log lines without one, and a table at the end."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

ON_TERMINAL = 0.5
IN_LOG = 15.0
"""Seconds between two reports."""


class Progress:
    """Says how many articles were found, fetched and stored, how fast, and where the crawl is."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.console = Console(stderr=True)
        self.started = time.monotonic()
        self.live: Live | None = None
        self._task: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        """Scrapy's constructor."""
        extension = cls(crawler)
        crawler.signals.connect(extension.opened, signals.spider_opened)
        crawler.signals.connect(extension.closed, signals.spider_closed)
        return extension

    def opened(self) -> None:
        """Start reporting."""
        self.started = time.monotonic()
        if self.console.is_terminal and sys.stderr.isatty():
            self.live = Live(self._line(), console=self.console, transient=True, auto_refresh=False)
            self.live.start()
        self._task = asyncio.ensure_future(self._report())

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(ON_TERMINAL if self.live else IN_LOG)
            if self.live:
                self.live.update(self._line(), refresh=True)
            else:
                logger.info("%s", self._line().plain)

    def closed(self, reason: str) -> None:
        """Stop, and print what the run has come to."""
        if self._task is not None:
            self._task.cancel()
        if self.live:
            self.live.stop()
            self.live = None
        if reason != "already_running":
            self.console.print(self._table(reason))
            self.console.print(self._requests())
            discovery = getattr(self.crawler.spider, "discovery", None)
            if discovery and (line := discovery.summary()):
                self.console.print(line, highlight=False)

    def _line(self) -> Text:
        fetched, stored = self._fetched(), self._stat("pages/stored")
        rate = fetched / max(time.monotonic() - self.started, 0.001)
        spider: Any = self.crawler.spider
        discovery = getattr(spider, "discovery", None)
        where = "home"
        if discovery and discovery.current:
            where = f"{discovery.place} {discovery.current}"
        return Text(
            f"{spider.name}: found {self._stat('pages/found')}, fetched {fetched}, "
            f"stored {stored}, {rate:.1f} pages/s, at {where}"
        )

    def _requests(self) -> Text:
        """What the run has cost the site, robots.txt aside."""
        kinds = (("discovery", "discovery"), ("articles", "article"), ("revisits", "revisit"))
        counts = ", ".join(f"{label} {self._stat(f'requests/{kind}')}" for label, kind in kinds)
        photos = self._stat("requests/photo")
        return Text(f"requests: {counts}" + (f", photos {photos}" if photos else ""))

    def _fetched(self) -> int:
        states = ("stored", "duplicate", "rejected", "quarantined", "missing", "gone", "failed")
        return sum(self._stat(f"pages/{state}") for state in states)

    def _stat(self, name: str) -> int:
        return int(self.crawler.stats.get_value(f"portal/{name}", 0))

    def _table(self, reason: str) -> Table:
        spider = self.crawler.spider
        assert spider is not None
        table = Table(title=f"{spider.name}: {reason}", show_header=False)
        table.add_column(justify="left")
        table.add_column(justify="right")
        rows = [
            ("listing pages read", self._stat("listings/read")),
            ("article addresses found", self._stat("pages/found")),
            ("articles new", self._stat("articles/new")),
            ("articles changed", self._stat("articles/changed")),
            ("articles unchanged", self._stat("articles/unchanged")),
            ("articles returned", self._stat("articles/returned")),
        ]
        rows += [
            (f"pages {state}", self._stat(f"pages/{state}"))
            for state in ("duplicate", "rejected", "quarantined", "missing", "gone", "failed")
        ]
        rows.append(("left in the queue", self._stat("books/queued")))
        rows.append(("seconds", round(time.monotonic() - self.started)))
        for name, value in rows:
            table.add_row(name, str(value))
        return table
