"""Importer: the captures of one portal through parser and stages to the writer, in order of date.

The portal is held meanwhile, so a crawl and an import never meet. Killed, it is run again: what was
written is no newer then than what is held.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

from scrapy.settings import BaseSettings

from corpus.archive import Archive
from corpus.database import Database
from corpus.importing import OLDER, Import, Standing, standings
from corpus.knowledge import latest_knowledge
from corpus.locations import archive_dir
from corpus.locks import PortalLock
from corpus.problems import DatabaseProblem
from corpus.runs import IMPORT, RunStart, RunUpdate
from corpus.tombstones import FORGOTTEN, forgotten_keys
from corpus.units import Context
from corpus.warc.recovery import recover
from crawler import __version__
from crawler.addresses import BadAddress
from crawler.crawling import check_disk
from crawler.discovery.found import found_at
from crawler.exit_codes import BUG, DONE, INTERRUPTED
from crawler.importing.captures import Answer, Captures, Unusable
from crawler.importing.index import Entry, Index
from crawler.importing.sources import Source
from crawler.importing.tally import PortalTally
from crawler.judging import judge, settle_identity
from crawler.parsing.knowledge import Knowledge
from crawler.portals.base import Identity, Portal
from crawler.probing.progress import Counter
from crawler.stages import run_stages
from crawler.stored_article import stored_article
from crawler.writing import Writing

IN_FLIGHT: Final = 128
"""Articles that wait for the writer, each with its page."""
AHEAD: Final = 64
"""Captures whose pages are looked up at once."""
NEWER: Final = "newer"
"""Result of a dry run: it would be a visit of an article that is held."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What all portals share."""

    settings: BaseSettings
    database: Database | None
    """None in a dry run without a corpus."""
    sources: list[Source]
    index: Index
    captures: Captures
    timezone: str | None
    stages: list[Any]
    revision: str
    """Extractor revision."""


class Importer:
    """Takes in the captures of one portal."""

    def __init__(self, setup: Setup, portal: type[Portal], tally: PortalTally) -> None:
        self.setup, self.portal, self.tally = setup, portal, tally
        self.knowledge = Knowledge()
        self.broken: list[str] = []
        """Pages on which parser or stages failed, and why."""
        self.forgotten: frozenset[str] = frozenset()
        """Keys that were taken down: they are not imported again."""
        self._recent: OrderedDict[str, datetime] = OrderedDict()
        """Key → time of what was handed to the writer and may not be in the tables yet."""

    def look(self, counter: Counter) -> None:
        """A dry run: read everything, write nothing. Raises `DatabaseProblem`."""
        self._learn()
        for entry, known in self._entries(counter):
            unit = self._unit(entry, known, run_id=0)
            if unit is None:
                continue
            held = any(key in self._recent or self._standing(key) for key in unit.touched())
            result = OLDER if not unit.answers else NEWER if held else "new"
            self.tally.results[result] += 1
            self._recent.update(dict.fromkeys(unit.touched(), unit.article.fetched_at))

    def take(self, counter: Counter) -> bool:
        """Take all in; False where another run holds the portal. Raises `DatabaseProblem`."""
        assert self.setup.database is not None
        lock = PortalLock(self.setup.database, self.portal.name)
        if not lock.acquire():
            return False
        try:
            self._learn()
            self._run(self.setup.database, lock, counter)
        finally:
            lock.release()
        return True

    def _run(self, database: Database, lock: PortalLock, counter: Counter) -> None:
        arguments: dict[str, Any] = {"files": [source.name for source in self.setup.sources]}
        if self.setup.timezone is not None:
            arguments["timezone"] = self.setup.timezone
        check_disk(self.setup.settings, database, self.portal.name)
        start = RunStart(self.portal.name, IMPORT, arguments, __version__)
        with database.problems(), database.writing() as connection:
            (run_id,) = RunStart.apply(connection, [start], Context(datetime.now(UTC)))
        archive = self._archive(run_id)
        code, reason = BUG, "error"
        limit = self.setup.settings.getfloat("DB_OUTAGE_LIMIT")
        try:
            with Writing(database, lock, limit, archive, most_waiting=IN_FLIGHT) as out:
                for entry, known in self._entries(counter):
                    unit = self._unit(entry, known, run_id=run_id)
                    if unit is not None:
                        out.put(unit, unit.page.url, self._note)
                        self._remember(unit)
            for url, error in out.refused:
                self.broken.append(f"{url}: {type(error).__name__}: {error}")
            code, reason = (BUG if self.broken else DONE), "finished"
        except KeyboardInterrupt:
            code, reason = INTERRUPTED, "shutdown"
            raise
        except DatabaseProblem as problem:
            code, reason = problem.exit_code, "database"
            raise
        finally:
            with suppress(DatabaseProblem):
                self._end(database, run_id, archive, (code, reason))

    def _archive(self, run_id: int) -> Archive | None:
        if self.setup.settings["ARCHIVE"] == "none":
            return None
        software = f"{self.setup.settings['BOT_NAME']}/{__version__}"
        directory = archive_dir(self.setup.settings)
        archive = Archive(directory, self.portal.name, str(run_id), software=software)
        try:
            recover(directory, self.portal.name)
        except OSError as error:
            raise archive.problem(error) from error
        return archive

    def _end(
        self, database: Database, run_id: int, archive: Archive | None, end: tuple[int, str]
    ) -> None:
        results = self.tally.results
        stats = {f"portal/import/{name}": n for name, n in results.items()}
        stats |= {f"portal/import/skipped/{why}": n for why, n in self.tally.skipped.items()}
        ended = RunUpdate(
            run_id, stats=stats, stored=results["new"], changed=results["changed"],
            unchanged=results["unchanged"], archive_bytes=archive.bytes_written if archive else 0,
            ended_at=datetime.now(UTC), exit_code=end[0], finish_reason=end[1],
        )  # fmt: skip
        with database.problems(), database.writing() as connection:
            RunUpdate.apply(connection, [ended], Context(datetime.now(UTC)))

    def _learn(self) -> None:
        if self.setup.database is not None:
            with self.setup.database.problems(), self.setup.database.reading() as connection:
                self.knowledge = Knowledge.of(
                    self.portal.name, *latest_knowledge(connection, self.portal.name)
                )
                self.forgotten = forgotten_keys(connection, self.portal.name)

    def _note(self, result: str) -> None:
        self.tally.results[result] += 1

    def _remember(self, unit: Import) -> None:
        for key in unit.touched():
            self._recent[key] = unit.article.fetched_at
            self._recent.move_to_end(key)
        while len(self._recent) > 4 * IN_FLIGHT:
            self._recent.popitem(last=False)

    # -- one capture -----------------------------------------------------------------------------

    def _entries(self, counter: Counter) -> Iterator[tuple[Entry, Standing | None]]:
        """The captures in order, each with what was known of its page a moment ago."""
        entries = self.setup.index.of(self.portal.name)
        while part := list(islice(entries, AHEAD)):
            keys = {entry.url: self._key(entry) for entry in part}
            known = self._standings([key for key in keys.values() if key is not None])
            for entry in part:
                yield entry, known.get(keys[entry.url] or "")
                counter.advance(1)

    def _key(self, entry: Entry) -> str | None:
        try:
            return self.portal.identify(entry.url).key
        except BadAddress:
            return None

    def _unit(self, entry: Entry, known: Standing | None, *, run_id: int) -> Import | None:
        """What is to be written of a capture; None, and counted, where nothing is."""
        try:
            return self._read(entry, known, run_id)
        except (Unusable, BadAddress) as unusable:
            reason = unusable.reason if isinstance(unusable, BadAddress) else str(unusable)
            self.tally.skipped[reason] += 1
        except DatabaseProblem:
            raise
        except Exception as error:
            self.tally.skipped["exception"] += 1
            self.broken.append(f"{entry.url}: {type(error).__name__}: {error}")
        return None

    def _read(self, entry: Entry, known: Standing | None, run_id: int) -> Import | None:
        asked = self.portal.identify(entry.url)
        fetched_at = datetime.fromisoformat(entry.date)
        if known is not None and known.tells_nothing(fetched_at):
            self.tally.results[OLDER] += 1
            return None
        if asked.key in self.forgotten:
            raise Unusable(FORGOTTEN)
        answer = self.setup.captures.read(entry)
        item = self._item(answer)
        identity = settle_identity(item, self.portal, entry.url, known or asked)
        if known is not None and known.state == "duplicate" and known.article_url is not None:
            # A redirect or a canonical link has shown before whose article this is.
            identity = self.portal.identify(known.article_url)
        if identity.key in self.forgotten:
            raise Unusable(FORGOTTEN)
        moved = identity.key != asked.key
        both = [known, self._standing(identity.key) if moved else None]
        standing = [one for one in both if one is not None]
        newer = all(one.is_newer(fetched_at) for one in standing)
        newer = newer and not any(
            fetched_at <= self._recent.get(key, _LONG_AGO) for key in (asked.key, identity.key)
        )
        if not newer and not any(one.is_earlier(fetched_at) for one in standing):
            self.tally.results[OLDER] += 1
            return None
        route = f"import:{self.setup.sources[entry.origin].path.name}"
        return Import(
            portal=self.portal.name,
            run_id=run_id,
            page=found_at(asked, route),
            article=self._stored(item, identity, run_id),
            identity=found_at(identity, "redirect") if moved else None,
            # What becomes no version is not kept.
            answers=[answer.capture] if newer else [],
            held=known.held if known is not None else None,
        )

    def _item(self, answer: Answer) -> Any:
        """The item behind all stages. Raises `Unusable` where the page is no article."""
        article, state, reason = judge(answer.page, self.portal, self.knowledge)
        if state is not None:
            raise Unusable(reason or state)
        try:
            return run_stages(article, self.setup.stages)
        except Exception as dropped:
            if isinstance(getattr(dropped, "state", None), str):
                raise Unusable(str(getattr(dropped, "reason", "dropped"))) from dropped
            raise

    def _stored(self, item: Any, identity: Identity, run_id: int) -> Any:
        item.site, item.kind, item.number = identity.site, identity.kind, identity.number
        item.url = identity.url
        return stored_article(item, key=identity.key, run_id=run_id, revision=self.setup.revision)

    def _standing(self, key: str) -> Standing | None:
        return self._standings([key]).get(key)

    def _standings(self, keys: list[str]) -> dict[str, Standing]:
        if self.setup.database is None:
            return {}
        with self.setup.database.problems(), self.setup.database.reading() as connection:
            return standings(connection, self.portal.name, keys)


_LONG_AGO = datetime.min.replace(tzinfo=UTC)
