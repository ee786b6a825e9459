"""A process that brings an index up to date, and is killed by its own hand at a certain step."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from corpus.database import Database
from corpus.searching import upkeep
from tests.corpus.searching.shelf_corpus import brought_up


def die_at(url: str, search: Path, step: str, times: int, rebuild: bool) -> None:
    """Bring the index of the database at `url` up to date, and die at `step`."""
    database = Database(url, root=search)
    upkeep.PAGE, upkeep.COMMIT = 5, 10
    left = [times]

    def dying(function, *, after: bool):
        def wrapped(*args, **kwargs):
            left[0] -= 1
            if not left[0] and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = function(*args, **kwargs)
            if not left[0] and after:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return wrapped

    shelf = upkeep.Shelf
    match step:
        case "fresh" | "note":
            setattr(shelf, step, dying(getattr(shelf, step), after=True))
        case "install":
            shelf.install = dying(shelf.install, after=False)
        case "installed":
            shelf.install = dying(shelf.install, after=True)
        case "add":
            upkeep.documents_after = dying(upkeep.documents_after, after=True)
        case _:
            upkeep.opened = dying(upkeep.opened, after=True) if step == "writer" else upkeep.opened
            if step in ("commit", "committed"):
                shelf.note = dying(shelf.note, after=step == "committed")
    brought_up(search, database, rebuild=rebuild)
