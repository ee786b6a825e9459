"""The portal lock: one holder, and it falls with him."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from corpus.database import Database
from corpus.locks import PortalLock

ROOT = Path(__file__).parents[2]
HOLD = (
    "import sys, time; from pathlib import Path; from corpus.database import Database; "
    "from corpus.locks import PortalLock; "
    "lock = PortalLock(Database(sys.argv[1], root=Path('/')), 'abamako'); "
    "print(lock.acquire(), flush=True); time.sleep(60)"
)
LOOK = (
    "import sys; from pathlib import Path; from corpus.database import Database; "
    "from corpus.locks import PortalLock; "
    "lock = PortalLock(Database(sys.argv[1], root=Path('/')), 'abamako'); "
    "print('looking', flush=True)\nwhile True: lock.taken()"
)


def test_portal_is_held_once_and_portals_apart(database_url, tmp_path):
    database = Database(database_url, root=tmp_path)
    database.prepare()
    first, second = PortalLock(database, "abamako"), PortalLock(database, "abamako")
    other = PortalLock(database, "aouaga")
    assert first.acquire()
    assert first.acquire()
    assert not second.acquire()
    assert second.taken()
    assert not other.taken()
    assert other.acquire()
    first.release()
    first.release()
    assert not second.taken()
    assert second.acquire()
    assert second.renew()
    for lock in (second, other):
        lock.release()
    database.dispose()


def test_lock_falls_with_its_killed_holder(database_url, tmp_path):
    database = Database(database_url, root=tmp_path)
    database.prepare()
    lock = PortalLock(database, "abamako")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, database_url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    assert not lock.acquire()
    holder.kill()
    assert holder.wait(10) == -signal.SIGKILL
    holder.stdout.close()
    # The server ends the session when it notices: at once, but not in the same instant.
    assert any(lock.acquire() for _ in range(2000))
    lock.release()
    database.dispose()


def test_looking_at_a_lock_keeps_nobody_from_it(tmp_path):
    url = f"sqlite:///{tmp_path / 'corpus.db'}"
    database = Database(url, root=tmp_path)
    database.prepare()
    watcher = subprocess.Popen(
        [sys.executable, "-c", LOOK, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert watcher.stdout is not None
    assert watcher.stdout.readline() == "looking\n"
    try:
        for _ in range(2000):
            lock = PortalLock(database, "abamako")
            assert lock.acquire()
            lock.release()
    finally:
        watcher.kill()
        watcher.wait(10)
        watcher.stdout.close()


def test_lock_that_fell_with_the_server_is_taken_again(own_postgres, tmp_path):
    database = Database(own_postgres.create_database(), root=tmp_path)
    lock = PortalLock(database, "abamako")
    assert lock.acquire()
    own_postgres.stop(signal.SIGQUIT)
    own_postgres.start()
    assert lock.renew()
    assert not PortalLock(database, "abamako").acquire()
    lock.release()
    database.dispose()
