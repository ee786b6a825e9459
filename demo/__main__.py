"""Command line of the replica: tour it, serve it, run a command against it, print its gold or a
page."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
from urllib.parse import urlsplit

from demo.portal import DOMAINS, World, make_portal
from demo.server import Replica
from demo.tour import clean, tour

_EPILOG = """\
examples:
  python -m demo tour
  python -m demo serve --portal abamako --seed 1 --articles 300
  python -m demo run --articles 300 -- scrapy crawl abamako -s DOWNLOAD_DELAY=0
  python -m demo gold --seed 1 | head -1
  python -m demo page --seed 1 http://news.abamako.com/
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demo",
        description="A replica of a news portal on loopback, drawn from a seed.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, meaning in (
        ("tour", "crawl a replica into corpus.db and look at what came (`make demo`)"),
        ("clean", "remove what the tour made (`make clean`)"),
    ):
        commands.add_parser(name, help=meaning, description=meaning)
    for name, meaning in (
        ("serve", "start the replica and run until stopped; prints what to export"),
        ("run", "start the replica, run COMMAND against it, exit with its status"),
        ("gold", "print what a crawl must find, one JSON object a line"),
        ("page", "print the bytes of one page (default: the newest article)"),
    ):
        command = commands.add_parser(
            name,
            help=meaning,
            description=meaning,
            epilog=_EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_argument("--portal", action="append", choices=sorted(DOMAINS))
        command.add_argument("--seed", default="1", help="any word; same seed, same bytes")
        command.add_argument("--articles", type=int, default=300)
        command.add_argument("--mode", choices=("plain", "scrambled"), default="plain")
        if name in ("serve", "run"):
            command.add_argument("--port", type=int, default=0, help="default: a free one")
            command.add_argument("--ca-file", help="where to write the authority's certificate")
        if name == "run":
            command.add_argument("argv", nargs="+", metavar="COMMAND")
        if name == "page":
            command.add_argument("address", nargs="?")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status."""
    options = _parser().parse_args(arguments)
    if options.command in ("tour", "clean"):
        return tour() if options.command == "tour" else clean()
    worlds = [
        make_portal(options.seed, name, options.articles, mode=options.mode)
        for name in dict.fromkeys(options.portal or ["abamako"])
    ]
    if options.command == "gold":
        for world in worlds:
            for gold in world.gold():
                print(json.dumps(gold, ensure_ascii=False))
        return 0
    if options.command == "page":
        return _page(worlds[0], options.address)
    with Replica(worlds, port=options.port, ca_file=options.ca_file) as replica:
        return _run(replica, options.argv) if options.command == "run" else _serve(replica)


def _page(world: World, address: str | None) -> int:
    parts = urlsplit(address or world.urls()[-1])
    if not world.owns(parts.netloc):
        print(f"{parts.netloc or address} is no host of {world.name}", file=sys.stderr)
        return 2
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    response = world.respond(parts.netloc, target)
    sys.stdout.buffer.write(response.body)
    return 0 if response.status == 200 else 1


def _serve(replica: Replica) -> int:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    exports = " ".join(f"{name}={value}" for name, value in replica.environment().items())
    print(f"{replica.proxy_url}  export {exports}", flush=True)
    stopped.wait()
    return 0


def _run(replica: Replica, argv: list[str]) -> int:
    """Signals go to the command, which decides; its end is ours."""
    try:
        child = subprocess.Popen(argv, env={**os.environ, **replica.environment()})
    except OSError as error:
        print(f"{argv[0]}: {error.strerror}", file=sys.stderr)
        return 127
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: child.send_signal(got))
    status = child.wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
