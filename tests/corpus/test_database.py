"""The one door to the database: addresses, creation, and what is refused with which code."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from corpus.database import Database
from corpus.models import Base, table
from corpus.problems import (
    BadUrl,
    Corrupt,
    DatabaseProblem,
    NewerSchema,
    NotACorpus,
    OlderSchema,
    Unreachable,
    judge,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(empty_database_url, tmp_path):
    database = Database(empty_database_url, root=tmp_path)
    yield database
    database.dispose()


def test_relative_path_counts_from_the_root(tmp_path):
    database = Database("sqlite:///in/corpus.db", root=tmp_path)
    database.prepare()
    assert (tmp_path / "in" / "corpus.db").exists()
    assert database.display == f"sqlite:///{tmp_path}/in/corpus.db"


def test_password_is_not_shown(tmp_path):
    database = Database("postgresql://u:s3cret@127.0.0.1:1/x", root=tmp_path)
    assert database.display == "postgresql+psycopg://u:***@127.0.0.1:1/x"
    started = time.monotonic()
    with pytest.raises(Unreachable) as caught:
        database.prepare()
    assert time.monotonic() - started < 10
    assert caught.value.exit_code == 8
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["", "x", "sqlite://", "mysql://u:s3cret@h/x", "s3cret:://"])
def test_address_of_no_known_database_is_refused(tmp_path, url):
    with pytest.raises(BadUrl) as caught:
        Database(url, root=tmp_path)
    assert caught.value.exit_code == 2
    assert "s3cret" not in str(caught.value)


def test_migrations_make_the_models(database):
    database.prepare()
    with database.writing() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            d
            for d in compare_metadata(context, Base.metadata)
            # SQLite cannot reflect the index with an expression; the next test looks at it.
            if not (d[0] in ("add_index", "remove_index") and d[1].name == "ix_pages_newest")
        ]
        assert differences == []
        names = {i["name"] for i in inspect(connection).get_indexes("pages") if i["name"]}
    assert "ix_pages_due" in names


def test_frontier_is_read_by_its_index_newest_first(tmp_path):
    database = Database("sqlite:///corpus.db", root=tmp_path)
    database.prepare()
    with database.reading() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT * FROM pages WHERE portal = 'x' AND state = 'queued' "
            "ORDER BY number DESC NULLS LAST, id LIMIT 5"
        ).fetchall()
    assert "ix_pages_newest" in str(plan)
    assert "TEMP B-TREE" not in str(plan)


def test_preparing_again_changes_nothing(database):
    database.prepare()
    database.prepare()
    before, now = database.migrate()
    assert before == now


def test_older_and_newer_schemas_are_refused(database):
    database.prepare()
    for revision, problem in (("0000", NewerSchema), ("9999", NewerSchema)):
        with database.writing() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
        with pytest.raises(problem) as caught:
            database.prepare()
        assert caught.value.exit_code == 2
        with pytest.raises(problem):
            database.migrate()
    assert issubclass(OlderSchema, DatabaseProblem)


def test_somebody_elses_database_is_left_alone(database):
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE invoices (id integer)")
    with pytest.raises(NotACorpus) as caught:
        database.prepare()
    assert caught.value.exit_code == 2
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["invoices"]


@pytest.mark.parametrize("damage", ["text", "flipped", "cut"])
def test_corrupt_file_is_refused_and_untouched(tmp_path, damage):
    path = tmp_path / "corpus.db"
    database = Database(f"sqlite:///{path}", root=tmp_path)
    database.prepare()
    database.dispose()
    data = bytearray(path.read_bytes())
    if damage == "text":
        data = bytearray(b"this is no database at all, but a text of some length\n" * 100)
    elif damage == "flipped":
        data[4096:12288] = bytes(255 - byte for byte in data[4096:12288])
    else:
        del data[len(data) // 2 :]
    path.write_bytes(data)
    for name in ("corpus.db-wal", "corpus.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    with pytest.raises(Corrupt) as caught:
        database.prepare()
    assert caught.value.exit_code == 3
    assert path.read_bytes() == data


def test_processes_that_create_at_once_all_succeed(empty_database_url, tmp_path):
    code = (
        "import sys; from pathlib import Path; from corpus.database import Database; "
        "Database(sys.argv[1], root=Path(sys.argv[2])).prepare()"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code, empty_database_url, str(tmp_path)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for run in runs:
        _, errors = run.communicate(timeout=60)
        assert run.returncode == 0, errors


def test_kill_while_creating_leaves_all_or_nothing(tmp_path):
    code = (
        "import os, sys; from pathlib import Path; import alembic.op as op; "
        "from corpus.database import Database; real = op.create_table; left = [int(sys.argv[2])]\n"
        "def create(*a, **k):\n"
        "    left[0] -= 1\n"
        "    if left[0] < 0: os.kill(os.getpid(), 9)\n"
        "    return real(*a, **k)\n"
        "op.create_table = create\n"
        "Database(sys.argv[1], root=Path('/')).prepare()"
    )
    path = tmp_path / "corpus.db"
    for tables in (0, 1, 4, 7):
        run = subprocess.run(
            [sys.executable, "-c", code, f"sqlite:///{path}", str(tables)], cwd=ROOT, check=False
        )
        assert run.returncode == -9
        connection = sqlite3.connect(path)
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
        connection.close()
    Database(f"sqlite:///{path}", root=tmp_path).prepare()


def test_sqlite_connections_are_set_up(tmp_path):
    database = Database("sqlite:///corpus.db", root=tmp_path)
    with database.writing() as connection:
        ask = connection.exec_driver_sql
        found = [
            ask(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 2, 1, 30000]


def test_lock_of_another_that_does_not_end_is_told_as_an_outage(tmp_path, monkeypatch):
    database = Database("sqlite:///corpus.db", root=tmp_path)
    database.prepare()
    monkeypatch.setattr("corpus.engines.BUSY_TIMEOUT", 50)
    with database.connect() as waiting:
        with database.writing():
            with pytest.raises(OperationalError, match="database is locked") as told:
                waiting.begin()
            assert judge(told.value) == "outage"
        waiting.rollback()
        with waiting.begin():
            assert waiting.exec_driver_sql("PRAGMA busy_timeout").scalar() == 50


def test_every_column_says_what_it_is():
    import ast
    import inspect as source

    from corpus import models

    tree = ast.parse(source.getsource(models))
    told = set()
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            for one, after in zip(node.body, node.body[1:], strict=False):
                if isinstance(one, ast.AnnAssign) and isinstance(after, ast.Expr):
                    told.add((node.name, one.target.id))
    for mapper in Base.registry.mappers:
        for column in table(mapper.class_).columns:
            assert {(mapper.class_.__name__, column.name), ("Reading", column.name)} & told
