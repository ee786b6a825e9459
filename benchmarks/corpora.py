"""Generated corpora, up to millions of articles: French-like text whose words are as unevenly
frequent as those of a language (Zipf), by portals, sections, newspapers and days.

    .venv/bin/python -m benchmarks.corpora corpus.db 1000000 [lean]

Makes a SQLite corpus with articles, sections, pages and, unless `lean`, each article's first
version. The same count and seed give the same rows. Nothing of it goes past `corpus.database`,
which makes the tables; the rows are written by plain sqlite3, for speed.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from corpus.database import Database
from corpus.models import Article, ArticleVersion, Reading, table
from corpus.worse import content_hash

WORDS = 60_000
"""Forms of the vocabulary; French newspapers use about as many in a year."""
LENGTH = (60, 760, 330)
"""Words of the shortest and the longest article, and of the commonest length."""
FIRST_DAY = date(2009, 1, 5)
A_DAY = 180
"""Articles of a day, all portals together, so that a million span some fifteen years."""
STREAM = 4_000_000
"""Words drawn one by one; sentences are cut out of them anywhere, which is many times faster."""
ONCE = 1000
"""Articles that use up a tenth of the stream. The next ones read it by a longer stride, which makes
other runs of words out of it: hardly two articles share more of them than by chance."""
BATCH = 2000
PORTALS = ("abamako", "abidjan", "adakar", "aouaga", "acotonou", "alome", "aniamey")
SECTIONS = (
    ("Politique", "politique"),
    ("Économie", "economie"),
    ("Société", "societe"),
    ("Sports", "sports"),
    ("Faits divers", "faits-divers"),
    ("Culture", "culture"),
    ("Santé", "sante"),
)
SOURCES = ("L’Essor", "Info Matin", "Le Phare", "Nord-Sud", "L’Aube", "Le Courrier", None)


def _forms(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FREQUENT = _forms(
    "de la le et les des en à du un une que qui pour dans est par sur au ce pas il ne se plus a "
    "son avec sont aux sa ont cette été mais ou nous être fait tout leur ces y ils elle deux "
    "aussi même après comme pays ministre président gouvernement selon avait entre lors sans "
    "était dont où ainsi afin coton région ville or marché maire école santé cercle commune "
    "l’État l’homme l’école d’une d’un qu’il n’est s’est c’est l’eau aujourd’hui œuvre cœur"
)
_STARTS = _forms(
    "ba bou ca co dé di é fa fo gou la li ma mi na o pa pré ra ré sa so ta tri u va vi"
)
_MIDDLES = _forms("bi ca dé fi gra la li mu na no pi ra re ri sou ta ti to va vé")
_ENDS = _forms(
    "tion tions ment ments er é ée és ées eur eurs euse ais aient ant ante ité ités ique iques "
    "age ages al aux e es isme iste if ive ir it ons oir"
)


@cache
def vocabulary() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Words by falling frequency, and the running sums of their weights (1 / rank ** 1.05)."""
    random = Random("vocabulary")
    words = dict.fromkeys(_FREQUENT)
    while len(words) < WORDS:
        middle = "".join(random.choices(_MIDDLES, k=random.choice((0, 1, 1, 2))))
        words[random.choice(_STARTS) + middle + random.choice(_ENDS)] = None
    weights = accumulate(1 / rank**1.05 for rank in range(1, WORDS + 1))
    return tuple(words), tuple(weights)


def draw(random: Random, count: int) -> list[str]:
    """Words as often as the language has them."""
    words, weights = vocabulary()
    return random.choices(words, cum_weights=weights, k=count)


@cache
def _stream() -> list[str]:
    return draw(Random("stream"), STREAM)


def _cut(random: Random, count: int, stride: int) -> str:
    """`count` words, the first with a capital."""
    start = int(random.random() * (STREAM - count * stride))
    words = " ".join(_stream()[start : start + count * stride : stride])
    return words[0].upper() + words[1:]


def text(random: Random, count: int, stride: int = 1) -> str:
    """Sentences of some eighteen words, `count` together, paragraphs of some four sentences."""
    sentences = []
    left = count
    while left > 0:
        length = min(left, 8 + int(random.random() * 20))
        sentences.append(_cut(random, length, stride) + ".")
        left -= length
    paragraphs = (" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4))
    return "\n\n".join(paragraphs)


def articles(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Rows of `articles`, values as SQLite holds them, oldest first."""
    random = Random(seed)
    for number in range(1, count + 1):
        portal = PORTALS[int(random.triangular(0, len(PORTALS), 0))]
        section, _ = random.choice(SECTIONS)
        day = FIRST_DAY + timedelta(number // A_DAY)
        at = f"{day} {random.randint(6, 21):02}:{random.randint(0, 59):02}:00.000000"
        stride = 1 + number // ONCE
        title = _cut(random, 5 + int(random.random() * 9), stride)
        words = int(random.triangular(*LENGTH))
        body = text(random, words, stride)
        yield {
            "id": number,
            "portal": portal,
            "site": "news",
            "kind": "h",
            "number": number,
            "key": f"news/h/{number}",
            "url": f"http://news.{portal}.com/h/{number}.html",
            "section": section,
            "title": title,
            "published_on": day.isoformat(),
            "published_precision": "day",
            "published_raw": f"Publié le {day:%d/%m/%Y}",
            "source": random.choice(SOURCES),
            "author": random.choice((None, "Awa TRAORÉ", "Moussa DIARRA", "Issa KONÉ")),
            "lead": body.partition("\n\n")[0],
            "body": body,
            "word_count": words,
            "language": "fr",
            "truncated": 0,
            "signs": '{"title":"selector:h1","body":"selector:td"}',
            "flags": "[]",
            "version": 1,
            "content_hash": content_hash(title, body),
            "extractor_revision": "1",
            "knowledge_revision": 0,
            "fetched_at": at,
            "first_seen_at": at,
            "last_seen_at": at,
            "updated_at": at,
            "corpus_revision": 1 + number // BATCH,
        }


def build(path: Path, count: int, *, seed: int = 1, lean: bool = False) -> None:
    """Make the corpus at `path`, where nothing must be; says on standard error how far it is."""
    database = Database(f"sqlite:///{path.resolve()}", root=path.parent)
    database.prepare()
    database.dispose()
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000"):
        connection.execute(f"PRAGMA {pragma}")
    began = time.monotonic()
    batch: list[dict[str, Any]] = []
    for row in articles(count, seed):
        batch.append(row)
        if len(batch) == BATCH or row["id"] == count:
            _write(connection, batch, lean=lean)
            batch = []
            rate = row["id"] / (time.monotonic() - began)
            print(f"\r{row['id']:,} of {count:,}, {rate:,.0f}/s", end="", file=sys.stderr)
    print(file=sys.stderr)
    connection.execute("ANALYZE")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _write(connection: sqlite3.Connection, rows: Sequence[dict[str, Any]], *, lean: bool) -> None:
    connection.execute("BEGIN")
    revision = rows[-1]["corpus_revision"]
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    connection.execute("INSERT OR IGNORE INTO revisions VALUES (?, ?)", (revision, now))
    _insert(connection, table(Article).name, rows)
    slugs = dict(SECTIONS)
    sections = [
        {
            "article_id": row["id"],
            "section": slugs[row["section"]],
            "label": row["section"],
            "first_seen_at": row["fetched_at"],
        }
        for row in rows
    ]
    _insert(connection, "article_sections", sections)
    if not lean:
        shared = [name for name in Reading.__annotations__ if name in rows[0]]
        versions = [
            {name: row[name] for name in shared}
            | {"article_id": row["id"], "version": 1, "cause": "site"}
            | {"created_at": row["fetched_at"]}
            for row in rows
        ]
        _insert(connection, table(ArticleVersion).name, versions)
    own = ("portal", "site", "kind", "number", "url", "key")
    pages = [
        {name: row[name] for name in own}
        | {"id": row["id"], "article_id": row["id"], "state": "stored", "last_result": "new"}
        | {"found_by": json.dumps(["sections:politique"]), "discovered_at": row["fetched_at"]}
        for row in rows
    ]
    _insert(connection, "pages", pages)
    connection.execute("COMMIT")


def _insert(connection: sqlite3.Connection, name: str, rows: Sequence[dict[str, Any]]) -> None:
    marks = ", ".join(f":{column}" for column in rows[0])
    connection.executemany(
        f"INSERT INTO {name} ({', '.join(rows[0])}) VALUES ({marks})",  # noqa: S608
        rows,
    )


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        raise SystemExit("usage: python -m benchmarks.corpora corpus.db ARTICLES [lean]")
    build(Path(sys.argv[1]), int(sys.argv[2]), lean=sys.argv[3:] == ["lean"])
