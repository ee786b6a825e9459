"""Virtual environments beside our own, for tools whose dependencies ours cannot share: made when
they are first asked for, below `.benchmarks/`."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / ".benchmarks"


class EnvironmentAbsent(Exception):
    """It cannot be made; the text says why."""


def interpreter(name: str, requirements: Path) -> Path:
    """The Python of the environment `name`, which has what `requirements` lists. It is made anew
    where these changed; whoever asks meanwhile waits. Raises `EnvironmentAbsent`."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _made(FOLDER / name, requirements)


def _made(environment: Path, requirements: Path) -> Path:
    stamp = environment / requirements.name
    wanted = requirements.read_text("utf-8")
    python = environment / "bin" / "python"
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return python
    print(f"installing {requirements.name} into {environment}", file=sys.stderr)
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    for command in (
        [sys.executable, "-m", "venv", "--clear", environment],
        [*pip, "--upgrade", "pip"],
        [*pip, "--requirement", requirements],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no word"])[-1]
            raise EnvironmentAbsent(f"not installed: {last}")
    stamp.write_text(wanted, "utf-8")
    return python
