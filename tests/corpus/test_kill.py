"""`kill -9` of a writing process: stored means article, version and a readable record."""

from __future__ import annotations

import random
import time
from contextlib import nullcontext, suppress
from multiprocessing import Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from corpus.archive import WarcPlace
from corpus.archive_reading import read_page
from corpus.database import Database
from corpus.warc.recovery import recover
from tests.commands import forked
from tests.corpus.dying_writer import POINTS, main
from tests.warc_readers import accepted


def start(url: str, folder: Path, *point: Any) -> BaseProcess:
    here, there = Pipe(duplex=False)
    process = forked(main, url, str(folder / "archive"), there, *point)
    there.close()
    # One that dies at a point may be dead before it says so.
    with here, suppress(EOFError) if point else nullcontext():
        assert here.recv() == "writing"
    return process


def test_killed_writer_leaves_pages_articles_and_records_in_step(database_url, tmp_path):
    seed = random.randrange(10**6)
    print("seed", seed)
    moments = random.Random(seed)
    for _ in range(4):
        process = start(database_url, tmp_path)
        # A random moment is what is tested; nothing is waited for.
        time.sleep(moments.uniform(0.02, 0.5))
        process.kill()
        process.join(10)
        check(database_url, tmp_path)


def test_writer_killed_at_each_point_of_its_writing_leaves_no_row_without_a_record(tmp_path):
    kill_at_points(f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path, passages=(3,))


def kill_at_points(url: str, folder: Path, passages: tuple[int, ...]) -> int:
    """One kill at every point and passage; all rows are read back after each. How many kills."""
    kills = 0
    for point in POINTS:
        for passage in passages:
            process = start(url, folder, point, passage)
            process.join(60)
            assert process.exitcode == -9, point
            check(url, folder)
            kills += 1
    archive = folder / "archive"
    assert not [*archive.rglob("*.open")]
    accepted(sorted(archive.rglob("*.warc.gz")))
    return kills


def check(database_url: str, folder: Path) -> None:
    database = Database(database_url, root=folder)
    with database.reading() as connection:
        ask = connection.exec_driver_sql
        stored = ask("SELECT key FROM pages WHERE state = 'stored' ORDER BY key").scalars().all()
        held = ask("SELECT key FROM articles ORDER BY key").scalars().all()
        versions = ask("SELECT count(*) FROM article_versions").scalar()
        strays = ask("SELECT count(*) FROM pages WHERE state NOT IN"
                     " ('queued', 'leased', 'stored', 'missing')")  # fmt: skip
        assert stored == held
        assert versions == len(held)
        assert strays.scalar() == 0
        place = "warc_file, warc_offset, warc_length, warc_digest"
        rows = ask(f"SELECT number, {place} FROM articles").all()
        pages = ask(f"SELECT number, {place} FROM pages WHERE settled_at IS NOT NULL").all()
    database.dispose()
    if (folder / "archive").exists():
        recover(folder / "archive", "abamako")
    assert len(pages) >= len(rows)
    for number, *where in (*rows, *pages):
        page = read_page(folder / "archive", WarcPlace(*where))
        assert (folder / "archive" / where[0]).exists()
        assert page.payload_digest == where[3]
        told = b"not found" if number % 3 == 2 else f"article {number}".encode()
        assert page.body == told * 50
