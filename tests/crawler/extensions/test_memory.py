"""The memory guard looks at the crawl itself, whoever started it."""

from __future__ import annotations

import subprocess
import sys

from tests.crawls import desk
from tests.handmade import Handmade

LARGE = """
import subprocess, sys
held = bytearray(700 * 1024 * 1024)
held[::4096] = b"x" * len(held[::4096])
sys.exit(subprocess.run(sys.argv[1:]).returncode)
"""


def test_a_crawl_started_by_a_large_process_runs(tmp_path):
    site = Handmade()
    site.articles("Politique", range(100, 103))
    with desk(site, f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        crawl = [sys.executable, "-m", "scrapy", "crawl", "abamako", "-s", "DOWNLOAD_DELAY=0"]
        crawl += ["-s", "AUTOTHROTTLE_ENABLED=False"]
        ended = subprocess.run(
            [sys.executable, "-c", LARGE, *crawl],
            env=d.environment(), capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
        assert d.rows("select count(*) as n from articles") == [{"n": 3}]


def test_a_crawl_that_itself_grows_too_large_ends_14(tmp_path):
    site = Handmade()
    site.articles("Politique", range(100, 200))
    with desk(site, f"sqlite:///{tmp_path / 'corpus.db'}", tmp_path) as d:
        limit = ("-s", "MEMUSAGE_LIMIT_MB=64", "-s", "MEMUSAGE_CHECK_INTERVAL_SECONDS=0.2")
        assert d.crawl(*limit) == 14
