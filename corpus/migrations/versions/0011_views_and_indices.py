"""Views of what is derived (`corpus/views.py`), and indices for what users ask."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_COVERAGE = ("portal", "published_on", "section", "word_count", "source", "author")
_LONGEST_NAME = 300


def upgrade() -> None:
    """Replace three indices by wider ones, add two. A name too long for an index is cut."""
    articles = sa.table("articles", sa.column("author"))
    op.execute(
        sa.update(articles)
        .values(author=sa.func.substr(articles.c.author, 1, _LONGEST_NAME))
        .where(sa.func.length(articles.c.author) > _LONGEST_NAME)
    )
    op.drop_index("ix_articles_portal_published_on", "articles")
    op.create_index("ix_articles_coverage", "articles", [*_COVERAGE])
    for column in ("section", "source"):
        op.drop_index(f"ix_articles_{column}", "articles")
        op.create_index(f"ix_articles_{column}", "articles", [column, "published_on"])
    signed = sa.text("author IS NOT NULL")
    op.create_index(
        "ix_articles_author", "articles", ["author"], sqlite_where=signed, postgresql_where=signed
    )
    op.create_index("ix_articles_url", "articles", ["url"])


def downgrade() -> None:
    """Put the narrower ones back."""
    op.drop_index("ix_articles_url", "articles")
    op.drop_index("ix_articles_author", "articles")
    for column in ("section", "source"):
        op.drop_index(f"ix_articles_{column}", "articles")
        op.create_index(f"ix_articles_{column}", "articles", [column])
    op.drop_index("ix_articles_coverage", "articles")
    op.create_index("ix_articles_portal_published_on", "articles", ["portal", "published_on"])
