"""A corpus with whatever text may hold, on either database, and a folder for its exports."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from corpus.asking import snapshot
from corpus.columns import BIGGEST
from corpus.database import Database
from corpus.export import Export
from corpus.exporting.fields import fields_of, put_in_order, read_as
from corpus.exporting.manifest import Manifest, Wanted
from corpus.exporting.tables import TABLES
from corpus.models import ArticleEvent, Photo, Reprint, Run, table
from corpus.selection import question
from corpus.storing import StoredArticle, store_articles
from crawler.portals.sections import section_slug

NOW = datetime(2024, 4, 2, 12, 30, tzinfo=UTC)
HOSTILE = (
    "=1+1",
    " =cmd|' /C calc'!A0",
    "+33 1 23",
    "-5",
    "@SUM(A1)",
    "\tonglet",
    "＝pleine chasse",
    '"=1"',
    "'=1'",
    'dit « non », puis "oui", puis l’or, etc.',
    "une ligne\nune autre\r\net une, troisième\rfin",
    "",
    " ",
    "NULL",
    "None",
    "nan",
    "true",
    "0012",
    "1e5",
    "2024-01-01",
    "été œuvre 😀 \U0001f1f2\U0001f1f1 ﷺ \u202eturned\u202c",
    "\x01\x1f\x7f\x85\u2028\u2029\ufeff",
    "%s %(portal)s :portal ? {} \\ \\n $1",
    "<script>alert(1)</script>",
)


class Shelf:
    """A database with articles of every shape, and what belongs to them."""

    def __init__(self, url: str, root: Path) -> None:
        self.url = url
        self.database = Database(url, root=root)
        self.database.prepare()
        self.folder = root / "exports"
        self.folder.mkdir()

    def export(self, name: str, *, force: bool = False, **wanted: Any) -> Manifest:
        """Export, by default all articles."""
        path = self.folder / name
        exporting = Export(self.database, Wanted(**wanted), path, slug_of=section_slug, version="0")
        return exporting.run(force=force)

    def rows(self, name: str = "articles") -> list[dict[str, Any]]:
        """What a table holds, as Python's own values, by primary key."""
        own = TABLES[name]
        with self.database.reading() as connection:
            found = connection.execute(select(own).order_by(*own.primary_key.columns))
            return [dict(row) for row in found.mappings()]

    def canonical(self, name: str) -> list[tuple[Any, ...]]:
        """What a table holds in the form in which writers get it."""
        own = TABLES[name]
        columns = [read_as(column, self.database.dialect) for column in own.columns]
        asked = question(self.database, select(*columns).order_by(*own.primary_key.columns))
        with snapshot(self.database) as ask:
            rows = list(ask(asked.statement, asked.parameters).rows)
        return [tuple(row) for row in put_in_order(fields_of(own))(rows)]

    def fill(self) -> None:
        """Put articles in, a second version of one, and rows that belong to them."""
        with self.database.writing() as connection:
            run = {"portal": "abamako", "strategy": "sections", "arguments": {"since": "2020"}}
            stats = {"é": [1.5, 1e-05], "a": None}
            connection.execute(insert(table(Run)), [run | {"started_at": NOW, "stats": stats}])
            hostile = [_hostile(number, text) for number, text in enumerate(HOSTILE, 1)]
            plain = [article(100 + n, published_on=date(2019 + n % 3, 1 + n, 28)) for n in range(9)]
            shown = {"news/h/1": {"politique": "Politique"}}
            store_articles(connection, [*hostile, *plain], shown, NOW)
            again = article(101, body="Un autre.", content_hash="x", region_hash="y", run_id=1)
            store_articles(connection, [again], {}, NOW)
            bare = article(300, portal="aouaga", published_on=None, title=None, flags=["a", "b"])
            store_articles(connection, [bare], {}, NOW)
            event = {"article_id": 1, "event": "gone", "at": NOW}
            connection.execute(insert(table(ArticleEvent)), [event])
            pair = {"article_id": 2, "original_id": 1, "similarity": 0.1 + 0.2, "cut": {"é": None}}
            far = {"article_id": 3, "original_id": 34, "similarity": 1.0, "cut": None}
            reprints = [one | {"found_at": NOW} for one in (pair, far)]
            connection.execute(insert(table(Reprint)), reprints)
            photo = {"portal": "abamako", "url": "http://x/1.jpg", "state": "stored", "attempts": 0}
            connection.execute(insert(table(Photo)), [photo | {"size": 9, "fetched_at": NOW}])


def article(number: int, **more: Any) -> StoredArticle:
    """An article, ready to be stored."""
    values: dict[str, Any] = {
        "portal": "abamako",
        "site": "news",
        "kind": "h",
        "number": number,
        "key": f"news/h/{number}",
        "url": f"http://news.abamako.com/h/{number}.html",
        "content_hash": f"content of {number}",
        "region_hash": f"region of {number}",
        "fetched_at": NOW,
        "title": f"Titre {number}",
        "body": "Un texte.\n\nEt sa suite.",
        "published_on": date(2024, 4, 1),
        "extractor_revision": "1",
    }
    return StoredArticle(**(values | more))


def _hostile(number: int, text: str) -> StoredArticle:
    odd = bool(number % 2)
    return article(
        number,
        title=text,
        body=text,
        lead=text or None,
        section=text or None,
        author=text,
        source=text or None,
        photo_url="http://x/1.jpg" if number == 1 else None,
        published_on=date(1, 1, 1) if number == 1 else date(1960 + number, 12, 31),
        published_at=datetime(1969, 12, 31, 23, 59, 59, number, UTC) if odd else None,
        published_precision="minute" if odd else "day",
        truncated=odd,
        comments_count=0 if number % 3 else None,
        warc_offset=BIGGEST,
        signs={"title": text, "a": "first", "é": "\\u0041"},
        flags=["weekday", text],
        extractor_revision=None if number == 2 else "2.1f3a9c07",
    )
