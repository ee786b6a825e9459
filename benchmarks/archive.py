"""What `-a strategy=archive` costs on a large, sparse portal: requests, memory, and what it finds.

Run `python -m benchmarks.archive [numbers] [seed]` from the project's folder. It crawls a replica
of 20,000 numbers, many of them missing, from an empty corpus into SQLite, once, and prints the
figures. Linux only: memory is read from /proc.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from subprocess import Popen

from crawler.discovery.ids import REACH
from demo.sparse import make_sparse
from tests.crawls import desk

EVERY = 1.0
"""Seconds between two looks at the crawl's memory."""


def main(numbers: int = 20_000, seed: int = 1) -> None:
    """Measure and print."""
    world = make_sparse(seed, top=numbers)
    there = {stub.number for stub in world.stubs}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with desk(world, f"sqlite:///{folder / 'corpus.db'}", folder, forked=False) as d:
            began = time.monotonic()
            process = d.start("-a", "strategy=archive")
            memory = list(watched(process))
            seconds = time.monotonic() - began
            asked = [hit.path for hit in d.article_hits()]
            held = {number for _, _, number in d.articles()}
            skimmed = d.rows("select sum(last - first + 1) as numbers from number_ranges")
    live = around(held, numbers)
    lost = {number for number in there - held if number in live}
    print(f"seed {seed}: {numbers} numbers, {len(there)} articles, exit code {process.returncode}")
    print(f"articles found: {len(held)}; within {REACH} of one found and not found: {len(lost)}")
    print(
        f"requests: {len(asked)}, {len(asked) - len(set(asked))} of them twice; existing numbers "
        f"and missing ones in live ranges: {len(live)}; ratio {len(asked) / len(live):.3f}"
    )
    print(f"passed over, noted as not tried: {skimmed[0]['numbers'] or 0}")
    quarter = max(1, len(memory) // 4)
    print(
        f"memory in MB: {median(memory[quarter : 2 * quarter]):.0f} in the second quarter, "
        f"{median(memory[-quarter:]):.0f} in the last, peak {max(memory):.0f}"
    )
    print(f"{seconds:.0f} s, {len(asked) / seconds:.0f} requests/s, server on the same machine")


def around(held: set[int], highest: int) -> set[int]:
    """The numbers of the live ranges: up to `REACH` on both sides of each article."""
    return {
        near
        for number in held
        for near in range(max(1, number - REACH), min(highest, number + REACH) + 1)
    }


def watched(process: Popen[bytes]) -> list[float]:
    """Resident memory of a process in MB, once a second until it ends."""
    seen = []
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        for line in status.read_text().splitlines():
            if line.startswith("VmRSS:"):
                seen.append(int(line.split()[1]) / 1024)
        time.sleep(EVERY)
    return seen


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
