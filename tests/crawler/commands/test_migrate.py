"""`scrapy migrate` as a user runs it: nothing is changed before there is a back-up, or a word."""

from __future__ import annotations

import os
import pty
import resource
import signal
import sqlite3
import subprocess
import sys

import pytest
from alembic import command

from corpus import schema
from corpus.backups import back_up
from corpus.database import Database
from corpus.problems import Unwritable
from tests.commands import ROOT, run_scrapy
from tests.small_corpus import fill_small_corpus
from tests.small_disks import small_disk_at


@pytest.fixture
def older(database_url, tmp_path):
    """The small corpus as revision 0009 has it."""
    database = Database(database_url, root=tmp_path)
    fill_small_corpus(database)
    with database.engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0009")
    database.dispose()
    yield database
    database.dispose()


def revision(database):
    with database.reading() as connection:
        return schema.current(connection)


def migrate(database, *args):
    url = database.url if database.path else database.url.set(password="s3cret")
    url = url.render_as_string(hide_password=False)
    return run_scrapy("migrate", *args, env={**os.environ, "CORPUS_URL": url})


def test_corpus_is_backed_up_before_it_is_migrated(older, tmp_path):
    # What a killed back-up left is no hindrance.
    (tmp_path / "corpus.db.0009.bak.part").write_bytes(b"half a copy")
    done = migrate(older)
    assert done.returncode == 0, done.stderr
    assert f"0009 → {schema.head()}" in done.stdout
    assert "0011: Views of what is derived" in done.stderr
    assert revision(older) == schema.head()
    if older.dialect == "postgresql":
        assert "pg_dump --format=custom --file=corpus.0009.dump 'postgresql://" in done.stderr
        assert "s3cret" not in done.stdout + done.stderr
    else:
        copy = tmp_path / "corpus.db.0009.bak"
        assert done.stderr.splitlines()[1] == f"0009 → {schema.head()}: begun"
        assert str(copy) in done.stderr
        assert sorted(path.name for path in tmp_path.glob("*.bak*")) == [copy.name]
        with sqlite3.connect(copy) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (
                "0009",
            )
            assert connection.execute("SELECT count(*) FROM articles").fetchone() == (27,)
        connection.close()
        # A file of its own, which opens without any other.
        assert sorted(path.name for path in tmp_path.glob("*.bak*")) == [copy.name]
        assert migrate(older, "--no-backup").returncode == 0
    again = migrate(older)
    assert "up to date" in again.stdout
    assert again.stderr == ""


def test_backup_goes_where_it_is_told_and_replaces_nothing(older, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "taken").write_text("kept")
    for path, says in (
        (elsewhere / "taken", "name another"),
        (elsewhere / "no" / "folder", "no folder"),
    ):
        done = migrate(older, "--backup", str(path))
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert (says if older.dialect == "sqlite" else "pg_dump") in done.stderr
        assert revision(older) == "0009"
    assert (elsewhere / "taken").read_text() == "kept"
    assert migrate(older, "--backup", "x", "--no-backup").returncode == 2
    if older.dialect == "sqlite":
        older.dispose()
        done = migrate(older, "--backup", str(elsewhere))
        assert done.returncode == 0, done.stderr
        assert (elsewhere / "corpus.db.0009.bak").stat().st_size > 0
        assert not list(tmp_path.glob("*.bak"))
    else:
        assert migrate(older, "--no-backup").returncode == 0
    assert revision(older) == schema.head()


@pytest.mark.parametrize(("answer", "code"), [("n\n", 2), ("y\n", 0)])
def test_on_a_terminal_postgresql_waits_for_a_word(postgres, tmp_path, answer, code):
    database = Database(postgres.create_database(), root=tmp_path)
    fill_small_corpus(database)
    with database.engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0010")
    database.dispose()
    here, there = pty.openpty()
    url = database.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "migrate"],
        cwd=ROOT,
        env={**os.environ, "CORPUS_URL": url},
        stdin=there,
        stderr=there,
        stdout=subprocess.DEVNULL,
    )
    os.close(there)
    os.write(here, answer.encode())
    assert process.wait(60) == code
    said = os.read(here, 100_000).decode()
    os.close(here)
    assert "[y/N]" in said
    assert revision(database) == ("0010" if code else schema.head())
    database.dispose()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own, of a tenth of a megabyte."""
    with small_disk_at(tmp_path / "small", "100k") as folder:
        yield folder


def test_without_room_for_a_backup_nothing_is_changed(small_disk, tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'corpus.db'}", root=tmp_path)
    fill_small_corpus(database)
    with database.engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0010")
    done = migrate(database, "--backup", str(small_disk))
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "MB are needed" in done.stderr
    assert "--no-backup" in done.stderr
    assert revision(database) == "0010"
    # Nor does a disk that fills amid the copy leave half of one.
    target = tmp_path / "copy.bak"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(Unwritable, match="--backup PATH"):
            back_up(database, target, lambda done, whole: None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
    assert not list(tmp_path.glob("copy*"))
    database.dispose()
