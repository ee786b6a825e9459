"""PageView: one page under one portal's eyes, each reading made once and only when asked for.

Signs of fields (see `article`) are functions of a view. The template's selectors are asked first;
all lines of the page are read only where they leave something open.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.parsing.excerpt import excerpt, is_whole
from crawler.parsing.knowledge import Knowledge
from crawler.parsing.layout import Layout, by_selectors, title_by_selectors
from crawler.parsing.lines import TEMPLATE, Line, LineReader, lines_before
from crawler.parsing.page import Page, plain
from crawler.parsing.photo import Photo, read_photo
from crawler.parsing.structure import by_structure
from crawler.parsing.wording import CRUMB_ROOT, fold
from crawler.portals.base import Portal

_ARTICLE_TYPES = ("article", "blogposting", "report", "webpage", "photograph", "imageobject")
_ENOUGH = 6
"""Lines above the headline that the signs of a section look at, breadcrumb or none."""

_LONGEST_NAME = 400
"""Characters of the longest name of a site. A page that closes no tag can be one long line."""


class PageView:
    """What the signs look at."""

    def __init__(self, page: Page, portal: type[Portal], knowledge: Knowledge) -> None:
        self.page, self.portal, self.knowledge = page, portal, knowledge

    @cached_property
    def template(self) -> Layout:
        """What the portal's selectors find."""
        return self._template[0]

    @property
    def template_tree(self) -> LexborHTMLParser:
        """The tree that `template` was read from: the page's, or its excerpt."""
        return self._template[1] or self.page.tree

    @cached_property
    def _template(self) -> tuple[Layout, LexborHTMLParser | None]:
        selectors = self.portal.selectors
        if not selectors:
            return Layout("selector"), None
        part = excerpt(self.page, selectors)
        if part is not None:
            layout = by_selectors(part, selectors, from_top=True)
            if layout.complete and is_whole(part, layout.body_nodes):
                return layout, part
        return by_selectors(self.page.tree, selectors), None

    @cached_property
    def lines(self) -> list[Line]:
        """Every line of the page."""
        body = self.page.tree.body or self.page.tree.root
        if body is None:
            return []
        return self.marked(list(LineReader(body)))

    def marked(self, lines: list[Line]) -> list[Line]:
        """`lines`, those of the learned template marked as such."""
        if self.knowledge.template_lines:
            for line in lines:
                if self.knowledge.is_template(self.portal.name, line.text):
                    line.context |= TEMPLATE
        return lines

    @cached_property
    def structure(self) -> Layout:
        """What the order of lines alone tells."""
        return by_structure(
            self.lines, self.page.title, self.page.meta.get("og:title"), self.is_own_name,
            self.page.url,
        )  # fmt: skip

    @property
    def layout(self) -> Layout:
        """The template's reading where it found headline and body, else the structural one."""
        if self.template.title and self.template.body:
            return self.template
        return self.structure

    @property
    def tree(self) -> LexborHTMLParser:
        """The tree that `layout` was read from."""
        return self.template_tree if self.layout is self.template else self.page.tree

    @cached_property
    def photo(self) -> Photo:
        """The photo block between headline and body."""
        return read_photo(self.layout.head, self.layout.title)

    @cached_property
    def above_title(self) -> list[str]:
        """Lines above the headline, nearest first."""
        above, part = self.layout.above, self._template[1]
        if above is not None and (part is None or self.layout is not self.template):
            return above
        if above is None:
            return self._lines_above(self.layout.title_node)
        root = next((n for n, text in enumerate(above) if CRUMB_ROOT.match(text)), None)
        if root is not None:
            return above[: max(root + 1, _ENOUGH)]
        # The excerpt begins too late to tell.
        return self._lines_above(title_by_selectors(self.page.tree, self.portal.selectors))

    def _lines_above(self, title: LexborNode | None) -> list[str]:
        """Up to the way to the page («Accueil > …»), at most 40 and at least `_ENOUGH`."""
        if title is None:
            return []
        return lines_before(title, 40, until=CRUMB_ROOT.match, least=_ENOUGH)

    @cached_property
    def data(self) -> dict[str, Any]:
        """The JSON-LD object that describes the article; empty where there is none."""
        best: dict[str, Any] = {}
        for one in self.page.data:
            kinds = one.get("@type")
            names = [str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])]
            if any(name.endswith("article") or name == "blogposting" for name in names):
                return one
            if not best and plain(one.get("headline")):
                best = one
        return best

    def is_own_name(self, text: str) -> bool:
        """True where `text` is the site itself, its domain or its maker, not a newspaper."""
        if len(text) > _LONGEST_NAME:
            return not any(map(str.isalnum, text))
        folded = "".join([char for char in text.lower() if char.isalnum()])
        if folded in self._own_names or folded.startswith("weblogy") or not folded:
            return True
        # «La Sentinelle du Cap» on sentinelle-du-cap.example.
        host = "".join([char for char in self.portal.domain.split(".", 1)[0] if char.isalnum()])
        bare = fold(text)
        return len(host) >= 6 and len(bare) <= 2 * len(host) and (host in bare or bare in host)

    @cached_property
    def _own_names(self) -> frozenset[str]:
        domain = self.portal.domain
        names = {domain.replace(".", ""), domain.split(".", 1)[0], self.portal.name, "weblogy"}
        names |= {"www" + domain.replace(".", ""), "weblogyportalsnetwork"}
        site = self.page.meta.get("og:site_name")
        if site:
            names.add("".join(char for char in site.lower() if char.isalnum()))
        return frozenset(names | {name.replace("-", "") for name in names})
