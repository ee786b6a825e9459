"""Events: each time an article vanished or came back; the edits among the versions, by time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from corpus.columns import CleanText, RowId, UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_EDITS = sa.text("cause = 'site' AND version > 1")


def upgrade() -> None:
    """Create table and index; what is gone now gets the event that is known of it."""
    op.create_table(
        "article_events",
        sa.Column("id", RowId, nullable=False),
        sa.Column("article_id", RowId, nullable=False),
        sa.Column("event", CleanText(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("reason", CleanText(), nullable=True),
        sa.Column("run_id", RowId, nullable=True),
        sa.CheckConstraint("event IN ('gone', 'back')", name="ck_article_events_event"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_article_events_article_id_articles"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_article_events"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_article_events_article_id", "article_events", ["article_id"])
    op.create_index(
        "ix_article_versions_edits",
        "article_versions",
        ["fetched_at", "article_id", "version"],
        sqlite_where=_EDITS,
        postgresql_where=_EDITS,
    )
    op.execute(
        "INSERT INTO article_events (article_id, event, at) "
        "SELECT id, 'gone', gone_at FROM articles WHERE gone_at IS NOT NULL ORDER BY gone_at, id"
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_article_versions_edits", "article_versions")
    op.drop_table("article_events")
