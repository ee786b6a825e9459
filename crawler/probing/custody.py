"""Custody: how one page came to us and where it lies, as lines, for `scrapy verify <address>`.

Everything comes from sites, so every line passes `safe`; what could be a credential is not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select

from corpus.archive_reading import NotInArchive, read_page, read_request
from corpus.storing import PLACE
from corpus.verifying import ARTICLES, PAGES, VERSIONS, Kept, fault
from crawler.portals.base import Identity
from crawler.probing.terminal import safe, table
from crawler.redaction import redact

_SECRET: Final = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"}
)
"""Headers of which only the name is shown."""


@dataclass(frozen=True, slots=True)
class Custody:
    """What the corpus says of one page."""

    page: Mapping[str, Any] | None
    """Its row of `pages`."""
    article: Mapping[str, Any] | None
    """Its row of `articles`, or that of the article it is a duplicate of."""
    versions: tuple[Mapping[str, Any], ...]

    @property
    def kept(self) -> Kept | None:
        """Where the page lies that the article was read from, or else the page's last answer."""
        for row in (self.article, self.page):
            if row is not None and row["warc_file"] is not None:
                return Kept(row["url"], *(row[name] for name in PLACE))
        return None


def custody_of(connection: Connection, identity: Identity) -> Custody:
    """What is held of the page of that identity."""
    here = (PAGES.c.portal == identity.portal, PAGES.c.key == identity.key)
    page = connection.execute(select(PAGES).where(*here)).mappings().first()
    wanted = [ARTICLES.c.portal == identity.portal, ARTICLES.c.key == identity.key]
    if page is not None and page["article_id"] is not None:
        wanted = [ARTICLES.c.id == page["article_id"]]
    article = connection.execute(select(ARTICLES).where(*wanted)).mappings().first()
    versions: tuple[Mapping[str, Any], ...] = ()
    if article is not None:
        of_it = select(VERSIONS).where(VERSIONS.c.article_id == article["id"])
        rows = connection.execute(of_it.order_by(VERSIONS.c.version)).mappings()
        versions = tuple(dict(row) for row in rows)
    return Custody(
        None if page is None else dict(page), None if article is None else dict(article), versions
    )


def faults_of(directory: Path, custody: Custody) -> list[str]:
    """One line a fault: of the record of the article, of the page and of each version."""
    rows = [row for row in (custody.article, custody.page, *custody.versions) if row is not None]
    places = {Kept("", *(row[name] for name in PLACE)) for row in rows if row["warc_file"]}
    found = [(one, fault(directory, one)) for one in sorted(places, key=str)]
    return [f"{one}: {why}".strip() for one, why in found if why is not None]


def lines(directory: Path, identity: Identity, custody: Custody) -> Iterator[str]:
    """The chain: the page, what was asked, what was answered, the record, who read it when."""
    rows = [("address", identity.url), ("key", f"{identity.portal} {identity.key}")]
    if custody.page is not None:
        reason = f": {custody.page['reason']}" if custody.page["reason"] else ""
        rows.append(("state", f"{custody.page['state']}{reason}"))
    if custody.article is not None and custody.article["key"] != identity.key:
        rows.append(("stored as", custody.article["key"]))
    yield from _pairs(rows)
    yield from _exchange(directory, custody.kept)
    if custody.article is not None:
        article = custody.article
        yield from _pairs(
            [
                ("run", article["run_id"] or "-"),
                ("read by", f"extractor {_reader(article)}"),
                ("first seen", _time(article["first_seen_at"])),
                ("last seen", _time(article["last_seen_at"])),
                ("gone", _time(article["gone_at"])),
            ]
        )
        cells = [
            [
                str(row["version"]),
                row["cause"],
                _time(row["fetched_at"]),
                _reader(row),
                _where(row),
            ]
            for row in custody.versions
        ]
        yield from map(
            safe, table(cells, header=("version", "cause", "fetched", "extractor", "record"))
        )


def _exchange(directory: Path, kept: Kept | None) -> Iterator[str]:
    place = kept.place if kept is not None else None
    if place is None:
        yield "record  none: no page is kept"
        return
    try:
        page = read_page(directory, place)
    except NotInArchive as missing:
        yield safe(f"record  not readable: {missing}")
        return
    try:
        asked = read_request(directory, place)
        yield safe(f"request  {redact(asked.line)}")
        yield from _headers(asked.headers)
    except NotInArchive as missing:
        silent = page.imported_from is not None
        why = "not known: it was imported without one" if silent else f"not readable: {missing}"
        yield safe(f"request  {why}")
    yield f"response  status {page.status}"
    yield from _headers(page.headers)
    rows = [
        ("fetched", _time(page.fetched_at)),
        ("from", page.url),
        ("payload", f"{len(page.payload)} bytes, {page.payload_digest}"),
        ("record", page.record_id),
        ("file", f"{place.file}, byte {place.offset}, {place.length} bytes"),
    ]
    if page.imported_from:
        rows.insert(2, ("imported from", page.imported_from))
    if page.refers_to:
        rows.insert(-2, ("same payload as", page.refers_to))
    yield from _pairs(rows)


def _headers(headers: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in headers:
        shown = "***" if name.lower() in _SECRET else redact(value)
        yield safe(f"    {name}: {shown}")


def _pairs(rows: Iterable[tuple[str, Any]]) -> Iterator[str]:
    yield from (safe(redact(line)) for line in table([(name, str(v)) for name, v in rows]))


def _reader(row: Mapping[str, Any]) -> str:
    return f"{row['extractor_revision'] or '-'}, knowledge {row['knowledge_revision']}"


def _where(row: Mapping[str, Any]) -> str:
    return f"{row['warc_file']}, byte {row['warc_offset']}" if row["warc_file"] else "-"


def _time(at: datetime | None) -> str:
    return at.isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z") if at else "-"
