"""The first tables: every column of the contract, also those that later work fills."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from corpus.columns import CleanJSON, CleanText, RowId, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, referred ones first."""
    _articles()
    _runs()
    _sections()
    _sources()
    _article_sections()
    _article_versions()
    _pages()
    _reprints()


def downgrade() -> None:
    """Drop them all."""
    for table in (
        "reprints",
        "pages",
        "article_versions",
        "article_sections",
        "sources",
        "sections",
        "runs",
        "articles",
    ):
        op.drop_table(table)


def _reading() -> list[sa.Column[Any]]:
    """The columns that an article and its versions share."""
    return [
        sa.Column("url", CleanText(), nullable=False),
        sa.Column("section", CleanText(), nullable=True),
        sa.Column("title", CleanText(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("published_precision", CleanText(), nullable=True),
        sa.Column("published_raw", CleanText(), nullable=True),
        sa.Column("updated_on", sa.Date(), nullable=True),
        sa.Column("updated_raw", CleanText(), nullable=True),
        sa.Column("source", CleanText(), nullable=True),
        sa.Column("author", CleanText(), nullable=True),
        sa.Column("agency", CleanText(), nullable=True),
        sa.Column("lead", CleanText(), nullable=True),
        sa.Column("body", CleanText(), nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("language", CleanText(), nullable=True),
        sa.Column("photo_url", CleanText(), nullable=True),
        sa.Column("photo_credit", CleanText(), nullable=True),
        sa.Column("photo_caption", CleanText(), nullable=True),
        sa.Column("truncated", sa.Boolean(), nullable=False),
        sa.Column("continues_on", CleanText(), nullable=True),
        sa.Column("comments_count", sa.Integer(), nullable=True),
        sa.Column("signs", CleanJSON(), nullable=False),
        sa.Column("flags", CleanJSON(), nullable=False),
        sa.Column("content_hash", CleanText(), nullable=False),
        sa.Column("region_hash", CleanText(), nullable=True),
        sa.Column("extractor_revision", CleanText(), nullable=True),
        sa.Column("knowledge_revision", sa.Integer(), nullable=False),
        sa.Column("run_id", RowId, nullable=True),
        sa.Column("fetched_at", UTCDateTime(), nullable=False),
        sa.Column("warc_file", CleanText(), nullable=True),
        sa.Column("warc_offset", sa.BigInteger(), nullable=True),
        sa.Column("warc_length", sa.BigInteger(), nullable=True),
        sa.Column("warc_digest", CleanText(), nullable=True),
    ]


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", RowId, nullable=False),
        sa.Column("portal", CleanText(), nullable=False),
        sa.Column("site", CleanText(), nullable=False),
        sa.Column("kind", CleanText(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("key", CleanText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", UTCDateTime(), nullable=False),
        sa.Column("last_seen_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("gone_at", UTCDateTime(), nullable=True),
        *_reading(),
        sa.CheckConstraint(
            "published_precision IN ('day', 'minute')", name="ck_articles_precision"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("portal", "key", name="uq_articles_portal_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_articles_portal_published_on", "articles", ["portal", "published_on"])
    op.create_index(
        "ix_articles_portal_site_kind_number", "articles", ["portal", "site", "kind", "number"]
    )
    op.create_index("ix_articles_section", "articles", ["section"])
    op.create_index("ix_articles_source", "articles", ["source"])
    op.create_index("ix_articles_updated_at", "articles", ["updated_at"])


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", RowId, nullable=False),
        sa.Column("portal", CleanText(), nullable=False),
        sa.Column("strategy", CleanText(), nullable=False),
        sa.Column("arguments", CleanJSON(), nullable=False),
        sa.Column("version", CleanText(), nullable=True),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("finish_reason", CleanText(), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("discovery_requests", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("article_requests", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("revisit_requests", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("stored", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("changed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("unchanged", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("stats", CleanJSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_runs_portal_started_at", "runs", ["portal", "started_at"])


def _sections() -> None:
    op.create_table(
        "sections",
        sa.Column("id", RowId, nullable=False),
        sa.Column("portal", CleanText(), nullable=False),
        sa.Column("slug", CleanText(), nullable=False),
        sa.Column("label", CleanText(), nullable=False),
        sa.Column("url", CleanText(), nullable=False),
        sa.Column("sign", CleanText(), nullable=True),
        sa.Column("state", CleanText(), nullable=False),
        sa.Column("mark", CleanJSON(), nullable=True),
        sa.Column("positions", CleanJSON(), nullable=True),
        sa.Column("last_walked_at", UTCDateTime(), nullable=True),
        sa.Column("checked_at", UTCDateTime(), nullable=True),
        sa.Column("interval", sa.Integer(), nullable=True),
        sa.Column("discovered_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sections"),
        sa.UniqueConstraint("portal", "url", name="uq_sections_portal_url"),
    )
    op.create_index("ix_sections_portal_slug", "sections", ["portal", "slug"])


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", RowId, nullable=False),
        sa.Column("name", CleanText(), nullable=False),
        sa.Column("canonical", CleanText(), nullable=True),
        sa.Column("first_seen_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("name", name="uq_sources_name"),
    )


def _article_sections() -> None:
    op.create_table(
        "article_sections",
        sa.Column("article_id", RowId, nullable=False),
        sa.Column("section", CleanText(), nullable=False),
        sa.Column("label", CleanText(), nullable=True),
        sa.Column("first_seen_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_article_sections_article_id_articles"
        ),
        sa.PrimaryKeyConstraint("article_id", "section", name="pk_article_sections"),
    )
    op.create_index(
        "ix_article_sections_section_article_id", "article_sections", ["section", "article_id"]
    )


def _article_versions() -> None:
    op.create_table(
        "article_versions",
        sa.Column("article_id", RowId, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cause", CleanText(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        *_reading(),
        sa.CheckConstraint("cause IN ('site', 'reading')", name="ck_article_versions_cause"),
        sa.CheckConstraint(
            "published_precision IN ('day', 'minute')", name="ck_article_versions_precision"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_article_versions_article_id_articles"
        ),
        sa.PrimaryKeyConstraint("article_id", "version", name="pk_article_versions"),
    )
    op.create_index("ix_article_versions_created_at", "article_versions", ["created_at"])


def _pages() -> None:
    op.create_table(
        "pages",
        sa.Column("id", RowId, nullable=False),
        sa.Column("portal", CleanText(), nullable=False),
        sa.Column("site", CleanText(), nullable=False),
        sa.Column("kind", CleanText(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("url", CleanText(), nullable=False),
        sa.Column("key", CleanText(), nullable=False),
        sa.Column("state", CleanText(), nullable=False),
        sa.Column("reason", CleanText(), nullable=True),
        sa.Column("last_result", CleanText(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("run_id", RowId, nullable=True),
        sa.Column("found_by", CleanJSON(), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=True),
        sa.Column("etag", CleanText(), nullable=True),
        sa.Column("last_modified", CleanText(), nullable=True),
        sa.Column("discovered_at", UTCDateTime(), nullable=False),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("article_id", RowId, nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'leased', 'stored', 'duplicate', 'rejected', 'quarantined', "
            "'failed', 'missing', 'gone')",
            name="ck_pages_state",
        ),
        sa.CheckConstraint(
            "state NOT IN ('stored', 'gone') OR article_id IS NOT NULL",
            name="ck_pages_stored_has_article",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_pages_article_id_articles"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pages"),
        sa.UniqueConstraint("portal", "key", name="uq_pages_portal_key"),
    )
    # Newest first; each database has its own way of putting the numberless last.
    last = " NULLS LAST" if op.get_bind().dialect.name == "postgresql" else ""
    op.create_index(
        "ix_pages_newest", "pages", ["portal", "state", sa.text("number DESC" + last), "id"]
    )
    op.create_index("ix_pages_article_id", "pages", ["article_id"])
    op.create_index(
        "ix_pages_due",
        "pages",
        ["portal", "due_at"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )


def _reprints() -> None:
    op.create_table(
        "reprints",
        sa.Column("article_id", RowId, nullable=False),
        sa.Column("original_id", RowId, nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.Column("cut", CleanJSON(), nullable=True),
        sa.Column("found_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_reprints_article_id_articles"
        ),
        sa.ForeignKeyConstraint(
            ["original_id"], ["articles.id"], name="fk_reprints_original_id_articles"
        ),
        sa.PrimaryKeyConstraint("article_id", name="pk_reprints"),
    )
    op.create_index("ix_reprints_original_id", "reprints", ["original_id"])
