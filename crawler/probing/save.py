"""Save: what a probe saw, as one WARC file that any web archive tool reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus.warc.captures import Capture, Header
from crawler import __version__


def save_captures(path: Path, captures: Iterable[Capture]) -> None:
    """Write request and response of each exchange to a new file, gzipped where its name ends in
    `.gz`. Raises `OSError`."""
    with path.open("xb") as stream:
        writer = WARCWriter(stream, gzip=path.name.endswith(".gz"), warc_version="1.1")
        about = {"software": f"titrologue/{__version__}", "format": "WARC File Format 1.1"}
        writer.write_record(writer.create_warcinfo_record(path.name, about))
        for capture in captures:
            response = writer.create_warc_record(
                capture.url,
                "response",
                payload=BytesIO(capture.body),
                http_headers=StatusAndHeaders(
                    f"{capture.status} {capture.reason}",
                    _text(capture.headers),
                    protocol="HTTP/1.1",
                ),
                warc_headers_dict={"WARC-Date": _time(capture.fetched_at)},
            )
            request = writer.create_warc_record(
                capture.url,
                "request",
                http_headers=StatusAndHeaders(
                    f"{capture.method} {_target(capture.url)} HTTP/1.1",
                    [("Host", urlsplit(capture.url).netloc), *_text(capture.request_headers)],
                    is_http_request=True,
                ),
                warc_headers_dict={"WARC-Date": _time(capture.fetched_at)},
            )
            writer.write_request_response_pair(request, response)


def _text(headers: Iterable[Header]) -> list[tuple[str, str]]:
    """Names and values as WARC has them; a line break in a value would start a header."""
    return [
        (name.decode("latin-1"), " ".join(value.decode("latin-1").splitlines()))
        for name, value in headers
        if name.lower() != b"host"
    ]


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
