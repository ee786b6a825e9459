"""The section of an article: what its page files it under, by several signs. Used by `article`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from urllib.parse import unquote_to_bytes, urlsplit

from crawler.parsing.metadata import near_title
from crawler.parsing.page import plain
from crawler.parsing.selecting import select
from crawler.parsing.view import PageView
from crawler.parsing.wording import (
    COMMENT,
    COMMENTS,
    CRUMB_ROOT,
    LABEL,
    RELATED,
    fold,
    is_date_line,
)
from crawler.portals.sections import is_known, is_no_section, same_section

MAX_SECTION = 40
_SEPARATORS = re.compile(r"\s*(?:/|›|»|>|→|\||::|·|•)\s*")
_GENERIC = frozenset(
    {"accueil", "home", "news", "article", "articles", "vousetesici", "actualites"}
)
_CATEGORY = re.compile(
    r"^\W*(?:cat[ée]gories?|rubriques?|th[èe]mes?|section"
    r"|(?:class[ée]|publi[ée]|post[ée])e?(?: dans| sous)(?: la rubrique)?)\s*:?\s+(.{2,60})$",
    re.IGNORECASE,
)
_CATEGORY_NAME = re.compile(r"^\W*(?:cat[ée]gorie|rubrique|section)\s*:?$", re.IGNORECASE)
"""A term by itself; its value is the next line, as in a definition list."""
_READ_IN = re.compile(
    r"\s*(?:[·•|–-]\s*\d{1,3}\s?(?:min|mn|minutes?)(?: de lecture)?"
    r"|[·•|–-]?\s*(?:temps de )?lecture\s*:?\s*\d{1,3}\s?(?:min|mn|minutes?))\.?\s*$",
    re.IGNORECASE,
)
"""«· Temps de lecture : 3 min» behind a section."""
_LABELS = re.compile(
    r"^(?:\W*|(?:publi|post)[ée]e? par .{2,120}\s)"
    r"(?:libell[ée]s?|[ée]tiquettes?|mots[- ]cl[ée]s?|tags?|labels?)\s*:\s*(.{2,300})$",
    re.IGNORECASE,
)
_TRAILS = (
    '[itemtype*="BreadcrumbList"] [itemprop~="name"]', '[class*="breadcrumb" i] a',
    '[id*="breadcrumb" i] a', '[aria-label*="breadcrumb" i] a', '[class*="pathway"] a',
    '[class*="ariane" i] a', '[id*="ariane" i] a',
)  # fmt: skip
_MANY_STEPS = 8
"""Steps of a way down to a page beyond which it is a menu."""
_BEHIND = 15
"""Lines behind the body among which the page may say what it is filed under."""
_CUT_TITLE = 12
"""Letters of a headline that tell it where a crumb cuts it short."""


def section_in_template(view: PageView) -> str | None:
    """What the portal's section selector shows."""
    for css in view.portal.selectors.get("section", ()):
        for node in select(view.template_tree, css)[:5]:
            if label := _label(" ".join(node.text().split())):
                return label
    return None


def section_in_breadcrumb(view: PageView) -> str | None:
    """The last step but «Article» of «Accueil / News / Politique / Article», in one line or
    several."""
    return _crumb(view.above_title, view.layout.title)


def section_above_title(view: PageView) -> str | None:
    """The line by itself above the headline, where it can be a section."""
    above = [
        text
        for text in view.above_title[:6]
        if not (COMMENT.match(text) or LABEL.match(text) or is_date_line(text))
    ]
    label = _label(_READ_IN.sub("", above[0])) if above else None
    if not label or not is_known(label):
        return None
    # Several labels in a row are a menu.
    menu = len(above) > 1 and is_known(above[1]) and not same_section(above[1], label)
    return None if menu else label


def section_in_structure(view: PageView) -> str | None:
    """What the structural reading met beside the date line."""
    return _label(view.layout.section)


def section_in_data(view: PageView) -> str | None:
    """JSON-LD `articleSection`."""
    value = view.data.get("articleSection")
    for one in value if isinstance(value, list) else [value]:
        if label := _label(plain(one)):
            return label
    return None


def section_in_element(view: PageView) -> str | None:
    """What the markup calls a category, beside the headline."""
    for css in ('a[rel~="category"]', '[class*="category"] a', '[class*="categorie"] a'):
        for node in near_title(view, css):
            if label := _label(" ".join(node.text().split())):
                return label
    for node in near_title(view, '[itemprop~="articleSection"]'):
        if label := _label(" ".join((node.attributes.get("content") or node.text()).split())):
            return label
    return None


def section_in_trail(view: PageView) -> str | None:
    """The last step above the article of what the markup or JSON-LD calls the way down to it."""
    own = fold(view.layout.title or "")
    for css in _TRAILS:
        steps = [" ".join(node.text().split()) for node in near_title(view, css, _MANY_STEPS + 1)]
        if label := _last_step(steps, own):
            return label
    for one in view.page.data:
        if one.get("@type") == "BreadcrumbList":
            items = one.get("itemListElement")
            steps = [_step(item) for item in (items if isinstance(items, list) else [])]
            if label := _last_step(steps, own):
                return label
    return None


def _step(item: object) -> str:
    """The name of one `ListItem`."""
    if not isinstance(item, dict):
        return ""
    inner = item.get("item")
    return (
        plain(item.get("name"))
        or (plain(inner.get("name")) if isinstance(inner, dict) else None)
        or ""
    )


def _last_step(steps: Sequence[str], own: str) -> str | None:
    if len(steps) > _MANY_STEPS:
        return None  # a menu
    labels = [label for step in steps if not _is_headline(step, own) and (label := _label(step))]
    return labels[-1] if labels else None


def section_in_labels(view: PageView) -> str | None:
    """The first known section among the labels that the page gives the article."""
    named = [" ".join(node.text().split()) for node in near_title(view, 'a[rel~="tag"]', 20)]
    for text in _filed(view):
        if len(text) <= 300 and (found := _LABELS.match(text)):
            named += found[1].split(",")
    return next((label for name in named if (label := _label(name)) and is_known(label)), None)


def section_in_address(view: PageView) -> str | None:
    """A known section among the folders of the article's address: «/politique/le-pont.html»."""
    folders = [_decoded(one) for one in urlsplit(view.page.url).path.split("/")[1:-1]]
    # «/art/» is where articles lie.
    named = (name for name in folders[:3] if len(name) > len("art") and is_known(name))
    name = next(named, None)
    if name is None:
        return None
    # The address has no accents; a link of the page has them.
    told = _linked(view, {fold(name): name.capitalize()}, own=True)
    return told or name.capitalize()


def section_in_menu(view: PageView) -> str | None:
    """A label by itself above the headline or at the head of the date line that is also the text
    of a link on the page: known or not, it is one of the site's sections."""
    title = view.layout.title
    lines = view.lines
    at = next((n for n, line in enumerate(lines) if line.text == title), 0) if title else 0
    near = [line for line in lines[max(0, at - 2) : at] if line.link_share < 0.5]
    named = [_SEPARATORS.split(line.text)[0] for line in near if is_date_line(line.text)]
    named += [line.text for line in near[-1:]]
    wanted = {fold(label): label for text in named if (label := _label(text))}
    wanted = {key: label for key, label in wanted.items() if not is_date_line(label)}
    return _linked(view, wanted)


def _linked(view: PageView, wanted: dict[str, str], *, own: bool = False) -> str | None:
    """The first of the labels in `wanted`, by their folded text, that is the text of a link on the
    page; with `own` as the link has it, unless in capitals."""
    for line in view.lines if wanted else ():
        for piece, linked in line.pieces if line.linked else ():
            if linked and len(piece) <= MAX_SECTION and (label := wanted.get(fold(piece))):
                text = piece.strip()
                return label if not own or text.isupper() else text
    return None


def _decoded(folder: str) -> str:
    """A folder of an address as its words; old sites wrote them in windows-1252."""
    raw = unquote_to_bytes(folder)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def section_in_meta(view: PageView) -> str | None:
    """`<meta property=article:section>`."""
    return _label(view.page.meta.get("article:section"))


def _crumb(above: Sequence[str], title: str | None) -> str | None:
    """`above` runs upwards from the headline; steps may stand in one line or one a line."""
    root = next((n for n, text in enumerate(above) if CRUMB_ROOT.match(text)), None)
    if root is None:
        return None
    own = fold(title or "")
    whole = _without_headline(above[root], own)
    # A way that ends with the headline is all in its line; what follows is something else.
    downwards = [whole]
    if whole == above[root]:
        downwards = [text for text in reversed(above[: root + 1]) if not _is_headline(text, own)]
    steps = [s for s in (step.strip() for t in downwards for step in _SEPARATORS.split(t)) if s]
    if len(steps) > 12:
        return None  # a menu
    article = next((n for n, s in enumerate(steps) if fold(s) in ("article", "photo")), None)
    if article is not None:
        steps = steps[:article]
    steps = [_behind_root(step) for step in steps]
    labels = [s for s in steps if not _is_headline(s, own) and _label(s)]
    # One step and nothing else is a crumb; many unknown ones are a menu without «Article».
    if article is not None or len(labels) <= 3:
        return labels[-1] if labels else None
    return None


def _without_headline(text: str, own: str) -> str:
    """A line of the way down to the page without the headline at its end."""
    if not own or len(text) <= len(own) or not fold(text).endswith(own):
        return text
    parts = text.split()
    ends = (n for n in range(len(parts)) if fold("".join(parts[n:])) == own)
    return " ".join(parts[: next(ends, len(parts))])


def _behind_root(step: str) -> str:
    """«Économie» of «Accueil Économie», whose separator is a picture; nothing where what stands
    behind the root is no known section."""
    root = CRUMB_ROOT.match(step)
    rest = step[root.end() :].strip() if root else step
    return rest if root is None or is_known(rest) else ""


def _is_headline(step: str, own: str) -> bool:
    """True for the headline, whole or cut short; `own` is the headline folded."""
    folded = fold(step)
    return folded == own or (len(folded) >= _CUT_TITLE and own.startswith(folded))


@lru_cache(maxsize=2048)
def _label(text: str | None) -> str | None:
    """`text` where it can be the name of a section."""
    if not text:
        return None
    text = text.strip(" /›»>|:·•-–—\t")
    if not 2 <= len(text) <= MAX_SECTION or len(text.split()) > 5 or text[-1] in ".!?":
        return None
    if fold(text) in _GENERIC or is_no_section(text) or LABEL.match(text) or RELATED.match(text):
        return None
    return text


def section_in_category_line(view: PageView) -> str | None:
    """«Catégorie : Politique» on a line by itself near the headline or behind the body."""
    named = False
    for text in _filed(view):
        if named and (label := _label(text)):
            return label
        named = _CATEGORY_NAME.match(text) is not None
        if len(text) <= 80 and (found := _CATEGORY.match(text)) and (label := _label(found[1])):
            return label
    return None


def _filed(view: PageView) -> Iterator[str]:
    """Lines near the headline and behind the body, up to the readers' comments."""
    after = view.layout.after[:_BEHIND]
    later = {id(line) for line in after}
    yield from (line.text for line in view.layout.below[:15] if id(line) not in later)
    yield from view.above_title[:6]
    behind = (line.text for line in after)
    yield from takewhile(lambda text: not COMMENTS.match(text), behind)
