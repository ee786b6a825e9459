"""Reading an archive again with nothing to change: pages a second by one process and by two.

    .venv/bin/python -m benchmarks.reparse [pages [rounds]]

Builds a corpus and its archive of the replica's pages, then runs `scrapy reparse --all` on it, with
one job and with two in turn, and in the same round has lxml parse the same bytes and do no more.
What the command costs with one page to read, its start, is taken off. Prints the medians: pages a
second of the clock and of CPU time, two jobs to one, peak memory, and a page's CPU time as a ratio
to its parse, which is the figure that another machine can be held to.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lxml import html
from scrapy.utils.project import get_project_settings
from sqlalchemy import select

from corpus.archive import Archive
from corpus.archive_reading import OpenFile, read_page
from corpus.database import Database
from corpus.frontier import Discover, Found, Settle
from corpus.storing import ARTICLES, PLACE
from corpus.units import Context
from corpus.warc.captures import Capture, WarcPlace
from corpus.writer import Writer
from crawler.parsing.article import parse_article
from crawler.parsing.page import Page
from crawler.portals.base import portals
from crawler.stages import extractor_revision, load_stages, run_stages
from crawler.stored_article import stored_article
from demo.portal import make_portal

ROOT = Path(__file__).parent.parent
PORTAL = "abamako"
AT = datetime(2026, 11, 28, 12, tzinfo=UTC)
REFERENCE = 1.9
"""CPU milliseconds in which the machine that the aim speaks of has lxml parse a page of 60 KB."""
_BATCH = 500
_EVERY = 0.1
"""Seconds between two looks at the memory."""


def build(folder: Path, pages: int) -> int:
    """Fill a corpus in `folder`; return the bytes of its pages."""
    world, portal = make_portal("reparse", PORTAL, articles=pages), portals()[PORTAL]
    settings = get_project_settings()
    stages, revision = load_stages(settings), extractor_revision(settings)
    database = Database("sqlite:///corpus.db", root=folder)
    database.prepare()
    found = [_found(stub.url) for stub in world.stubs]
    with database.writing() as connection:
        Discover.apply(connection, [Discover(PORTAL, None, found)], Context(AT))
        rows = connection.exec_driver_sql("SELECT key, id FROM pages").all()
    ids = {row.key: row.id for row in rows}
    archive = Archive(folder / "archive", PORTAL, "bench")
    writer = Writer(database, archive, on_failure=lambda problem: None, batch=_BATCH)
    size = 0
    for stub in world.stubs:
        response = world.respond(stub.host, stub.path)
        kind = response.headers["Content-Type"]
        page = Page(stub.url, response.body, kind, AT)
        item = run_stages(parse_article(page, portal), stages)
        one = _found(stub.url)
        article = stored_article(item, key=one.key, run_id=None, revision=revision)
        headers = [(name.encode(), value.encode()) for name, value in response.headers.items()]
        answers = [Capture(stub.url, "GET", (), 200, "OK", headers, response.body, AT)]
        writer.put(
            Settle(PORTAL, None, ids[one.key], one.key, "stored", article=article, answers=answers)
        )
        size += len(response.body)
    writer.stop()
    database.dispose()
    return size


def _found(url: str) -> Found:
    one = portals()[PORTAL].identify(url)
    return Found(one.key, one.site, one.kind, one.number, one.url, "bench")


@dataclass
class Measured:
    """One run of the command."""

    seconds: float
    cpu: float
    """CPU seconds of all its processes."""
    memory: dict[int, float]
    """Process → most memory in MB."""


def run(folder: Path, *arguments: str) -> Measured:
    """Run `scrapy reparse --all` to its end."""
    environment = os.environ | {
        "CORPUS_URL": f"sqlite:///{folder / 'corpus.db'}",
        "ARCHIVE_DIR": str(folder / "archive"),
    }
    command = [
        sys.executable,
        "-m",
        "scrapy",
        "reparse",
        PORTAL,
        "--all",
        "--state",
        "none",
        *arguments,
    ]
    before, began = _cpu(), time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as process:
        memory: dict[int, float] = {}
        while process.poll() is None:
            for pid, peak in _peaks(process.pid):
                memory[pid] = max(peak, memory.get(pid, 0))
            time.sleep(_EVERY)
        printed = process.communicate()[0].decode()
    if process.returncode or "nothing is read otherwise" not in printed:
        raise SystemExit(f"exit {process.returncode}: {printed}")
    return Measured(time.monotonic() - began, _cpu() - before, memory)


def parsed(folder: Path) -> float:
    """CPU seconds of lxml's parse of every page; reading them is not counted."""
    database, spent = Database("sqlite:///corpus.db", root=folder), 0.0
    places = select(*(ARTICLES.c[name] for name in PLACE)).order_by(*map(ARTICLES.c.get, PLACE[:2]))
    with database.reading() as connection, OpenFile(folder / "archive") as beside:
        for row in connection.execute(places):
            body = read_page(folder / "archive", WarcPlace(*row), beside).body
            began = time.process_time()
            html.document_fromstring(body)
            spent += time.process_time() - began
    database.dispose()
    return spent


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peaks(pid: int) -> Iterator[tuple[int, float]]:
    """(process, peak of its memory in MB) of a process and its children."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (pid, *map(int, children)):
            status = Path(f"/proc/{one}/status").read_text()
            peak = next((line for line in status.splitlines() if line.startswith("VmHWM")), None)
            if peak is not None:
                yield one, int(peak.split()[1]) / 1024
    except (OSError, ValueError):
        return


def main(pages: int = 6000, rounds: int = 3) -> None:
    """Build, measure, print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = build(folder, pages)
        print(f"{pages} pages of {size / pages / 1024:.0f} KB each, on {os.cpu_count()} cores")
        taken: dict[int, list[tuple[float, float, float]]] = {1: [], 2: []}
        parses: list[float] = []
        for _ in range(rounds):
            parses.append(parsed(folder))
            # One page, since the language model is loaded when it is first asked.
            idle = run(folder, "--jobs", "1", "--where", "id = (select min(id) from articles)")
            for jobs, seen in taken.items():
                told = run(folder, "--jobs", str(jobs))
                seconds, cpu = told.seconds - idle.seconds, told.cpu - idle.cpu
                seen.append(((pages - 1) / seconds, (pages - 1) / cpu, max(told.memory.values())))
    for jobs, seen in taken.items():
        rates, cpu, memory = (statistics.median(column) for column in zip(*seen, strict=True))
        print(
            f"{jobs} job{'s' if jobs > 1 else ''}: {rates:,.0f} pages/s, {cpu:,.0f} pages a CPU "
            f"second, {memory:.0f} MB in the largest process"
        )
    ratio = statistics.median(two[0] / one[0] for one, two in zip(taken[1], taken[2], strict=True))
    print(f"two jobs to one: {ratio:.2f}")
    parse = statistics.median(parses) / pages * 1000
    share = statistics.median(
        pages / one[1] / spent for one, spent in zip(taken[1], parses, strict=True)
    )
    print(
        f"a page by one job to lxml's parse of it ({parse:.2f} ms): {share:.2f}; that is "
        f"{1000 / (share * REFERENCE):,.0f} pages a CPU second where the parse takes {REFERENCE} ms"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
