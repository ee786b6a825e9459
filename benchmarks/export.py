"""Exports of a large corpus: memory, and rows a second against the least that could be done.

Run `python -m benchmarks.export [articles or corpus.db] [formats]` from the project's folder, such
as `python -m benchmarks.export 1000000 parquet,folder`. A number makes a corpus of as many articles
(benchmarks.corpora); a file is one that is there. The floor is a Python of its own with sqlite3 and
pyarrow alone, which writes the same rows untyped, as they come, without a manifest, into the same
row groups and compression; then `scrapy export` is run as a user runs it, in each format. Peak
memory is that of the whole process (`ru_maxrss`). Ends with 1 where a bound is not held.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpora import build
from corpus.exporting.parquet import BYTES_IN_GROUP, ROWS_IN_GROUP

MOST_MB = 250
"""Peak memory of an export of a million rows to Parquet."""
LEAST = 0.5
"""Share of the floor's rows a second."""
FORMATS = {
    "parquet": ("out.parquet",),
    "folder": ("out", "--partition", "portal,year"),
    "jsonl": ("out.jsonl",),
    "csv": ("out.csv",),
    "db": ("out.db",),
}
FLOOR = f"""
import sqlite3, sys
import pyarrow as pa, pyarrow.parquet as pq
cursor = sqlite3.connect(sys.argv[1]).execute("SELECT * FROM articles ORDER BY id")
names = [column[0] for column in cursor.description]
writer = schema = None
while rows := cursor.fetchmany({ROWS_IN_GROUP}):
    # A column that begins without a value is text, as most are.
    arrays = [pa.array(column) for column in zip(*rows)] if schema is None else [
        pa.array(column, field.type) for column, field in zip(zip(*rows), schema)]
    if schema is None:
        arrays = [a.cast(pa.string()) if a.type == pa.null() else a for a in arrays]
        schema = pa.schema([(n, a.type) for n, a in zip(names, arrays)])
        writer = pq.ParquetWriter(sys.argv[2], schema, compression="zstd", compression_level=3)
    writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
writer.close()
"""  # noqa: S608  a program


@dataclass(frozen=True)
class Cost:
    """What a process took."""

    wall: float
    cpu: float
    peak: float
    """Megabytes (a million bytes each)."""
    size: int
    """Bytes that it wrote."""


def main(corpus: str = "100000", formats: str = "parquet") -> int:
    """Measure, print, and return the exit code."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        folder = Path(name)
        path = Path(corpus).absolute()
        if corpus.isdigit():
            path = folder / "corpus.db"
            build(path, int(corpus), lean=True)
        rows = _count(path)
        print(f"{rows:,} articles, {path.stat().st_size / 1e9:.1f} GB; row groups of "
              f"{ROWS_IN_GROUP} rows or {BYTES_IN_GROUP >> 20} MiB")  # fmt: skip
        floor = _run([sys.executable, "-c", FLOOR, str(path)], folder / "floor.parquet")
        _print("floor: sqlite3 and pyarrow", rows, floor, floor)
        held = True
        for form in formats.split(","):
            out, *options = FORMATS[form]
            scrapy = [sys.executable, "-m", "scrapy", "export", *options]
            cost = _run([*scrapy, "-s", f"CORPUS_URL=sqlite:///{path}"], folder / out)
            _print(f"scrapy export {' '.join(FORMATS[form])}", rows, cost, floor)
            if form == "parquet":
                held = cost.peak <= MOST_MB and floor.cpu / cost.cpu >= LEAST
        return 0 if held else 1


def _count(path: Path) -> int:
    import sqlite3

    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
    finally:
        connection.close()


def _run(command: list[str], out: Path) -> Cost:
    """Run a command that writes `out`, its last argument, and remove that again."""
    began = time.monotonic()
    process = subprocess.Popen([*command, str(out)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    wall = time.monotonic() - began
    files = [out] if out.is_file() else [p for p in out.rglob("*") if p.is_file()]
    size = sum(file.stat().st_size for file in files)
    for file in files:
        file.unlink()
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(wall, cpu, usage.ru_maxrss * 1024 / 1e6, size)


def _print(what: str, rows: int, cost: Cost, floor: Cost) -> None:
    print(
        f"{what:48} {rows / cost.wall:7,.0f} rows/s {rows / cost.cpu:7,.0f} rows/CPU s"
        f" {floor.cpu / cost.cpu:5.2f} of the floor {cost.peak:6.0f} MB {cost.size / 1e9:6.2f} GB",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
