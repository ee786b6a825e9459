"""A writer on a fresh database, and shorthand for what the tests hand to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from corpus.archive import Archive, Capture
from corpus.database import Database
from corpus.discoveries import Found
from corpus.storing import StoredArticle
from corpus.writer import Writer
from tests import shelf
from tests.databases import put_tables

NOW = datetime(2024, 4, 2, 12, 30, tzinfo=UTC)


class Desk:
    """A writer whose results are waited for."""

    def __init__(self, url: str, root: Path, **options: Any) -> None:
        self.root = root
        self.database = Database(put_tables(url), root=root)
        self.database.prepare()
        self.problems: list[Exception] = []
        self.archive = Archive(root / "archive", "abamako", "1")
        self.writer = Writer(
            self.database, self.archive, on_failure=self.problems.append, **options
        )

    def start(self, *units: Any) -> list[Queue[Any]]:
        """Hand in units; return where each result will come."""
        boxes: list[Queue[Any]] = [Queue() for _ in units]
        for unit, box in zip(units, boxes, strict=True):
            self.writer.put(unit, box.put)
        return boxes

    def all(self, *units: Any) -> list[Any]:
        """Results of units, exceptions among them."""
        return [box.get(timeout=60) for box in self.start(*units)]

    def __call__(self, unit: Any) -> Any:
        """The result of one unit; raises what it came to."""
        result = self.all(unit)[0]
        if isinstance(result, Exception):
            raise result
        return result

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query gives."""
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]

    def close(self) -> None:
        """End the thread."""
        assert self.writer.stop(60)
        self.database.dispose()


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(database_url, tmp_path, delay=0.01)
    yield desk
    desk.close()


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def make(url: str, **options: Any) -> Desk:
        desks.append(Desk(url, tmp_path, **options))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def found() -> Callable[..., Found]:
    def make(
        number: int | None, route: str = "sections:politique", day: date | None = None, **more: Any
    ) -> Found:
        key = f"news/h/{number}"
        values: dict[str, Any] = {
            "key": key,
            "site": "news",
            "kind": "h",
            "number": number,
            "url": f"http://news.abamako.com/h/{number}.html",
            "route": route,
            "listed_on": day,
        }
        return Found(**(values | more))

    return make


@pytest.fixture
def article() -> Callable[..., StoredArticle]:
    return shelf.article


@pytest.fixture
def capture() -> Callable[..., Capture]:
    def make(number: int = 1, body: bytes = b"<html>corps</html>", **more: Any) -> Capture:
        values: dict[str, Any] = {
            "url": f"http://news.abamako.com/h/{number}.html?a=1",
            "method": "GET",
            "request_headers": [(b"User-Agent", b"titrologue/0.1")],
            "status": 200,
            "reason": "OK",
            "headers": [(b"Content-Type", b"text/html; charset=iso-8859-1")],
            "body": body,
            "fetched_at": NOW,
        }
        return Capture(**(values | more))

    return make
