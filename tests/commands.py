"""`scrapy …` in a process of its own, without the seconds that each start of Python takes.

A fork server has imported Scrapy, the three packages and the language model; every command is a
fork of it: own process, own reactor, own exit code, and killed like any other. Tests of a terminal,
of pipes, or of memory start Python themselves.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import reload
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from scrapy.cmdline import execute

import crawler.settings

ROOT = Path(__file__).resolve().parent.parent
_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.preloaded"])


class Command:
    """A started `scrapy` with the interface of `subprocess.Popen`, as far as tests use it."""

    def __init__(
        self,
        arguments: tuple[str, ...],
        *,
        env: Mapping[str, str],
        out: Path,
        err: Path | None = None,
        given: Path | None = None,
        sockets: Path | None = None,
        cwd: Path = ROOT,
    ) -> None:
        """Start it. What it prints is appended to `out` and `err` (default: both to `out`); `given`
        is its standard input. Each address that Python connects a socket to, or binds one to, is
        appended to the lines of `sockets`, the latter as `listening:<port>`."""
        streams = (given or Path(os.devnull), out, err or out)
        files = [*map(str, streams), sockets and str(sockets)]
        self._process = _CONTEXT.Process(
            target=_scrapy, args=(arguments, dict(env), files, str(cwd))
        )
        self._process.start()
        assert self._process.pid is not None
        self.args, self.pid = arguments, self._process.pid

    @property
    def returncode(self) -> int | None:
        """As of `Popen`; minus the signal's number where one ended it. None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """`returncode`, looked at now."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises `subprocess.TimeoutExpired`."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(list(self.args), timeout or 0)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Signal it, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """`kill -9`."""
        self.send_signal(signal.SIGKILL)


def forked(target: Callable[..., None], *args: Any) -> BaseProcess:
    """A started process of our own that does `target`, a function of an importable module."""
    process = _CONTEXT.Process(target=target, args=args)
    process.start()
    return process


def run_scrapy(
    *arguments: str, given: str = "", **options: Any
) -> subprocess.CompletedProcess[str]:
    """`run_scrapy_bytes`, as text."""
    done = run_scrapy_bytes(*arguments, given=given.encode(), **options)
    out, err = done.stdout.decode(), done.stderr.decode("utf-8", "replace")
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def run_scrapy_bytes(
    *arguments: str,
    env: Mapping[str, str] | None = None,
    given: bytes = b"",
    cwd: Path = ROOT,
    timeout: float = 120,
) -> subprocess.CompletedProcess[bytes]:
    """Run `scrapy` to its end, with what it printed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").write_bytes(given)
        out, err = folder / "out", folder / "err"
        command = Command(
            arguments,
            env=os.environ if env is None else env,
            out=out,
            err=err,
            given=folder / "in",
            cwd=cwd,
        )
        try:
            code = command.wait(timeout)
        finally:
            command.kill()
        return subprocess.CompletedProcess([*arguments], code, out.read_bytes(), err.read_bytes())


def _scrapy(
    arguments: tuple[str, ...], env: dict[str, str], files: list[str | None], cwd: str
) -> None:
    """In the fork: become `python -m scrapy`."""
    *streams, sockets = files
    if sockets:
        _tell_sockets(sockets)
    become(env, [path for path in streams if path], Path(cwd))
    sys.path[0] = cwd
    sys.path[1:1] = [path for path in env.get("PYTHONPATH", "").split(os.pathsep) if path]
    sys.argv = ["scrapy", *arguments]
    execute()


def become(env: Mapping[str, str], streams: Sequence[str], cwd: Path) -> None:
    """In a fork: be as if started with this environment, these files for input, output and errors,
    and in that folder."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    flags = (os.O_RDONLY, *(os.O_WRONLY | os.O_CREAT | os.O_APPEND,) * 2)
    for number, (path, flag) in enumerate(zip(streams, flags, strict=True)):
        descriptor = os.open(path, flag, 0o666)
        os.dup2(descriptor, number)
        os.close(descriptor)
    # Whoever started the tests may ignore it, as a shell does for what runs behind it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Output and errors are what they were, over other files; multiprocessing closed the input.
    sys.stdin = os.fdopen(0, closefd=False)
    # It reads the environment, which was another's.
    reload(crawler.settings)


def _tell_sockets(path: str) -> None:
    """Write down each address from now on, before the kernel is asked for it."""
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _SOCKETS and isinstance(arguments[1], tuple):
            host, port, *_ = arguments[1]
            told = f"listening:{port}" if event == "socket.bind" else f"{host}:{port}"
            os.write(log, f"{told}\n".encode())

    sys.addaudithook(hook)


_SOCKETS = frozenset(("socket.connect", "socket.bind", "socket.sendto"))
