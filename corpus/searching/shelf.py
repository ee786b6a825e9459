"""Shelf: where the index of one database lies below SEARCH_DIR, and what it is an index of.

    search/corpus-1f0c3a9b/            the folder of its caches
        lock                           held by whoever writes
        current                        name of the index that answers: `index-2`
        index-2/                       the engine's files, and the words that have a code
        index-2.json                   which corpus, and how far (`State`)
        index-3/, index-3.json         one being built; it takes over when it is whole

Each change of the index is committed first and noted after, so a kill in between leaves a state
that is behind, never one that is ahead; taking a change in twice is harmless.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.caches import cache_folder
from corpus.database import Database
from corpus.searching.problems import NewerIndex, UnwritableIndex

CURRENT = "current"
PAUSE = 0.05
"""Seconds between two looks at a lock."""
_INDEX = re.compile(r"index-(\d+)")


@dataclass(slots=True)
class State:
    """What an index shows."""

    layout: int
    """The layout of its fields and terms."""
    revision: int
    """Every change of the corpus up to this one is in it (`corpus.revisions`)."""
    mark: str
    """Tells that change from one of the same number in another corpus, or in a restored one."""
    upto: int | None = None
    """While it is built: articles up to this id are in it. None once it is whole."""
    unclean: bool = False
    """True while files may still hold words of articles that were taken down."""


class Shelf:
    """The index folder of one database. Nothing is made before it is written to."""

    def __init__(self, search_dir: Path, database: Database, *, layout: int) -> None:
        self.folder = cache_folder(search_dir, database)
        self.layout = layout

    def current(self) -> Path | None:
        """The folder of the index that answers; None where there is none yet."""
        try:
            name = (self.folder / CURRENT).read_text("utf-8").strip()
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            return None
        return self.folder / name if _INDEX.fullmatch(name) else None

    def state(self, index: Path) -> State | None:
        """What `index` shows; None where that is not known. Raises `NewerIndex`."""
        try:
            state = State(**json.loads(_state_file(index).read_text("utf-8")))
            newer = state.layout > self.layout
        except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
            return None
        if newer:
            raise NewerIndex(
                f"the search index in {self.folder} is of a newer titrologue; install that, "
                "or set SEARCH_DIR to another folder"
            )
        return state if state.layout == self.layout else None

    def note(self, index: Path, state: State) -> None:
        """Write down what `index` shows, in one step."""
        write_whole(_state_file(index), json.dumps(asdict(state)))

    def unfinished(self) -> Path | None:
        """An index that was being built when its builder was cut off."""
        current = self.current()
        for index in sorted(self._all(), key=_number, reverse=True):
            if index != current and (state := self.state(index)) is not None:
                return index if state.upto is not None else None
        return None

    def fresh(self) -> Path:
        """An empty folder for a new index; what other builders left unfinished is removed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sweep()
        index = self.folder / f"index-{max(map(_number, self._all()), default=0) + 1}"
        index.mkdir()
        return index

    def install(self, index: Path) -> None:
        """Let `index` answer from now on, in one step, and remove all others."""
        write_whole(self.folder / CURRENT, index.name)
        self.sweep()

    def sweep(self) -> None:
        """Remove every index but the one that answers."""
        current = self.current()
        for index in self._all():
            if index != current:
                shutil.rmtree(index, ignore_errors=True)
                _state_file(index).unlink(missing_ok=True)

    def discard(self) -> None:
        """Let no index answer any more, and remove all of them."""
        (self.folder / CURRENT).unlink(missing_ok=True)
        self.sweep()

    @contextmanager
    def writing(self, patience: float) -> Iterator[bool]:
        """The right to write, while the context is open; False where another process still has it
        after `patience` seconds. Falls with the process, even by `kill -9`."""
        with self.trouble():
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            yield _locked(descriptor, patience)
        finally:
            os.close(descriptor)

    @contextmanager
    def trouble(self) -> Iterator[None]:
        """Turn what the file system says into an `UnwritableIndex` with its remedy."""
        try:
            yield
        except OSError as error:
            raise UnwritableIndex(
                f"the search index in {self.folder} cannot be written: "
                f"{error.strerror or error}; free space, mend permissions, or set SEARCH_DIR"
            ) from error

    def size(self) -> int:
        """Bytes of its files."""
        files = (path for index in self._all() for path in index.rglob("*") if path.is_file())
        return sum(path.stat().st_size for path in files)

    def _all(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return [
            path for path in self.folder.iterdir() if _INDEX.fullmatch(path.name) and path.is_dir()
        ]


def write_whole(path: Path, text: str) -> None:
    """The whole text or nothing, also where the power fails."""
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _number(index: Path) -> int:
    return int(index.name.rpartition("-")[2])


def _state_file(index: Path) -> Path:
    return index.with_name(f"{index.name}.json")


def _locked(descriptor: int, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(PAUSE)
