"""A crawl with the project's settings and the stock scheduler, in a process of its own.

`fetch` starts it and gives back what became of each address, the statistics, the log. It is a fork
(`tests.commands`), or, where its memory is asked for, a Python of its own; either reads the order
as JSON from standard input and prints the outcome as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.commands import ROOT, become, forked

# Nothing slower than a test can bear; the guard opened for loopback.
QUICK = {
    "SSRF_ALLOW_NETS": "127.0.0.0/8",
    "AUTOTHROTTLE_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
    "ROBOTSTXT_OBEY": False,
    "LOG_LEVEL": "INFO",
}


@dataclass(frozen=True)
class Outcome:
    """`pages`: address to its outcome (status, body, or reason); `stats`; `log`; and more."""

    pages: dict[str, dict[str, Any]]
    stats: dict[str, Any]
    log: str
    rss_mb: float
    cpu_s: float
    listening: list[str]

    def reason(self, url: str) -> str:
        """Why `url` was not fetched, or its status as text."""
        page = self.pages[url]
        return str(page.get("reason") or page["status"])


def fetch(
    *requests: str | dict[str, Any],
    hosts: tuple[str, ...] = ("127.0.0.1",),
    env: dict[str, str] | None = None,
    own: bool = False,
    **settings: Any,
) -> Outcome:
    """Fetch `requests` (addresses, or arguments of `Request`) for a portal that owns `hosts`; `own`
    for a Python of its own."""
    order = {
        "requests": [{"url": r} if isinstance(r, str) else r for r in requests],
        "hosts": hosts,
        "settings": QUICK | settings,
    }
    clean = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    run = _in_a_python if own else _in_a_fork
    code, printed, log = run(json.dumps(order), clean | (env or {}))
    assert code == 0, log
    return Outcome(log=log, **json.loads(printed.splitlines()[-1]))


def _in_a_python(order: str, env: dict[str, str]) -> tuple[int, str, str]:
    """Its exit code, output and errors."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fetchrun"],
        input=order,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=env,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def _in_a_fork(order: str, env: dict[str, str]) -> tuple[int, str, str]:
    with tempfile.TemporaryDirectory() as name:
        files = [Path(name) / one for one in ("in", "out", "err")]
        files[0].write_text(order)
        process = forked(_main_with, env, [str(file) for file in files])
        process.join(60)
        if process.exitcode is None:
            process.kill()
            process.join()
        assert process.exitcode is not None
        out, err = (file.read_text("utf-8", "replace") for file in files[1:])
        return process.exitcode, out, err


def _main_with(env: dict[str, str], files: list[str]) -> None:
    """In the fork: `main`, with another environment, input and output."""
    become(env, files, ROOT)
    main()


def listening_sockets() -> list[str]:
    """The listening TCP sockets of this process, as `address:port` in hexadecimal."""
    inodes = set()
    for fd in Path("/proc/self/fd").iterdir():
        try:
            target = os.readlink(fd)
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = []
    for table in ("/proc/self/net/tcp", "/proc/self/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == "0A" and columns[9] in inodes:
                found.append(columns[1])
    return found


def peak_memory_mb() -> float:
    """The most this process has held. Not `ru_maxrss`, which begins with the parent's."""
    status = Path("/proc/self/status").read_text()
    (line,) = (x for x in status.splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Run the order on standard input."""
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    from crawler.network.failures import failure_reason
    from crawler.portals.base import Portal
    from crawler.settings_check import check_settings

    order = json.loads(sys.stdin.read())
    pages: dict[str, dict[str, Any]] = {}
    listening: set[str] = set()

    class Here(Portal):
        @classmethod
        def owns(cls, host: str) -> bool:
            return host in order["hosts"]

    class Fetch(Spider):
        name = "fetch"
        portal = Here

        async def start(self):  # type: ignore[no-untyped-def]
            for given in order["requests"]:
                arguments = {"dont_filter": True} | given
                yield Request(
                    **arguments,
                    callback=self.parse,
                    errback=self.failed,
                    cb_kwargs={"asked": given["url"]},
                )

        def parse(self, response, asked):  # type: ignore[no-untyped-def]
            listening.update(listening_sockets())
            pages[asked] = {"status": response.status, "body": response.text[:2000]}
            if wire := response.meta.get("capture"):
                pages[asked]["capture"] = {
                    "url": wire.url,
                    "status": wire.status,
                    "reason": wire.reason,
                    "body": wire.body.hex(),
                    "headers": [[k.decode(), v.decode()] for k, v in wire.headers],
                    "request": [[k.decode(), v.decode()] for k, v in wire.request_headers],
                    "aware": wire.fetched_at.tzinfo is not None,
                }
            for link in response.css("a::attr(href)").getall():
                yield response.follow(
                    link,
                    self.parse,
                    errback=self.failed,
                    dont_filter=True,
                    cb_kwargs={"asked": link},
                )

        def failed(self, failure):  # type: ignore[no-untyped-def]
            error = failure.value
            response = getattr(error, "response", None)
            pages[failure.request.cb_kwargs["asked"]] = (
                {"status": response.status}
                if response is not None
                else {"reason": failure_reason(error), "error": f"{type(error).__name__}: {error}"}
            )

    settings = Settings()
    settings.setmodule("crawler.settings")
    for name in ("SPIDER_LOADER_CLASS", "SCHEDULER", "ITEM_PIPELINES", "COMMANDS_MODULE"):
        settings.delete(name, priority="project")
    settings.set("SPIDER_LOADER_CLASS", "scrapy.spiderloader.SpiderLoader", priority="project")
    settings.set("SCHEDULER", "scrapy.core.scheduler.Scheduler", priority="project")
    settings.setdict(order["settings"], priority="cmdline")
    check_settings(settings)
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(Fetch)
    process.crawl(crawler)
    process.start()
    outcome = {
        "pages": pages,
        "stats": {k: v for k, v in crawler.stats.get_stats().items() if _plain(v)},
        "rss_mb": peak_memory_mb(),
        "cpu_s": time.process_time(),
        "listening": sorted(listening),
    }
    print(json.dumps(outcome))


def _plain(value: object) -> bool:
    return isinstance(value, (int, float, str))


if __name__ == "__main__":
    main()
