"""Storing: from a finished article to rows of `articles`, `article_versions` and their kin.

Called inside the writer's transaction, for a whole batch. The rules of a row's times:

- `first_seen_at`, `last_seen_at` are fetch times: the first and the latest that showed the article;
- `updated_at` is our clock when the row's content last changed: new, new version, gone, back;
  `corpus_revision` is the number of the change that did it, or that showed it in a new section;
- `gone_at` is set when the site first misses it and emptied when it comes back (corpus/events.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Row,
    bindparam,
    func,
    insert,
    literal,
    select,
    text,
    true,
)

from corpus.among import among
from corpus.bulk import insert_new, insert_rows, update_rows
from corpus.columns import BIGGEST, clean_text
from corpus.events import Sighting, come_back
from corpus.models import Article, ArticleSection, ArticleVersion, Reading, table
from corpus.revisions import NEW_REVISION, new_revision
from corpus.sources import name_sources
from corpus.worse import FLAG, content_hash, keep_better

__all__ = [
    "Outcome",
    "StoredArticle",
    "add_sections",
    "clean_text",
    "reading_values",
    "store_articles",
    "stored_fields",
    "update_articles",
]

ARTICLES = table(Article)
VERSIONS = table(ArticleVersion)
READING = tuple(name for name in Reading.__annotations__)
"""Columns that an article and a version share."""
_reading = attrgetter(*READING)
PLACE = ("warc_file", "warc_offset", "warc_length", "warc_digest")
MEANING = tuple(
    name
    for name in READING
    if name
    not in {
        *PLACE,
        "url",
        "signs",
        "flags",
        "comments_count",
        "content_hash",
        "region_hash",
        "extractor_revision",
        "knowledge_revision",
        "run_id",
        "fetched_at",
        "word_count",
        "source_raw",
        "byline_raw",
    }
)
"""Columns in which a better reading may differ."""
LONGEST = {
    "title": 2000,
    "section": 300,
    "source": 300,
    "source_raw": 300,
    "byline_raw": 500,
    "author": 300,
    "agency": 300,
    "continues_on": 300,
    "published_raw": 500,
    "updated_raw": 500,
    "photo_credit": 500,
    "photo_caption": 5000,
    "photo_url": 2000,
}
"""Characters after which a one-line field is cut and the row flagged `cut`: a megabyte of title
is a fault of the page, and PostgreSQL refuses an index entry beyond 2.7 kB."""


@dataclass(slots=True)
class StoredArticle:
    """One article ready to be stored: the columns of `articles` with their meaning there."""

    portal: str
    site: str
    kind: str | None
    number: int | None
    key: str
    url: str
    content_hash: str
    fetched_at: datetime
    section: str | None = None
    section_slug: str | None = None
    """Slug of `section`, for `article_sections`; no column."""
    title: str | None = None
    published_on: date | None = None
    published_at: datetime | None = None
    published_precision: str | None = None
    published_raw: str | None = None
    updated_on: date | None = None
    updated_raw: str | None = None
    source: str | None = None
    author: str | None = None
    agency: str | None = None
    source_raw: str | None = None
    byline_raw: str | None = None
    source_kind: str | None = None
    """Kind of `source` where the list of sources has it, for `sources`; no column."""
    source_country: str | None = None
    """Its country likewise."""
    source_listed: bool = False
    """True where the list has it, so that `source` is its canonical name; no column."""
    lead: str | None = None
    body: str = ""
    word_count: int = 0
    language: str | None = None
    photo_url: str | None = None
    photo_credit: str | None = None
    photo_caption: str | None = None
    truncated: bool = False
    continues_on: str | None = None
    comments_count: int | None = None
    signs: dict[str, str] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    region_hash: str | None = None
    extractor_revision: str | int | None = None
    knowledge_revision: int = 0
    run_id: int | None = None
    warc_file: str | None = None
    warc_offset: int | None = None
    warc_length: int | None = None
    warc_digest: str | None = None


@cache
def stored_fields() -> tuple[str, ...]:
    """Names of the fields of `StoredArticle`."""
    return tuple(f.name for f in fields(StoredArticle))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What storing one article came to."""

    result: str
    """`new`, `changed` or `unchanged`."""
    article_id: int
    reason: str | None = None
    """`worse_reading: body, title` where those fields of the reading were held back."""


def store_articles(
    connection: Connection,
    articles: Sequence[StoredArticle],
    labels: Mapping[str, Mapping[str, str | None]],
    now: datetime,
) -> dict[str, Outcome]:
    """Store articles of one portal with different keys. Return key → outcome.

    `labels` is, by key, the sections that listed the article: slug → label.
    """
    name_sources(connection, articles, now)
    held = _held(connection, articles)
    fresh = [a for a in articles if clean_text(a.key) not in held]
    outcomes: dict[str, Outcome] = {}
    seen: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    back: list[Sighting] = []
    for article in articles:
        row = held.get(clean_text(article.key))
        if row is None:
            continue
        if row.gone_at is not None:
            back.append(Sighting(row.id, article.run_id))
        shown = {"b_id": row.id, "last_seen_at": max(row.last_seen_at, article.fetched_at)}
        values, worse = keep_better(
            dict(row._mapping),
            {name: clean_text(value) for name, value in reading_values(article).items()},
            same_region=_same_region(row, article),
        )
        reason = f"{FLAG}: {', '.join(worse)}" if worse else None
        cause = _cause(row, values, same_region=_same_region(row, article))
        if cause is None:
            # Versions are never touched; the row says whether what it holds is the latest reading.
            flags = sorted({*row.flags} - {FLAG} | ({FLAG} if worse else set()))
            seen.append(shown | {"flags": flags})
            outcomes[article.key] = Outcome("unchanged", row.id, reason)
            continue
        changed.append(values | shown | {"version": row.version + 1, "cause": cause})
        outcomes[article.key] = Outcome("changed", row.id, reason)
    outcomes |= _insert(connection, fresh, now)
    update_articles(connection, seen, changed, now)
    come_back(connection, back, now)
    _kin(connection, articles, outcomes, labels, now)
    return outcomes


def _held(connection: Connection, articles: Sequence[StoredArticle]) -> dict[str, Row[Any]]:
    """Rows that we have of these articles, by key."""
    if not articles:
        return {}
    wanted = [clean_text(a.key) for a in articles]
    found = connection.execute(_HELD, {"portal": articles[0].portal, "these": wanted})
    return {row.key: row for row in found}


_HELD = select(
    *(ARTICLES.c[name] for name in ("id", "key", "version", "gone_at", "last_seen_at", *READING))
).where(ARTICLES.c.portal == bindparam("portal"), among(ARTICLES.c.key))


def reading_values(article: StoredArticle) -> dict[str, Any]:
    """The columns that an article shares with its versions, over-long fields cut."""
    values = dict(zip(READING, _reading(article), strict=True))
    for name, longest in LONGEST.items():
        value = values[name]
        if value is not None and len(value) > longest:
            values[name] = value[:longest]
            values["flags"] = sorted({*values["flags"], "cut"})
    if clean_text(values["title"]) != article.title or clean_text(values["body"]) != article.body:
        # Versions are told apart by the text that is kept, not by the one that came.
        title, body = clean_text(values["title"]), clean_text(values["body"])
        values["content_hash"] = content_hash(title, body)
    revision = article.extractor_revision
    values["extractor_revision"] = None if revision is None else str(revision)
    return values


def _same_region(row: Row[Any], article: StoredArticle) -> bool:
    """True where the page shows the article as it did, and only our reading can differ."""
    # The region is of our finding: a better reader may find another one in the very same bytes.
    if row.warc_digest is not None and row.warc_digest == article.warc_digest:
        return True
    return row.region_hash is not None and row.region_hash == article.region_hash


def _cause(row: Row[Any], new: Mapping[str, Any], *, same_region: bool) -> str | None:
    """Cause of a new version; None where the reading `new` is none."""
    old = row._mapping
    if new["content_hash"] == old["content_hash"]:
        # The same text. Only a newer reader may fill in more: the site's own small changes
        # (a relative date, a count) are no edits.
        revisions = ("extractor_revision", "knowledge_revision")
        if all(new[name] == old[name] for name in revisions) or not same_region:
            return None
        if all(new[name] == old[name] for name in MEANING):
            return None
    return "reading" if same_region else "site"


def _insert(
    connection: Connection, articles: Sequence[StoredArticle], now: datetime
) -> dict[str, Outcome]:
    """Insert articles that are not there, each with its version 1."""
    if not articles:
        return {}
    rows = []
    outcomes = {}
    revision, ids = _numbers(connection, len(articles), now)
    for article_id, article in zip(ids, articles, strict=True):
        reading = reading_values(article)
        number = article.number
        rows.append(
            reading
            | {
                "id": article_id,
                "portal": article.portal,
                "site": article.site,
                "kind": article.kind,
                "number": number if number is None or 0 <= number <= BIGGEST else None,
                "key": article.key,
                "version": 1,
                "first_seen_at": article.fetched_at,
                "last_seen_at": article.fetched_at,
                "updated_at": now,
                "corpus_revision": revision,
            }
        )
        outcomes[article.key] = Outcome("new", article_id)
    insert_rows(connection, ARTICLES, rows)
    connection.execute(_FIRST_VERSIONS, {"these": [row["id"] for row in rows]})
    return outcomes


# Copied inside the database: half the values need not be bound a second time.
_FIRST_VERSIONS = insert(VERSIONS).from_select(
    ["article_id", "version", "cause", "created_at", *READING],
    select(
        ARTICLES.c.id,
        ARTICLES.c.version,
        literal("site"),
        ARTICLES.c.updated_at,
        *(ARTICLES.c[name] for name in READING),
    ).where(among(ARTICLES.c.id)),
)


def _numbers(connection: Connection, count: int, now: datetime) -> tuple[int, list[int]]:
    """The revision of new articles and `count` unused numbers for them. Known beforehand, they
    spare a RETURNING, which would part the bulk insert."""
    if connection.dialect.name == "sqlite":
        # We hold the write lock, so nobody takes the same ones; AUTOINCREMENT follows by itself.
        query = text("SELECT seq FROM sqlite_sequence WHERE name = 'articles'")
        last = int(connection.execute(query).scalar() or 0)
        return new_revision(connection, now), list(range(last + 1, last + 1 + count))
    drawn = connection.execute(_NUMBERS, {"made_at": now, "count": count}).all()
    return int(drawn[0].revision), [int(row.id) for row in drawn]


# One way to the server for both.
_NUMBERS = select(
    NEW_REVISION.c.id.label("revision"),
    func.nextval(func.pg_get_serial_sequence("articles", "id")).label("id"),
).join_from(
    NEW_REVISION,
    func.generate_series(1, bindparam("count", type_=Integer)).table_valued("number"),
    true(),
)


def update_articles(
    connection: Connection, seen: list[dict[str, Any]], changed: list[dict[str, Any]], now: datetime
) -> None:
    """Write what is new of the rows `seen` (all with the same columns), and the new versions of
    those `changed`: rows by column, each with `b_id`, its new `version` and its `cause`."""
    update_rows(connection, ARTICLES, seen)
    if changed:
        causes = [row.pop("cause") for row in changed]
        times = {"updated_at": now, "corpus_revision": new_revision(connection, now)}
        update_rows(connection, ARTICLES, [row | times for row in changed])
        versions = [
            {name: row[name] for name in READING}
            | {
                "article_id": row["b_id"],
                "version": row["version"],
                "cause": cause,
                "created_at": now,
            }
            for row, cause in zip(changed, causes, strict=True)
        ]
        insert_rows(connection, VERSIONS, versions)


def _kin(
    connection: Connection,
    articles: Iterable[StoredArticle],
    outcomes: Mapping[str, Outcome],
    labels: Mapping[str, Mapping[str, str | None]],
    now: datetime,
) -> None:
    """The sections that the articles name."""
    sections: list[tuple[int, str, str | None]] = []
    for article in articles:
        shown = dict(labels.get(article.key, {}))
        if article.section_slug:
            shown[article.section_slug] = article.section
        article_id = outcomes[article.key].article_id
        sections += [(article_id, slug, label) for slug, label in shown.items()]
    add_sections(connection, sections, now)


def add_sections(
    connection: Connection, shown: Iterable[tuple[int, str, str | None]], now: datetime
) -> None:
    """Note in which sections articles were shown: (article id, slug, label)."""
    limit = LONGEST["section"]
    insert_new(
        connection,
        table(ArticleSection),
        [
            {
                "article_id": article_id,
                "section": slug[:limit],
                "label": label and label[:limit],
                "first_seen_at": now,
            }
            for article_id, slug, label in shown
        ],
    )
