"""Captures: from an entry of the index to the HTTP exchange as it was, and the page in it."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from corpus.warc.captures import IMPORTED_FROM, IMPORTED_RECORD, IMPORTED_TYPE, Capture
from corpus.warc.coding import BadCoding, decode
from corpus.warc.foreign import LONGEST_HEAD, ForeignRecord, message, records
from corpus.warc.packages import BadPackage
from corpus.warc.records import BadRecord, HeaderList, HttpMessage, header
from corpus.warc.streams import Stream
from crawler.importing.index import LAID_ASIDE, Entry, Index
from crawler.importing.sources import Source
from crawler.middlewares.capture import SECRET
from crawler.parsing.page import Page

MOST_OPEN = 32
"""Files that are kept open."""


class Unusable(Exception):
    """A capture that is not taken; the message is why, in a word."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A capture, whole: for the archive and for the parser."""

    capture: Capture
    page: Page


class Captures:
    """Reads what the index names. A context."""

    def __init__(self, sources: Sequence[Source], index: Index, max_size: int) -> None:
        self._sources, self._index, self._max_size = sources, index, max_size
        self._files: dict[int, BinaryIO] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Captures:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def read(self, entry: Entry) -> Answer:
        """The capture of an entry. Raises `Unusable`, OSError."""
        try:
            return self._read(entry)
        except (BadRecord, BadPackage):
            raise Unusable("damaged") from None

    def _read(self, entry: Entry) -> Answer:
        record, block = self._record(entry.source, entry.at)
        if record.get("WARC-Type").lower() == "resource":
            kind = record.get("Content-Type").encode("latin-1", "replace")
            http = HttpMessage("HTTP/1.1 200 OK", [("Content-Type", kind.decode("latin-1"))], block)
        elif entry.revisit:
            http = self._revisited(entry, block)
        else:
            http = message(block)
        http = _whole(http)
        http, body = self._decoded(http)
        method, asked = self._request(entry)
        fetched_at = datetime.fromisoformat(entry.date)
        capture = Capture(
            url=entry.url,
            method=method,
            request_headers=[h for h in _pairs(asked) if h[0].lower() not in SECRET],
            status=200,
            reason=_reason(http),
            headers=_pairs(http.headers),
            body=http.body,
            fetched_at=fetched_at,
            origin=self._origin(entry, record),
        )
        page = Page(entry.url, body, header(http.headers, "Content-Type"), fetched_at)
        return Answer(capture, page)

    def _origin(self, entry: Entry, record: ForeignRecord) -> list[tuple[str, str]]:
        """Which record of which file this was; what is empty there is left out."""
        told = (
            (IMPORTED_FROM, self._sources[entry.origin].name),
            (IMPORTED_RECORD, entry.record),
            (IMPORTED_TYPE, record.get("WARC-Type").lower()),
        )
        return [(name, value) for name, value in told if value]

    def _record(self, source: int, at: int) -> tuple[ForeignRecord, bytes]:
        """A record and its block, whole."""
        arc = source != LAID_ASIDE and self._sources[source].arc
        record = next(records(Stream(self._file(source), at), arc=arc), None)
        if record is None:
            raise BadRecord("nothing is there any more")
        block = record.read(self._max_size + LONGEST_HEAD)
        if not record.finish():
            raise BadRecord("it is cut")
        if not _agrees(record.get("WARC-Block-Digest"), block):
            raise Unusable("digest")
        return record, block

    def _file(self, source: int) -> BinaryIO:
        if source == LAID_ASIDE:
            return self._index.aside
        if source not in self._files:
            if len(self._files) >= MOST_OPEN:
                self._stack.close()
                self._files.clear()
            self._files[source] = self._stack.enter_context(self._sources[source].open())
        return self._files[source]

    def _revisited(self, entry: Entry, block: bytes) -> HttpMessage:
        """The answer that a revisit says came again. Raises `Unusable`."""
        held = self._index.referred(entry)
        if held is None:
            raise Unusable("revisit_unresolved")
        record, whole = self._record(held.source, held.at)
        if record.get("WARC-Type").lower() == "resource":
            raise Unusable("revisit_unresolved")
        answer = message(whole)
        if not block.startswith(b"HTTP/"):
            return answer
        own = message(block)
        return answer if own.status == 304 else replace(own, body=answer.body)

    def _decoded(self, http: HttpMessage) -> tuple[HttpMessage, bytes]:
        """The message, and its body with the content encoding undone. Some tools undo it and leave
        the header; then the header goes under another name. Raises `Unusable`."""
        coding = ",".join(v for name, v in http.headers if name.lower() == "content-encoding")
        try:
            body = decode(http.body, coding)
        except BadCoding:
            if not http.body.lstrip(b" \t\r\n\xef\xbb\xbf").startswith(b"<"):
                raise Unusable("bad_encoding") from None
            body = http.body
            renamed = [
                (f"X-Archive-Orig-{n}" if n.lower() == "content-encoding" else n, v)
                for n, v in http.headers
            ]
            http = replace(http, headers=renamed)
        if len(body) > self._max_size:
            raise Unusable("too_large")
        return http, body

    def _request(self, entry: Entry) -> tuple[str, HeaderList]:
        """Method and headers of what was asked; no method where the files do not say. Raises
        `Unusable` where it was no question for a page."""
        place = self._index.request_of(entry)
        if place is None:
            return "", []
        try:
            asked = message(self._record(*place)[1])
        except (BadRecord, Unusable):
            return "", []
        method = asked.start.split(" ")[0]
        if method != "GET":
            raise Unusable("not_get")
        return method, asked.headers


def _whole(http: HttpMessage) -> HttpMessage:
    """The message with its chunks joined. Raises `Unusable` where it was cut."""
    if "chunked" in (header(http.headers, "Transfer-Encoding") or "").lower():
        joined = dechunk(http.body)
        return http if joined is None else replace(http, body=joined)
    said = header(http.headers, "Content-Length") or ""
    if said.isascii() and said.isdigit() and int(said[:18]) > len(http.body):
        raise Unusable("truncated")
    return http


def dechunk(body: bytes) -> bytes | None:
    """The chunks of a body joined; None where it has none, since some tools join them and leave
    the header. Raises `Unusable` where the last one is missing."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\n", at, at + 1024)
        size = body[at:end].split(b";")[0].strip() if end >= 0 else b""
        try:
            count = int(size, 16)
        except ValueError:
            if not parts:
                return None
            raise Unusable("truncated") from None
        if count == 0:
            return b"".join(parts)
        at = end + 1
        parts.append(body[at : at + count])
        at += count
        if count < 0 or at > len(body):
            raise Unusable("truncated")
        at += 2 if body[at : at + 2] == b"\r\n" else 1


def _agrees(wanted: str, block: bytes) -> bool:
    """True where the digest of a block is the `wanted` one, or cannot be compared."""
    kind, _, value = wanted.partition(":")
    kind = kind.lower().replace("-", "")
    if kind not in ("sha1", "sha256"):
        return True
    digest = hashlib.new(kind, block, usedforsecurity=False)
    return value.lower() in (digest.hexdigest(), b32encode(digest.digest()).decode().lower())


def _reason(http: HttpMessage) -> str:
    parts = http.start.split(" ", 2)
    return parts[2] if len(parts) == 3 else "OK"


def _pairs(headers: HeaderList) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers]
