"""The role `titrologue_reader` of a PostgreSQL server: it may read the corpus, and nothing else.

`scrapy migrate` makes it where the login may, and `scrapy sql` takes it on; people who only ask can
be made members of it. Roles belong to the whole server, so several corpora share this one.
"""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from corpus.models import Base
from corpus.problems import one_line
from corpus.views import VIEWS

READER = "titrologue_reader"


def make_reader(connection: Connection) -> str | None:
    """Make the role if it is not there, and give it what it needs to read the newest tables.

    Return None where it is ready (or the database is SQLite), else one line that says what is
    missing and what an administrator would do.
    """
    if connection.dialect.name != "postgresql":
        return None
    schema, login = connection.execute(
        text("SELECT quote_ident(current_schema()), quote_ident(current_user)")
    ).one()
    known = text("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = :reader")
    member = text("SELECT pg_has_role(current_user, :reader, 'MEMBER')")
    try:
        if not connection.execute(known, {"reader": READER}).scalar():
            _try(connection, f"CREATE ROLE {READER} NOLOGIN")
        if not connection.execute(member, {"reader": READER}).scalar():
            _try(connection, f"GRANT {READER} TO {login}")
        names = [*Base.metadata.tables, *(view.name for view in VIEWS), "alembic_version"]
        _try(
            connection,
            f"GRANT USAGE ON SCHEMA {schema} TO {READER}",
            f"GRANT SELECT ON {', '.join(names)} TO {READER}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {READER}",
        )
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return (
            f"the role {READER} is not ready: {one_line(error)}; until it is, scrapy sql reads "
            f"with the login's own rights. A superuser's part: CREATE ROLE {READER} NOLOGIN; "
            f"GRANT {READER} TO {login}; then run scrapy migrate again"
        )
    return None


def _try(connection: Connection, *statements: str) -> None:
    """Run them, all or none; a refusal leaves the transaction as it was."""
    with connection.begin_nested():
        for statement in statements:
            connection.execute(text(statement))
