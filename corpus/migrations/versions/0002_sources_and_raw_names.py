"""Sources by key, kind and country; the source and the byline as the page writes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from corpus.columns import CleanText
from corpus.source_keys import source_key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_READINGS = ("articles", "article_versions")


def upgrade() -> None:
    """Add the columns; spellings of one source become one row, the first seen."""
    for table in _READINGS:
        for column in ("source_raw", "byline_raw"):
            op.add_column(table, sa.Column(column, CleanText(), nullable=True))
        named = sa.table(table, sa.column("source"), sa.column("source_raw"))
        op.execute(sa.update(named).values(source_raw=named.c.source))
    for column in ("key", "kind", "country"):
        op.add_column("sources", sa.Column(column, CleanText(), nullable=True))
    _merge_spellings()
    with op.batch_alter_table("sources") as batch:
        batch.alter_column("key", existing_type=CleanText(), nullable=False)
        batch.create_unique_constraint("uq_sources_key", ["key"])


def downgrade() -> None:
    """Drop the columns. Merged spellings stay merged."""
    with op.batch_alter_table("sources") as batch:
        batch.drop_constraint("uq_sources_key", type_="unique")
        for column in ("key", "kind", "country"):
            batch.drop_column(column)
    for table in _READINGS:
        for column in ("source_raw", "byline_raw"):
            op.drop_column(table, column)


def _merge_spellings() -> None:
    connection = op.get_bind()
    sources = sa.table("sources", sa.column("id"), sa.column("name"), sa.column("key"))
    articles = sa.table("articles", sa.column("source"))
    first: dict[str, str] = {}
    for row in connection.execute(sa.select(sources).order_by(sources.c.id)).all():
        key = source_key(row.name)
        if key in first:
            connection.execute(
                sa.update(articles).where(articles.c.source == row.name), {"source": first[key]}
            )
            connection.execute(sa.delete(sources).where(sources.c.id == row.id))
        else:
            first[key] = row.name
            connection.execute(sa.update(sources).where(sources.c.id == row.id), {"key": key})
