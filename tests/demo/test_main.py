"""Command line of the replica, run as a user runs it."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def demo(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "demo", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)


def test_gold_prints_one_object_a_line() -> None:
    lines = demo("gold", "--seed", "3", "--articles", "12").stdout.decode().splitlines()
    assert len(lines) == 12
    assert all(json.loads(line)["portal"] == "abamako" for line in lines)


def test_page_prints_bytes_of_an_address_or_of_the_newest_article() -> None:
    newest = json.loads(demo("gold", "--articles", "9").stdout.splitlines()[-1])
    page = demo("page", "--articles", "9")
    assert page.returncode == 0
    assert page.stdout == demo("page", "--articles", "9", newest["url"]).stdout
    assert b"charset=iso-8859-1" in page.stdout
    assert demo("page", "http://example.org/").returncode == 2
    assert demo("page", "http://news.abamako.com/rien").returncode == 1


def test_run_gives_the_command_the_proxies_and_exits_with_its_status() -> None:
    script = (
        "import os, sys, urllib.request as u;"
        "sys.stdout.buffer.write(u.urlopen('http://news.alome.com/').read());"
        "assert os.path.exists(os.environ['EXTRA_CA_FILE']); sys.exit(7)"
    )
    ran = demo("run", "--portal", "alome", "--articles", "9", "--", sys.executable, "-c", script)
    assert ran.returncode == 7, ran.stderr.decode()
    assert b"alome.com" in ran.stdout
    assert demo("run", "--articles", "1", "--", "no-such-command-here").returncode == 127


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_says_where_and_stops_by_a_signal(number: signal.Signals, tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    command = [sys.executable, "-m", "demo", "serve", "--articles", "9", "--ca-file", str(ca_file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            address, said = process.stdout.readline().split(None, 1)
            assert f"http_proxy={address}" in said
            assert f"EXTRA_CA_FILE={ca_file}" in said
            handler = urllib.request.ProxyHandler({"http": address})
            with urllib.request.build_opener(handler).open("http://news.abamako.com/") as answer:
                assert answer.status == 200
        finally:
            os.kill(process.pid, number)
        assert process.wait(10) == 0


def test_help_shows_an_example() -> None:
    assert b"python -m demo serve --portal" in demo("--help").stdout
    assert b"python -m demo run" in demo("run", "--help").stdout
    assert demo("gold", "--portal", "paris").returncode == 2
