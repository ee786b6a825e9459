"""Searching: the index kept up to date by the commands, and what they say of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack

from scrapy.settings import BaseSettings

from corpus.database import Database, DatabaseProblem
from corpus.locations import corpus_url, project_root, search_dir
from corpus.searching.answers import Searcher
from corpus.searching.problems import SearchProblem, UnwritableIndex
from corpus.searching.question import parse
from corpus.searching.shelf import Shelf
from corpus.searching.upkeep import QUICK, Brought, Progress, behind, bring_up, shelf_of
from crawler.probing.held import corpus_of
from crawler.probing.progress import counting
from crawler.processes import stoppable

PATIENCE = 10.0
"""Seconds that whoever searches waits for another process that brings the index up to date."""


def say(command: str, line: str) -> None:
    """One line on standard error."""
    print(f"scrapy {command}: {line}", file=sys.stderr, flush=True)


def shelf_for(settings: BaseSettings, database: Database) -> Shelf:
    """Where the search index of the corpus lies."""
    return shelf_of(search_dir(settings), database)


def progress_in(stack: ExitStack) -> Progress:
    """Progress of an index, shown until `stack` is closed or something else begins."""

    def begin(what: str, total: int) -> Callable[[int], None]:
        stack.close()
        told = {"build": "build the search index", "catch up": "bring the search index up to date"}
        return stack.enter_context(counting(told[what], total, "articles")).advance

    return begin


def keep_up(
    command: str,
    settings: BaseSettings,
    database: Database | None = None,
    *,
    thorough: bool = False,
) -> None:
    """Bring the index up to date after a command has changed the corpus. Whatever is wrong with it
    is one line and no more: the corpus is whole, and the next search makes good for it."""
    corpus = database or Database(corpus_url(settings), root=project_root())
    try:
        shelf = shelf_for(settings, corpus)
        left = 0 if thorough else behind(shelf, corpus)
        if left > QUICK:
            say(command, f"the search index is {left} articles behind; `scrapy search --rebuild`")
            return
        with stoppable(), ExitStack() as stack:
            done = bring_up(shelf, corpus, progress=progress_in(stack), thorough=thorough)
        _tell_unclean(command, done)
    except SearchProblem as problem:
        say(command, f"the corpus is whole, but not its search index: {problem}")
    except DatabaseProblem as problem:
        say(command, f"the search index is not up to date ({problem}); the next search makes it so")
    except KeyboardInterrupt:
        say(command, "the search index is not up to date; the next search makes it so")
    finally:
        if database is None:
            corpus.dispose()


def ready(settings: BaseSettings, database: Database, *, rebuild: bool) -> Shelf:
    """The index of `database`, brought up to date first. Where that cannot be, one that is there
    answers all the same, and a line says what it lacks. Raises a `DatabaseProblem`."""
    shelf = shelf_for(settings, database)
    try:
        with ExitStack() as stack:
            done = bring_up(
                shelf,
                database,
                progress=progress_in(stack),
                rebuild=rebuild,
                thorough=rebuild,
                patience=PATIENCE,
            )
    except UnwritableIndex as problem:
        if rebuild or shelf.current() is None:
            raise
        say("search", f"{problem}; this answer lacks {behind(shelf, database)} articles or changes")
        return shelf
    if done.busy:
        if shelf.current() is None:
            raise SearchProblem("another process builds the search index; ask again later")
        if left := behind(shelf, database):
            say("search", f"another process is bringing in the last {left} articles")
    elif done.reason and done.taken:
        say("search", f"the index was built from {done.taken} articles: {done.reason}")
    _tell_unclean("search", done)
    return shelf


def matches(settings: BaseSettings, text: str) -> list[tuple[int, float]]:
    """(id, score) of every article that answers `text`, best first. Raises a `DatabaseProblem`."""
    with corpus_of(settings) as database:
        shelf = ready(settings, database, rebuild=False)
        index, question = shelf.current(), parse(text)
        if index is None or question is None:
            return []
        return [(hit.article_id, hit.score) for hit in Searcher(index).every(question)]


def _tell_unclean(command: str, done: Brought) -> None:
    if done.unclean:
        say(
            command,
            "files of the search index still hold words of articles that were taken down; "
            "`scrapy search --rebuild` makes them anew",
        )
