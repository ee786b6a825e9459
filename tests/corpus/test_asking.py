"""One statement, read-only for real, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from corpus.asking import BadStatement, NoCorpus, asking
from corpus.database import Database, DatabaseProblem
from corpus.reader_role import make_reader


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


def ask(database, statement, parameters=None, **how):
    with asking(database, statement, parameters, **how) as answer:
        return answer.columns, [tuple(row) for row in answer.rows]


@pytest.fixture(scope="module")
def sick(postgres, tmp_path_factory):
    """An empty corpus on each database, for all that is nonsense on both."""
    root = tmp_path_factory.mktemp("sick")
    both = [
        Database("sqlite:///corpus.db", root=root),
        Database(postgres.create_database(), root=root),
    ]
    for database in both:
        database.prepare()
    yield both
    for database in both:
        database.dispose()


def refused(database, statement, parameters=None, **how) -> BadStatement:
    with pytest.raises(BadStatement) as caught:
        ask(database, statement, parameters, **how)
    assert "\n" not in str(caught.value)
    return caught.value


def test_question_is_answered(database):
    assert ask(database, "select portal, 1 + 1 as two from runs;") == (
        ["portal", "two"],
        [("abamako", 2)],
    )
    assert ask(database, "-- why\n/* so */ with x as (select 1 as n) select n from x")[0] == ["n"]
    assert ask(database, "values (1), (2)")[1] == [(1,), (2,)]
    assert ask(database, "(select 1)" if database.dialect == "postgresql" else "select 1")[1]
    assert ask(database, "explain select portal from runs")[1]
    assert ask(database, "select portal from runs where id < 0") == (["portal"], [])
    assert ask(database, "select random() is not null and portal = 'abamako' from runs")[1]


def test_parameter_is_bound_and_never_text(database):
    given = {"portal": "abamako", "n": "1", "day": "2024-04-01", "no": "x' or 'a' = 'a"}
    statement = (
        "select ':portal', portal, '100%' from runs -- :comment\n"
        "where portal = :portal and portal <> :no and started_at > :day /* :block */ "
        "group by portal having count(*) = :n limit :n"
    )
    assert ask(database, statement, given)[1] == [(":portal", "abamako", "100%")]
    assert ask(database, "select portal from runs where portal = :no", {"no": given["no"]})[1] == []
    assert "-p since=" in str(refused(database, "select :since"))
    assert "has only since" in str(refused(database, "select :since", {"since": "1", "x": "2"}))
    assert "has no parameter" in str(refused(database, "select 'a:b'", {"b": "2"}))
    if database.dialect == "postgresql":
        cast = "select '5'::int, $$ :no $$, E'it\\'s :no', :n::int"
        assert ask(database, cast, {"n": "7"})[1] == [(5, " :no ", "it's :no", 7)]


ESCAPES = [
    "",
    "   -- nothing",
    "delete from runs",
    "DELETE FROM runs",
    "update runs set portal = 'x'",
    "insert into runs (portal) values ('x')",
    "drop table runs",
    "select 1; drop table runs",
    "select 1; commit; drop table runs",
    "select 1;;delete from runs",
    "with gone as (delete from runs returning id) select * from gone",
    "with x as (select 1) insert into runs (portal) select 'x'",
    "with x as (select 1) delete from runs",
    "with x as (select 1) update runs set portal = 'x'",
    "create table x (id integer)",
    "create temp table x as select 1",
    "create view x as select 1",
    "alter table runs add column x integer",
    "begin",
    "commit",
    "savepoint a",
    "rollback",
    "explain delete from runs; delete from runs",
    "/* select */ delete from runs",
    "(delete from runs)",
    "replace into runs (portal) values ('x')",
    "analyze",
    "reindex",
]
ESCAPES_OF = {
    "sqlite": [
        "attach database 'x.db' as x",
        "select 1; attach database 'x.db' as x",
        "detach database main",
        "pragma journal_mode = delete",
        "pragma writable_schema = on",
        "pragma query_only = off",
        "vacuum",
        "vacuum into 'x.db'",
        "select load_extension('x')",
        "select readfile('/etc/passwd')",
        "select writefile('x', 'y')",
        "select edit('x')",
        "select fts3_tokenizer('simple')",
        "create virtual table x using fts5 (y)",
        "create trigger x after insert on runs begin delete from runs; end",
        "explain delete from runs",
        "explain query plan update runs set portal = 'x'",
        "select * from pragma_journal_mode('delete')",
        "select * from pragma_wal_checkpoint",
        "select * from runs where id in (delete from runs returning id)",
        "select count(*) from runs; pragma query_only = off; delete from runs",
    ],
    "postgresql": [
        "copy runs to stdout",
        "copy (select 1) to program 'true'",
        "copy runs from program 'echo x'",
        "set transaction read write",
        "set role none",
        "reset role",
        "set session authorization default",
        "select set_config('transaction_read_only', 'off', true), portal from runs",
        "select set_config('role', 'none', true)",
        "select pg_catalog.set_config('role', 'none', false)",
        'select "set_config"(\'role\', \'none\', true)',
        'select "pg_catalog" . "set_config" /* so */ (\'role\', \'none\', true)',
        "select U&\"set\\005fconfig\"('role', 'none', true)",
        "select SET_CONFIG('role', 'none', true)",
        "select E'\\'', set_config('role', 'none', true), ''",
        "select 'a'/* /* */ ' */ , set_config('role', 'none', true), ''",
        "select $a$ $b$ $a$, set_config('role', 'none', true)",
        "select 1 as a$b$, set_config('role', 'none', true) as c$b$",
        "select 1 -- \r, set_config('role', 'none', true)",
        "with a as materialized (select set_config('role', 'none', true) as x) "
        "select query_to_xml('select pg_read_file(''/etc/passwd'')', true, false, x) from a",
        "select query_to_xml('delete from runs', true, false, '')",
        "select ts_stat('select set_config(''role'', ''none'', true)::tsvector')",
        "select lo_import('/etc/passwd')",
        "select lo_export(1, 'x')",
        "select lo_create(0)",
        "select pg_read_file('/etc/passwd')",
        "select pg_ls_dir('.')",
        "select * from pg_read_binary_file('/etc/passwd')",
        "select pg_terminate_backend(pg_backend_pid())",
        "select pg_reload_conf()",
        "select pg_advisory_lock(1)",
        "select nextval('runs_id_seq')",
        "select setval('runs_id_seq', 1)",
        "select pg_notify('a', 'b')",
        "select pg_sleep(100)",
        "select portal into x from runs",
        "select * from runs for update",
        "explain analyze delete from runs",
        "explain analyze create table x as select 1",
        "explain (analyze) execute p",
        "do $$ begin delete from runs; end $$",
        "call x()",
        "prepare p as delete from runs",
        "execute p",
        "declare c cursor with hold for select 1",
        "lock table runs",
        "listen x",
        "load 'x'",
        "vacuum",
        "grant all on runs to public",
        "create function x() returns int language sql as 'select 1'",
        "create extension dblink",
        "select rolpassword from pg_authid",
    ],
}  # fmt: skip


def test_escapes_are_refused_and_nothing_changes(database, tmp_path):
    escapes = ESCAPES + ESCAPES_OF[database.dialect]
    assert len(escapes) >= 40
    ask(database, "select count(*) from runs")
    # SQLite's own files, which reading makes too.
    before = {path.name for path in tmp_path.iterdir()} | {"corpus.db-shm", "corpus.db-wal"}

    def all_are_refused(tried):
        for escape in tried:
            with pytest.raises(BadStatement) as caught:
                pytest.fail(f"{escape} was answered: {ask(database, escape)}")
            assert "\n" not in str(caught.value)
        assert ask(database, "select count(*) from runs")[1] == [(1,)]

    if database.dialect == "postgresql":
        # Where the role is not ready, a superuser may read any table, and do nothing else.
        all_are_refused([escape for escape in escapes if "pg_authid" not in escape])
        with database.writing() as connection:
            assert make_reader(connection) is None
    all_are_refused(escapes)
    assert {path.name for path in tmp_path.iterdir()} <= before


def test_reader_may_read_the_corpus_and_nothing_else(postgres, tmp_path):
    database = Database(postgres.create_database(), root=tmp_path)
    database.prepare()
    with database.writing() as connection:
        assert make_reader(connection) is None
        assert make_reader(connection) is None
        # A table of a later revision is readable at once.
        connection.execute(text("CREATE TABLE later (id integer)"))
    who = "select current_user, current_setting('transaction_read_only')"
    assert ask(database, who)[1] == [("titrologue_reader", "on")]
    assert ask(database, "select count(*) from later, versions, articles")[1] == [(0,)]
    # Behind the other walls, the role alone holds too.
    with database.engine.connect() as connection, connection.begin():
        connection.execute(text("SET LOCAL ROLE titrologue_reader"))
        for deed in (
            "DELETE FROM runs",
            "INSERT INTO revisions (made_at) VALUES (now())",
            "CREATE TABLE x (id integer)",
            "SELECT pg_read_file('/etc/passwd')",
            "SELECT rolpassword FROM pg_authid",
            "COPY (SELECT 1) TO PROGRAM 'true'",
        ):
            with pytest.raises(Exception, match="InsufficientPriv"), connection.begin_nested():
                connection.execute(text(deed))
    database.dispose()


def test_person_who_only_asks_needs_no_right_but_the_role(postgres, tmp_path):
    address = postgres.create_database()
    owner = Database(address, root=tmp_path)
    owner.prepare()
    with owner.writing() as connection:
        assert make_reader(connection) is None
        connection.execute(text("DROP ROLE IF EXISTS awa"))
        # As docs/operations.md has it.
        connection.execute(text("CREATE ROLE awa LOGIN PASSWORD 'x' IN ROLE titrologue_reader"))
    awa = Database(address.replace("titrologue@", "awa@"), root=tmp_path)
    who = "select session_user, current_user, count(*) from coverage"
    assert ask(awa, who)[1] == [("awa", "titrologue_reader", 0)]
    with (
        pytest.raises(DatabaseProblem, match="permission denied"),
        awa.problems(),
        awa.engine.begin() as connection,
    ):
        connection.execute(text("DELETE FROM runs"))
    awa.dispose()
    with owner.writing() as connection:
        connection.execute(text("DROP ROLE awa"))
    owner.dispose()


def test_login_that_may_make_no_role_is_told_what_to_ask_for(postgres, tmp_path):
    address = postgres.create_database(empty=True)
    owner = Database(address, root=tmp_path)
    with owner.writing() as connection:
        connection.execute(text("DROP ROLE IF EXISTS modest"))
        connection.execute(text("CREATE ROLE modest LOGIN"))
        connection.execute(text("GRANT CREATE ON SCHEMA public TO modest"))
    modest = Database(address.replace("titrologue@", "modest@"), root=tmp_path)
    modest.prepare()
    with modest.writing() as connection:
        said = make_reader(connection)
    assert said is not None
    assert "\n" not in said
    assert "GRANT titrologue_reader TO modest" in said
    # It reads all the same, and cannot write.
    assert ask(modest, "select count(*) from articles")[1] == [(0,)]
    refused(modest, "with x as (delete from runs returning id) select * from x")
    modest.dispose()
    with owner.writing() as connection:
        connection.execute(text("DROP OWNED BY modest"))
        connection.execute(text("DROP ROLE modest"))
    owner.dispose()


PLACES = [
    ("select portal,\n  titel from articles", "titel", "did you mean title?"),
    ("select 'titel', a.titel from articles a", "a.titel", "did you mean title?"),
    ("select /* articl */ 1\nfrom articl", "articl", "did you mean articles?"),
    ("select portal as runs, 1 frm runs where", "runs where", "syntax error"),
    ("select :since, titel from articles where :since = title", "titel", "did you mean title?"),
    ("select nosuch(portal) from runs", "nosuch", "nosuch"),
    ("select é, titel -- é\nfrom articles", "é, ", "é"),
    ("select count(*) from (select portal from article_version) x", "article_version)", "did you"),
]


def test_error_shows_its_place_and_the_nearest_name(database):
    for statement, at, said in PLACES:
        given = {"since": "2024"} if ":since" in statement else {}
        bad = refused(database, statement, given)
        offset = statement.rindex(at)
        if database.dialect == "postgresql" and "frm" in statement:
            # Where `frm` may be a name, `runs` may not follow; both say so at the same word.
            offset = statement.index("runs where")
        line = statement[:offset].count("\n")
        column = offset - (statement.rfind("\n", 0, offset) + 1)
        if at == "a.titel" and database.dialect == "sqlite":
            column += len("a.")
        assert said in str(bad), (statement, str(bad))
        assert f"(line {line + 1}, column {column + 1})" in str(bad), (statement, str(bad))
        shown, caret = bad.excerpt
        assert shown.strip() == statement.split("\n")[line].strip()
        assert caret.index("^") == column + 2


@pytest.mark.parametrize(
    "statement",
    ["select '\x00'", "select 1\x00; drop table runs", "select " + "(" * 5000, "select '",
     "select /*", 'select "', "select $a$", ":", "select :", "select ::", "select \ud800",
     "select 1 where", "with", "select @x", "select ?", "select $1", "select %", "select %s",
     "select '%(a)s', %(a)s", "values", "explain", "explain explain select 1"],
    ids=lambda statement: ascii(statement[:20]),
)  # fmt: skip
def test_nonsense_is_one_line(sick, statement):
    for database in sick:
        refused(database, statement)


def test_what_takes_too_long_is_ended_with_one_line(database):
    endless = (
        "with recursive a (x) as (select 1 union all select x + 1 from a where x < 1000000000) "
        "select max(x) from a"
    )
    assert "--timeout" in str(refused(database, endless, timeout=0.2))
    assert ask(database, "select 1", timeout=0.0)[1] == [(1,)]


def test_plan_of_a_question_is_shown_and_of_nothing_else(database):
    plan = ask(database, "select * from articles where url = :u", {"u": "x"}, explain=True)[1]
    assert "ix_articles_url" in str(plan)
    refused(database, "delete from runs", explain=True)
    refused(database, "analyze delete from runs", explain=True)


def test_question_makes_no_database(tmp_path):
    with pytest.raises(NoCorpus):
        ask(Database("sqlite:///corpus.db", root=tmp_path), "select 1")
    assert list(tmp_path.iterdir()) == []
