"""`scrapy schedule`: cron lines or systemd units, learned from each section's arrivals."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand
from sqlalchemy import Connection, select

from corpus.arrivals import learn_intervals
from corpus.database import Database, DatabaseProblem
from corpus.diary import crawled, entries
from corpus.locations import archive_dir, project_root
from corpus.models import Section
from corpus.problems import judge
from crawler.addresses import BadAddress
from crawler.exit_codes import UNWRITABLE, USAGE
from crawler.portals.base import portals
from crawler.portals.generic import generic_portal
from crawler.probing.held import NoCorpus, corpus_of
from crawler.probing.naming import unknown_portal
from crawler.probing.reading import is_address
from crawler.probing.terminal import operands, printing, refuse
from crawler.scheduling.cron import crontab
from crawler.scheduling.place import BadPlace, Place
from crawler.scheduling.plan import Job, Target, plan, weekly_check
from crawler.scheduling.unit_files import NotOurs, outdated, write_units
from crawler.scheduling.units import units

NOTHING_LEARNED = "nothing is learned yet: every section each hour; print it again after some weeks"


class Command(ScrapyCommand):
    """Learns from the corpus and prints; starts nothing, and makes no request."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy schedule` in the usage line."""
        return "[options] [<portal>…]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Print cron lines or systemd units, learned from each section's arrivals"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Learn from the corpus how often each section gets something new, from every 15 "
            "minutes to once a week, and print a schedule: sections of like interval in one run, "
            "the feed where there is one, revisits each day, every section and `scrapy check` "
            "each week. Without a portal, those that were crawled; without a corpus, a schedule "
            "to begin with. Cron lines, unless systemd units are asked for. "
            "Examples: scrapy schedule abamako > abamako.cron; scrapy schedule abamako --user-dir"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and ours."""
        super().add_options(parser)
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--cron", action="store_true", help="print crontab lines (the default)")
        form.add_argument("--systemd", action="store_true", help="print services and timers")
        form.add_argument("--write", metavar="DIR", help="write them, e.g. to /etc/systemd/system")
        form.add_argument(
            "--user-dir",
            action="store_true",
            help="write units for `systemctl --user` to ~/.config/systemd/user",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0; 2 for an unknown portal, or a folder with others' files; 3 or 8 for a database or
        folder that cannot be used."""
        assert self.settings is not None
        names = operands("schedule", args)
        try:
            targets, folders = self._targets(names)
            place = Place.here(project_root(), *folders, *self._archive())
        except DatabaseProblem as problem:
            refuse("schedule", str(problem), problem.exit_code)
        except BadPlace as bad:
            refuse("schedule", str(bad))
        jobs = [job for target in targets for job in plan(target)]
        jobs.append(weekly_check())
        notes = []
        for target in targets:
            if not any(target.intervals.values()):
                notes.append(f"{target.name}: {NOTHING_LEARNED}")
        for line in (*place.warnings(self.settings), *notes):
            print(f"scrapy schedule: {line}", file=sys.stderr)
        if opts.write is not None or opts.user_dir:
            self._write(opts, jobs, place, [target.name for target in targets])
        elif opts.systemd:
            files = units(jobs, place, user=False)
            printing(lambda: print("\n".join(f"# --- {n}\n{text}" for n, text in files.items())))
        else:
            printing(lambda: print("\n".join(crontab(jobs, place, notes))))

    def _archive(self) -> list[Path]:
        assert self.settings is not None
        return [] if self.settings["ARCHIVE"] == "none" else [archive_dir(self.settings)]

    def _targets(self, names: Sequence[str]) -> tuple[list[Target], list[Path]]:
        """What to schedule, and the folder of the database. Raises `DatabaseProblem`."""
        assert self.settings is not None
        try:
            with corpus_of(self.settings) as database:
                met = crawled(database)
                chosen = names or [name for name in met if _operand(database, name)] or portals()
                found = [_target(database, name, met) for name in dict.fromkeys(chosen)]
                return found, [database.path.parent] if database.path else []
        except NoCorpus:
            return [_new_target(name) for name in dict.fromkeys(names or portals())], []

    def _write(
        self, opts: argparse.Namespace, jobs: Sequence[Job], place: Place, names: list[str]
    ) -> None:
        """Write the units, and say what to do next."""
        folder = _user_folder() if opts.user_dir else Path(opts.write)
        files = units(jobs, place, user=opts.user_dir)
        try:
            if opts.user_dir:
                folder.mkdir(parents=True, exist_ok=True)
            write_units(folder, files)
            old = outdated(folder, files, names)
        except NotOurs as problem:
            refuse("schedule", str(problem))
        except (OSError, ValueError) as error:
            unwritable = judge(error) == "unwritable"
            said = error.strerror if isinstance(error, OSError) else error
            refuse("schedule", f"{folder}: {said}", UNWRITABLE if unwritable else USAGE)
        manager = "systemctl --user" if opts.user_dir else "systemctl"
        timers = [name for name in files if name.endswith(".timer")]
        lines = [f"{len(files)} files written to {folder}. Next:", f"  {manager} daemon-reload"]
        lines.append(f"  {manager} enable --now {' '.join(timers)}")
        if opts.user_dir:
            lines.append("  loginctl enable-linger    # so that they go on when you log out")
        for name in old:
            service = name.replace(".timer", ".service")
            gone = f"rm {folder / name} {folder / service}"
            lines.append(f"  {manager} disable --now {name} && {gone}    # no more in the schedule")
        printing(lambda: print("\n".join(lines)))


def _user_folder() -> Path:
    configured = os.environ.get("XDG_CONFIG_HOME")
    base = Path(configured) if configured else Path.home() / ".config"
    return base / "systemd" / "user"


def _new_target(name: str) -> Target:
    """A portal of which nothing is held."""
    if name in portals():
        return Target(name, (name,))
    if is_address(name):
        refuse("schedule", f"{name} was never crawled: its first run says how, with its time zone")
    refuse("schedule", unknown_portal(name, portals()))


def _target(database: Database, name: str, met: Sequence[str]) -> Target:
    """A portal with what the corpus knows of it; its intervals are learned now."""
    given = name
    if is_address(name):
        try:
            name = generic_portal(name).name
        except BadAddress as bad:
            refuse("schedule", f"{name}: {bad}")
    operand = _operand(database, name)
    if name not in met or not operand:
        return _new_target(given)
    with database.problems():
        with database.writing() as connection:
            learn_intervals(connection, name, now=datetime.now(UTC))
        with database.reading() as connection:
            intervals, feed = _sections(connection, name)
    return Target(name, operand, intervals, feed)


def _sections(connection: Connection, portal: str) -> tuple[dict[str, int | None], bool]:
    """Interval by slug, and whether a feed was met."""
    columns = (Section.slug, Section.interval, Section.state)
    rows = connection.execute(select(*columns).where(Section.portal == portal)).all()
    intervals = {row.slug: row.interval for row in rows if row.state == "listing"}
    return intervals, any(row.state == "feed" for row in rows)


def _operand(database: Database, name: str) -> tuple[str, ...]:
    """How `scrapy crawl` is given a portal; empty where the corpus does not say. Names come from
    the corpus: what is no host is none."""
    if name in portals():
        return (name,)
    arguments: dict[str, Any] = {}
    for last in entries(database, portal=name, limit=1):
        arguments = last.row["arguments"] or {}
    with database.problems(), database.reading() as connection:
        query = select(Section.url).where(Section.portal == name, Section.sign == "home")
        home = connection.execute(query.limit(1)).scalar()
    zone = arguments.get("timezone")
    try:
        if home and zone and generic_portal(home).name == name:
            return (home, "-a", f"timezone={zone}")
    except BadAddress:
        pass
    return ()
