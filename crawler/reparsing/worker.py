"""Worker: archived pages through today's parser and stages, and what that changes. Writes nothing.

Runs in each process of a reparse. A task is a part of one portal's selection; what goes back is
only what differs from what is held.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.settings import Settings
from sqlalchemy import Connection, select

from corpus.archive_reading import NotInArchive, OpenFile, read_page
from corpus.database import Database
from corpus.knowledge import learned_lines
from corpus.rereading import Comparison, Reread, compare, held_articles
from corpus.reselection import PAGES, clocks
from corpus.settling import Settle
from corpus.sources import foresee_names
from corpus.storing import ARTICLES, PLACE, StoredArticle
from corpus.warc.captures import WarcPlace
from crawler.discovery.found import found_at
from crawler.items import Article
from crawler.judging import judge, settle_identity
from crawler.parsing.knowledge import Knowledge
from crawler.parsing.page import Page
from crawler.portals.base import Portal, portals
from crawler.portals.generic import generic_portal
from crawler.stages import extractor_revision, load_stages, run_stages
from crawler.stored_article import stored_article

SHOWN = 400
"""Characters of a value that go into a sample."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What each process needs."""

    url: str
    """CORPUS_URL, full."""
    archive: Path
    pipelines: dict[str, int | None]
    """ITEM_PIPELINES."""
    accept_worse: bool
    write: bool
    """False: only figures are wanted."""


@dataclass(frozen=True, slots=True)
class Task:
    """Neighbours in the archive, all of one portal."""

    portal: str
    knowledge: int
    """Revision of what was learned of the portal."""
    articles: Sequence[int] = ()
    pages: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """An article that is read otherwise."""

    url: str
    fields: dict[str, tuple[str, Any, Any]]
    """Column → (`filled`, `changed` or `lost`; held, new), texts cut to `SHOWN`."""
    unit: Reread | None
    """What to write; None where only figures are wanted."""


@dataclass(slots=True)
class Outcome:
    """What a task has come to."""

    articles: int = 0
    pages: int = 0
    changed: list[Changed] = field(default_factory=list)
    held_back: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """(address, fields) where a reading is worse."""
    no_article: list[tuple[str, str]] = field(default_factory=list)
    """(address, reason) of articles whose page would be none now: they stay as they are."""
    unreadable: list[str] = field(default_factory=list)
    """What of the archive is not there, in words."""
    broken: list[tuple[str, str]] = field(default_factory=list)
    """(address, exception) where parser or stages failed; all stays as it is."""
    recovered: list[Settle] = field(default_factory=list)
    """Pages that turn out to be articles."""
    still: dict[str, int] = field(default_factory=dict)
    """Reason → pages that are no article as before."""
    same: list[int] = field(default_factory=list)
    """Articles read as before, by a reader that their rows do not name yet."""
    stamps: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """The same where more than the reader is to be noted."""


def prepare(setup: Setup) -> None:
    """Load parser and stages, once a process."""
    global _worker
    _worker = Worker(setup)


def work(task: Task) -> Outcome:
    """Read a task's pages again."""
    assert _worker is not None
    return _worker.do(task)


class _NoArticle(Exception):
    """The page is none."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Worker:
    """Parser, stages and a database of one process."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.database = Database(setup.url, root=Path.cwd())
        settings = Settings({"ITEM_PIPELINES": setup.pipelines})
        self.stages = load_stages(settings)
        self.revision = extractor_revision(settings)
        self.beside = OpenFile(setup.archive)
        self.portal = ""
        self.knowledge = Knowledge()
        self.clocks: dict[int, str] = {}
        self.classes: dict[str, type[Portal]] = {}

    def do(self, task: Task) -> Outcome:
        """Raises `DatabaseProblem`; whatever a page does is in the outcome."""
        outcome = Outcome()
        with self.database.problems(), self.database.reading() as connection, self.beside:
            if task.portal != self.portal:
                self.portal, self.classes = task.portal, {}
                lines = learned_lines(connection, task.knowledge)
                self.knowledge = Knowledge.of(task.portal, task.knowledge, lines)
                self.clocks = clocks(connection, task.portal)
            if task.articles:
                self._articles(connection, task, outcome)
            if task.pages:
                self._pages(connection, task, outcome)
        return outcome

    def _articles(self, connection: Connection, task: Task, outcome: Outcome) -> None:
        held = held_articles(connection, task.articles)
        rows = [held[n] for n in task.articles if n in held]
        read: list[tuple[Mapping[str, Any], StoredArticle]] = []
        for row in rows:
            # A condition with brackets of its own may name what another run holds.
            if row["portal"] != task.portal:
                continue
            outcome.articles += 1
            if (article := self._article(row, outcome)) is not None:
                read.append((row, article))
        foresee_names(connection, [article for _, article in read])
        for row, article in read:
            found = compare(row, article, accept_worse=self.setup.accept_worse)
            self._note(row, article, found, outcome)

    def _article(self, row: Mapping[str, Any], outcome: Outcome) -> StoredArticle | None:
        url = row["url"]
        try:
            archived = read_page(self.setup.archive, _place(row), self.beside)
            page = Page(archived.url, archived.body, archived.content_type, row["fetched_at"])
            item = self._read(page, self._portal(row["run_id"]))
            return self._stored(item, row["key"], row["run_id"])
        except NotInArchive as missing:
            outcome.unreadable.append(f"{url}: {missing}")
        except _NoArticle as none:
            outcome.no_article.append((url, none.reason))
        except Exception as error:
            outcome.broken.append((url, f"{type(error).__name__}: {error}"))
        return None

    def _note(
        self,
        row: Mapping[str, Any],
        article: StoredArticle,
        found: Comparison,
        outcome: Outcome,
    ) -> None:
        if found.held_back:
            outcome.held_back.append((row["url"], found.held_back))
        if found.differing:
            fields = {name: _difference(row[name], found.values[name]) for name in found.differing}
            unit = Reread(row["id"], article, self.setup.accept_worse)
            outcome.changed.append(Changed(row["url"], fields, unit if self.setup.write else None))
        elif (stamp := found.stamp(row)) is not None:
            if all(row[name] == stamp[name] for name in ("signs", "flags", "region_hash")):
                outcome.same.append(row["id"])
            else:
                outcome.stamps.append((row["id"], stamp))

    def _pages(self, connection: Connection, task: Task, outcome: Outcome) -> None:
        query = select(PAGES).where(
            PAGES.c.portal == task.portal,
            PAGES.c.id.in_(task.pages),
            # Since they were selected, a crawl may have stored one.
            PAGES.c.article_id.is_(None),
        )
        held = {row.id: row for row in connection.execute(query)}
        for row in (held[n] for n in task.pages if n in held):
            outcome.pages += 1
            try:
                outcome.recovered.append(self._recover(connection, row))
            except NotInArchive as missing:
                outcome.unreadable.append(f"{row.url}: {missing}")
            except _NoArticle as none:
                outcome.still[none.reason] = outcome.still.get(none.reason, 0) + 1
            except Exception as error:
                outcome.broken.append((row.url, f"{type(error).__name__}: {error}"))

    def _recover(self, connection: Connection, row: Any) -> Settle:
        """The settlement of a page that is an article after all."""
        place = _place(row._mapping)
        archived = read_page(self.setup.archive, place, self.beside)
        if not 200 <= archived.status < 300:
            # A redirect or an error, whatever stands below it: a crawl reads none of these.
            raise _NoArticle(f"http_{archived.status}")
        page = Page(archived.url, archived.body, archived.content_type, archived.fetched_at)
        portal = self._portal(row.run_id)
        item = self._read(page, portal, row)
        identity = settle_identity(item, portal, archived.url, row)
        moved = identity.key != row.key
        held = select(ARTICLES.c.id).where(
            ARTICLES.c.portal == row.portal, ARTICLES.c.key == identity.key
        )
        if moved and connection.execute(held).first() is not None:
            raise _NoArticle("duplicate")
        article = self._stored(item, identity.key, row.run_id)
        return Settle(
            portal=row.portal, run_id=row.run_id, page_id=row.id, key=row.key, state="stored",
            article=article, place=place,
            identity=found_at(identity, "redirect") if moved else None,
            listed_on=article.published_on, etag=row.etag, last_modified=row.last_modified,
            settled_at=row.settled_at,
        )  # fmt: skip

    def _read(self, page: Page, portal: type[Portal], row: Any = None) -> Any:
        """The item behind all stages, of the page `row` or of an article that is held. Raises
        `_NoArticle`, or what parser or stages raise."""
        listed = row is None or row.listed_on is not None
        article, state, reason = judge(page, portal, self.knowledge, listed=listed)
        if state is not None:
            raise _NoArticle(reason or state)
        try:
            return run_stages(article, self.stages)
        except Exception as dropped:
            if isinstance(getattr(dropped, "state", None), str):
                raise _NoArticle(str(getattr(dropped, "reason", "dropped"))) from dropped
            raise

    def _stored(self, item: Article, key: str, run_id: int | None) -> StoredArticle:
        return stored_article(item, key=key, run_id=run_id, revision=self.revision)

    def _portal(self, run_id: int | None) -> type[Portal]:
        """The portal's class; of a site that is none of ours one with the clock of the run."""
        known = portals().get(self.portal)
        if known is not None:
            return known
        zone = self.clocks.get(run_id or 0, "UTC")
        if zone not in self.classes:
            self.classes[zone] = generic_portal(f"http://{self.portal}/", timezone=zone)
        return self.classes[zone]


_worker: Worker | None = None


def _place(row: Mapping[str, Any]) -> WarcPlace:
    values = [row[name] for name in PLACE]
    if None in values:
        raise NotInArchive(f"{values[0]}: the row does not say where")
    return WarcPlace(*values)


def _difference(old: Any, new: Any) -> tuple[str, Any, Any]:
    empty: tuple[Any, ...] = (None, "", [])
    kind = "filled" if old in empty else "lost" if new in empty else "changed"
    return kind, _cut(old), _cut(new)


def _cut(value: Any) -> Any:
    """What a sample shows of a value."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value[:SHOWN] if isinstance(value, str) else value
