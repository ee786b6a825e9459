"""Revisions: which change of the corpus an article's row, or its removal, belongs to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from corpus.columns import RowId, UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the columns; what is there gets no revision, which is as good as 0."""
    op.create_table(
        "revisions",
        sa.Column("id", RowId, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
        sqlite_autoincrement=True,
    )
    number = sa.Column(
        "corpus_revision", sa.BigInteger(), server_default=sa.text("0"), nullable=False
    )
    op.add_column("articles", number)
    op.create_index("ix_articles_corpus_revision_id", "articles", ["corpus_revision", "id"])
    op.add_column("tombstones", sa.Column("article_id", RowId, nullable=True))
    op.add_column("tombstones", sa.Column("corpus_revision", sa.BigInteger(), nullable=True))
    op.create_index("ix_tombstones_corpus_revision", "tombstones", ["corpus_revision"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_tombstones_corpus_revision", "tombstones")
    for column in ("corpus_revision", "article_id"):
        op.drop_column("tombstones", column)
    op.drop_index("ix_articles_corpus_revision_id", "articles")
    op.drop_column("articles", "corpus_revision")
    op.drop_table("revisions")
