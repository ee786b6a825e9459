"""SURT keys: an address as indices of web archives sort it, `ml,abamako,news)/h/1.html`.

The rules are those of the Internet Archive's canonicalizer, as far as http addresses go; a test
compares with its own code.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote_from_bytes, unquote_to_bytes, urlsplit

_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_WWW = re.compile(r"www\d*\.")
_PORTS = {"http": 80, "https": 443}
_SESSION = tuple(
    re.compile(rf"^(.*)(?:{form})(?:&(.*))?$", re.IGNORECASE)
    for form in (
        "jsessionid=[0-9a-z]{32}",
        "phpsessid=[0-9a-z]{32}",
        "sid=[0-9a-z]{32}",
        "aspsessionid[a-z]{8}=[a-z]{24}",
        "cfid=[^&]+&cftoken=[^&]+",
    )
)


def surt(url: str) -> str:
    """The key of an http or https address; what is none is its own key."""
    try:
        return _key(urlsplit(url))
    except ValueError:
        return url


def _key(parts: SplitResult) -> str:
    host = _unescaped(parts.hostname or "").decode("utf-8", "replace").lower()
    host = _WWW.sub("", host.replace("..", ".").strip("."), count=1) if host else ""
    key = ",".join(reversed(host.split(".")))
    if parts.port and parts.port != _PORTS.get(parts.scheme):
        key += f":{parts.port}"
    path = _escaped(_flattened(_unescaped(parts.path))).lower()
    key += ")" + (path.removesuffix("/") or "/")
    query = _sorted(_without_session(_escaped(_unescaped(parts.query))).lower())
    return f"{key}?{query}" if query else key


def _unescaped(text: str) -> bytes:
    """Percent signs undone until none is left."""
    data = text.encode("utf-8", "surrogateescape")
    while (plain := unquote_to_bytes(data)) != data:
        data = plain
    return data


def _escaped(data: bytes) -> str:
    return quote_from_bytes(data, safe=_SAFE)


def _flattened(path: bytes) -> bytes:
    """Without `.`, `..` and doubled slashes."""
    kept: list[bytes] = []
    for part in path.split(b"/")[1:]:
        if part == b"..":
            if kept:
                kept.pop()
            else:
                kept.append(part)
        elif part != b".":
            kept.append(part)
    if not kept:
        return b"/"
    return b"/" + b"".join(part + b"/" for part in kept[:-1] if part) + kept[-1]


def _without_session(query: str) -> str:
    for form in _SESSION:
        if found := form.match(query):
            query = found[1] + (found[2] or "")
    return query


def _sorted(query: str) -> str:
    if len(query) <= 1:
        return query
    return "&".join("=".join(pair) for pair in sorted(p.split("=", 1) for p in query.split("&")))
