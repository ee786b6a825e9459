"""Databases that hold the corpus' tables and no row, copied from one that the migrations made: that
takes half a second for each crawl. Tests of the making itself begin with an empty one."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from sqlalchemy import make_url

from corpus.database import Database


def put_tables(url: str) -> str:
    """Give `url` its tables where it names a file of SQLite that does not exist yet; return it."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database:
        file = Path(address.database)
        if not file.exists():
            shutil.copyfile(_made(), file)
    return url


@cache
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="titrologue-db-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "corpus.db"
    make_tables(f"sqlite:///{file}")
    return file


def copy_database(kept: str, url: str) -> None:
    """Make the database at `url` a copy of the one at `kept`, which nothing holds open."""
    source, target = make_url(kept), make_url(url)
    if target.get_backend_name() == "sqlite":
        # The backup of SQLite itself: what is in the log beside the file comes, too.
        with (
            closing(sqlite3.connect(str(source.database))) as one,
            closing(sqlite3.connect(str(target.database))) as other,
        ):
            one.backup(other)
        return
    import psycopg

    server = target.set(drivername="postgresql", database="postgres")
    plain = server.render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {target.database}")
        connection.execute(f"CREATE DATABASE {target.database} TEMPLATE {source.database}")


def make_tables(url: str) -> None:
    """Let the migrations make them."""
    database = Database(url, root=Path.cwd())
    database.prepare()
    database.dispose()
