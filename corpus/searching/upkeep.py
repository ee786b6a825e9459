"""Upkeep: the index built from the database, and brought up to date by revision.

Whoever asks or has changed the corpus calls `bring_up`. It may be killed at any moment: what was
committed stays, and the next call goes on from what was noted (`corpus.searching.shelf`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import tantivy
from sqlalchemy import Connection, func, select

from corpus.database import Database
from corpus.models import Article, Run, Tombstone, table
from corpus.revisions import made_at, settled_revision
from corpus.searching.codes import Codes, learned, read
from corpus.searching.index import (
    LAYOUT,
    Numbered,
    documents,
    documents_after,
    engine,
    opened,
    schema,
    texts,
)
from corpus.searching.problems import DamagedIndex
from corpus.searching.shelf import Shelf, State

HEAP = 200_000_000
"""Bytes that the engine collects before it writes a part of the index."""
SMALL_HEAP = 30_000_000
"""The same where little is to be taken in, as after a run."""
THREADS = 1
"""Threads that write; reading the database and cutting words keeps the other core busy."""
PAGE = 500
"""Articles read from the database at once."""
AHEAD = 8
"""Pages that are made while the engine commits, at the most."""
COMMIT = 25_000
"""Articles after which a build is committed: what a kill may cost."""
QUICK = 50_000
"""Articles that are taken in by the way, in half a minute."""
ENOUGH = 2000
"""Articles that an index learns its words from; in a smaller corpus every search is quick."""
GROWN = 4000
"""Articles from which on an index that learned none is built anew, in two seconds."""
BIT = 500
"""Articles between two words of progress."""

Progress = Callable[[str, int], Callable[[int], None]]
"""Told what begins (`build`, `catch up`) and of how many articles; gives what is told of each
step."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What bringing the index up to date came to."""

    taken: int
    """Articles taken in, anew or for the first time."""
    removed: int
    """Articles that were taken down."""
    busy: bool = False
    """True where another process is at it, so nothing was done."""
    reason: str | None = None
    """Why it was built anew; None where it was not."""
    unclean: bool = False
    """True while its files may hold words of articles that were taken down; no answer does."""


def shelf_of(search_dir: Path, database: Database) -> Shelf:
    """Where the index of `database` lies."""
    return Shelf(search_dir, database, layout=LAYOUT)


def behind(shelf: Shelf, database: Database) -> int:
    """How many articles the index does not show as they are; looks only."""
    index = shelf.current()
    state = shelf.state(index) if index is not None else None
    with database.problems(), database.reading() as connection:
        if state is None or state.mark != _mark(connection, state.revision):
            return int(connection.execute(select(func.count()).select_from(_ARTICLES)).scalar_one())
        return len(_changed(connection, state.revision)) + len(_taken(connection, state.revision))


def bring_up(
    shelf: Shelf,
    database: Database,
    *,
    progress: Progress,
    rebuild: bool = False,
    thorough: bool = False,
    patience: float = 0.0,
) -> Brought:
    """Bring the index up to date; build it where there is none, where it is of another corpus, or
    on `rebuild`. Waits `patience` seconds for another process that is at it.

    After a take-down it is built anew, too, since the engine's files keep the words of what was
    deleted; in a corpus of more than `QUICK` articles only where that is `thorough`.

    Raises a `SearchProblem` or a `DatabaseProblem`.
    """
    with shelf.writing(patience) as ours:
        if not ours:
            return Brought(0, 0, busy=True)
        with shelf.trouble():
            reason = "asked for" if rebuild else _why_anew(shelf, database)
            taken = _build(shelf, database, progress) if reason else 0
            done = _catch_up(shelf, database, progress)
            unclean = _unclean(shelf)
            if unclean and (thorough or _count(database) <= QUICK):
                reason = "articles were taken down"
                taken += _build(shelf, database, progress)
                _catch_up(shelf, database, progress)
                unclean = _unclean(shelf)
    return Brought(taken + done.taken, done.removed, reason=reason, unclean=unclean)


def _count(database: Database, beyond: int = 0) -> int:
    ahead = select(func.count()).select_from(_ARTICLES)
    with database.problems(), database.reading() as connection:
        return int(connection.execute(ahead.where(_ARTICLES.c.id > beyond)).scalar_one())


def _unclean(shelf: Shelf) -> bool:
    index = shelf.current()
    state = shelf.state(index) if index is not None else None
    return state is not None and state.unclean


_ARTICLES, _RUNS, _TOMBSTONES = table(Article), table(Run), table(Tombstone)


def _why_anew(shelf: Shelf, database: Database) -> str | None:
    """Why the index has to be built; None where it has not."""
    index = shelf.current()
    if index is None:
        return "there is none yet"
    state = shelf.state(index)
    if state is None:
        return "it is of an earlier titrologue, or incomplete"
    with database.problems(), database.reading() as connection:
        if state.mark != _mark(connection, state.revision):
            return "it is of another corpus, or of this one before a backup was restored"
    try:
        with engine(index):
            opened(index).searcher()
            words = read(index).words
    except DamagedIndex:
        return "it is damaged"
    if not words and _count(database) >= GROWN:
        return "the corpus is large enough now to learn its common words from"
    return None


def _mark(connection: Connection, revision: int) -> str:
    """What tells `revision` of this corpus from that of another: its instant; of a corpus without
    one that of its first run."""
    if revision:
        at = made_at(connection, revision)
    else:
        at = connection.execute(select(_RUNS.c.started_at).order_by(_RUNS.c.id).limit(1)).scalar()
    return at.isoformat() if at is not None else ""


def _changed(connection: Connection, revision: int) -> list[int]:
    query = select(_ARTICLES.c.id).where(_ARTICLES.c.corpus_revision > revision)
    return sorted(connection.execute(query).scalars())


def _taken(connection: Connection, revision: int) -> list[int]:
    """Ids of articles that were taken down since."""
    query = (
        select(_TOMBSTONES.c.article_id)
        .where(_TOMBSTONES.c.corpus_revision > revision, _TOMBSTONES.c.article_id.is_not(None))
        .distinct()
    )
    return sorted(connection.execute(query).scalars())


def _build(shelf: Shelf, database: Database, progress: Progress) -> int:
    """Build a whole new index, or go on with one that was cut off; return the articles taken in."""
    folder = shelf.unfinished()
    state = shelf.state(folder) if folder is not None else None
    with database.problems(), database.reading() as connection:
        if state is None or state.mark != _mark(connection, state.revision):
            folder = None
    if folder is None or state is None:
        folder = shelf.fresh()
        _learned(database).write(folder)
        revision = settled_revision(database)
        with database.problems(), database.reading() as connection:
            state = State(LAYOUT, revision, _mark(connection, revision), upto=0)
        shelf.note(folder, state)
    try:
        taken = _fill(shelf, folder, state, database, progress)
    except DamagedIndex:
        # What a builder was cut off from cannot be gone on with: the next one begins anew.
        shelf.sweep()
        raise
    state.upto = None
    shelf.note(folder, state)
    shelf.install(folder)
    return taken


def _learned(database: Database) -> Codes:
    if _count(database) < ENOUGH:
        return Codes()
    with database.problems(), database.reading() as connection:
        return learned(texts(connection, ENOUGH))


def _fill(shelf: Shelf, folder: Path, state: State, database: Database, progress: Progress) -> int:
    """Take in all articles by id, from the one after `state.upto`."""
    assert state.upto is not None
    advance = progress("build", _count(database, beyond=state.upto))
    taken = 0
    with engine(folder), ThreadPoolExecutor(1) as aside:
        codes = read(folder)
        writer = opened(folder).writer(HEAP, THREADS)
        beyond = tantivy.Query.range_query(
            schema(), "id", tantivy.FieldType.Unsigned, lower_bound=state.upto, include_lower=False
        )
        writer.delete_documents_by_query(beyond)
        pages = _pages(database, state.upto, codes)
        ready = deque(islice(pages, 1))
        more = True
        while more:
            uncommitted = 0
            while ready and uncommitted < COMMIT:
                page = ready.popleft()
                for number, made in page:
                    writer.add_document(made)
                    state.upto = number
                uncommitted += len(page)
                advance(len(page))
                ready.extend(islice(pages, not ready))
            committing = aside.submit(writer.commit)
            # While the engine commits, the next pages are made.
            while len(ready) < AHEAD and not committing.done() and (page := next(pages, [])):
                ready.append(page)
            committing.result()
            shelf.note(folder, state)
            taken += uncommitted
            more = bool(ready)
        writer.wait_merging_threads()
    return taken


def _pages(database: Database, last: int, codes: Codes) -> Iterator[list[Numbered]]:
    """All articles by id from the one after `last`, `PAGE` at once."""
    while True:
        with database.problems(), database.reading() as connection:
            page = documents_after(connection, last, PAGE, codes)
        if not page:
            return
        yield page
        last = page[-1][0]


def _catch_up(shelf: Shelf, database: Database, progress: Progress) -> Brought:
    """Take in what changed since the index was last brought up to date."""
    index = shelf.current()
    state = shelf.state(index) if index is not None else None
    assert index is not None
    assert state is not None
    revision = settled_revision(database)
    if revision == state.revision:
        return Brought(0, 0)
    with database.problems(), database.reading() as connection:
        changed, taken = _changed(connection, state.revision), _taken(connection, state.revision)
        mark = _mark(connection, revision)
    if taken:
        # Noted first: whatever ends us, their words are known to be in the files still.
        state.unclean = True
        shelf.note(index, state)
    if changed or taken:
        with engine(index):
            _replace(index, database, changed, taken, progress)
    state.revision, state.mark = revision, mark
    shelf.note(index, state)
    return Brought(len(changed), len(taken))


def _replace(
    index: Path, database: Database, changed: list[int], gone: list[int], progress: Progress
) -> None:
    heap = HEAP if len(changed) > COMMIT else SMALL_HEAP
    codes = read(index)
    writer = opened(index).writer(heap, THREADS)
    advance = progress("catch up", len(changed))
    _delete(writer, gone)
    for start in range(0, len(changed), BIT):
        some = changed[start : start + BIT]
        _delete(writer, some)
        with database.problems(), database.reading() as connection:
            for _, made in documents(connection, some, codes):
                writer.add_document(made)
        advance(len(some))
    writer.commit()
    writer.wait_merging_threads()


def _delete(writer: tantivy.IndexWriter, ids: list[int]) -> None:
    # Not by `delete_documents_by_term`, which takes a number for a signed one and finds none.
    if ids:
        query = tantivy.Query.term_set_query(schema(), "id", ids)
        writer.delete_documents_by_query(query)
