"""PageView: one page under one portal's eyes, each reading made once and only when asked for.

Signs of fields (see `article`) are functions of a view. The template's selectors are asked first;
all lines of the page are read only where they leave something open.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from crawler.parsing.knowledge import Knowledge
from crawler.parsing.layout import Layout, by_selectors
from crawler.parsing.lines import Line, LineReader, lines_before
from crawler.parsing.page import Page, plain
from crawler.parsing.photo import Photo, read_photo
from crawler.parsing.structure import by_structure
from crawler.portals.base import Portal

_ARTICLE_TYPES = ("article", "blogposting", "report", "webpage", "photograph", "imageobject")


class PageView:
    """What the signs look at."""

    def __init__(self, page: Page, portal: type[Portal], knowledge: Knowledge) -> None:
        self.page, self.portal, self.knowledge = page, portal, knowledge

    @cached_property
    def template(self) -> Layout:
        """What the portal's selectors find."""
        if not self.portal.selectors:
            return Layout("selector")
        return by_selectors(self.page.tree, self.portal.selectors)

    @cached_property
    def lines(self) -> list[Line]:
        """Every line of the page."""
        body = self.page.tree.body or self.page.tree.root
        if body is None:
            return []
        found = list(LineReader(body))
        if self.knowledge.template_lines:
            name = self.portal.name
            found = [line for line in found if not self.knowledge.is_template(name, line.text)]
        return found

    @cached_property
    def structure(self) -> Layout:
        """What the order of lines alone tells."""
        return by_structure(
            self.lines, self.page.title, self.page.meta.get("og:title"), self.is_own_name
        )

    @property
    def layout(self) -> Layout:
        """The template's reading where it found headline and body, else the structural one."""
        if self.template.title and self.template.body:
            return self.template
        return self.structure

    @cached_property
    def photo(self) -> Photo:
        """The photo block between headline and body."""
        return read_photo(self.layout.head, self.layout.title)

    @cached_property
    def above_title(self) -> list[str]:
        """Lines above the headline, nearest first."""
        if self.layout.above is not None:
            return self.layout.above
        node = self.layout.title_node
        return lines_before(node, 40) if node is not None else []

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
        folded = "".join(char for char in text.lower() if char.isalnum())
        domain = self.portal.domain
        names = {domain.replace(".", ""), domain.split(".", 1)[0], self.portal.name, "weblogy"}
        names |= {"www" + domain.replace(".", ""), "weblogyportalsnetwork"}
        site = self.page.meta.get("og:site_name")
        if site:
            names.add("".join(char for char in site.lower() if char.isalnum()))
        names |= {name.replace("-", "") for name in names}
        return folded in names or folded.startswith("weblogy") or not folded
