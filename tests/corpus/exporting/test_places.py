"""Whole or not at all: killed, stopped, or on a full disk."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from types import FrameType

import pytest

from corpus.export import Export
from corpus.exporting import places
from corpus.exporting.manifest import Wanted
from corpus.exporting.places import BadPlace, check_place, drafted
from corpus.problems import Unwritable
from corpus.storing import store_articles
from crawler.portals.sections import section_slug
from tests.shelf import NOW, Shelf, article

FORMS = {
    "a.jsonl": Wanted(),
    "a.csv.gz": Wanted(),
    "a.parquet": Wanted(),
    "a.db": Wanted(),
    "parts": Wanted(partition=("portal", "year")),
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    root = tmp_path_factory.mktemp("shelf")
    shelf = Shelf(f"sqlite:///{root / 'corpus.db'}", root)
    shelf.fill()
    with shelf.database.writing() as connection:
        long = article(400, body=os.urandom(200_000).hex())
        store_articles(connection, [long], {}, NOW)
    yield shelf
    shelf.database.dispose()


def exporting(shelf: Shelf, path: Path) -> Export:
    return Export(shelf.database, FORMS[path.name], path, slug_of=section_slug, version="0")


def content(path: Path) -> dict[str, bytes]:
    """Every file of an export, by its path."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    return {str(p.relative_to(path.parent)): p.read_bytes() for p in files}


def killed(work, *arguments) -> int:
    """The exit code of `work` in a process of its own."""
    process = get_context("fork").Process(target=work, args=arguments)
    process.start()
    process.join(60)
    return process.exitcode or 0


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_while_writing(shelf: Shelf, path: Path) -> None:
    export = exporting(shelf, path)
    export.advance = die
    export.run(force=True)


def die_between_two_names(shelf: Shelf, path: Path) -> None:
    """The old folder has given up its name, the new one has not yet got it."""
    rename = Path.rename
    Path.rename = lambda self, to: (rename(self, to), die())[0]  # type: ignore[method-assign]
    exporting(shelf, path).run(force=True)


@pytest.mark.parametrize("name", FORMS)
def test_killed_export_leaves_the_old_one_and_the_next_clears_up(shelf, tmp_path, name):
    path = tmp_path / name
    assert killed(die_while_writing, shelf, path) == -signal.SIGKILL
    assert not os.path.lexists(path)
    assert any(left.name.endswith(".part") for left in tmp_path.iterdir())
    exporting(shelf, path).run()
    names = sorted(left.name for left in tmp_path.iterdir())
    assert names == sorted([name, f"{name}.manifest.json"])
    whole = content(path)
    assert killed(die_while_writing, shelf, path) == -signal.SIGKILL
    assert content(path) == whole
    if name == "parts":
        assert killed(die_between_two_names, shelf, path) == -signal.SIGKILL
        assert not path.exists()
    exporting(shelf, path).run(force=True)
    assert sorted(left.name for left in tmp_path.iterdir()) == names
    assert content(path).keys() == whole.keys()
    if name != "a.db":
        assert content(path) == whole


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """As a disk on which so much is free."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("name", FORMS)
def test_full_disk_and_stop_leave_what_was_there(shelf, tmp_path, name):
    path = tmp_path / name
    with no_file_larger_than(70_000), pytest.raises(Unwritable) as caught:
        exporting(shelf, path).run()
    assert caught.value.exit_code == 3
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []

    def stop(rows: int) -> None:
        raise KeyboardInterrupt

    export = exporting(shelf, path)
    export.advance = stop
    with pytest.raises(KeyboardInterrupt):
        export.run()
    assert list(tmp_path.iterdir()) == []


def test_signal_before_the_first_byte_leaves_nothing(tmp_path):
    """At whichever line of ours it comes."""

    def stop_before(line: int) -> bool:
        """Whether that line was reached before the context was entered."""
        passed = 0

        def trace(frame: FrameType, event: str, _: object):
            nonlocal passed
            if frame.f_code.co_filename != places.__file__:
                return None
            passed += event == "line"
            if event == "line" and passed == line:
                raise KeyboardInterrupt
            return trace

        sys.settrace(trace)
        try:
            with drafted(tmp_path / "a.csv") as draft:
                sys.settrace(None)
                draft.touch()
                return False
        except KeyboardInterrupt:
            return True
        finally:
            sys.settrace(None)

    line = 1
    while stop_before(line):
        assert list(tmp_path.iterdir()) == [], line
        line += 1
    assert line > 10


def write_slowly(path: Path, begun, go_on) -> None:
    try:
        with drafted(path) as draft:
            draft.write_text("slow")
            begun.set()
            go_on.wait(60)
    except BadPlace:
        os._exit(7)


def test_draft_under_way_is_left_alone_and_no_name_is_taken_twice(tmp_path):
    path = tmp_path / "a.csv"
    context = get_context("fork")
    begun, go_on = context.Event(), context.Event()
    other = context.Process(target=write_slowly, args=(path, begun, go_on))
    other.start()
    assert begun.wait(60)
    with drafted(path) as draft:
        draft.write_text("quick")
    assert (tmp_path / f".a.csv.{other.pid}.part").read_text() == "slow"
    go_on.set()
    other.join(60)
    assert other.exitcode == 7
    assert [left.name for left in tmp_path.iterdir()] == ["a.csv"]
    assert path.read_text() == "quick"


def test_link_at_the_name_is_replaced_and_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("outside")
    path = tmp_path / "in" / "a.csv"
    path.parent.mkdir()
    path.symlink_to(outside)
    with pytest.raises(BadPlace, match="is there already"):
        check_place(path, force=False)
    with drafted(path, force=True) as draft:
        draft.write_text("mine")
    assert (path.is_symlink(), path.read_text(), outside.read_text()) == (False, "mine", "outside")
