"""Archive: every fetched article page as WARC 1.1, on disk before its row is committed.

Plain for now: one file a run, no rotation and no revisit records. The records are built by
warcio without compression and compressed here, one gzip member a record at level 3 (warcio
hard-wires 9, at several times the cost). A failed write is cut off again, so the file always
ends after a whole member unless the process was killed inside one.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO, FileIO
from pathlib import Path
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import BufferWARCWriter

LEVEL = 3
SOFTWARE = "titrologue"
_UNSAFE = re.compile(r"[^a-z0-9-]+")
_LINE_BREAK = re.compile(r"[\r\n\x00]+")

Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Capture:
    """One HTTP exchange as it was."""

    url: str
    method: str
    request_headers: Sequence[Header]
    """(name, value); credentials left out."""
    status: int
    reason: str
    """Reason phrase: `OK`."""
    headers: Sequence[Header]
    """Response headers."""
    body: bytes
    """As sent: Content-Encoding still holds, chunked framing is undone."""
    fetched_at: datetime
    """Aware."""


@dataclass(frozen=True, slots=True)
class WarcPlace:
    """Where a response record lies."""

    file: str
    """Path below ARCHIVE_DIR, with slashes."""
    offset: int
    """First byte of the record's gzip member."""
    length: int
    """Bytes of that member."""
    digest: str
    """Payload digest: `sha1:` and base32."""


def slug(text: str, longest: int = 80) -> str:
    """`text` as a safe part of a file name: `[a-z0-9-]`, never empty."""
    return _UNSAFE.sub("-", text.lower()).strip("-")[:longest] or "x"


class Archive:
    """The WARC file of one run. Used by the writer thread alone."""

    def __init__(self, directory: Path, portal: str, run_name: str) -> None:
        """`directory` is ARCHIVE_DIR. Nothing is created before the first page."""
        self.directory = directory
        self.portal = slug(portal)
        self.run_name = slug(run_name)
        self.bytes_written = 0
        self._file: FileIO | None = None
        self._name = ""
        self._unflushed = False

    def write(self, capture: Capture) -> WarcPlace:
        """Append request and response; return the response's place. Raises OSError."""
        out = self._open()
        start = out.tell()
        try:
            request, response, digest = _exchange(capture)
            _write_all(out, request)
            offset = out.tell()
            _write_all(out, response)
        except BaseException:
            self._cut(start)
            raise
        self._unflushed = True
        self.bytes_written += len(request) + len(response)
        return WarcPlace(self._name, offset, len(response), digest)

    def flush(self) -> None:
        """Make sure that what was written is on the disk."""
        if self._file is not None and self._unflushed:
            os.fsync(self._file.fileno())
            self._unflushed = False

    def close(self) -> None:
        """Flush and close; a later write opens another file."""
        if self._file is not None:
            try:
                self.flush()
            finally:
                self._file.close()
                self._file = None

    def _open(self) -> FileIO:
        if self._file is None:
            folder = self.directory / self.portal
            folder.mkdir(parents=True, exist_ok=True)
            base = f"{self.portal}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{self.run_name}"
            file, name = _create(folder, base)
            try:
                _write_all(file, _info(name))
            except BaseException:
                file.close()
                (folder / name).unlink(missing_ok=True)
                raise
            _sync_folder(folder)
            self._file, self._name, self._unflushed = file, f"{self.portal}/{name}", True
        return self._file

    def _cut(self, size: int) -> None:
        """Undo a write that failed half-way."""
        if self._file is not None:
            try:
                self._file.seek(size)
                self._file.truncate(size)
            except OSError:
                # Even that fails: this file is left with a torn tail and not written again.
                self._file.close()
                self._file = None


def _create(folder: Path, base: str) -> tuple[FileIO, str]:
    """A new file; never one that exists, nor through a link."""
    for number in range(1000):
        name = f"{base}{f'-{number}' if number else ''}.warc.gz"
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
            descriptor = os.open(folder / name, flags, 0o666)
        except FileExistsError:
            continue
        # Unbuffered: what a failed write leaves is in the file, where it can be cut.
        return open(descriptor, "w+b", buffering=0), name
    raise FileExistsError(f"{folder / base}: a thousand files of that name")


def _write_all(file: FileIO, data: bytes) -> None:
    """Write all of `data`: on a nearly full disk one call may take only a part."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) or 0 :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _member(data: bytes) -> bytes:
    """One gzip member."""
    press = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return press.compress(data) + press.flush()


def _builder() -> BufferWARCWriter:
    return BufferWARCWriter(gzip=False, warc_version="1.1")


def _info(name: str) -> bytes:
    builder = _builder()
    info = {"software": SOFTWARE, "format": "WARC File Format 1.1"}
    builder.write_record(builder.create_warcinfo_record(name, info))
    return _member(builder.get_contents())


def _exchange(capture: Capture) -> tuple[bytes, bytes, str]:
    """(request member, response member, payload digest)."""
    moment = capture.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    response, response_id, digest = _response(capture, moment)
    builder = _builder()
    parts = urlsplit(capture.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = _plain(capture.request_headers)
    if not any(name.lower() == "host" for name, _ in headers):
        headers.insert(0, ("Host", parts.netloc))
    builder.write_record(
        builder.create_warc_record(
            capture.url,
            "request",
            payload=BytesIO(b""),
            length=0,
            http_headers=StatusAndHeaders(
                f"{_one_line(target)} HTTP/1.1", headers, protocol=_one_line(capture.method)
            ),
            warc_headers_dict={"WARC-Date": moment, "WARC-Concurrent-To": response_id},
        )
    )
    return _member(builder.get_contents()), _member(response), digest


def _response(capture: Capture, moment: str) -> tuple[bytes, str, str]:
    """(record, record id, payload digest)."""
    builder = _builder()
    record = builder.create_warc_record(
        capture.url,
        "response",
        payload=BytesIO(capture.body),
        length=len(capture.body),
        http_headers=StatusAndHeaders(
            f"{capture.status} {_one_line(capture.reason)}",
            list(_framed(_plain(capture.headers), len(capture.body))),
            protocol="HTTP/1.1",
        ),
        warc_headers_dict={"WARC-Date": moment},
    )
    builder.write_record(record)
    headers = record.rec_headers
    return (
        builder.get_contents(),
        headers.get_header("WARC-Record-ID"),
        headers.get_header("WARC-Payload-Digest"),
    )


def _framed(headers: Iterable[tuple[str, str]], size: int) -> Iterable[tuple[str, str]]:
    """Headers that agree with the body as it is kept: its chunks are joined, so a header that
    says otherwise goes under another name."""
    for name, value in headers:
        wrong_size = name.lower() == "content-length" and value.strip() != str(size)
        if wrong_size or name.lower() == "transfer-encoding":
            name = f"X-Archive-Orig-{name}"
        yield name, value


def _plain(headers: Iterable[Header]) -> list[tuple[str, str]]:
    # Latin-1 holds any byte and gives it back unchanged.
    return [
        (_one_line(name.decode("latin-1")), _one_line(value.decode("latin-1")))
        for name, value in headers
    ]


def _one_line(text: str) -> str:
    """No line break of theirs may become a header or a record of ours."""
    return _LINE_BREAK.sub(" ", text)
