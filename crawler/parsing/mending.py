"""Mending: markup that swallows text, put right before it is parsed. Used by `page` and `excerpt`.

A comment that nothing closes, a quote or a tag left open, a script without an end: after the rules
of HTML what follows them is no text, and an article loses its end. `seems_broken` is cheap; only
what it suspects is mended. Works on bytes in which ASCII stands for itself; others hold none of
what is looked for.
"""

from __future__ import annotations

import re

_COMMENT = re.compile(rb"<!--[^<>]*>?")
# The quote that would close the value is the next attribute's, or there is none at all.
_QUOTE = re.compile(rb'(="[^"<>]*)>(?=[^"<]*<[^"]*(?:="|\Z))')
_OPEN = re.compile(rb"<[^<>]*+(?=<)")
"""A tag left open, up to the next one. Most are closed, which is told before looking into them."""
# Where no text follows, the next tag ends it and nothing is lost.
_TAG = re.compile(
    rb'(</?[a-zA-Z][a-zA-Z0-9]{0,9}(?:\s{1,9}[a-zA-Z-]{1,30}="[^"<>]*")*)(?![a-zA-Z0-9])'
    rb'(\s*[^\s<>="][^<>="]*)'
)
_TEXT_TAG = re.compile(
    rb"</?(?:p|div|br|t[dr]|table|h[1-6]|span|ul|li|section|article|body|html)\b", re.IGNORECASE
)
_RAW = (b"script", b"style")
_OPAQUE = re.compile(
    rb"<!--[^-]*+(?:-(?!->)[^-]*+)*+-->"
    rb"|<script\b[^<]*+(?:<(?!/script)[^<]*+)*+</script|<style\b[^<]*+(?:<(?!/style)[^<]*+)*+</style"
)


def seems_broken(raw: bytes) -> bool:
    """True where something may be left open."""
    if raw.rfind(b"<!--") > raw.rfind(b"-->"):
        return True
    if any(raw.rfind(b"<" + name) > raw.rfind(b"</" + name) for name in _RAW):
        return True
    # Scripts compare with `<`. All that opens one is closed here, so each is looked at once.
    return _unbalanced(raw) and _unbalanced(_OPAQUE.sub(b"", raw))


def _unbalanced(raw: bytes) -> bool:
    return raw.count(b"<") > raw.count(b">") or raw.count(b'"') % 2 == 1


def mended(raw: bytes) -> bytes:
    """`raw` with what is left open closed where text goes on; `raw` itself where nothing is."""
    if not seems_broken(raw):
        return raw
    given = raw
    if raw.rfind(b"<!--") > (closed := raw.rfind(b"-->")):
        raw = raw[: closed + 1] + _COMMENT.sub(b"", raw[closed + 1 :])
    for name in _RAW:
        opened = raw.rfind(b"<" + name)
        if opened > raw.rfind(b"</" + name) and (text := _TEXT_TAG.search(raw, opened)):
            raw = raw[: text.start()] + b"</" + name + b">" + raw[text.start() :]
    if raw.count(b'"') % 2 == 1:
        raw = _QUOTE.sub(rb'\1">', raw)
    if raw.count(b"<") > raw.count(b">"):
        raw = _OPEN.sub(_closed, raw)
    return given if raw == given else raw


def _closed(left_open: re.Match[bytes]) -> bytes:
    tag = _TAG.fullmatch(left_open[0])
    return b"%b>%b" % tag.groups() if tag else left_open[0]
