"""Reading: one page through parser and stages, as a crawl reads it, for `scrapy try` and `probe`.

Nothing is stored. A page that is no article keeps the fields that were found, beside the state
and the reason that `pages` would get.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from crawler.items import Article
from crawler.judging import NO_ARTICLE
from crawler.parsing.article import parse_article
from crawler.parsing.knowledge import EMPTY, Knowledge
from crawler.parsing.listing import read_listing
from crawler.parsing.page import Page
from crawler.parsing.verdict import classify, looks_like_html
from crawler.portals.base import Portal
from crawler.stages import run_stages_async

COLUMNS = (
    "portal",
    "site",
    "kind",
    "number",
    "url",
    "section",
    "title",
    "published_on",
    "published_at",
    "published_precision",
    "published_raw",
    "updated_on",
    "updated_raw",
    "source",
    "author",
    "agency",
    "lead",
    "body",
    "word_count",
    "language",
    "photo_url",
    "photo_credit",
    "photo_caption",
    "truncated",
    "continues_on",
    "comments_count",
    "signs",
    "flags",
)
"""The columns of `articles` that a page alone can fill, in the order they are shown."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one page was read as."""

    article: Article | None
    """None only where the bytes are no page at all."""
    state: str | None = None
    """None for an article; else the state of design.md's `pages.state`."""
    reason: str | None = None

    def record(self) -> dict[str, Any]:
        """`COLUMNS` as JSON holds them, every one null for what is no page, and `state` and
        `reason` where the page is no article."""
        values = {name: _plain(getattr(self.article, name, None)) for name in COLUMNS}
        if self.state or self.reason:
            values |= {"state": self.state, "reason": self.reason}
        return values


async def read_page(
    page: Page, portal: type[Portal], stages: Sequence[Any], knowledge: Knowledge = EMPTY
) -> Reading:
    """Read `page` as an article of `portal` with what was learned of it, and run `stages` (see
    `crawler.stages`)."""
    if not page.body.strip():
        return Reading(None, "rejected", "empty")
    if not looks_like_html(page):
        return Reading(None, "rejected", "content_type")
    article = parse_article(page, portal, knowledge)
    # A page of no portal of ours goes by its host.
    article.portal = article.portal or portal.host()
    why = classify(page, article)
    # A dropped item is shown with the fields it had: stages work on a copy.
    shown = copy(article)
    dropped: tuple[str, str] | None = (NO_ARTICLE[why], why) if why else None
    if dropped is None and _is_listing(page, portal, article):
        dropped = ("rejected", "listing")
    for stage in stages:
        try:
            shown = await run_stages_async(copy(shown), (stage,))
        except Exception as problem:
            state, reason = getattr(problem, "state", None), getattr(problem, "reason", None)
            if not isinstance(state, str):
                raise
            dropped = dropped or (state, str(reason))
            break
    return Reading(shown, *(dropped or (None, None)))


def _is_listing(page: Page, portal: type[Portal], article: Article) -> bool:
    """True for a section or front page, which a crawl would never ask for as an article."""
    if article.number is not None or article.published_raw:
        return False
    if article.body and article.signs.get("body") != "trafilatura":
        return False
    return read_listing(page, portal).is_listing


def is_address(text: str) -> bool:
    """True for an argument that is meant as an address and not as a file."""
    return text.lower().startswith(("http://", "https://"))


def _plain(value: Any) -> Any:
    """A value as JSON holds it: days and instants in ISO form, instants with a `Z`."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value
