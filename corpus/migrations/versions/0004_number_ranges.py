"""Ranges of article numbers that were passed over or are wanted, and pages by number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from corpus.columns import CleanText, RowId, UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and the index."""
    op.create_table(
        "number_ranges",
        sa.Column("id", RowId, nullable=False),
        sa.Column("portal", CleanText(), nullable=False),
        sa.Column("site", CleanText(), nullable=False),
        sa.Column("kind", CleanText(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("state", CleanText(), nullable=False),
        sa.Column("noted_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('skimmed', 'wanted')", name="ck_number_ranges_state"),
        sa.CheckConstraint("first >= 1 AND first <= last", name="ck_number_ranges_order"),
        sa.PrimaryKeyConstraint("id", name="pk_number_ranges"),
    )
    op.create_index("ix_number_ranges_series", "number_ranges", ["portal", "site", "kind", "first"])
    op.create_index("ix_pages_series", "pages", ["portal", "site", "kind", "number"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_pages_series", "pages")
    op.drop_table("number_ranges")
