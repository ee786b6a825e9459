"""Reading: what a tool told of one page, in one shape for all; and titrologue's own reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import Any

from scrapy.exceptions import DropItem
from scrapy.utils.project import get_project_settings

from benchmarks.pagesets.gold import GoldPage
from crawler.parsing.article import parse_article
from crawler.parsing.page import Page
from crawler.portals.base import Portal, portal_of
from crawler.portals.generic import generic_portal
from crawler.stages import load_stages, run_stages

FIELDS = frozenset(("title", "date", "author", "source", "section", "body"))


@dataclass(frozen=True)
class Reading:
    """One page as a tool read it; None or empty is what it did not find."""

    title: str | None = None
    date: str | None = None
    """ISO day."""
    author: str | None = None
    source: str | None = None
    section: str | None = None
    body: str = ""
    failed: str | None = None
    """Why there is no article: the stage's reason, or the tool's exception."""

    @classmethod
    def of(cls, told: dict[str, Any]) -> Reading:
        """What a peer answered."""
        names = ("title", "date", "author", "source", "section")
        fields = {name: told.get(name) or None for name in names}
        return cls(**fields, body=told.get("body") or "", failed=told.get("error"))


class Titrologue:
    """Bytes to a finished article: all stages but the store."""

    name = "titrologue"
    fields = FIELDS

    def __init__(self) -> None:
        self._stages = load_stages(get_project_settings())

    def read(self, page: GoldPage) -> Reading:
        """As a crawl reads it: by its portal, or by the general signs where the host is none's."""
        try:
            article = self.article(page, portal_for(page))
        except DropItem as dropped:
            return Reading(failed=type(dropped).__name__)
        day = article.published_on
        return Reading(
            title=article.title,
            date=day.isoformat() if day else None,
            author=article.author,
            source=article.source,
            section=article.section,
            body=article.body,
        )

    def article(self, page: GoldPage, portal: type[Portal]) -> Any:
        """The article after all stages. `DropItem` comes through."""
        at = page.fetched_at.astimezone(UTC)
        fetched = Page(page.url, page.html, page.content_type, at)
        return run_stages(parse_article(fetched, portal), self._stages)


def portal_for(page: GoldPage) -> type[Portal]:
    """The portal of the page's host, or a general one with its clock."""
    return portal_of(page.url) or generic_portal(page.url, timezone=page.timezone)


def decoded(page: GoldPage) -> str:
    """The page as the peers get it: correctly decoded, whatever the page calls its bytes."""
    try:
        return page.html.decode("utf-8-sig")
    except UnicodeDecodeError:
        return page.html.decode("cp1252", "replace")
