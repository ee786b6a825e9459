"""Copying: a part of the corpus as a SQLite database of its own, with full-text search.

Its tables are those of the corpus, so what asks the corpus asks it, too; and it is one file without
a log beside it, which opens where nothing can be written.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Select

from corpus.asking import Ask
from corpus.database import Database
from corpus.exporting.fields import fields_of, put_in_order, read_as
from corpus.exporting.manifest import ExportedFile
from corpus.exporting.places import sha256
from corpus.exporting.tables import BELONGS, TABLES, rows_of
from corpus.problems import Corrupt, DatabaseProblem, Unwritable
from corpus.selection import question

BATCH = 500
SEARCHED = ("title", "body", "source", "author", "section")
"""Columns of the articles that are searched in."""
INDEX = "articles_fts"
_ORDER = ("articles", *BELONGS)
# Texts that were taken down are nobody's to hand on, not even where they were.
_WITHHELD = ("tombstones",)


class Copy:
    """One copy, to a file that is not there yet."""

    def __init__(
        self, database: Database, ask: Ask, path: Path, advance: Callable[[int], object]
    ) -> None:
        self._database, self._ask, self._path, self._advance = database, ask, path, advance
        self._rows = 0
        self.readers: Counter[str] = Counter()
        """Parsers that read its articles."""

    def run(self, chosen: Select[Any] | None) -> dict[str, int]:
        """Write it: the articles of `chosen` and what belongs to them, or all tables (None).
        Return the rows of each table. Raises `Unwritable`."""
        names = [name for name in _ORDER if name in TABLES]
        if chosen is None:
            names += [name for name in TABLES if name not in (*names, *_WITHHELD)]
        made = Database(f"sqlite:///{self._path}", root=self._path.parent)
        made.migrate()
        made.dispose()
        connection = sqlite3.connect(self._path, isolation_level=None)
        try:
            return self._fill(connection, names, chosen)
        except sqlite3.Error as error:
            raise _problem(self._path, error) from error
        finally:
            connection.close()

    def as_file(self, name: str) -> ExportedFile:
        """The file as a manifest names it."""
        size = self._path.stat().st_size
        return ExportedFile(name, size, self._rows, sha256(self._path))

    def _fill(
        self, connection: sqlite3.Connection, names: Sequence[str], chosen: Select[Any] | None
    ) -> dict[str, int]:
        # Nobody else sees it, and a copy that was cut off is thrown away.
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("BEGIN")
        indices = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indices:
            connection.execute(f'DROP INDEX "{name}"')
        counts = {name: self._copy(connection, name, chosen) for name in names}
        for _, statement in indices:
            connection.execute(statement)
        _add_search(connection)
        self._rows = counts["articles"]
        self.readers.update(
            {
                str(reader): count
                for reader, count in connection.execute(
                    "SELECT extractor_revision, count(*) FROM articles GROUP BY 1"
                )
            }
        )
        connection.execute("COMMIT")
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"rows without those they name: {broken[:3]}")
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("ANALYZE")
        connection.execute("VACUUM")
        return counts

    def _copy(self, connection: sqlite3.Connection, name: str, chosen: Select[Any] | None) -> int:
        table = TABLES[name]
        fields = fields_of(table)
        columns = [read_as(column, self._database.dialect) for column in table.columns]
        asked = question(self._database, rows_of(name, chosen).with_only_columns(*columns))
        ordered = put_in_order(fields)
        places = ", ".join("?" * len(fields))
        listed = ", ".join(f'"{field.name}"' for field in fields)
        # What a migration has put there by itself is the corpus' to say.
        connection.execute(f'DELETE FROM "{name}"')  # noqa: S608  a name of ours
        insert = f'INSERT INTO "{name}" ({listed}) VALUES ({places})'  # noqa: S608
        rows = iter(self._ask(asked.statement, asked.parameters).rows)
        count = 0
        while batch := list(islice(rows, BATCH)):
            connection.executemany(insert, ordered(batch))
            count += len(batch)
            if name == "articles":
                self._advance(len(batch))
        return count


def _add_search(connection: sqlite3.Connection) -> None:
    """Full-text search over the articles; the text itself stays in its table."""
    columns = ", ".join(SEARCHED)
    connection.execute(
        # Datasette knows an index by these very quotes.
        f'CREATE VIRTUAL TABLE {INDEX} USING fts5({columns}, content="articles",'
        " content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
    )
    connection.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')")  # noqa: S608
    connection.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('optimize')")  # noqa: S608


def _problem(path: Path, error: sqlite3.Error) -> DatabaseProblem:
    """What SQLite says of the file that is being made."""
    if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return Corrupt(f"{path} came out damaged: {error}; is the disk sound?")
    return Unwritable(f"{path} cannot be written: {error}; free space or write elsewhere")
