"""The search index of a large corpus: how fast it is built and answers, against SQLite's FTS5.

Run `python -m benchmarks.search [articles or corpus.db] [folder of its index]` from the project's
folder: a number (default 50000) makes a corpus of as many articles (benchmarks.corpora), a file is
one of those that was kept; its newest 1,000 articles are numbered as changed. Times are by the
clock and by CPU, which other work on the machine disturbs less; FTS5 takes the same texts in the
same run. Questions are of words drawn by their frequency, so the commonest are asked most; each
with a facet, ranked, ten hits, the median of three; as `scrapy search` asks them, and as with
`--exact`, with the share of the exact answer's hits that the former has, and by how much its totals
are off.
"""

from __future__ import annotations

import resource
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import func, select, update

from benchmarks.corpora import build, draw
from corpus.database import Database
from corpus.models import Article, table
from corpus.revisions import new_revision
from corpus.searching.answers import Searcher
from corpus.searching.question import parse
from corpus.searching.shelf import Shelf
from corpus.searching.upkeep import bring_up, shelf_of
from crawler.settings import SEARCH_EXACT_UP_TO

ARTICLES = table(Article)
SAMPLE = 10_000
"""Articles that FTS5 takes, and the index for the ratio: its rate is even."""
CHANGED = 1000
"""Articles of a run."""
QUESTIONS = 400
TIMES = 3
"""How often each is asked."""
SEED = 7


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of CPU over all threads."""

    wall: float
    cpu: float


def spent(work: Callable[[], object]) -> Spent:
    """What `work` took."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


def quiet(what: str, total: int) -> Callable[[int], None]:
    """Progress that says nothing."""
    return lambda count: None


def main(corpus: str, kept: Path | None) -> None:
    """Build, catch up, ask; print a line each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = Path(corpus)
        if corpus.isdigit():
            path = folder / "corpus.db"
            build(path, int(corpus), lean=True)
        database = Database(f"sqlite:///{path.resolve()}", root=folder)
        shelf = shelf_of(kept or folder / "search", database)
        with database.reading() as connection:
            count = connection.execute(select(func.count()).select_from(ARTICLES)).scalar_one()
        print(f"articles       {count:,}")
        if shelf.current() is None:
            _tell_build(shelf, database, count)
        _tell_ratio(database, folder)
        _tell_catching_up(shelf, database)
        size = path.stat().st_size / 1e6
        print(f"on disk        {shelf.size() / 1e6:,.0f} MB, the database {size:,.0f}")
        _tell_questions(shelf)
        print(f"memory         {_peak():,.0f} MB at the most, mapped files of the index among it")
        database.dispose()


def _tell_build(shelf: Shelf, database: Database, count: int) -> None:
    took = spent(lambda: bring_up(shelf, database, progress=quiet))
    print(
        f"built          {count / took.wall:,.0f} articles/s, "
        f"{took.cpu / count * 1e6:,.0f} µs of CPU an article, {_peak():,.0f} MB at the most"
    )


def _tell_ratio(database: Database, folder: Path) -> None:
    """The same texts into FTS5 and into an index of their own."""
    part = folder / "part.db"
    build(part, SAMPLE, lean=True)
    sample = Database(f"sqlite:///{part}", root=folder)
    shelf = shelf_of(folder / "part", sample)
    ours = spent(lambda: bring_up(shelf, sample, progress=quiet))
    floor = spent(lambda: _fts5(part, folder / "fts.db"))
    sample.dispose()
    shutil.rmtree(shelf.folder)
    print(
        f"to FTS5        {floor.wall / ours.wall:.2f} of its articles/s by the clock, "
        f"{floor.cpu / ours.cpu:.2f} by CPU (it stems nothing)"
    )


def _fts5(source: Path, target: Path) -> None:
    read, write = sqlite3.connect(source), sqlite3.connect(target)
    write.execute(
        "CREATE VIRTUAL TABLE texts USING fts5(title, body, content='', "
        "tokenize='unicode61 remove_diacritics 2')"
    )
    rows = read.execute("SELECT id, title, body FROM articles ORDER BY id")
    write.executemany("INSERT INTO texts (rowid, title, body) VALUES (?, ?, ?)", rows)
    write.commit()
    read.close()
    write.close()


def _tell_catching_up(shelf: Shelf, database: Database) -> None:
    with database.writing() as connection:
        revision = new_revision(connection, datetime.now(UTC))
        newest = select(ARTICLES.c.id).order_by(ARTICLES.c.id.desc()).limit(CHANGED)
        connection.execute(
            update(ARTICLES).where(ARTICLES.c.id.in_(newest)).values(corpus_revision=revision)
        )
    took = spent(lambda: bring_up(shelf, database, progress=quiet))
    print(f"caught up      {took.wall:.2f} s after {CHANGED} articles, {took.cpu:.2f} s of CPU")


def _tell_questions(shelf: Shelf) -> None:
    index = shelf.current()
    assert index is not None
    random = Random(SEED)
    searchers = Searcher(index, exact_up_to=SEARCH_EXACT_UP_TO), Searcher(index)
    for words in (1, 2, 3):
        asked = [" ".join(draw(random, words)) for _ in range(QUESTIONS)]
        _tell(f"{words} word{'s' * (words > 1)}", searchers, asked)
    for words in (2, 3):
        drawn = [" ".join(draw(random, words)) for _ in range(QUESTIONS)]
        _tell(f"phrase of {words}", searchers, [f'"{one}"' for one in drawn])


def _tell(what: str, searchers: Sequence[Searcher], asked: Sequence[str]) -> None:
    taken: list[list[Spent]] = [[], []]
    alike: list[float] = []
    off: list[float] = []
    for question in filter(None, map(parse, asked)):
        asks = [
            partial(searcher.ask, question, limit=10, facets=("section",)) for searcher in searchers
        ]
        for ask, times in zip(asks, taken, strict=True):
            times.append(_median([spent(ask) for _ in range(TIMES)]))
        about, exact = (ask() for ask in asks)
        if not about.exact:
            off.append(abs(about.total / exact.total - 1))
            alike.append(len({*about.hits} & {*exact.hits}) / len(exact.hits))
    print(f"{what:<14} {_figures(taken[0])}; exact {_figures(taken[1])}")
    if off:
        print(
            f"{'':<14} {len(off)} of {len(asked)} estimated: {statistics.mean(alike):.0%} of the "
            f"exact hits, totals off by {statistics.median(off):.1%}, {_p95(off):.1%} at p95"
        )


def _median(spent: Sequence[Spent]) -> Spent:
    walls, cpus = ([getattr(one, name) for one in spent] for name in ("wall", "cpu"))
    return Spent(statistics.median(walls), statistics.median(cpus))


def _figures(taken: Sequence[Spent]) -> str:
    wall, cpu = ([getattr(one, name) * 1000 for one in taken] for name in ("wall", "cpu"))
    return (
        f"p50 {statistics.median(wall):.1f} ms, p95 {_p95(wall):.1f} "
        f"(CPU {statistics.median(cpu):.1f} and {_p95(cpu):.1f})"
    )


def _peak() -> float:
    """Megabytes that were resident at once, so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


if __name__ == "__main__":
    main(
        sys.argv[1] if len(sys.argv) > 1 else "50000",
        Path(sys.argv[2]).absolute() if len(sys.argv) > 2 else None,
    )
