"""Listing: a section page or front page read into its entries, its next page and its sections.

Called by `crawler.discovery` with a `Page` and its portal. A listing is recognised by what it
holds, never by its address or its class names; each answer says which sign gave it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.addresses import BadAddress, canonical, site_free
from crawler.parsing.dates import looks_dated, read_date
from crawler.parsing.entries import EntryReader, Found
from crawler.parsing.links import Link, Scan, scan_page
from crawler.parsing.pagination import NextLink, find_next, number_of
from crawler.parsing.shapes import WEAK_MINIMUM
from crawler.portals.base import Identity, Portal
from crawler.portals.sections import fold_words, is_known, is_no_section, is_site_plan, section_slug

if TYPE_CHECKING:
    from crawler.parsing.page import Page

__all__ = ["Entry", "Listing", "NextLink", "SectionLink", "read_listing", "read_ways_in"]

STRONG_MINIMUM = 5
MAX_DATES_READ = 600
"""Date lines read of one page; past it entries have none."""
PROSE = 1000
"""Characters of running text in one place that make a page an article."""
_PARAGRAPH = 12
"""Pieces of text that a paragraph may have."""
MAX_SECTION_WORDS = 4
MAX_SECTION_CHARS = 40
MAX_SECTIONS = 200
MAX_COVER_LINKS = 3
"""Links of a cover page («Entrer»); a page with more is no cover."""
MAX_HEADED = 60
"""Links «Voir tous les articles» of a front page whose heading is looked for."""

_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|zip|docx?|xlsx?|css|js|xml|rss|ram|asx|swf|apk)$"
    r"|/(?:rss|feed)/?$",
    re.IGNORECASE,
)
_ALL_OF = re.compile(
    r"^((voir|lire|consulter|afficher|acceder a|en savoir) )?"
    r"(tout|tous|toute|toutes|plus|davantage|la rubrique|la suite|suite)( |$)"
)
_REFRESH = re.compile(r"\s*\d{1,2}\s*[;,]\s*url\s*=\s*['\"]?([^'\">]{1,900})", re.IGNORECASE)
"""A refresh within 99 seconds that leads to another page; the portals reload theirs at 1800."""
_HOME = re.compile(r"^/(?:index|default|accueil|home)?(?:\.(?:html?|aspx?|php\d?))?$", re.I)


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of a listing page, however often the page links to it."""

    identity: Identity
    title: str
    """Headline as the page shows it; empty where only a picture leads to the article."""
    listed_on: date | None
    """Day the listing gives, on the portal's clock."""
    listed_raw: str | None
    """The line the day was read from."""
    main: bool
    """True for the listing itself, False for a menu or a side column."""


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A link that leads, or may lead, to a section's first page."""

    url: str
    label: str
    slug: str
    sign: str
    """`label`: a known section label; `breadcrumb`; `menu`: a short link among others, whose page
    must prove itself; `plan`: «Plan du site», which leads to sections and is none."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a listing page holds. `signs` names, for each part, the sign that gave it."""

    url: str
    entries: tuple[Entry, ...]
    """In page order, one for each article."""
    next_links: tuple[NextLink, ...]
    """Best first; the page itself is never among them."""
    sections: tuple[SectionLink, ...]
    """Known labels first, each in page order; an address under two known labels comes twice."""
    label: str | None
    """The heading or breadcrumb that names the listing."""
    signs: dict[str, str]
    is_listing: bool
    """True where the page holds enough articles to be a listing, and is no article."""

    @property
    def main(self) -> tuple[Entry, ...]:
        """The entries of the listing itself."""
        return tuple(entry for entry in self.entries if entry.main)


def read_listing(
    page: Page, portal: type[Portal], *, page_number: int = 1, shapes: Container[object] = ()
) -> Listing:
    """Read `page` as a listing of `portal`. Never raises on any bytes.

    `page_number` is the place in the walk, from 1; it settles which number of a pager is the
    current one where the page does not show it. `shapes` are those of addresses known to be
    articles' (`shapes.address_shape`), for portals without numbers.
    """
    scan = scan_page(page, portal)
    front = _is_home(scan.url, portal)
    today = page.fetched_at.astimezone(portal.zone()).date()
    read_day = _day_reader(page, portal)
    reader = EntryReader(scan, read_day, today, front=front, page_number=page_number, shapes=shapes)
    found = reader.read()
    entries = tuple(Entry(e.identity, e.title, e.listed_on, e.listed_raw, e.main) for e in found)
    keys = {e.identity.key for e in found}
    next_links = find_next(scan, page_number=page_number, articles=keys)
    sections = _SectionReader(scan, portal, keys).read()
    if front:
        sections = _with_headed(sections, scan, keys, {link.url for link in next_links})
    label, label_sign = _label(scan)
    signs = {
        "entries": reader.sign,
        "next": next_links[0].sign if next_links else "none",
        "label": label_sign,
    }
    if scan.capped:
        signs["links"] = "capped"
    return Listing(
        url=scan.url,
        entries=entries,
        next_links=next_links,
        sections=sections,
        label=label,
        signs=signs,
        is_listing=_is_listing(scan, portal, reader, found, page_number),
    )


def read_ways_in(page: Page, portal: type[Portal]) -> tuple[str, ...]:
    """Where a front page without articles leads to on its own: its `<meta>` refresh, its frames, or
    the one to three links of a cover page. Addresses of the portal, canonical."""
    found = [
        refresh.group(1)
        for node in page.tree.css("meta[http-equiv]")
        if (refresh := _REFRESH.match(node.attributes.get("content") or ""))
    ]
    found += [node.attributes.get("src") or "" for node in page.tree.css("frame, iframe")]
    if not any(found):
        links = [link.url for link in scan_page(page, portal).links if link.kind == "a"]
        found = links if len(set(links)) <= MAX_COVER_LINKS else []
    ways: list[str] = []
    for href in found:
        try:
            address = portal.identify(href, page.url) if href else None
        except BadAddress:
            continue
        if address is not None and address.number is None and address.url not in ways:
            ways.append(address.url)
    return tuple(ways)


def leads_to_file(url: str) -> bool:
    """True for the address of a picture, a feed, a document: no page."""
    parts = urlsplit(url)
    return bool(_FILE.search(parts.path)) or "page=backend" in parts.query


def _day_reader(page: Page, portal: type[Portal]) -> Callable[[str], date | None]:
    """A memory of the date lines of one page; it stops reading after `MAX_DATES_READ`."""
    zone, at = portal.zone(), page.fetched_at
    left = [MAX_DATES_READ]

    @cache
    def read_day(line: str) -> date | None:
        if left[0] <= 0 or not looks_dated(line):
            return None
        left[0] -= 1
        return read_date(line, at=at, zone=zone).day

    return read_day


def _is_home(url: str, portal: type[Portal]) -> bool:
    """True for the front page: the news host's root, whatever its index is called."""
    parts = urlsplit(url)
    home = urlsplit(canonical(portal.home()))
    same = parts.netloc.removeprefix("www.") == home.netloc.removeprefix("www.")
    return same and not parts.query and bool(_HOME.match(parts.path))


def _is_listing(
    scan: Scan, portal: type[Portal], reader: EntryReader, found: list[Found], page_number: int
) -> bool:
    try:
        if portal.identify(scan.url).number is not None:
            return False
    except BadAddress:
        pass
    main = [e for e in found if e.main]
    minimum = STRONG_MINIMUM if reader.sign == "pattern" else WEAK_MINIMUM
    if len(main) < (1 if page_number > 1 else minimum):
        return False
    shown = sum(len(e.title) for e in main)
    return _prose(scan, reader) < max(PROSE, shown // 2 if len(main) >= 20 else 0)


def _prose(scan: Scan, reader: EntryReader) -> int:
    """Characters of the longest running text in one place outside the entries' groups."""
    lines: dict[int, list[int]] = defaultdict(list)
    for n, run in enumerate(scan.runs):
        if run.link < 0 and not run.text.isspace():
            lines[run.line].append(n)
    weights: dict[int, int] = defaultdict(int)
    spans = reader.spans()
    for members in lines.values():
        length = sum(len(scan.runs[n].text.strip()) for n in members)
        if length < 80 or any(a <= members[0] < b for a, b in spans):
            continue
        block = next(
            (b for b in scan.climb(scan.runs[members[0]].box) if scan.boxes[b].tag
             not in ("p", "span", "b", "i", "em", "strong", "font")
             and not _holds_one_line(scan, b)), -1)  # fmt: skip
        weights[block] += length
    return max(weights.values(), default=0)


def _holds_one_line(scan: Scan, box: int) -> bool:
    """True for an element around a single paragraph, as where each is a `<div>`."""
    start, end = scan.boxes[box].runs
    if end - start > _PARAGRAPH:
        return False
    lines = {run.line for run in scan.runs[start:end] if not run.text.isspace()}
    return scan.boxes[box].tag == "div" and len(lines) == 1


def _label(scan: Scan) -> tuple[str | None, str]:
    """The name of the listing: a heading that is a section's, a breadcrumb's last word, an h1."""
    headings: list[tuple[str, str]] = []
    for box in scan.boxes:
        if box.tag in ("h1", "h2", "h3") and not box.side:
            text = " ".join(scan.lines(*box.runs))
            if text and len(text) <= 80 and box.links[0] == box.links[1]:
                headings.append((box.tag, text))
    for _, text in headings:
        if is_known(text):
            return text, "heading"
    for line in scan.lines(0, len(scan.runs)):
        parts = [p.strip() for p in re.split(r"[/»›>|→]", line)]
        if 2 <= len(parts) <= 5 and fold_words(parts[0]) in (["accueil"], ["home"]) and parts[-1]:
            return parts[-1][:80], "breadcrumb"
    first = next((text for tag, text in headings if tag == "h1"), None)
    return (first, "h1") if first else (None, "none")


class _SectionReader:
    """Finds the links to sections of a page."""

    def __init__(self, scan: Scan, portal: type[Portal], articles: set[str]) -> None:
        self.scan, self.portal, self.articles = scan, portal, articles
        self.home = site_free(canonical(portal.home()))
        self.here = site_free(scan.url)

    def read(self) -> tuple[SectionLink, ...]:
        """Known labels first, then the rest; page order within each. An address that stands under
        two known labels («Business», «Économie») comes once for each."""
        found: dict[tuple[str, str], SectionLink] = {}
        labelled: Counter[str] = Counter()
        candidates = [
            (i, link) for i, link in enumerate(self.scan.links) if self._may_be_section(link)
        ]
        short = {i for i, _ in candidates}
        for i, link in candidates:
            label = link.label.strip(" ›»>|•·-–:[]")
            slug = section_slug(label)
            plan = is_site_plan(label)
            if not slug or (is_no_section(label) and not plan):
                continue
            sign = "plan" if plan else "label" if is_known(label) else "menu"
            if sign == "menu" and not self._in_menu(i, short):
                continue
            key = site_free(link.url)
            if (key, slug) not in found:
                found[key, slug] = SectionLink(link.url, label, slug, sign)
                labelled[key] += sign == "label"
        ranked: list[tuple[int, SectionLink]] = []
        for (key, _), section in found.items():
            if section.sign == "label":
                twice = labelled[key] > 1 and self._names_host(section)
                ranked.append((1 if twice else 0, section))
            elif not labelled[key]:
                ranked.append((2, section))
        return tuple(s for _, s in sorted(ranked, key=lambda pair: pair[0]))[:MAX_SECTIONS]

    def _names_host(self, section: SectionLink) -> bool:
        """True for a label that only repeats the host's: «Business» for `business.`."""
        return section_slug(self.portal.site(urlsplit(section.url).hostname or "")) == section.slug

    def _may_be_section(self, link: Link) -> bool:
        if (
            link.kind not in ("a", "option")
            or link.identity is None
            or link.identity.number is not None
        ):
            return False
        if link.identity.key in self.articles or link.fragment or number_of(link) is not None:
            return False
        label = link.label
        if not label or len(label) > MAX_SECTION_CHARS or leads_to_file(link.url):
            return False
        if len(fold_words(label)) > MAX_SECTION_WORDS + 1:
            return False
        key = site_free(link.url)
        return key != self.home and not self._home_of_portal(link)

    def _home_of_portal(self, link: Link) -> bool:
        """True for the roots of the news host and of the portal itself, whatever they are called;
        the root of a sister host (`sports.`) may be a section."""
        parts = urlsplit(link.url)
        host = (parts.hostname or "").removeprefix("www.")
        own = {self.portal.host().removeprefix("www."), self.portal.domain}
        return host in own and not parts.query and bool(_HOME.match(parts.path))

    def _in_menu(self, index: int, short: set[int]) -> bool:
        """True where the link stands among at least two other short ones, and nearly only those."""
        link = self.scan.links[index]
        for box in self.scan.climb(link.box):
            start, end = self.scan.boxes[box].links
            if end - start < 3:
                continue
            if end - start > 80:
                return False
            alike = sum(i in short for i in range(start, end))
            if alike >= 3 and alike * 2 >= end - start:
                runs = self.scan.boxes[box].runs
                plain = sum(
                    len(r.text.strip()) for r in self.scan.runs[runs[0] : runs[1]] if r.link < 0
                )
                return plain <= 40 + 12 * (end - start)
        return False


def _with_headed(
    sections: tuple[SectionLink, ...], scan: Scan, articles: set[str], pager: set[str]
) -> tuple[SectionLink, ...]:
    """`sections` and those of the front page whose name only heads a block of articles, with a
    link «Voir tous les articles» below it."""
    found = {site_free(s.url): s for s in sections if s.sign == "label"}
    asked = 0
    for link in scan.links:
        if link.identity is None or link.identity.number is not None or link.url in pager:
            continue
        if link.identity.key in articles or site_free(link.url) in found or link.fragment:
            continue
        words = " ".join(fold_words(link.label)) if len(link.label) <= MAX_SECTION_CHARS else ""
        if not _ALL_OF.match(words) or _FILE.search(urlsplit(link.url).path):
            continue
        asked += 1
        if asked > MAX_HEADED:
            break
        if label := _heading_above(scan, link):
            found[site_free(link.url)] = SectionLink(link.url, label, section_slug(label), "label")
    others = [s for s in sections if site_free(s.url) not in found]
    same = [s for s in sections if s.sign == "label" and s not in found.values()]
    return tuple(dict.fromkeys([*found.values(), *same, *others]))[:MAX_SECTIONS]


def _heading_above(scan: Scan, link: Link) -> str | None:
    """The section's name that stands alone on a line above `link`, in the nearest element around
    it that holds one."""
    for box in scan.climb(link.box):
        start = scan.boxes[box].runs[0]
        lines = scan.lines(max(start, link.run - 400), link.run)
        if label := next((x for x in lines[::-1] if len(x) <= 40 and is_known(x)), None):
            return label
        if scan.boxes[box].links[1] - scan.boxes[box].links[0] > 60:
            return None
    return None
