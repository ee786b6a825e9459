"""Tombstones: addresses that were taken down and are never fetched again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from corpus.columns import CleanText, RowId, UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "tombstones",
        sa.Column("id", RowId, nullable=False),
        sa.Column("portal", CleanText(), nullable=False),
        sa.Column("key", CleanText(), nullable=False),
        sa.Column("url", CleanText(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("forgotten_at", UTCDateTime(), nullable=False),
        sa.Column("erased_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tombstones"),
        sa.UniqueConstraint("portal", "key", name="uq_tombstones_portal_key"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("tombstones")
