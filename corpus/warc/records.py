"""Records: from the bytes of our own WARC files back to their headers and blocks. Reads only.

Our files are one gzip member a record, written by `corpus.warc.building`, so a record is parsed
directly: warcio, which takes any file of anybody, costs several times as much.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

HeaderList = list[tuple[str, str]]

CHUNK = 1 << 16
"""Bytes read at once where a member's length is not known."""
LONGEST = 256 << 20
"""Bytes of a record unpacked: far above DOWNLOAD_MAXSIZE, far below the machine's memory."""
_HEAD_END = b"\r\n\r\n"
_GZIP = 16 + zlib.MAX_WBITS


class BadRecord(Exception):
    """The bytes are no whole gzip member with one WARC record; the message says what they lack."""


def header(headers: Sequence[tuple[str, str]], name: str) -> str | None:
    """The first value of a header, whatever the case of its name."""
    name = name.lower()
    return next((value for known, value in headers if known.lower() == name), None)


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record, unpacked."""

    headers: HeaderList
    block: bytes

    def get(self, name: str) -> str:
        """The value of a WARC header; empty where there is none."""
        return header(self.headers, name) or ""

    @property
    def type(self) -> str:
        """`response`, `request`, `revisit`, `warcinfo` …"""
        return self.get("WARC-Type")

    @property
    def id(self) -> str:
        """`<urn:uuid:…>`."""
        return self.get("WARC-Record-ID")

    def http(self) -> HttpMessage:
        """The block as an HTTP message. Raises `BadRecord`."""
        head, found, body = self.block.partition(_HEAD_END)
        start, *lines = head.split(b"\r\n")
        if not found or not start:
            raise BadRecord("no HTTP message in the record")
        return HttpMessage(as_text(start), _headers(lines), body)


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """An HTTP request or response as it is kept."""

    start: str
    """`HTTP/1.1 200 OK`, `GET /h/1.html HTTP/1.1`."""
    headers: HeaderList
    body: bytes

    @property
    def status(self) -> int:
        """Status of a response. Raises `BadRecord`."""
        parts = self.start.split(" ", 2)
        if len(parts) < 2 or not (parts[1].isascii() and parts[1].isdigit()):
            raise BadRecord(f"no status in {self.start[:80]!r}")
        return int(parts[1])


def parse(plain: bytes) -> Record:
    """The record that an unpacked member holds. Raises `BadRecord`."""
    head, found, rest = plain.partition(_HEAD_END)
    if not found or not head.startswith(b"WARC/1."):
        raise BadRecord("no WARC record")
    headers = _headers(head.split(b"\r\n")[1:])
    length = header(headers, "Content-Length") or ""
    if not (length.isascii() and length.isdigit()) or int(length) + len(_HEAD_END) != len(rest):
        raise BadRecord(f"a record of {len(rest)} bytes that says {length or 'nothing'}")
    return Record(headers, rest[: -len(_HEAD_END)])


def unpack(member: bytes) -> bytes:
    """The content of one whole gzip member and nothing after it. Raises `BadRecord`."""
    press = zlib.decompressobj(_GZIP)
    try:
        plain = press.decompress(member, LONGEST)
    except zlib.error as error:
        raise BadRecord(str(error)) from None
    if not press.eof or press.unused_data:
        raise BadRecord("no whole gzip member, or more than one")
    return plain


@dataclass(frozen=True, slots=True)
class Member:
    """A gzip member with its place in the file."""

    offset: int
    length: int
    record: Record


def members(file: BinaryIO, offset: int = 0) -> Iterator[Member]:
    """The records of a file from `offset` on, in order. Raises `BadRecord` at the first member
    that is not whole: its offset is where the last one ended."""
    file.seek(offset)
    data = b""
    while data or (data := file.read(CHUNK)):
        press = zlib.decompressobj(_GZIP)
        plain, size, length = [], 0, 0
        while not press.eof:
            if not data and not (data := file.read(CHUNK)):
                raise BadRecord("the file ends inside a member")
            try:
                plain.append(press.decompress(data))
            except zlib.error as error:
                raise BadRecord(str(error)) from None
            size += len(plain[-1])
            if size > LONGEST:
                raise BadRecord("a record too large to be ours")
            length += len(data) - len(press.unused_data)
            data = press.unused_data
        yield Member(offset, length, parse(b"".join(plain)))
        offset += length


def as_text(data: bytes) -> str:
    """A header line as every tool reads it: UTF-8, or else Latin-1."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _headers(lines: Sequence[bytes]) -> HeaderList:
    found: HeaderList = []
    for line in map(as_text, lines):
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and found:
            # A value that goes on in the next line.
            found[-1] = found[-1][0], f"{found[-1][1]} {line.strip()}"
        elif colon:
            found.append((name.strip(), value.strip()))
    return found
