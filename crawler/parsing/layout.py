"""Layout: which lines of a page are its date, its photo block, its body. Two ways to find it out.

`by_selectors` asks the portal's template and reads only the lines from the headline to a little
behind the body; `structure.by_structure` needs no markup at all. Fields are read from either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.parsing.body import is_suite
from crawler.parsing.lines import BODY, DATE, ITEM, LAST, TITLE, Line, LineReader, text_alone
from crawler.parsing.selecting import select
from crawler.parsing.signature import read_signature
from crawler.parsing.wording import (
    COMMENTS,
    END,
    RELATED,
    is_date_line,
    is_label,
    says_published,
    update_part,
)

_BEHIND = 80
"""Lines read behind the body: comments are counted there."""
_MUCH_MORE = 1.2
_MIDDLE = 400
"""Lines between headline and body after which no body is expected."""


@dataclass(slots=True)
class Layout:
    """The parts of one page. `head` lists what stands between headline and body (photo block),
    `after` what follows the body."""

    name: str
    title: str | None = None
    title_sign: str = ""
    title_node: LexborNode | None = None
    above: list[str] | None = None
    """Lines above the headline, nearest first; None: not read yet."""
    date: str | None = None
    date_sign: str = ""
    before_date: str | None = None
    """What stands before the date line: who wrote the article, the section, a newspaper."""
    unread: str | None = None
    """A line in the date's place that says «Publié le» and then nothing with the form of a day."""
    update: str | None = None
    section: str | None = None
    head: list[Line] = field(default_factory=list)
    below: list[Line] = field(default_factory=list)
    """Lines from the headline to the body, date line included."""
    body: list[Line] = field(default_factory=list)
    body_sign: str = ""
    body_nodes: list[LexborNode] = field(default_factory=list)
    after: list[Line] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """True where headline, date and body were all found."""
        return bool(self.title and self.date and self.body)


def texts_in(node: LexborNode) -> list[str]:
    """The lines in a node, text only."""
    alone = text_alone(node)
    if alone is not None:
        return [alone] if alone else []
    return [line.text for line in _lines_in(node)]


def _lines_in(node: LexborNode) -> list[Line]:
    return list(LineReader(node, {node.mem_id: BODY}, inside=True))


def by_selectors(
    tree: LexborHTMLParser, selectors: dict[str, tuple[str, ...]], *, from_top: bool = False
) -> Layout:
    """What the template's selectors find. Fields they do not find are left empty. `from_top`: the
    tree is an excerpt, and what stands above the headline is read with the rest."""
    layout = Layout("selector")
    title, css = _first_with_text(tree, selectors.get("title", ()))
    if title is not None:
        layout.title, layout.title_sign, layout.title_node = " ".join(texts_in(title)), css, title
    dates: list[LexborNode] = []
    for css in selectors.get("date", ()):
        dates = select(tree, css)[:20]
        if _choose_dates(layout, dates, css):
            break
    bodies, layout.body_sign = _choose_body(tree, selectors.get("body", ()))
    layout.body_nodes = bodies
    if title is not None and bodies:
        top = tree.body if from_top else None
        _read_window(layout, title, dates, bodies, top)
    elif bodies:
        layout.body = [line for node in bodies for line in _lines_in(node)]
    return layout


def title_by_selectors(
    tree: LexborHTMLParser, selectors: dict[str, tuple[str, ...]]
) -> LexborNode | None:
    """The headline's element."""
    return _first_with_text(tree, selectors.get("title", ()))[0]


def _first_with_text(
    tree: LexborHTMLParser, selectors: Sequence[str]
) -> tuple[LexborNode | None, str]:
    for css in selectors:
        for node in select(tree, css)[:20]:
            if node.text().strip():
                return node, css
    return None, ""


def _choose_dates(layout: Layout, nodes: list[LexborNode], css: str) -> bool:
    """The first line that dates the page; several boxes share the class, not all hold a date."""
    lines = [text for node in nodes for text in texts_in(node)]
    dated = [text for text in lines if is_date_line(text)]
    chosen = choose_date(dated)
    if chosen is None:
        if layout.unread is None:
            layout.unread = next((text for text in lines if says_published(text)), None)
        return False
    layout.date, layout.update = chosen
    layout.date_sign = css
    return True


def choose_date(dated: Sequence[str]) -> tuple[str | None, str | None] | None:
    """(publication line, update line) among lines that all hold a date, best first."""
    if not dated:
        return None
    published = [text for text in dated if says_published(text)]
    updates = [text for text in dated if update_part(text)]
    # «29/03/2024 - Modifié le 02/04/2024» says both; what its first day is, the date reader tells.
    plain = [text for text in dated if text not in updates or _dated_before_update(text)]
    chosen = next(iter(published or plain), None)
    update = next((part for text in updates if (part := update_part(text))), None)
    return chosen, update


def _dated_before_update(text: str) -> bool:
    """True where a day stands before the words of the update."""
    before = text.removesuffix(update_part(text) or "")
    return is_date_line(before)


def _choose_body(tree: LexborHTMLParser, selectors: Sequence[str]) -> tuple[list[LexborNode], str]:
    """(elements of the body, their selector): the first that finds any, unless a later one finds
    much more of it, as where a template has changed half-way."""
    best: list[LexborNode] = []
    sign, size = "", 0
    tried: list[int] = []
    for css in selectors:
        nodes = select(tree, css)[:200]
        if tried == (tried := [node.mem_id for node in nodes]):
            continue
        parts = _body_parts(nodes)
        found = sum(len(node.text()) for node in parts)
        if found > _MUCH_MORE * size:
            best, sign, size = parts, css, found
    return best, sign


def _body_parts(nodes: list[LexborNode]) -> list[LexborNode]:
    """The elements that hold the body: pieces of one class, less what is nested in another piece.

    Inline pieces all count (an advert stands between them). A block is a body by itself; a second
    one joins it only as its sibling, with no other text between.
    """
    parts: list[LexborNode] = []
    taken: set[int] = set()
    for node in nodes:
        if _inside(node, taken) or not node.text().strip():
            continue
        if parts and not _continues(parts[-1], node):
            break
        parts.append(node)
        taken.add(node.mem_id)
    return parts


def _inside(node: LexborNode, taken: set[int]) -> bool:
    at = node.parent
    while at is not None and taken:
        if at.mem_id in taken:
            return True
        at = at.parent
    return False


def _continues(last: LexborNode, node: LexborNode) -> bool:
    if node.tag not in ("div", "section", "article", "td", "table"):
        return True
    parent, other = last.parent, node.parent
    if parent is None or other is None or parent.mem_id != other.mem_id:
        return False
    between = last.next
    while between is not None and between.mem_id != node.mem_id:
        if between.is_text_node and (between.text_content or "").strip():
            return False
        if between.is_element_node and len(between.text().strip()) > 60:
            return False
        between = between.next
    return True


def _read_window(
    layout: Layout,
    title: LexborNode,
    dates: list[LexborNode],
    bodies: list[LexborNode],
    top: LexborNode | None,
) -> None:
    marks = {node.mem_id: DATE for node in dates}
    marks |= {node.mem_id: BODY for node in bodies}
    marks[bodies[-1].mem_id] = BODY | LAST
    marks[title.mem_id] = TITLE
    ended = False
    above: list[str] | None = [] if top is not None else None
    head: list[Line] = []
    body: list[Line] = []
    after: list[Line] = []
    for line in LineReader(title if top is None else top, marks):
        if above is not None:
            if line.context & TITLE:
                layout.above, above = above[::-1], None
            else:
                above.append(line.text)
        elif line.context & BODY:
            # What stands between two pieces of the body belongs to it unless it is an advert.
            body += [one for one in after if not one.context & DATE]
            after = []
            body.append(line)
            ended = ended or bool(line.context & LAST)
        elif body:
            after.append(line)
            if len(after) > _BEHIND or (ended and _ends(line.text)):
                break
        elif not line.context & (TITLE | DATE):
            head.append(line)
            if len(head) > _MIDDLE:
                break
    if not body:
        # The body stands above the headline: read it by itself.
        body = [line for node in bodies for line in _lines_in(node)]
    layout.head, layout.body, layout.after = head, body, after
    layout.below = head
    take_tail(layout)


def _ends(text: str) -> bool:
    """True for a line behind which nothing of the article is left to read."""
    return RELATED.match(text) is not None or END.match(text) is not None


def _names_author(text: str) -> bool:
    found = read_signature(text)
    return found is not None and found.author is not None


def take_tail(layout: Layout) -> None:
    """Lines just behind the body that are its own: a signature or «suite de l'article sur RFI» in
    an element of its own."""
    for at, line in enumerate(layout.after[:4]):
        text = line.text
        if COMMENTS.match(text) or RELATED.match(text):
            break
        if is_label(text) or line.context & DATE:
            continue
        if line.context & ITEM and any(one.context & ITEM for one in layout.after[at + 1 : at + 2]):
            break  # a list of names
        if _names_author(text) and layout.body and _names_author(layout.body[-1].text):
            break  # a reader, who signs as authors do
        if is_suite(text) or (line.link_share < 0.5 and read_signature(text)):
            line.starts = True
            layout.body = [*layout.body, line]
            layout.after = layout.after[at + 1 :]
            break
        break
