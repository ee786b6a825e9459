"""The table of sources: one name for every spelling, and people's corrections of it.

Called by `storing` in the writer's transaction, whose lock makes «first seen» one answer, and by
`scrapy sources`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, func, select, update

from corpus.among import among
from corpus.bulk import insert_new
from corpus.columns import clean_text
from corpus.models import Article, Source, table
from corpus.revisions import new_revision
from corpus.source_keys import source_key
from corpus.units import parts

if TYPE_CHECKING:
    from corpus.storing import StoredArticle

SOURCES = table(Source)
ARTICLES = table(Article)
KINDS = ("newspaper", "agency", "broadcaster", "site")
LONGEST_NAME = 300
"""Characters of the longest name; a longer one is cut."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says of one row of `sources`."""

    name: str
    kind: str | None
    country: str | None
    canonical: str | None


class BadCorrection(ValueError):
    """A correction that cannot be; the message says which and why."""


def name_sources(connection: Connection, articles: Sequence[StoredArticle], now: datetime) -> None:
    """Give each article's source its one name, and each new source its row.

    A person's `canonical` goes first, then the list's name, then the spelling first seen.
    """
    named = [article for article in articles if article.source]
    for article in named:
        article.source = clean_text(str(article.source)[:LONGEST_NAME])
    first = {source_key(str(article.source)): article for article in reversed(named)}
    rows = _rows(connection, first)
    fresh = [article for key, article in first.items() if key not in rows]
    _insert(connection, fresh, now)
    renamed = _rename(connection, [(rows[key], first[key]) for key in sorted(first) if key in rows])
    if fresh or renamed:
        rows = _rows(connection, first)
    moved = {row.canonical for row in rows.values() if row.canonical}
    insert_new(connection, SOURCES, [_row(name, now) for name in sorted(moved)])
    for article in named:
        row = rows[source_key(str(article.source))]
        article.source = row.canonical or row.name
        if row.kind == "agency" and article.agency is None:
            article.agency = article.source


def foresee_names(connection: Connection, articles: Iterable[StoredArticle]) -> None:
    """Give each article's source the name that `name_sources` would, but write nothing."""
    named = [article for article in articles if article.source]
    for article in named:
        article.source = clean_text(str(article.source)[:LONGEST_NAME])
    rows = _rows(connection, {source_key(str(article.source)) for article in named})
    for article in named:
        row = rows.get(source_key(str(article.source)))
        if row is None:
            continue
        listed = article.source if article.source_listed else None
        article.source = row.canonical or listed or row.name
        if row.kind == "agency" and article.agency is None:
            article.agency = article.source


def _rows(connection: Connection, keys: Iterable[str]) -> dict[str, Row[Any]]:
    return {row.key: row for row in connection.execute(_BY_KEY, {"these": list(keys)})}


_BY_KEY = select(SOURCES).where(among(SOURCES.c.key))


def _insert(connection: Connection, articles: Sequence[StoredArticle], now: datetime) -> None:
    rows = [
        _row(str(a.source), now) | {"kind": a.source_kind, "country": a.source_country}
        for a in articles
    ]
    insert_new(connection, SOURCES, sorted(rows, key=lambda row: str(row["key"])))


def _row(name: str, now: datetime) -> dict[str, Any]:
    return {"key": source_key(name), "name": name, "first_seen_at": now}


def _rename(connection: Connection, held: Iterable[tuple[Row[Any], StoredArticle]]) -> bool:
    """Rows that were there before the list knew them take its name; what is filled in stays.
    Return whether there was one."""
    renamed = False
    for row, article in held:
        if not article.source_listed:
            continue
        values = {"name": article.source}
        if row.kind is None and row.country is None:
            values |= {"kind": article.source_kind, "country": article.source_country}
        if any(row._mapping[column] != value for column, value in values.items()):
            connection.execute(update(SOURCES).where(SOURCES.c.id == row.id), values)
            renamed = True
    return renamed


def list_sources(connection: Connection) -> list[tuple[str, str, str, str, int]]:
    """(name, kind, country, canonical, articles) of every source, by name; empty as ``''``."""
    counted = select(ARTICLES.c.source, func.count().label("articles"))
    counts = {row.source: row.articles for row in connection.execute(
        counted.where(ARTICLES.c.source.is_not(None)).group_by(ARTICLES.c.source)
    )}  # fmt: skip
    rows = connection.execute(select(SOURCES).order_by(SOURCES.c.key)).all()
    return [
        (row.name, row.kind or "", row.country or "", row.canonical or "", counts.get(row.name, 0))
        for row in rows
    ]


def correct_sources(
    connection: Connection, corrections: Sequence[Correction], now: datetime
) -> tuple[int, int]:
    """Write people's corrections. Return (sources changed, articles renamed).

    Raises `BadCorrection` before anything is written. Versions and raw values stay as they are.
    """
    rows = {row.name: row for row in connection.execute(select(SOURCES))}
    _check(corrections, rows)
    changed = [c for c in corrections if _differs(c, rows[c.name])]
    renamed = 0
    for one in changed:
        row = rows[one.name]
        if one.canonical:
            insert_new(connection, SOURCES, [_row(one.canonical, now)])
        connection.execute(
            update(SOURCES).where(SOURCES.c.id == row.id),
            {"kind": one.kind, "country": one.country, "canonical": one.canonical},
        )
        renamed += _rename_articles(connection, row, one.canonical or row.name, now)
    return len(changed), renamed


def _differs(one: Correction, row: Row[Any]) -> bool:
    return (one.kind, one.country, one.canonical) != (row.kind, row.country, row.canonical)


def _check(corrections: Sequence[Correction], rows: dict[str, Row[Any]]) -> None:
    keys = {row.key: row.name for row in rows.values()}
    moved = {name: row.canonical for name, row in rows.items()}
    moved |= {one.name: one.canonical for one in corrections}
    for one in corrections:
        if one.name not in rows:
            raise BadCorrection(f"«{one.name}» is no source of this corpus")
        if one.kind and one.kind not in KINDS:
            raise BadCorrection(f"«{one.name}»: kind «{one.kind}» is none of {', '.join(KINDS)}")
        if one.country and not (len(one.country) == 2 and one.country.isascii()
                                and one.country.isupper()):  # fmt: skip
            raise BadCorrection(f"«{one.name}»: country «{one.country}» is no two-letter code")
    for name, canonical in moved.items():
        if not canonical:
            continue
        if len(canonical) > LONGEST_NAME or canonical != clean_text(" ".join(canonical.split())):
            raise BadCorrection(f"«{name}»: canonical name has stray white space or is too long")
        other = keys.get(source_key(canonical))
        if other is not None and other not in (name, canonical):
            raise BadCorrection(f"«{name}»: «{canonical}» is written «{other}» in this corpus")
        if other not in (None, name) and moved.get(other or ""):
            raise BadCorrection(f"«{name}»: «{canonical}» has another canonical name itself")


def _rename_articles(connection: Connection, row: Row[Any], name: str, now: datetime) -> int:
    """Give `name` to the articles that came to their source by `row`."""
    before = row.canonical or row.name
    if before == name:
        return 0
    named = ARTICLES.c.source == before
    if not row.canonical:
        return _write_name(connection, named, name, now)
    # Others bear the canonical name in their own right: only this row's spellings go back.
    spelled = select(ARTICLES.c.source_raw).where(named).distinct()
    mine = [
        raw for raw in connection.execute(spelled).scalars() if raw and source_key(raw) == row.key
    ]
    return sum(
        _write_name(connection, named & ARTICLES.c.source_raw.in_(part), name, now)
        for part in parts(mine)
    )


def _write_name(connection: Connection, which: Any, name: str, now: datetime) -> int:
    revision = new_revision(connection, now)
    return connection.execute(
        update(ARTICLES).where(which),
        {"source": name, "updated_at": now, "corpus_revision": revision},
    ).rowcount
