"""GoldPage: one page of a set with what a reader should find on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Gold:
    """The fields of an article as its page shows them."""

    title: str
    """Without the site's name."""
    published_on: str | None
    """ISO day of first publication on the portal's own clock."""
    body: str
    """Paragraphs parted by a blank line: bold lead, subheadings, quotes and list items included;
    captions, adverts, links to other articles, tags and signatures not."""
    author: str | None
    """As shown: «A et B» where two signed."""
    source: str | None
    """The other newspaper the page names as its source."""
    section: str | None
    forbidden: tuple[str, ...]
    """Texts of the page that belong to no field; none may occur in a body."""


@dataclass(frozen=True)
class GoldPage:
    """One fetched page of a layout."""

    layout: str
    url: str
    html: bytes
    content_type: str
    """The header's value, with the charset it declares if any."""
    fetched_at: datetime
    """Aware."""
    timezone: str
    """Name of the portal's zone, such as Africa/Bamako."""
    gold: Gold
