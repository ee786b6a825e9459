"""docs/cookbook.md: each question is asked of a small corpus on both databases, and answered as
printed; the French one has the same questions and answers.

`python -m tests.test_cookbook` writes the answers anew, as SQLite gives them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from corpus.asking import asking
from corpus.database import Database
from crawler.commands.sql import _print
from tests.small_corpus import fill_small_corpus

DOCS = Path(__file__).parents[1] / "docs"
BOOKS = (DOCS / "cookbook.md", DOCS / "cookbook.fr.md")
BLOCK = r"^```{}\n(.*?)\n```\n\n```text\n(.*?)```$"
RECIPE = re.compile(BLOCK.format("sql"), re.MULTILINE | re.DOTALL)
OTHER = re.compile(BLOCK.format("(?:sh|python)"), re.MULTILINE | re.DOTALL)


def recipes(book: Path) -> list[tuple[str, str]]:
    """(statement, printed answer)."""
    return RECIPE.findall(book.read_text("utf-8"))


def printed(database: Database, statement: str) -> str:
    """What `scrapy sql` prints."""
    out = StringIO()
    with asking(database, statement) as answer, redirect_stdout(out):
        _print(answer, "table", raw=False)
    return out.getvalue()


def test_every_question_has_its_printed_answer(database_url, tmp_path):
    database = Database(database_url, root=tmp_path)
    fill_small_corpus(database)
    asked = recipes(BOOKS[0])
    assert len(asked) >= 20
    for statement, answer in asked:
        assert printed(database, statement) == answer, statement
        assert answer.count("\n") > 1, statement
    database.dispose()


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_both_books_have_the_same_questions_and_answers(book):
    assert recipes(book) == recipes(BOOKS[0])
    assert OTHER.findall(book.read_text("utf-8")) == OTHER.findall(BOOKS[0].read_text("utf-8"))
    headings = re.findall(r"^## (\d+)\. .+$", book.read_text("utf-8"), re.MULTILINE)
    assert headings == [str(number) for number in range(1, len(recipes(book)) + 1)]


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """A folder with the small corpus as `corpus.db`, in which one is."""
    database = Database("sqlite:///corpus.db", root=tmp_path)
    fill_small_corpus(database)
    database.dispose()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def example(of: str) -> tuple[str, str]:
    """(program, printed answer) of the one block that speaks of `of`."""
    (found,) = (pair for pair in OTHER.findall(BOOKS[0].read_text("utf-8")) if of in pair[0])
    return found


def shell(line: str, **environment: str) -> str:
    done = subprocess.run(
        ["bash", "-c", line],
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(not shutil.which("sqlite3"), reason="the shell of SQLite is not installed")
def test_sqlite3_opens_the_corpus(opened):
    line, answer = example("sqlite3 -readonly")
    assert shell(line) == answer


def test_psql_opens_the_corpus(postgres, tmp_path):
    url = postgres.create_database()
    database = Database(url, root=tmp_path)
    fill_small_corpus(database)
    database.dispose()
    line, answer = example("psql ")
    path = f"{postgres.binaries}{os.pathsep}{os.environ['PATH']}"
    assert shell(line, DATABASE=url.replace("+psycopg", ""), PATH=path) == answer


@pytest.mark.parametrize("of", ["articles.groupby", "duckdb.sql"])
def test_pandas_and_duckdb_open_the_corpus(opened, of):
    program, answer = example(of)
    out = StringIO()
    with redirect_stdout(out):
        exec(compile(program, of, "exec"), {})
    assert out.getvalue() == answer


def renew(book: Path, database: Database) -> None:
    """Write the answers of a book anew."""

    def answered(found: re.Match[str]) -> str:
        return f"```sql\n{found[1]}\n```\n\n```text\n{printed(database, found[1])}```"

    book.write_text(RECIPE.sub(answered, book.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        small = Database("sqlite:///corpus.db", root=Path(folder))
        fill_small_corpus(small)
        for one in BOOKS:
            renew(one, small)
        small.dispose()
