"""`scrapy sql`: one read-only statement to the corpus, or a saved one, as a table, CSV or JSON."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand

from corpus.asking import Answer, BadStatement, asking
from corpus.database import Database, DatabaseProblem
from corpus.export import Export
from corpus.exporting.manifest import Wanted
from corpus.exporting.parquet import MissingPyarrow
from corpus.exporting.places import BadPlace
from corpus.exporting.text_files import safe_cell
from corpus.locations import corpus_url, project_root
from corpus.saved import NoSuchQuery, Saved, find_saved, saved_name, saved_queries
from corpus.statements import parameters, tables
from crawler import __version__
from crawler.exit_codes import INTERRUPTED
from crawler.portals.sections import section_slug
from crawler.probing.terminal import operands, printing, refuse, safe, table
from crawler.processes import stoppable
from crawler.searching import matches

_ENDLESS = 1_000_000
"""Seconds: more is a slip, and more than PostgreSQL counts."""
FORMATS = ("table", "csv", "json", "parquet")


class Command(ScrapyCommand):
    """Ask the corpus; it makes no request and cannot write."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy sql` in the usage line."""
        return '[options] "select …" | @name | -'

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Ask the corpus one read-only SQL statement"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Ask the corpus one read-only SQL statement. Example: scrapy sql "  # noqa: S608  a text
            '"select section, count(*) from articles group by 1 order by 2 desc". '
            "A saved query goes by its name: scrapy sql @word -p word=coton; --list shows them, "
            "your own are queries/NAME.sql beside scrapy.cfg. With `-` the statement comes from "
            "standard input. Tables and views: " + ", ".join(tables()) + "."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and ours."""
        super().add_options(parser)
        parser.add_argument("--format", choices=FORMATS, default="table", help="default: table")
        parser.add_argument(
            "--raw",
            action="store_true",
            help="csv: leave cells that look like formulas as they are",
        )
        parser.add_argument(
            "-p",
            dest="parameters",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="what :NAME in the statement stands for (may be repeated)",
        )
        parser.add_argument(
            "--search",
            metavar="WORDS",
            help="the articles that `scrapy search WORDS` finds, as a table matches (id, score)",
        )
        parser.add_argument(
            "-o",
            "--output",
            metavar="FILE",
            help="with --format parquet: a file that is not there yet (docs/export.md)",
        )
        parser.add_argument("--list", action="store_true", help="show the saved queries")
        parser.add_argument(
            "--explain", action="store_true", help="show how the database would find the answer"
        )
        parser.add_argument(
            "--timeout",
            type=float,
            default=60.0,
            metavar="SECONDS",
            help="end the statement after so long; 0: never (default: 60)",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0; 2 for a statement that is wrong or would write; 3 or 8 for the database."""
        assert self.settings is not None
        words = operands("sql", args)
        saved = saved_queries(project_root())
        if (opts.format == "parquet") != (opts.output is not None):
            refuse("sql", "--format parquet goes with -o FILE.parquet; the others are printed")
        try:
            if opts.list and not words:
                lines = _listed(saved)
                return printing(lambda: print("\n".join(lines)))
            if len(words) != 1 or opts.list:
                refuse(
                    "sql",
                    'one statement in quotes, e.g. scrapy sql "select count(*) from articles"',
                )
            if not 0 <= opts.timeout < _ENDLESS:
                refuse("sql", "--timeout: give seconds, e.g. --timeout 600; 0: no limit")
            name = saved_name(words[0])
            statement = find_saved(saved, name).statement if name else words[0]
            if statement.strip() == "-":
                statement = sys.stdin.read()
            database = Database(corpus_url(self.settings), root=project_root())
            values = _parameters(opts.parameters)
            if opts.output is not None:
                return self._write(database, statement, values, opts)
            found = None if opts.search is None else matches(self.settings, opts.search)
            wanted = {"timeout": opts.timeout, "explain": opts.explain, "matches": found}
            with asking(database, statement, values, **wanted) as answer:
                show = _print_plan if opts.explain else _print
                printing(lambda: show(answer, opts.format, raw=opts.raw))
        except (NoSuchQuery, BadPlace, MissingPyarrow) as error:
            refuse("sql", str(error))
        except BadStatement as error:
            refuse("sql", str(error), below=error.excerpt)
        except DatabaseProblem as problem:
            refuse("sql", str(problem), problem.exit_code)
        except KeyboardInterrupt:
            refuse("sql", "stopped", INTERRUPTED)

    def _write(
        self, database: Database, statement: str, values: dict[str, str], opts: argparse.Namespace
    ) -> None:
        """The answer to a Parquet file, by the same writer as `scrapy export --query`."""
        if opts.search is not None:
            refuse("sql", "--search goes with what is printed: leave --format parquet out")
        if opts.explain:
            refuse("sql", "--explain is printed: leave --format parquet out")
        path = Path(opts.output).absolute()
        if path.suffix != ".parquet":
            refuse("sql", f"-o {opts.output}: write it as FILE.parquet")
        wanted = Wanted(query=statement, parameters=values)
        export = Export(database, wanted, path, slug_of=section_slug, version=__version__)
        export.timeout = opts.timeout
        with stoppable():
            rows = export.run().rows
        printing(lambda: print(f"{opts.output}: {rows} rows"))


def _parameters(given: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name.isidentifier():
            refuse("sql", f"-p {one}: write it as -p since=2024-01-01")
        if name in values:
            refuse("sql", f"-p {name} is given twice")
        values[name] = value
    return values


def _listed(saved: Mapping[str, Saved]) -> list[str]:
    """A line for each saved query: name, parameters, whose, what it answers."""
    rows = []
    for name, query in saved.items():
        wanted = " ".join(f"-p {one}=…" for one in parameters(query.statement, "sqlite"))
        rows.append([safe(cell) for cell in (name, wanted or "-", "own" if query.own else "shipped",
                                             query.about)])  # fmt: skip
    return table(rows, header=("name", "parameters", "whose", "answers"))


def _print_plan(answer: Answer, form: str, *, raw: bool) -> None:
    """The plan as a tree. SQLite tells each step's parent, PostgreSQL indents by itself."""
    if form != "table":
        return _print(answer, form, raw=raw)
    depths = {0: -1}
    for row in answer.rows:
        if len(row) == 1:
            print(safe(str(row[0])))
            continue
        number, parent, _, step = row
        depths[number] = depths.get(parent, -1) + 1
        print("  " * depths[number] + safe(str(step)))
    return None


def _print(answer: Answer, form: str, *, raw: bool) -> None:
    if form == "csv":
        _csv(answer, raw=raw)
    elif form == "json":
        _json(answer)
    elif sys.stdout.isatty():
        _pretty(answer)
    else:
        rows = [[_cell(value) for value in row] for row in answer.rows]
        print("\n".join(table(rows, header=answer.columns)))


def _csv(answer: Answer, *, raw: bool) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(answer.columns)
    for row in answer.rows:
        writer.writerow([_value(value) if raw else safe_cell(_value(value)) for value in row])


def _json(answer: Answer) -> None:
    """One array, one object a line, written as it comes."""
    print("[", end="")
    separator = "\n"
    for row in answer.rows:
        record = dict(zip(answer.columns, map(_value, row), strict=True))
        print(separator + json.dumps(record, ensure_ascii=False, default=str), end="")
        separator = ",\n"
    print("\n]")


def _pretty(answer: Answer) -> None:
    grid = Table(header_style="bold")
    for name in answer.columns:
        grid.add_column(Text(name), overflow="fold")
    for row in answer.rows:
        cells: Iterator[Text] = (Text(_cell(value)) for value in row)
        grid.add_row(*cells)
    Console().print(grid)


def _cell(value: Any) -> str:
    """One line for a table; a page's control characters do not reach the terminal."""
    if value is None:
        return "-"
    plain = _value(value)
    text = json.dumps(plain, ensure_ascii=False) if isinstance(plain, list | dict) else str(plain)
    return safe(text)


def _value(value: Any) -> Any:
    """The value as CSV and JSON show it."""
    if isinstance(value, datetime):
        at = value.astimezone(UTC) if value.tzinfo else value
        return at.isoformat(sep=" ").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal) and value.is_finite():
        # As SQLite has it: a sum of whole numbers is one, and a mean is none, however round.
        return int(value) if value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, Sequence | dict | int | float | bool) or value is None:
        return value
    return str(value)
