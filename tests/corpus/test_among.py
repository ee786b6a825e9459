"""One parameter for many values: the same rows as IN, on both databases, by an index."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from corpus.among import among
from corpus.database import Database
from corpus.models import Source, table

SOURCES = table(Source)
AT = datetime(2024, 4, 2, 12, tzinfo=UTC)
KEYS = ["politique", "l’été", 'a"b', "a\\b", "a,b", "{}", "NULL", "%s", "'; --", "😀", ""]
BY_KEY = select(SOURCES.c.key).where(among(SOURCES.c.key))


@pytest.fixture
def database(database_url, tmp_path):
    database = Database(database_url, root=tmp_path)
    with database.writing() as connection:
        for key in KEYS:
            connection.execute(SOURCES.insert().values(key=key, name=key, first_seen_at=AT))
    yield database
    database.dispose()


@pytest.mark.parametrize("wanted", [KEYS, KEYS[1:4], ["politique", "sport"], ["sport"], []])
def test_finds_what_in_finds(database, wanted):
    by_in = select(SOURCES.c.key).where(SOURCES.c.key.in_(wanted))
    with database.reading() as connection:
        expected = sorted(connection.execute(by_in).scalars())
        assert sorted(connection.execute(BY_KEY, {"these": wanted}).scalars()) == expected
        numbers = list(connection.execute(select(SOURCES.c.id)).scalars())
        by_id = select(SOURCES.c.id).where(among(SOURCES.c.id))
        given = [*numbers[:2], 2**40, -1]
        found = connection.execute(by_id, {"these": given}).scalars()
        assert sorted(found) == sorted(numbers[:2])


def test_many_thousand_values_are_one_parameter(database):
    with database.reading() as connection:
        given = {"these": [f"s{number}" for number in range(100_000)] + ["politique"]}
        assert list(connection.execute(BY_KEY, given).scalars()) == ["politique"]


def test_goes_by_the_index(sqlite_url, tmp_path):
    database = Database(sqlite_url, root=tmp_path)
    with database.reading() as connection:
        query = str(BY_KEY.compile(connection.engine)).replace("?", ":values")
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {query}"), {"values": "[]"}).all()
    assert any("(key=?)" in row.detail for row in plan), plan
    database.dispose()
