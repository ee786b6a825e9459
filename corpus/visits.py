"""Visits: when an article that is held is looked at again.

The plan is age-proportional: the older an article, the longer until the next look. Edits come soon
after publication or never, so a fixed interval would spend most requests on what does not change;
half the age spends one request each time the age has grown by half, and so, over a portal's whole
life, a number of requests that grows with the logarithm of its age. An edit makes an article young
again. `docs/strategies.md` has the figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, func, select

from corpus.among import among
from corpus.models import Article, ArticleVersion, table

ARTICLES = table(Article)
VERSIONS = table(ArticleVersion)

HELD = ("stored", "gone")
"""States of pages that hold an article."""
ANNOUNCED = "changed_in_feed"
"""Reason of a stored page that a feed says was changed after our last visit."""

SHARE = 0.5
"""Of an article's age, until it is looked at again."""
SOONEST, LATEST = timedelta(hours=6), timedelta(days=365)
"""However young or old it is."""
AFTER_FAILURE = timedelta(days=1)
"""Until a revisit that failed is tried again."""
GONE_AGAIN, GONE_FOR_GOOD = timedelta(days=1), timedelta(days=180)
"""A vanished article is looked at after a day, then each time it has been away twice as long, until
it has been away for that long."""


def next_visit(now: datetime, *, born: date | datetime) -> datetime:
    """When to look again at an article that stands. `born`: its day of publication, or the moment
    of its last edit."""
    if not isinstance(born, datetime):
        born = datetime.combine(born, time(), UTC)
    return now + min(max((now - born) * SHARE, SOONEST), LATEST)


def next_look(now: datetime, *, gone_at: datetime) -> datetime | None:
    """When to look again at an article that vanished; None where it is not."""
    away = now - gone_at
    return None if away >= GONE_FOR_GOOD else now + max(away, GONE_AGAIN)


def plan_visits(
    connection: Connection, article_ids: Iterable[int], now: datetime
) -> dict[int, datetime | None]:
    """Article id → its next visit, from what the tables say of it now."""
    plan: dict[int, datetime | None] = {}
    wanted = {"these": list(article_ids)}
    if not wanted["these"]:
        return plan
    # An edit out of a file was stored long after it was seen.
    edited = {
        row.article_id: min(row.stored, row.fetched) for row in connection.execute(_EDITS, wanted)
    }
    for row in connection.execute(_TIMES, wanted):
        if row.gone_at is not None:
            plan[row.id] = next_look(now, gone_at=row.gone_at)
        else:
            born = edited.get(row.id) or row.published_on or row.first_seen_at
            plan[row.id] = next_visit(now, born=born)
    return plan


_TIMES = select(
    *(ARTICLES.c[name] for name in ("id", "published_on", "first_seen_at", "gone_at"))
).where(among(ARTICLES.c.id))
_EDITS = (
    select(
        VERSIONS.c.article_id,
        func.max(VERSIONS.c.created_at).label("stored"),
        func.max(VERSIONS.c.fetched_at).label("fetched"),
    )
    .where(VERSIONS.c.version > 1, VERSIONS.c.cause == "site", among(VERSIONS.c.article_id))
    .group_by(VERSIONS.c.article_id)
)
