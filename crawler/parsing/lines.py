"""A page as people see it: its lines, in order, each with what the markup says about it.

Layouts change, lines stay: «Publié le … | …» is a line in a table, a span or an `article`. The
tree is walked once, without recursion; words are joined across inline elements and parted by
nothing but `<br>` and blocks. Used by `article`, `structure`, `body` and `photo`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborNode

from crawler.parsing.wording import words

MAX_NODES = 100_000
"""Nodes looked at on one page; what stands beyond is not read."""

MAX_ADVERT = 1_500
"""Characters of the longest advert."""
MAX_BOX = 3_000
"""Characters of the longest box that its name alone sets apart from the text."""

# Context of a line: what its ancestors are. One bit each.
(
    NAV, ASIDE, FOOTER, ITEM, HEADING, FIGURE, FORM, ADVERT, TEMPLATE, TITLE, DATE, BODY, LAST,
) = (1 << n for n in range(13))  # fmt: skip
SIDE = NAV | ASIDE | FOOTER | ADVERT

_SKIPPED = words(
    "script style noscript template iframe object embed svg textarea select head canvas audio "
    "video math datalist map button label input option"
)
_INLINE = words(
    "a abbr acronym b bdi bdo big blink cite code data del dfn em font i img ins kbd mark "
    "nobr q rp rt ruby s samp small span strike strong sub sup time tt u var wbr picture "
    "source"
)
_BLOCK = words(
    "address article aside blockquote body caption center col colgroup dd details dialog dir "
    "div dl dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header "
    "hgroup hr html legend li main menu nav ol optgroup option p pre search section summary "
    "table tbody td tfoot th thead title tr ul"
)
_CONTEXT = {
    "nav": NAV,
    "menu": NAV,
    "aside": ASIDE,
    "footer": FOOTER,
    "li": ITEM,
    "dt": ITEM,
    "dd": ITEM,
    "figure": FIGURE,
    "figcaption": FIGURE,
    "form": FORM,
} | {f"h{n}": HEADING for n in range(1, 7)}
_LEVELS = {f"h{n}": n for n in range(1, 7)}
_ADVERT = re.compile(
    r"(?:^|[\s_-])(?:(?:div-)?gpt-ad|adsbygoogle|ads?|adslot|advert\w*|publicites?|bannieres?"
    r"|sponsor\w*)(?:$|[\s_\d-])|(?:^|\s)pub[_-]?\d*(?:$|\s)",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:newsletters?|infolettre|signup|subscribe|related|lire-?aussi"
    r"|sharing|sharedaddy|partage|author-?(?:bio|box|description)|tag-?list|taglinks|tags|post_tag"
    r"|mots-?cles|cookies?|comment-?(?:list|respond)|bookmark-card|toolbar)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:wp-caption-text|caption|legende|spip_doc\w*|credits?|figcaption)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
_BOLD = frozenset({"b", "strong"})


@dataclass(slots=True, eq=False)
class Line:
    """One line of the page. `text` has its white space collapsed and is never empty."""

    text: str
    starts: bool
    """True where a paragraph starts: after two `<br>` or a block's edge."""
    home: LexborNode
    """The innermost block the line stands in."""
    context: int
    """Bits of what the line stands in."""
    linked: int
    """Characters inside links."""
    level: int
    """1 to 6 inside a heading, else 0."""
    bold: bool
    pieces: list[tuple[str, bool]]
    """Text by text node: (text as it stands, inside a link)."""
    link: LexborNode | None
    """The line's last link."""
    images: Sequence[LexborNode]
    """Images met since the line before."""

    @property
    def home_id(self) -> int:
        """What tells one home from another."""
        return self.home.mem_id

    @property
    def href(self) -> str | None:
        """Address of the line's last link."""
        return self.link.attributes.get("href") or None if self.link is not None else None

    @property
    def link_share(self) -> float:
        """0 to 1: how much of the text is links."""
        return min(1.0, self.linked / len(self.text)) if self.linked else 0.0


@dataclass(slots=True)
class _Around:
    """What the elements around a text say of it."""

    context: int = 0
    level: int = 0
    bold: bool = False
    link: LexborNode | None = None


class LineReader:
    """Reads lines from a node on, in document order; beyond the node's own end unless `inside`."""

    def __init__(
        self, start: LexborNode, marks: Mapping[int, int] | None = None, *, inside: bool = False
    ) -> None:
        self._start, self._inside = start, inside
        self._marks = marks or {}
        self._parts: list[tuple[str, bool]] = []
        self._linked = self._level = self._context = self._breaks = 0
        self._bold = True
        self._link: LexborNode | None = None
        self._edge = True
        self._home = start
        self.images: list[LexborNode] = []
        """Images met since the last line; at the end those behind it."""

    def __iter__(self) -> Iterator[Line]:
        # Where no line beyond the start is read, its surroundings do not matter.
        stack = _ancestors(None if self._inside else self._start, self._start, self._marks)
        _, around, home, _ = stack[-1]
        depth = len(stack)
        node = self._start
        for _ in range(MAX_NODES):
            below: LexborNode | None = None
            if node.is_text_node:
                self._text(node.text_content or "", around, home)
            elif node.is_element_node:
                tag = node.tag or ""
                if tag == "br":
                    if (line := self._flush(edge=False)) is not None:
                        yield line
                elif tag == "img":
                    self.images.append(node)
                elif tag not in _SKIPPED:
                    block = tag in _BLOCK or is_block(tag)
                    if block and (line := self._flush(edge=True)) is not None:
                        yield line
                    below = node.child
                    if below is not None:
                        around = _within(node, tag, block, around, self._marks)
                        home = node if block else home
                        stack.append((node, around, home, block))
                        node = below
                        continue
                    if block:
                        self._edge = True
            # On to what follows, out of every element that ends here.
            after = None if self._inside and len(stack) == depth else node.next
            while after is None and len(stack) > 1:
                node, _, _, block = stack.pop()
                _, around, home, _ = stack[-1]
                if block and (line := self._flush(edge=True)) is not None:
                    yield line
                if self._inside and len(stack) <= depth:
                    break
                after = node.next
            if after is None:
                break
            node = after
        if (line := self._flush(edge=True)) is not None:
            yield line

    def _text(self, text: str, around: _Around, home: LexborNode) -> None:
        linked = around.link is not None
        if text.isspace():
            if self._parts:
                self._parts.append((" ", linked))
            return
        if not text:
            return
        if not self._parts or not self._context:
            self._home, self._context, self._level = home, around.context, around.level
            self._bold, self._linked, self._link = True, 0, None
        self._parts.append((text, linked))
        self._context |= around.context & ~SIDE
        self._bold = self._bold and around.bold
        if linked:
            self._linked += len(text.strip())
            self._link = around.link

    def _flush(self, *, edge: bool) -> Line | None:
        """The line that ends here, if there is any."""
        line = None
        if self._parts:
            text = _collapsed("".join([part for part, _ in self._parts]))
            line = Line(
                text, self._edge or self._breaks >= 2, self._home, self._context, self._linked,
                self._level, self._bold, self._parts, self._link, self.images or (),
            )  # fmt: skip
            self._breaks, self._edge, self._parts = 0, False, []
            if self.images:
                self.images = []
        self._context = 0
        if edge:
            self._edge = True
        else:
            self._breaks += 1
        return line


def _collapsed(text: str) -> str:
    """`text` with each run of white space as one blank."""
    text = text.strip()
    # In printable text there is no white space but plain blanks.
    return text if "  " not in text and text.isprintable() else " ".join(text.split())


def is_block(tag: str) -> bool:
    """True for the name of an element that breaks the line."""
    # Unknown tags are inline as in a browser, unless they are made-up elements (`<x-story>`).
    return tag in _BLOCK or ("-" in tag and tag not in _INLINE)


def _within(
    node: LexborNode, tag: str, block: bool, around: _Around, marks: Mapping[int, int]
) -> _Around:
    """What text inside `node` stands in."""
    context = around.context | _CONTEXT.get(tag, 0)
    if marks:
        context |= marks.get(node.mem_id, 0)
    if (block or tag == "ins") and (attributes := node.attributes):
        context |= _named(node, attributes)
    level = _LEVELS.get(tag, around.level)
    link = node if tag == "a" else around.link
    bold = around.bold or tag in _BOLD or bool(context & HEADING)
    told = (around.context, around.level, around.bold, around.link)
    # Most elements say nothing new.
    return around if (context, level, bold, link) == told else _Around(context, level, bold, link)


def _named(node: LexborNode, attributes: Mapping[str, str | None]) -> int:
    """What a block's id or class says that it is: an advert, a box beside the text, a caption. A
    container of much text («has-ads») or of the headline is none."""
    name, kind = attributes.get("id"), attributes.get("class")
    context = (_says(name[:200]) if name else 0) | (_says(kind[:500]) if kind else 0)
    if not context:
        return 0
    size = len(node.text())
    if context & ADVERT:
        return ADVERT if size < MAX_ADVERT else 0
    if size >= MAX_BOX or node.tag in ("body", "main", "article") or node.css_first("h1"):
        return 0
    return context


@lru_cache(maxsize=4096)
def _says(name: str) -> int:
    if _ADVERT.search(name):
        return ADVERT
    return ASIDE * bool(_BESIDE.search(name)) | FIGURE * bool(_CAPTION.search(name))


_Open = tuple[LexborNode, _Around, LexborNode, bool]
"""An open element, what stands around the text in it, its block, whether it breaks the line."""


def _ancestors(below: LexborNode | None, node: LexborNode, marks: Mapping[int, int]) -> list[_Open]:
    """What stands open around `node`, from the root to the parent of `below`."""
    chain: list[LexborNode] = []
    at = below.parent if below is not None else None
    while at is not None and at.is_element_node:
        chain.append(at)
        at = at.parent
    root = chain[-1] if chain else node
    stack: list[_Open] = [(root, _Around(), root, True)]
    for one in reversed(chain):
        tag = one.tag or ""
        block = is_block(tag)
        _, around, home, _ = stack[-1]
        stack.append((one, _within(one, tag, block, around, marks), one if block else home, block))
    return stack


def lines_before(
    node: LexborNode, count: int, *, until: Callable[[str], object], least: int
) -> list[str]:
    """Up to `count` lines that stand before `node`, nearest first; text only. A line for which
    `until` holds is the last, once there are `least`."""
    found: list[str] = []
    parts: list[str] = []
    ended = False

    def flush() -> None:
        nonlocal ended
        if not parts:
            return
        text = " ".join("".join(reversed(parts)).split())
        parts.clear()
        if text:
            found.append(text)
            ended = ended or bool(until(text))

    at: LexborNode | None = node
    for _ in range(2_000):
        if at is None or len(found) >= count or (ended and len(found) >= least):
            break
        before = at.prev
        if before is None:
            at = at.parent
            if at is not None and at.tag in _BLOCK:
                flush()
            continue
        at = before
        while at.is_element_node and at.tag not in _SKIPPED and at.last_child is not None:
            if at.tag in _BLOCK:
                flush()
            at = at.last_child
        if at.is_text_node:
            parts.append(at.text_content or "")
        elif at.tag in _BLOCK or at.tag == "br":
            flush()
    flush()
    return found[:count]
