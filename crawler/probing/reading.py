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

from crawler.addresses import BadAddress
from crawler.items import Article
from crawler.parsing.article import classify, parse_article
from crawler.parsing.knowledge import EMPTY
from crawler.parsing.page import Page
from crawler.parsing.verdict import looks_like_html
from crawler.portals.base import Portal
from crawler.portals.generic import generic_portal
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

# What `classify` says of a page that is no article, and the state it comes to in a crawl.
_STATES = {
    "not_found": ("missing", "soft_404"),
    "wall": ("rejected", "wall"),
    "empty": ("rejected", "empty"),
    "truncated": ("quarantined", "truncated"),
    "too_deep": ("quarantined", "too_deep"),
}


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


async def read_page(page: Page, portal: type[Portal], stages: Sequence[Any]) -> Reading:
    """Read `page` as an article of `portal` and run `stages` (see `crawler.stages`)."""
    if not page.body.strip():
        return Reading(None, "rejected", "empty")
    if not looks_like_html(page):
        return Reading(None, "rejected", "content_type")
    article = parse_article(page, portal, EMPTY)
    why = classify(page, article)
    # A dropped item is shown with the fields it had: stages work on a copy.
    shown = copy(article)
    dropped: tuple[str, str] | None = _STATES.get(why, ("rejected", why)) if why else None
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


def portal_for(url: str, known: type[Portal] | None) -> type[Portal]:
    """`known`, or the general signs for the host of `url`. Raises `BadAddress`."""
    return known or generic_portal(url)


def is_address(text: str) -> bool:
    """True for an argument that is meant as an address and not as a file."""
    return text.lower().startswith(("http://", "https://"))


def identity_key(url: str, portal: type[Portal]) -> str | None:
    """The identity that `url` names on `portal`, or None where it is not the portal's."""
    try:
        return portal.identify(url).key
    except BadAddress:
        return None


def _plain(value: Any) -> Any:
    """A value as JSON holds it: days and instants in ISO form, instants with a `Z`."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value
