"""One process for each peer, in a virtual environment of the peers' own."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.environments import EnvironmentAbsent, interpreter

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "peers.txt"
_NOWHERE = "http://127.0.0.1:9"
"""A proxy that is none: a tool that tries to fetch something gets nothing."""


class PeerAbsent(Exception):
    """The peer cannot be installed or imported; the text says why."""


class Peer:
    """One running peer. Use it in `with`, or close it."""

    def __init__(self, name: str) -> None:
        """Raises `PeerAbsent`."""
        self.name = name
        own = {"http_proxy": _NOWHERE, "https_proxy": _NOWHERE, "all_proxy": _NOWHERE}
        self._process = subprocess.Popen(
            [_python(), HERE / "peers.py", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **own, "PYTHONHASHSEED": "0"},
        )
        told = self._answer()
        if "absent" in told:
            self.close()
            raise PeerAbsent(told["absent"])
        self.fields = frozenset(told["fields"])

    def __enter__(self) -> Peer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, html: str, url: str) -> dict[str, Any]:
        """What the peer makes of a decoded page: its fields, `cpu_ms`, perhaps `error`."""
        encoded = base64.b64encode(html.encode("utf-8", "replace")).decode("ascii")
        assert self._process.stdin
        print(json.dumps({"html": encoded, "url": url}), file=self._process.stdin, flush=True)
        return self._answer()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise PeerAbsent(f"{self.name} ended with {self._process.wait()}")
        told: dict[str, Any] = json.loads(line)
        return told


def _python() -> Path:
    try:
        return interpreter("peers", REQUIREMENTS)
    except EnvironmentAbsent as absent:
        raise PeerAbsent(str(absent)) from None
