"""Back-ups: a SQLite corpus copied as it is at one moment, whole or not at all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from corpus.database import Database
from corpus.problems import Unwritable
from corpus.space import free_at

_PAGES = 2_000
"""Pages between two words on how far it has come: 8 MB."""


def backup_path(database: Database, revision: str) -> Path:
    """Where the back-up of a corpus of that revision lies: `corpus.db.0009.bak` beside it."""
    assert database.path is not None
    return database.path.with_name(f"{database.path.name}.{revision}.bak")


def pg_dump_line(database: Database, revision: str) -> str:
    """The command that backs a PostgreSQL corpus up, without its password."""
    # Of the parts of a URL only the password is secret; pg_dump asks for it, or PGPASSWORD has it.
    url = database.url.set(drivername="postgresql", password=None)
    return (
        f"pg_dump --format=custom --file=corpus.{revision}.dump "
        f"'{url.render_as_string(hide_password=True)}'"
    )


def back_up(database: Database, target: Path, told: Callable[[int, int], None]) -> None:
    """Copy a SQLite corpus to `target`; what stands there is replaced when the copy is whole.

    Others may write meanwhile: the copy is of the moment it began. `told` hears how many of how
    many pages are copied. Raises `Unwritable`.
    """
    with database.problems():
        part = target.with_name(f"{target.name}.part")
        part.unlink(missing_ok=True)
        connection = database.read_only_sqlite()
        try:
            _must_have_room(connection, target)
            # Held open, this look keeps SQLite from beginning anew whenever a crawl writes.
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            copy = sqlite3.connect(part)
            try:
                connection.backup(
                    copy, pages=_PAGES, progress=lambda _, left, all: told(all - left, all)
                )
                copy.execute("PRAGMA journal_mode=DELETE").fetchone()
            finally:
                copy.close()
        except sqlite3.Error as error:
            part.unlink(missing_ok=True)
            raise Unwritable(
                f"no back-up at {target}: {error}; free space, or {ELSEWHERE}"
            ) from error
        finally:
            connection.close()
        _settle(part, target)


ELSEWHERE = "name another place with --backup PATH, or go without one with --no-backup"


def _must_have_room(connection: sqlite3.Connection, target: Path) -> None:
    pages, size = (
        connection.execute(f"PRAGMA {of}").fetchone()[0] for of in ("page_count", "page_size")
    )
    needed, free = pages * size, free_at(target)
    if free is not None and free < needed:
        raise Unwritable(
            f"no back-up at {target}: {needed / 1e6:,.0f} MB are needed and {free / 1e6:,.0f} MB "
            f"free; free space, {ELSEWHERE}"
        )


def _settle(part: Path, target: Path) -> None:
    """Give a whole copy its name, on the disk before anything goes on."""
    for path, then in ((part, target), (target.parent, None)):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if then is not None:
            path.replace(then)
