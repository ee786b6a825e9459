"""The cache of signatures: which articles have which value, in a SQLite file of each host's own.

It can be thrown away: `corpus.reprints` fills it anew. Beside the signatures it holds how far of
the corpus it shows. A writer that dies leaves the state before; of two at once the second waits.
"""

from __future__ import annotations

import sqlite3
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from corpus.signatures import ALGORITHM, COMMON

COMMONPLACE: Final = 64
"""Articles with a value from which on it says nothing: a phrase that everybody uses."""
LOOKED_AT: Final = 20
"""Candidates of one article, those with most in common first."""
_TABLES = """
CREATE TABLE IF NOT EXISTS standing (
    algorithm TEXT NOT NULL, revision INTEGER NOT NULL, article INTEGER NOT NULL,
    settled INTEGER NOT NULL, made_at TEXT);
CREATE TABLE IF NOT EXISTS signatures (article INTEGER PRIMARY KEY, vals BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS articles_by_value (
    value INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (value, article)) WITHOUT ROWID;
"""


@cache
def _look_up(values: int) -> str:
    """SQL that gives (value, article) of some values, of each no more than tell a commonplace."""
    one = "SELECT * FROM (SELECT value, article FROM articles_by_value WHERE value = ? LIMIT {})"
    return " UNION ALL ".join([one.format(COMMONPLACE)] * values)


class Busy(Exception):
    """Another process is filling the cache."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far of the corpus the cache shows."""

    revision: int = -1
    """All articles of a lower revision are in,"""
    article: int = 0
    """and of this revision those up to this id."""
    settled: int = 0
    """A revision that the database had,"""
    made_at: str | None = None
    """and when it was made there: a restored database has another one."""


class SignatureCache:
    """One open cache file. Not for use by two threads at once."""

    def __init__(self, folder: Path, *, anew: bool = False) -> None:
        """The cache in `folder` (`corpus.caches`); with `anew` an empty one, whatever is there.
        Raises `OSError` or `sqlite3.Error` where the file cannot be made or is none."""
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "reprints.db"
        if anew:
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA busy_timeout=30000")
            connection.execute("PRAGMA journal_mode=WAL")
            # A commit that the power takes with it is made again from the corpus.
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA cache_size=-65536")
            connection.executescript(_TABLES)
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @property
    def bytes(self) -> int:
        """Size of the file."""
        return self.path.stat().st_size

    @contextmanager
    def writing(self, *, wait: float) -> Iterator[None]:
        """A transaction that only one process has. Raises `Busy` after `wait` seconds."""
        self._connection.execute(f"PRAGMA busy_timeout={int(wait * 1000)}")
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            raise Busy(f"another process fills {self.path}") from error
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def standing(self) -> Standing:
        """How far it is; nowhere where its signatures were made in another way."""
        row = self._connection.execute("SELECT * FROM standing").fetchone()
        if row is None or row[0] != ALGORITHM:
            return Standing()
        return Standing(*row[1:])

    def stand(self, at: Standing) -> None:
        """Note how far it is now."""
        self._connection.execute("DELETE FROM standing")
        values = (ALGORITHM, at.revision, at.article, at.settled, at.made_at)
        self._connection.execute("INSERT INTO standing VALUES (?, ?, ?, ?, ?)", values)

    def clear(self) -> None:
        """Forget all signatures."""
        for name in ("standing", "signatures", "articles_by_value"):
            self._connection.execute(f"DELETE FROM {name}")  # noqa: S608

    def put(self, article: int, signature: Sequence[int]) -> None:
        """Set an article's signature; an empty one takes it out."""
        before = self.signature(article)
        if before == list(signature):
            return
        if before:
            self._connection.executemany(
                "DELETE FROM articles_by_value WHERE value = ? AND article = ?",
                [(value, article) for value in before],
            )
            self._connection.execute("DELETE FROM signatures WHERE article = ?", (article,))
        if not signature:
            return
        packed = struct.pack(f"<{len(signature)}I", *signature)
        self._connection.execute("INSERT INTO signatures VALUES (?, ?)", (article, packed))
        self._connection.executemany(
            "INSERT INTO articles_by_value VALUES (?, ?)",
            [(value, article) for value in signature],
        )

    def signature(self, article: int) -> list[int]:
        """The signature of an article; empty where it has none."""
        row = self._connection.execute(
            "SELECT vals FROM signatures WHERE article = ?", (article,)
        ).fetchone()
        return [] if row is None else list(struct.unpack(f"<{len(row[0]) // 4}I", row[0]))

    def alike(self, article: int) -> list[int]:
        """Articles that have enough of this one's values, those with most of them first."""
        values = self.signature(article)
        rows = self._connection.execute(_look_up(len(values)), values).fetchall() if values else []
        often = Counter(value for value, _ in rows)
        met = Counter(other for value, other in rows if often[value] < COMMONPLACE)
        del met[article]
        best = sorted((-count, other) for other, count in met.items() if count >= COMMON)
        return [other for _, other in best[:LOOKED_AT]]
