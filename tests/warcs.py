"""WARC files as other tools write them, for tests."""

from __future__ import annotations

import gzip
import json
from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha1, sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.handmade import NEWS, article_page

HTML = ("Content-Type", "text/html; charset=utf-8")


class Records:
    """Records in memory, by warcio, as Common Crawl and others write them."""

    def __init__(self, *, packed: bool = True) -> None:
        self._out = BytesIO()
        self._writer = WARCWriter(self._out, gzip=packed)

    def put(
        self,
        url: str,
        body: bytes,
        date: str,
        *,
        kind: str = "response",
        status: str = "200 OK",
        http: list[tuple[str, str]] | None = None,
        protocol: str = "HTTP/1.1",
        warc: dict[str, str] | None = None,
    ) -> str:
        """One record; its id."""
        headers = None
        if kind != "resource":
            given = [HTML] if http is None else http
            headers = StatusAndHeaders(status, given, protocol=protocol)
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(body),
            length=len(body),
            http_headers=headers,
            warc_headers_dict={"WARC-Date": date, **(warc or {})},
            warc_content_type="text/html" if kind == "resource" else "",
        )
        self._writer.write_record(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))

    def article(self, number: int, date: str, text: str = "", **more: Any) -> str:
        """An article of the portal abamako."""
        page = article_page(
            f"Nouvelle n° {number} du quartier", body=text or f"La nouvelle {number}. " * 30
        )
        return self.put(f"http://{NEWS}/h/{number}.html", page.body, date, **more)

    def bytes(self) -> bytes:
        """All of them."""
        return self._out.getvalue()

    def save(self, path: Path) -> Path:
        """Into a file."""
        path.write_bytes(self.bytes())
        return path


def arc(path: Path, pages: dict[str, str]) -> None:
    """An ARC file, one gzip member a record: address → date."""
    head = "1 0 Heritrix\nURL IP-address Archive-date Content-type Archive-length\n"
    parts = [f"filedesc://{path.name} 0.0.0.0 20080430204825 text/plain {len(head)}\n{head}\n"]
    for url, date in pages.items():
        page = article_page(f"Nouvelle de {url[-8:-5]} dans la ville").body.decode()
        block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}"
        length = len(block.encode())
        parts.append(f"{url} 192.0.2.1 {date} text/html {length}\n{block}\n")
    path.write_bytes(b"".join(gzip.compress(part.encode()) for part in parts))


def heritrix(path: Path, pages: dict[str, bytes], *, request_first: bool) -> None:
    """A file as Heritrix writes it: WARC 1.0, names looked up among the records, each page's answer
    in the chunks in which it came, its request and what the crawler noted beside it by its id."""
    date = "2024-03-30T09:00:00Z"
    parts = [
        _record("warcinfo", b"software: Heritrix/3.4.0\r\nformat: WARC File Format 1.0\r\n",
                "application/warc-fields", date, **{"WARC-Filename": path.name}),
        _record("response", f"20240330090000\n{NEWS}.\t\t3600\tIN\tA\t192.0.2.1\n".encode(),
                "text/dns", date, **{"WARC-Target-URI": f"dns:{NEWS}"}),
    ]  # fmt: skip
    for number, (url, page) in enumerate(pages.items()):
        name = f"<urn:uuid:00000000-0000-4000-8000-{number:012}>"
        chunks = [page[at : at + 100] for at in range(0, len(page), 100)]
        body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
        head = (
            b"HTTP/1.1 200 OK\r\nServer: Apache\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n"
        )
        target = url.partition("//")[2].partition("/")[2]
        asked = f"GET /{target} HTTP/1.1\r\nUser-Agent: otherbot\r\nHost: {NEWS}\r\n\r\n"
        beside = {"WARC-Target-URI": url, "WARC-Concurrent-To": name}
        answer = _record(
            "response", head + body, "application/http; msgtype=response", date,
            **{"WARC-Target-URI": url, "WARC-IP-Address": "192.0.2.1", "WARC-Record-ID": name,
               "WARC-Payload-Digest": f"sha1:{b32encode(sha1(body).digest()).decode()}"},
        )  # fmt: skip
        request = _record(
            "request", asked.encode(), "application/http; msgtype=request", date, **beside
        )
        noted = _record(
            "metadata", b"via: http://news.abamako.com/\r\nfetchTimeMs: 44\r\n",
            "application/warc-fields", date, **beside,
        )  # fmt: skip
        parts += [request, answer, noted] if request_first else [answer, request, noted]
    path.write_bytes(b"".join(map(gzip.compress, parts)))


def _record(kind: str, block: bytes, label: str, date: str, **fields: str) -> bytes:
    fields = {"WARC-Record-ID": f"<urn:uuid:{uuid4()}>", **fields}
    lines = [
        "WARC/1.0", f"WARC-Type: {kind}", f"WARC-Date: {date}",
        *(f"{name}: {value}" for name, value in fields.items()),
        f"Content-Type: {label}", f"Content-Length: {len(block)}",
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def wacz(
    path: Path,
    files: dict[str, bytes],
    *,
    packed: bool = False,
    listed: bool = True,
    forged: Iterable[str] = (),
) -> None:
    """A package; of the `forged` files its list gives other hashes."""
    resources = [
        {
            "name": name.rpartition("/")[2],
            "path": name,
            "hash": f"sha256:{sha256(data + (b'x' if name in forged else b'')).hexdigest()}",
            "bytes": len(data),
        }
        for name, data in files.items()
    ]
    listing = json.dumps(
        {"profile": "data-package", "wacz_version": "1.1.1", "resources": resources}
    ).encode()
    digest = json.dumps(
        {"path": "datapackage.json", "hash": f"sha256:{sha256(listing).hexdigest()}"}
    )
    with ZipFile(path, "w", ZIP_DEFLATED if packed else ZIP_STORED) as package:
        for name, data in files.items():
            package.writestr(name, data)
        if listed:
            package.writestr("datapackage.json", listing)
            package.writestr("datapackage-digest.json", digest)
