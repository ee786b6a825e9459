"""A small crawl without a network, made to be killed: leases, settles and archives for ever.

Arguments: database address, ARCHIVE_DIR. Prints a line when it begins to write.
"""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from typing import Any

from corpus.archive import Archive, Capture
from corpus.database import Database
from corpus.frontier import Discover, Found, Lease, Reclaim, RunStart, Settle
from corpus.storing import StoredArticle
from corpus.writer import Writer


def main(url: str, folder: str) -> None:
    database = Database(url, root=Path(folder))
    database.prepare()
    archive = Archive(Path(folder), "abamako", str(threading.get_native_id()))
    writer = Writer(database, archive, on_failure=print)

    def call(unit: Any) -> Any:
        box: Queue[Any] = Queue()
        writer.put(unit, box.put)
        return box.get()

    call(Reclaim("abamako"))
    run = call(RunStart("abamako", "sections"))
    last = 0
    print("writing", flush=True)
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
    """The page as fetched: the body tells its number."""
    now = datetime.now(UTC)
    body = f"article {row.number}".encode() * 50
    headers = [(b"Content-Type", b"text/html")]
    return Settle(
        "abamako",
        run,
        row.id,
        row.key,
        "stored",
        article=StoredArticle(
            portal="abamako",
            site="news",
            kind="h",
            number=row.number,
            key=row.key,
            url=row.url,
            content_hash="x",
            fetched_at=now,
            body=body.decode(),
        ),
        capture=Capture(row.url, "GET", [], 200, "OK", headers, body, now),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
