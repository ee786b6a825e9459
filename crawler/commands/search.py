"""`scrapy search`: full-text search in French over the corpus."""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.text import Text
from scrapy.commands import ScrapyCommand
from sqlalchemy import select

from corpus.database import Database, DatabaseProblem
from corpus.exporting.text_files import safe_cell
from corpus.models import Article, table
from corpus.searching.answers import Answers, Hit, Searcher
from corpus.searching.choosing import chosen
from corpus.searching.index import FACETS
from corpus.searching.question import Node, both, parse, wanted
from corpus.searching.snippets import Snippet, snippet
from corpus.units import parts
from crawler.exit_codes import INTERRUPTED
from crawler.portals.sections import section_slug
from crawler.probing.held import corpus_of
from crawler.probing.terminal import as_json, operands, printing, refuse, safe
from crawler.probing.terminal import table as lined_up
from crawler.processes import stoppable
from crawler.searching import ready, say
from crawler.selection_options import add_selection, must_have_portals, selection_of
from crawler.settings_check import ConfigurationProblem, whole_number

FORMATS = ("table", "json", "csv")
LIMIT = 10
MOST = 100_000
"""Hits of one answer at the most."""
A_PART = "too many may answer to look at all of them: "
COUNTED = "counted from a sample; --exact counts all"
RANKED = (
    "counted from a sample, the best of the latest and of those with all words in the headline; "
    "--exact counts and ranks all"
)
MOST_VALUES = 20
"""Values of a facet that a table shows."""
SHOWN = ("published_on", "title", "section", "source", "author", "portal", "url")
ARTICLES = table(Article)


@dataclass(frozen=True, slots=True)
class Found:
    """A hit and its row, with what answers marked."""

    hit: Hit
    row: dict[str, Any]
    title: Snippet
    text: Snippet


class Command(ScrapyCommand):
    """Reads the corpus; writes nothing but the index, which is a cache of it."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy search` in the usage line."""
        return '[options] "<words>"'

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Search the corpus' texts in French"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Search headlines and texts in French: accents, case, elisions and endings do not "
            'matter. All words must be there; "side by side" in quotes; OR between two; -without; '
            "titre: source: section: auteur: agence: portail: langue: before a word; "
            "date:2024-03 or date:2020..2021. "
            'Examples: scrapy search "or de Kayes" --since 2020 --section politique; '
            "scrapy search 'titre:grève -université' --newest --facet source; "
            'scrapy search \'"prix du coton" OR "prix de la noix de cajou"\' --format csv. '
            "More: docs/search.md"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and ours."""
        super().add_options(parser)
        add_selection(parser, where=False)
        parser.add_argument("--format", choices=FORMATS, default="table", help="default: table")
        parser.add_argument(
            "--newest", action="store_true", help="newest first, instead of what answers best"
        )
        parser.add_argument("--limit", metavar="N", help=f"hits shown (default: {LIMIT})")
        parser.add_argument("--offset", metavar="N", help="hits passed over before (default: 0)")
        parser.add_argument(
            "--facet",
            metavar="NAME,…",
            help=f"count all hits, too, by {', '.join(FACETS)}",
        )
        parser.add_argument(
            "--exact",
            action="store_true",
            help="count and rank all that answers, however many (SEARCH_EXACT_UP_TO)",
        )
        parser.add_argument(
            "--rebuild", action="store_true", help="build the index anew first; without words only"
        )
        parser.add_argument(
            "--raw",
            action="store_true",
            help="csv: leave what looks like a formula",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0, also without a hit; 2 for bad arguments or no corpus; 3 where the index cannot be
        written; 8 for the database."""
        assert self.settings is not None
        text = " ".join(operands("search", args))
        selection = selection_of("search", opts)
        limit = _number("limit", opts.limit, LIMIT)
        offset = _number("offset", opts.offset, 0)
        facets = _facets(opts.facet)
        try:
            bound = None if opts.exact else whole_number(self.settings, "SEARCH_EXACT_UP_TO")
        except ConfigurationProblem as problem:
            refuse("search", str(problem))
        try:
            with stoppable(), corpus_of(self.settings) as database:
                must_have_portals("search", database, selection)
                shelf = ready(self.settings, database, rebuild=opts.rebuild)
                with database.problems(), database.reading() as connection:
                    restriction = chosen(connection, selection, section_slug)
                question = parse(text)
                if not text.strip() and restriction is None:
                    if opts.rebuild:
                        return
                    refuse("search", 'for what? e.g. scrapy search "or de Kayes" --since 2020')
                index = shelf.current()
                everything = both((question, restriction))
                if everything is None or index is None or (text.strip() and question is None):
                    answers = Answers(0, [])
                else:
                    answers = Searcher(index, exact_up_to=bound).ask(
                        everything, limit=limit, offset=offset, newest=opts.newest, facets=facets
                    )
                found = list(_rows(database, answers.hits, question))
        except DatabaseProblem as problem:
            refuse("search", str(problem), problem.exit_code)
        except KeyboardInterrupt:
            refuse("search", "stopped; the next search goes on from here", INTERRUPTED)
        if not answers.total:
            say("search", "no article answers")
        if not answers.exact:
            say("search", A_PART + (COUNTED if opts.newest else RANKED))
        printing(lambda: _print(answers, found, opts, offset))


def _number(option: str, given: str | None, default: int) -> int:
    if given is None:
        return default
    if not re.fullmatch(r"[0-9]{1,6}", given.strip()) or int(given) > MOST:
        refuse("search", f"--{option} {given}: a whole number up to {MOST}")
    return int(given)


def _facets(given: str | None) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in (given or "").split(",") if name.strip()))
    for name in names:
        if name not in FACETS:
            refuse("search", f"--facet {name}: choose from {', '.join(FACETS)}")
    return names


def _rows(database: Database, hits: Sequence[Hit], question: Node | None) -> Iterator[Found]:
    """The hits with their rows; one that was taken down meanwhile is passed over."""
    columns = [ARTICLES.c[name] for name in ("id", *SHOWN, "body", "photo_caption")]
    rows: dict[int, dict[str, Any]] = {}
    with database.problems(), database.reading() as connection:
        for part in parts([hit.article_id for hit in hits]):
            query = select(*columns).where(ARTICLES.c.id.in_(part))
            rows.update((row["id"], dict(row)) for row in connection.execute(query).mappings())
    sought = wanted(question)
    for hit in hits:
        row = rows.get(hit.article_id)
        if row is not None:
            text = row["body"] or row["photo_caption"] or ""
            title = snippet(row["title"] or "", sought, width=None)
            yield Found(hit, row, title, snippet(text, sought))


def _print(answers: Answers, found: Sequence[Found], opts: argparse.Namespace, offset: int) -> None:
    if opts.format == "json":
        print(as_json(_object(answers, found)))
    elif opts.format == "csv":
        _csv(answers, found, raw=opts.raw)
    elif answers.total:
        console = Console(highlight=False, soft_wrap=True) if sys.stdout.isatty() else None
        for number, one in enumerate(found, offset + 1):
            _show(console, number, one)
        _show_facets(answers)
        last = offset + len(answers.hits)
        more = f"; more: --offset {last}" if answers.hits and last < answers.total else ""
        about = "" if answers.exact else "about "
        print(f"{len(answers.hits)} of {about}{answers.total} articles{more}")


def _show(console: Console | None, number: int, one: Found) -> None:
    """Three lines of one hit: bold what answers, between brackets where no terminal is."""
    row = one.row
    about = [str(row["published_on"] or "no date"), row["source"], row["section"], row["author"]]
    facts = " · ".join(safe(value) for value in (*about, row["url"]) if value)
    head = f"{number:>3}  "
    if console is None:
        print(f"{head}{safe(one.title.marked('[', ']')) or 'without a headline'}")
        print(f"     {facts}")
        if one.text.text:
            print(f"     {safe(one.text.marked('[', ']'))}")
        return
    console.print(Text(head) + (_bold(one.title, "underline") or Text("without a headline")))
    console.print(Text(f"     {facts}", style="dim"))
    if one.text.text:
        console.print(Text("     ") + _bold(one.text, ""))


def _bold(shown: Snippet, style: str) -> Text:
    made = Text(safe(shown.text), style=style)
    for start, end in shown.marks:
        made.stylize("bold yellow", start, end)
    return made


def _show_facets(answers: Answers) -> None:
    counted = "articles" if answers.exact else "about"
    for name, values in answers.facets.items():
        rows = [(safe(str(value)), str(count)) for value, count in values[:MOST_VALUES]]
        print("\n".join(lined_up(rows, header=(name, counted))))
        if len(values) > MOST_VALUES:
            print(f"… and {len(values) - MOST_VALUES} more; --format json shows all")


def _object(answers: Answers, found: Sequence[Found]) -> dict[str, Any]:
    hits = [
        {"id": one.hit.article_id, "score": one.hit.score}
        | {name: one.row[name] for name in SHOWN}
        | {"title_marks": one.title.marks, "snippet": one.text.text, "marks": one.text.marks}
        for one in found
    ]
    facets = {
        name: [{"value": value, "articles": count} for value, count in values]
        for name, values in answers.facets.items()
    }
    return {"total": answers.total, "exact": answers.exact, "hits": hits, "facets": facets}


def _csv(answers: Answers, found: Sequence[Found], *, raw: bool) -> None:
    """The hits; with facets these instead: one table, as a spreadsheet wants it."""
    lines: list[Sequence[Any]]
    if answers.facets:
        lines = [("facet", "value", "articles")]
        lines += [(name, *pair) for name, values in answers.facets.items() for pair in values]
    else:
        lines = [("id", "score", *SHOWN, "snippet")]
        lines += [
            (
                one.hit.article_id,
                one.hit.score,
                *(one.row[name] for name in SHOWN),
                one.text.marked("[", "]"),
            )
            for one in found
        ]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    for line in lines:
        writer.writerow([value if raw else safe_cell(value) for value in line])
