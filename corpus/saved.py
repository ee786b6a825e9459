"""Saved queries: statements by name, those shipped in `corpus/queries` and a project's own.

A project's own lie as `queries/NAME.sql` beside its `scrapy.cfg`, and go before a shipped one of
that name. The comment that a file begins with says what it answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

SHIPPED = Path(__file__).with_name("queries")
_NAME = re.compile(r"@?(\w[\w-]*)")


class NoSuchQuery(Exception):
    """There is no saved query of that name, or it cannot be read. One line."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved query."""

    path: Path
    own: bool
    """The project's, not shipped."""

    @property
    def statement(self) -> str:
        """Its SQL. Raises `NoSuchQuery` where the file cannot be read."""
        try:
            return self.path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise NoSuchQuery(f"{self.path}: {error}") from error

    @property
    def about(self) -> str:
        """What it answers: the comment it begins with, on one line; empty without one."""
        lines = []
        for line in self.statement.splitlines():
            if not line.startswith("--"):
                break
            lines.append(line.removeprefix("--").strip())
        return " ".join(lines)


def saved_queries(root: Path) -> dict[str, Saved]:
    """Name → query, of the project at `root` and shipped, by name."""
    found = {
        path.stem: Saved(path, own)
        for folder, own in ((SHIPPED, False), (root / "queries", True))
        for path in folder.glob("*.sql")
    }
    return dict(sorted(found.items()))


def saved_name(words: str) -> str | None:
    """The name that `words` call a saved query by, with or without @; None for a statement."""
    named = _NAME.fullmatch(words.strip())
    return named[1] if named else None


def find_saved(queries: Mapping[str, Saved], name: str) -> Saved:
    """The query of that name. Raises `NoSuchQuery`, with the nearest name."""
    if name in queries:
        return queries[name]
    near = get_close_matches(name, queries, n=1)
    hint = f"did you mean {near[0]}?" if near else "scrapy sql --list shows them"
    raise NoSuchQuery(f"no saved query {name!r}; {hint}")
