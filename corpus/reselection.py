"""Reselection: which archived pages are to be read again, in the order in which they lie on disk.

A condition comes from a user, so all of it is asked through `corpus.asking`, which cannot write.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from sqlalchemy import Connection, select

from corpus.asking import BadStatement, asking
from corpus.database import Database
from corpus.models import Page, Run, table
from corpus.selection import BadCondition, check_where, in_brackets
from corpus.worse import FLAG

PAGES, RUNS = table(Page), table(Run)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be read again of one portal."""

    portal: str
    extractor_revision: str
    knowledge_revision: int
    """What reads now."""
    since: date | None = None
    """Only what was fetched on this day (UTC) or later."""
    where: str | None = None
    """Only articles of which this SQL condition is true."""
    everything: bool = False
    """Also what was read by these very revisions already."""
    states: tuple[str, ...] = ("quarantined",)
    """Pages without an article in these states, too."""


@dataclass(slots=True)
class Selection:
    """Ids, neighbours on disk together."""

    articles: array[int] = field(default_factory=lambda: array("q"))
    pages: array[int] = field(default_factory=lambda: array("q"))
    done: int = 0
    """Articles left out: these revisions have read them already."""
    not_archived: int = 0
    """Articles of which no page is kept."""


def reselect(database: Database, wanted: Wanted) -> Selection:
    """What is to be read. Raises `BadCondition`, `DatabaseProblem`."""
    found = Selection()
    _select_articles(database, wanted, found)
    if wanted.states:
        query = select(PAGES.c.id).where(
            PAGES.c.portal == wanted.portal,
            PAGES.c.state.in_(wanted.states),
            PAGES.c.article_id.is_(None),
            PAGES.c.warc_file.is_not(None),
        )
        if wanted.since is not None:
            midnight = datetime.combine(wanted.since, time(), UTC)
            query = query.where(PAGES.c.settled_at >= midnight)
        in_order = query.order_by(PAGES.c.warc_file, PAGES.c.warc_offset, PAGES.c.id)
        with database.problems(), database.reading() as connection:
            found.pages.extend(connection.execute(in_order).scalars())
    return found


def _select_articles(database: Database, wanted: Wanted, found: Selection) -> None:
    # A reading that was held back in part waits for a better reader or for `--accept-worse`.
    done = (
        f"extractor_revision = {_quoted(wanted.extractor_revision)}"
        f" AND knowledge_revision = {wanted.knowledge_revision}"
        f" AND CAST(flags AS text) NOT LIKE '%\"{FLAG}\"%'"
    )
    condition = ""
    if wanted.where is not None:
        check_where(database, wanted.where)
        condition = f" AND {in_brackets(wanted.where)}"
    since = f" AND fetched_at >= '{wanted.since} 00:00:00'" if wanted.since else ""
    statement = (
        f"SELECT id, warc_file IS NOT NULL, {done} FROM articles"  # noqa: S608  it cannot write
        f" WHERE portal = {_quoted(wanted.portal)}{since}{condition}"
        " ORDER BY warc_file, warc_offset, id"
    )
    try:
        with asking(database, statement) as answer:
            for article_id, archived, read in answer.rows:
                if not archived:
                    found.not_archived += 1
                elif read and not wanted.everything:
                    found.done += 1
                else:
                    found.articles.append(article_id)
    except BadStatement as bad:
        raise BadCondition.of(bad) from bad


def portals_with_pages(connection: Connection) -> list[str]:
    """Portals of which anything is known, in alphabetical order."""
    return list(
        connection.execute(select(PAGES.c.portal).distinct().order_by(PAGES.c.portal)).scalars()
    )


def clocks(connection: Connection, portal: str) -> dict[int, str]:
    """Run → the time zone it was told by `-a timezone=`, of a site that is none of ours."""
    query = select(RUNS.c.id, RUNS.c.arguments).where(RUNS.c.portal == portal)
    return {
        row.id: row.arguments["timezone"]
        for row in connection.execute(query)
        if (row.arguments or {}).get("timezone")
    }


def _quoted(text: str) -> str:
    """A string as SQL writes it, on either database."""
    return "'" + text.replace("'", "''") + "'"
