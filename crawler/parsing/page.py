"""Page: bytes to text to tree, each made once, when first asked for. Every reader starts here."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.parsing.encoding import decode as decode
from crawler.parsing.encoding import encoding_of, read_as
from crawler.parsing.mending import mended
from crawler.parsing.selecting import select
from crawler.parsing.wording import words

MAX_BYTES = 10 * 1024 * 1024
"""What stands beyond is not read."""
MAX_DEPTH = 5_000
"""Open elements at one place; deeper nesting makes the tree builder quadratic, so the text is cut
there and `too_deep` is set."""
_MANY_TAGS = 5_000
_OPAQUE = re.compile(r"<!--.*?-->|<(script|style|noscript)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
"""What holds no element, or none that counts."""
_TAG = re.compile(r"<(/?)([a-zA-Z]+)[^<>]*(/?)>")
_VOID = words(
    "area base br col embed frame hr img input link meta param source track wbr p li td tr th "
    "option dd dt tbody thead"
)
_SCRIPT_END = re.compile(rb"</script(?:>|[\s/][^>]*>)", re.IGNORECASE)
_FRAMES = re.compile(rb"<frameset", re.IGNORECASE)
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(eq=False)
class Page:
    """One fetched page. `body` are its bytes as they came, content encoding undone."""

    url: str
    body: bytes
    content_type: str | None
    """Value of the Content-Type header."""
    fetched_at: datetime
    """Aware; the clock of relative dates."""
    too_deep: bool = field(default=False, init=False)

    @cached_property
    def raw(self) -> bytes:
        """`body` as far as it is read."""
        return self.body[:MAX_BYTES]

    @cached_property
    def _encoding(self) -> tuple[str, str]:
        return encoding_of(self.raw, self.content_type)

    @property
    def encoding(self) -> str:
        """Name of the encoding the bytes are read by."""
        return self._encoding[0]

    @property
    def encoding_sign(self) -> str:
        """What decided it: `bom`, `bytes`, `header`, `meta`, `default`."""
        return self._encoding[1]

    @cached_property
    def body_at(self) -> int:
        """Where `<body` stands in the bytes, -1 where it does not."""
        return self.raw.find(b"<body")

    @cached_property
    def text(self) -> str:
        """The page as text, without surrogates."""
        return read_as(self.encoding, self.raw)

    @property
    def is_bytewise(self) -> bool:
        """True where tags can be found in the bytes themselves: ASCII stands for itself."""
        return self.encoding in ("utf-8", "windows-1252")

    def part(self, begin: int, end: int) -> str:
        """The text of the bytes from `begin` to `end`, both at a tag of a `is_bytewise` page."""
        return read_as(self.encoding, self.raw[begin:end])

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The parsed page, what its markup left open closed; parsed once."""
        sound = mended(self.raw)
        text = self.text if sound is self.raw else read_as(self.encoding, sound)
        if text.count("<") > _MANY_TAGS and (cut := _depth_limit(text)) is not None:
            self.too_deep = True
            text = text[:cut]
        return LexborHTMLParser(text)

    @cached_property
    def head(self) -> LexborHTMLParser:
        """A tree of what stands before `<body>`, as far as it tells anything: metas, title, links.
        In the body they are a reader's comment as likely as the site's word. The whole page where
        it has no such head."""
        raw, body = self.raw, self.body_at
        if "tree" in self.__dict__ or body < 0 or raw.find(b"<title", 0, body) < 0:
            return self.tree
        last = max(raw.rfind(mark, 0, body) for mark in (b"<meta", b"</title", b"canonical"))
        end = raw.find(b">", last, body)
        if end < 0 or not self.is_bytewise:
            return self.tree
        return LexborHTMLParser(_OPAQUE.sub("", self.part(0, end + 1)))

    @cached_property
    def meta(self) -> dict[str, str]:
        """`<meta>` name, property or itemprop (lower case) to its first non-empty content."""
        found: dict[str, str] = {}
        for node in select(self.head, "meta[content]"):
            attributes = node.attributes
            name = (
                attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
            )
            content = " ".join((attributes.get("content") or "").split())
            if name and content:
                found.setdefault(name.lower(), content)
        return found

    @cached_property
    def data(self) -> list[dict[str, Any]]:
        """Every object of the page's JSON-LD, `@graph` unrolled; what cannot be read is left."""
        found: list[dict[str, Any]] = []
        if self.is_bytewise and b"ld+json" not in self.raw:
            return found
        for node in select(self._with_data(), 'script[type*="ld+json"]')[:50]:
            _unroll(_lenient_json(_raw_text(node)), found, 0)
        return found

    def _with_data(self) -> LexborHTMLParser:
        """A tree that holds every script of JSON-LD: of the page as far as the last of them ends,
        which is what stands there whatever follows. The whole page where it has to be mended, or
        may be cut or emptied behind."""
        raw = self.raw
        if "tree" in self.__dict__ or not self.is_bytewise or raw.count(b"<") > _MANY_TAGS:
            return self.tree
        last = raw.lower().rfind(b"ld+json")
        end = _SCRIPT_END.search(raw, last)
        if end is None or b"<!--" in raw[raw.rfind(b"<", 0, last) : end.end()]:
            return self.tree
        if _FRAMES.search(raw) or mended(raw) is not raw:
            return self.tree
        return LexborHTMLParser(self.part(0, end.end()))

    @cached_property
    def title(self) -> str | None:
        """`<title>`, white space collapsed."""
        node = next(iter(select(self.head, "title")), None)
        return (" ".join(_raw_text(node).split()) or None) if node is not None else None


def _raw_text(node: LexborNode) -> str:
    return node.text() or ""


def _depth_limit(text: str) -> int | None:
    """Where more than MAX_DEPTH elements stand open at once, or None. A rough count: enough to
    refuse a bomb, far above any page that people wrote."""
    depth = 0
    for tag in _TAG.finditer(text):
        closing, name, itself = tag.groups()
        if itself or name.lower() in _VOID:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > MAX_DEPTH:
            return tag.start()
    return None


def _lenient_json(text: str) -> Any:
    """JSON as sites write it: raw line ends in strings, comment marks around, a last comma."""
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip()
    text = re.sub(r"^(?://)?<!\[CDATA\[|(?://)?\]\]>$", "", text).strip().rstrip(";")
    for attempt in (text, re.sub(r",(\s{0,50}[}\]])", r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _unroll(value: Any, found: list[dict[str, Any]], depth: int) -> None:
    if depth > 6 or len(found) > 200:
        return
    if isinstance(value, list):
        for one in value[:200]:
            _unroll(one, found, depth + 1)
    elif isinstance(value, dict):
        found.append(value)
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            _unroll(value.get(key), found, depth + 1)


def plain(value: object) -> str | None:
    """A JSON value as one line of text without surrogates, or None where it is no string."""
    if not isinstance(value, str):
        return None
    return " ".join(_SURROGATES.sub("\ufffd", value).replace("\0", "").split()) or None
