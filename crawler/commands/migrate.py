"""`scrapy migrate`: creates the corpus database or brings it up to date."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import ScrapyCommand

from corpus.database import Database, DatabaseProblem
from corpus.locations import corpus_url, project_root
from corpus.reader_role import make_reader
from crawler.probing.terminal import operands, printing, refuse


class Command(ScrapyCommand):
    """The only command that changes tables; a crawl never does."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Create the corpus database, or bring it up to date"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Bring the database of CORPUS_URL to the revision of this titrologue: one "
            "transaction, so that a kill leaves the old tables or the new. Back it up before. "
            "Example: scrapy migrate -s CORPUS_URL=sqlite:///corpus.db"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0, also where nothing was to do; 2 for a newer database, 3 or 8 for a sick one."""
        assert self.settings is not None
        if operands("migrate", args):
            refuse("migrate", "takes no argument; the database is CORPUS_URL's")
        try:
            database = Database(corpus_url(self.settings), root=project_root())
            before, now = database.migrate()
            with database.problems(), database.writing() as connection:
                missing = make_reader(connection)
        except DatabaseProblem as problem:
            refuse("migrate", str(problem), problem.exit_code)
        change = f"up to date at {now}" if before == now else f"{before or 'empty'} → {now}"
        printing(lambda: print(f"{database.display}: {change}"))
        if missing is not None:
            print(f"scrapy migrate: {missing}", file=sys.stderr)
