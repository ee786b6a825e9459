"""`scrapy reprints`: families of articles that repeat one another, the largest first."""

from __future__ import annotations

import argparse
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from scrapy.commands import ScrapyCommand

from corpus.caches import cache_folder
from corpus.database import Database
from corpus.families import family_of, largest, members
from corpus.locations import search_dir
from corpus.problems import DatabaseProblem
from corpus.reprints import Progress, behind, link_reprints
from corpus.selection import Selection, conditions
from corpus.signature_cache import Busy, SignatureCache
from crawler.exit_codes import INTERRUPTED, UNWRITABLE
from crawler.portals.sections import section_slug
from crawler.probing.held import corpus_of
from crawler.probing.naming import identity_of, must_be_known
from crawler.probing.progress import counting
from crawler.probing.terminal import as_json, operands, printing, refuse, safe, shorten, table
from crawler.processes import stoppable
from crawler.selection_options import add_selection, must_have_portals, selection_of

FAMILIES: Final = 20
"""Families shown where `--limit` says nothing."""
FORMATS: Final = ("table", "json")
Family = tuple[Mapping[str, Any], list[dict[str, Any]]]


class Command(ScrapyCommand):
    """First it compares what was stored since the last time, then it shows."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy reprints` in the usage line."""
        return "[options] [address]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Families of reprints: who took over whose article, and what was cut"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Compare what was stored since the last time with all articles, then print the "
            "largest families: an original, how many articles of how many portals repeat it, and "
            "until when. Of an address: its family, each reprint with the share of the text that "
            "it has in common and the words that it left out or added. The options choose among "
            "originals. Examples: scrapy reprints --since 2024 --source AFP; "
            "scrapy reprints http://news.abamako.com/h/292014.html"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and ours."""
        super().add_options(parser)
        parser.add_argument("--format", choices=FORMATS, default="table", help="(default: table)")
        parser.add_argument(
            "--limit", metavar="N", help=f"families that are shown (default: {FAMILIES})"
        )
        parser.add_argument(
            "--rebuild", action="store_true", help="make the cache of signatures anew first"
        )
        add_selection(parser, where=False)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0, also where there is no reprint; 2 for a bad argument; 3 or 8 for cache and
        database; 11 stopped, what was compared is kept."""
        assert self.settings is not None
        given = operands("reprints", args)
        if len(given) > 1:
            refuse("reprints", "one address at most, or none for the largest families")
        selection = selection_of("reprints", opts)
        limit = _limit(opts.limit)
        try:
            with corpus_of(self.settings) as database, stoppable():
                must_have_portals("reprints", database, selection)
                self._link(database, rebuild=opts.rebuild)
                with database.problems(), database.reading() as connection:
                    if given:
                        identity = identity_of("reprints", given[0])
                        must_be_known("reprints", connection, identity, given[0])
                        one = family_of(connection, identity.portal, identity.key)
                        originals = [one] if one else []
                    else:
                        chosen = conditions(connection, selection, section_slug)
                        originals = [*largest(connection, chosen, limit)]
                    found = members(connection, [original["id"] for original in originals])
        except DatabaseProblem as problem:
            refuse("reprints", str(problem), problem.exit_code)
        except KeyboardInterrupt:
            refuse("reprints", "stopped; what was compared is kept, run it again", INTERRUPTED)
        families = [(original, found[original["id"]]) for original in originals]
        if not families:
            print(f"scrapy reprints: {_nothing(given, selection)}", file=sys.stderr)
        lines = _json if opts.format == "json" else _family if given else _table
        printing(lambda: _write(lines(families)))

    def _link(self, database: Database, *, rebuild: bool) -> None:
        """Bring `reprints` up to date; where that cannot be, say so and show what is known."""
        assert self.settings is not None
        directory = search_dir(self.settings)
        try:
            cache = SignatureCache(cache_folder(directory, database), anew=rebuild)
            try:
                _compare(database, cache)
            finally:
                cache.close()
        except Busy as busy:
            self._not_up_to_date(f"{busy}; it does this work")
        except OSError as error:
            refuse("reprints", f"SEARCH_DIR {directory} cannot be written: {error}", UNWRITABLE)
        except sqlite3.Error as error:
            refuse(
                "reprints",
                f"the cache of signatures in {directory} is damaged or full: {error}; "
                "`scrapy reprints --rebuild` makes it anew",
                UNWRITABLE,
            )
        except DatabaseProblem as problem:
            self._not_up_to_date(str(problem))

    @staticmethod
    def _not_up_to_date(why: str) -> None:
        print(f"scrapy reprints: not brought up to date: {why}", file=sys.stderr)


def _compare(database: Database, cache: SignatureCache) -> None:
    total = behind(database, cache)
    with counting("compared", total, "articles") as counter:

        def go_on(progress: Progress) -> bool:
            counter.advance(progress.done - counter.done)
            return True

        link_reprints(database, cache, go_on=go_on)


def _limit(text: str | None) -> int:
    if text is None:
        return FAMILIES
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        refuse("reprints", f"--limit {text}: a whole number from 1 to 999999")
    return int(text)


def _nothing(given: list[str], selection: Selection) -> str:
    if given:
        return "no other article repeats this one, nor is it a reprint"
    if selection != Selection():
        return "no reprint of what was asked for"
    return "no reprints so far"


def _table(families: Iterable[Family]) -> Iterator[str]:
    rows = [
        (
            str(original["reprints"]),
            str(original["portals"]),
            str(original["published_on"] or "-"),
            str(original["last_on"] or "-"),
            _name(original),
            safe(shorten(original["title"] or "-", 70)),
            safe(original["url"]),
        )
        for original, _ in families
    ]
    if rows:
        yield from table(
            rows, header=("reprints", "portals", "first", "last", "source", "title", "original")
        )


def _family(families: Iterable[Family]) -> Iterator[str]:
    for original, reprints in families:
        yield f"original  {original['published_on'] or '-'}  {_name(original)}  " + safe(
            original["url"]
        )
        yield f"          {safe(original['title'] or '-')}"
        rows = [
            (
                f"{one['similarity']:.0%}",
                str(one["published_on"] or "-"),
                one["portal"],
                _name(one),
                _cut(one["cut"]),
                safe(one["url"]),
            )
            for one in reprints
        ]
        header = ("in common", "day", "portal", "source", "words", "reprint")
        yield from table(rows, header=header)


def _name(article: Mapping[str, Any]) -> str:
    return safe(article["source"] or article["agency"] or "-")


def _words(cut: Mapping[str, Any] | None, what: str) -> int:
    return int(((cut or {}).get(what) or {}).get("words", 0))


def _cut(cut: Mapping[str, Any] | None) -> str:
    """`-120 +15, retitled`."""
    told = [f"{sign}{_words(cut, what)}" for what, sign in (("left_out", "-"), ("added", "+"))]
    return " ".join(told) + (", retitled" if (cut or {}).get("retitled") else "")


def _json(families: Iterable[Family]) -> Iterator[str]:
    """One line a family."""
    for original, reprints in families:
        yield as_json({**original, "members": reprints})


def _write(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)
