"""Events: what happens to a stored article beside its versions: it vanishes, it comes back.

Called inside the writer's transaction. `articles.gone_at` says how things stand; `article_events`
keeps each time that they turned. Applied twice, all of it leaves what once leaves: only an article
that was there can vanish, and only one that was gone can come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from corpus.models import Article, ArticleEvent, table
from corpus.revisions import new_revision
from corpus.units import parts

ARTICLES = table(Article)
EVENTS = table(ArticleEvent)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a run found of an article whose text it did not get anew."""

    article_id: int
    run_id: int | None
    reason: str | None = None
    """How the site said that the article is gone: `http_404`."""


def mark_gone(connection: Connection, sightings: Iterable[Sighting], now: datetime) -> None:
    """Note that the site does not hold these articles any more; their text stays."""
    turned = _where_gone(connection, sightings, gone=False)
    if turned:
        _turn(connection, turned, now, gone_at=now)
        _note(connection, "gone", turned, now)


def touch(connection: Connection, sightings: Iterable[Sighting], now: datetime) -> None:
    """Note that the site still shows these articles as they were (304: no body came)."""
    sightings = list(sightings)
    turned = _where_gone(connection, sightings, gone=True)
    _update(connection, sightings, {"last_seen_at": now})
    come_back(connection, turned, now)


def come_back(connection: Connection, sightings: Sequence[Sighting], now: datetime) -> None:
    """Write down that these articles, which were gone, stand again."""
    if not sightings:
        return
    _turn(connection, sightings, now, gone_at=None)
    # Why it was fetched is no reason for its being there.
    _note(connection, "back", [Sighting(s.article_id, s.run_id) for s in sightings], now)


def _where_gone(
    connection: Connection, sightings: Iterable[Sighting], *, gone: bool
) -> list[Sighting]:
    """Those of `sightings` whose article is gone so far, or is not."""
    wanted = {sighting.article_id: sighting for sighting in sightings}
    if not wanted:
        return []
    state = ARTICLES.c.gone_at.is_not(None) if gone else ARTICLES.c.gone_at.is_(None)
    return [
        wanted[article_id]
        for part in parts(wanted)
        for article_id in connection.execute(
            select(ARTICLES.c.id).where(ARTICLES.c.id.in_(part), state).order_by(ARTICLES.c.id)
        ).scalars()
    ]


def _turn(
    connection: Connection,
    sightings: Sequence[Sighting],
    now: datetime,
    *,
    gone_at: datetime | None,
) -> None:
    revision = new_revision(connection, now)
    values = {"gone_at": gone_at, "updated_at": now, "corpus_revision": revision}
    _update(connection, sightings, values)


def _update(
    connection: Connection, sightings: Sequence[Sighting], values: Mapping[str, Any]
) -> None:
    if sightings:
        connection.execute(
            update(ARTICLES).where(ARTICLES.c.id == bindparam("b_id")),
            [{"b_id": sighting.article_id, **values} for sighting in sightings],
        )


def _note(connection: Connection, event: str, sightings: list[Sighting], now: datetime) -> None:
    rows = [
        {
            "article_id": sighting.article_id,
            "event": event,
            "at": now,
            "reason": sighting.reason,
            "run_id": sighting.run_id,
        }
        for sighting in sightings
    ]
    if rows:
        connection.execute(insert(EVENTS), rows)
