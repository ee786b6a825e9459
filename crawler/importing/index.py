"""Index: which captures the files hold and where they lie, in the order of their dates.

Bodies stay where they are. What cannot be found again in its file, inside gzip of a whole file, is
laid aside in a temporary file. The index is a temporary database, so millions of captures take disk
and not memory.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any, Final

from corpus.warc.records import HeaderList

LAID_ASIDE: Final = -1
"""Number of a source: the temporary file."""
_TABLES: Final = """
PRAGMA journal_mode = off;
PRAGMA synchronous = off;
CREATE TABLE captures (
    id INTEGER PRIMARY KEY, portal TEXT, date TEXT, url TEXT, source INT, at INT, origin INT,
    record TEXT, concurrent TEXT, digest TEXT, refers TEXT, refers_url TEXT, refers_date TEXT,
    revisit INT
);
CREATE TABLE requests (record TEXT, concurrent TEXT, source INT, at INT);
"""
_ORDER: Final = """
CREATE INDEX by_date ON captures (portal, date, id);
CREATE INDEX by_record ON captures (record);
CREATE INDEX by_url ON captures (url, date);
CREATE INDEX by_digest ON captures (digest);
CREATE INDEX request_by_record ON requests (record);
CREATE INDEX request_by_concurrent ON requests (concurrent);
"""
_REFERRED: Final = (
    "SELECT * FROM captures WHERE record = ? AND revisit = 0 ORDER BY id LIMIT 1",
    "SELECT * FROM captures WHERE url = ? AND date = ? AND revisit = 0 ORDER BY id LIMIT 1",
    "SELECT * FROM captures WHERE digest = ? AND revisit = 0 ORDER BY id LIMIT 1",
)
"""How a revisit says what it repeats, the surest first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A capture of an HTML page of one of our portals."""

    date: str
    """WARC-Date, UTC, so that texts are in order as times are."""
    url: str
    source: int
    """Number of the source where the record is read, or `LAID_ASIDE`."""
    at: int
    """Byte there."""
    origin: int
    """Number of the source where it came from."""
    record: str
    """WARC-Record-ID."""
    concurrent: str
    """WARC-Concurrent-To."""
    digest: str
    """WARC-Payload-Digest, upper case."""
    refers: str = ""
    refers_url: str = ""
    refers_date: str = ""
    """Of a revisit: what holds its payload."""
    revisit: int = 0
    """1 where it is one."""


class Index:
    """All captures that may be taken in. A context: it goes with its end."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")
        self.aside = TemporaryFile()  # noqa: SIM115  closed by the context

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()
        self.aside.close()

    def add(self, portal: str, entry: Entry) -> None:
        """Note a capture."""
        values = [getattr(entry, name) for name in Entry.__slots__]
        self._database.execute(
            "INSERT INTO captures VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [portal, *values],
        )

    def add_request(self, record: str, concurrent: str, source: int, at: int) -> None:
        """Note a request."""
        values = (record, concurrent, source, at)
        self._database.execute("INSERT INTO requests VALUES (?, ?, ?, ?)", values)

    def lay_aside(self, headers: HeaderList, block: bytes) -> int:
        """Keep a record in the temporary file; the byte where it begins."""
        at = self.aside.tell()
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        press = zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        for part in (f"WARC/1.1\r\n{head}\r\n".encode(), block, b"\r\n\r\n"):
            self.aside.write(press.compress(part))
        self.aside.write(press.flush())
        return at

    def close_books(self) -> None:
        """All is noted: now it can be asked."""
        self.aside.flush()
        self._database.execute("COMMIT")
        self._database.executescript(_ORDER)

    def counts(self) -> dict[str, int]:
        """Portal → captures."""
        query = "SELECT portal, count(*) FROM captures GROUP BY portal ORDER BY portal"
        return dict(self._database.execute(query))

    def of(self, portal: str) -> Iterator[Entry]:
        """The captures of a portal, the earliest first."""
        query = "SELECT * FROM captures WHERE portal = ? ORDER BY date, id"
        return map(_entry, self._database.execute(query, (portal,)))

    def request_of(self, entry: Entry) -> tuple[int, int] | None:
        """(source, byte) of the request that a capture answers."""
        query = (
            "SELECT source, at FROM requests WHERE (concurrent = ?1 AND ?1 <> '')"
            " OR (record = ?2 AND ?2 <> '') LIMIT 1"
        )
        found = self._database.execute(query, (entry.record, entry.concurrent)).fetchone()
        return (found[0], found[1]) if found else None

    def referred(self, entry: Entry) -> Entry | None:
        """The capture that holds the payload of a revisit, by its id, its address and date, or its
        digest."""
        says = ((entry.refers,), (entry.refers_url, entry.refers_date), (entry.digest,))
        for query, values in zip(_REFERRED, says, strict=True):
            if all(values) and (found := self._database.execute(query, values).fetchone()):
                return _entry(found)
        return None


def _entry(row: tuple[Any, ...]) -> Entry:
    return Entry(*row[2:])
