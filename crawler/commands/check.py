"""`scrapy check`: overrides Scrapy's. Judges a portal's last run against its history."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand
from scrapy.settings import BaseSettings
from sqlalchemy import select

from corpus.database import Database, DatabaseProblem
from corpus.drift import ACCEPTED, RUNS, Limits, judge_run, note_stat
from corpus.locations import corpus_url, project_root
from corpus.runs import IMPORT
from crawler.exit_codes import DRIFT
from crawler.portals.base import Portal, portals
from crawler.probing.held import reading_corpus
from crawler.probing.terminal import operands, refuse


class Command(ScrapyCommand):
    """Asks the corpus; makes no request."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy check` in the usage line."""
        return "[options] [<portal>…]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Judge a portal's last run against its history: exit 0, or 10 for drift"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Compare how the last run read each field (the layer that won, how often it was "
            "filled, the body's length) with the runs before it, one line for each field that "
            "drifted. Without a portal, every portal that was crawled. --accept: the site was "
            "redesigned and is read well; history begins with the last run. "
            "Example: scrapy check abamako"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and --accept."""
        super().add_options(parser)
        parser.add_argument(
            "--accept", action="store_true", help="let history begin with the last run"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0 where nothing drifted, 10 where something did, 2 for an unknown argument."""
        assert self.settings is not None
        names = operands("check", args)
        if opts.accept and not names:
            refuse("check", "--accept needs a portal, e.g. scrapy check --accept abamako")
        try:
            with reading_corpus(self.settings) as connection:
                query = (
                    select(RUNS.c.portal, RUNS.c.id)
                    .where(RUNS.c.strategy != IMPORT)
                    .order_by(RUNS.c.id)
                )
                last = {row.portal: row.id for row in connection.execute(query)}
                for name in names:
                    if name not in last:
                        refuse("check", f"no run of {name!r}; crawled were {', '.join(last)}")
                chosen = names or list(last)
                if not opts.accept:
                    limits = limits_of(self.settings)
                    for name in chosen:
                        found = judge_run(connection, name, limits, declared_by(name))
                        for drift in found:
                            print(drift)
                        if found:
                            self.exitcode = DRIFT
                        else:
                            print(f"{name}: no drift")
            if opts.accept:
                self._accept([last[name] for name in chosen])
        except DatabaseProblem as problem:
            refuse("check", str(problem), problem.exit_code)

    def _accept(self, run_ids: list[int]) -> None:
        assert self.settings is not None
        database = Database(corpus_url(self.settings), root=project_root())
        try:
            with database.problems(), database.writing() as connection:
                for run_id in run_ids:
                    note_stat(connection, run_id, ACCEPTED, 1)
        finally:
            database.dispose()


def limits_of(settings: BaseSettings) -> Limits:
    """The DRIFT_* settings."""
    return Limits(
        readings=settings.getint("DRIFT_READINGS"),
        history=settings.getint("DRIFT_HISTORY"),
        had=settings.getfloat("DRIFT_HAD"),
        left=settings.getfloat("DRIFT_LEFT"),
    )


def declared_by(portal: str | type[Portal]) -> list[str]:
    """Vital fields for which the portal has selectors."""
    known = portals().get(portal) if isinstance(portal, str) else portal
    selectors = known.selectors if known else {}
    names = {"title": "title", "date": "published_on", "body": "body"}
    return [names[name] for name in names if selectors.get(name)]
