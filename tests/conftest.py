"""Fixtures that several rooms share: a real PostgreSQL, and a fresh empty corpus database."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from tests.databases import make_tables, put_tables


@dataclass
class PostgresServer:
    """A PostgreSQL server of our own, on loopback."""

    folder: Path
    binaries: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    pattern: str | None = None
    """Name of the database that holds the corpus' tables and is copied."""
    durable: bool = False
    """As a server is by default; tests lose nothing by one that does not wait for the disk."""

    def url(self, name: str = "postgres") -> str:
        """Address of one of its databases."""
        return f"postgresql+psycopg://titrologue@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [
                *_as_nobody(),
                str(self.binaries / "postgres"),
                *("-D", str(self.folder / "data"), "-p", str(self.port)),
                *("-c", "listen_addresses=127.0.0.1"),
                *("-c", f"unix_socket_directories={self.folder}"),
                *("-c", "max_connections=40"),
                *(() if self.durable else ("-c", "fsync=off", "-c", "full_page_writes=off")),
            ],
            stdout=log,
            stderr=log,
            cwd=self.folder,
        )
        log.close()
        ready = [str(self.binaries / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port)]
        deadline = time.monotonic() + 30
        while subprocess.run(ready, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT is a fast shutdown, SIGQUIT an immediate one (as a crash)."""
        if self.process is None:
            return
        # Our child may be `runuser`, which hands no signal on: the server's own id is on file.
        lines = (self.folder / "data" / "postmaster.pid").read_text().splitlines()
        os.kill(int(lines[0]), how)
        self.process.wait(timeout=30)
        self.process = None

    def create_database(self, *, empty: bool = False) -> str:
        """A new database with the corpus' tables and no row, or `empty`; return its address."""
        if empty:
            return self._copy("template0")
        if self.pattern is None:
            url = self._copy("template0")
            make_tables(url)
            self.pattern = url.rpartition("/")[2]
        return self._copy(self.pattern)

    def _copy(self, pattern: str) -> str:
        import psycopg

        name = f"corpus_{uuid4().hex[:12]}"
        plain = self.url().replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE {pattern}")
        return self.url(name)


def _as_nobody() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _binaries() -> Path | None:
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if on_path:
        found.append(Path(on_path).resolve())
    return found[-1].parent if found else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_postgres() -> PostgresServer:
    """A new server, not yet started; the caller stops it and removes its folder."""
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs PostgreSQL's server binaries")
        pytest.skip("PostgreSQL's server binaries are not installed")
    folder = Path(tempfile.mkdtemp(prefix="titrologue-pg-"))
    folder.chmod(0o755)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    subprocess.run(
        [
            *_as_nobody(),
            str(binaries / "initdb"),
            *("-D", str(folder / "data"), "-U", "titrologue", "--auth=trust"),
            *("--encoding=UTF8", "--locale=C", "--no-sync"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
    )
    return PostgresServer(folder, binaries, _free_port())


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole session, on a free port of loopback."""
    server = make_postgres()
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server that the test may stop and start."""
    server = make_postgres()
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Address of a fresh database of SQLite with the corpus' tables and no row."""
    return put_tables(f"sqlite:///{tmp_path / 'corpus.db'}")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of such a database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.create_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database without any table, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'corpus.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.create_database(empty=True)
