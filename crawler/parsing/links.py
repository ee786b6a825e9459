"""Links: one pass over a page's tree, as flat lists; what listing, entries and pager read.

Elements, text and links are kept in page order. Each element remembers the ranges of text and of
links below it, so «does this element hold only links to one article» costs no second walk. No
class name and no id is looked at: they differ from template to template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from crawler.addresses import BadAddress, canonical
from crawler.parsing.lines import MAX_NODES
from crawler.portals.base import Identity, Portal
from crawler.portals.sections import is_known

if TYPE_CHECKING:
    from crawler.parsing.page import Page

MAX_LINKS = 4000
"""Links read of one page; a listing has a few hundred, a trap has no end."""
MAX_CLIMB = 120
"""Levels climbed from a link; tables in tables reach 40."""
MAX_LABEL = 400

_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code em font i img ins kbd label mark nobr q s samp small"
    " span strike strong sub sup time tt u var wbr"
)
_INLINE = frozenset(_INLINE_TAGS.split())
_HIDDEN_TAGS = "script style title template textarea svg object noframes iframe"
_HIDDEN = frozenset(_HIDDEN_TAGS.split())
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SIDE_TAGS = frozenset(("nav", "aside", "footer", "menu", "marquee"))
_SIDE_ROLES = frozenset(("navigation", "complementary", "contentinfo", "menu", "menubar", "search"))
_VOID = frozenset(("img", "br", "hr", "input", "link", "meta", "base", "area", "wbr"))
_CLICKED = frozenset(("td", "tr", "li", "div", "span", "p", "th", "b", "font"))
_WORD = re.compile(r"[\w-]{1,40}")
_ICON = re.compile(r"next|suiv|droite|right|forward", re.IGNORECASE)
# «onclick="location.href='/politique/'"», «href="javascript:window.open('a.asp?rub=3')"».
_SCRIPTED = re.compile(
    r"(?:location(?:\.href)?\s*=|(?:location\.(?:assign|replace)|window\.open|open|go\w*|aller\w*)"
    r"\s*\()\s*(?:'([^'<>]{1,900})'|\"([^\"<>]{1,900})\")",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Box:
    """An element: its place in the tree, and the half-open ranges of runs and links below it."""

    tag: str
    parent: int
    side: bool
    """True inside nav, aside, footer or an element whose role says so."""
    heading: bool
    hidden: bool
    runs: tuple[int, int] = (0, 0)
    links: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class Run:
    """A piece of text. Runs with the same `line` stand on one line of the page."""

    text: str
    box: int
    line: int
    link: int
    """Index of the link the text is part of, or -1."""


@dataclass(slots=True)
class Link:
    """One way off the page: an anchor, a `<link>`, an option of a pager or a form's button."""

    kind: str
    """`a`, `link`, `option`, `form`."""
    url: str
    """Canonical address."""
    identity: Identity | None
    """None where the host is none of the portal's."""
    box: int
    run: int
    """Index of the first run behind the link's start."""
    rel: str = ""
    hint: str = ""
    """Title, aria-label or the alternative text of an image."""
    icon: bool = False
    """True for an image whose file name says «next»."""
    selected: bool = False
    """True for the option that names this page."""
    text: str = ""
    fragment: str = ""

    @property
    def label(self) -> str:
        """What a reader sees, or is told, of the link."""
        return self.text or self.hint


@dataclass(slots=True)
class Scan:
    """The page as flat lists, each in page order."""

    url: str
    boxes: list[Box] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    capped: bool = False

    def climb(self, box: int) -> Iterator[int]:
        """`box` and its ancestors, innermost first."""
        for _ in range(MAX_CLIMB):
            if box < 0:
                return
            yield box
            box = self.boxes[box].parent

    def lines(self, start: int, end: int, *, without_links: bool = False) -> list[str]:
        """The text of the runs `start` to `end` (exclusive), one string a line."""
        found: dict[int, list[str]] = {}
        for run in self.runs[max(start, 0) : end]:
            if not (without_links and run.link >= 0):
                found.setdefault(run.line, []).append(run.text)
        joined = (collapse("".join(parts)) for parts in found.values())
        return [line for line in joined if line]

    def text(self, box: int) -> str:
        """All text below `box` on one line."""
        start, end = self.boxes[box].runs
        return " ".join(self.lines(start, end))


def collapse(text: str) -> str:
    """White space of any kind, runs of it too, as one space."""
    return " ".join(text.split())


def scan_page(page: Page, portal: type[Portal]) -> Scan:
    """Read the tree of `page` once. Never raises on any markup."""
    return _Reader(page, portal).read()


class _Reader:
    """The state of the one pass."""

    def __init__(self, page: Page, portal: type[Portal]) -> None:
        self.tree, self.portal = page.tree, portal
        self.base = page.url
        # Elements other than anchors are asked for their script only where a page has any.
        self.clicks = b"onclick" in page.body.lower()
        self.scan = Scan(_canonical(page.url, None) or page.url)
        self.line = 0
        self.stack: list[tuple[int, int]] = []
        self.anchors: list[int] = []
        self.forms: list[_Form] = []
        self.known: dict[str, tuple[str, Identity | None] | None] = {}

    def read(self) -> Scan:
        root = self.tree.root
        if root is None:
            return self.scan
        for count, node in enumerate(root.traverse(include_text=True)):
            if count == MAX_NODES:
                self.scan.capped = True
                break
            tag = node.tag
            if tag is None or (tag[0] in "-!" and tag != "-text"):
                continue
            parent = node.parent
            above = parent.mem_id if parent is not None else 0
            while self.stack and self.stack[-1][0] != above:
                self._close()
            if tag == "-text":
                self._text(node)
            else:
                self._element(tag, node)
        while self.stack:
            self._close()
        for link in self.scan.links:
            if link.kind == "a":
                start, end = self.scan.boxes[link.box].runs
                link.text = collapse(" ".join(self.scan.lines(start, end)))[:MAX_LABEL]
        return self.scan

    def _text(self, node: Any) -> None:
        box = self.stack[-1][1] if self.stack else -1
        if box < 0 or self.scan.boxes[box].hidden:
            return
        text = node.text_content or ""
        if text and (not text.isspace() or self.scan.runs):
            link = self.anchors[-1] if self.anchors else -1
            self.scan.runs.append(Run(text, box, self.line, link))

    def _element(self, tag: str, node: Any) -> None:
        scan = self.scan
        parent = self.stack[-1][1] if self.stack else -1
        above = scan.boxes[parent] if parent >= 0 else None
        attributes = {} if tag in ("td", "tr", "b", "p", "br") else node.attributes
        side = tag in _SIDE_TAGS or (attributes.get("role") or "") in _SIDE_ROLES
        if tag not in _INLINE:
            self.line += 1
        index = len(scan.boxes)
        scan.boxes.append(
            Box(
                tag=tag,
                parent=parent,
                side=side or bool(above and above.side),
                heading=tag in _HEADINGS or bool(above and above.heading),
                hidden=tag in _HIDDEN or tag == "option" or bool(above and above.hidden),
                runs=(len(scan.runs), len(scan.runs)),
                links=(len(scan.links), len(scan.links)),
            )
        )
        if tag not in _VOID:
            self.stack.append((node.mem_id, index))
        if handler := getattr(self, f"_on_{tag}", None):
            handler(attributes, index, node)
        elif self.clicks and tag in _CLICKED:
            self._clicked(node.attributes, index)

    def _close(self) -> None:
        _, index = self.stack.pop()
        box = self.scan.boxes[index]
        box.runs = (box.runs[0], len(self.scan.runs))
        box.links = (box.links[0], len(self.scan.links))
        if box.tag not in _INLINE:
            self.line += 1
        if self.anchors and self.scan.links[self.anchors[-1]].box == index:
            self.anchors.pop()
        if box.tag == "form" and self.forms:
            self._submit(self.forms.pop())

    # -- elements that lead somewhere --------------------------------------------------------

    def _on_base(self, attributes: dict[str, str | None], _box: int, _node: Any) -> None:
        self.base = _canonical(attributes.get("href") or "", self.scan.url) or self.base

    def _on_a(self, attributes: dict[str, str | None], box: int, _node: Any) -> None:
        href = (attributes.get("href") or "").strip()
        if not href or href.startswith("#") or href[:11].lower() == "javascript:":
            self._clicked(attributes, box)
        elif self._add("a", href, box, attributes):
            self.anchors.append(len(self.scan.links) - 1)

    def _clicked(self, attributes: dict[str, str | None], box: int) -> None:
        """A link that only a script follows: the address stands in its `onclick` or `href`."""
        script = f"{attributes.get('onclick') or ''};{attributes.get('href') or ''}"
        if found := _SCRIPTED.search(script[:2000]):
            target = found.group(1) or found.group(2)
            if re.search(r"[/?.]", target) and self._add("a", target, box, attributes):
                self.anchors.append(len(self.scan.links) - 1)

    def _on_area(self, attributes: dict[str, str | None], box: int, _node: Any) -> None:
        if self._add("a", attributes.get("href"), box, attributes):
            link = self.scan.links[-1]
            link.hint = link.hint or _first(attributes, "alt")

    def _on_link(self, attributes: dict[str, str | None], box: int, _node: Any) -> None:
        if "next" in (attributes.get("rel") or "").lower().split():
            self._add("link", attributes.get("href"), box, attributes)

    def _on_img(self, attributes: dict[str, str | None], _box: int, _node: Any) -> None:
        if self.anchors:
            link = self.scan.links[self.anchors[-1]]
            link.hint = link.hint or _first(attributes, "alt", "title")
            name = (attributes.get("src") or "").rsplit("/", 1)[-1]
            link.icon = link.icon or bool(_ICON.search(name[:200]))

    def _on_form(self, attributes: dict[str, str | None], box: int, _node: Any) -> None:
        if (attributes.get("method") or "get").lower() == "get":
            self.forms.append(_Form(attributes.get("action") or "", box))

    def _on_input(self, attributes: dict[str, str | None], _box: int, _node: Any) -> None:
        if not self.forms:
            return
        kind = (attributes.get("type") or "text").lower()
        value = attributes.get("value") or ""
        if kind == "hidden":
            self.forms[-1].fields.append((attributes.get("name") or "", value))
        elif kind in ("submit", "image", "button"):
            self.forms[-1].button = value or _first(attributes, "alt", "title")
        else:
            self.forms[-1].free = True

    def _on_button(self, attributes: dict[str, str | None], _box: int, node: Any) -> None:
        if self.forms:
            self.forms[-1].button = collapse(node.text() or "")[:MAX_LABEL]

    def _on_select(self, attributes: dict[str, str | None], _box: int, _node: Any) -> None:
        if self.forms:
            self.forms[-1].select = attributes.get("name") or ""
            self.forms[-1].free = True

    def _on_option(self, attributes: dict[str, str | None], box: int, node: Any) -> None:
        text = collapse(node.text() or "")[:MAX_LABEL]
        value = (attributes.get("value") or "").strip()
        word = value.isdigit() or (_WORD.fullmatch(value) and is_known(text))
        if word and self.forms and self.forms[-1].select:
            form = self.forms[-1]
            value = form.target([*form.fields, (form.select, value)])
        elif not re.search(r"[/?=.]", value):
            return
        if self._add("option", value, box, {}):
            self.scan.links[-1].text = text
            self.scan.links[-1].selected = "selected" in attributes

    def _submit(self, form: _Form) -> None:
        if form.fields and form.button and not form.free:
            self._add("form", form.target(form.fields), form.box, {})
            self.scan.links[-1].text = form.button if self.scan.links else ""

    def _add(
        self, kind: str, href: str | None, box: int, attributes: dict[str, str | None]
    ) -> bool:
        if href is None or not href.strip() or len(self.scan.links) >= MAX_LINKS:
            self.scan.capped = self.scan.capped or len(self.scan.links) >= MAX_LINKS
            return False
        if href.lstrip().startswith("#") or (found := self._resolve(href)) is None:
            return False
        self.scan.links.append(
            Link(
                kind=kind,
                url=found[0],
                identity=found[1],
                box=box,
                run=len(self.scan.runs),
                rel=(attributes.get("rel") or "").lower(),
                hint=_first(attributes, "title", "aria-label"),
                fragment=href.partition("#")[2][:80],
            )
        )
        return True

    def _resolve(self, href: str) -> tuple[str, Identity | None] | None:
        if href not in self.known:
            url = _canonical(href, self.base)
            identity = None
            if url is not None:
                try:
                    identity = self.portal.identify(url)
                except BadAddress:
                    identity = None
            self.known[href] = None if url is None else (url, identity)
        return self.known[href]


@dataclass(slots=True)
class _Form:
    """A GET form: some old pagers are one."""

    action: str
    box: int
    fields: list[tuple[str, str]] = field(default_factory=list)
    button: str = ""
    select: str = ""
    free: bool = False
    """True where a reader types or chooses: no link."""

    def target(self, fields: list[tuple[str, str]]) -> str:
        """The address the form asks for with `fields`."""
        path = self.action.partition("#")[0].partition("?")[0]
        return path + "?" + urlencode(fields, errors="replace")


def _canonical(href: str, base: str | None) -> str | None:
    try:
        return canonical(href, base)
    except BadAddress:
        return None


def _first(attributes: dict[str, str | None], *names: str) -> str:
    return next((collapse(v)[:MAX_LABEL] for n in names if (v := attributes.get(n))), "")
