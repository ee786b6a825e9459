"""`scrapy sql`: one read-only statement to the corpus, as a table, CSV or JSON."""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand

from corpus.asking import Answer, BadStatement, asking
from corpus.database import Database, DatabaseProblem
from corpus.locations import corpus_url, project_root
from crawler.probing.terminal import operands, printing, refuse, safe, table

FORMATS = ("table", "csv", "json", "parquet")
# What a spreadsheet would run as a formula, also behind blanks and quotes (full-width too).
_FORMULA = re.compile(r"""^[\s"']*[=+\-@＝＋－＠]|^[\t\r\n]""")


class Command(ScrapyCommand):
    """Ask the corpus; it makes no request and cannot write."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy sql` in the usage line."""
        return '[options] "select …"'

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Ask the corpus one read-only SQL statement"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Ask the corpus one read-only SQL statement. Example: scrapy sql "
            '"select section, count(*) from articles group by 1 order by 2 desc". '
            "The tables: articles, article_versions, article_events, article_sections, sources, "
            "reprints, runs, sections, pages, photos, tombstones."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and --format."""
        super().add_options(parser)
        parser.add_argument("--format", choices=FORMATS, default="table", help="default: table")
        parser.add_argument(
            "--raw",
            action="store_true",
            help="csv: leave cells that look like formulas as they are",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0; 2 for a statement that is wrong or would write; 3 or 8 for the database."""
        assert self.settings is not None
        statement = operands("sql", args)
        if len(statement) != 1:
            refuse(
                "sql", 'one statement in quotes, e.g. scrapy sql "select count(*) from articles"'
            )
        if opts.format == "parquet":
            refuse("sql", "--format parquet is not there yet; use csv or json")
        try:
            database = Database(corpus_url(self.settings), root=project_root())
            with asking(database, statement[0]) as answer:
                printing(lambda: _print(answer, opts.format, raw=opts.raw))
        except BadStatement as error:
            refuse("sql", str(error))
        except DatabaseProblem as problem:
            refuse("sql", str(problem), problem.exit_code)


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


def safe_cell(value: Any) -> Any:
    """`value` such that no spreadsheet runs it: text that looks like a formula gets a `'`."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


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
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, Sequence | dict | int | float | bool) or value is None:
        return value
    return str(value)
