"""Bytes to text: the labels are heard, but the bytes have the last word. Used by `page.Page`.

The portals say iso-8859-1 and send windows-1252; others say utf-8 and send latin bytes, or the
other way round. What is valid UTF-8 beyond ASCII is UTF-8 whatever a label says, since latin text
is never so by chance.
"""

from __future__ import annotations

import codecs
import re

from crawler.parsing.wording import words

HEAD_BYTES = 4096
"""How far a `<meta charset>` is looked for."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a browser does: these labels all mean windows-1252.
_AS_CP1252 = words(
    "ascii us-ascii iso-8859-1 iso8859-1 iso_8859-1 iso88591 iso-8859-15 iso8859-15 latin1 "
    "latin-1 l1 cp1252 x-cp1252 windows-1252 ansi ansi_x3.4-1968 cp819"
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# UTF-8 read as windows-1252: «Ã©», «â€™». A lone «Ã» is Portuguese.
_MOJIBAKE = re.compile(
    "Ã[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[\x80-\xbf™œ˜“”¦¢]|Å[“’]|Â[«»°\xa0]"
)


def decode(body: bytes, content_type: str | None) -> tuple[str, str, str]:
    """(text, name of the encoding, sign that decided: `bom`, `bytes`, `header`, `meta`, `default`).

    Never raises. `content_type` is the header's value. A few stray latin bytes in a UTF-8 page
    are read as windows-1252, each by itself.
    """
    encoding, sign = encoding_of(body, content_type)
    return read_as(encoding, body), encoding, sign


def encoding_of(body: bytes, content_type: str | None) -> tuple[str, str]:
    """(name of the encoding, sign that decided), as `decode` has them."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return name, "bom"
    label, sign = _label(body, content_type)
    if label in ("utf-16", "utf-16-le", "utf-16-be") and body[:200].count(0) > 20:
        name = "utf-16-be" if body[:1] == b"\0" or label == "utf-16-be" else "utf-16-le"
        return name, sign
    if body.isascii():
        return "utf-8" if label == "utf-8" else "windows-1252", sign
    if _decodes(body, "utf-8") or _mostly_utf8(body):
        return "utf-8", sign if label == "utf-8" else "bytes"
    if label not in (None, "utf-8", "windows-1252") and _decodes(body, label):
        return label, sign
    return "windows-1252", sign if label == "windows-1252" else "bytes"


def read_as(encoding: str, body: bytes) -> str:
    """A page, or a part of one that begins and ends at a tag, by the encoding of the whole."""
    for mark, name in _BOMS:
        if name == encoding:
            body = body.removeprefix(mark)
    if encoding == "windows-1252":
        return _cp1252(body)
    return body.decode(encoding, _STRAY_LATIN if encoding == "utf-8" else "replace")


def _decodes(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def suspect(text: str) -> bool:
    """True where signs of a wrong decoding remain: U+FFFD or «Ã©»."""
    if "\ufffd" in text:
        return True
    return any(mark in text for mark in "ÃâÅÂ") and _MOJIBAKE.search(text) is not None


def _label(body: bytes, content_type: str | None) -> tuple[str | None, str]:
    """The first label that names a known text encoding, and whose it is."""
    head = body[:HEAD_BYTES]
    found: list[tuple[str, str]] = []
    if content_type and (match := _HEADER.search(content_type)):
        found.append((match.group(1), "header"))
    if meta := _META.search(head) or _XML.search(head):
        found.append((meta.group(1).decode("ascii", "replace"), "meta"))
    for raw, sign in found:
        name = raw.strip().lower()
        if name in _AS_CP1252:
            return "windows-1252", sign
        try:
            info = codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        # `codecs` also knows rot13, zip and punycode: those are no encodings of a page.
        if getattr(info, "_is_text_encoding", True) and info.name not in _NO_PAGE:
            return _SAME.get(info.name, info.name), sign
    return None, "default"


_NO_PAGE = frozenset({"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined"})
_SAME = {"iso8859-1": "windows-1252", "cp1252": "windows-1252", "ascii": "windows-1252"}
_SAME |= {"utf-8-sig": "utf-8", "utf_8": "utf-8", "mbcs": "windows-1252", "utf-7": "windows-1252"}


def _mostly_utf8(body: bytes) -> bool:
    """At least two whole sequences for each byte that fits none."""
    # Most windows-1252 pages hold not one.
    if body.decode("utf-8", "ignore").isascii():
        return False
    following, high = _following(body)
    if following < 0.4 * high:
        return False
    rest = _MULTIBYTE.sub(b"", body)
    whole = (len(body) - len(rest)) // 2
    stray = len(rest) - len(rest.translate(None, _HIGH))
    return whole >= 2 * stray


def _following(body: bytes) -> tuple[int, int]:
    """(bytes that only follow others in UTF-8, bytes beyond ASCII)."""
    high = body.translate(None, _ASCII)
    return len(high) - len(high.translate(None, _FOLLOWING)), len(high)


_ASCII = bytes(range(0x80))
_FOLLOWING = bytes(range(0x80, 0xC0))
_HIGH = bytes(range(0x80, 0x100))
_STRAY_LATIN = "titrologue-stray-latin"
_UPPER_CONTROLS = {
    code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)
}
"""The bytes in which windows-1252 is not Latin-1, to what browsers read them as: the five undefined
ones are control characters."""
_OTHERS = bytes(code for code in range(256) if code not in _UPPER_CONTROLS)


def _cp1252(data: bytes) -> str:
    """windows-1252 as browsers read it. Python's codec takes a hundred times as long as that of
    Latin-1, from which a page differs in a few signs."""
    text = data.decode("latin-1")
    for code in set(data.translate(None, _OTHERS)):
        text = text.replace(chr(code), _UPPER_CONTROLS[code])
    return text


def _stray(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    # One byte at a time: what follows it may be a whole sequence again.
    return _cp1252(error.object[error.start : error.start + 1]), error.start + 1


codecs.register_error(_STRAY_LATIN, _stray)
