"""`scrapy sources`: the newspapers and agencies of the corpus as a table that people can edit."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from scrapy.commands import ScrapyCommand

from corpus.database import Database, DatabaseProblem
from corpus.locations import corpus_url, project_root
from corpus.sources import BadCorrection, Correction, correct_sources, list_sources
from crawler.parsing.sources import straighten
from crawler.probing.held import reading_corpus
from crawler.probing.terminal import operands, printing, refuse
from crawler.searching import keep_up

HEADER = ("name", "kind", "country", "canonical", "articles")


class Command(ScrapyCommand):
    """Without an argument it prints the table; with a file it takes the edited one in."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy sources` in the usage line."""
        return "[options] [edited.tsv | -]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Print the corpus' sources as a table, or take in the edited table"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Print the sources of the corpus, tab-separated: name, kind (newspaper, agency, "
            "broadcaster, site), country, canonical name, articles. Edit kind, country and "
            "canonical, leave lines out as you like, and hand the file back: all of it is checked, "
            "then written in one transaction, and articles are renamed. Example: "
            "scrapy sources > sources.tsv; edit; scrapy sources sources.tsv"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0; 2 for a table that cannot be, with nothing written; 3 or 8 for the database."""
        assert self.settings is not None
        # «-» is standard input, not an option.
        given = ["-"] if args == ["-"] else operands("sources", args)
        if len(given) > 1:
            refuse("sources", "one file at most, e.g. scrapy sources edited.tsv")
        try:
            if not given:
                with reading_corpus(self.settings) as connection:
                    rows = list_sources(connection)
                lines = ["\t".join(HEADER), *("\t".join(map(str, row)) for row in rows)]
                printing(lambda: print("\n".join(lines)))
                return
            corrections = _read(given[0])
            with reading_corpus(self.settings):
                pass  # a corpus that is not there is never made
            database = Database(corpus_url(self.settings), root=project_root())
            database.prepare()
            with database.problems(), database.writing() as connection:
                changed, renamed = correct_sources(connection, corrections, datetime.now(UTC))
        except BadCorrection as error:
            refuse("sources", f"{error}; nothing was written")
        except DatabaseProblem as problem:
            refuse("sources", str(problem), problem.exit_code)
        if renamed:
            keep_up("sources", self.settings, database)
        printing(lambda: print(f"sources changed: {changed}; articles renamed: {renamed}"))


def _read(name: str) -> list[Correction]:
    """The corrections of a file. Raises `BadCorrection` for a line of another form."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadCorrection(f"{name} cannot be read: {error}") from error
    found: dict[str, Correction] = {}
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not line.strip() or line.startswith("#") or tuple(cells[:4]) == HEADER[:4]:
            continue
        if not 4 <= len(cells) <= 5 or not cells[0]:
            raise BadCorrection(f"line {number}: not name, kind, country, canonical by tabs")
        name, kind, country, canonical = cells[:4]
        one = Correction(name, kind or None, country or None, straighten(canonical) or None)
        if one.canonical == one.name:
            one = Correction(name, one.kind, one.country, None)
        if found.setdefault(name, one) != one:
            raise BadCorrection(f"line {number}: «{name}» is there twice and differs")
    return list(found.values())
