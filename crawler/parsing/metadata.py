"""Source, author, dates and counts: the small fields around a body, each by several signs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from selectolax.lexbor import LexborNode

from crawler.parsing.anchors import is_newspaper
from crawler.parsing.lines import Line
from crawler.parsing.name_words import FAMILY, GIVEN, TOWNS
from crawler.parsing.page import Page, plain
from crawler.parsing.places import is_within
from crawler.parsing.selecting import matches, select
from crawler.parsing.signature import agency_of, read_byline, read_signature
from crawler.parsing.view import PageView
from crawler.parsing.wording import (
    COMMENTS,
    END,
    LABEL,
    POSTED,
    RELATED,
    before_published,
    fold,
    is_date_line,
)
from crawler.portals.sections import is_known, is_no_section

_MAX_NAME = 40
_CLIMB = 12
_PHOTO_PART = re.compile(r"^\s*(?:photographe|photo|photos|cr[ée]dit)\b", re.IGNORECASE)
_PUBLISHED_BY = re.compile(
    r"\bpar\s+((?:[^|,•–—-]|\b-(?=[^\W\d])){2,60}?)"
    r"(?=\s+(?:le|à|a)\s+|\s*[|,•–—]|\s*-(?![^\W\d])|\s+-|\s*$"
    r"|\s*/?\s+(?:publi[ée]|post[ée]|mise? en ligne|paru))",
    re.IGNORECASE,
)


_BY_FOR = re.compile(r"^(?i:par)\s+([^()]{3,60}?)\s*\(([A-ZÀ-Ý][^()]{2,60})\)$")
"""«Par Awa Diallo (Le Relais)»: who wrote it and for which newspaper."""
_DASHES = re.compile(r"\s+[-–—]\s+|\s*[|•·]\s*")
_ANY_SIGN = re.compile(r"\s[-–—]\s|[,|•·]")
_AUTHOR_ELEMENTS = (
    '[itemprop~="author"]', 'a[rel~="author"]', '[class*="author"]', '[class*="auteur"]',
)  # fmt: skip
_ANY_AUTHOR_ELEMENT = ", ".join(_AUTHOR_ELEMENTS)
_OF_READERS = re.compile(r"\b(?:user)?comment|commentaire|\breact|\bforum", re.IGNORECASE)
"""Classes, ids and types of what readers write."""
_READING_TIME = re.compile(r"\b(?:min|minutes?|mn)\b|\blecture\b|\bvues?\b", re.IGNORECASE)
_TIME = re.compile(r"\d{1,2}\s?(?:h|:)\s?(?:\d{2})?\b", re.IGNORECASE)
_DOTS = re.compile(r"[•·]")
_WORD = re.compile(r"[^\W\d_]{2}")
_BY_START = re.compile(r"^\s*par\s", re.IGNORECASE)
_AUTHOR_NAME = re.compile(
    r"^\W*(?:auteure?|r[ée]dact(?:eur|rice)|signature)s?\s*:?\s*", re.IGNORECASE
)
"""«Auteur : …», or the term by itself; its value is the next line, as in a definition list."""
_WROTE = re.compile(r"^\W*(?:[ée]crit|r[ée]dig[ée]|post[ée]|publi[ée]) par\s*:?\s+", re.IGNORECASE)


_REPORTED = re.compile(r"^(?:reportage|enqu[êe]te|dossier|entretien|interview|propos)s?\b.", re.I)


def source_in_date_line(view: PageView) -> str | None:
    """The newspaper behind the bar: «Publié le … | L’Essor»."""
    # Where a page tells nothing but its last change, the newspaper stands behind that.
    line = view.template.date or view.structure.date or view.structure.update
    if not line:
        return None
    for part in line.split("|")[1:]:
        text = part.strip(" -–—:\u00b7•")
        if signed := _written_for(text):
            return signed[1]
        # Elsewhere than in the template a bar may also stand before who wrote it.
        if not view.portal.selectors and _is_author(text):
            continue
        if text and not _PHOTO_PART.match(text) and not is_date_line(text):
            return text
    if written := _written(line):
        name, rest = written
        return _newspaper_in(rest) if _is_person(name) else name
    if named := _beside_date(line):
        return named
    before = _before_date(view)
    return before if before and is_newspaper(before) else None


def _newspaper_in(rest: str) -> str | None:
    """«Le Relais» of what stands behind a name: «Par Awa Diallo, 12 mars 2024 - Le Relais»."""
    parts = map(str.strip, _ANY_SIGN.split(rest))
    return next((one for one in parts if is_newspaper(one) and not _is_author(one)), None)


def _before_date(view: PageView) -> str | None:
    """What stands before the day, in its line or in an element of its own."""
    if view.template.date is not None:
        return before_published(view.template.date)
    return view.structure.before_date


def _beside_date(line: str) -> str | None:
    """«L’Essor» of «Publié le 29 mars 2024 - L’Essor» or «L’Essor • 29 mars 2024»."""
    parts = _DASHES.split(line)
    dated = next((n for n, part in enumerate(parts) if is_date_line(part)), None)
    if dated is None or len(parts) > 4:
        return None
    before = parts[:dated] if _DOTS.search(line) or "|" in line else []
    for text in (*parts[dated + 1 :], *before):
        if _READING_TIME.search(text) or _TIME.match(text) or _is_author(text):
            continue
        if (
            2 <= len(text) <= _MAX_NAME
            and (text[0].isupper() or text[:1].isdigit())
            and _WORD.search(text)
            and not (LABEL.match(text) or _PHOTO_PART.match(text) or COMMENTS.match(text))
            and not (is_date_line(text) or is_known(text) or is_no_section(text))
            and not _BY_START.match(text)
        ):
            return text
    return None


def _is_author(text: str) -> bool:
    """True for a person's name that is no newspaper's."""
    named = read_byline(text)
    return named is not None and bool(named.author) and not named.source


def author_in_date_line(view: PageView) -> str | None:
    """The name in «12 mars 2024, par Awa Diallo»."""
    line = view.template.date or view.structure.date or ""
    if written := _written(line):
        return written[0] if _is_person(written[0]) else None
    before = _before_date(view)
    if before and _is_person(before) and _is_author(before):
        return before
    parts = line.split("|")[1:]
    if signed := next(filter(None, map(_written_for, parts)), None):
        return signed[0]
    if parts and view.portal.selectors:
        return None
    parts = [part for part in _DASHES.split(line) if not is_date_line(part)]
    return next((part for part in parts if _is_person(part) and _is_author(part)), None)


def _written_for(text: str) -> tuple[str, str] | None:
    """(author, newspaper) of «Par Awa Diallo (Le Relais)»; what stands there of a town or an agency
    is none."""
    found = _BY_FOR.match(text.strip())
    if found is None or not _is_person(found[1]) or agency_of(found[2]):
        return None
    return None if fold(found[2]) in TOWNS else (found[1], found[2])


def _written(line: str) -> tuple[str, str] | None:
    """(name, what stands behind it) of «par Awa Diallo» in `line`."""
    # Behind a bar «par» is the photographer's; at the head it is the author's.
    found = _PUBLISHED_BY.search(line) if "|" not in line or _BY_START.match(line) else None
    return (found[1].strip(), line[found.end() :]) if found else None


def author_in_byline(view: PageView) -> str | None:
    """«Par Awa Diallo», «Écrit par Awa Diallo», «Auteur : Awa Diallo» on a line by itself below the
    headline."""
    named = False
    for line in _above_body(view):
        term = _AUTHOR_NAME.match(line.text)
        value = line.text[term.end() :] if term else line.text if named else ""
        if value and len(value) <= 60 and _is_person(value):
            return value
        named = term is not None and not value
        text = _WROTE.sub("Par ", line.text)
        by = _BY_START.match(text) or _REPORTED.match(text)
        if len(text) <= 60 and by and not is_date_line(text):
            signature = read_signature(text)
            if signature is not None and signature.author:
                return signature.author
    return None


def author_posted(view: PageView) -> str | None:
    """«Publié par Awa Diallo à 12:34» below the text, as blogs have it."""
    for line in view.layout.after[:3]:
        if (found := POSTED.match(line.text)) and _is_person(found.group(1)):
            return found.group(1)
    return None


def author_in_element(view: PageView) -> str | None:
    """What the markup calls the author, beside the headline: `rel=author`, `itemprop=author`, or a
    class that says so."""
    if not matches(view.tree, _ANY_AUTHOR_ELEMENT):
        return None  # as mostly
    behind = takewhile(lambda line: not _is_place(line.text), view.layout.after[:15])
    near = (*view.layout.below[:15], *behind) if view.layout.after else view.layout.below[:15]
    beside = " ".join([*(line.text for line in near), *view.above_title[:6]])
    for css in _AUTHOR_ELEMENTS:
        for node in near_title(view, css):
            text = " ".join(node.text(separator=" ").split()).removeprefix("Par ")
            if len(text) > 80 or text not in beside or not _is_person(text):
                continue
            if not _is_in_comment(node, view.layout.title_node):
                return text
    return None


def _is_in_comment(node: LexborNode, title: LexborNode | None) -> bool:
    """True where an element around `node`, but not around the headline, says it is a reader's."""
    at = node.parent
    for _ in range(_CLIMB):
        if at is None or (title is not None and is_within(title, at)):
            break
        attributes = at.attributes
        said = (attributes.get(name) or "" for name in ("class", "id", "itemprop", "itemtype"))
        if _OF_READERS.search(" ".join(said)):
            return True
        at = at.parent
    return False


def author_above_title(view: PageView) -> str | None:
    """The line just above the headline where it is a name, one part of it known as such."""
    text = next(iter(view.above_title), "")
    if not 5 <= len(text) <= 40 or is_known(text) or view.is_own_name(text):
        return None
    known = any(fold(part) in GIVEN or fold(part) in FAMILY for part in text.split())
    return text if known and _is_person(text) else None


def _above_body(view: PageView) -> list[Line]:
    """Lines below the headline that are not of the body nor behind it; a lead may stand above
    them."""
    body, behind = ({id(line) for line in part} for part in (view.layout.body, view.layout.after))
    near = list(takewhile(lambda line: id(line) not in behind, view.layout.below[:15]))
    end = max((n for n, line in enumerate(near, 1) if id(line) in body), default=len(near))
    return [line for line in near[:end] if id(line) not in body]


def _is_person(name: str) -> bool:
    signature = read_signature(name)
    return signature is not None and signature.author is not None and " " in name


def source_in_data(view: PageView) -> str | None:
    """JSON-LD publisher, unless it is the portal itself."""
    return _foreign_name(view, view.data.get("publisher"))


def author_in_data(view: PageView) -> str | None:
    """JSON-LD author, unless it is the portal itself."""
    value = view.data.get("author")
    names = value if isinstance(value, list) else [value]
    found = [name for one in names[:10] if (name := _foreign_name(view, one))]
    if len(found) < 2:
        return found[0] if found else None
    return f"{', '.join(found[:-1])} et {found[-1]}"


def author_in_meta(view: PageView) -> str | None:
    """`<meta name=author>`, unless it is the portal or its maker."""
    return _foreign_name(view, view.page.meta.get("author") or view.page.meta.get("dc.creator"))


def _foreign_name(view: PageView, value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    name = plain(value.get("name")) if isinstance(value, dict) else plain(value)
    if not name or len(name) > 120 or view.is_own_name(name) or "//" in name or "@" in name:
        return None
    return name


def published_in_data(view: PageView) -> str | None:
    """JSON-LD `datePublished`."""
    return plain(view.data.get("datePublished")) or plain(view.data.get("dateCreated"))


def published_in_meta(name: str, view: PageView) -> str | None:
    """A meta element that dates the page."""
    return view.page.meta.get(name)


def published_in_microdata(view: PageView) -> str | None:
    """`itemprop=datePublished`: its machine-readable value, else its text."""
    for node in near_title(view, '[itemprop~="datePublished"]'):
        attributes = node.attributes
        value = attributes.get("content") or attributes.get("datetime") or node.text()
        if value := " ".join(value.split()):
            return value
    return None


def near_title(view: PageView, css: str, most: int = 5) -> list[LexborNode]:
    """What `css` finds in the smallest part of the page that holds the headline and any of it, the
    first `most`."""
    at = view.layout.title_node
    if not matches(view.tree, css):
        return []
    for _ in range(_CLIMB):
        if at is None:
            break
        if found := select(at, css):
            return found[:most]
        at = at.parent
    return []


def published_in_time(view: PageView) -> str | None:
    """`<time datetime>`, the only one or the one that says it is the publication."""
    nodes = select(view.page.tree, "time[datetime]")[:50]
    marked = [n for n in nodes if "pub" in str(n.attributes.get("itemprop") or "").lower()
              or "pubdate" in n.attributes]  # fmt: skip
    for node in marked or (nodes if len(nodes) == 1 else []):
        if value := (node.attributes.get("datetime") or "").strip():
            return value
    return None


def updated_in_data(view: PageView) -> str | None:
    """JSON-LD `dateModified`, where it differs from the publication."""
    value = plain(view.data.get("dateModified"))
    return value if value and value != plain(view.data.get("datePublished")) else None


def comments_count(after: Sequence[Line]) -> int | None:
    """Readers' comments below the body: their number as told or as counted; None without a place
    for them."""
    place = next((n for n, line in enumerate(after) if _is_place(line.text)), None)
    if place is None:
        return None
    found = COMMENTS.match(after[place].text)
    told = found and (found.group(1) or found.group(2))
    if told and told.isdigit():
        return int(told)
    count = 0
    for line in after[place + 1 :]:
        if RELATED.match(line.text) or END.match(line.text):
            break
        if len(line.text) < 120 and line.link_share < 0.9 and is_date_line(line.text):
            count += 1
    return count


def _is_place(text: str) -> bool:
    return len(text) < 80 and COMMENTS.match(text) is not None


def title_without_site(page: Page, is_own_name: Any) -> str | None:
    """`<title>` without « - abamako.com»."""
    text = page.title
    if not text:
        return None
    for separator in (" | ", " - ", " – ", " — ", " :: ", " • ", " » ", " : "):
        left, found, right = text.rpartition(separator)
        if found and left.strip() and is_own_name(right.strip()):
            return left.strip()
    return None if is_own_name(text) else text
