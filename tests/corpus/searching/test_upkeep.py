"""The index follows the database: changes, take-downs, restored back-ups, and kills."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import delete

from corpus.database import Database
from corpus.models import Article, ArticleSection, ArticleVersion, table
from corpus.searching import upkeep
from corpus.searching.codes import read
from corpus.searching.index import texts
from corpus.searching.problems import NewerIndex, UnwritableIndex
from corpus.searching.upkeep import behind
from corpus.tombstones import bury, held_under
from tests.corpus.searching.dying_builder import die_at
from tests.corpus.searching.shelf_corpus import (
    agrees,
    article,
    ask,
    brought_up,
    filled,
    knows,
    store,
    table_of,
)

ROWS = table_of("articles.tsv")
NOW = datetime(2024, 6, 2, tzinfo=UTC)
FRESH = get_context("forkserver")
FRESH.set_forkserver_preload(["tests.preloaded"])


@pytest.fixture
def corpus(database_url, tmp_path):
    database, ids = filled(database_url, tmp_path)
    yield database, ids
    database.dispose()


@pytest.fixture
def small(tmp_path):
    """A corpus on SQLite, where the database does not matter."""
    database, ids = filled(f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path)
    yield database, ids
    database.dispose()


def found(shelf, text):
    return [hit.article_id for hit in ask(shelf, text).hits]


def forget(database: Database, number: int) -> None:
    """Take an article down as `scrapy forget` does in the tables."""
    row = ROWS[number - 1]
    url = f"http://news.{row['portal']}.com/h/{number}.html"
    with database.writing() as connection:
        held = held_under(connection, row["portal"], {f"news/h/{number}": url})
        assert held.articles
        bury(connection, row["portal"], held, "letter", NOW)


def test_index_follows_new_changed_and_removed_articles(corpus, tmp_path):
    database, ids = corpus
    shelf, _ = brought_up(tmp_path / "search", database)
    assert agrees(shelf, database)
    assert brought_up(tmp_path / "search", database)[1] == upkeep.Brought(0, 0)

    new = ROWS[0] | {"title": "Le mil", "body": "Le mil du Gourma est rentré."}
    changed = ROWS[3] | {"body": "Le prix du coton chute. Zébu."}
    [number, again] = store(database, [article(900, new), article(4, changed)])
    assert again == ids["coton"]
    assert behind(shelf, database) == 2
    _, brought = brought_up(tmp_path / "search", database)
    assert (brought.taken, brought.removed) == (2, 0)
    assert found(shelf, "gourma") == [number]
    assert found(shelf, "zebu") == [ids["coton"]]
    assert found(shelf, "cotonculteurs") == []

    forget(database, 4)
    _, brought = brought_up(tmp_path / "search", database)
    assert brought.removed == 1
    assert found(shelf, "zebu") == []
    assert agrees(shelf, database)


def test_words_of_a_take_down_leave_every_file(small, tmp_path):
    database, _ = small
    search = tmp_path / "search"
    shelf, _ = brought_up(search, database)
    # One version of it lies in a file of its own, an edited one in another.
    for body in ("Zanzibarique.", "Ouagalaise zanzibarique."):
        store(database, [article(4, ROWS[3] | {"body": body})])
        brought_up(search, database)
    assert knows(shelf, "zanzibar")
    forget(database, 4)
    _, brought = brought_up(search, database, thorough=True)
    assert (brought.removed, brought.unclean) == (1, False)
    assert not knows(shelf, "zanzibar")
    assert not knows(shelf, "cotoncult")
    assert agrees(shelf, database)


def test_large_corpus_is_not_built_anew_by_the_way(small, tmp_path, monkeypatch):
    database, ids = small
    shelf, _ = brought_up(tmp_path / "search", database)
    monkeypatch.setattr(upkeep, "QUICK", 5)
    forget(database, 1)
    _, brought = brought_up(tmp_path / "search", database)
    assert brought.unclean
    assert ids["or"] not in found(shelf, "or")
    # It is still so for whoever comes next, until somebody takes the time.
    assert brought_up(tmp_path / "search", database)[1].unclean
    assert not brought_up(tmp_path / "search", database, thorough=True)[1].unclean
    assert agrees(shelf, database)


def test_index_of_another_or_a_restored_corpus_never_answers(small, tmp_path):
    database, ids = small
    search, backup = tmp_path / "search", tmp_path / "backup.db"
    brought_up(search, database)
    copy(tmp_path / "corpus.db", backup)
    store(database, [article(902, ROWS[0] | {"body": "Avant la restauration."})])
    shelf, _ = brought_up(search, database)
    assert len(found(shelf, "restauration")) == 1

    database.dispose()
    for path in tmp_path.glob("corpus.db*"):
        path.unlink()
    copy(backup, tmp_path / "corpus.db")
    # The same number of a change, another change: it must not pass for the one that is indexed.
    store(database, [article(903, ROWS[0] | {"body": "Après la restauration du fonio."})], NOW)
    assert behind(shelf, database) == len(ids) + 1
    _, brought = brought_up(search, database)
    assert "restored" in (brought.reason or "")
    assert len(found(shelf, "fonio")) == 1
    assert agrees(shelf, database)

    other, _ = filled(f"sqlite:///{tmp_path / 'other.db'}", tmp_path)
    assert upkeep.shelf_of(search, other).current() is None
    other.dispose()


def copy(source: Path, target: Path) -> None:
    connection = sqlite3.connect(source)
    connection.execute("VACUUM INTO ?", [str(target)])
    connection.close()


def test_damaged_incomplete_or_older_index_is_built_anew(small, tmp_path):
    database, ids = small
    shelf, _ = brought_up(tmp_path / "search", database)
    for damage in DAMAGES:
        index = shelf.current()
        damage(index)
        _, brought = brought_up(tmp_path / "search", database)
        assert brought.taken == len(ids), damage
        assert agrees(shelf, database), damage
        assert not index.exists()


def spoil_meta(index: Path) -> None:
    (index / "meta.json").write_text("{")


def empty_files(index: Path) -> None:
    for path in index.glob("*.term"):
        path.write_bytes(b"")


def remove_files(index: Path) -> None:
    for path in index.glob("*.idx"):
        path.unlink()


def remove_state(index: Path) -> None:
    index.with_name(f"{index.name}.json").unlink()


def older_layout(index: Path) -> None:
    set_layout(index, 1)


def remove_words(index: Path) -> None:
    (index / "words.txt").unlink()


DAMAGES = (spoil_meta, empty_files, remove_files, remove_state, older_layout, remove_words)


def set_layout(index: Path, layout: int) -> None:
    path = index.with_name(f"{index.name}.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"layout": layout}))


def test_index_learns_the_words_of_a_corpus_that_is_large_enough(small, tmp_path, monkeypatch):
    database, ids = small
    monkeypatch.setattr(upkeep, "ENOUGH", len(ids) + 1)
    monkeypatch.setattr(upkeep, "GROWN", len(ids) + 2)
    shelf, _ = brought_up(tmp_path / "search", database)
    new = [
        article(900 + more, ROWS[more] | {"body": f"{ROWS[more]['body']} Le mil du Gourma."})
        for more in range(2)
    ]
    store(database, new[:1])
    assert brought_up(tmp_path / "search", database)[1].reason is None
    assert read(shelf.current()).words == []
    assert agrees(shelf, database)

    numbers = store(database, new)
    assert "common words" in brought_up(tmp_path / "search", database)[1].reason
    words = read(shelf.current()).words
    assert words.index("le") < words.index("gourm")
    assert sorted(found(shelf, '"le mil du Gourma"')) == numbers
    assert agrees(shelf, database)
    # What is learned once stays: another index of the same words would be no quicker.
    store(database, [article(902, ROWS[0] | {"body": "Du fonio, du fonio."})])
    assert brought_up(tmp_path / "search", database)[1].reason is None
    assert read(shelf.current()).words == words
    assert len(found(shelf, '"du fonio"')) == 1
    assert agrees(shelf, database)


def test_words_are_learned_from_articles_all_over_the_corpus(corpus):
    database, ids = corpus
    with database.reading() as connection:
        whole = [*texts(connection, len(ids))]
        assert len({*whole}) == len(ids)
        assert [*texts(connection, len(ids) + 1)] == whole
        some = [*texts(connection, 5)]
    assert some == whole[:: len(ids) // 5]


def test_index_of_a_newer_titrologue_is_left_alone(small, tmp_path):
    database, _ = small
    shelf, _ = brought_up(tmp_path / "search", database)
    set_layout(shelf.current(), 10_000)
    with pytest.raises(NewerIndex, match="newer titrologue"):
        brought_up(tmp_path / "search", database)


def test_folder_that_cannot_be_written_is_told_with_the_remedy(small, tmp_path):
    database, _ = small
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritableIndex, match="set SEARCH_DIR"):
        brought_up(tmp_path / "file", database)


def test_second_writer_leaves_it_to_the_first(small, tmp_path):
    database, _ = small
    shelf, _ = brought_up(tmp_path / "search", database)
    store(database, [article(904, ROWS[0] | {"body": "Deux à la fois."})])
    with shelf.writing(0) as ours:
        assert ours
        assert brought_up(tmp_path / "search", database)[1].busy
    assert brought_up(tmp_path / "search", database)[1].taken == 1


def test_rebuild_answers_the_same_and_leaves_one_index(small, tmp_path):
    database, _ = small
    shelf, _ = brought_up(tmp_path / "search", database)
    before = ask(shelf, "le OR la OR or", facets=["section"])
    first = shelf.current()
    brought_up(tmp_path / "search", database, rebuild=True)
    assert shelf.current() != first
    assert not first.exists()
    after = ask(shelf, "le OR la OR or", facets=["section"])
    assert (after.hits, after.total, after.facets) == (before.hits, before.total, before.facets)


STEPS = (
    "fresh",
    "note",
    "writer",
    "add",
    "commit",
    "committed",
    "install",
    "installed",
)


@pytest.mark.parametrize("step", STEPS)
def test_build_that_is_killed_goes_on_and_agrees(step, small, tmp_path):
    """`kill -9` of a process that builds: at a certain step, for the first time, then again for the
    second time of what is left."""
    database, ids = small
    search = tmp_path / "search"
    assert killed(database, search, step, 1, rebuild=False) == -signal.SIGKILL
    killed(database, search, step, 2, rebuild=False)
    shelf, _ = brought_up(search, database)
    assert agrees(shelf, database)
    # Also while an index answers, and one is built beside it.
    store(database, [article(905, ROWS[0] | {"body": "Pendant ce temps."})])
    assert killed(database, search, step, 1, rebuild=True) == -signal.SIGKILL
    assert found(shelf, "cotonculteurs") == [ids["coton"]]
    brought_up(search, database)
    assert agrees(shelf, database)
    brought_up(search, database, rebuild=True)
    assert agrees(shelf, database)
    assert len([path for path in shelf.folder.iterdir() if path.is_dir()]) == 1


def killed(database: Database, search: Path, step: str, times: int, *, rebuild: bool) -> int | None:
    """The exit code of a process that brings the index up to date and dies at `step`."""
    given = (str(database.url), search, step, times, rebuild)
    process = FRESH.Process(target=die_at, args=given)
    process.start()
    process.join(60)
    process.kill()
    return process.exitcode


def test_catching_up_that_is_killed_goes_on_and_agrees(small, tmp_path):
    database, ids = small
    search = tmp_path / "search"
    shelf, _ = brought_up(search, database)
    store(database, [article(906, ROWS[0] | {"body": "Une de plus."})])
    forget(database, 2)
    for step in ("writer", "note", "commit", "committed"):
        for times in (1, 2):
            assert killed(database, search, step, times, rebuild=False) == -signal.SIGKILL
            assert len(found(shelf, "kenieba OR or")) <= len(ids)
    brought_up(search, database, thorough=True)
    assert agrees(shelf, database)
    assert not knows(shelf, "kenieb")


def test_article_that_is_gone_from_the_tables_without_a_word_leaves_with_a_rebuild(small, tmp_path):
    database, ids = small
    shelf, _ = brought_up(tmp_path / "search", database)
    with database.writing() as connection:
        for model in (ArticleSection, ArticleVersion):
            rows = table(model)
            connection.execute(delete(rows).where(rows.c.article_id == ids["riz"]))
        connection.execute(delete(table(Article)).where(Article.id == ids["riz"]))
    brought_up(tmp_path / "search", database, rebuild=True)
    assert agrees(shelf, database)
    shutil.rmtree(shelf.folder)
    brought_up(tmp_path / "search", database)
    assert agrees(shelf, database)
