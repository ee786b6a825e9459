"""Which revision a database has, and how it gets the newest: Alembic, run from the program.

Creation and every upgrade are one transaction under one lock, so two processes that start
together, or a kill half-way, leave either the old tables or the new ones.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from corpus.problems import NewerSchema, NotACorpus, OlderSchema

# Any fixed number will do; it is ours among a server's advisory locks.
_MIGRATION_LOCK = 0x7469_7472_6F6C_6F67


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    return config


@cache
def _revisions() -> tuple[str, ...]:
    """All known revisions, newest first."""
    script = ScriptDirectory.from_config(_config())
    return tuple(revision.revision for revision in script.walk_revisions())


def head() -> str:
    """The revision this code works with."""
    return _revisions()[0]


def current(connection: Connection) -> str | None:
    """The revision of the database; None where it has no tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def check_schema(connection: Connection, display: str, *, older_is_fine: bool = False) -> bool:
    """Return True where the database is empty, False where its tables are this code's.

    Raises `OlderSchema`, `NewerSchema` or `NotACorpus`.
    """
    revision = current(connection)
    if revision is None:
        strangers = inspect(connection).get_table_names()
        if set(strangers) - {"alembic_version", "spatial_ref_sys"}:
            raise NotACorpus(
                f"database {display} holds other tables ({', '.join(sorted(strangers)[:3])}) "
                "and no corpus; set CORPUS_URL to a database of its own"
            )
        return True
    if revision not in _revisions():
        raise NewerSchema(
            f"database {display} has revision {revision}, newer than this titrologue "
            f"({head()}); update titrologue"
        )
    if revision != head() and not older_is_fine:
        raise OlderSchema(
            f"database {display} has revision {revision}, this titrologue needs {head()}; "
            "run `scrapy migrate`"
        )
    return False


def behind(connection: Connection) -> str | None:
    """The revision of a corpus that is older than this code and holds something; else None."""
    revision = current(connection)
    if revision is None or revision == head():
        return None
    held = text("SELECT EXISTS (SELECT 1 FROM pages) OR EXISTS (SELECT 1 FROM articles)")
    return revision if connection.execute(held).scalar() else None


Told = Callable[[str, str], None]
"""Hears each revision that was reached, and the first line of what it is."""


def upgrade(engine: Engine, told: Told | None = None) -> tuple[str | None, str]:
    """Bring the database to the newest revision. Return (revision before, revision now)."""
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # A batch migration rebuilds tables, which foreign keys would forbid. The switch has
            # no effect inside a transaction, so it goes past SQLAlchemy.
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            # And a view of the user's own, on a table that is being rebuilt, is no concern of ours.
            connection.connection.cursor().execute("PRAGMA legacy_alter_table=ON")
        with connection.begin():
            if not sqlite:
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK}
                )
            before = current(connection)
            config = _config()
            config.attributes["connection"] = connection
            config.attributes["told"] = told
            command.upgrade(config, "head")
            if sqlite:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"the migration broke foreign keys: {broken[:3]}")
            return before, current(connection) or ""
