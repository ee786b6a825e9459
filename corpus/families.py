"""Families of reprints: an original and the articles that repeat it, as `scrapy reprints` shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, or_, select

from corpus.models import Article, Reprint, table

ARTICLES, REPRINTS = table(Article), table(Reprint)
SHOWN: Final = ("id", "portal", "published_on", "source", "agency", "title", "url")
"""Columns of a member."""


def largest(
    connection: Connection, conditions: Sequence[ColumnElement[bool]], limit: int
) -> list[dict[str, Any]]:
    """The families with most reprints whose original meets `conditions`: the columns `SHOWN` of the
    original, `reprints`, `portals` (of reprints) and `last_on`, the day of the latest."""
    copies = ARTICLES.alias("copies")
    counts = (
        select(
            REPRINTS.c.original_id,
            func.count().label("reprints"),
            func.count(copies.c.portal.distinct()).label("portals"),
            func.max(copies.c.published_on).label("last_on"),
        )
        .join(copies, copies.c.id == REPRINTS.c.article_id)
        .group_by(REPRINTS.c.original_id)
        .subquery()
    )
    query = (
        select(*(ARTICLES.c[name] for name in SHOWN), counts.c.reprints, counts.c.portals,
               counts.c.last_on)
        .join(counts, counts.c.original_id == ARTICLES.c.id)
        .where(*conditions)
        .order_by(counts.c.reprints.desc(), ARTICLES.c.published_on.desc(), ARTICLES.c.id)
        .limit(limit)
    )  # fmt: skip
    return [dict(row) for row in connection.execute(query).mappings()]


def members(connection: Connection, originals: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Original → its reprints in order of their days: `SHOWN`, `similarity` and `cut`."""
    found: dict[int, list[dict[str, Any]]] = {original: [] for original in originals}
    query = (
        select(REPRINTS.c.original_id, *(ARTICLES.c[name] for name in SHOWN),
               REPRINTS.c.similarity, REPRINTS.c.cut)
        .join(ARTICLES, ARTICLES.c.id == REPRINTS.c.article_id)
        .where(REPRINTS.c.original_id.in_(originals))
        .order_by(ARTICLES.c.published_on, ARTICLES.c.id)
    )  # fmt: skip
    for row in connection.execute(query).mappings():
        member = dict(row)
        found[member.pop("original_id")].append(member)
    return found


def family_of(connection: Connection, portal: str, key: str) -> Mapping[str, Any] | None:
    """The original of the family that an article is in, by the article's identity, as in `largest`;
    None where it is in none."""
    own = select(ARTICLES.c.id).where(ARTICLES.c.portal == portal, ARTICLES.c.key == key)
    linked = select(REPRINTS.c.original_id).where(
        or_(REPRINTS.c.article_id.in_(own), REPRINTS.c.original_id.in_(own))
    )
    found = largest(connection, [ARTICLES.c.id.in_(linked)], 1)
    return found[0] if found else None
