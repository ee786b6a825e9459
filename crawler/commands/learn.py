"""`scrapy learn`: renew what is known of each portal's template, from the pages in the archive."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand

from corpus.archive_reading import NotInArchive, read_page
from corpus.database import Database, DatabaseProblem
from corpus.knowledge import archived_articles, portals_held, renew_knowledge
from corpus.locations import archive_dir, corpus_url, project_root
from corpus.warc.captures import WarcPlace
from crawler.parsing.page import Page
from crawler.parsing.template import FEWEST_PAGES, recurring_lines
from crawler.probing.held import reading_corpus
from crawler.probing.terminal import operands, refuse

logger = logging.getLogger(__name__)

PAGES = 200
MOST_PAGES = 5_000


class Command(ScrapyCommand):
    """Reads the archive and writes one row of `knowledge` a portal; makes no request."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy learn` in the usage line."""
        return "[options] [portal …]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Learn each portal's template (menus, adverts, slogans) from archived pages"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Read the archived pages of the articles fetched last, find the lines that recur over "
            "many of them, and keep those as the portal's knowledge, under a new number where it "
            "differs. The next crawl leaves such lines out of bodies and looks for headline and "
            f"text elsewhere. At least {FEWEST_PAGES} pages of a portal are needed. "
            "Example: scrapy learn abamako --pages 500"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and --pages."""
        super().add_options(parser)
        parser.add_argument(
            "--pages", default=str(PAGES), metavar="N", help=f"pages a portal (default {PAGES})"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0; 2 for a portal or a number that cannot be, or where no portal has pages enough;
        3 or 8 for the database."""
        assert self.settings is not None
        count = _count(opts.pages)
        try:
            with reading_corpus(self.settings) as connection:
                held = portals_held(connection)
                for name in args and operands("learn", args):
                    if name not in held:
                        refuse("learn", f"no article of {name!r}; there are: {', '.join(held)}")
                names = args or held
                places = {name: list(archived_articles(connection, name, count)) for name in names}
            if not self._learn(places):
                refuse("learn", f"fewer than {FEWEST_PAGES} archived pages; crawl more first")
        except DatabaseProblem as problem:
            refuse("learn", str(problem), problem.exit_code)

    def _learn(self, places: dict[str, list[WarcPlace]]) -> bool:
        """Learn of each portal; False where none had pages enough."""
        settings: Any = self.settings
        database = Database(corpus_url(settings), root=project_root())
        database.prepare()
        learned = False
        for name, found in places.items():
            pages, lines = recurring_lines(_pages(archive_dir(settings), found))
            if pages < FEWEST_PAGES:
                print(f"{name}: {pages} archived pages are too few to learn from")
                continue
            with database.problems(), database.writing() as connection:
                revision, added, gone = renew_knowledge(
                    connection, name, lines, pages=pages, now=datetime.now(UTC)
                )
            learned = True
            print(
                f"{name}: knowledge {revision} from {pages} pages: {len(lines)} recurring lines, "
                f"{added} new, {gone} gone"
            )
        return learned


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and FEWEST_PAGES <= int(text) <= MOST_PAGES:
        return int(text)
    refuse("learn", f"--pages is a number from {FEWEST_PAGES} to {MOST_PAGES}, e.g. --pages 500")


def _pages(directory: Path, places: list[WarcPlace]) -> Iterator[Page]:
    """The archived pages; what is not in the archive is named and left out."""
    for place in places:
        try:
            page = read_page(directory, place)
        except NotInArchive as missing:
            logger.warning("left out: %s", missing)
            continue
        yield Page(page.url, page.body, page.content_type, page.fetched_at)
