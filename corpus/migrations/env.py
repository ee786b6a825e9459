"""Alembic's entry: runs the migrations on the connection and in the transaction handed to it."""

from __future__ import annotations

import logging

from alembic import context
from alembic.runtime.migration import MigrationInfo
from alembic.script import Script

from corpus.models import Base
from corpus.schema import head
from corpus.views import create_views, drop_views

# «Context impl SQLiteImpl» is no news for a crawl's log.
logging.getLogger("alembic").setLevel(logging.WARNING)

connection = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("run migrations with `scrapy migrate`, which hands the connection over")
told = context.config.attributes.get("told")


def _tell(step: MigrationInfo) -> None:
    revision = step.up_revision
    if told is not None and step.is_upgrade and isinstance(revision, Script):
        told(revision.revision, revision.doc)


context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    on_version_apply=lambda *, step, **_: _tell(step),
)
with context.begin_transaction():
    drop_views(connection)
    context.run_migrations()
    if context.get_context().get_current_revision() == head():
        create_views(connection)
