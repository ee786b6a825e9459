"""Shapes: article patterns for a site nobody has described, from the addresses of its articles.

`scrapy probe` hands over what it took for articles by headline and place; what comes back goes
into `Portal.article_patterns`. Only a number that is different in each address can be an identity.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

MINIMUM = 5
"""Addresses of one shape that make a pattern."""

_EXTENSION = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_KIND = re.compile(r"[a-z]{1,20}$")


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern and what it was made from."""

    kind: str
    pattern: str
    examples: tuple[str, ...]
    """All addresses it was made from, in the order given."""


def article_shapes(addresses: Iterable[str]) -> list[Shape]:
    """Patterns for `addresses`, the one with most addresses first; empty where no number in the
    path tells one article from another."""
    groups: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
    for address in addresses:
        path = urlsplit(address).path
        if len(path) > 1:
            groups[_skeleton(path)].setdefault(path, address)
    shapes: list[Shape] = []
    kinds: set[str] = set()
    for paths in sorted(groups.values(), key=len, reverse=True):
        if len(paths) < MINIMUM or (pattern := _pattern(list(paths))) is None:
            continue
        kind = _kind(list(paths))
        while kind in kinds:
            kind += "x"
        kinds.add(kind)
        shapes.append(Shape(kind, pattern, tuple(paths.values())))
    return shapes


def _segments(path: str) -> tuple[list[str], str]:
    """Path segments, and the extension of the last one (or `/`)."""
    if path.endswith("/"):
        return path.strip("/").split("/"), "/"
    parts = path.strip("/").split("/")
    found = _EXTENSION.search(parts[-1])
    if found is None:
        return parts, ""
    parts[-1] = parts[-1][: found.start()]
    return parts, found.group()


def _skeleton(path: str) -> tuple[str, ...]:
    """What addresses of one kind have in common."""
    parts, extension = _segments(path)
    return (*(_class(part) for part in parts), extension.lower())


def _class(part: str) -> str:
    """`d` a number, `d-` a number and a slug, `-d` a slug and a number, `wd` a word and a number,
    `w` anything else."""
    if part.isdigit():
        return "d"
    if re.match(r"\d{2,}[-_,.]\D", part):
        return "d-"
    if re.search(r"\D[-_,.]\d{2,}$", part):
        return "-d"
    return "wd" if re.fullmatch(r"[a-zA-Z]+\d{2,}", part) else "w"


def _pattern(paths: Sequence[str]) -> str | None:
    columns = list(zip(*(_segments(path)[0] for path in paths), strict=True))
    best = max(range(len(columns)), key=lambda i: _worth(columns[i]))
    if _worth(columns[best])[0] == 0:
        return None
    pieces = [_piece(column, number=i == best) for i, column in enumerate(columns)]
    ends = {_segments(path)[1] for path in paths}
    end = _literal(ends.pop()) if len(ends) == 1 else _EXTENSION.pattern.removesuffix("$")
    pattern = "^/" + "/".join(pieces) + ("/?" if end in ("", "/") else end) + "$"
    compiled = re.compile(pattern, re.IGNORECASE)
    numbers = [found.group(1) for path in paths if (found := compiled.match(path))]
    return pattern if len(set(numbers)) == len(paths) else None


def _worth(column: Sequence[str]) -> tuple[int, int]:
    """How well the numbers of a column tell articles apart; (0, …) where they do not."""
    numbers = [_number(part) for part in column]
    if any(number is None for number in numbers) or len(set(numbers)) < len(numbers):
        return 0, 0
    plain = [int(number) for number in numbers if number is not None]
    # A day, a month or a year is different in a few addresses, never in an archive.
    return (0, 0) if max(plain) <= 31 else (1, max(plain))


def _number(part: str) -> str | None:
    found = {
        "d": r"(\d+)$",
        "d-": r"(\d+)[-_,.]",
        "-d": r".*[-_,.](\d+)$",
        "wd": r"[a-zA-Z]+(\d+)$",
    }.get(_class(part))
    match = re.match(found, part) if found else None
    return match.group(1) if match else None


def _piece(column: Sequence[str], *, number: bool) -> str:
    """The regular expression of one segment."""
    kind = _class(column[0])
    if number:
        if kind == "d":
            return r"0*(\d{1,10})"
        if kind == "d-":
            return r"0*(\d{1,10})[-_,.][^/]*"
        if kind == "-d":
            prefixes = {re.sub(r"\d+$", "", part) for part in column}
            word = _literal(prefixes.pop()) if len(prefixes) == 1 else "[^/]*[-_,.]"
            return word + r"0*(\d{1,10})"
        prefixes = {re.sub(r"\d+$", "", part) for part in column}
        word = _literal(prefixes.pop()) if len(prefixes) == 1 else "[a-z]+"
        return word + r"0*(\d{1,10})"
    if len(set(column)) == 1 and not column[0].isdigit():
        return _literal(column[0])
    return r"\d+" if kind == "d" else "[^/]+"


def _literal(text: str) -> str:
    """`text` as a regular expression that a person reads easily: outside a set `-` is itself."""
    return re.escape(text).replace(r"\-", "-")


def _kind(paths: Sequence[str]) -> str:
    """The series' name: a word that all addresses share, else `article`."""
    columns = zip(*(_segments(path)[0] for path in paths), strict=True)
    for column in columns:
        word = re.sub(r"\d+$", "", column[0]).lower()
        if all(re.sub(r"\d+$", "", part).lower() == word for part in column) and _KIND.match(word):
            return word
    return "article"
