"""One statement, read-only for real, on both databases."""

from __future__ import annotations

import pytest

from corpus.asking import BadStatement, NoCorpus, asking
from corpus.database import Database


@pytest.fixture
def database(database_url, tmp_path):
    database = Database(database_url, root=tmp_path)
    database.prepare()
    with database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO runs (portal, strategy, arguments, started_at) "
            "VALUES ('abamako', 'sections', '{}', '2024-04-02 12:00:00')"
        )
    yield database
    database.dispose()


def ask(database, statement):
    with asking(database, statement) as answer:
        return answer.columns, [tuple(row) for row in answer.rows]


def test_question_is_answered(database):
    assert ask(database, "select portal, 1 + 1 as two from runs;") == (
        ["portal", "two"],
        [("abamako", 2)],
    )
    assert ask(database, "-- why\n/* so */ with x as (select 1 as n) select n from x")[0] == ["n"]


@pytest.mark.parametrize(
    "statement",
    [
        "",
        "   -- nothing",
        "delete from runs",
        "DELETE FROM runs",
        "update runs set portal = 'x'",
        "insert into runs (portal) values ('x')",
        "drop table runs",
        "select 1; drop table runs",
        "select 1; commit; drop table runs",
        "with gone as (delete from runs returning id) select * from gone",
        "with x as (select 1) insert into runs (portal) select 'x'",
        "create table x (id integer)",
        "create temp table x as select 1",
        "attach database '/tmp/x.db' as x",
        "pragma journal_mode = delete",
        "pragma writable_schema = on",
        "vacuum into '/tmp/x.db'",
        "begin",
        "commit",
        "copy runs to '/tmp/x'",
        "copy (select 1) to program 'true'",
        "set transaction read write",
        "select set_config('transaction_read_only', 'off', false), 1 from nowhere",
        "explain analyze delete from runs",
        "select load_extension('x')",
        "select lo_import('/etc/passwd')",
        "select * from runs for update",
        "do $$ begin delete from runs; end $$",
    ],
)
def test_escape_is_refused_and_nothing_changes(database, statement):
    with pytest.raises(BadStatement) as caught:
        ask(database, statement)
    assert "\n" not in str(caught.value)
    assert ask(database, "select count(*) from runs")[1] == [(1,)]


@pytest.mark.parametrize("statement", ["select foo\nfrom runs", "select 1 frm runs where"])
def test_error_shows_its_place(database, statement):
    with pytest.raises(BadStatement, match=r"\(line 1, column \d+\)"):
        ask(database, statement)


def test_question_makes_no_database(tmp_path):
    with pytest.raises(NoCorpus):
        ask(Database("sqlite:///corpus.db", root=tmp_path), "select 1")
    assert list(tmp_path.iterdir()) == []
