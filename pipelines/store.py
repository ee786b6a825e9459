"""Stage 6, `store`: sets the keys of storage and hands the article to the page's books.

What is written, and when, is the writer's: article, state and discoveries of one page are one
transaction (corpus/writer.py).
"""

from __future__ import annotations

from typing import Any

from scrapy.crawler import Crawler

from crawler.items import fields_of
from crawler.stages import extractor_revision
from crawler.stored_article import stored_article
from pipelines.exceptions import OutOfBounds


class Store:
    """Item pipeline stage; runs in a crawl only, since it needs the frontier."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.revision = extractor_revision(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Store:
        """Scrapy's constructor."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Attach the row to the books of the item's page."""
        adapter = fields_of(item)
        frontier: Any = self.crawler.engine.scheduler
        ledger = frontier.out[adapter["page_id"]]
        key = ledger.identity.key if ledger.identity else ledger.row.key
        ledger.listed_on = adapter.get("published_on")
        if not frontier.arguments.bounds.admits(ledger.listed_on):
            raise OutOfBounds(f"published on {ledger.listed_on}")
        for name, count in (adapter.get("counters") or {}).items():
            self.crawler.stats.inc_value(f"portal/{name}", count)
        ledger.article = stored_article(
            item, key=key, run_id=frontier.run.id, revision=self.revision
        )
        return item
