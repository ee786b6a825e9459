"""A small crawl without a network, made to be killed: leases, settles and archives for ever.

`main` is run in a process of its own.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Queue
from typing import Any

from corpus import archive as archives
from corpus.archive import Archive, Capture
from corpus.database import Database
from corpus.frontier import Discover, Found, Lease, Reclaim, RunStart, Settle
from corpus.storing import StoredArticle
from corpus.warc.recovery import recover
from corpus.writer import Writer

FULL = 40_000
"""Bytes of a file: some rotate while it lives."""


def die() -> None:
    """As `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def half_written(file: Any, data: bytes) -> None:
    """A member of which half is in the file."""
    file.write(data[: len(data) // 2])
    die()


def before(real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, **more: die()


def after(real: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **more: Any) -> None:
        real(*args, **more)
        die()

    return call


POINTS: dict[str, tuple[Any, str, Callable[[Any], Any]]] = {
    "in-member": (archives, "write_all", lambda real: half_written),
    "before-flush": (Archive, "flush", before),
    "between-flush-and-commit": (Archive, "flush", after),
    "before-index": (archives, "write_index", before),
    "before-rename": (archives, "finish", before),
    "after-rename": (archives, "finish", after),
    "in-rename": (os, "rename", after),
}
"""Where it may die: what is called there, and how the call ends."""


def arm(point: str, passage: int) -> None:
    """Die at the `passage`-th call."""
    owner, name, ending = POINTS[point]
    real = getattr(owner, name)
    left = [passage]

    def call(*args: Any, **more: Any) -> Any:
        left[0] -= 1
        return (real if left[0] else ending(real))(*args, **more)

    setattr(owner, name, call)


def main(url: str, folder: str, begun: Connection, point: str = "", passage: int = 1) -> None:
    """Crawl into the database at `url` and the archive at `folder`; `begun` gets a word when it
    begins to write. It dies by its own hand at a `passage` of a `point`, if there is one."""
    database = Database(url, root=Path(folder))
    database.prepare()
    recover(Path(folder), "abamako")
    if point:
        arm(point, passage)
    archive = Archive(Path(folder), "abamako", str(os.getpid()), full=FULL)
    writer = Writer(database, archive, on_failure=print)

    def call(unit: Any) -> Any:
        box: Queue[Any] = Queue()
        writer.put(unit, box.put)
        return box.get()

    call(Reclaim("abamako"))
    run = call(RunStart("abamako", "sections"))
    last = 0
    begun.send("writing")
    while True:
        found = [
            Found(f"news/h/{n}", "news", "h", n, f"http://x/{n}", "sections:a")
            for n in range(last, last + 20)
        ]
        last += 20
        call(Discover("abamako", run, found))
        for row in call(Lease("abamako", run, 20)):
            writer.put(settlement(row, run))


def settlement(row: Any, run: int) -> Settle:
    """The page as fetched: the body tells its number. Every third is «not found»."""
    now = datetime.now(UTC)
    missing = row.number % 3 == 2
    body = b"not found" * 50 if missing else f"article {row.number}".encode() * 50
    headers = [(b"Content-Type", b"text/html")]
    return Settle(
        "abamako",
        run,
        row.id,
        row.key,
        "missing" if missing else "stored",
        article=None if missing else article(row, now, body),
        answers=[Capture(row.url, "GET", [], 200, "OK", headers, body, now)],
        held=row.held,
    )


def article(row: Any, now: datetime, body: bytes) -> StoredArticle:
    return StoredArticle(
        portal="abamako",
        site="news",
        kind="h",
        number=row.number,
        key=row.key,
        url=row.url,
        content_hash="x",
        fetched_at=now,
        body=body.decode(),
    )
