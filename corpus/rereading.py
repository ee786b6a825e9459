"""Rereading: an archived page read again, set against the article that we hold of it.

The page is the same, so what differs is our reading alone: a version with cause `reading`. Nothing
says that the site was visited: times, `gone_at`, the page's state and its plan stay as they are.
What is read as before leaves the versions alone; its row then only names who read it last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, ClassVar, Final

from sqlalchemy import Connection, bindparam, select, update

from corpus.among import among
from corpus.columns import clean_text
from corpus.models import Reading
from corpus.sources import name_sources
from corpus.storing import (
    ARTICLES,
    PLACE,
    READING,
    StoredArticle,
    add_sections,
    reading_values,
    update_articles,
)
from corpus.units import Context, parts
from corpus.worse import FLAG, keep_better

_FETCH: Final = ("url", "run_id", "fetched_at", *PLACE)
"""Columns of a reading that say how the page came; they stay."""
STAMP: Final = ("signs", "flags", "region_hash", "extractor_revision", "knowledge_revision")
"""Columns of an article that say how it was last read; written without a version."""
COMPARED: Final = tuple(
    name
    for name in Reading.__annotations__
    if name not in {*_FETCH, *STAMP, "content_hash"} or name == "flags"
)
"""Columns of which another value is a version."""
_FIELDS: Final = tuple(name for name in COMPARED if name != "flags")
_fields = itemgetter(*_FIELDS)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A reading beside the one that is held."""

    values: dict[str, Any]
    """The columns as they are to be."""
    differing: tuple[str, ...]
    """Names of `COMPARED` that are to change."""
    held_back: tuple[str, ...]
    """Fields that the new reading has worse, so that the held value stays."""

    def stamp(self, held: Mapping[str, Any]) -> dict[str, Any] | None:
        """`STAMP` as it is to be; None where the row has all of that already."""
        stamp = {name: self.values[name] for name in STAMP}
        return None if all(held[name] == stamp[name] for name in STAMP) else stamp


def compare(held: Mapping[str, Any], article: StoredArticle, *, accept_worse: bool) -> Comparison:
    """Set the reading `article` of a page against the row that holds the one before."""
    # What is equal to the held value is as clean as that; and most is.
    new = {
        name: value if value == held[name] else clean_text(value)
        for name, value in reading_values(article).items()
    }
    new |= {name: held[name] for name in _FETCH}
    worse: list[str] = []
    differing: tuple[str, ...] = ()
    if _fields(held) != _fields(new):  # else, as mostly, none can be worse
        if not accept_worse:
            new, worse = keep_better(held, new, same_region=True)
        differing = tuple(name for name in _FIELDS if held[name] != new[name])
    if {*held["flags"]} - {FLAG} != {*new["flags"]} - {FLAG}:
        differing = (*differing, "flags")
    return Comparison(new, differing, tuple(worse))


def held_articles(connection: Connection, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """The rows of articles by id, with the columns that `compare` asks for."""
    rows = connection.execute(_HELD, {"these": list(ids)}).all()
    return {row.id: dict(zip(_HELD_NAMES, row, strict=True)) for row in rows}


_HELD_NAMES: Final = ("id", "portal", "key", "version", *READING)
_HELD = select(*(ARTICLES.c[name] for name in _HELD_NAMES)).where(among(ARTICLES.c.id))


@dataclass(slots=True)
class Reread:
    """An article read again, and otherwise. Result: names of the columns that changed."""

    article_id: int
    reading: StoredArticle
    accept_worse: bool
    hungry: ClassVar[bool] = False

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[Reread], context: Context
    ) -> list[tuple[str, ...]]:
        """Write a batch of different articles. Applied twice, the second time finds no change."""
        name_sources(connection, [unit.reading for unit in units], context.now)
        held = held_articles(connection, [unit.article_id for unit in units])
        stamped: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        results: list[tuple[str, ...]] = []
        for unit in units:
            row = held[unit.article_id]
            found = compare(row, unit.reading, accept_worse=unit.accept_worse)
            results.append(found.differing)
            if found.differing:
                changed.append(
                    found.values
                    | {"b_id": row["id"], "version": row["version"] + 1, "cause": "reading"}
                )
            elif stamp := found.stamp(row):
                stamped.append(stamp | {"b_id": row["id"]})
        update_articles(connection, stamped, changed, context.now)
        sections = [(u.article_id, u.reading.section_slug, u.reading.section) for u in units]
        add_sections(connection, [(n, s, t) for n, s, t in sections if s], context.now)
        return results


@dataclass(slots=True)
class Stamp:
    """Articles that were read again, and as before. Result: their number."""

    extractor_revision: str
    knowledge_revision: int
    ids: Sequence[int]
    """Articles of which no more than the revisions is new."""
    stamps: Sequence[tuple[int, dict[str, Any]]]
    """(article, all of `STAMP`) of the others."""
    hungry: ClassVar[bool] = False

    @classmethod
    def apply(cls, connection: Connection, units: Sequence[Stamp], context: Context) -> list[int]:
        """Write who read them last."""
        by_id = update(ARTICLES).where(ARTICLES.c.id == bindparam("b_id"))
        rows = [{"b_id": n, **stamp} for unit in units for n, stamp in unit.stamps]
        if rows:
            connection.execute(by_id, rows)
        for unit in units:
            for part in parts(unit.ids):
                connection.execute(
                    update(ARTICLES).where(ARTICLES.c.id.in_(part)),
                    {
                        "extractor_revision": unit.extractor_revision,
                        "knowledge_revision": unit.knowledge_revision,
                    },
                )
        return [len(unit.ids) + len(unit.stamps) for unit in units]
