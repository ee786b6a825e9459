"""Shapes: article links told by addresses of one form, where no address has an article number.

The weak sign of `crawler.parsing.entries`, for a portal whose patterns are unknown or outdated.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container
from urllib.parse import parse_qsl, urlsplit

from crawler.parsing.headlines import headline_beside, headline_like, is_title
from crawler.parsing.links import Scan
from crawler.portals.sections import is_known

WEAK_MINIMUM = 6
"""Addresses of one shape that make a listing where no address has an article number."""
_SLUG_PART = re.compile(r"\d|[-_].*[-_]|^.{22,}$")
_CODE = re.compile(r"/(?=[a-z]*\d)(?=\d*[a-z])[\da-z]{2,12}(?:\.[a-z]{2,5})?/?$")
_EXTENSION = re.compile(r"\.[a-z]{2,5}$")
_DIGITS = re.compile(r"\d+")


def links_of_one_shape(scan: Scan, known: Container[object] = ()) -> dict[int, str]:
    """Links whose addresses differ only in digits or slug, where at least `WEAK_MINIMUM` of them
    have headlines for text; of the shapes in `known`, which held articles before, one is enough."""
    members: dict[tuple[object, ...], list[int]] = defaultdict(list)
    headlines: dict[tuple[object, ...], dict[str, int]] = defaultdict(dict)
    short: dict[tuple[object, ...], set[tuple[str, str]]] = defaultdict(set)
    rooms: Counter[tuple[object, ...]] = Counter()
    shapes = _shapes(scan)
    for i, link in enumerate(scan.links):
        shape = shapes.get(i)
        if shape is None or link.identity is None:
            continue
        members[shape].append(i)
        text = link.text or link.hint
        if not is_title(text):
            text = headline_beside(scan, i)
        if not scan.boxes[link.box].side and headline_like(text) and not is_known(text):
            headlines[shape][link.identity.key] = len(text)
            rooms[shape, _room(link.url)] += 1
        elif not scan.boxes[link.box].side and is_title(text) and not is_known(text):
            short[shape].add((link.identity.key, _room(link.url)))
    counts = {shape: len(found) for shape, found in headlines.items()}
    chars = {shape: sum(found.values()) for shape, found in headlines.items()}
    wanted = [s for s, count in counts.items() if count >= WEAK_MINIMUM or s in known]
    most = max((chars[s] for s in wanted), default=0)
    chosen: dict[int, str] = {}
    for shape in wanted:
        if chars[shape] * 4 < most and shape not in known:
            continue
        wanted_keys = set(headlines[shape])
        # A short headline counts where its address is numbered like those of the long ones.
        enough = 1 if shape in known else 3
        wanted_keys |= {k for k, room in short[shape] if room and rooms[shape, room] >= enough}
        for i in members[shape]:
            identity = scan.links[i].identity
            if identity is not None and identity.key in wanted_keys:
                chosen[i] = identity.key
    return chosen


def _shapes(scan: Scan) -> dict[int, tuple[object, ...]]:
    """Of each link within the site the shape of its address. Codes of digits and letters are of one
    shape with those that happen to have digits alone: «/a/61a» and «/a/615»."""
    found: dict[int, tuple[object, ...]] = {}
    coded: set[object] = set()
    for i, link in enumerate(scan.links):
        if link.kind != "a" or link.identity is None or link.identity.url == scan.url:
            continue
        if (shape := address_shape(link.url)) is not None:
            found[i] = shape
            if _CODE.search(urlsplit(link.url).path):
                coded.add(shape)
    for i, shape in found.items() if coded else ():
        parts = shape[1]
        if isinstance(parts, tuple) and parts and parts[-1][0] == "#":
            other = (shape[0], (*parts[:-1], "*" + parts[-1][1:]), *shape[2:])
            found[i] = other if other in coded else shape
    return found


def _room(url: str) -> str:
    """The folder and the numbered form of an address; empty where it has no number."""
    parts = urlsplit(url)
    form = _DIGITS.sub("#", f"{parts.path}?{parts.query}".lower())
    return form if "#" in form else ""


def address_shape(url: str) -> tuple[object, ...] | None:
    """What addresses of one kind of page have in common; None where nothing varies.

    `/politique/2024/03/une-longue-adresse.html` and `/sport/2024/04/une-autre-adresse.html` are
    alike: host, number of parts, extension.
    """
    parts = urlsplit(url)
    segments = [s for s in parts.path.lower().split("/") if s]
    query = tuple(
        # «spip.php?article123» has its number in a word alone.
        (k, "#" if _DIGITS.search(v) or "-" in v else v) if v else (_DIGITS.sub("#", k), v)
        for k, v in parse_qsl(parts.query, keep_blank_values=True)
    )
    shape: list[str] = []
    for segment in segments:
        extension = _EXTENSION.search(segment)
        stem = segment[: extension.start()] if extension else segment
        if _SLUG_PART.search(stem):
            stem = "#" if stem.isdigit() else "*"
        shape.append(stem + (extension.group() if extension else ""))
    varying = [s[0] in "#*" for s in shape]
    if not any(varying) and not any(v == "#" or "#" in k for k, v in query):
        return None
    if varying and varying[-1]:
        shape = [s if v else "w" for s, v in zip(shape, varying, strict=True)]
    kinds = Counter(shape)
    host = (parts.hostname or "").removeprefix("www.")
    return (host, tuple(shape), query, kinds["w"])
