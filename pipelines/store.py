"""Stage 5, `store`: sets the keys of storage and hands the article to the page's books.

What is written, and when, is the writer's: article, state and discoveries of one page are one
transaction (corpus/writer.py).
"""

from __future__ import annotations

from typing import Any

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler

from corpus.storing import StoredArticle, stored_fields
from corpus.worse import content_hash
from crawler import EXTRACTOR_REVISION
from crawler.parsing.sources import known_source
from crawler.portals.sections import section_slug
from pipelines.exceptions import OutOfBounds


def stored_article(item: Any, *, key: str, run_id: int | None) -> StoredArticle:
    """The row for `item`, ready for the writer."""
    adapter = ItemAdapter(item)
    values: dict[str, Any] = {name: adapter[name] for name in stored_fields() if name in adapter}
    listed = known_source(adapter.get("source") or "")
    values |= {
        "key": key,
        "run_id": run_id,
        "content_hash": content_hash(adapter.get("title"), adapter.get("body") or ""),
        "extractor_revision": EXTRACTOR_REVISION,
        "source_listed": listed is not None,
        "source_kind": listed.kind if listed else None,
        "source_country": listed.country if listed else None,
        "section_slug": section_slug(adapter.get("section") or "") or None,
    }
    return StoredArticle(**values)


class Store:
    """Item pipeline stage; runs in a crawl only, since it needs the frontier."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Store:
        """Scrapy's constructor."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Attach the row to the books of the item's page."""
        adapter = ItemAdapter(item)
        frontier: Any = self.crawler.engine.scheduler
        ledger = frontier.out[adapter["page_id"]]
        key = ledger.identity.key if ledger.identity else ledger.row.key
        ledger.listed_on = adapter.get("published_on")
        if not frontier.arguments.bounds.admits(ledger.listed_on):
            raise OutOfBounds(f"published on {ledger.listed_on}")
        for name, count in (adapter.get("counters") or {}).items():
            self.crawler.stats.inc_value(f"portal/{name}", count)
        ledger.article = stored_article(item, key=key, run_id=frontier.run.id)
        return item
