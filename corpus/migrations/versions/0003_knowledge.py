"""Knowledge: what was learned of each portal, numbered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from corpus.columns import CleanJSON, CleanText, RowId, UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "knowledge",
        sa.Column("revision", RowId, nullable=False),
        sa.Column("portal", CleanText(), nullable=False),
        sa.Column("learned_at", UTCDateTime(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("template_lines", CleanJSON(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name="pk_knowledge"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_knowledge_portal", "knowledge", ["portal"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("knowledge")
