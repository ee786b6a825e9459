"""Signs: counts, for every article page that a run reads, which sign gave each field, into the
run's statistics; `corpus.drift` judges them."""

from __future__ import annotations

from typing import Any, Final

from scrapy import signals
from scrapy.crawler import Crawler

from corpus.tally import FIELDS, Tally
from crawler.items import Article

COUNTED: Final = (
    *("title", "published_on", "body", "section", "author", "source"),
    *("photo_url", "photo_caption", "photo_credit"),
)
_LAYER_OF: Final = {"published_on": "published_raw"}
"""Where the line was found is the layer; the field's own sign is the rule that read it."""
_READ_ALL_THE_SAME: Final = ("no_body", "no_title", "out_of_bounds")
"""Reasons of a dropped item that was an article page."""


class CountSigns:
    """Listens to items at the end of the stages, stored or dropped."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.tally = Tally()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CountSigns:
        """Scrapy's constructor."""
        extension = cls(crawler)
        crawler.signals.connect(extension.scraped, signals.item_scraped)
        crawler.signals.connect(extension.dropped, signals.item_dropped)
        return extension

    def scraped(self, item: Any) -> None:
        """Count an article; photo pages have fields of their own and are left out."""
        if not isinstance(item, Article) or item.kind == "p":
            return
        self.tally.readings += 1
        for name in COUNTED:
            sign = item.signs.get(_LAYER_OF.get(name, name))
            self.tally.count(name, getattr(item, name), sign, item.url)
        self.crawler.stats.set_value(FIELDS, self.tally.as_json())

    def dropped(self, item: Any, exception: Exception) -> None:
        """Count what was an article and could not be read as one."""
        if getattr(exception, "reason", None) in _READ_ALL_THE_SAME:
            self.scraped(item)
