"""`--portal --since --until --section --source --where`: which articles a command is about.

The one home of these options; what they come to is a `Selection` of the corpus.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date

from sqlalchemy import exists, select

from corpus.database import Database
from corpus.selection import ARTICLES, BadDay, Selection, first_day, last_day
from crawler.portals.base import portals
from crawler.portals.sections import section_slug
from crawler.probing.naming import unknown_portal
from crawler.probing.terminal import refuse


def add_selection(parser: argparse.ArgumentParser, *, where: bool = True) -> None:
    """The options as a group of their own; without `--where` where a command asks no SQL."""
    group = parser.add_argument_group("which articles (all that is given must hold)")
    group.add_argument("--portal", metavar="NAME,…", help="of these portals")
    group.add_argument(
        "--since", metavar="DAY", help="published on this day or later: 2024-03-01, 2024-03 or 2024"
    )
    group.add_argument("--until", metavar="DAY", help="published on this day or earlier, likewise")
    group.add_argument(
        "--section",
        metavar="NAME,…",
        help="shown in one of these sections; accents, case and plural do not matter",
    )
    group.add_argument(
        "--source",
        metavar="NAME",
        action="append",
        help="from this newspaper, in whatever spelling; may be given several times",
    )
    if where:
        group.add_argument(
            "--where",
            metavar="CONDITION",
            help="of which this SQL condition over the table articles is true",
        )


def selection_of(command: str, opts: argparse.Namespace) -> Selection:
    """The options, checked. Ends the process with one line where one is wrong."""
    since = _day(command, "since", opts.since, first_day)
    until = _day(command, "until", opts.until, last_day)
    if since and until and since > until:
        refuse(command, f"--since {opts.since} is after --until {opts.until}: swap the two")
    sources = tuple(name.strip() for name in opts.source or ())
    if not all(sources):
        refuse(command, "--source names no newspaper, e.g. --source “L’Essor”")
    where = getattr(opts, "where", None)
    if where is not None and not where.strip():
        refuse(command, "--where is empty; e.g. --where \"section = 'Sport'\"")
    return Selection(
        portals=_names(command, "portal", opts.portal, "abamako"),
        since=since,
        until=until,
        sections=_slugs(command, opts.section),
        sources=sources,
        where=where,
    )


def must_have_portals(command: str, database: Database, selection: Selection) -> None:
    """End the process where a portal is none of ours, and no article is of it."""
    strangers = [name for name in selection.portals if name not in portals()]
    with database.problems(), database.reading() as connection:
        for name in strangers:
            if not connection.execute(select(exists().where(ARTICLES.c.portal == name))).scalar():
                refuse(command, f"--portal: {unknown_portal(name, portals())}")


def _day(command: str, option: str, given: str | None, read: Callable[[str], date]) -> date | None:
    try:
        return None if given is None else read(given)
    except BadDay as bad:
        refuse(command, f"--{option} {bad}")


def _names(command: str, option: str, given: str | None, example: str) -> tuple[str, ...]:
    if given is None:
        return ()
    names = tuple(dict.fromkeys(part.strip() for part in given.split(",") if part.strip()))
    if not names:
        refuse(command, f"--{option} {given!r} names none, e.g. --{option} {example}")
    return names


def _slugs(command: str, given: str | None) -> tuple[str, ...]:
    slugs = tuple(
        dict.fromkeys(map(section_slug, _names(command, "section", given, "politique,sports")))
    )
    if "" in slugs:
        refuse(command, f"--section {given!r} names no section, e.g. --section politique,sports")
    return slugs
