"""Photos: what became of each photo that articles show."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from corpus.columns import CleanText, RowId, UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TEXTS = ("reason", "credit", "final_url", "media_type", "warc_file", "warc_digest")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "photos",
        sa.Column("id", RowId, nullable=False),
        *(sa.Column(name, CleanText(), nullable=False) for name in ("portal", "url", "state")),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        *(sa.Column(name, CleanText(), nullable=True) for name in _TEXTS),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("width", "height", "size")),
        sa.Column("run_id", RowId, nullable=True),
        sa.Column("fetched_at", UTCDateTime(), nullable=False),
        sa.Column("warc_offset", sa.BigInteger(), nullable=True),
        sa.Column("warc_length", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('stored', 'failed', 'rejected')", name="ck_photos_state"),
        sa.PrimaryKeyConstraint("id", name="pk_photos"),
        sa.UniqueConstraint("portal", "url", name="uq_photos_portal_url"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("photos")
