"""Archive: every fetched article page as WARC 1.1, on disk before its row is committed.

Plain for now: one file a run, no rotation and no revisit records. The records are built by
warcio without compression and compressed here, one gzip member a record at level 3 (warcio
hard-wires 9, at several times the cost). A failed write is cut off again, so the file always
ends after a whole member unless the process was killed inside one.
"""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from base64 import b32encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO, FileIO
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit
from uuid import uuid4

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus.problems import Unwritable

LEVEL = 3
SOFTWARE = "titrologue"
OPEN = ".open"
"""What a file's name ends in while it is written to; the database has the name without it."""
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

    def columns(self) -> dict[str, str | int]:
        """The same as columns of the tables."""
        return {
            "warc_file": self.file,
            "warc_offset": self.offset,
            "warc_length": self.length,
            "warc_digest": self.digest,
        }


def slug(text: str, longest: int = 80) -> str:
    """`text` as a safe part of a file name: `[a-z0-9-]`, never empty."""
    return _UNSAFE.sub("-", text.lower()).strip("-")[:longest] or "x"


class Archive:
    """The WARC file of one run. Used by the writer thread alone."""

    def __init__(self, directory: Path, portal: str, run_name: str) -> None:
        """`directory` is ARCHIVE_DIR. No file is created before the first page."""
        self.directory = directory
        self.portal = slug(portal)
        self.run_name = slug(run_name)
        self.bytes_written = 0
        """Bytes of all its files."""
        self._file: FileIO | None = None
        self._name = ""
        self._unflushed = False

    def prepare(self) -> None:
        """Make the portal's folder and try a file in it, so that a run that could keep no page
        fetches none. Raises `Unwritable`."""
        folder = self.directory / self.portal
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=folder) as trial:
                trial.write(b"\0")
        except OSError as error:
            raise Unwritable(
                f"the archive cannot be written: {folder}: {error.strerror}; give ARCHIVE_DIR a"
                " folder that can, or set ARCHIVE=none"
            ) from error

    def write(self, capture: Capture) -> WarcPlace:
        """Append response and request; return the response's place. Raises OSError."""
        out = self._open()
        start = out.tell()
        try:
            request, response, digest = _exchange(capture)
            # The request stands right behind, where whoever reads the answer finds it.
            _write_all(out, response)
            _write_all(out, request)
        except BaseException:
            self._cut(start)
            raise
        self._unflushed = True
        self.bytes_written += len(request) + len(response)
        return WarcPlace(self._name, start, len(response), digest)

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
            self.bytes_written += file.tell()
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


def _member(build: Callable[[WARCWriter], object]) -> bytes:
    """The record that `build` makes, as one gzip member."""
    plain = BytesIO()
    build(WARCWriter(plain, gzip=False, warc_version="1.1"))
    press = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return press.compress(plain.getbuffer()) + press.flush()


def _info(name: str) -> bytes:
    info = {"software": SOFTWARE, "format": "WARC File Format 1.1"}
    return _member(lambda out: out.write_record(out.create_warcinfo_record(name, info)))


def _exchange(capture: Capture) -> tuple[bytes, bytes, str]:
    """(request member, response member, payload digest)."""
    moment = capture.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    response_id = f"<urn:uuid:{uuid4()}>"
    parts = urlsplit(capture.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    asked = _plain(capture.request_headers)
    if not any(name.lower() == "host" for name, _ in asked):
        asked.insert(0, ("Host", parts.netloc))
    request = _member(
        lambda out: _record(
            out,
            (capture.url, "request"),
            StatusAndHeaders(f"{_ascii(target)} HTTP/1.1", asked, protocol=_ascii(capture.method)),
            b"",
            {"WARC-Date": moment, "WARC-Concurrent-To": response_id},
        )
    )
    response = _member(
        lambda out: _record(
            out,
            (capture.url, "response"),
            StatusAndHeaders(
                f"{capture.status} {_ascii(capture.reason)}",
                list(_framed(_plain(capture.headers), len(capture.body))),
                protocol="HTTP/1.1",
            ),
            capture.body,
            {"WARC-Date": moment, "WARC-Record-ID": response_id},
        )
    )
    return request, response, _digest(capture.body)


def _record(
    out: WARCWriter,
    what: tuple[str, str],
    http: StatusAndHeaders,
    body: bytes,
    headers: dict[str, str],
) -> None:
    """Write one HTTP record. The digests are ours: left to warcio, it would copy each body
    twice through a temporary file."""
    digests = {
        "WARC-Payload-Digest": _digest(body),
        "WARC-Block-Digest": _digest(http.to_ascii_bytes() + body),
    }
    record = out.create_warc_record(
        *what,
        payload=BytesIO(body),
        length=len(body),
        http_headers=http,
        warc_headers_dict=headers | digests,
    )
    out.write_record(record)


def _digest(data: bytes) -> str:
    """As WARC writes it: `sha1:` and base32."""
    return "sha1:" + b32encode(hashlib.sha1(data).digest()).decode()


def _framed(headers: Iterable[tuple[str, str]], size: int) -> Iterable[tuple[str, str]]:
    """Headers that agree with the body as it is kept: its chunks are joined, so a header that
    says otherwise goes under another name."""
    for name, value in headers:
        wrong_size = name.lower() == "content-length" and value.strip() != str(size)
        if wrong_size or name.lower() == "transfer-encoding":
            name = f"X-Archive-Orig-{name}"
        yield name, value


def _plain(headers: Iterable[Header]) -> list[tuple[str, str]]:
    # Latin-1 holds any byte; what is beyond ASCII in a value warcio percent-encodes.
    return [
        (_ascii(name.decode("latin-1")), _one_line(value.decode("latin-1")))
        for name, value in headers
    ]


def _ascii(text: str) -> str:
    """One line of ASCII, for the places where warcio takes nothing else."""
    return _one_line(text).encode("ascii", "replace").decode()


def _one_line(text: str) -> str:
    """No line break of theirs may become a header or a record of ours."""
    return _LINE_BREAK.sub(" ", text)
