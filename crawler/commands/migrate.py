"""`scrapy migrate`: creates the corpus database or brings it up to date."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from scrapy.commands import ScrapyCommand

from corpus.backups import back_up, backup_path, pg_dump_line
from corpus.database import Database, DatabaseProblem
from corpus.locations import corpus_url, project_root
from corpus.reader_role import make_reader
from corpus.schema import head
from crawler.probing.progress import counting
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
            "transaction, so that a kill leaves the old tables or the new. A SQLite corpus is "
            "first copied beside itself (corpus.db.0009.bak), or to --backup; for PostgreSQL the "
            "command that does so is shown, and on a terminal it asks before it goes on. "
            "Example: scrapy migrate -s CORPUS_URL=sqlite:///corpus.db --backup /mnt/corpus.bak"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and those of the back-up."""
        super().add_options(parser)
        parser.add_argument(
            "--backup",
            type=Path,
            metavar="PATH",
            help="SQLite: a file that is not there yet (default: beside the corpus)",
        )
        parser.add_argument("--no-backup", action="store_true", help="go on without a back-up")
        parser.add_argument(
            "--yes", action="store_true", help="PostgreSQL: go on without being asked"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0, also where nothing was to do; 2 for a newer database, 3 or 8 for a sick one."""
        assert self.settings is not None
        if operands("migrate", args):
            refuse("migrate", "takes no argument; the database is CORPUS_URL's")
        if opts.backup and opts.no_backup:
            refuse("migrate", "--backup and --no-backup: which of them?")
        try:
            database = Database(corpus_url(self.settings), root=project_root())
            revision = database.behind()
            if revision is not None and not opts.no_backup:
                self._keep(database, revision, opts)
            if revision is not None:
                print(f"{revision} → {head()}: begun", file=sys.stderr, flush=True)
            before, now = database.migrate(_Steps().told if revision else None)
            with database.problems(), database.writing() as connection:
                missing = make_reader(connection)
        except DatabaseProblem as problem:
            refuse("migrate", str(problem), problem.exit_code)
        change = f"up to date at {now}" if before == now else f"{before or 'empty'} → {now}"
        printing(lambda: print(f"{database.display}: {change}"))
        if missing is not None:
            print(f"scrapy migrate: {missing}", file=sys.stderr)

    def _keep(self, database: Database, revision: str, opts: argparse.Namespace) -> None:
        """See that there is a back-up, or that it is known that there is none."""
        if database.path is None:
            return self._point_to_dump(database, revision, opts)
        target = backup_path(database, revision)
        if opts.backup is not None:
            target = opts.backup.expanduser().absolute()
            target = target / backup_path(database, revision).name if target.is_dir() else target
            if target.exists():
                refuse("migrate", f"--backup: {target} is there already; name another")
            if not target.parent.is_dir():
                refuse("migrate", f"--backup: there is no folder {target.parent}")
        with counting("back-up", 1, unit="pages") as counter:

            def told(done: int, whole: int) -> None:
                counter.resize(whole)
                counter.advance(done - counter.done)

            back_up(database, target, told)
        return print(f"back-up: {target}", file=sys.stderr, flush=True)

    def _point_to_dump(self, database: Database, revision: str, opts: argparse.Namespace) -> None:
        line = pg_dump_line(database, revision)
        if opts.backup is not None:
            refuse("migrate", f"--backup is for SQLite; first run {line}")
        print(f"back-up, if there is none yet: {line}", file=sys.stderr, flush=True)
        if not opts.yes and sys.stdin.isatty() and sys.stderr.isatty():
            print(f"migrate {database.display} now? [y/N] ", end="", file=sys.stderr, flush=True)
            if sys.stdin.readline().strip().lower() not in ("y", "yes", "o", "oui"):
                refuse("migrate", "nothing was changed")


class _Steps:
    """Says on standard error which step took how long."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def told(self, revision: str, what: str) -> None:
        now = time.monotonic()
        print(f"{revision}: {what} ({now - self._since:.1f} s)", file=sys.stderr, flush=True)
        self._since = now
