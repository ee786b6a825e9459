"""`scrapy why`: what became of one address, its state and the reason for it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from scrapy.commands import ScrapyCommand

from corpus.database import DatabaseProblem
from crawler.probing.held import page_of, reading_corpus, relatives
from crawler.probing.naming import identity_of, must_be_known
from crawler.probing.terminal import as_json, operands, printing, refuse, table


class Command(ScrapyCommand):
    """Asks the corpus; makes no request and writes nothing."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy why` in the usage line."""
        return "[options] <address>"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Say what became of an address: its state in the corpus, and the reason"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Print what the corpus knows of one page: identity, state and reason, what the last "
            "fetch brought, failed attempts, when it is due again, which routes led to it, and "
            "its article. Example: scrapy why http://news.abamako.com/h/292014.html"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and --json."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0, also for a page never discovered; 2 for an address that is no portal's, or
        without a corpus."""
        assert self.settings is not None
        given = operands("why", args)
        if len(given) != 1:
            refuse("why", "one address, e.g. scrapy why http://news.abamako.com/h/292014.html")
        identity = identity_of("why", given[0])
        try:
            with reading_corpus(self.settings) as connection:
                must_be_known("why", connection, identity, given[0])
                row = page_of(connection, identity)
                also = [] if row and row["state"] == "stored" else relatives(connection, identity)
        except DatabaseProblem as problem:
            refuse("why", str(problem), problem.exit_code)
        if opts.json:
            known = row or {"portal": identity.portal, "key": identity.key, "url": identity.url}
            record = {"address": given[0], "known": row is not None, **known, "see_also": also}
            printing(lambda: print(as_json(_plain(record))))
            return
        lines = table(_rows(row)) if row else [f"{identity.key}: never discovered"]
        printing(lambda: print("\n".join([*lines, *(f"see also: {line}" for line in also)])))


def _rows(page: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Labels and values, one line each."""
    for name, value in page.items():
        if name in ("run", "article", "etag", "last_modified"):
            continue
        yield name.replace("_", " "), _text(value)
    run, article = page["run"], page["article"]
    if run is None:
        yield "run", "-"
    else:
        ended = run.get("finish_reason") or "not ended"
        started = f", {run['strategy']}, started {_text(run['started_at'])}, {ended}"
        yield "run", f"{run['id']}{started if 'strategy' in run else ''}"
    for name, value in (article or {}).items():
        if name != "id":
            yield f"article {name.replace('_', ' ')}", _text(value)


def _text(value: Any) -> str:
    if value is None or value == []:
        return "-"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
