"""What the documents say is true: commands run as printed, tables are those of the code."""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from crawler import exit_codes, settings
from crawler.portals.base import portals
from tests.commands import run_scrapy

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.fr.md")
DOCUMENTS = [
    *(ROOT / name for name in (*READMES, "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "crawler" / "portals" / "README.md",
]
COMMANDS = sorted(
    path.stem for path in (ROOT / "crawler/commands").glob("*.py") if path.stem != "__init__"
)
CORPUS_HEAD = """\
# The tables

The tables are the public surface: these names do not move. Times are UTC; days are those of the
portal's clock. Ask with `scrapy sql`; questions with their answers are in
[cookbook.md](cookbook.md). Taken from `corpus/models.py`; renewed by
`python -m tests.test_docs > docs/corpus.md`.

An instant is `timestamp with time zone` in PostgreSQL and text such as `2024-04-02 12:30:00.000000`
in SQLite, a day `date` and `2024-04-02`, JSON `jsonb` and text; so `substr(cast(… as text), 1, 10)`
is the day on both. A boolean is asked as `where truncated`, and counted as
`count(*) filter (where truncated)`. What is empty is NULL.
"""
VIEWS_HEAD = """
# The views

Derived from the tables whenever they are asked, never out of date, the same on both databases.
Defined in `corpus/views.py`.
"""
TYPES = {
    "BIGINT": "integer",
    "INTEGER": "integer",
    "FLOAT": "number",
    "BOOLEAN": "boolean",
    "DATE": "day",
    "DATETIME": "instant",
    "JSON": "JSON",
    "TEXT": "text",
}


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(text: str) -> list[tuple[str, str]]:
    """(language, content) of every fenced block."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def console(text: str) -> list[tuple[str, list[str]]]:
    """(command, printed lines) of every console block."""
    found = []
    for language, content in blocks(text):
        if language == "console":
            command, *printed = content.rstrip("\n").split("\n")
            found.append((command.removeprefix("$ "), printed))
    return found


def corpus_reference() -> str:
    """docs/corpus.md, from the docstrings of corpus/models.py and the views."""
    from corpus.models import Base
    from corpus.views import VIEWS

    classes = {
        node.name: node
        for node in ast.parse(read("corpus/models.py")).body
        if isinstance(node, ast.ClassDef)
    }
    parts = [CORPUS_HEAD]
    for node in classes.values():
        table = next(
            (
                item.value.value
                for item in node.body
                if isinstance(item, ast.Assign)
                and isinstance(item.targets[0], ast.Name)
                and item.targets[0].id == "__tablename__"
                and isinstance(item.value, ast.Constant)
            ),
            None,
        )
        if table is None:
            continue
        about = " ".join((ast.get_docstring(node) or "").split())
        types = Base.metadata.tables[table].columns
        parts.append(f"\n## {table}\n\n{about}\n\n| column | type | meaning |\n|---|---|---|\n")
        inherited = any(isinstance(base, ast.Name) and base.id == "Reading" for base in node.bases)
        rows = columns(node) + (columns(classes["Reading"]) if inherited else [])
        parts += [
            f"| `{name}` | {TYPES[str(types[name].type)]} | {meaning} |\n" for name, meaning in rows
        ]
    parts.append(VIEWS_HEAD)
    for view in VIEWS:
        parts.append(f"\n## {view.name}\n\n{view.about}\n\n| column | meaning |\n|---|---|\n")
        parts += [f"| `{name}` | {meaning} |\n" for name, meaning in view.columns.items()]
    return "".join(parts)


def columns(node: ast.ClassDef) -> list[tuple[str, str]]:
    """(column, docstring) of a model's own columns; AssertionError where one has none."""
    found = []
    for item, following in zip(node.body, [*node.body[1:], None], strict=True):
        if not isinstance(item, ast.AnnAssign) or not isinstance(item.target, ast.Name):
            continue
        assert isinstance(following, ast.Expr), f"{node.name}.{item.target.id} has no docstring"
        assert isinstance(following.value, ast.Constant)
        meaning = " ".join(str(following.value.value).split())
        found.append((item.target.id, meaning.replace("|", "\\|")))
    return found


def test_every_column_is_documented():
    assert read("docs/corpus.md") == corpus_reference()


def test_a_column_that_may_be_empty_says_when():
    from corpus.models import Base

    reference = read("docs/corpus.md").split(VIEWS_HEAD)[0]
    parts = {part.split("\n")[0]: part for part in reference.split("\n## ")[1:]}
    for table in Base.metadata.tables.values():
        for column in table.columns:
            line = re.search(rf"^\| `{column.name}` .*$", parts[table.name], re.MULTILINE)
            assert line is not None, column
            if column.nullable:
                assert re.search(r"(?i)\b(empty|unless)\b", line.group()), line.group()


def test_corpus_reference_has_every_column_of_the_tables():
    from corpus.models import Base

    text = read("docs/corpus.md")
    for table in Base.metadata.tables.values():
        part = text.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        assert set(re.findall(r"^\| `(\w+)`", part, re.MULTILINE)) == set(table.columns.keys())


@pytest.mark.parametrize("readme", READMES)
def test_readme_names_every_command_portal_and_setting(readme):
    text = read(readme)
    for command in COMMANDS:
        assert f"`scrapy {command}" in text, command
    listed = re.search(r"`scrapy list`.*?: ([a-z,\s]+)\.", text, re.DOTALL)
    assert listed is not None
    assert re.split(r",\s+", listed.group(1)) == sorted(portals())
    ours = read("crawler/settings.py").split("# --- Ours")[1].split("# --- The project")[0]
    names = set(re.findall(r"^([A-Z_]+)\b", ours, re.MULTILINE))
    documented = dict(re.findall(r"^\| `([A-Z_]+)` \| (\S+) \|", text, re.MULTILINE))
    assert names <= documented.keys()
    for name, shown in documented.items():
        # Not the value here, which the environment may have set: the default in the source.
        assert hasattr(settings, name), name
        default = re.search(
            rf'^{name}\b.*?= (?:_environment\("\w+", )?(.+?)\)?(?:  #.*)?$',
            read("crawler/settings.py"),
            re.MULTILINE,
        )
        assert default is not None
        value = ast.literal_eval(default.group(1))
        if not value or name == "CONTACT":
            assert shown in ("none", "aucun")
        else:
            assert shown.strip("`") == str(value)


@pytest.mark.parametrize("readme", READMES)
def test_readme_has_the_table_of_exit_codes(readme):
    rows = dict(re.findall(r"^\| (\d+) \| (.+) \|$", read(readme), re.MULTILINE))
    assert [int(code) for code in rows] == list(exit_codes.MEANINGS)
    if readme == "README.md":
        assert list(rows.values()) == list(exit_codes.MEANINGS.values())


def test_operations_say_what_to_do_for_each_exit_code():
    rows = re.findall(r"^\| (\d+) \| (.+?) \| .{7,} \|$", read("docs/operations.md"), re.MULTILINE)
    assert [int(code) for code, _ in rows] == list(exit_codes.MEANINGS)
    assert all(told in exit_codes.MEANINGS[int(code)] for code, told in rows)


def test_every_stage_is_in_the_architecture():
    for path in settings.ITEM_PIPELINES:
        assert f"`{path.split('.')[1]}`" in read("docs/architecture.md")


def test_both_readmes_have_the_same_blocks():
    assert blocks(read("README.md")) == blocks(read("README.fr.md"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_resolve_and_no_path_is_of_one_machine(path):
    text = path.read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)", text):
        if "://" not in target:
            assert (path.parent / target).exists(), target
    assert not re.search(r"/(?:home|root|tmp|work|Users)/", text)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_shows_an_example(name):
    command = import_module(f"crawler.commands.{name}").Command()
    assert f"scrapy {name} " in command.long_desc()
    assert len(command.short_desc()) <= 80


def run_apart(
    command: list[str], folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """A command as a user starts it, with what it printed."""
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=170,
    )


@pytest.fixture(scope="module")
def toured(tmp_path_factory) -> tuple[Path, dict[str, str], list[str]]:
    """A project folder after the tour, the environment of its commands, what the tour printed."""
    folder = tmp_path_factory.mktemp("toured")
    shutil.copy(ROOT / "scrapy.cfg", folder)
    own = ("CORPUS_URL", "ARCHIVE_DIR", "ARCHIVE", "SEARCH_DIR", "EXTRA_CA_FILE", "CONTACT")
    environment = {name: value for name, value in os.environ.items() if name not in own}
    environment["PYTHONPATH"] = str(ROOT)
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = run_apart([sys.executable, "-m", "demo", "tour"], folder, environment)
    assert ran.returncode == 0, ran.stderr
    return folder, environment, ran.stdout.rstrip("\n").split("\n")


@pytest.mark.parametrize(("command", "printed"), console(read("README.md")))
def test_readme_prints_what_the_command_prints(command, printed, toured):
    folder, environment, real = toured
    if command != "make demo":
        words = shlex.split(command)
        if words[0] == "scrapy":
            ran = run_scrapy(*words[1:], cwd=folder, env=environment)
        else:
            ran = run_apart(["bash", "-c", command], folder, environment)
        assert ran.returncode == 0, ran.stderr
        real = ran.stdout.rstrip("\n").split("\n")
    if "…" not in printed:
        assert printed == real
        return
    # A line of three dots stands for any lines; what is between two stands together, in order.
    start = 0
    for part in "\n".join(printed).split("…\n"):
        piece = part.removesuffix("…").strip("\n").split("\n")
        if piece == [""]:
            continue
        places = [n for n in range(start, len(real)) if real[n : n + len(piece)] == piece]
        assert places, (piece, real)
        start = places[0] + len(piece)


if __name__ == "__main__":
    sys.stdout.write(corpus_reference())
