"""Readers: tools of others that look at our archive, in an environment of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import chain
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest

from benchmarks.environments import EnvironmentAbsent, interpreter

REQUIREMENTS = Path(__file__).with_name("warc_readers.txt")


def readers() -> Path:
    """The folder of their commands. Without a network the test is skipped; in CI it fails."""
    try:
        return interpreter("warc-readers", REQUIREMENTS).parent
    except EnvironmentAbsent as absent:
        if os.environ.get("CI"):
            pytest.fail(f"CI needs other readers of web archives: {absent}")
        pytest.skip(f"other readers of web archives: {absent}")


def ask(command: str, *arguments: str | Path) -> str:
    """What a tool of theirs prints; AssertionError with its complaint where it fails."""
    done = subprocess.run(
        [readers() / command, *arguments], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def accepted(files: list[Path]) -> None:
    """Every digest of every record is right, by warcio and by FastWARC, which shares no
    line with it; cdxj-indexer writes the index that is there."""
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", *files],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "digest failed" not in done.stdout, done.stdout
    # It takes one file; several after one another are one. Blocks only: of a revisit it would look
    # for the payload, which is in another record.
    with NamedTemporaryFile(suffix=".warc.gz") as joined:
        joined.writelines(file.read_bytes() for file in files)
        joined.flush()
        ask("fastwarc", "check", "--quiet", joined.name)
    indexes = [file.with_name(file.name.removesuffix(".warc.gz") + ".cdxj") for file in files]
    made = [index.read_text("ascii").splitlines() for index in indexes]
    assert made == [sorted(lines) for lines in made]
    # Each line names its file.
    assert sorted(chain(*made)) == ask("cdxj-indexer", "--sort", *files).splitlines()
