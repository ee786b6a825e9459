"""What the writer asks for a batch goes by an index to the rows that it wants: a statement that
walks all pages of a portal makes each batch dearer than the one before."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, select

from corpus.discoveries import PAGES
from corpus.frontier import Discover, LookUp, Settle
from corpus.units import Context

NOW = datetime(2024, 4, 2, 12, 30, tzinfo=UTC)
GROWING = "pages|articles|article_versions|article_sections|tombstones|sources"


@pytest.fixture
def desk(make_desk, sqlite_url):
    """On SQLite: PostgreSQL plans by how many rows there are."""
    return make_desk(sqlite_url)


@pytest.fixture
def plans(desk):
    """What SQLite does for each statement from here on: (statement, plan)."""
    seen: dict[str, str] = {}

    def look(connection, cursor, statement, parameters, context, executemany):
        if statement.startswith(("SELECT", "UPDATE", "INSERT", "DELETE")):
            asked = cursor.connection.cursor()
            one = parameters[0] if executemany else parameters
            rows = asked.execute(f"EXPLAIN QUERY PLAN {statement}", one).fetchall()
            seen[statement] = "\n".join(row[-1] for row in rows)

    event.listen(desk.database.engine, "before_cursor_execute", look)
    yield seen
    event.remove(desk.database.engine, "before_cursor_execute", look)


def test_no_batch_walks_a_table_or_a_portal(desk, found, article, plans):
    numbers = range(1, 8)
    states = {1: "stored", 2: "stored", 3: "missing", 4: "stored", 5: "rejected", 6: "stored"}
    discovery = Discover("abamako", 1, [found(number) for number in numbers])
    context = Context(NOW)
    with desk.database.connect() as connection:
        for again in (False, True):
            with connection.begin():
                Discover.apply(connection, [discovery], context)
                rows = connection.execute(select(PAGES).order_by(PAGES.c.number)).all()
                units = [
                    Settle(
                        "abamako", 1, row.id, row.key, states.get(row.number, "failed"),
                        article=article(row.number, title=f"Titre {again}")
                        if states.get(row.number) == "stored" else None,
                        identity=found(9, "article") if row.number == 4 else None,
                        found=[found(20, "article")],
                    )
                    for row in rows if row.number in numbers
                ]  # fmt: skip
                Settle.apply(connection, units, context)
                gone = [Settle("abamako", 1, row.id, row.key, "gone") for row in rows[:2]]
                Settle.apply(connection, gone, context)
                LookUp.apply(connection, [LookUp("abamako", [row.key for row in rows])], context)
    assert len(plans) > 20
    own = str(select(PAGES).order_by(PAGES.c.number).compile(desk.database.engine))
    walks = [
        (statement, plan)
        for statement, plan in plans.items()
        if statement != own
        and (
            re.search(rf"SCAN ({GROWING})\b", plan)
            or re.search(rf"({GROWING}) USING (COVERING )?INDEX \w+ \(portal=\?\)", plan)
        )
    ]
    assert not walks
