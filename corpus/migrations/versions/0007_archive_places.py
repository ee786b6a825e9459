"""Archive places: where each page's last kept answer lies; what a run added to the archive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from corpus.columns import CleanText

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PLACE = ("warc_file", "warc_offset", "warc_length", "warc_digest")


def upgrade() -> None:
    """Add the columns; of a page that holds an article, that one's place is the last known."""
    for name in ("warc_file", "warc_digest"):
        op.add_column("pages", sa.Column(name, CleanText(), nullable=True))
    for name in ("warc_offset", "warc_length"):
        op.add_column("pages", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column(
        "runs",
        sa.Column("archive_bytes", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
    )
    op.execute(
        "UPDATE pages SET (warc_file, warc_offset, warc_length, warc_digest) = "
        "(SELECT warc_file, warc_offset, warc_length, warc_digest FROM articles "
        "WHERE articles.id = pages.article_id) WHERE state IN ('stored', 'gone')"
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_column("runs", "archive_bytes")
    for name in reversed(_PLACE):
        op.drop_column("pages", name)
