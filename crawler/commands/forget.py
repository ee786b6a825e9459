"""`scrapy forget`: honour a take-down: text, versions and archive records go, a tombstone stays."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from scrapy.commands import ScrapyCommand

from corpus.database import Database, DatabaseProblem
from corpus.locations import archive_dir
from corpus.locks import PortalLock
from corpus.tombstones import Held, bury, erased, held_under, tombstones
from corpus.warc.erasing import Erased, erase
from corpus.warc.records import BadRecord
from corpus.warc.recovery import recover
from crawler.addresses import BadAddress
from crawler.exit_codes import DRIFT, UNWRITABLE
from crawler.portals.base import Identity, Portal, portals
from crawler.portals.generic import generic_portal
from crawler.probing.held import corpus_of
from crawler.probing.naming import identity_of, must_be_known
from crawler.probing.terminal import operands, printing, refuse, safe, shorten, table
from crawler.searching import keep_up

LONGEST_REASON = 500


class Command(ScrapyCommand):
    """Changes the corpus and the archive; makes no request. The only command that removes text."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Shown after `scrapy forget` in the usage line."""
        return "[options] [<address> …]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Take an article down: its text and records go, and it is never fetched again"

    def long_desc(self) -> str:
        """Shown by --help."""
        return (
            "Remove an article's text, versions and archive records for good. A tombstone with "
            "date and reason stays, and no strategy fetches the address again. Without --yes it "
            "only says what would go. Without an address it lists the tombstones, and finishes "
            "what was cut off. "
            "Example: scrapy forget http://news.abamako.com/h/292014.html "
            '--reason "letter of the author, 3 November 2026" --yes'
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options and ours."""
        super().add_options(parser)
        parser.add_argument("--reason", help="why; it is kept with the tombstone")
        parser.add_argument("--yes", action="store_true", help="do it; it cannot be undone")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit 0; 2 for bad arguments or a portal that a crawl holds; 3 or 8 for archive and
        database; 10 where a file of the archive is damaged."""
        assert self.settings is not None
        given = operands("forget", args)
        reason = " ".join((opts.reason or "").split())
        if given and opts.yes and not reason:
            refuse("forget", 'why? The tombstone keeps it: --reason "letter of the author"')
        if len(reason) > LONGEST_REASON:
            refuse("forget", f"--reason is longer than {LONGEST_REASON} characters")
        identities = [identity_of("forget", text) for text in given]
        try:
            with corpus_of(self.settings) as database:
                with database.reading() as connection:
                    for identity, text in zip(identities, given, strict=True):
                        must_be_known("forget", connection, identity, text)
                if given and not opts.yes:
                    self._tell(database, identities)
                elif given:
                    for portal, named in _by_portal(identities).items():
                        self._forget(database, portal, named, reason)
                else:
                    self._list(database)
        except DatabaseProblem as problem:
            refuse("forget", str(problem), problem.exit_code)

    def _tell(self, database: Database, identities: list[Identity]) -> None:
        with database.reading() as connection:
            for portal, named in _by_portal(identities).items():
                held = held_under(connection, portal, named)
                self._print(_lines(held))
        self._print(["Nothing was removed. With --yes and --reason it will be, for good."])

    def _forget(self, database: Database, portal: str, named: dict[str, str], reason: str) -> None:
        assert self.settings is not None
        lock = self._hold(database, portal)
        try:
            with database.problems():
                with database.writing() as connection:
                    held = held_under(connection, portal, named)
                    gone = bury(connection, portal, held, reason, datetime.now(UTC))
                database.shred()
            self._print(_lines(held))
            keep_up("forget", self.settings, database, thorough=True)
            self._erase(database, portal, gone)
        finally:
            lock.release()

    def _hold(self, database: Database, portal: str) -> PortalLock:
        lock = PortalLock(database, portal)
        if not lock.acquire():
            refuse("forget", f"a crawl of {portal} is running; stop it or try again when it ended")
        return lock

    def _erase(self, database: Database, portal: str, keys: dict[str, str]) -> None:
        """Overwrite the archive's records of these keys, then note that they are."""
        assert self.settings is not None
        directory = archive_dir(self.settings)
        known = _portal(portal, next(iter(keys.values())))
        addresses = {*keys.values()}

        def wanted(url: str) -> bool:
            return url in addresses or _key(known, url) in keys

        try:
            recover(directory, portal)
            done = erase(directory, portal, wanted)
        except BadRecord as bad:
            refuse("forget", f"{bad}; the tables are clean, the archive is not", DRIFT)
        except OSError as error:
            refuse(
                "forget",
                f"the archive could not be changed: {error}; the tables are clean: "
                "mend it and run `scrapy forget` once more",
                UNWRITABLE,
            )
        with database.problems(), database.writing() as connection:
            erased(connection, portal, [*keys], datetime.now(UTC))
        self._print([_told(done)])

    def _list(self, database: Database) -> None:
        assert self.settings is not None
        with database.reading() as connection:
            stones = tombstones(connection)
        pending: dict[str, dict[str, str]] = {}
        for stone in stones:
            if stone["erased_at"] is None:
                pending.setdefault(stone["portal"], {})[stone["key"]] = stone["url"]
        for portal, keys in pending.items():
            lock = self._hold(database, portal)
            try:
                database.shred()
                keep_up("forget", self.settings, database, thorough=True)
                self._erase(database, portal, keys)
            finally:
                lock.release()
        self._print(_list_of(stones))

    @staticmethod
    def _print(lines: Iterable[str]) -> None:
        printing(lambda: print("\n".join(lines)))


def _by_portal(identities: list[Identity]) -> dict[str, dict[str, str]]:
    """Portal → key → address."""
    found: dict[str, dict[str, str]] = {}
    for identity in identities:
        found.setdefault(identity.portal, {})[identity.key] = identity.url
    return found


def _portal(name: str, address: str) -> type[Portal]:
    return portals().get(name) or generic_portal(address)


def _key(portal: type[Portal], url: str) -> str | None:
    try:
        return portal.identify(url).key
    except BadAddress:
        return None


def _lines(held: Held) -> Iterator[str]:
    """What goes, or went."""
    for title in held.articles.values():
        yield f"article   {safe(shorten(title or 'without a headline', 90))}"
    yield f"versions  {held.versions}"
    for url in held.keys.values():
        yield f"address   {safe(url)}"
    for url in held.photos:
        yield f"photo     {safe(url)}"


def _told(done: Erased) -> str:
    if not done.records:
        return "archive   nothing of it was there"
    return f"archive   {done.records} records in {done.files} files overwritten, {done.bytes} bytes"


def _list_of(stones: list[dict[str, Any]]) -> list[str]:
    if not stones:
        return ["Nothing was taken down so far."]
    rows = [
        (f"{stone['forgotten_at']:%Y-%m-%d}", safe(stone["url"]), safe(stone["reason"]))
        for stone in stones
    ]
    return table(rows, header=("taken down", "address", "reason"))
