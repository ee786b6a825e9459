"""Validators: ETag and Last-Modified of listings and feeds, so that what has not changed is not
sent again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrapy.http import Response

    from corpus.frontier import Section

SETTLED = timedelta(seconds=60)
"""How much older than the answer a Last-Modified must be: it counts in seconds, and a second change
within one of them would never be seen (RFC 9110, 8.8.2.2)."""
LONGEST = 500


def validators_of(response: Response) -> dict[str, str | None]:
    """Columns `etag` and `last_modified` of a row of `sections`, from an answer; None each where it
    was not sent or cannot be relied on."""
    told = {name: _header(response, name) for name in ("ETag", "Last-Modified", "Date")}
    modified, sent = _moment(told["Last-Modified"]), _moment(told["Date"])
    reliable = modified is not None and sent is not None and sent - modified >= SETTLED
    return {"etag": told["ETag"], "last_modified": told["Last-Modified"] if reliable else None}


def conditional_headers(row: Section | None) -> dict[str, Any]:
    """Headers that ask for `row`'s address only if it has changed since its validators were kept;
    empty where it has none."""
    if row is None:
        return {}
    if row.etag:
        return {"If-None-Match": row.etag}
    return {"If-Modified-Since": row.last_modified} if row.last_modified else {}


def _header(response: Response, name: str) -> str | None:
    value = (response.headers.get(name) or b"").decode("latin-1").strip()
    return value if 0 < len(value) <= LONGEST and value.isprintable() else None


def _moment(value: str | None) -> datetime | None:
    try:
        told = parsedate_to_datetime(value) if value else None
    except (ValueError, TypeError, OverflowError):
        return None
    return told if told is not None and told.tzinfo is not None else None
