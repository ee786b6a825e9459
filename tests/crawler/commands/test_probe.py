"""`scrapy probe` as its users type it: a portal's replica, its faults, and a site nobody knows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from demo.portal import World, make_portal
from demo.server import Replica
from tests.commands import run_scrapy

ROOT = Path(__file__).parents[3]
CLOSED = "User-agent: *\nDisallow: /\n"
QUICK = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "RETRY_TIMES=0")


def run(*args: str | Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return run_scrapy("probe", *map(str, args), *QUICK, env={**os.environ, **env})


def verdicts(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    records: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    return {record["name"]: record["verdict"] for record in records if "name" in record}


@pytest.fixture(scope="module")
def served() -> Iterator[Replica]:
    worlds = [make_portal(3, "abamako", 200), make_portal(4, "abidjan", 200, mode="scrambled")]
    with Replica(worlds) as replica:
        yield replica


@pytest.fixture
def replica(served: Replica) -> Iterator[Replica]:
    served.clear_faults()
    served.clear_hits()
    yield served
    served.clear_faults()


def test_portal_as_assumed_is_held_within_twenty_requests(replica: Replica, tmp_path: Path) -> None:
    file = tmp_path / "probe.warc.gz"
    done = run("abamako", "--save", file, env=replica.environment())
    assert done.returncode == 0, done.stdout + done.stderr
    hits = replica.hits()
    assert 10 <= len(hits) <= 20
    assert "scrapy crawl abamako" in done.stdout.splitlines()[-1]
    assert "\x1b" not in done.stdout
    with file.open("rb") as stream:
        responses = [r for r in ArchiveIterator(stream) if r.rec_type == "response"]
    assert len(responses) == len(hits)
    checker = Checker(type("Arguments", (), {"inputs": [str(file)], "verbose": False})())
    checker.process_all()
    assert checker.exit_value == 0


def test_second_template_is_held_too_whatever_its_class_names(replica: Replica) -> None:
    done = run("abidjan", "--json", env=replica.environment())
    assert done.returncode == 0, done.stdout + done.stderr
    found = verdicts(done)
    for name in ("sections", "section listings", "next page", "page 2 goes on", "date", "body"):
        assert found[name] == "held", name


def test_pagination_that_only_repeats_is_not_held(replica: Replica) -> None:
    world = replica.world("abamako")
    first = world.respond("news.abamako.com", "/")
    replica.set_fault("body", r"/(?!robots|[hp]/|articles/)..*", data=first.body,
                      content_type="text/html")  # fmt: skip
    done = run("abamako", "--json", env=replica.environment())
    assert done.returncode == 10
    assert "not held" in (verdicts(done)["page 2 goes on"], verdicts(done)["next page"])


@pytest.mark.parametrize(
    ("kind", "path", "options", "code", "said"),
    [
        ("status", "/$", {"status": 403}, 18, "refuses us"),
        ("status", "/$", {"status": 500}, 12, "not reached"),
        ("status", "/$", {"status": 429, "retry_after": 300}, 18, "throttled"),
        ("status", "/[hp]/.*|/articles/.*", {"status": 404}, 9, "No article came"),
        ("body", "/robots.txt", {"text": CLOSED, "content_type": "text/plain"}, 18, "refuses us"),
    ],
)  # fmt: skip
def test_site_that_does_not_answer_as_hoped_is_said_and_has_its_exit_code(
    replica: Replica, kind: str, path: str, options: dict[str, Any], code: int, said: str
) -> None:
    replica.set_fault(kind, path, **options)
    done = run("abamako", env=replica.environment())
    assert done.returncode == code, done.stdout
    assert said in done.stdout.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert len(replica.hits()) <= 20


@contextmanager
def foreign(world: World) -> Iterator[dict[str, str]]:
    """A replica's pages on a host that is no portal of ours, with other article addresses, behind
    a proxy of http alone. Yields the environment."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            target = re.sub(r"/actu/article-(\d+)\.html", r"/h/\1.html", parts.path)
            host = (parts.hostname or "").replace("exemple.ml", "abamako.com")
            answer = world.respond(host, target + (f"?{parts.query}" if parts.query else ""))
            body = re.sub(rb"(?i)https?://([a-z]*)\.abamako\.com", rb"http://\1.exemple.ml",
                          answer.body)  # fmt: skip
            body = re.sub(rb"/h/(\d+)\.html", rb"/actu/article-\1.html", body)
            self.send_response(answer.status)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        proxy = f"http://127.0.0.1:{server.server_port}"
        yield {"http_proxy": proxy, "https_proxy": proxy, "no_proxy": ""}
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_unknown_site_gets_a_class_that_can_be_pasted() -> None:
    with foreign(make_portal(3, "abamako", 200)) as env:
        done = run("http://news.exemple.ml/", env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    code = done.stdout.partition("# crawler/portals/exemple.py\n")[2].partition("\n\n1")[0]
    scope: dict[str, Any] = {"__name__": "pasted"}
    exec(code, scope)
    portal = scope["Exemple"]
    identity = portal.identify("http://news.exemple.ml/actu/article-00123.html")
    assert (identity.site, identity.number) == ("news", 123)
    assert portal.timezone == "Africa/Bamako"
    assert "exemple.py" in done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("abamaco",), "did you mean abamako?"),
        (("abamako", "--save", "x.txt"), ".warc.gz"),
        (("abamako", "-s", "DOWNLOAD_DELAY=soon"), "DOWNLOAD_DELAY"),
    ],
)
def test_wrong_argument_is_one_line_and_exit_2(args: tuple[str, ...], said: str) -> None:
    done = run_scrapy("probe", *args)  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr
