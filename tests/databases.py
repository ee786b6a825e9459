"""Databases that hold the corpus' tables and no row, copied from one that the migrations made: that
takes half a second for each crawl. Tests of the making itself begin with an empty one."""

from __future__ import annotations

import atexit
import shutil
import tempfile
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


def make_tables(url: str) -> None:
    """Let the migrations make them."""
    database = Database(url, root=Path.cwd())
    database.prepare()
    database.dispose()
