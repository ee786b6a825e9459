"""Mutations of form: tags, names, spans and encodings; the words of the page stay as they are."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml.html import HtmlElement, tostring

from benchmarks.pagesets.draft import BLOCKS, Draft, element
from demo.text import words

_SWAPS = {
    "table": ("section", "main", "div"),
    "td": ("article", "section", "div"),
    "th": ("article", "section", "div"),
    "tr": ("div", "section"),
    "center": ("div",),
    "font": ("span",),
    "b": ("strong", "b"),
    "i": ("em", "i"),
    "div": ("section", "div", "article"),
    "h1": ("h1", "h2"),
}
_FLATTENED = words(
    "table td th section article main aside header nav footer figure figcaption center"
)
_WORD = re.compile(r"\w{2,}")
_SYLLABLES = words("ba cor du fan gil lo mer nu pas rin sol tra ven zi")


def html5_tags(draft: Draft) -> None:
    """Elements of the tables' age become HTML5 ones; a div or span of text alone becomes a p."""
    drawn = {old: draft.rng.choice(new) for old, new in _SWAPS.items()}
    _drop(draft.root, ("tbody", "thead", "tfoot"))
    for node in list(draft.root.iter("span", "div")):
        if _holds_text_alone(node) and (node.tag == "div" or _is_body_span(draft, node)):
            node.tag = "p"
    for node in draft.root.iter(*drawn):
        node.tag = drawn[node.tag]


def flat_divs(draft: Draft) -> None:
    """Tables and HTML5 sections become divs, rows vanish."""
    _drop(draft.root, ("tbody", "thead", "tfoot", "tr"))
    for node in draft.root.iter(*_FLATTENED):
        node.tag = "div"


def body_in_paragraphs(draft: Draft) -> None:
    """The body's spans vanish; every run up to a double break becomes a p."""
    body = draft.parts["body"]
    for span in body.findall("span"):
        span.drop_tag()
    runs: list[str | HtmlElement] = [body.text or ""]
    for child in list(body):
        runs += [child, child.tail or ""]
        child.tail = None
        body.remove(child)
    body.text = None
    current = element("<p></p>")
    for place, run in enumerate(runs):
        double = _is_break(run) and any(_is_break(r) for r in _neighbours(runs, place))
        if double or (not isinstance(run, str) and _is_block(run)):
            current = _flush(body, current)
            if not double:
                body.append(run)
        elif isinstance(run, str):
            _append_text(current, run)
        else:
            current.append(run)
    _flush(body, current)


def split_inside_words(draft: Draft) -> None:
    """`Pu<span>blié</span>`: about one word in twelve of title, date line and body, cut by a span
    that begins or ends inside it; always one of the date line."""

    def inside(text: str) -> list[tuple[int, int]]:
        spans = []
        for word in _WORD.finditer(text):
            if draft.rng.random() < 1 / 12 or (word.start() < 3 and draft.rng.random() < 0.3):
                cut = draft.rng.randrange(word.start() + 1, word.end())
                spans.append(draft.rng.choice(((word.start(), cut), (cut, word.end()))))
        return spans

    _split(draft, inside, first=lambda text: [(2, 6)] if text.startswith("Publi") else [])


def split_between_words(draft: Draft) -> None:
    """Spans around every few words of title, date line and body, as word processors leave them."""

    def between(text: str) -> list[tuple[int, int]]:
        starts = [found.start() for found in re.finditer(r"\S+", text)]
        spans, place = [], 0
        while place < len(starts):
            size = draft.rng.randrange(1, 5)
            after = place + size
            end = starts[after] if after < len(starts) else len(text)
            if draft.rng.random() < 0.5:
                spans.append((starts[place], len(text[:end].rstrip())))
            place = after
        return spans

    _split(draft, between, first=between)


def names_changed(draft: Draft) -> None:
    """Every class and id becomes a random word, the same for the same name."""
    new: dict[str, str] = {}
    for node in draft.root.iter():
        for attribute in ("class", "id"):
            if isinstance(node.tag, str) and (value := node.get(attribute)):
                named = (new.setdefault(name, _word(draft)) for name in value.split())
                node.set(attribute, " ".join(named))


def names_removed(draft: Draft) -> None:
    """No class and no id is left."""
    for node in draft.root.iter():
        if isinstance(node.tag, str):
            for attribute in ("class", "id"):
                node.attrib.pop(attribute, None)


def charset(written: str, meta: str | None, header: str | None) -> Callable[[Draft], None]:
    """A mutation that writes the bytes one way and calls them another."""

    def lie(draft: Draft) -> None:
        draft.charset, draft.declared, draft.header = written, meta, header

    lie.__doc__ = f"Bytes {written}, the meta says {meta}, the header {header}."
    return lie


def _word(draft: Draft) -> str:
    return "".join(draft.rng.choice(_SYLLABLES) for _ in range(4))


def _drop(root: HtmlElement, tags: tuple[str, ...]) -> None:
    for node in list(root.iter(*tags)):
        node.drop_tag()


def _is_block(node: HtmlElement) -> bool:
    return node.tag in BLOCKS or not isinstance(node.tag, str) or node.find(".//div") is not None


def _holds_text_alone(node: HtmlElement) -> bool:
    """Whether it has words, and no block element in it or p around it, so that it can be a p."""
    inside = any(True for _ in node.iterancestors("p", "a", "h1"))
    blocks = any(child.tag in BLOCKS for child in node.iterdescendants())
    return bool(node.text_content().strip()) and not inside and not blocks


def _is_body_span(draft: Draft, node: HtmlElement) -> bool:
    whole = draft.article.switches.isdisjoint(("spans_glued", "orphan_words"))
    return whole and node.getparent() is draft.parts["body"]


def _is_break(run: str | HtmlElement) -> bool:
    return not isinstance(run, str) and run.tag == "br"


def _neighbours(runs: list[str | HtmlElement], place: int) -> list[str | HtmlElement]:
    """The elements before and behind, where nothing but white space stands between."""
    found = []
    for step in (-1, 1):
        text, beyond = place + step, place + 2 * step
        if 0 <= beyond < len(runs) and isinstance(runs[text], str) and not runs[text].strip():
            found.append(runs[beyond])
    return found


def _flush(body: HtmlElement, current: HtmlElement) -> HtmlElement:
    if len(current) or (current.text or "").strip():
        body.append(current)
        return element("<p></p>")
    current.text = None
    return current


def _append_text(node: HtmlElement, text: str) -> None:
    if len(node):
        node[-1].tail = (node[-1].tail or "") + text
    else:
        node.text = (node.text or "") + text


def _split(
    draft: Draft,
    cuts: Callable[[str], list[tuple[int, int]]],
    first: Callable[[str], list[tuple[int, int]]],
) -> None:
    """Wrap parts of the texts of title, date line and body in spans; `cuts` says which, `first`
    for the date line's first text."""
    for name in ("title", "date", "body"):
        slots = list(_text_slots(draft.parts[name]))
        for place, (node, is_tail) in enumerate(slots):
            text = (node.tail if is_tail else node.text) or ""
            parts = (place == 0 and name == "date" and first(text)) or cuts(text)
            for start, end in reversed(parts):
                _wrap(node, is_tail, start, end)


def _text_slots(root: HtmlElement) -> list[tuple[HtmlElement, bool]]:
    """Every non-empty text below `root`: the element, and whether it is the text behind it."""
    slots = []
    for node in root.iter():
        if isinstance(node.tag, str) and node.tag not in ("script", "style"):
            slots.append((node, False))
        if node is not root:
            slots.append((node, True))
    return [s for s in slots if ((s[0].tail if s[1] else s[0].text) or "").strip()]


def _wrap(node: HtmlElement, is_tail: bool, start: int, end: int) -> None:
    """Put `text[start:end]` of one text into a span. Call it from the right to the left."""
    text = node.tail if is_tail else node.text
    span = element("<span></span>")
    span.text, tail = text[start:end], text[end:]
    if is_tail:
        node.tail = text[:start]
        parent, place = node.getparent(), node.getparent().index(node) + 1
    else:
        node.text = text[:start]
        parent, place = node, 0
    parent.insert(place, span)
    span.tail = tail


def serialised(draft: Draft) -> bytes:
    """The bytes of the draft in its encoding, its meta as the draft declares it."""
    for node in draft.root.xpath("//meta[@charset or @http-equiv='Content-Type']"):
        node.drop_tree()
    if draft.declared:
        draft.root.find("head").insert(0, element(f'<meta charset="{draft.declared}">'))
    doctype = draft.root.getroottree().docinfo.doctype
    text: str = tostring(draft.root, encoding="unicode", doctype=doctype or None)
    return text.encode(draft.charset, "xmlcharrefreplace")
