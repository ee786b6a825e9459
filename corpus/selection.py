"""Selection: which articles are meant, by portal, day, section, newspaper and a user's condition.

The one home of `--portal --since --until --section --source --where`, for whatever reads articles.
Ours become conditions with bound parameters; the user's stays SQL, and is only ever asked through
`corpus.asking`, which cannot write.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Select,
    exists,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects import sqlite

from corpus.asking import BadStatement, snapshot
from corpus.database import Database
from corpus.models import Article, ArticleSection, Source, table
from corpus.source_keys import source_key

ARTICLES, SHOWN, SOURCES = table(Article), table(ArticleSection), table(Source)
_SPAN = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
_PLACE_IN_STATEMENT = re.compile(r" \(line \d+, column \d+\)$")
# Each label once, by leaps through the index: a portal has dozens, and a million articles.
_LABELS = text(
    "WITH RECURSIVE labels (label) AS (SELECT min(section) FROM articles UNION ALL"
    " SELECT (SELECT min(section) FROM articles WHERE section > label)"
    " FROM labels WHERE label IS NOT NULL) SELECT label FROM labels WHERE label IS NOT NULL"
)


class BadCondition(Exception):
    """A condition that the database does not understand, or that is more than one. One line."""

    @classmethod
    def of(cls, bad: BadStatement) -> BadCondition:
        """What is wrong with the statement that holds it, without its place there."""
        return cls(_PLACE_IN_STATEMENT.sub("", str(bad)))


class BadDay(ValueError):
    """Neither a day nor a month nor a year. One line, without the option's name."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles: those that meet all that is given. Nothing given is all of them."""

    portals: tuple[str, ...] = ()
    """Of one of these portals."""
    since: date | None = None
    """Published on this day or later; an article without a day is then not meant."""
    until: date | None = None
    """Published on this day or earlier, likewise."""
    sections: tuple[str, ...] = ()
    """Shown in one of these sections, its own or one that listed it; by slug."""
    sources: tuple[str, ...] = ()
    """From one of these newspapers, in whatever spelling."""
    where: str | None = None
    """And this SQL condition of the user's over `articles` is true."""


def first_day(text: str) -> date:
    """`2020`, `2020-03` or `2020-03-01` as its first day. Raises `BadDay`."""
    return _day(text, last=False)


def last_day(text: str) -> date:
    """The same as its last day: `2020` is 31 December. Raises `BadDay`."""
    return _day(text, last=True)


def _day(text: str, *, last: bool) -> date:
    found = _SPAN.fullmatch(text.strip())
    try:
        if found:
            year = int(found[1])
            month = int(found[2] or (12 if last else 1))
            end = calendar.monthrange(year, month)[1] if last and 1 <= month <= 12 else 1
            return date(year, month, int(found[3] or end))
    except ValueError:
        pass
    raise BadDay(f"{text}: no day, write it as 2024-03-31, 2024-03 or 2024")


def conditions(
    connection: Connection, selection: Selection, slug_of: Callable[[str], str]
) -> list[ColumnElement[bool]]:
    """All of `selection` but the user's own condition, over the table `articles`.

    `slug_of` gives the slug of a section's label: the rule of `-a section=`, which is not ours.
    """
    found: list[ColumnElement[bool]] = []
    if selection.portals:
        found.append(_any(ARTICLES.c.portal, selection.portals))
    if selection.since is not None:
        found.append(ARTICLES.c.published_on >= selection.since)
    if selection.until is not None:
        found.append(ARTICLES.c.published_on <= selection.until)
    if selection.sections:
        labels = labels_of(connection, selection.sections, slug_of)
        shown = exists().where(
            SHOWN.c.article_id == ARTICLES.c.id, _any(SHOWN.c.section, selection.sections)
        )
        found.append(or_(shown, _any(ARTICLES.c.section, labels)) if labels else shown)
    if selection.sources:
        found.append(_any(ARTICLES.c.source, names_of(connection, selection.sources)))
    return found


def _any(column: ColumnElement[Any], values: list[str] | tuple[str, ...]) -> ColumnElement[bool]:
    # Not IN, whose list SQLAlchemy would look for in the finished text, a user's condition too.
    return or_(*(column == value for value in values))


def labels_of(
    connection: Connection, slugs: tuple[str, ...], slug_of: Callable[[str], str]
) -> list[str]:
    """The labels in `articles.section` that have one of these slugs."""
    labels = map(str, connection.execute(_LABELS).scalars())
    return [label for label in labels if slug_of(label) in slugs]


def names_of(connection: Connection, sources: tuple[str, ...]) -> list[str]:
    """The names in `articles.source` that are meant, whatever their spelling."""
    keys = {source_key(name) for name in sources}
    rows = connection.execute(
        select(SOURCES.c.name, SOURCES.c.canonical).where(SOURCES.c.key.in_(keys))
    )
    return sorted({name for row in rows for name in row if name} | set(sources))


@dataclass(frozen=True, slots=True)
class Question:
    """A statement as the database takes it, with its parameters by name: for `Ask`."""

    statement: str
    parameters: dict[str, Any]


def question(database: Database, statement: Select[Any]) -> Question:
    """`statement` as text for a `snapshot` of `database`."""
    sqlite_file = database.path is not None
    dialect = sqlite.dialect(paramstyle="named") if sqlite_file else database.engine.dialect
    compiled = statement.compile(dialect=dialect)
    # Days as text: the driver of SQLite has no type for them, and PostgreSQL is told it.
    values = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in compiled.params.items()
    }
    return Question(str(compiled), values)


def in_brackets(where: str) -> str:
    """The user's condition as part of a statement; it must have passed `check_where`."""
    # Lines of its own, so that a comment at its end cannot take the bracket.
    return f"(\n{where}\n)"


def restricted(
    database: Database,
    statement: Select[Any],
    selection: Selection,
    slug_of: Callable[[str], str],
) -> Select[Any]:
    """`statement` over `articles`, restricted to `selection`. Where that holds a user's condition,
    it must be asked of a `snapshot` only: as `question`.

    Raises `BadCondition`, `DatabaseProblem`.
    """
    if selection.where is not None:
        check_where(database, selection.where)
    with database.problems(), database.reading() as connection:
        statement = statement.where(*conditions(connection, selection, slug_of))
    if selection.where is not None:
        statement = statement.where(literal_column(in_brackets(selection.where), Boolean))
    return statement


def check_where(database: Database, where: str) -> None:
    """Raise `BadCondition` unless `where` is one SQL expression over `articles`.

    It must be right both between brackets and between CASE and THEN. What would close our bracket
    to go on as it likes is wrong in the second, where none is open; a list or a whole statement is
    wrong there, too; and what would close the CASE is wrong in the first. So no text of another
    kind passes, whatever quotes and comments it plays with, since the database itself reads both.
    """
    if not where.strip():
        raise BadCondition("it is empty; write it as \"section = 'Sport'\"")
    with snapshot(database) as ask:
        for before, behind in (("(", ")"), ("CASE WHEN", "THEN 1 = 1 ELSE 1 = 0 END")):
            tried = f"SELECT id FROM articles WHERE {before}\n{where}\n{behind} LIMIT 0"  # noqa: S608  it cannot write
            try:
                ask(tried)
            except BadStatement as bad:
                raise BadCondition.of(bad) from bad
