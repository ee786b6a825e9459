"""Progress: one live line and a table on a terminal, plain lines without one."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

from tests.crawls import FAST, ROOT, desk, light_portal


def on_terminal(arguments: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run a command whose error output is a terminal; its exit code and what it wrote there."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        arguments, env=environment | {"TERM": "xterm"}, cwd=ROOT, stdout=slave, stderr=slave
    )
    os.close(slave)
    written = b""
    try:
        while chunk := os.read(master, 65536):
            written += chunk
    except OSError:
        # Linux says so when the last writer has closed its end.
        pass
    os.close(master)
    return process.wait(60), written.decode("utf-8", "replace")


def test_terminal_shows_a_live_line_and_ends_with_a_table(tmp_path):
    world = light_portal("progress", "abamako", 120)
    with desk(world, f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        command = [sys.executable, "-m", "scrapy", "crawl", "abamako", *FAST]
        code, shown = on_terminal(command, d.environment())
    assert code == 0
    for word in ("found", "fetched", "stored", "pages/s", "section"):
        assert word in shown
    assert "articles new" in shown
    assert "INFO" not in shown


def test_pipe_gets_plain_lines_and_the_table(tmp_path):
    world = light_portal("progress", "abamako", 30)
    with desk(world, f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        assert d.crawl() == 0
        log = d.log()
    assert "\x1b" not in log
    assert "known ground" in log or "end reached" in log
    assert "articles new" in log
