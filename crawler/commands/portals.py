"""`scrapy portals`: the portals, and what is known of the sections of one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from scrapy.commands import ScrapyCommand

from corpus.database import DatabaseProblem
from crawler.portals.base import Portal, portals
from crawler.portals.sections import section_slug
from crawler.probing.held import NoCorpus, article_counts, reading_corpus, sections_of
from crawler.probing.naming import unknown_portal
from crawler.probing.terminal import as_json, operands, printing, refuse, table


class Command(ScrapyCommand):
    """The portals are data of this program; their sections are what crawls have found."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy portals` in the usage line."""
        return "[options] [<portal>]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Show the portals, or the sections of one"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Print name, country, news host, time zone and stored articles of every portal; with "
            "a name, the sections that crawls have found there: slug, label, state, the sign that "
            "found it, when it was last walked to its end, address. Example: scrapy portals abamako"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and --json."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0, with or without a database; 2 for an unknown portal."""
        given = operands("portals", args)
        if len(given) > 1:
            refuse("portals", "one portal at a time, e.g. scrapy portals abamako")
        chosen = [_portal(name) for name in given]
        counts, sections = self._held(chosen[0].name if chosen else None)
        if chosen:
            lines = _one(chosen[0], counts, sections, as_lines=opts.json)
        else:
            lines = _all(list(portals().values()), counts, as_lines=opts.json)
        printing(lambda: print("\n".join(lines)))

    def _held(self, name: str | None) -> tuple[dict[str, int] | None, list[dict[str, Any]]]:
        """(articles by portal, sections of `name`); (None, []) without a database."""
        assert self.settings is not None
        try:
            with reading_corpus(self.settings) as connection:
                sections = sections_of(connection, name) if name else []
                return article_counts(connection), sections
        except NoCorpus:
            return None, []
        except DatabaseProblem as problem:
            # The portals are known all the same.
            print(f"scrapy portals: without the corpus: {problem}", file=sys.stderr)
            return None, []


def _portal(name: str) -> type[Portal]:
    known = portals()
    if name not in known:
        refuse("portals", unknown_portal(name, known))
    return known[name]


def _all(
    found: Sequence[type[Portal]], counts: dict[str, int] | None, *, as_lines: bool
) -> list[str]:
    if as_lines:
        return [as_json(_facts(portal, counts)) for portal in found]
    header = ("name", "country", "host", "time zone", "articles")
    rows = [
        (
            p.name,
            p.country,
            p.host(),
            p.timezone,
            "-" if counts is None else str(counts.get(p.name, 0)),
        )
        for p in found
    ]
    return table(rows, header=header)


def _one(
    portal: type[Portal],
    counts: dict[str, int] | None,
    sections: list[dict[str, Any]],
    *,
    as_lines: bool,
) -> list[str]:
    known = {row["slug"] for row in sections}
    for label, url in portal.sections.items():
        slug = section_slug(label)
        if slug not in known:
            hint: dict[str, Any] = {"slug": slug, "label": label, "url": url, "state": "declared"}
            sections.append({**hint, "sign": "hint", "last_walked_at": None, "checked_at": None})
    if as_lines:
        facts = _facts(portal, counts)
        plain = [{name: _time(value) for name, value in row.items()} for row in sections]
        return [as_json({**facts, "sections": plain})]
    lines = table([(name, str(value)) for name, value in _shown(portal, counts)])
    if not sections:
        return [*lines, "", f"no section known yet; `scrapy crawl {portal.name}` finds them"]
    header = ("section", "label", "state", "sign", "last walked", "address")
    rows = [
        (
            row["slug"],
            row["label"],
            row["state"],
            row["sign"] or "-",
            _time(row["last_walked_at"]) or "-",
            row["url"],
        )
        for row in sections
    ]
    return [*lines, "", *table(rows, header=header)]


def _facts(portal: type[Portal], counts: dict[str, int] | None) -> dict[str, Any]:
    return {
        "name": portal.name,
        "country": portal.country,
        "host": portal.host(),
        "timezone": portal.timezone,
        "articles": None if counts is None else counts.get(portal.name, 0),
    }


def _shown(portal: type[Portal], counts: dict[str, int] | None) -> list[tuple[str, Any]]:
    facts = _facts(portal, counts)
    articles = "-" if facts["articles"] is None else facts["articles"]
    shown = [(name.replace("timezone", "time zone"), facts[name]) for name in facts]
    return [*shown[:-1], ("home", portal.home()), ("articles", articles)]


def _time(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return value
