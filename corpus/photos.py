"""Photos: units that say which photos of articles are to be fetched, and what became of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import Connection, and_, or_, select

from corpus.models import Article, Photo, table
from corpus.units import Context
from corpus.warc.captures import Capture, WarcPlace

ARTICLES = table(Article)
PHOTOS = table(Photo)
TRIES = 3
"""Fetches of a photo that may fail, each in a run of its own, before it is left alone."""
AGAIN_AFTER = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class WantedPhoto:
    """A photo that an article shows and that was not fetched yet."""

    article_id: int
    url: str
    credit: str | None


@dataclass(slots=True)
class PhotosWanted:
    """The next photos to fetch, the newest articles first. Result: a list of `WantedPhoto`, at the
    most `want`, shorter where there are no more."""

    portal: str
    run_id: int | None
    """Only of articles that this run stored; None for all."""
    below: int | None
    """Only of articles with a smaller id; None from the newest on."""
    above: int
    """Only of articles with a larger id."""
    want: int
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[PhotosWanted], context: Context
    ) -> list[list[WantedPhoto]]:
        """Look them up."""
        return [unit._apply(connection, context.now) for unit in units]

    def _apply(self, connection: Connection, now: datetime) -> list[WantedPhoto]:
        known = and_(PHOTOS.c.portal == ARTICLES.c.portal, PHOTOS.c.url == ARTICLES.c.photo_url)
        again = and_(
            PHOTOS.c.state == "failed",
            PHOTOS.c.attempts < TRIES,
            PHOTOS.c.fetched_at < now - AGAIN_AFTER,
        )
        query = (
            select(ARTICLES.c.id, ARTICLES.c.photo_url, ARTICLES.c.photo_credit)
            .select_from(ARTICLES.outerjoin(PHOTOS, known))
            .where(
                ARTICLES.c.portal == self.portal,
                ARTICLES.c.photo_url.is_not(None),
                ARTICLES.c.id > self.above,
                or_(PHOTOS.c.id.is_(None), again),
            )
            .order_by(ARTICLES.c.id.desc())
            .limit(self.want)
        )
        if self.below is not None:
            query = query.where(ARTICLES.c.id < self.below)
        if self.run_id is not None:
            query = query.where(ARTICLES.c.run_id == self.run_id)
        return [WantedPhoto(*row) for row in connection.execute(query)]


@dataclass(slots=True)
class SettlePhoto:
    """What became of one photo. Result: None. A photo stored before is not touched."""

    portal: str
    run_id: int | None
    url: str
    state: str
    reason: str | None
    credit: str | None
    fetched_at: datetime
    final_url: str | None = None
    media_type: str | None = None
    width: int | None = None
    height: int | None = None
    size: int | None = None
    answers: Sequence[Capture] = field(default_factory=list)
    held: WarcPlace | None = None
    place: WarcPlace | None = None
    archived: bool = False
    hungry: ClassVar[bool] = False

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[SettlePhoto], context: Context
    ) -> list[None]:
        """Insert each, or write over an earlier failure."""
        for unit in units:
            unit._apply(connection)
        return [None] * len(units)

    def _apply(self, connection: Connection) -> None:
        here = and_(PHOTOS.c.portal == self.portal, PHOTOS.c.url == self.url)
        known = connection.execute(select(PHOTOS.c.id, PHOTOS.c.attempts).where(here)).first()
        place = self.place
        values = {
            "state": self.state,
            "reason": self.reason,
            "attempts": (known.attempts if known else 0) + (self.state == "failed"),
            "credit": self.credit,
            "final_url": self.final_url,
            "media_type": self.media_type,
            "width": self.width,
            "height": self.height,
            "size": self.size,
            "run_id": self.run_id,
            "fetched_at": self.fetched_at,
            "warc_file": place and place.file,
            "warc_offset": place and place.offset,
            "warc_length": place and place.length,
            "warc_digest": place and place.digest,
        }
        if known is None:
            connection.execute(PHOTOS.insert().values(portal=self.portal, url=self.url, **values))
        else:
            connection.execute(PHOTOS.update().where(PHOTOS.c.id == known.id).values(**values))
