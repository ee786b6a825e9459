"""Tables: which rows of each table belong to the articles that were chosen, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, or_, select, tuple_

from corpus.models import (
    ArticleEvent,
    ArticleSection,
    ArticleVersion,
    Base,
    Page,
    Photo,
    Reprint,
    Revision,
    Run,
    Section,
    Source,
    table,
)
from corpus.selection import ARTICLES

TABLES: dict[str, Table] = dict(Base.metadata.tables)
"""Every table of the corpus, by name."""
VERSIONS = table(ArticleVersion)
Chosen = Select[Any]
"""A statement over `articles` that is restricted already; it gets its columns by `with_columns`."""


def _by_article(own: Table) -> Callable[[Chosen], ColumnElement[bool]]:
    return lambda chosen: own.c.article_id.in_(chosen.with_only_columns(ARTICLES.c.id))


def _reprints(chosen: Chosen) -> ColumnElement[bool]:
    ids = chosen.with_only_columns(ARTICLES.c.id)
    own = table(Reprint)
    return own.c.article_id.in_(ids) & own.c.original_id.in_(ids)


def _sources(chosen: Chosen) -> ColumnElement[bool]:
    own = table(Source)
    names = chosen.with_only_columns(ARTICLES.c.source)
    return or_(own.c.name.in_(names), own.c.canonical.in_(names))


def _runs(chosen: Chosen) -> ColumnElement[bool]:
    """Those that fetched the articles or an earlier version of them."""
    own = table(Run)
    versions = select(VERSIONS.c.run_id).where(_by_article(VERSIONS)(chosen))
    return or_(own.c.id.in_(chosen.with_only_columns(ARTICLES.c.run_id)), own.c.id.in_(versions))


def _sections(chosen: Chosen) -> ColumnElement[bool]:
    return table(Section).c.portal.in_(chosen.with_only_columns(ARTICLES.c.portal))


def _photos(chosen: Chosen) -> ColumnElement[bool]:
    own = table(Photo)
    shown = chosen.with_only_columns(ARTICLES.c.portal, ARTICLES.c.photo_url)
    return tuple_(own.c.portal, own.c.url).in_(shown)


def _revisions(chosen: Chosen) -> ColumnElement[bool]:
    return table(Revision).c.id.in_(chosen.with_only_columns(ARTICLES.c.corpus_revision))


BELONGS: dict[str, Callable[[Chosen], ColumnElement[bool]]] = {
    "article_versions": _by_article(VERSIONS),
    "article_events": _by_article(table(ArticleEvent)),
    "article_sections": _by_article(table(ArticleSection)),
    "sources": _sources,
    "reprints": _reprints,
    "runs": _runs,
    "sections": _sections,
    "pages": _by_article(table(Page)),
    "photos": _photos,
    "revisions": _revisions,
}
"""For the tables whose rows belong to articles, which of them belong to those of a statement."""


def rows_of(name: str, chosen: Chosen | None) -> Select[Any]:
    """All rows of a table that belong to the articles `chosen` (None: all rows), by primary key;
    the columns are still to be named."""
    own = TABLES[name]
    if chosen is None:
        statement = select(own)
    elif own is ARTICLES:
        # Numbers first, from the indices of what is chosen by, then their rows in order: all in
        # one, SQLite would sort whole articles.
        ids = chosen.with_only_columns(ARTICLES.c.id).correlate(None)
        statement = select(own).where(own.c.id.in_(ids))
    else:
        statement = select(own).where(BELONGS[name](chosen))
    return statement.order_by(*own.primary_key.columns)
