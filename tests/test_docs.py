"""The docs are true: commands, settings, codes and columns are named, links resolve, SQL runs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.models import Base
from crawler import settings
from crawler.exit_codes import MEANINGS
from demo.portal import make_portal
from tests.crawls import desk

ROOT = Path(__file__).parent.parent
READMES = [ROOT / "README.md", ROOT / "README.fr.md"]
PAGES = [*READMES, *sorted(ROOT.glob("docs/*.md")), ROOT / "CONTRIBUTING.md"]


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", path.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("path", READMES, ids=lambda p: p.name)
def test_readme_names_every_command_of_ours(path):
    commands = {p.stem for p in (ROOT / "crawler" / "commands").glob("[a-z]*.py")}
    missing = {name for name in commands if f"scrapy {name}" not in path.read_text("utf-8")}
    assert not missing


@pytest.mark.parametrize("path", READMES, ids=lambda p: p.name)
def test_readme_has_the_exit_codes_of_the_code(path):
    shown = {int(code) for code in re.findall(r"^\| (\d+) \|", path.read_text("utf-8"), re.M)}
    assert shown == set(MEANINGS)


def test_readme_gives_each_exit_code_its_meaning():
    text = READMES[0].read_text("utf-8")
    assert all(f"| {code} | {meaning} |" in text for code, meaning in MEANINGS.items())


@pytest.mark.parametrize("path", READMES, ids=lambda p: p.name)
def test_readme_names_settings_that_exist(path):
    named = re.findall(r"^\| `([A-Z_]+)` \|", path.read_text("utf-8"), re.M)
    assert len(named) >= 10
    assert all(hasattr(settings, name) for name in named)


def test_both_readmes_show_the_same_commands():
    for language in ("console", "sql", "cron"):
        assert blocks(READMES[0], language) == blocks(READMES[1], language)


def test_sql_of_the_readme_runs_and_answers(database_url, tmp_path):
    statements = [s for s in blocks(READMES[0], "sql")[0].split(";") if s.strip()]
    assert len(statements) == 5
    with desk(make_portal("readme", "abamako", 40), database_url, tmp_path) as d:
        d.replica.set_fault("status", r"/h/.*5\.html", status=404)
        d.crawl()
        for statement in statements:
            done = d.scrapy("sql", statement, "--format", "csv")
            assert done.returncode == 0, done.stderr
            # Nothing was edited in one crawl; every other question has an answer.
            expected = 1 if "v.version > 1" in statement else 2
            assert len(done.stdout.splitlines()) >= expected, statement


def test_every_column_of_the_corpus_is_documented_as_the_models_say():
    text = (ROOT / "docs" / "corpus.md").read_text("utf-8")
    meanings = column_meanings()
    for table in Base.metadata.sorted_tables:
        part = text.partition(f"## `{table.name}`\n")[2].partition("\n## ")[0]
        for column in table.columns:
            line = next((x for x in part.splitlines() if x.startswith(f"| `{column.name}` |")), "")
            assert line, f"{table.name}.{column.name}"
            assert any(m in line for m in meanings[column.name]), f"{table.name}.{column.name}"


def column_meanings() -> dict[str, set[str]]:
    """Column name to the docstrings that the models have below columns of that name."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse((ROOT / "corpus" / "models.py").read_text("utf-8"))):
        if not isinstance(node, ast.ClassDef):
            continue
        for here, below in zip(node.body, node.body[1:], strict=False):
            if isinstance(here, ast.AnnAssign) and isinstance(below, ast.Expr):
                assert isinstance(here.target, ast.Name)
                text = " ".join(ast.literal_eval(below.value).split())
                found.setdefault(here.target.id, set()).add(text)
    return found


def test_every_dependency_has_its_reason():
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    named = re.findall(r'^  "([A-Za-z0-9_-]+)', project, re.M)
    assert len(named) > 10
    assert not {name for name in named if name not in text}


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_links_to_files_resolve(path):
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("command", sorted((ROOT / "crawler" / "commands").glob("[a-z]*.py")))
def test_help_of_each_command_shows_an_example(command):
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", command.stem, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert re.search(rf"scrapy\s+{command.stem}\s+[^\[\s]", done.stdout.replace("`", "")), (
        done.stdout
    )
