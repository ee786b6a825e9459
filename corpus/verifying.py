"""Verifying: does the archive hold what the database says, byte for byte? Reads only.

Each place that a row names is read once, however many rows name it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, func, select, union_all

from corpus.archive_reading import NotInArchive, read_page
from corpus.models import Article, ArticleVersion, Page, Photo, table
from corpus.storing import PLACE
from corpus.warc.building import payload_digest
from corpus.warc.captures import WarcPlace
from corpus.warc.files import open_archived
from corpus.warc.records import BadRecord, parse, unpack

ARTICLES, VERSIONS, PAGES = table(Article), table(ArticleVersion), table(Page)
PHOTOS = table(Photo)
ANSWERS = ("response", "revisit")
"""Types of records that an answer is kept as."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A place in the archive as the database has it, and an address that is kept there."""

    url: str
    file: str
    offset: int | None
    length: int | None
    digest: str | None

    @property
    def place(self) -> WarcPlace | None:
        """None where the row says no more than the file."""
        if self.offset is None or self.length is None or self.digest is None:
            return None
        return WarcPlace(self.file, self.offset, self.length, self.digest)

    def __str__(self) -> str:
        where = "" if self.offset is None else f", byte {self.offset}"
        return f"{self.url}  {self.file}{where}"


def count_kept(connection: Connection, portal: str) -> tuple[int, int]:
    """(places that rows of `portal` name, articles that name none)."""
    places = connection.execute(
        select(func.count()).select_from(_kept(portal).order_by(None).subquery())
    ).scalar_one()
    without = select(func.count()).where(
        ARTICLES.c.portal == portal, ARTICLES.c.warc_file.is_(None)
    )
    return int(places), int(connection.execute(without).scalar_one())


def kept(connection: Connection, portal: str, size: int) -> Iterator[list[Kept]]:
    """Every place that rows of `portal` name, in the order of the disk, `size` at a time."""
    found = connection.execution_options(yield_per=size).execute(_kept(portal))
    for part in found.partitions():
        yield [Kept(row.url, *(getattr(row, name) for name in PLACE)) for row in part]


def _kept(portal: str) -> Select[Any]:
    parts = []
    for held in (ARTICLES, VERSIONS, PAGES, PHOTOS):
        query = select(held.c.url, *(held.c[name] for name in PLACE)).where(
            held.c.warc_file.is_not(None)
        )
        if held is VERSIONS:
            query = query.join(ARTICLES, ARTICLES.c.id == VERSIONS.c.article_id)
            parts.append(query.where(ARTICLES.c.portal == portal))
        else:
            parts.append(query.where(held.c.portal == portal))
    named = union_all(*parts).subquery()
    columns = [named.c[name] for name in PLACE]
    query = select(func.min(named.c.url).label("url"), *columns).group_by(*columns)
    return query.order_by(named.c.warc_file, named.c.warc_offset)


def faults(directory: Path, places: Sequence[Kept]) -> list[tuple[Kept, str]]:
    """What is wrong with which of `places` below `directory` (ARCHIVE_DIR)."""
    return [(one, why) for one in places if (why := fault(directory, one)) is not None]


def fault(directory: Path, one: Kept) -> str | None:
    """Why the record is not what the row says; None where all agrees: exactly one whole gzip
    member with one answer, its block and its payload with the digests that it and the row have."""
    place = one.place
    if place is None:
        return "the row does not say where in the file"
    try:
        with open_archived(directory, place.file) as file:
            file.seek(place.offset)
            record = parse(unpack(file.read(place.length)))
        if record.type not in ANSWERS:
            return f"a {record.type or 'nameless'} record, where an answer should be"
        if record.get("WARC-Block-Digest") != payload_digest(record.block):
            return "the block has another digest than its record says"
        payload = record.http().body
        if record.type == "revisit":
            payload = read_page(directory, place).payload
        found = payload_digest(payload)
    except OSError as error:
        return error.strerror or str(error)
    except (BadRecord, NotInArchive) as error:
        return str(error)
    if found != record.get("WARC-Payload-Digest"):
        return "the payload has another digest than its record says"
    if found != place.digest:
        return "the payload has another digest than the database says"
    return None
