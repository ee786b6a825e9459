"""Coding: a body's Content-Encoding undone, as far as it goes and no further than a bound."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from gzip import GzipFile
from io import BytesIO

import brotli  # type: ignore[import-untyped]

try:  # Python 3.14 has it; before, Scrapy brings the same module
    from compression import zstd  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    from backports import zstd

LONGEST = 64 << 20
"""Bytes of a decoded body: a crawl reads no page beyond DOWNLOAD_MAXSIZE, 10 MiB by default."""
STEP = 1 << 16
MAX_CODINGS = 4
"""As crawler.middlewares.decompression: more were never meant for a reader."""


class BadCoding(Exception):
    """The body is not what its Content-Encoding says, or too large once it is undone."""


def decode(payload: bytes, content_encoding: str | None) -> bytes:
    """The body that `payload` holds. A stream cut short is decoded as far as it goes, unknown
    names are let through: as a crawl reads them. Raises `BadCoding`."""
    names = [name.strip().lower() for name in (content_encoding or "").split(",")]
    if len(names) > MAX_CODINGS:
        raise BadCoding(f"{len(names)} content encodings")
    for name in reversed(names):
        undo = _DECODERS.get(name)
        if undo is None:
            # What is outermost is not known: what is inside cannot be reached.
            return payload
        if payload:
            try:
                payload = undo(payload)
            except (OSError, EOFError, zlib.error, brotli.error, zstd.ZstdError) as error:
                raise BadCoding(f"{type(error).__name__}: {error}") from None
    return payload


def _gzip(data: bytes) -> bytes:
    """Every member, as gzip allows several; what was read before the damage or the end."""
    parts, size = [], 0
    with GzipFile(fileobj=BytesIO(data)) as stream:
        while True:
            try:
                parts.append(stream.read1(STEP))
            except (OSError, EOFError):
                if not size:
                    raise
                break
            if not parts[-1]:
                break
            size += len(parts[-1])
            _bound(size)
    return b"".join(parts)


def _deflate(data: bytes) -> bytes:
    """With zlib's frame, as the standard says, or bare, as some servers send it."""
    try:
        plain = zlib.decompressobj().decompress(data, LONGEST + 1)
    except zlib.error:
        plain = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, LONGEST + 1)
    _bound(len(plain))
    return plain


def _brotli(data: bytes) -> bytes:
    press = brotli.Decompressor()
    return _in_steps(press.process, data)


def _zstd(data: bytes) -> bytes:
    plain = b""
    while data:
        press = zstd.ZstdDecompressor()
        plain += press.decompress(data, LONGEST + 1)
        _bound(len(plain))
        data = press.unused_data
    return plain


def _in_steps(decompress: Callable[[bytes], bytes], data: bytes) -> bytes:
    """For a decoder without a bound of its own: a little at a time."""
    parts, size = [], 0
    for start in range(0, len(data), STEP):
        parts.append(decompress(data[start : start + STEP]))
        size += len(parts[-1])
        _bound(size)
    return b"".join(parts)


def _bound(size: int) -> None:
    if size > LONGEST:
        raise BadCoding(f"more than {LONGEST >> 20} MiB once decoded")


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "": lambda data: data,
    "identity": lambda data: data,
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
