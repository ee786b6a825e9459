"""Reprints of a generated corpus with known families: found, wrong, and what finding costs.

    .venv/bin/python -m benchmarks.reprints [articles] [families]

Adds to a corpus of `articles` unrelated ones (default 20,000; see `benchmarks.corpora`) families of
an original and four copies: cut to 60 %, retitled, with paragraphs and sentences in another order,
with a new byline and opening. Prints F1 over pairs (copy, earliest original), unrelated pairs, the
time of a signature, of a step of 200 new articles stored and linked at the end, and the size of the
cache against the corpus'. A path in place of a count takes a corpus that is there.
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import corpora
from corpus.database import Database
from corpus.reprints import STEP, Progress, link_reprints
from corpus.signature_cache import SignatureCache
from corpus.signatures import shingles, signature

FIRST = 100_000_000
"""Id of the first article of a family."""


def halves(text: str) -> list[str]:
    """The sentences of a generated text."""
    return [sentence for part in text.split("\n\n") for sentence in part.split(". ")]


def copies(random: Random, body: str) -> Iterator[str]:
    """The four kinds of copy, and all of it together."""
    sentences = halves(body)
    cut = sentences[: max(1, round(len(sentences) * 0.6))]
    yield ". ".join(cut)
    yield body
    paragraphs = body.split("\n\n")
    random.shuffle(paragraphs)
    yield "\n\n".join(paragraphs)
    yield f"De notre correspondant.\n\n{corpora.text(random, 25)}\n\n{body}"
    random.shuffle(cut)
    yield f"{corpora.text(random, 20)}\n\n" + ". ".join(cut)


def family(random: Random, first: int) -> Iterator[dict[str, Any]]:
    """An original and its copies, as rows; the copies come later, in other portals."""
    (row,) = corpora.articles(1, first)
    day = date(2012, 1, 1) + timedelta(random.randrange(3000))
    bodies = [row["body"], *copies(random, row["body"])]
    for place, body in enumerate(bodies):
        number = first + place
        title = row["title"] if place in (0, 1, 3) else f"Autre titre {number}"
        own = {"id": number, "number": number, "key": f"news/h/{number}", "title": title}
        when = (day + timedelta(place)).isoformat()
        text = {"body": body, "word_count": len(body.split()), "published_on": when}
        yield row | own | text | {"portal": corpora.PORTALS[place % len(corpora.PORTALS)]}


def linked(path: Path) -> tuple[set[tuple[int, int]], int]:
    """(pairs of copy and original, those of them that are outside the families)."""
    connection = sqlite3.connect(path)
    pairs = set(connection.execute("SELECT article_id, original_id FROM reprints"))
    connection.close()
    return pairs, sum(1 for pair in pairs if min(pair) < FIRST)


def main(given: str = "20000", families: str = "300") -> None:
    """Build, link, count, measure."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "corpus.db"
        if given.isdigit():
            corpora.build(path, int(given))
        else:
            shutil.copy(given, path)
        random = Random(7)
        rows = [row for n in range(int(families)) for row in family(random, FIRST + n * 10)]
        wanted = {(row["id"], row["id"] // 10 * 10) for row in rows if row["id"] % 10}
        for row in rows:
            row["corpus_revision"] = 10**9
        random.shuffle(rows)
        database = Database(f"sqlite:///{path}", root=path.parent)
        cache = SignatureCache(path.parent)
        began = time.perf_counter()

        def told(progress: Progress) -> bool:
            rate = progress.done / (time.perf_counter() - began)
            print(f"\r{progress.done:,} of {progress.total:,}, {rate:,.0f}/s", end="",
                  file=sys.stderr)  # fmt: skip
            return True

        before = link_reprints(database, cache, go_on=told)
        print(f"\nlinked {before.done:,} articles, {before.links} links", file=sys.stderr)
        steps = []
        for start in range(0, len(rows), STEP):
            part = rows[start : start + STEP]
            connection = sqlite3.connect(path, isolation_level=None)
            began = time.perf_counter()
            store(connection, part)
            connection.close()
            link_reprints(database, cache)
            steps.append(time.perf_counter() - began)
        pairs, strange = linked(path)
        right = len(pairs & wanted)
        precision, recall = right / max(1, len(pairs)), right / len(wanted)
        print(f"pairs wanted {len(wanted)}, found {len(pairs)}, right {right}: "
              f"F1 {2 * precision * recall / (precision + recall):.4f}")  # fmt: skip
        print(f"pairs with an unrelated article {strange}")
        print(f"step of {STEP}, stored and linked: {statistics.median(steps):.3f} s, "
              f"longest {max(steps):.3f} s")  # fmt: skip
        texts = [row["body"] for row in rows]
        print(f"signature {median_ms(texts):.3f} ms an article")
        size = path.stat().st_size
        print(f"cache {cache.bytes / 1e6:.1f} MB, {cache.bytes / size:.1%} of the corpus")


def store(connection: sqlite3.Connection, rows: list[dict[str, Any]]) -> None:
    """Store the rows as one change."""
    connection.execute("BEGIN IMMEDIATE")
    made = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
    (revision,) = connection.execute(
        f"INSERT INTO revisions (made_at) VALUES ({made}) RETURNING id"  # noqa: S608
    ).fetchone()
    for row in rows:
        row["corpus_revision"] = revision
    marks = ", ".join(f":{column}" for column in rows[0])
    connection.executemany(
        f"INSERT INTO articles ({', '.join(rows[0])}) VALUES ({marks})",  # noqa: S608
        rows,
    )
    connection.execute("COMMIT")


def median_ms(texts: list[str]) -> float:
    """Milliseconds of CPU a signature takes, median of seven rounds."""
    took = []
    for _ in range(7):
        began = time.process_time()
        for text in texts:
            signature(shingles(text))
        took.append((time.process_time() - began) / len(texts) * 1000)
    return statistics.median(took)


if __name__ == "__main__":
    main(*sys.argv[1:])
