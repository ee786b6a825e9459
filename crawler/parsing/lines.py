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

from crawler.parsing.selecting import select
from crawler.parsing.wording import words

MAX_NODES = 100_000
"""Nodes looked at on one page; what stands beyond is not read."""

MAX_ADVERT = 1_500
"""Characters of the longest advert."""
MAX_BOX = 3_000
"""Characters of the longest box that its name alone sets apart from the text."""

MAX_CAPTION = 220
"""Characters of the longest words under a picture that only their place makes its caption."""

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
# What an element does to the line it stands in.
_JOINS, _PARTS, _BREAKS, _SHOWS, _NOTHING = range(1, 6)
_KINDS = {
    **dict.fromkeys(_INLINE, _JOINS),
    **dict.fromkeys(_BLOCK, _PARTS),
    **dict.fromkeys((*_SKIPPED, "-comment", "-doctype", "-document"), _NOTHING),
    "br": _BREAKS,
    "img": _SHOWS,
}
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
_PICTURE = re.compile(
    r"(?:^|[\s_-])(?:images?|photos?|img|illustrations?|illus|visuel|vignette)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
"""Names of boxes with a picture; such a one may hold the text, too."""
_PICTURED = LAST << 1
"""What is a caption only if it has one picture and some words under it; no line has this bit."""
_FLOATS = re.compile(r"\bfloat\s*:\s*(?:left|right)", re.IGNORECASE)
_BOLD = frozenset({"b", "strong"})


@dataclass(slots=True)
class _Around:
    """What the elements around a text say of it."""

    context: int = 0
    level: int = 0
    bold: bool = False
    link: LexborNode | None = None


_Part = tuple[str, _Around, LexborNode]
"""A text node: its text, a blank for white space; what stands around it; its block."""


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
    parts: list[_Part]
    """Text by text node."""
    link: LexborNode | None
    """The line's last link."""
    images: Sequence[LexborNode]
    """Images met since the line before."""

    @property
    def home_id(self) -> int:
        """What tells one home from another."""
        return self.home.mem_id

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """Text by text node: (text as it stands, inside a link)."""
        return [(text, around.link is not None) for text, around, _ in self.parts]

    @property
    def href(self) -> str | None:
        """Address of the line's last link."""
        return self.link.attributes.get("href") or None if self.link is not None else None

    @property
    def link_share(self) -> float:
        """0 to 1: how much of the text is links."""
        return min(1.0, self.linked / len(self.text)) if self.linked else 0.0


class LineReader:
    """Reads lines from a node on, in document order; beyond the node's own end unless `inside`."""

    def __init__(
        self, start: LexborNode, marks: Mapping[int, int] | None = None, *, inside: bool = False
    ) -> None:
        self._start, self._inside = start, inside
        self._marks = marks or {}
        self._parts: list[_Part] = []
        self._breaks = 0
        self._edge = True
        self.images: list[LexborNode] = []
        """Images met since the last line; at the end those behind it."""

    def __iter__(self) -> Iterator[Line]:
        # Where no line beyond the start is read, its surroundings do not matter.
        stack = _ancestors(None if self._inside else self._start, self._start, self._marks)
        _, around, home, _ = stack[-1]
        depth = len(stack) if self._inside else 0
        node, marks, parts, seen = self._start, self._marks, self._parts, _SEEN
        for _ in range(MAX_NODES):
            number = node.tag_id
            if number == _TEXT:
                text = node.text_content or ""
                if text.isspace():
                    if parts:  # else it stands between two blocks
                        parts.append((" ", around, home))
                elif text:
                    parts.append((text, around, home))
            else:
                tag, kind, plain = seen.get(number) or _look(node)
                if kind == _BREAKS:
                    if parts:
                        yield self._line()
                    self._breaks += 1
                elif kind == _SHOWS:
                    self.images.append(node)
                elif kind != _NOTHING:
                    block = kind == _PARTS
                    if block:
                        if parts:
                            yield self._line()
                        self._edge = True
                    below = node.first_child
                    if below is not None:
                        if marks or not plain:
                            around = _within(node, tag, block, around, marks)
                        if block:
                            home = node
                        stack.append((node, around, home, block))
                        node = below
                        continue
            # On to what follows, out of every element that ends here.
            after = None if len(stack) == depth else node.next
            if after is None:
                while after is None and len(stack) > 1:
                    node, _, _, block = stack.pop()
                    if block:
                        if parts:
                            yield self._line()
                        self._edge = True
                    if len(stack) <= depth:
                        break
                    after = node.next
                if after is None:
                    break
                _, around, home, _ = stack[-1]
            node = after
        if parts:
            yield self._line()

    def _line(self) -> Line:
        """The line that ends here."""
        parts = self._parts.copy()
        self._parts.clear()
        first, around, home = parts[0]
        context, level, bold, linked, link = around.context, around.level, around.bold, 0, None
        for text, around, _ in parts:
            if text == " ":
                continue
            context |= around.context & ~SIDE
            bold = bold and around.bold
            if around.link is not None:
                linked += len(text.strip())
                link = around.link
        text = _collapsed(first if len(parts) == 1 else "".join([text for text, _, _ in parts]))
        line = Line(
            text, self._edge or self._breaks >= 2, home, context, linked, level, bold, parts, link,
            self.images or (),
        )  # fmt: skip
        self._breaks, self._edge = 0, False
        if self.images:
            self.images = []
        return line


def _collapsed(text: str) -> str:
    """`text` with each run of white space as one blank."""
    text = text.strip()
    # In printable text there is no white space but plain blanks.
    return text if "  " not in text and text.isprintable() else " ".join(text.split())


_Element = tuple[str, int, bool]
"""A node's name, its kind, and whether no name nor attribute of it says what it is."""
_SEEN: dict[int, _Element] = {}
_TEXT = 2
"""The number of a text, which most nodes are."""
_STANDARD = 1_000
"""Numbers of the names that are the parser's own; a made-up name has another in each page."""


def _look(node: LexborNode) -> _Element:
    """What `_SEEN` holds of nodes of that name once one was met."""
    tag = node.tag or "-comment"
    kind = _KINDS.get(tag) or _kind(tag)
    plain = kind == _JOINS and tag not in (*_BOLD, "a", "ins") and tag not in _CONTEXT
    found = tag, kind, plain
    if node.tag_id < _STANDARD:
        _SEEN[node.tag_id] = found
    return found


def _kind(tag: str) -> int:
    """The kind of an element that is not listed: inline as in a browser, unless it is a made-up
    one (`<x-story>`)."""
    return _PARTS if "-" in tag else _JOINS


def is_block(tag: str) -> bool:
    """True for the name of an element that breaks the line."""
    return tag in _BLOCK or ("-" in tag and tag not in _INLINE)


def _within(
    node: LexborNode, tag: str, block: bool, around: _Around, marks: Mapping[int, int]
) -> _Around:
    """What text inside `node` stands in."""
    said = _CONTEXT.get(tag, 0)
    if said == FORM:
        said |= ASIDE * _is_poll(node)
    if marks:
        said |= marks.get(node.mem_id, 0)
    if (block or tag == "ins") and (attributes := node.attributes):
        said |= _named(node, attributes)
    if not said and tag != "a" and tag not in _BOLD:
        return around  # as most elements
    bold = around.bold or tag in _BOLD or bool(said & HEADING)
    link = node if tag == "a" else around.link
    return _Around(around.context | said, _LEVELS.get(tag, around.level), bold, link)


def _is_poll(form: LexborNode) -> bool:
    """True for a question with answers to choose from; a system's form around the page is none."""
    if not select(form, "input[type=radio], input[type=checkbox]"):
        return False
    return len(form.text()) < MAX_BOX and not select(form, "h1")


def _named(node: LexborNode, attributes: Mapping[str, str | None]) -> int:
    """What a block's id or class says that it is: an advert, a box beside the text, a caption. A
    container of much text («has-ads») or of the headline is none."""
    context = _PICTURED * _floats(node, attributes)
    if name := attributes.get("id"):
        context |= _says(name[:200])
    if kind := attributes.get("class"):
        context |= _says(kind[:500])
    if context & _PICTURED:
        context ^= _PICTURED
        context |= FIGURE * _is_picture_box(node)
    if not context:
        return 0
    size = len(node.text())
    if context & ADVERT:
        return ADVERT if size < MAX_ADVERT else 0
    if size >= MAX_BOX or node.tag in ("body", "main", "article"):
        return 0
    # Its source tells in less time that there is no headline in it.
    if "<h1" in (node.html or "") and select(node, "h1"):
        return 0
    return context


def _floats(node: LexborNode, attributes: Mapping[str, str | None]) -> bool:
    """True for a box that the text flows around."""
    align, style = attributes.get("align"), attributes.get("style")
    beside = align and align.lower() in ("left", "right") and node.tag == "table"
    return bool(beside or (style and _FLOATS.search(style)))


def _is_picture_box(node: LexborNode) -> bool:
    """True for one picture and some words under it."""
    if not 0 < len(" ".join(node.text().split())) <= MAX_CAPTION:
        return False
    if len(select(node, "img")) != 1:
        return False
    for inner in node.traverse(include_text=True):
        if inner.tag == "img":
            return True
        if inner.is_text_node and (inner.text_content or "").strip():
            return False
    return False


@lru_cache(maxsize=4096)
def _says(name: str) -> int:
    if _ADVERT.search(name):
        return ADVERT
    beside, caption, picture = (bool(named.search(name)) for named in (_BESIDE, _CAPTION, _PICTURE))
    return ASIDE * beside | FIGURE * caption | _PICTURED * picture


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


def text_alone(node: LexborNode) -> str | None:
    """The line in a node that holds one text and no more, as headlines and dates do, empty for
    blanks; None for any other node. As `LineReader` reads it, and ten times faster."""
    while True:
        if node.is_text_node:
            return _collapsed(node.text_content or "")
        only = node.first_child
        if only is None or only.next is not None or _KINDS.get(node.tag or "") == _NOTHING:
            return None
        node = only


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
