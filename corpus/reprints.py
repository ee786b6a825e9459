"""Reprints: which article repeats an earlier one, found as articles come and written to `reprints`.

Linking goes through what changed since the last time (`corpus.revisions`), a step at a time: sign
each article, look at those with a similar signature, link the later to the earliest. Done twice it
leaves what once leaves, so a kill between the tables and the cache costs a step. Nothing is
dropped: a reprint is an article like any other, with a row that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, delete, func, or_, select, union

from corpus.among import among
from corpus.bulk import insert_new
from corpus.database import Database
from corpus.models import Article, Reprint, Tombstone, table
from corpus.revisions import made_at, settled_revision
from corpus.sentences import sentences
from corpus.signature_cache import SignatureCache, Standing
from corpus.signatures import Likeness, compare, shingles, signature
from corpus.units import parts

STEP: Final = 200
"""Articles of one step; what a kill may have us do again."""
FLOOR: Final = 0.3
"""Containment in the earliest article of a family that a member must have to be called its reprint:
below that it is one of the member between them."""
ARTICLES, REPRINTS, STONES = table(Article), table(Reprint), table(Tombstone)


@dataclass(frozen=True)
class Text:
    """An article as it is compared."""

    id: int
    title: str
    body: str
    order: tuple[date, datetime, int, int]
    """Day, instant, number, id: the lower is the earlier. Of one day those with a time go first."""

    @cached_property
    def shingles(self) -> frozenset[bytes]:
        """What it is compared by."""
        return frozenset(shingles(self.body))

    @cached_property
    def sentences(self) -> dict[bytes, str]:
        """Its sentences by what they are compared by."""
        return {b"".join(shingles(s)) or s.casefold().encode(): s for s in sentences(self.body)}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far linking is."""

    done: int
    """Articles looked at."""
    total: int
    """Articles that were to be looked at."""
    links: int
    """Links written or renewed so far."""


def link_reprints(
    database: Database,
    cache: SignatureCache,
    *,
    wait: float = 30.0,
    go_on: Callable[[Progress], bool] = lambda progress: True,
) -> Progress:
    """Look at all that changed; after each step `go_on` is asked. Return how far it came.

    Raises `DatabaseProblem`, `sqlite3.Error` of the cache, or `Busy` where another process has been
    at it for `wait` seconds.
    """
    done = links = 0
    settled = settled_revision(database)
    with cache.writing(wait=wait):
        _check(database, cache)
    total = _behind(database, cache.standing(), settled)
    while True:
        with cache.writing(wait=wait):
            step = _Step(database, cache, settled)
            looked_at = step.take()
            links += step.write()
        done += looked_at
        progress = Progress(done, max(total, done), links)
        if looked_at < STEP or not go_on(progress):
            return progress


def behind(database: Database, cache: SignatureCache) -> int:
    """Articles that are still to be looked at."""
    return _behind(database, cache.standing(), settled_revision(database))


def _check(database: Database, cache: SignatureCache) -> None:
    """A cache of another algorithm, or of the database before it was restored, is emptied."""
    at = cache.standing()
    with database.problems(), database.reading() as connection:
        made = made_at(connection, at.settled)
    if at == Standing() or (made.isoformat() if made else None) != at.made_at:
        cache.clear()


def _behind(database: Database, at: Standing, settled: int) -> int:
    count = select(func.count()).select_from(ARTICLES).where(_since(at, settled))
    with database.problems(), database.reading() as connection:
        return int(connection.execute(count).scalar_one())


def _since(at: Standing, settled: int) -> Any:
    revision = ARTICLES.c.corpus_revision
    later = or_(revision > at.revision, and_(revision == at.revision, ARTICLES.c.id > at.article))
    return and_(revision >= at.revision, revision <= settled, later)


class _Step:
    """Some articles that changed, and the links that this changes."""

    def __init__(self, database: Database, cache: SignatureCache, settled: int) -> None:
        self.database, self.cache, self.settled = database, cache, settled
        self.texts: dict[int, Text | None] = {}
        self.originals: dict[int, int] = {}
        """Article → original, of those looked at so far, as it is to be."""
        self.copies: dict[int, set[int]] = {}
        """The other way round."""
        self.known: set[int] = set()
        """Articles whose links are in the two above."""
        self.touched: set[int] = set()
        """Articles whose row may have changed,"""
        self.rows: dict[int, dict[str, Any]] = {}
        """and the rows that are to stand for them."""

    def take(self) -> int:
        """Look at the next articles; return how many there were."""
        at = self.cache.standing()
        with self.database.problems(), self.database.reading() as self.connection:
            removed = select(STONES.c.article_id).where(
                STONES.c.corpus_revision >= at.revision, STONES.c.article_id.is_not(None)
            )
            for article in self.connection.execute(removed).scalars():
                self.cache.put(article, [])
            order = (ARTICLES.c.corpus_revision, ARTICLES.c.id)
            query = _texts().where(_since(at, self.settled)).order_by(*order).limit(STEP)
            rows = self.connection.execute(query).all()
            for row in rows:
                text = self.texts[row.id] = _text(row)
                self.cache.put(row.id, signature(text.shingles))
            self._load_links(row.id for row in rows)
            for row in rows:
                self._look_at(row.id)
            self._prepare()
            made = made_at(self.connection, self.settled)
        revision, article = self.settled + 1, 0
        if len(rows) == STEP:
            revision, article = rows[-1].corpus_revision, rows[-1].id
        stamp = made.isoformat() if made else None
        self.cache.stand(Standing(revision, article, self.settled, stamp))
        return len(rows)

    def write(self) -> int:
        """Write what changed of the links; return how many are new or others."""
        with self.database.problems(), self.database.reading() as connection:
            held = _held(connection, self.touched)
        gone = sorted(one for one in held if _link(held[one]) != _link(self.rows.get(one)))
        rows = [row for one, row in sorted(self.rows.items()) if _link(row) != _link(held.get(one))]
        if gone or rows:
            with self.database.problems(), self.database.writing() as connection:
                for part in parts(gone):
                    connection.execute(delete(REPRINTS).where(REPRINTS.c.article_id.in_(part)))
                # Another host may have found the same meanwhile.
                insert_new(connection, REPRINTS, _alive(connection, rows))
        return len(rows)

    # -- one article -------------------------------------------------------------------------

    def _look_at(self, article: int) -> None:
        """Link `article`, and those whose link to it may not hold any more."""
        self._load_links([article])
        again = [article, *sorted(self.copies.get(article, ()))]
        for one in again:
            self._unlink(one)
        for one in again:
            self._link(one)

    def _link(self, article: int) -> None:
        near = self._near(article)
        if not near:
            return
        self._load_links(near)
        family = {*near, *(self.originals[n] for n in near if n in self.originals)}
        self._load_texts(family)
        for earliest in sorted((t for t in map(self.texts.get, family) if t), key=_order):
            if self._follows(article, earliest):
                self._set(article, earliest.id)
                break
        text = self.texts[article]
        assert text is not None
        head = self.texts[self.originals.get(article, article)] or text
        for other in near:
            self._follow(other, head)

    def _near(self, article: int) -> dict[int, Likeness]:
        """Those that this article is a reprint of, or the other way round."""
        candidates = self.cache.alike(article)
        self._load_texts([article, *candidates])
        text = self.texts[article]
        if text is None:
            return {}
        found = {}
        for other in candidates:
            there = self.texts[other]
            likeness = there and compare(text.shingles, there.shingles)
            if likeness and likeness.reprint:
                found[other] = likeness
        return found

    def _follows(self, article: int, head: Text) -> bool:
        """True where `article` is later than `head` and holds enough of it."""
        text = self.texts[article]
        if text is None or text.id == head.id or head.order >= text.order:
            return False
        likeness = compare(text.shingles, head.shingles)
        return likeness.reprint or likeness.containment >= FLOOR

    def _follow(self, other: int, head: Text) -> None:
        """Link an article, and those linked to it, to an earlier head than they have."""
        now = self.texts.get(self.originals.get(other, other))
        if other == head.id or now is None or head.order >= now.order:
            return
        if self._follows(other, head):
            followers = sorted(self.copies.get(other, ()))
            self._load_texts(followers)
            self._set(other, head.id)
            for one in followers:
                if self._follows(one, head):
                    self._set(one, head.id)

    # -- books -------------------------------------------------------------------------------

    def _set(self, article: int, original: int) -> None:
        self._unlink(article)
        self.originals[article] = original
        self.copies.setdefault(original, set()).add(article)

    def _unlink(self, article: int) -> None:
        self.touched.add(article)
        original = self.originals.pop(article, None)
        if original is not None:
            self.copies[original].discard(article)

    def _load_links(self, articles: Iterable[int]) -> None:
        wanted = [one for one in articles if one not in self.known]
        if not wanted:
            return
        for row in self.connection.execute(_LINKS, {"these": wanted}):
            if row.article_id not in self.touched:
                self.originals[row.article_id] = row.original_id
                self.copies.setdefault(row.original_id, set()).add(row.article_id)
        self.known.update(wanted)

    def _load_texts(self, articles: Iterable[int]) -> None:
        wanted = [one for one in articles if one not in self.texts]
        if not wanted:
            return
        self.texts.update(dict.fromkeys(wanted))
        for row in self.connection.execute(_TEXTS, {"these": wanted}):
            self.texts[row.id] = _text(row)

    def _prepare(self) -> None:
        """The rows that are to stand for the articles touched."""
        now = datetime.now(UTC)
        linked = [one for one in self.touched if one in self.originals]
        self._load_texts([*linked, *(self.originals[one] for one in linked)])
        for article in linked:
            text, head = self.texts[article], self.texts[self.originals[article]]
            if text is None or head is None:
                continue
            self.rows[article] = {
                "article_id": article,
                "original_id": head.id,
                "similarity": round(compare(text.shingles, head.shingles).resemblance, 3),
                "cut": difference(head, text),
                "found_at": now,
            }


def difference(original: Text, reprint: Text) -> dict[str, Any] | None:
    """What the reprint left out, added and called otherwise; None where nothing.

    `left_out` and `added` count sentences that only one has, and their words.
    """
    there, here = original.sentences, reprint.sentences
    found: dict[str, Any] = {}
    for name, one, other in (("left_out", there, here), ("added", here, there)):
        only = [sentence for key, sentence in one.items() if key not in other]
        if only:
            words = sum(len(sentence.split()) for sentence in only)
            found[name] = {"sentences": len(only), "words": words}
    if " ".join(original.title.casefold().split()) != " ".join(reprint.title.casefold().split()):
        found["retitled"] = True
    return found or None


def _texts() -> Any:
    names = ("id", "title", "body", "published_on", "published_at", "first_seen_at", "number")
    return select(*(ARTICLES.c[name] for name in names), ARTICLES.c.corpus_revision)


_TEXTS = _texts().where(among(ARTICLES.c.id))
_PAIR = select(REPRINTS.c.article_id, REPRINTS.c.original_id)
# Two look-ups, each by the index of its column.
_LINKS = union(
    _PAIR.where(among(REPRINTS.c.article_id)), _PAIR.where(among(REPRINTS.c.original_id))
)


def _text(row: Row[Any]) -> Text:
    day = row.published_on or row.first_seen_at.date()
    late = datetime.combine(day, time.max, UTC)
    number = 2**63 if row.number is None else row.number
    order = (day, row.published_at or late, number, row.id)
    return Text(row.id, row.title or "", row.body, order)


def _order(text: Text) -> tuple[date, datetime, int, int]:
    return text.order


def _held(connection: Connection, articles: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    query = select(REPRINTS).where(among(REPRINTS.c.article_id))
    rows = connection.execute(query, {"these": list(articles)}).mappings()
    return {row["article_id"]: dict(row) for row in rows}


def _link(row: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    if row is None:
        return None
    return tuple(row[name] for name in ("original_id", "similarity", "cut"))


def _alive(connection: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows whose articles are both still there: one may have been taken down meanwhile."""
    wanted = {row[name] for row in rows for name in ("article_id", "original_id")}
    found: set[int] = set()
    for part in parts(sorted(wanted)):
        query = select(ARTICLES.c.id).where(ARTICLES.c.id.in_(part)).with_for_update(read=True)
        found.update(connection.execute(query).scalars())
    return [row for row in rows if {row["article_id"], row["original_id"]} <= found]
