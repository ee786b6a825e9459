"""`kill -9` of a writing process: stored means article, version and a readable record."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from corpus.database import Database

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("dying_writer.py")


def test_killed_writer_leaves_pages_articles_and_records_in_step(database_url, tmp_path):
    seed = random.randrange(10**6)
    print("seed", seed)
    moments = random.Random(seed)
    for _ in range(5):
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), database_url, str(tmp_path / "archive")],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        # A random moment is what is tested; nothing is waited for.
        time.sleep(moments.uniform(0.02, 0.5))
        process.kill()
        process.wait(10)
        process.stdout.close()
        check(database_url, tmp_path)


def check(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url, root=tmp_path)
    with database.reading() as connection:
        ask = connection.exec_driver_sql
        stored = ask("SELECT key FROM pages WHERE state = 'stored' ORDER BY key").scalars().all()
        held = ask("SELECT key FROM articles ORDER BY key").scalars().all()
        versions = ask("SELECT count(*) FROM article_versions").scalar()
        strays = ask("SELECT count(*) FROM pages WHERE state NOT IN ('queued', 'leased', 'stored')")
        assert stored == held
        assert versions == len(held)
        assert strays.scalar() == 0
        rows = ask(
            "SELECT number, warc_file, warc_offset, warc_length, warc_digest FROM articles"
        ).all()
    database.dispose()
    for number, name, offset, length, digest in rows:
        with (tmp_path / "archive" / name).open("rb") as file:
            file.seek(offset)
            (record,) = [
                (r.rec_headers.get_header("WARC-Payload-Digest"), r.raw_stream.read())
                for r in ArchiveIterator(BytesIO(file.read(length)))
            ]
        assert record == (digest, f"article {number}".encode() * 50)
