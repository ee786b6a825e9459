"""Bulk writing leaves in either database exactly what SQLAlchemy's own way leaves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from corpus.bulk import insert_new, insert_rows, update_rows
from corpus.database import Database
from corpus.models import Article, ArticleSection, table

ARTICLES, SECTIONS = table(Article), table(ArticleSection)
AT = datetime(2024, 4, 2, 12, 30, 0, 5, tzinfo=UTC)
HOSTILE = [
    "",
    "’«œ»\u2028",
    "a\x00b",
    "\ud83d\ude00 \ud83d",
    "'; DROP TABLE articles --",
    "%(x)s ?",
]


def row(number: int, **more) -> dict:
    values = {
        "id": number, "portal": "abamako", "site": "news", "kind": None, "number": 2**62 + number,
        "key": f"news/h/{number}", "url": "http://news.abamako.com/", "title": HOSTILE[number % 6],
        "published_on": date(1960, 2, 29) if number % 2 else None,
        "published_at": AT.astimezone(timezone(timedelta(hours=number % 5))),
        "published_precision": "minute", "body": HOSTILE[(number + 1) % 6], "word_count": 3,
        "truncated": bool(number % 2), "signs": {"title": HOSTILE[2], "n": float("nan")},
        "flags": [HOSTILE[3]], "content_hash": "x", "knowledge_revision": 0, "fetched_at": AT,
        "version": 1, "first_seen_at": AT, "last_seen_at": AT, "updated_at": AT,
    }  # fmt: skip
    return values | more


@pytest.fixture
def database(database_url, tmp_path):
    database = Database(database_url, root=tmp_path)
    database.prepare()
    yield database
    database.dispose()


def everything(connection) -> list[tuple]:
    """All rows as the driver gives them, whatever our types make of them."""
    found = connection.exec_driver_sql("SELECT * FROM articles ORDER BY id").all()
    return [tuple(one) for one in found]


def test_inserted_and_changed_rows_are_the_same_to_the_byte(database):
    rows = [row(number) for number in range(1, 13)]
    changes = [
        {"b_id": n, "title": HOSTILE[n % 6], "flags": ["cut"], "gone_at": AT + timedelta(n)}
        for n in range(1, 13)
    ]
    left = []
    for ours in (True, False):
        with database.connect() as connection, connection.begin() as transaction:
            if ours:
                insert_rows(connection, ARTICLES, rows)
                update_rows(connection, ARTICLES, changes)
            else:
                connection.execute(insert(ARTICLES), rows)
                for change in changes:
                    values = {name: value for name, value in change.items() if name != "b_id"}
                    connection.execute(
                        update(ARTICLES).where(ARTICLES.c.id == change["b_id"]).values(**values)
                    )
            left.append(everything(connection))
            titles = connection.execute(select(ARTICLES.c.title).order_by(ARTICLES.c.id)).scalars()
            assert "a\x00b" not in titles.all()
            transaction.rollback()
    assert len(left[0]) == 12
    assert left[0] == left[1]


def test_what_is_there_stays_where_only_new_rows_are_wanted(database):
    with database.writing() as connection:
        insert_rows(connection, ARTICLES, [row(1)])
        first = {"article_id": 1, "section": "sports", "label": "Sports", "first_seen_at": AT}
        insert_new(connection, SECTIONS, [first])
        second = first | {"label": "Autre"}
        insert_new(connection, SECTIONS, [second, first | {"section": "sante"}])
        query = text("SELECT section, label FROM article_sections ORDER BY section")
        assert connection.execute(query).all() == [("sante", "Sports"), ("sports", "Sports")]
        insert_new(connection, SECTIONS, [])
    with pytest.raises(IntegrityError), database.writing() as connection:
        insert_rows(connection, ARTICLES, [row(1)])


def test_naive_time_is_refused(database):
    naive = row(1, fetched_at=datetime(2024, 4, 2))  # noqa: DTZ001  that is the fault
    with pytest.raises(ValueError, match="without a zone"), database.writing() as connection:
        insert_rows(connection, ARTICLES, [naive])
