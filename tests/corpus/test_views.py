"""The views: there on both databases as documented, right over a small corpus, and quick."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import inspect

from corpus import schema
from corpus.database import Database
from corpus.models import Article, ArticleVersion, table
from corpus.views import VIEWS
from tests.small_corpus import fill_small_corpus


@pytest.fixture
def database(database_url, tmp_path):
    database = Database(database_url, root=tmp_path)
    yield database
    database.dispose()


def rows(database, statement):
    with database.reading() as connection:
        found = connection.exec_driver_sql(statement)
        return [tuple(map(plain, row)) for row in found]


def plain(value):
    """A day as its text, which SQLite gives at once."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def test_views_show_what_is_derived(database):
    fill_small_corpus(database)
    with database.reading() as connection:
        found = inspect(connection)
        assert set(found.get_view_names()) == {view.name for view in VIEWS}
        for view in VIEWS:
            columns = [column["name"] for column in found.get_columns(view.name)]
            assert columns == list(view.columns), view.name
    assert rows(
        database,
        "select article_id, version, cause, change, edits, title_before, words_before, words "
        "from versions where article_id in (101, 109, 112) order by 1, 2",
    ) == [
        (101, 1, "site", "first", 0, None, None, 12),
        (109, 1, "site", "first", 0, None, None, 7),
        (109, 2, "reading", "body", 0, "Coton : la campagne finit bien", 7, 17),
        (112, 1, "site", "first", 1, None, None, 6),
        (112, 2, "site", "both", 1, "Le conseil siège", 6, 9),
    ]
    # Days are compared as days, with others and with text.
    later = "select count(*) from edits where day > published_on and day > '2024-04-01'"
    assert rows(database, later) == [(3,)]
    assert rows(
        database, "select article_id, change, seen_before, day, source from edits order by 1"
    ) == [
        (103, "title", "2024-04-01", "2024-04-02", "Info Matin"),
        (106, "body", "2024-04-01", "2024-04-01", "L’Essor"),
        (112, "both", "2024-04-01", "2024-04-03", "Le Relais"),
        (208, "other", "2024-04-01", "2024-04-02", "Le Quai"),
    ]
    assert rows(
        database,
        "select section, month, articles, words, dated, sourced, signed, first_day, last_day "
        "from coverage where portal = 'abamako' and section in ('Sports', 'Société') "
        "and month is not null order by 1, 2",
    )[:2] == [
        ("Société", "2024-01", 1, 12, 1, 1, 1, "2024-01-03", "2024-01-03"),
        ("Société", "2024-02", 1, 7, 1, 1, 0, "2024-02-02", "2024-02-02"),
    ]
    undated = "select section, articles, dated, first_day from coverage where month is null"
    assert rows(database, undated) == [("Société", 1, 0, None)]
    assert rows(
        database,
        "select day, articles from days where portal = 'abamako' and day < '2024-01-06' order by 1",
    ) == [("2024-01-02", 2), ("2024-01-03", 2), ("2024-01-04", 0), ("2024-01-05", 1)]
    assert rows(
        database,
        "select last_before, first_after, days from empty_days where portal = 'adakar' order by 1",
    )[:2] == [("2024-01-05", "2024-01-09", 3), ("2024-01-10", "2024-02-03", 23)]
    # The stretches are the days without an article, counted together.
    counted = "select portal, count(*) from days where articles = 0 group by 1 order by 1"
    stretches = "select portal, sum(days) from empty_days group by 1 order by 1"
    assert rows(database, stretches) == rows(database, counted) != []
    assert rows(
        database,
        "select portal, kind, country, articles, last_day from sources_seen where source = 'AFP' "
        "order by 1",
    ) == [
        ("abamako", "agency", None, 2, "2024-03-05"),
        ("adakar", "agency", None, 1, "2024-02-06"),
    ]
    assert rows(
        database,
        "select article_id, portal, original_portal, days from reprint_delays order by 1",
    )[:2] == [(201, "adakar", "abamako", 1), (203, "adakar", "abamako", 3)]


def test_times_of_a_view_do_not_depend_on_the_zone_of_who_asks(postgres, tmp_path):
    database = Database(postgres.create_database(), root=tmp_path)
    fill_small_corpus(database)
    with database.reading() as connection:
        connection.exec_driver_sql("SET LOCAL timezone = 'Asia/Tokyo'")
        days = connection.exec_driver_sql("select day from edits order by article_id")
        assert [plain(day) for (day,) in days][:2] == ["2024-04-02", "2024-04-01"]
    database.dispose()


def test_views_come_back_after_any_way_and_stand_in_the_way_of_none(database):
    fill_small_corpus(database)
    counted = "select count(*) from versions"
    before = rows(database, counted)
    with database.engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0010")
    with database.reading() as connection:
        assert inspect(connection).get_view_names() == []
    database.migrate()
    assert rows(database, counted) == before


QUESTIONS = [
    ("select count(*) from articles where portal = 'abamako' and published_on >= '2024-02-01'",
     "ix_articles_coverage"),
    ("select * from articles where section = 'Politique' and published_on >= '2024-02-01'",
     "ix_articles_section"),
    ("select * from articles where source = 'Info Matin' order by published_on",
     "ix_articles_source"),
    ("select * from articles where author = 'Awa Koné'", "ix_articles_author"),
    ("select * from articles where url = 'http://news.abamako.com/h/101.html'",
     "ix_articles_url"),
    ("select * from articles where portal = 'abamako' and key = 'news/h/101'",
     {"sqlite": "sqlite_autoindex_articles_1", "postgresql": "uq_articles_portal_key"}),
    ("select * from edits where day >= '2024-01-01'", "ix_article_versions_edits"),
    ("select portal, month, sum(articles) from coverage group by 1, 2", "ix_articles_coverage"),
    ("select * from days where articles = 0", "ix_articles_coverage"),
    ("select * from empty_days", "ix_articles_coverage"),
    ("select * from sources_seen", "ix_articles_coverage"),
]  # fmt: skip


def multiplied(model, changed, only=""):
    """SQL that writes each row of a table two hundred times more."""
    names = [column.name for column in table(model).columns if column.name != "number"]
    return (
        f"INSERT INTO {table(model).name} ({', '.join(names)}) "
        f"SELECT {', '.join(changed.get(name, name) for name in names)} "
        f"FROM {table(model).name}, generate_series(1, 200) AS n {only}"
    )


@pytest.fixture
def many(database):
    """The small corpus, on PostgreSQL two hundred times more: its planner goes by cost, and reads
    a table of few rows by any index or whole."""
    fill_small_corpus(database)
    if database.dialect == "sqlite":
        with database.writing() as connection:
            # With figures about some tables and none about others it goes other ways.
            connection.exec_driver_sql("ANALYZE articles")
    else:
        names = {name: f"{name} || n" for name in ("key", "url", "author")}
        changed = {"article_id": "article_id + 1000 * n"}
        with database.writing() as connection:
            connection.exec_driver_sql(multiplied(Article, names | {"id": "id + 1000 * n"}))
            connection.exec_driver_sql(multiplied(ArticleVersion, changed, "WHERE version = 1"))
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
                "VACUUM ANALYZE articles, article_versions"
            )
    return database


def test_each_index_serves_the_question_it_is_there_for(many):
    explain = "EXPLAIN QUERY PLAN " if many.dialect == "sqlite" else "EXPLAIN "
    with many.reading() as connection:
        for question, index in QUESTIONS:
            plan = str(connection.exec_driver_sql(explain + question).fetchall())
            wanted = index if isinstance(index, str) else index[many.dialect]
            assert wanted in plan, (question, plan)
            if "coverage" in wanted:
                # All from the index: no body is read.
                assert "COVERING INDEX" in plan or "Index Only Scan" in plan, (question, plan)
