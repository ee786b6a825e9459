"""Front-door harness: runs the real `scrapy crawl` in a process of its own against a replica."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import bindparam, select, update

from corpus.database import Database
from corpus.models import Article, ArticleVersion, Page, table
from demo.portal import World, make_portal
from demo.server import Hit, Replica
from demo.sparse import make_sparse
from tests.commands import ROOT, Command, run_scrapy
from tests.databases import put_tables

FAST = (
    *("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False"),
    *("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8"),
)
"""A replica needs no politeness."""
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""A crawl that asks nothing of the database that others, or the units' own tests, do not ask of
PostgreSQL too."""
LOOK = 0.1
"""Seconds between two looks at a crawl's sockets. A fork tells of each one by itself, too; what the
kernel shows are those of C libraries."""
LISTEN = "0A"
"""State of a listening socket in `/proc/net/tcp`."""


@dataclass
class Desk:
    """A corpus and a replica, and what is done with them."""

    replica: Replica
    url: str
    folder: Path
    portal: str = "abamako"
    forked: bool = True
    """False: a Python of its own for each crawl, as users start it: where it is measured."""

    def environment(self) -> dict[str, str]:
        """What leads a command to this corpus and this replica, and nowhere else."""
        kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        own = {"CORPUS_URL": self.url, "ARCHIVE_DIR": str(self.folder / "archive")}
        own["SEARCH_DIR"] = str(self.folder / "search")
        return {**kept, **self.replica.environment(), **own, "COLUMNS": "200"}

    def start(self, *arguments: str, fast: bool = True) -> Command | subprocess.Popen[bytes]:
        """Start a crawl."""
        crawl = ("crawl", self.portal, *arguments, *(FAST if fast else ()))
        out = self.folder / "crawl.log"
        if self.forked:
            return Command(crawl, env=self.environment(), out=out, sockets=self._sockets)
        python = (sys.executable, "-m", "scrapy")
        with out.open("a") as log:
            return subprocess.Popen(
                [*python, *crawl], env=self.environment(), cwd=ROOT, stdout=log, stderr=log
            )

    def crawl(self, *arguments: str, fast: bool = True, timeout: float = 240) -> int:
        """Crawl to the end; the exit code. Asserts that the books balance, that no trace is left,
        and (case 35) that the crawl opens no socket but to the replica and listens on none."""
        process = self.start(*arguments, fast=fast)
        peers: set[str] = set()
        deadline = time.monotonic() + timeout
        try:
            while process.poll() is None and time.monotonic() < deadline:
                peers |= peers_of(process.pid)
                # Each look costs milliseconds; the end is seen at once.
                with suppress(subprocess.TimeoutExpired):
                    process.wait(LOOK)
            code = process.wait(1)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        peers |= self._connected()
        assert all(peer.startswith("127.0.0.1:") for peer in peers), peers
        assert "Traceback" not in self.log(), self.log()[-6000:]
        self.balance()
        return code

    def scrapy(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command."""
        return run_scrapy(*arguments, env=self.environment())

    @property
    def _sockets(self) -> Path:
        return self.folder / "sockets.log"

    def _connected(self) -> set[str]:
        return set(self._sockets.read_text().split("\n")[:-1]) if self.forked else set()

    def log(self) -> str:
        """Everything the crawls wrote so far."""
        return (self.folder / "crawl.log").read_text("utf-8", "replace")

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """What a query gives, by column."""
        database = Database(self.url, root=ROOT)
        try:
            with database.reading() as connection:
                return [dict(row) for row in connection.exec_driver_sql(sql).mappings()]
        finally:
            database.dispose()

    def states(self) -> dict[str, int]:
        """How many pages are in each state."""
        found = self.rows("select state, count(*) as n from pages group by state")
        return {row["state"]: row["n"] for row in found}

    def balance(self) -> None:
        """The books: nothing leased, stored pages and articles one to one, no key twice."""
        assert "leased" not in self.states(), self.states()
        (row,) = self.rows(
            "select (select count(*) from pages where state in ('stored', 'gone')) as held,"
            " (select count(*) from articles) as articles,"
            " (select count(*) from (select distinct portal, key from articles) as a) as distinct_"
        )
        assert row["held"] == row["articles"] == row["distinct_"], row

    def articles(self) -> dict[tuple[str, str, int], dict[str, Any]]:
        """Stored articles by site, kind and number."""
        rows = self.rows("select * from articles")
        return {(row["site"], row["kind"], row["number"]): row for row in rows}

    def article_hits(self) -> list[Hit]:
        """Requests for article pages so far."""
        return [hit for hit in self.replica.hits() if is_article(hit)]

    def kill(self, process: Command | subprocess.Popen[bytes], after_articles: int) -> None:
        """`kill -9` once the replica has seen so many more article requests."""
        seen, left = len(self.replica.hits()), after_articles
        while process.poll() is None and left > 0:
            new = self.replica.hits(after=seen)
            seen, left = seen + len(new), left - sum(map(is_article, new))
            time.sleep(0.002)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait(30)


@dataclass(frozen=True)
class KillFigures:
    """What ten kills cost. `again` pages fetched more than once; `restarts` seconds from each
    start of the process to its first request for a page never asked for before."""

    kills: int
    again: int
    restarts: list[float]


def crawl_under_kills(
    d: Desk, articles: int, kills: int, rng: Random, *arguments: str
) -> KillFigures:
    """Start and `kill -9` a crawl again and again at random moments, then let it end. `articles` is
    about how many requests it makes."""
    restarts = []
    for _ in range(kills):
        seen = len(d.replica.hits())
        before = {hit.path for hit in d.article_hits()}
        process = d.start(*arguments)
        started = time.monotonic()
        while process.poll() is None:
            new = d.replica.hits(after=seen)
            if any(is_article(hit) and hit.path not in before for hit in new):
                restarts.append(time.monotonic() - started)
                break
            time.sleep(0.005)
        d.kill(process, rng.randrange(0, 2 * articles // (kills + 2)))
    assert d.crawl(*arguments, timeout=280) == 0
    asked = Counter(f"{hit.host.lower()}{hit.path.lower()}" for hit in d.article_hits())
    return KillFigures(kills, sum(asked.values()) - len(asked), restarts)


def peers_of(pid: int) -> set[str]:
    """Addresses that a process has sockets to, as the kernel shows them, and `listening` with the
    port of each socket that waits for others; empty off Linux."""
    found = set()
    try:
        inodes = {
            match.group(1)
            for entry in Path(f"/proc/{pid}/fd").iterdir()
            if (match := re.match(r"socket:\[(\d+)\]", os.readlink(entry)))
        }
        for table in ("tcp", "tcp6", "udp", "udp6"):
            for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                address, port = fields[2].split(":")
                if fields[9] in inodes and fields[3] == LISTEN:
                    found.add(f"listening:{int(fields[1].rpartition(':')[2], 16)}")
                if fields[9] in inodes and int(port, 16):
                    found.add(f"{readable(address)}:{int(port, 16)}")
    except OSError:
        # The process ended meanwhile, or there is no /proc.
        pass
    return found


def readable(address: str) -> str:
    """`0100007F` as 127.0.0.1; an IPv6 address stays hexadecimal, and so stands out."""
    if len(address) != 8:
        return address
    return ".".join(str(byte) for byte in reversed(bytes.fromhex(address)))


def is_article(hit: Hit) -> bool:
    """True for a request of an article or photo page."""
    return _ARTICLE.match(hit.path) is not None


_ARTICLE = re.compile(r"/(h|p|articles)/\d+")


@contextmanager
def desk(
    world: Any, url: str, folder: Path, *, forked: bool = True, empty: bool = False
) -> Iterator[Desk]:
    """A desk with its replica up; at the end no request may have gone to another host. A database
    file that does not exist holds the tables when the first crawl comes, unless `empty`."""
    worlds = world if isinstance(world, list) else [world]
    if not empty:
        put_tables(url)
    with Replica(worlds) as replica:
        yield Desk(replica, url, folder, worlds[0].name, forked)
        strangers = [hit.url for hit in replica.hits() if hit.status == 502 and not hit.fault]
        assert not strangers, strangers


def light_portal(seed: int | str, *given: Any, **more: Any) -> World:
    """`make_portal` with pages a tenth as heavy as real ones: for what a crawl does with them."""
    return make_portal(seed, *given, **{"heavy": False, **more})


def light_sparse(seed: int | str, *given: Any, **more: Any) -> World:
    """`make_sparse` with such pages."""
    return make_sparse(seed, *given, **{"heavy": False, **more})


def later(d: Desk, hours: float) -> None:
    """Let time pass: what the corpus has planned and done is so much longer ago."""
    span = timedelta(hours=hours)
    database = Database(d.url, root=ROOT)
    try:
        with database.writing() as connection:
            for model, names in (
                (Page, ("due_at", "settled_at", "discovered_at")),
                (Article, ("gone_at", "first_seen_at")),
                (ArticleVersion, ("created_at",)),
            ):
                _move_back(connection, table(model), names, span)
    finally:
        database.dispose()


def _move_back(connection: Any, held: Any, names: tuple[str, ...], span: timedelta) -> None:
    keys = list(held.primary_key.columns)
    rows = connection.execute(select(*keys, *(held.c[name] for name in names))).mappings().all()
    moved = [
        {f"b_{key.name}": row[key.name] for key in keys}
        | {name: row[name] and row[name] - span for name in names}
        for row in rows
    ]
    here = [key == bindparam(f"b_{key.name}") for key in keys]
    if moved:
        values = {name: bindparam(name) for name in names}
        connection.execute(update(held).where(*here).values(values), moved)


def token_f1(gold: str, got: str) -> float:
    """F1 over words and signs of two texts; 1 where both are empty."""
    a, b = (Counter(re.findall(r"\w+|[^\w\s]", text)) for text in (gold, got))
    if not a and not b:
        return 1.0
    common = sum((a & b).values())
    if not common:
        return 0.0
    precision, recall = common / sum(b.values()), common / sum(a.values())
    return 2 * precision * recall / (precision + recall)
