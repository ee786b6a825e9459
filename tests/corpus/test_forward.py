"""From every earlier revision to today's, with a row in each of its tables; also when killed."""

from __future__ import annotations

import signal
from datetime import date, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Boolean, Date, DateTime, Float, Integer, MetaData, select
from sqlalchemy.types import JSON

from corpus import schema
from corpus.database import Database
from corpus.models import Base
from corpus.problems import InTheWay, OlderSchema
from tests.commands import forked
from tests.corpus.dying_migration import migrate_until

REVISIONS = [*reversed(schema._revisions())][:-1]
WHEN = datetime(2024, 4, 2, 12, 30)  # noqa: DTZ001  written as it stands in the tables
VALUES = {
    ("articles", "published_precision"): "day",
    ("article_versions", "published_precision"): "day",
    ("article_versions", "cause"): "site",
    ("article_events", "event"): "gone",
    ("pages", "state"): "stored",
    ("photos", "state"): "stored",
    ("number_ranges", "state"): "wanted",
    ("reprints", "article_id"): 2,
}
"""What a CHECK or a foreign key wants; else a value of the column's type."""

DIES_AT = {"0001": ("0002", schema.head()), "0004": ("0005", "0008"), "0008": ("0009",)}
"""From that revision the migration is first killed when it has reached each of these."""


def at(database: Database, revision: str) -> None:
    """Make the tables of `revision`, with two articles and a row in each other table."""
    with database.engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        found = MetaData()
        found.reflect(connection)
        for table in found.sorted_tables:
            if table.name != "alembic_version":
                for number in (1, 2) if table.name == "articles" else (1,):
                    row = {c.name: value(table.name, c, number) for c in table.columns}
                    connection.execute(table.insert().values(row))
    database.dispose()


def value(table, column, number):
    if (table, column.name) in VALUES:
        return VALUES[table, column.name]
    match column.type:
        case Boolean():
            return False
        case Date():
            return date(2024, 4, 1)
        case DateTime():
            return None if column.name == "gone_at" else WHEN
        case Integer() | Float():
            return number
        case JSON():
            return ["x"]
    # SQLite reflects JSON as it does, and text as it is.
    return f"{column.name} {number}"


def rows(database: Database) -> dict[str, int]:
    """Table → rows."""
    found = MetaData()
    with database.reading() as connection:
        found.reflect(connection)
        return {
            table.name: len(connection.execute(select(table)).all())
            for table in found.sorted_tables
            if table.name not in ("alembic_version", "alembic_tmp")
        }


def is_todays(database: Database) -> bool:
    """Whether the tables are those of the models, and the views answer."""
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [d for d in compare_metadata(context, Base.metadata)
                       if "ix_pages_newest" not in str(d)]  # fmt: skip
        assert connection.exec_driver_sql("select count(*) from versions").scalar() == 1
        assert connection.exec_driver_sql("select sum(articles) from coverage").scalar() == 2
    return differences == []


def fresh(request, tmp_path, dialect: str, name: str) -> Database:
    """A new empty database."""
    if dialect == "sqlite":
        return Database(f"sqlite:///{tmp_path / name}.db", root=tmp_path)
    return Database(request.getfixturevalue("postgres").create_database(empty=True), root=tmp_path)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize("revision", REVISIONS)
def test_corpus_of_any_revision_comes_to_todays_also_after_a_kill(
    request, tmp_path, dialect, revision
):
    database = fresh(request, tmp_path, dialect, revision)
    at(database, revision)
    before = rows(database)
    assert before["articles"] == 2
    assert database.behind() == revision
    for last in DIES_AT.get(revision, ()):
        url = database.url.render_as_string(hide_password=False)
        dying = forked(migrate_until, url, str(tmp_path), last)
        dying.join(60)
        assert dying.exitcode == -signal.SIGKILL
        # Nothing of it is there.
        assert rows(database) == before
        with pytest.raises(OlderSchema):
            database.prepare()
    database.dispose()
    told = []
    assert database.migrate(lambda number, what: told.append((number, what))) == (
        revision,
        schema.head(),
    )
    assert [number for number, _ in told] == [*REVISIONS, schema.head()][
        REVISIONS.index(revision) + 1 :
    ]
    assert all(what for _, what in told)
    after = rows(database)
    assert {name: after[name] for name in before} == before
    assert is_todays(database)
    database.prepare()
    assert database.migrate() == (schema.head(), schema.head())
    database.dispose()


def test_view_of_somebodys_own_is_never_dropped(database_url, tmp_path):
    database = Database(database_url, root=tmp_path)
    at(database, "0004")
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE VIEW mine AS SELECT title FROM articles")
    database.migrate()
    with database.writing() as connection:
        assert len(connection.exec_driver_sql("SELECT * FROM mine").all()) == 2
        connection.exec_driver_sql("CREATE VIEW deeper AS SELECT change FROM versions")
        config = schema._config()
        config.attributes["connection"] = connection
        if database.dialect == "sqlite":
            command.downgrade(config, "0010")
    if database.dialect == "postgresql":
        # There a view cannot stand on nothing: the migration says what is in its way.
        with database.problems(), database.writing() as connection:
            config.attributes["connection"] = connection
            with pytest.raises(InTheWay, match="deeper"), database.problems():
                command.downgrade(config, "0010")
            connection.rollback()
    else:
        database.migrate()
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT * FROM deeper").all() == [("first",)]
    database.dispose()
