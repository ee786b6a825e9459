"""Building: from a capture to the gzip members of its records.

The bytes are put together here, at a tenth of warcio's cost; the tests have warcio and others read
them. What is normalised: docs/archive.md.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from base64 import b32encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit
from uuid import uuid4

from corpus.warc.captures import Capture, Header

LEVEL = 3
"""Of gzip: level 9, which warcio has, costs several times as much for a tenth less."""
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

_NO_TOKEN = re.compile(rb"[^!#$%&'*+.^_`|~0-9A-Za-z-]")
_LINE_BREAK = re.compile(rb"[\r\n\0]+")
_URI_SAFE = "!#$%&'()*+,/:;=?@[]~|"
"""What stays as it is in an address; control characters, blanks and all beyond ASCII do not."""


class Reference(NamedTuple):
    """The record that holds a payload, as a revisit names it."""

    record_id: str
    url: str
    date: str
    """Its WARC-Date, letter by letter."""
    file: str
    """Path below ARCHIVE_DIR."""
    offset: int


@dataclass(frozen=True, slots=True)
class Built:
    """The two members of an exchange, and what an index says of the first."""

    answer: bytes
    request: bytes
    """Empty where it is not known."""
    record_id: str
    url: str
    date: str


def payload_digest(body: bytes) -> str:
    """As WARC writes it: `sha1:` and base32."""
    return _digest(hashlib.sha1(body, usedforsecurity=False).digest())


def build(capture: Capture, digest: str, info_id: str, held: Reference | None = None) -> Built:
    """The records of an exchange. With `held` the answer is a revisit: its payload is there, or,
    of a 304, was confirmed. `digest` is that of the payload, `info_id` that of the file's info."""
    url, date = _address(capture.url), _date(capture.fetched_at)
    answer_id = _new_id()
    head = _message(
        f"HTTP/1.1 {capture.status} ".encode() + _one_line(capture.reason.encode()),
        _framed(capture.headers, len(capture.body)),
    )
    common = [("WARC-Date", date), ("WARC-Target-URI", url), ("WARC-Warcinfo-ID", info_id)]
    named = [("WARC-Record-ID", answer_id), *common, ("WARC-Payload-Digest", digest)]
    named += [(name, _one_line(value.encode()).decode()) for name, value in capture.origin]
    if held is None:
        kind, block = "response", [head, capture.body]
    else:
        kind, block = "revisit", [head]
        named += _refers(held, NOT_MODIFIED if capture.status == 304 else IDENTICAL)
    asked = [
        ("WARC-Record-ID", _new_id()),
        *common,
        ("WARC-Concurrent-To", answer_id),
        ("WARC-Payload-Digest", _EMPTY),
    ]
    return Built(
        answer=_member(kind, named, "application/http; msgtype=response", block),
        request=_member("request", asked, "application/http; msgtype=request", [_asked(capture)])
        if capture.method
        else b"",
        record_id=answer_id,
        url=url,
        date=date,
    )


def build_info(name: str, about: Iterable[tuple[str, str]], now: datetime) -> tuple[bytes, str]:
    """The record that begins a file, and its id."""
    record_id = _new_id()
    block = _message(None, [(k.encode(), v.encode()) for k, v in about])[:-2]
    named = [("WARC-Record-ID", record_id), ("WARC-Date", _date(now)), ("WARC-Filename", name)]
    return _member("warcinfo", named, "application/warc-fields", [block]), record_id


def _refers(held: Reference, profile: str) -> list[tuple[str, str]]:
    return [
        ("WARC-Profile", profile),
        ("WARC-Refers-To", held.record_id),
        ("WARC-Refers-To-Target-URI", held.url),
        ("WARC-Refers-To-Date", held.date),
        # Not of the standard, which lets a reader look the other three up in an index; so do we
        # where these two lead nowhere.
        ("WARC-Refers-To-Filename", held.file),
        ("WARC-Refers-To-File-Offset", str(held.offset)),
    ]


def _member(
    kind: str, named: Sequence[tuple[str, str]], content_type: str, block: Sequence[bytes]
) -> bytes:
    """A record as one gzip member."""
    sha1 = hashlib.sha1(usedforsecurity=False)
    for part in block:
        sha1.update(part)
    lines = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        *(f"{name}: {value}" for name, value in named),
        f"WARC-Block-Digest: {_digest(sha1.digest())}",
        f"Content-Type: {content_type}",
        f"Content-Length: {sum(map(len, block))}",
        "\r\n",
    ]
    press = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    packed = [press.compress("\r\n".join(lines).encode())]
    packed += map(press.compress, block)
    packed += [press.compress(b"\r\n\r\n"), press.flush()]
    return b"".join(packed)


def _asked(capture: Capture) -> bytes:
    parts = urlsplit(_address(capture.url))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = list(capture.request_headers)
    if not any(name.lower() == b"host" for name, _ in headers):
        headers.insert(0, (b"Host", parts.netloc.encode()))
    method = _NO_TOKEN.sub(b"", capture.method.encode()) or b"GET"
    return _message(method + f" {target} HTTP/1.1".encode(), headers)


def _message(start: bytes | None, headers: Iterable[Header]) -> bytes:
    """Start line and headers of an HTTP message, with the empty line that ends them. No line break
    of theirs becomes a header or a record of ours."""
    lines = [] if start is None else [start]
    lines += [
        (_NO_TOKEN.sub(b"_", name) or b"_") + b": " + _one_line(value) for name, value in headers
    ]
    return b"\r\n".join([*lines, b"", b""])


def _framed(headers: Iterable[Header], size: int) -> Iterable[Header]:
    """Headers that agree with the body as it is kept: its chunks are joined, so a header that
    says otherwise goes under another name."""
    for name, value in headers:
        low = name.lower()
        wrong_size = low == b"content-length" and value.strip() != str(size).encode()
        if wrong_size or low == b"transfer-encoding":
            name = b"X-Archive-Orig-" + name
        yield name, value


def _address(url: str) -> str:
    return quote(url.encode("utf-8", "replace"), safe=_URI_SAFE)


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _one_line(value: bytes) -> bytes:
    return _LINE_BREAK.sub(b" ", value)


def _new_id() -> str:
    return f"<urn:uuid:{uuid4()}>"


def _digest(digest: bytes) -> str:
    return "sha1:" + b32encode(digest).decode()


_EMPTY = payload_digest(b"")
