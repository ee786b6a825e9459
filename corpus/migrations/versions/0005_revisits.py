"""Revisits: an index of what is due by state, every held article with a plan; validators of
listings and feeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from corpus.columns import CleanText

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and index; articles without a plan are due at once, so that their first revisit
    makes one."""
    op.add_column("sections", sa.Column("etag", CleanText(), nullable=True))
    op.add_column("sections", sa.Column("last_modified", CleanText(), nullable=True))
    op.add_column(
        "sections",
        sa.Column("walks", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.execute(
        "UPDATE pages SET due_at = coalesce(settled_at, discovered_at) "
        "WHERE state IN ('stored', 'gone') AND due_at IS NULL"
    )
    _index_due("portal", "state", "due_at", "settled_at")


def downgrade() -> None:
    """Drop them, and the plans: an older version would carry them out in any crawl."""
    op.execute("UPDATE pages SET due_at = NULL WHERE state IN ('stored', 'gone')")
    _index_due("portal", "due_at")
    with op.batch_alter_table("sections") as batch:
        for column in ("walks", "last_modified", "etag"):
            batch.drop_column(column)


def _index_due(*columns: str) -> None:
    op.drop_index("ix_pages_due", "pages")
    where = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_pages_due", "pages", list(columns), sqlite_where=where, postgresql_where=where
    )
