"""The writer thread: batches, poisoned units, outages, full disks; the real thing throughout."""

from __future__ import annotations

import gc
import resource
import signal
import sqlite3
import threading
from queue import Queue

import pytest
from sqlalchemy import event

from corpus.database import Database
from corpus.frontier import Books, Discover, Lease, RunStart, SectionsOf, Settle
from corpus.problems import DatabaseProblem, Unreachable, Unwritable
from corpus.writer import Writer


def settle(row, **more):
    return Settle("abamako", 1, row.id, row.key, "stored", **more)


def leased(desk, found, count):
    desk(Discover("abamako", 1, [found(n) for n in range(1, count + 1)]))
    return desk(Lease("abamako", 1, count))


def test_poisoned_unit_costs_none_of_its_neighbours(make_desk, database_url, found, article):
    desk = make_desk(database_url, batch=20, delay=1.0)
    rows = leased(desk, found, 8)
    units = [settle(row, article=article(row.number)) for row in rows]
    units[2].article = article(rows[2].number, published_precision="century")
    units[5].article = article(rows[5].number, word_count=10**30)
    results = desk.all(*units)
    assert [isinstance(r, Exception) for r in results] == [n in (2, 5) for n in range(8)]
    assert not any(isinstance(r, DatabaseProblem) for r in results)
    assert desk(Books("abamako")) == {"leased": 2, "stored": 6}
    assert desk.rows("SELECT count(*) FROM articles") == [(6,)]
    assert desk.problems == []


def test_poisoned_batch_writes_each_capture_once(make_desk, database_url, found, article, capture):
    desk = make_desk(database_url, batch=20, delay=1.0)
    rows = leased(desk, found, 4)
    pages = [capture(row.number, b"%d" % row.number) for row in rows]
    units = [
        settle(row, article=article(row.number), answers=[page])
        for row, page in zip(rows, pages, strict=True)
    ]
    units[0].article = article(rows[0].number, published_precision="century")
    desk.all(*units)
    (path,) = (desk.root / "archive").rglob("*.warc.gz.open")
    offsets = desk.rows("SELECT warc_file, warc_offset FROM articles")
    assert len(set(offsets)) == 3
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as file:
        assert [r.rec_type for r in ArchiveIterator(file)].count("response") == 4


def test_reply_that_fails_stops_nobody(desk, found):
    def fall(result):
        raise RuntimeError("the loop is closed")

    desk.writer.put(RunStart("abamako", "sections"), fall)
    assert desk(Books("abamako")) == {}


def test_stop_writes_what_is_queued(make_desk, database_url, found):
    desk = make_desk(database_url, batch=1000, delay=60.0)
    boxes: list[Queue] = []
    for number in range(20):
        boxes.append(Queue())
        row = Discover("abamako", 1, [found(number)])
        desk.writer.put(row, boxes[-1].put)
    assert desk.writer.stop(30)
    assert [box.get_nowait() for box in boxes] == [1] * 20
    assert desk.writer.pending == 0


def test_locked_sqlite_is_waited_for(tmp_path, make_desk, found):
    desk = make_desk(f"sqlite:///{tmp_path / 'corpus.db'}")
    other = sqlite3.connect(tmp_path / "corpus.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    (box,) = desk.start(Discover("abamako", 1, [found(1)]))
    release = threading.Timer(0.5, lambda: other.execute("COMMIT"))
    release.start()
    assert box.get(timeout=20) == 1
    release.join()
    other.close()
    assert desk.writer.busy_seconds > 0.3
    assert desk.writer.transactions.within(1.0) > 300 > desk.writer.commits.within(1.0)
    assert desk.writer.commits.seconds > 0
    assert desk.writer.outages == 0


def test_what_lies_queued_goes_along_with_who_waits(tmp_path, make_desk, found):
    desk = make_desk(f"sqlite:///{tmp_path / 'corpus.db'}", batch=20, delay=60.0)
    desk(SectionsOf("abamako"))
    commits: list[object] = []
    event.listen(desk.database.engine, "commit", commits.append)
    with desk.database.writing():
        boxes = desk.start(*[Discover("abamako", 1, [found(n)]) for n in range(7)])
    assert [box.get(timeout=20) for box in boxes] == [1] * 7
    # Our own, that of the first ones, and one for those that came while it waited for the lock.
    assert len(commits) <= 3


class Collecting:
    """A unit that tells whether garbage is collected while it is written."""

    hungry = True

    @classmethod
    def apply(cls, connection, units, context):
        return [gc.isenabled() for _ in units]


def test_nothing_is_collected_while_others_wait_for_the_lock(desk):
    assert desk(Collecting()) is False
    assert gc.isenabled()


def test_restart_of_the_server_loses_and_doubles_nothing(own_postgres, make_desk, found, article):
    desk = make_desk(own_postgres.create_database(), outage_limit=60.0)
    rows = leased(desk, found, 30)
    boxes = desk.start(*[settle(row, article=article(row.number)) for row in rows[:10]])
    own_postgres.stop(signal.SIGQUIT)
    boxes += desk.start(*[settle(row, article=article(row.number)) for row in rows[10:]])
    own_postgres.start()
    results = [box.get(timeout=60).result for box in boxes]
    assert set(results) <= {"new", "unchanged"}
    assert desk(Books("abamako")) == {"stored": 30}
    assert desk.rows("SELECT count(*) FROM article_versions") == [(30,)]
    assert desk.writer.reconnects >= 1
    assert desk.writer.outage_seconds > 0


def test_outage_past_its_limit_ends_with_unreachable(own_postgres, make_desk, found):
    desk = make_desk(own_postgres.create_database(), outage_limit=0.5)
    desk(SectionsOf("abamako"))
    own_postgres.stop()
    boxes = desk.start(*[Discover("abamako", 1, [found(n)]) for n in range(3)])
    results = [box.get(timeout=30) for box in boxes]
    assert all(isinstance(r, Unreachable) and r.exit_code == 8 for r in results)
    assert len(desk.problems) == 1
    assert "\n" not in str(desk.problems[0])
    own_postgres.start()


@pytest.mark.parametrize("what", ["database", "archive"])
def test_full_disk_is_given_up_at_once(tmp_path, found, article, capture, what):
    from corpus.archive import Archive

    database = Database("sqlite:///corpus.db", root=tmp_path)
    database.prepare()
    problems: list[DatabaseProblem] = []
    archive = Archive(tmp_path, "abamako", "1") if what == "archive" else None
    writer = Writer(database, archive, on_failure=problems.append)
    box: Queue = Queue()
    writer.put(Discover("abamako", 1, [found(1)]), box.put)
    box.get(timeout=20)
    writer.put(Lease("abamako", 1, 1), box.put)
    (row,) = box.get(timeout=20)
    import os

    noise = os.urandom(4_000_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        unit = settle(row, article=article(1, body=noise.hex()), answers=[capture(1, noise)])
        writer.put(unit, box.put)
        assert isinstance(box.get(timeout=20), Unwritable)
        writer.put(Books("abamako"), box.put)
        assert isinstance(box.get(timeout=20), Unwritable)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
        assert writer.stop(20)
    assert [problem.exit_code for problem in problems] == [3]
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert connection.exec_driver_sql("SELECT state FROM pages").scalar() == "leased"
    database.dispose()
