"""The text of a date line before any grammar reads it: tidied, then folded; used by `dates`.

The folded copy (lower case, no accents, plain dashes and quotes) has the same length as the tidy
line, so that a place in one is a place in the other.
"""

from __future__ import annotations

import html
import re
import unicodedata

WINDOW = 300
"""Characters of a line in which a date may begin."""
MARGIN = 80
"""A date that begins in the window ends within this many more."""

# Invisible signs that editors paste into date lines; they part digits without being seen.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_ENTITY = re.compile(r"&#?\w{2,8};")
# Letters that begin a UTF-8 sequence read as windows-1252 («fÃ©vrier»); kept, so they are seen.
_GARBLE = "ÃÂÌâƒ"


def _folding() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in (*range(0x41, 0x5B), *range(0xAA, 0x250), *range(0x1D43, 0x1D6B)):
        base = unicodedata.normalize("NFKD", chr(code))[:1].lower()
        if base.isascii() and base.isalpha() and chr(code) not in _GARBLE:
            table[code] = base
    table.update({0xFF10 + digit: str(digit) for digit in range(10)})
    table.update(dict.fromkeys(map(ord, "‐‑‒–—―−﹣-"), "-"))
    table.update(dict.fromkeys(map(ord, "’‘`´ʼ′"), "'"))
    table.update(dict.fromkeys(map(ord, "º˚"), "°"))
    table.update({ord("："): ":", ord("⁄"): "/", ord("∕"): "/", ord("／"): "/"})
    return table


_FOLD = _folding()
_FOLD_CP1252 = b"".join(
    bytes([code]).decode("cp1252", "replace").translate(_FOLD).encode("cp1252", "replace")
    for code in range(256)
)
"""`_FOLD` for the bytes of windows-1252: most lines hold nothing else, and ten times faster."""


def tidy(text: str) -> str:
    """`text` composed, without invisible signs and entities, white space collapsed."""
    if not text.isascii():
        if not text.isprintable():  # as none of them is
            text = _INVISIBLE.sub("", text)
        text = unicodedata.normalize("NFC", text)
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    return " ".join(text.split())


def fold(line: str) -> str:
    """A tidy line in lower case without accents, of the same length."""
    if line.isascii():
        return line.lower()
    try:
        folded = line.encode("cp1252").translate(_FOLD_CP1252)
    except UnicodeEncodeError:
        return line.translate(_FOLD)
    return folded.decode("ascii" if folded.isascii() else "cp1252")
