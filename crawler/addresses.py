"""One canonical form for an address, before anything is compared, stored or fetched.

Pure text work: no network, no portal. What an address means (which article it is) is the
portal's business, see `crawler.portals.base.Portal.identify`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import (
    parse_qsl,
    quote,
    unquote,
    unquote_plus,
    urlencode,
    urljoin,
    urlsplit,
    urlunsplit,
)

MAX_LENGTH = 1024
MAX_SEGMENTS = 20
MAX_REPEATS = 3

# Parameters that name a visit, a campaign or a session, never a page.
_NOISE = re.compile(
    r"^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_ga|xtor|phpsessid|jsessionid"
    r"|aspsessionid\w*|sid|sessionid|session_id|osid|cftoken|cfid)$",
    re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(r";(jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_PORTS = {"http": 80, "https": 443}
# An address that is canonical as it stands, as nearly all are: at most four path segments, so that
# none can be repeated too often, and a host that is a name.
_CANONICAL = re.compile(
    r"https?://(?:[a-z0-9][a-z0-9-]{0,40}\.){1,5}[a-z]{2,20}"
    r"(?:(?:/[A-Za-z0-9_~-][A-Za-z0-9_~.-]{0,150}){1,3}/?|/)"
)

# An address that is whole, so that it does not matter where it stands.
_ABSOLUTE = re.compile(r"https?://[^/?#\\\s]", re.IGNORECASE)
_SHORT = 300
"""Characters up to which what an address came to is remembered."""


class BadAddress(ValueError):
    """The address is refused. `reason` is one word for statistics: scheme, userinfo, host,
    port, length, segments, repeats, syntax."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


def canonical(url: str, base: str | None = None) -> str:
    """Return the one form of `url` (resolved against `base`) that is compared and fetched.

    Lower-cases scheme and host, drops default port, trailing dot, fragment, session and campaign
    parameters, sorts the rest, resolves dot segments, collapses doubled slashes and normalises
    percent-encoding (as UTF-8). The case of the path is kept: a server may insist on it.

    Raises `BadAddress` for anything that must not be fetched by its form alone.
    """
    if _CANONICAL.fullmatch(url):
        return url
    if _ABSOLUTE.match(url):
        base = None
    return (_remembered if len(url) <= _SHORT else _canonical)(url, base)


def _canonical(url: str, base: str | None) -> str:
    text = _SURROGATES.sub("\ufffd", _CONTROL.sub("", url.strip())).replace("\\", "/")
    try:
        joined = urljoin(base, text) if base else text
        parts = urlsplit(joined)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
    except ValueError as error:
        raise BadAddress("syntax", str(error)) from None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise BadAddress("scheme", scheme or "none")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise BadAddress("userinfo", "an address with a user name is refused")
    if not host:
        raise BadAddress("host", "none")
    host = _ascii_host(host)
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[scheme]:
        netloc = f"{netloc}:{port}"
    path = _clean_path(_SESSION_IN_PATH.sub("", parts.path))
    query = _clean_query(parts.query)
    result = urlunsplit((scheme, netloc, path, query, ""))
    if len(result) > MAX_LENGTH:
        raise BadAddress("length", f"{len(result)} characters")
    return result


# Menus and side columns name the same addresses on every page of a site.
_remembered = lru_cache(maxsize=8192)(_canonical)


def _ascii_host(host: str) -> str:
    try:
        if "%" not in host:
            return str(ip_address(host))
    except ValueError:
        pass
    try:
        name = host.lower() if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise BadAddress("host", "not a host name") from None
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise BadAddress("host", "not a host name")
    return name


def _clean_path(path: str) -> str:
    segments: list[str] = []
    raw = re.sub(r"/{2,}", "/", path or "/")
    for segment in raw.split("/"):
        if segment == ".":
            continue
        if segment == "..":
            if len(segments) > 1:
                segments.pop()
            continue
        segments.append(segment)
    if raw.endswith(("/.", "/..")):
        segments.append("")
    named = [s for s in segments if s]
    if len(named) > MAX_SEGMENTS:
        raise BadAddress("segments", f"{len(named)} path segments")
    for segment in set(named):
        if named.count(segment) > MAX_REPEATS:
            raise BadAddress(
                "repeats", f"the segment {segment[:40]!r} {named.count(segment)} times"
            )
    clean = "/".join(_requote(s, safe="!$&'()*+,;=:@~-._") for s in segments)
    return clean if clean.startswith("/") else "/" + clean


def _requote(segment: str, *, safe: str) -> str:
    """Percent-encode once: what decodes as UTF-8 is re-encoded, the rest is kept as it is."""
    try:
        plain = unquote(segment, errors="strict")
    except UnicodeDecodeError:
        return _upper(quote(segment, safe=safe + "%"))
    # An encoded slash or percent sign is data, not structure.
    if "/" in plain or "%" in plain or "?" in plain or "#" in plain:
        return _upper(quote(segment, safe=safe + "%"))
    return quote(plain, safe=safe)


def _upper(quoted: str) -> str:
    return _ESCAPE.sub(lambda found: found.group().upper(), quoted)


def _clean_query(query: str) -> str:
    if not query:
        return ""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    except ValueError:
        raise BadAddress("syntax", "too many parameters") from None
    kept = sorted((k, v) for k, v in pairs if not _NOISE.match(k))
    if all(v for _, v in kept):
        return urlencode(kept, errors="surrogateescape")
    # A word alone («spip.php?article123») stays one: `article123=` is another page to some.
    with_sign = {unquote_plus(p.partition("=")[0]) for p in query.split("&") if "=" in p}
    words = (
        urlencode([(k, v)], errors="surrogateescape").removesuffix("" if k in with_sign else "=")
        for k, v in kept
    )
    return "&".join(words)


def site_free(url: str) -> str:
    """The part of a canonical address that names a page: no scheme, no `www.`, case folded.

    `https://www.aBamako.com/Dossiers/` and `http://abamako.com/dossiers` are one page.
    """
    parts = urlsplit(url)
    host = parts.netloc.removeprefix("www.")
    path = parts.path.rstrip("/").lower() or "/"
    query = f"?{parts.query.lower()}" if parts.query else ""
    return f"{host}{path}{query}"
