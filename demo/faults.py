"""Faults: what the replica does wrong on demand, byte for byte, and to which requests."""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import re
import socket
import struct
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from demo.pages import Response

KINDS: dict[str, str] = {
    "status": "A short page with `status` (default 500); `retry_after` sets that header.",
    "slow": "Send the whole answer at `bytes_per_second` (default 100).",
    "hang": "Send nothing, or with `after` = headers or half that much, then stay silent.",
    "truncated": "Content-Length larger than the body, then close.",
    "short": "Content-Length smaller than the body.",
    "bad_chunked": "Chunked body whose second chunk has no valid size.",
    "reset": "TCP reset, at once or with `after` = half amid the body.",
    "charset": "Content-Type says `label`; with `encoding` the bytes are re-encoded.",
    "redirect": "Redirect (`status`, default 302) to `to`; to = self, loop, or any address.",
    "redirect_chain": "`hops` redirects on the same path, then the page.",
    "bomb": "A small body of `encoding` (gzip, br, deflate, zstd; gzip,gzip) that makes `size`.",
    "encoding": "The body compressed by `encoding`, rightly labelled.",
    "body": "The answer's body is `text` (or `data`, bytes), its type `content_type`.",
    "soft_404": "«Article introuvable» with status 200.",
}


@dataclass
class Fault:
    """One fault. It hits a request whose host and target match, for the first `times` requests of
    each address, on a `ratio` of the addresses (the same ones every time)."""

    kind: str
    path: re.Pattern[str]
    host: re.Pattern[str]
    times: int | None = None
    ratio: float = 1.0
    options: dict[str, Any] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    def hits(self, host: str, target: str) -> bool:
        """Whether this request is hit; counts it."""
        if not (self.host.fullmatch(host.lower()) and self.path.match(target)):
            return False
        address = f"{host.lower()}{urlsplit(target).path}"
        if self.ratio < 1 and share(f"{self.kind}/{address}") >= self.ratio:
            return False
        if self.times is not None and self.done[address] >= self.times:
            return False
        self.done[address] += 1
        return True


def share(text: str) -> float:
    """A number from 0 to 1 that is always the same for `text`."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6]) / 2**48


def make_fault(
    kind: str,
    path: str = ".*",
    *,
    host: str = ".*",
    times: int | None = None,
    ratio: float = 1.0,
    **options: Any,
) -> Fault:
    """A fault of `kind` (see KINDS); `path` and `host` are regular expressions, `path` matched from
    the beginning of the target. ValueError for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"no such fault: {kind}; there are {', '.join(KINDS)}")
    return Fault(kind, re.compile(path), re.compile(host), times, ratio, options)


class Wire:
    """One answer on its way out: the open connection and what should have been sent."""

    def __init__(
        self, writer: asyncio.StreamWriter, target: str, response: Response, options: dict[str, Any]
    ) -> None:
        self.writer, self.target, self.response, self.options = writer, target, response, options

    def head(self, **changed: str | None) -> bytes:
        """Status line and headers; `changed` by names with `_` for `-`, None drops one."""
        headers = {"Content-Type": "text/html", **self.response.headers}
        headers["Content-Length"] = str(len(self.response.body))
        headers["Connection"] = "close"
        for name, value in changed.items():
            key = name.replace("_", "-")
            headers.pop(key, None)
            if value is not None:
                headers[key] = value
        lines = [f"HTTP/1.1 {self.response.status} {reason(self.response.status)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"

    async def send(self, data: bytes) -> None:
        """Send, and wait until the other side keeps up."""
        self.writer.write(data)
        await self.writer.drain()


def reason(status: int) -> str:
    """A reason phrase; its words matter to nobody."""
    return {200: "OK", 304: "Not Modified", 404: "Not Found"}.get(status, "Replica")


async def _status(wire: Wire) -> None:
    status = int(wire.options.get("status", 500))
    wire.response = Response(status, b"<html><body><h1>Erreur</h1></body></html>")
    if (wait := wire.options.get("retry_after")) is not None:
        wire.response.headers["Retry-After"] = str(wait)
    await _plain(wire)


async def _plain(wire: Wire) -> None:
    await wire.send(wire.head() + wire.response.body)


async def _slow(wire: Wire) -> None:
    rate = float(wire.options.get("bytes_per_second", 100))
    data = wire.head() + wire.response.body
    step = max(1, int(rate / 10))
    for start in range(0, len(data), step):
        await wire.send(data[start : start + step])
        await asyncio.sleep(step / rate)


async def _hang(wire: Wire) -> None:
    after = wire.options.get("after", "nothing")
    if after != "nothing":
        half = wire.response.body[: len(wire.response.body) // 2]
        await wire.send(wire.head() + (half if after == "half" else b""))
    await asyncio.sleep(3600)


async def _truncated(wire: Wire) -> None:
    body = wire.response.body
    await wire.send(wire.head(Content_Length=str(len(body) + 1000)) + body[: len(body) * 2 // 3])


async def _short(wire: Wire) -> None:
    await wire.send(
        wire.head(Content_Length=str(len(wire.response.body) // 2)) + wire.response.body
    )


async def _bad_chunked(wire: Wire) -> None:
    head = wire.head(Content_Length=None, Transfer_Encoding="chunked")
    half = wire.response.body[: len(wire.response.body) // 2]
    await wire.send(head + f"{len(half):x}\r\n".encode() + half + b"\r\nzz\r\n")


async def _reset(wire: Wire) -> None:
    if wire.options.get("after") == "half":
        await wire.send(wire.head() + wire.response.body[: len(wire.response.body) // 2])
        await asyncio.sleep(0.05)
    sock = wire.writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.writer.transport.abort()


async def _charset(wire: Wire) -> None:
    label = wire.options.get("label", "utf-8")
    if encoding := wire.options.get("encoding"):
        utf8 = "utf-8" in wire.response.headers.get("Content-Type", "")
        text = wire.response.body.decode("utf-8" if utf8 else "cp1252")
        wire.response.body = text.encode(encoding, "xmlcharrefreplace")
    wire.response.headers["Content-Type"] = f"text/html; charset={label}" if label else "text/html"
    await _plain(wire)


async def _redirect(wire: Wire) -> None:
    to = str(wire.options.get("to", "self"))
    path = urlsplit(wire.target).path
    if to == "self":
        to = wire.target
    elif to == "loop":
        to = f"{path}?tour=2" if "tour=1" in wire.target else f"{path}?tour=1"
    await _send_redirect(wire, to)


async def _send_redirect(wire: Wire, to: str) -> None:
    status = int(wire.options.get("status", 302))
    wire.response = Response(status, b"<html><body>Ailleurs</body></html>", {"Location": to})
    await _plain(wire)


async def _redirect_chain(wire: Wire) -> None:
    parts = urlsplit(wire.target)
    hop = int(dict(parse_qsl(parts.query)).get("hop", "0"))
    if hop >= int(wire.options.get("hops", 3)):
        await _plain(wire)
        return
    await _send_redirect(wire, f"{parts.path}?hop={hop + 1}")


async def _bomb(wire: Wire) -> None:
    encoding = wire.options.get("encoding", "gzip")
    size = int(wire.options.get("size", 300 * 2**20))
    wire.response.body = await asyncio.to_thread(bomb, encoding, size)
    await wire.send(wire.head(Content_Encoding=encoding) + wire.response.body)


async def _encoding(wire: Wire) -> None:
    encoding = wire.options.get("encoding", "gzip")
    wire.response.body = compress(encoding, iter((wire.response.body,)))
    await wire.send(wire.head(Content_Encoding=encoding) + wire.response.body)


async def _body(wire: Wire) -> None:
    data = wire.options.get("data")
    wire.response.body = data if isinstance(data, bytes) else wire.options.get("text", "").encode()
    kind = wire.options.get("content_type", "text/html; charset=utf-8")
    wire.response.headers["Content-Type"] = kind
    wire.response.status = int(wire.options.get("status", 200))
    await _plain(wire)


async def _soft_404(wire: Wire) -> None:
    page = (
        b"<html><head><title>Article introuvable</title></head><body><h1>Article introuvable</h1>"
    )
    wire.response = Response(200, page + b"</body></html>")
    await _plain(wire)


def compress(encoding: str, pieces: Iterator[bytes]) -> bytes:
    """`pieces` compressed; `gzip,gzip` is stacked. RuntimeError where the codec is missing."""
    first, _, rest = encoding.partition(",")
    out = _compress_once(first.strip(), pieces)
    return compress(rest, iter((out,))) if rest else out


def _compress_once(encoding: str, pieces: Iterator[bytes]) -> bytes:
    out: list[bytes] = []
    if encoding in ("gzip", "deflate"):
        packer = zlib.compressobj(9, zlib.DEFLATED, 31 if encoding == "gzip" else 15)
        out = [packer.compress(piece) for piece in pieces]
        return b"".join(out) + packer.flush()
    if encoding == "br":
        brotli = _module("brotli")
        writer = brotli.Compressor(quality=5)
        out = [writer.process(piece) for piece in pieces]
        return b"".join(out) + bytes(writer.finish())
    if encoding == "zstd":
        zstd = _module("compression.zstd", "backports.zstd")
        maker = zstd.ZstdCompressor()
        out = [maker.compress(piece) for piece in pieces]
        return b"".join(out) + bytes(maker.flush())
    raise ValueError(f"no such content encoding: {encoding}")


def _module(*names: str) -> Any:
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise RuntimeError(f"none of {', '.join(names)} is installed")


@lru_cache(maxsize=8)
def bomb(encoding: str, size: int) -> bytes:
    """A body of `encoding` that expands to `size` bytes of HTML; never held expanded."""
    block = b"<p>Boum, boum, boum.</p>\n" * 40_000
    return compress(encoding, (block for _ in range(max(1, size // len(block)))))


ACTIONS: dict[str, Callable[[Wire], Awaitable[None]]] = {
    "status": _status,
    "slow": _slow,
    "hang": _hang,
    "truncated": _truncated,
    "short": _short,
    "bad_chunked": _bad_chunked,
    "reset": _reset,
    "charset": _charset,
    "redirect": _redirect,
    "redirect_chain": _redirect_chain,
    "bomb": _bomb,
    "encoding": _encoding,
    "body": _body,
    "soft_404": _soft_404,
}
