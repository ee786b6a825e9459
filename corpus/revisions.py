"""Revisions: one number for each transaction that changed articles.

What is derived from the articles (search index, signatures, exports) notes the revision it has come
to and asks only for what changed since. A number alone would not do: on PostgreSQL transactions end
in another order than they began, and the lower number may show later than the higher one.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, text

from corpus.database import Database
from corpus.models import Revision, table

REVISIONS = table(Revision)
# Any fixed number will do; it is ours among a server's advisory locks.
_LOCK = 0x7469_7472_7265_7673


def new_revision(connection: Connection, now: datetime) -> int:
    """The number of what this transaction is about to change; higher than any settled one.

    Taken in the transaction of the change itself.
    """
    if connection.dialect.name == "postgresql":
        return int(connection.execute(_LOCKED, {"made_at": now}).scalar_one())
    return int(connection.execute(_PLAIN, {"made_at": now}).scalar_one())


_PLAIN = insert(REVISIONS).returning(REVISIONS.c.id)
# Shared: writers do not wait for each other, only for a look at how far all of them are. What is
# selected from is there before the number is drawn, so the number is never older than the lock.
_LOCKED = _PLAIN.from_select(
    ["made_at"],
    select(bindparam("made_at", type_=REVISIONS.c.made_at.type)).select_from(
        func.pg_advisory_xact_lock_shared(_LOCK).table_valued("held")
    ),
)
NEW_REVISION = _LOCKED.cte("revision")
"""On PostgreSQL, to draw a number within another statement; its parameter is `made_at`."""


def settled_revision(database: Database, *, patience: float = 3.0) -> int:
    """The highest revision below which nothing more will appear: what a transaction that begins
    after this reads is all that changed up to it. 0 for a corpus without any.

    Waits for transactions under way, some milliseconds. Raises a `DatabaseProblem` where one takes
    longer than `patience` seconds: writers that begin meanwhile wait behind us.
    """
    newest = select(func.coalesce(func.max(REVISIONS.c.id), 0))
    with database.problems(), database.reading() as connection:
        if connection.dialect.name == "sqlite":
            return int(connection.execute(newest).scalar_one())
        connection.execute(text(f"SET LOCAL lock_timeout = {int(patience * 1000)}"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        return int(connection.execute(newest).scalar_one())


def made_at(connection: Connection, revision: int) -> datetime | None:
    """When `revision` was made. What is derived notes it beside the number: where the two no more
    agree, the database was restored or replaced, and what was derived is of another one."""
    query = select(REVISIONS.c.made_at).where(REVISIONS.c.id == revision)
    found: datetime | None = connection.execute(query).scalar()
    return found
