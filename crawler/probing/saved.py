"""Saved pages: from a file on disk to a Page with its address and its portal."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from crawler.addresses import BadAddress, canonical
from crawler.parsing.page import MAX_BYTES, Page
from crawler.portals.base import Portal, portal_of
from crawler.portals.generic import generic_portal

NOWHERE = "http://file.local/"
"""Address of a file that does not say where it came from."""
CLEARLY = 3
"""How many times more links one portal needs than the next."""
MANY = 8
"""Links to one portal that outweigh any number to a host that is none."""


class UnreadableFile(Exception):
    """The file cannot be opened, or is no gzip although it says so. One line."""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A file read as a page, the portal it is of, and what told its address."""

    page: Page
    portal: type[Portal]
    address_sign: str
    """`option`, `canonical`, `og:url`, `links`, `none`."""


def load(path: Path, *, url: str | None, at: datetime) -> SavedPage:
    """Read `path` (`.html`, or the same gzipped). `url` is the address if the user gave it; `at`
    the clock of relative dates. Raises `UnreadableFile`, and `BadAddress` for a bad `url`."""
    page = Page(NOWHERE, _bytes(path), None, at)
    address, sign = (canonical(url), "option") if url else find_address(page)
    # The tree is made by now and does not depend on the address: it is not made twice.
    page.url = address
    return SavedPage(page, portal_of(address) or generic_portal(address), sign)


def find_address(page: Page) -> tuple[str, str]:
    """Where a saved page came from, and the sign that says so: its canonical link, its og:url, or
    the home of the portal that most of its links lead to."""
    link = page.tree.css_first('link[rel~="canonical"][href]')
    named = (
        ("canonical", link.attributes.get("href") if link is not None else None),
        ("og:url", page.meta.get("og:url")),
    )
    for sign, text in named:
        if text and text.strip().lower().startswith(("http://", "https://", "//")):
            try:
                return canonical(text, NOWHERE), sign
            except BadAddress:
                continue
    portal = _linked_portal(page)
    return (canonical(portal.home()), "links") if portal else (NOWHERE, "none")


def _linked_portal(page: Page) -> type[Portal] | None:
    """The portal whose hosts most absolute links lead to. Where another host has more (a directory
    of outside sites, or the page's own host), only by many links; where two portals have about as
    many, as in the network's bar that names each once, none."""
    hosts: Counter[str] = Counter()
    for node in page.tree.css("a[href]"):
        href = (node.attributes.get("href") or "").strip()
        if href.lower().startswith(("http://", "https://", "//")):
            try:
                hosts[urlsplit(canonical(href, NOWHERE)).hostname or ""] += 1
            except BadAddress:
                continue
    ours: Counter[type[Portal]] = Counter()
    others = 0
    for host, count in hosts.items():
        if portal := portal_of(f"http://{host}/"):
            ours[portal] += count
        else:
            others = max(others, count)
    ranked = ours.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] < CLEARLY * ranked[1][1]):
        return None
    portal, count = ranked[0]
    return portal if count > others or count >= MANY else None


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}") from None
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        # One byte more than is read: a bomb ends here, and a long page is still seen as long.
        with gzip.GzipFile(fileobj=BytesIO(data)) as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{path}: damaged gzip: {error}") from None
