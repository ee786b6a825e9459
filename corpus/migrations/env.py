"""Alembic's entry: runs the migrations on the connection and in the transaction handed to it."""

from __future__ import annotations

import logging

from alembic import context

from corpus.models import Base
from corpus.schema import head
from corpus.views import create_views, drop_views

# «Context impl SQLiteImpl» is no news for a crawl's log.
logging.getLogger("alembic").setLevel(logging.WARNING)

connection = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("run migrations with `scrapy migrate`, which hands the connection over")
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    drop_views(connection)
    context.run_migrations()
    if context.get_context().get_current_revision() == head():
        create_views(connection)
