"""A raw HTTP server that can be wrong: hosts on loopback, answers byte by byte, a hit log.

Raw because a library's server refuses to send broken framing. 127.0.0.1 to 127.0.0.16
stand for as many hosts, on one port. It is also a proxy: a request for `http://name/path` is
answered from the routes of `name`, and CONNECT opens TLS with the server's own certificate.
"""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOSTS = tuple(f"127.0.0.{n}" for n in range(1, 17))


def answer(status: int = 200, body: bytes | str = b"", /, **headers: str) -> bytes:
    """A well-formed response; header names by keyword (`Retry_After="5"`)."""
    data = body.encode() if isinstance(body, str) else body
    fields = {"Content-Type": "text/html; charset=utf-8"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    fields.setdefault("Content-Length", str(len(data)))
    head = f"HTTP/1.1 {status} Whatever\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return head.encode() + b"Connection: close\r\n\r\n" + data


def redirect(location: str, status: int = 302) -> bytes:
    """A redirect with an empty body."""
    return answer(status, b"", Location=location)


@dataclass(frozen=True)
class Reset:
    """Send these bytes, then break the connection with RST."""

    after: bytes = b""


@dataclass(frozen=True)
class Hang:
    """Send these bytes, then nothing more."""

    after: bytes = b""


@dataclass(frozen=True)
class Drip:
    """Send these bytes one by one, `gap` seconds apart."""

    data: bytes
    gap: float = 0.2


@dataclass(frozen=True)
class Hit:
    """One request as it came: seconds on a monotonic clock, host, path, headers in lower case."""

    at: float
    host: str
    path: str
    headers: dict[str, str]
    line: str = ""


Answer = bytes | Reset | Hang | Drip


@dataclass
class FaultServer:
    """Routes and hits. `on` may be called at any time."""

    port: int = 0
    hits: list[Hit] = field(default_factory=list)
    routes: dict[tuple[str, str], list[Answer]] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    servers: list[asyncio.Server] = field(default_factory=list)

    def on(self, host: str, path: str, *answers: Answer) -> None:
        """Answer `path` of `host` with these in turn; the last one for ever."""
        self.routes[host, path] = list(answers)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """The address of `path` on one of the loopback hosts."""
        return f"http://{host}:{self.port}{path}"

    def seen(self, path: str, host: str = "127.0.0.1") -> list[Hit]:
        """The hits on one path."""
        return [h for h in self.hits if h.host == host and h.path == path]

    def gaps(self, path: str, host: str = "127.0.0.1") -> list[float]:
        """Seconds between two hits on one path."""
        times = [h.at for h in self.seen(path, host)]
        return [b - a for a, b in pairwise(times)]

    def listen(self, host: str = HOSTS[0], port: int = 0, tls: ssl.SSLContext | None = None) -> int:
        """Open one more port on `host`, with TLS where a context is given."""

        async def start() -> int:
            server = await asyncio.start_server(self.serve, host, port, ssl=tls)
            self.servers.append(server)
            return int(server.sockets[0].getsockname()[1])

        return asyncio.run_coroutine_threadsafe(start(), self.loop).result(10)

    async def close(self) -> None:
        """Stop answering, whatever hangs."""
        for one in self.servers:
            one.close()
        tasks = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one answer."""
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            host = writer.get_extra_info("sockname")[0]
            line, headers = await _request(reader)
            method, target, _ = line.split(" ", 2)
            if method == "CONNECT":
                self.hits.append(Hit(monotonic(), target, "CONNECT", headers, line))
                assert self.tls is not None
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await writer.start_tls(self.tls)
                host = target.rpartition(":")[0]
                line, headers = await _request(reader)
                target = line.split(" ")[1]
            elif target.startswith("http://"):
                parts = urlsplit(target)
                host, target = parts.hostname or "", parts.path or "/"
            await self._answer(Hit(monotonic(), host, target, headers, line), writer)
        with suppress(Exception):
            writer.close()

    async def _answer(self, hit: Hit, writer: asyncio.StreamWriter) -> None:
        self.hits.append(hit)
        answers = self.routes.get((hit.host, hit.path)) or [answer(404, "nothing here")]
        what = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(what, bytes):
            writer.write(what)
        elif isinstance(what, Drip):
            for byte in what.data:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(what.gap)
        else:
            writer.write(what.after)
            await writer.drain()
            if isinstance(what, Hang):
                await asyncio.sleep(3600)
            sock: Any = writer.get_extra_info("socket")
            # The bytes before the reset must have left, or they go with it.
            await asyncio.sleep(0.05)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await writer.drain()


async def _request(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in head[1:] if line)
    return head[0], {name.lower(): value.strip() for name, _, value in pairs}


@pytest.fixture
def faults() -> Iterator[FaultServer]:
    """A fault server on all hosts, in a thread of its own."""
    server = FaultServer()
    thread = threading.Thread(target=server.loop.run_forever, daemon=True)
    thread.start()
    server.port = server.listen(HOSTS[0])
    for host in HOSTS[1:]:
        server.listen(host, server.port)
    yield server
    asyncio.run_coroutine_threadsafe(server.close(), server.loop).result(10)
    server.loop.call_soon_threadsafe(server.loop.stop)
    thread.join(10)
    server.loop.close()


def certificates(folder: Path, *names: str, expired: bool = False) -> tuple[Path, ssl.SSLContext]:
    """A throw-away authority and a server certificate of it for `names`: (the authority's PEM
    file, the server's context)."""
    now = datetime.datetime.now(datetime.UTC)
    begin, end = now - datetime.timedelta(days=9), now + datetime.timedelta(days=9)
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "throw-away authority")])

    def build(subject: x509.Name, public: Any, until: datetime.datetime) -> Any:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(ca_name)
        builder = builder.public_key(public).serial_number(x509.random_serial_number())
        return builder.not_valid_before(begin).not_valid_after(until)

    basic = x509.BasicConstraints(ca=True, path_length=None)
    ca = build(ca_name, ca_key.public_key(), end).add_extension(basic, critical=True)
    leaf = build(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])]),
        key.public_key(),
        now - datetime.timedelta(days=1) if expired else end,
    ).add_extension(x509.SubjectAlternativeName([_general(n) for n in names]), critical=False)
    ca_file, pair = folder / "ca.pem", folder / "server.pem"
    pem = serialization.Encoding.PEM
    ca_file.write_bytes(ca.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    pair.write_bytes(
        leaf.sign(ca_key, hashes.SHA256()).public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    return ca_file, context


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
