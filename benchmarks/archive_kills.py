"""`kill -9` aimed at the archive: inside a member, before and after the flush that a commit waits
for, around the index and the renaming of a file. After each every row is read back.

Run `python -m benchmarks.archive_kills [seed]` from the project's folder: 21 kills on SQLite, each
at another passage of its point, drawn at random. It ends with an AssertionError for a row without
its record; other tools' readers judge the files at the end.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from random import Random, randrange

from tests.corpus.test_kill import kill_at_points

PASSAGES = 3


def main(seed: int | None = None) -> None:
    """Kill and look."""
    seed = randrange(10**6) if seed is None else seed
    passages = tuple(Random(seed).sample(range(1, 9), PASSAGES))
    print(f"seed {seed}, at passages {passages}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kills = kill_at_points(f"sqlite:///{folder / 'corpus.db'}", folder, passages)
        files = len([*folder.rglob("*.warc.gz")])
    print(f"{kills} kills, {files} files, 0 rows without a readable record")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
