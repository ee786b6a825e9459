"""A ready Portal class for a site that is none of ours, from what a probe has read of it.

What a person still has to look at is marked in the text by a comment.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.items import Article
from crawler.parsing.page import Page
from crawler.portals.base import Portal, portals
from crawler.probing.shapes import Shape

SHARE = 0.8
"""Share of the pages read on which a selector must give the very element."""
MAX_NODES = 6000
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z_-]*\d{0,2}$")
_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "gouv", "gov", "ac", "edu", "info"})


def systems() -> list[type[Portal]]:
    """The publishing systems known: classes with patterns and without a name."""
    portals()
    pending, found = list(Portal.__subclasses__()), []
    while pending:
        cls = pending.pop()
        pending.extend(cls.__subclasses__())
        if not cls.name and cls.article_patterns and cls.__subclasses__():
            found.append(cls)
    return found


def system_of(addresses: Sequence[str]) -> type[Portal] | None:
    """The known system whose patterns most of `addresses` follow, five at least; else None."""
    for system in systems():
        patterns = [re.compile(regex, re.IGNORECASE) for _, regex in system.article_patterns]
        paths = {urlsplit(address).path for address in addresses}
        hits = sum(any(p.match(path) for p in patterns) for path in paths)
        if hits >= 5 and hits * 2 >= len(paths):
            return system
    return None


def names_of(host: str) -> tuple[str, str]:
    """(portal name, registered domain) of a host: `www.exemple.com.ml` is `exemple`."""
    labels = host.removeprefix("www.").split(".")
    count = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    domain = labels[-count:]
    return re.sub(r"[^a-z0-9]", "", domain[0].lower()) or "portal", ".".join(domain)


@cache
def _zones() -> dict[str, list[str]]:
    """Country code to its time zones, from tzdata."""
    found: dict[str, list[str]] = {}
    text = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in text.splitlines():
        cells = line.split("\t")
        if len(cells) >= 3 and not line.startswith("#"):
            found.setdefault(cells[0].lower(), []).append(cells[2])
    return found


def class_text(
    host: str,
    scheme: str,
    shapes: Sequence[Shape],
    selectors: dict[str, tuple[str, ...]],
    system: type[Portal] | None,
) -> list[str]:
    """The class, line by line, ready for a file in `crawler/portals/`."""
    name, domain = names_of(host)
    zones = _zones().get(domain.rsplit(".", 1)[-1], [])
    zone = zones[0] if len(zones) == 1 else "UTC"
    base = system or Portal
    lines = [
        f"from {base.__module__} import {base.__name__}",
        "",
        "",
        f"class {name[:1].upper()}{name[1:]}({base.__name__})"
        if not name[:1].isdigit()
        else f"class Portal{name}({base.__name__})",
    ]
    lines[-1] += ":"
    lines.append(f"    name = {_text(name)}")
    lines.append('    country = ""  # to fill in')
    lines.append(f"    domain = {_text(domain)}")
    if host != f"{'news' if system else 'www'}.{domain}":
        lines.append(f"    news_host = {_text(host)}")
    if scheme != base.scheme:
        lines.append(f"    scheme = {_text(scheme)}")
    sure = "of the country of this domain; check" if zone != "UTC" else "to fill in"
    lines.append(f"    timezone = {_text(zone)}  # {sure}")
    if system is None:
        lines += _patterns(shapes)
        lines += _selectors(selectors)
    return lines


def _patterns(shapes: Sequence[Shape]) -> list[str]:
    if not shapes:
        return ["    # No number tells its articles apart: an address is its own identity."]
    lines = ["    article_patterns = ("]
    for shape in shapes:
        lines.append(f"        # {shape.examples[0]} and {len(shape.examples) - 1} more")
        lines.append(f"        ({_text(shape.kind)}, {_raw(shape.pattern)}),")
    return [*lines, "    )"]


def _selectors(selectors: dict[str, tuple[str, ...]]) -> list[str]:
    if not selectors:
        return ["    # No selector gave one field on most pages: the general signs read it."]
    lines = ["    selectors = {"]
    for field, found in selectors.items():
        inner = ", ".join(_text(css) for css in found)
        lines.append(f"        {_text(field)}: ({inner},),")
    return [*lines, "    }"]


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _raw(pattern: str) -> str:
    return f'r"{pattern}"' if '"' not in pattern else repr(pattern)


# -- selectors ---------------------------------------------------------------------------------


def infer_selectors(samples: Sequence[tuple[Page, Article]]) -> dict[str, tuple[str, ...]]:
    """Field to the CSS selector that gives the element of the value already read, on most of
    `samples`. Fields: title, date, body, section, photo."""
    found: dict[str, tuple[str, ...]] = {}
    for field in ("title", "date", "body", "section", "photo"):
        votes: Counter[str] = Counter()
        usable = 0
        for page, article in samples:
            value = _value(field, article)
            if value:
                usable += 1
                votes.update(set(_candidates(page, field, value)))
        good = [css for css, count in votes.items() if usable >= 2 and count >= SHARE * usable]
        if good:
            found[field] = (max(good, key=lambda css: (votes[css], _rank(css))),)
    return found


def _rank(css: str) -> tuple[bool, bool, int]:
    """The element's own class or id before its parent's, a bare tag last; the shorter first."""
    return " " not in css, "." in css or "#" in css, -len(css)


def _value(field: str, article: Article) -> str | None:
    return {
        "title": article.title,
        "date": article.published_raw,
        "body": article.body if article.word_count >= 40 else None,
        "section": article.section,
        "photo": article.photo_url,
    }[field]


def _candidates(page: Page, field: str, value: str) -> Iterator[str]:
    """Selectors whose first match on `page` is the smallest element that holds `value`."""
    node = _photo(page, value) if field == "photo" else _smallest(page, field, value)
    if node is None:
        return
    for css in _names(node):
        first = page.tree.css_first(css)
        if first is not None and first.mem_id == node.mem_id:
            yield css


def _photo(page: Page, url: str) -> Any | None:
    for node in page.tree.css("img[src]")[:200]:
        if urljoin(page.url, (node.attributes.get("src") or "").strip()) == url:
            return node
    return None


def _smallest(page: Page, field: str, value: str) -> Any | None:
    """The smallest element below `body` whose text is `value`, or for the body holds its first and
    last words and not much more."""
    wanted = _squeeze(value)
    limit = len(wanted) * (1.5 if field == "body" else 1.0) + (40 if field == "date" else 2)
    best: tuple[int, Any] | None = None
    for node in _elements(page):
        text = _squeeze(node.text(separator=" ") or "")
        if not len(wanted) * 0.9 <= len(text) <= limit:
            continue
        inside = wanted[:40] in text and wanted[-40:] in text if field == "body" else wanted in text
        # Of elements with the same text the innermost comes last.
        if inside and (best is None or len(text) <= best[0]):
            best = (len(text), node)
    return best[1] if best else None


def _elements(page: Page) -> Iterable[Any]:
    body = page.tree.body
    if body is None:
        return []
    return body.css("h1,h2,h3,div,span,p,td,article,section,time,a,li,font,b,strong")[:MAX_NODES]


def _names(node: Any) -> Iterator[str]:
    yield from _own_names(node)
    if node.tag in ("h1", "time", "article"):
        yield node.tag
    parent = node.parent
    if parent is not None and parent.tag not in ("body", "html", "-undef"):
        for css in _own_names(parent):
            yield f"{css} {node.tag}"


def _own_names(node: Any) -> Iterator[str]:
    attributes = node.attributes
    for token in (attributes.get("class") or "").split()[:6]:
        if _TOKEN.match(token):
            yield f"{node.tag}.{token}"
    identifier = (attributes.get("id") or "").strip()
    if _TOKEN.match(identifier):
        yield f"{node.tag}#{identifier}"


def _squeeze(text: str) -> str:
    """Without white space: how elements part their words does not matter."""
    return "".join(text.split())
