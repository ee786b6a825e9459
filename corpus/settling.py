"""Settling: a fetched page's state, article and discoveries, written as one.

A page becomes `stored` in the transaction that stores its article, and in no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Connection, Row, bindparam, select, update

from corpus.among import among
from corpus.bulk import update_rows
from corpus.columns import clean_string
from corpus.discoveries import PAGES, Found, merge_found, section_labels, section_slugs
from corpus.events import Sighting, mark_gone, touch
from corpus.revisions import new_revision
from corpus.storing import ARTICLES, PLACE, Outcome, StoredArticle, store_articles
from corpus.tombstones import FORGOTTEN, forgotten_among, taken_down
from corpus.units import Context, by_portal
from corpus.visits import HELD, next_visit, plan_visits
from corpus.warc.captures import Capture, WarcPlace


@dataclass(frozen=True, slots=True)
class SettleResult:
    """What a settlement came to."""

    result: str | None
    """`new`, `changed`, `unchanged`; None where no article was handed in."""
    article_id: int | None
    """The article the page holds or is a duplicate of."""
    reason: str | None = None
    """Why a differing reading was held back."""
    returned: bool = False
    """True where the article had been gone."""


@dataclass(slots=True)
class Settle:
    """What one leased page has come to. Result: `SettleResult`.

    With `identity` (and an article) the page turned out to be another one: its row becomes
    `duplicate`, and the article is stored under the identity's row, queued before if need be.
    The caller decides the state: of a 404, `gone` where the page was stored, else `missing`.
    """

    portal: str
    run_id: int | None
    page_id: int
    key: str
    state: str
    reason: str | None = None
    last_result: str | None = None
    """None: the outcome of storing, or else the state. Given, it says that the fetch failed, and
    that the state is the one the page had."""
    due_at: datetime | None = None
    """None: of a page that holds an article, as `corpus.visits` plans; else never."""
    article: StoredArticle | None = None
    answers: Sequence[Capture] = ()
    """For the archive: the answer, after the redirects that led to it."""
    held: WarcPlace | None = None
    """Where the answer lies that is held of the page."""
    found: list[Found] = field(default_factory=list)
    identity: Found | None = None
    listed_on: date | None = None
    etag: str | None = None
    last_modified: str | None = None
    place: WarcPlace | None = None
    """Where the writer has put the answer."""
    archived: bool = False
    """True once it has."""
    settled_at: datetime | None = None
    """When the page was fetched, where that is not now."""
    hungry: ClassVar[bool] = False

    def __post_init__(self) -> None:
        self.key = clean_string(self.key)

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[Settle], context: Context
    ) -> list[SettleResult]:
        """Settle a batch, set by set."""
        results: list[SettleResult] = []
        for portal, group in by_portal(units):
            for chunk in _distinct(group):
                results += _Chunk(connection, portal, chunk, context.now).apply()
        return results

    def moves(self) -> bool:
        """True where the article belongs to another row than the page's own."""
        return (
            self.identity is not None
            and self.article is not None
            and clean_string(self.identity.key) != self.key
        )

    def target(self) -> str:
        """Key of the row that gets the article."""
        if self.identity is not None and self.moves():
            return clean_string(self.identity.key)
        return self.key


def _distinct(units: Sequence[Settle]) -> Iterator[list[Settle]]:
    """Split so that no row and no article occurs twice in a part, order kept."""
    part: list[Settle] = []
    met: set[str] = set()
    for unit in units:
        names = {unit.key, unit.target()}
        if names & met:
            yield part
            part, met = [], set()
        part.append(unit)
        met |= names
    if part:
        yield part


def _leaves(unit: Settle, row: Row[Any], outcome: Outcome | None) -> bool:
    """True where a page that holds an article now leads to another one, held under another key."""
    return (
        unit.moves()
        and outcome is not None
        and row.article_id is not None
        and row.article_id != outcome.article_id
    )


def _sighting(unit: Settle, row: Row[Any]) -> Sighting:
    return Sighting(row.article_id, unit.run_id, unit.reason)


def _result(unit: Settle, row: Row[Any], outcome: Outcome | None) -> SettleResult:
    back = row.state == "gone" and unit.state == "stored" and not unit.last_result
    returned = back and not _leaves(unit, row, outcome)
    if outcome is None:
        return SettleResult(None, row.article_id, returned=returned)
    return SettleResult(outcome.result, outcome.article_id, outcome.reason, returned)


def _place(unit: Settle, row: Row[Any]) -> dict[str, Any]:
    """Where the page's last kept answer lies, by column: this one, or the one before."""
    if unit.place is not None:
        return unit.place.columns()
    return {name: getattr(row, name) for name in PLACE}


_PAGE = select(
    *(PAGES.c[name] for name in ("id", "portal", "key", "state", "found_by", "attempts")),
    *(PAGES.c[name] for name in ("listed_on", "etag", "last_modified", "article_id", *PLACE)),
)
# Without the portal, which would draw SQLite to an index of all its pages.
_BY_ID = _PAGE.add_columns(taken_down(PAGES).label("forgotten")).where(among(PAGES.c.id))
_BY_KEY = _PAGE.where(PAGES.c.portal == bindparam("portal"), among(PAGES.c.key))


class _Chunk:
    """Settlements of one portal that touch different rows."""

    def __init__(
        self, connection: Connection, portal: str, units: list[Settle], now: datetime
    ) -> None:
        self.connection, self.portal, self.units, self.now = connection, portal, units, now

    def apply(self) -> list[SettleResult]:
        rows = self._pages()
        self._leave_out_the_forgotten(rows)
        found = [item for unit in self.units for item in unit.found]
        found += [u.identity for u in self.units if u.identity is not None and u.moves()]
        if found:
            merge_found(self.connection, self.portal, found, self.now)
            # A page may be among what the others led to.
            rows = self._pages()
        targets = self._targets()
        self._rule_out_strays(rows)
        self._join(rows, targets)
        outcomes = self._store(rows, targets)
        self._note_articles(rows, outcomes)
        plan = self._plan(rows, outcomes)
        updates: list[dict[str, Any]] = []
        results = []
        for unit in self.units:
            row = rows[unit.page_id]
            outcome = outcomes.get(unit.target()) if unit.article else None
            due = unit.due_at or plan.get(outcome.article_id if outcome else row.article_id)
            results.append(_result(unit, row, outcome))
            updates.append(self._values(unit, row, outcome, due, results[-1]))
            if unit.moves():
                updates.append(self._moved(unit, targets[unit.target()], outcome, due))
        update_rows(self.connection, PAGES, updates)
        return results

    def _leave_out_the_forgotten(self, rows: Mapping[int, Row[Any]]) -> None:
        """What was taken down does not come back, whatever route led to it."""
        gone = {row.key for row in rows.values() if row.forgotten}
        elsewhere = [unit.target() for unit in self.units if unit.moves()]
        if elsewhere:
            gone |= forgotten_among(self.connection, self.portal, elsewhere)
        for unit in self.units:
            if unit.article is not None and unit.target() in gone:
                unit.article, unit.identity, unit.place = None, None, None
                unit.state, unit.reason = "rejected", FORGOTTEN

    def _pages(self) -> dict[int, Row[Any]]:
        """Rows of the pages that were fetched, by id."""
        wanted = {"these": [unit.page_id for unit in self.units]}
        return {row.id: row for row in self.connection.execute(_BY_ID, wanted)}

    def _targets(self) -> dict[str, Row[Any]]:
        """Rows that articles belong to which were found under another one, by key."""
        wanted = [unit.target() for unit in self.units if unit.moves()]
        if not wanted:
            return {}
        found = self.connection.execute(_BY_KEY, {"portal": self.portal, "these": wanted})
        return {row.key: row for row in found}

    def _rule_out_strays(self, rows: Mapping[int, Row[Any]]) -> None:
        for unit in self.units:
            row = rows.get(unit.page_id)
            if row is None or row.portal != self.portal:
                raise ValueError(f"page {unit.page_id} of {self.portal} does not exist")
            if unit.state in ("stored", "gone") and not unit.article and row.article_id is None:
                raise ValueError(f"page {row.key} cannot be {unit.state}: it has no article")

    def _join(self, rows: Mapping[int, Row[Any]], targets: Mapping[str, Row[Any]]) -> None:
        """An article that is held turns out to have another identity, of which none is held: it
        takes that one, and is not stored a second time."""
        for unit in self.units:
            held, identity = rows[unit.page_id].article_id, unit.identity
            if held is None or identity is None or not unit.moves():
                continue
            if targets[unit.target()].article_id is None:
                names = ("site", "kind", "number")
                values = {name: getattr(identity, name) for name in names} | {"key": unit.target()}
                values["corpus_revision"] = new_revision(self.connection, self.now)
                self.connection.execute(
                    update(ARTICLES).where(ARTICLES.c.id == held).values(**values)
                )

    def _store(
        self, rows: Mapping[int, Row[Any]], targets: Mapping[str, Row[Any]]
    ) -> dict[str, Outcome]:
        """Store the articles; return outcomes by key of the row they belong to."""
        articles: list[StoredArticle] = []
        slugs: dict[str, set[str]] = {}
        for unit in self.units:
            if unit.article is None:
                continue
            article = unit.article
            article.key = unit.target()
            if unit.place is not None:
                for name, value in unit.place.columns().items():
                    setattr(article, name, value)
            shown = set(section_slugs(rows[unit.page_id].found_by))
            if unit.moves():
                shown |= set(section_slugs(targets[article.key].found_by))
            articles.append(article)
            slugs[article.key] = shown
        if not articles:
            return {}
        names = section_labels(self.connection, self.portal, set().union(*slugs.values()))
        labels = {
            key: {slug: names.get(slug) for slug in sorted(shown)} for key, shown in slugs.items()
        }
        return store_articles(self.connection, articles, labels, self.now)

    def _note_articles(self, rows: Mapping[int, Row[Any]], outcomes: Mapping[str, Outcome]) -> None:
        """Gone, or confirmed without a new body. A fetch that failed says neither."""
        left = [u for u in self.units if _leaves(u, rows[u.page_id], outcomes.get(u.target()))]
        mark_gone(self.connection, [_sighting(u, rows[u.page_id]) for u in left], self.now)
        told = [u for u in self.units if not u.article and u.last_result is None]
        held = [u for u in told if rows[u.page_id].article_id is not None]
        for state, note in (("gone", mark_gone), ("stored", touch)):
            seen = [_sighting(u, rows[u.page_id]) for u in held if u.state == state]
            note(self.connection, seen, self.now)

    def _plan(
        self, rows: Mapping[int, Row[Any]], outcomes: Mapping[str, Outcome]
    ) -> dict[int | None, datetime | None]:
        """Article id → its next visit, of those that are held and not new."""
        plan: dict[int | None, datetime | None] = {}
        older: list[int] = []
        for unit in self.units:
            outcome = outcomes.get(unit.target()) if unit.article else None
            if unit.article and outcome and outcome.result == "new":
                born = unit.article.published_on or unit.article.fetched_at
                plan[outcome.article_id] = next_visit(self.now, born=born)
            elif outcome or unit.state in HELD:
                held = outcome.article_id if outcome else rows[unit.page_id].article_id
                older += [held] if held is not None else []
        return plan | plan_visits(self.connection, older, self.now)

    def _values(
        self,
        unit: Settle,
        row: Row[Any],
        outcome: Outcome | None,
        due: datetime | None,
        told: SettleResult,
    ) -> dict[str, Any]:
        moved, leaves = unit.moves(), _leaves(unit, row, outcome)
        state = "gone" if leaves else "duplicate" if moved else unit.state
        result = "unchanged" if state == "stored" else state
        if told.returned:
            result = "returned"
        elif outcome and not leaves:
            result = outcome.result
        # Validators are those of the article: the ones of a «not found» would have it confirmed.
        article = unit.article is not None
        return {
            "b_id": row.id,
            "state": state,
            "reason": unit.reason
            or (f"same article as {unit.target()}" if moved else outcome and outcome.reason),
            "last_result": unit.last_result or result,
            "attempts": row.attempts + (state == "failed"),
            "due_at": None if moved else due,
            "run_id": unit.run_id,
            "listed_on": unit.listed_on or row.listed_on,
            "etag": unit.etag if article else row.etag,
            "last_modified": unit.last_modified if article else row.last_modified,
            "settled_at": unit.settled_at or self.now,
            "article_id": outcome.article_id if outcome and not leaves else row.article_id,
        } | _place(unit, row)

    def _moved(
        self, unit: Settle, row: Row[Any], outcome: Outcome | None, due: datetime | None
    ) -> dict[str, Any]:
        """The row that the article really belongs to."""
        if outcome is None:
            raise ValueError(f"page {row.key} was given no article")
        return {
            "b_id": row.id,
            "state": "stored",
            "reason": outcome.reason,
            "last_result": outcome.result,
            "attempts": row.attempts,
            "due_at": due,
            "run_id": unit.run_id,
            "listed_on": unit.listed_on or row.listed_on,
            "etag": unit.etag,
            "last_modified": unit.last_modified,
            "settled_at": unit.settled_at or self.now,
            "article_id": outcome.article_id,
        } | _place(unit, row)
