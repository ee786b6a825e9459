"""Replica: a forward proxy on loopback that answers for the portals' real host names.

    with Replica([make_portal(1)]) as replica:
        subprocess.run(["scrapy", "crawl", "abamako"], env={**os.environ, **replica.environment()})
        replica.hits()

Raw asyncio servers, since no library sends broken framing. http comes as absolute-form GET, https
by CONNECT with a throw-away authority. A host of no portal gets 502 and is recorded.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from demo.certificates import Authority
from demo.faults import ACTIONS, Fault, Wire, make_fault
from demo.pages import Response
from demo.portal import World

CONTROL = "replica.control"
_HEAD_LIMIT = 64 * 1024


@dataclass(slots=True)
class Hit:
    """One request as it came in. `status` is what was to be answered, before any fault; `fault`
    the kind that was done to it; `time` seconds since the epoch, UTC."""

    time: float
    scheme: str
    method: str
    host: str
    path: str
    headers: dict[str, str]
    status: int
    fault: str | None

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.host}{self.path}"


@dataclass(slots=True)
class _Request:
    scheme: str
    method: str
    host: str
    target: str
    headers: dict[str, str]
    body: bytes


class Replica:
    """See the module. `port` 0 takes a free one; `ca_file` is where the authority is written
    (default: a folder that goes with the replica)."""

    def __init__(
        self, worlds: Sequence[World], *, port: int = 0, ca_file: str | Path | None = None
    ) -> None:
        self._worlds = list(worlds)
        self._port = port
        self._authority = Authority()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._ca_file = Path(ca_file) if ca_file else None
        self._hits: list[Hit] = []
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="replica", daemon=True)
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._error: BaseException | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # -- life

    def __enter__(self) -> Replica:
        if self._ca_file is None:
            self._folder = tempfile.TemporaryDirectory(prefix="replica-")
            self._ca_file = Path(self._folder.name) / "ca.pem"
        self._ca_file.write_bytes(self._authority.pem)
        self._thread.start()
        self._ready.wait()
        if self._error:
            self.__exit__()
            raise self._error
        return self

    def __exit__(self, *_: object) -> None:
        if self._stop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if self._folder:
            self._folder.cleanup()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except OSError as error:
            self._error = error
            self._ready.set()
        finally:
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(
            self._connected, "127.0.0.1", self._port, limit=_HEAD_LIMIT
        )
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)

    # -- what tests use

    @property
    def port(self) -> int:
        """The proxy's port on 127.0.0.1."""
        return self._port

    @property
    def proxy_url(self) -> str:
        """What `http_proxy` and `https_proxy` must say."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def ca_file(self) -> str:
        """Path of the authority's certificate."""
        return str(self._ca_file)

    def environment(self) -> dict[str, str]:
        """The variables that lead a crawl here."""
        return {
            "http_proxy": self.proxy_url,
            "https_proxy": self.proxy_url,
            "no_proxy": "",
            "EXTRA_CA_FILE": self.ca_file,
        }

    def hits(
        self, *, host: str | None = None, path: str | None = None, after: int = 0
    ) -> list[Hit]:
        """Requests so far, in order, without the first `after` of them; `host` exact in lower case,
        `path` a prefix. A CONNECT is recorded only where it was refused (status 502)."""
        with self._lock:
            found = self._hits[after:]
        return [
            hit
            for hit in found
            if (host is None or hit.host.lower() == host)
            and (path is None or hit.path.startswith(path))
        ]

    def clear_hits(self) -> None:
        """Forget the requests so far."""
        with self._lock:
            self._hits.clear()

    def set_fault(self, kind: str, path: str = ".*", **options: Any) -> Fault:
        """Add a fault, see `demo.faults.make_fault`. The newest one that matches wins."""
        fault = make_fault(kind, path, **options)
        with self._lock:
            self._faults.insert(0, fault)
        return fault

    def clear_faults(self) -> None:
        """Everything works again."""
        with self._lock:
            self._faults.clear()

    def world(self, name: str) -> World:
        """The portal of that name. KeyError where it is not served."""
        for world in self._worlds:
            if world.name == name:
                return world
        raise KeyError(name)

    # -- one connection

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        gone = (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError)
        with contextlib.suppress(*gone, asyncio.CancelledError):
            await self._talk(reader, writer)
        self._tasks.discard(task)
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        scheme, tunnel = "http", ""
        while True:
            request = await _read(reader, scheme, tunnel)
            if request is None:
                await _refuse(writer, 400)
                return
            if request.method == "CONNECT":
                host = request.target.rpartition(":")[0].strip("[]")
                if tunnel or not self._world_of(host):
                    self._record(request, host, 502, None)
                    await _refuse(writer, 502)
                    return
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await writer.drain()
                await writer.start_tls(self._authority.context(host))
                scheme, tunnel = "https", host
                continue
            if not await self._answer(request, writer):
                return

    async def _answer(self, request: _Request, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection stays open."""
        if request.host.lower() == CONTROL:
            response = self._control(request)
        else:
            world = self._world_of(request.host)
            fault = self._fault_for(request)
            try:
                response = world.respond(request.host, request.target) if world else _bad_gateway()
            except Exception as error:
                # A bug of the replica must show as one, not as a dropped connection.
                response = Response(500, repr(error).encode(), {"Content-Type": "text/plain"})
            if world and world.etags and response.status == 200:
                response = _conditional(request, response)
            self._record(request, request.host, response.status, fault)
            if fault:
                wire = Wire(writer, request.target, response, fault.options)
                await ACTIONS[fault.kind](wire)
                return False
        keep = request.headers.get("connection", "").lower() != "close"
        wire = Wire(writer, request.target, response, {})
        head = wire.head(
            Connection="keep-alive" if keep else "close",
            Date=f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S GMT}",
        )
        await wire.send(head + (b"" if request.method == "HEAD" else response.body))
        return keep

    def _world_of(self, host: str) -> World | None:
        return next((world for world in self._worlds if world.owns(host)), None)

    def _fault_for(self, request: _Request) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.hits(request.host, request.target):
                    return fault
        return None

    def _record(self, request: _Request, host: str, status: int, fault: Fault | None) -> None:
        hit = Hit(
            datetime.now(UTC).timestamp(),
            request.scheme,
            request.method,
            host,
            request.target,
            request.headers,
            status,
            fault.kind if fault else None,
        )
        with self._lock:
            self._hits.append(hit)

    # -- http://replica.control/

    def _control(self, request: _Request) -> Response:
        """`_hits` (GET, DELETE), `_faults` (POST JSON, DELETE), `_publish?portal=&count=&section=`,
        `_shift?portal=&count=`, `_trap?portal=&section=&kind=`."""
        parts = urlsplit(request.target)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        try:
            answer = self._command(parts.path, request, asked)
        except (ValueError, KeyError, TypeError) as error:
            return Response(400, f"{error}\n".encode(), {"Content-Type": "text/plain"})
        if answer is None:
            return Response(
                404, b"_hits, _faults, _publish, _shift, _trap\n", {"Content-Type": "text/plain"}
            )
        return Response(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    def _command(self, path: str, request: _Request, asked: dict[str, str]) -> Any:
        if path == "/_hits":
            if request.method == "DELETE":
                self.clear_hits()
            return [asdict(hit) for hit in self.hits()]
        if path == "/_faults":
            if request.method == "DELETE":
                self.clear_faults()
            elif request.method == "POST":
                self.set_fault(**json.loads(request.body))
            with self._lock:
                return [{"kind": f.kind, "path": f.path.pattern} for f in self._faults]
        if path == "/_publish":
            world = self.world(asked["portal"])
            return world.publish(int(asked.get("count", "1")), asked.get("section"))
        if path == "/_shift":
            self.world(asked["portal"]).shift = int(asked["count"])
            return True
        if path == "/_trap":
            self.world(asked["portal"]).set_trap(asked["kind"], asked["section"])
            return True
        return None


def _bad_gateway() -> Response:
    return Response(502, b"no such host here\n", {"Content-Type": "text/plain"})


def _conditional(request: _Request, response: Response) -> Response:
    tag = f'"{hashlib.sha256(response.body).hexdigest()[:16]}"'
    if request.headers.get("if-none-match") == tag:
        return Response(304, b"", {"ETag": tag})
    response.headers["ETag"] = tag
    return response


async def _refuse(writer: asyncio.StreamWriter, status: int) -> None:
    head = f"HTTP/1.1 {status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    writer.write(head.encode())
    await writer.drain()


async def _read(reader: asyncio.StreamReader, scheme: str, tunnel: str) -> _Request | None:
    """The next request, or None where it is no HTTP. Raises IncompleteReadError at the end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3:
        return None
    method, target, _ = words
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    length = headers.get("content-length", "0")
    body = await reader.readexactly(int(length)) if length.isdigit() and int(length) else b""
    host = tunnel
    if method != "CONNECT" and not tunnel:
        parts = urlsplit(target)
        if parts.scheme != "http" or not parts.hostname:
            return None
        # The host as it was asked, its case kept: a hit log that folds it would hide a bug.
        host = parts.netloc.rpartition("@")[2].partition(":")[0]
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Request(scheme, method, host, target or "/", headers, body)
