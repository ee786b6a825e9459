"""Found: an article's identity as the discovery that the frontier's table takes in."""

from __future__ import annotations

from datetime import date

from corpus.discoveries import Found
from crawler.portals.base import Identity


def found_at(identity: Identity, route: str, listed_on: date | None = None) -> Found:
    """`route`: what led to the article; `listed_on`: the day that stood beside the link."""
    return Found(
        key=identity.key,
        site=identity.site,
        kind=identity.kind,
        number=identity.number,
        url=identity.url,
        route=route,
        listed_on=listed_on,
    )
