"""A small corpus written straight into the tables: 27 invented articles of two portals, with
edits, reprints, vanished articles, pages, photos and runs. docs/cookbook.md asks it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from corpus.database import Database
from corpus.models import (
    Article,
    ArticleEvent,
    ArticleSection,
    ArticleVersion,
    Page,
    Photo,
    Reprint,
    Revision,
    Run,
    Source,
    table,
)

BEGIN = datetime(2024, 4, 1, 6, tzinfo=UTC)
AGENCIES = {"AFP", "APS"}

ROWS = Path(__file__).with_suffix(".tsv")
_MORE: dict[int, dict[str, Any]] = {
    101: {"comments_count": 4},
    104: {"photo_url": "http://news.abamako.com/img/104.jpg", "photo_credit": "M. Cissé"},
    106: {"comments_count": 11},
    110: {"photo_url": "http://news.abamako.com/img/110.jpg", "photo_credit": "AFP"},
    112: {"comments_count": 7},
    114: {"photo_url": "http://news.abamako.com/img/114.jpg", "photo_credit": "DR"},
    115: {"truncated": True, "continues_on": "RFI"},
    209: {"photo_url": "http://news.adakar.com/img/209.jpg", "photo_credit": "A. Ndiaye"},
}
_REPRINTS = {201: (101, 1.0), 203: (102, 0.7), 205: (106, 1.0), 206: (109, 0.7), 207: (110, 1.0),
             210: (116, 1.0)}  # fmt: skip
# Article, hours after the first fetch, cause, what the version before had.
_BEFORE: list[tuple[int, int, str, dict[str, str]]] = [
    (103, 30, "site", {"title": "Le maire chasse les exploitants"}),
    (106, 6, "site", {"body": "La route rouvre demain. Le maire remercie."}),
    (112, 50, "site", {"title": "Le conseil siège", "body": "Le conseil siège sur le budget."}),
    (109, 80, "reading", {"body": "La campagne du coton finit bien. PUBLICITÉ"}),
    (208, 26, "site", {"source": "Quai"}),
]
_GONE = {114: "http_404", 204: "http_410"}


def fill_small_corpus(database: Database) -> None:
    """Create the tables of an empty database, and write the corpus into them."""
    database.prepare()
    with database.writing() as connection:
        articles = list(_articles())
        connection.execute(insert(table(Revision)), [{"made_at": BEGIN}])
        connection.execute(insert(table(Run)), list(_runs()))
        connection.execute(insert(table(Article)), articles)
        connection.execute(insert(table(ArticleVersion)), list(_versions(articles)))
        connection.execute(insert(table(ArticleSection)), [_section(row) for row in articles])
        connection.execute(insert(table(Page)), list(_pages(articles)))
        connection.execute(insert(table(Source)), list(_sources(articles)))
        connection.execute(insert(table(Photo)), list(_photos(articles)))
        connection.execute(
            insert(table(Reprint)),
            [
                {"article_id": n, "original_id": of, "similarity": share, "found_at": BEGIN}
                for n, (of, share) in _REPRINTS.items()
            ],
        )
        connection.execute(
            insert(table(ArticleEvent)),
            [
                {"article_id": n, "event": "gone", "reason": reason, "at": BEGIN + timedelta(9),
                 "run_id": 3}
                for n, reason in _GONE.items()
            ],
        )  # fmt: skip


def _articles() -> Iterator[dict[str, Any]]:
    for line in ROWS.read_text("utf-8").splitlines()[1:]:
        portal, number, day, section, source, author, title, body = line.split("\t")
        key = f"news/h/{number}"
        edited = [at for article, at, _, _ in _BEFORE if article == int(number)]
        seen = BEGIN + timedelta(minutes=int(number))
        row = {
            "id": int(number), "portal": portal, "site": "news", "kind": "h",
            "number": int(number), "key": key, "url": f"http://news.{portal}.com/h/{number}.html",
            "section": section, "title": title, "source": source or None,
            "source_raw": source or None, "author": author or None,
            "agency": source if source in AGENCIES else None, "lead": body, "body": body,
            "published_on": date.fromisoformat(day) if day else None,
            "published_precision": "day" if day else None,
            "word_count": len(body.split()), "language": "fr", "truncated": False,
            "continues_on": None, "comments_count": None, "photo_url": None, "photo_credit": None,
            "signs": {"title": "selector:h1"}, "flags": [] if day else ["no_date"],
            "content_hash": f"content {number}", "region_hash": f"region {number}",
            "extractor_revision": "2.0", "knowledge_revision": 0,
            "run_id": 1 + (portal != "abamako"),
            "version": 1 + len(edited), "fetched_at": seen + timedelta(hours=sum(edited)),
            "first_seen_at": seen, "last_seen_at": BEGIN + timedelta(9),
            "updated_at": seen + timedelta(hours=sum(edited)), "corpus_revision": 1,
            "gone_at": BEGIN + timedelta(9) if int(number) in _GONE else None,
        }  # fmt: skip
        yield row | _MORE.get(row["id"], {})


def _versions(articles: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    names = set(table(ArticleVersion).columns.keys())
    before = {number: (cause, old) for number, _, cause, old in _BEFORE}
    for row in articles:
        now = {name: value for name, value in row.items() if name in names}
        now |= {"article_id": row["id"], "cause": "site", "created_at": row["fetched_at"]}
        if row["id"] not in before:
            yield now
            continue
        cause, old = before[row["id"]]
        first = {"version": 1, "fetched_at": row["first_seen_at"], **old,
                 "created_at": row["first_seen_at"], "content_hash": "before",
                 "word_count": len(old.get("body", row["body"]).split())}  # fmt: skip
        yield now | first
        yield now | {"cause": cause}


def _section(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "article_id": row["id"],
        "section": row["section"].lower().replace("é", "e"),
        "label": row["section"],
        "first_seen_at": row["first_seen_at"],
    }


def _pages(articles: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    common = {"site": "news", "kind": "h", "discovered_at": BEGIN, "found_by": ["sections:news"]}
    for row in articles:
        yield common | {
            "portal": row["portal"], "number": row["number"], "key": row["key"], "url": row["url"],
            "state": "gone" if row["gone_at"] else "stored", "article_id": row["id"],
            "reason": _GONE.get(row["id"]),
        }  # fmt: skip
    for number, state, reason in ((118, "missing", "http_404"), (119, "missing", "not_found"),
                                  (120, "failed", "timeout"), (121, "queued", None),
                                  (122, "failed", "timeout")):  # fmt: skip
        yield common | {
            "portal": "abamako", "number": number, "key": f"news/h/{number}",
            "url": f"http://news.abamako.com/h/{number}.html", "state": state,
            "article_id": None, "reason": reason,
        }  # fmt: skip


def _sources(articles: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    country = {"L’Essor": "ML", "Info Matin": "ML", "APS": "SN", "Le Quai": "SN"}
    for name in sorted({row["source"] for row in articles if row["source"]}):
        yield {
            "key": name.lower().replace(" ", "").replace("’", ""), "name": name,
            "kind": "agency" if name in AGENCIES else "newspaper", "country": country.get(name),
            "first_seen_at": BEGIN,
        }  # fmt: skip


def _photos(articles: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in articles:
        if row["photo_url"]:
            stored = row["id"] != 114
            yield {
                "portal": row["portal"], "url": row["photo_url"], "credit": row["photo_credit"],
                "state": "stored" if stored else "failed", "reason": None if stored else "http_404",
                "size": row["id"] * 100 if stored else None, "fetched_at": BEGIN,
            }  # fmt: skip


def _runs() -> Iterator[dict[str, Any]]:
    for number, (portal, days, code, stored) in enumerate(
        (("abamako", 0, 0, 17), ("adakar", 0, 0, 10), ("abamako", 9, 12, 0), ("adakar", 9, 0, 0)), 1
    ):
        begun = BEGIN + timedelta(days)
        yield {
            "id": number, "portal": portal, "strategy": "refresh" if days else "sections",
            "arguments": {}, "version": "0.1.0", "started_at": begun,
            "ended_at": begun + timedelta(minutes=20), "exit_code": code, "stored": stored,
            "finish_reason": "finished" if code == 0 else "too_many_failures",
            "article_requests": stored + 4 * (code > 0),
        }  # fmt: skip
