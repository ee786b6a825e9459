"""Draft: one page of the replica as a tree that mutations change, and what they add to its gold.

The parts of a page are found by what `demo.templates` writes, before any mutation has run: no sign
of the readers is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random

from lxml import html
from lxml.html import HtmlElement

from demo.articles import Article
from demo.text import TOWNS, Writer, french_date, words

BLOCKS = frozenset(
    words(
        "address article aside blockquote center dd div dl dt figcaption figure footer form"
        " h1 h2 h3 h4 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul"
        " script style"
    )
)
"""Elements that end a paragraph."""
_DATE_FORMS = (
    "Publié le {full}",
    "{full}",
    "{day:%d/%m/%Y}",
    "{day:%d/%m/%Y} à {hour}h{minute:02}",
    "le {short}",
    "Mis en ligne le {short}",
    "{day:%d-%m-%Y}",
)


@dataclass
class Draft:
    """A page on its way. `today` is the day of the fetch on the portal's clock."""

    root: HtmlElement
    article: Article
    rng: Random
    fetched_at: datetime
    charset: str
    """Encoding of the bytes."""
    declared: str | None
    """What the page's own meta calls it; None for no meta."""
    header: str | None
    """What the Content-Type header calls it; None for no charset there."""
    forbidden: list[str] = field(default_factory=list)
    """Texts that mutations put into the page and that belong to no field of it."""

    @cached_property
    def parts(self) -> dict[str, HtmlElement]:
        """Title, body container, date line, menu, side column and comments as `demo` writes them;
        what a page lacks is not there."""
        paths = {
            "title": '//*[@class="FontArticleMainTitle" or @class="titre"]',
            "body": '//div[@id="texte"] | //div[@class="txt"]',
            "date": '//*[(@class="FontArticleSource" or @class="date") and contains(.,"Publi")]',
            "menu": '//ul[@id="sddm"]',
            "side": '//td[@width="300"][@id="module"] | //aside[@class="side"]',
            "comments": '//a[@name="commentaires"] | //section[@class="comments"]/h2',
            "crumbs": '//div[@class="FontFil"]',
        }
        found = {name: self.root.xpath(path) for name, path in paths.items()}
        return {name: nodes[0] for name, nodes in found.items() if nodes}

    @property
    def today(self) -> date:
        """The day of the fetch; the portals' clocks are within an hour of UTC, fetches at noon."""
        return self.fetched_at.date()

    @cached_property
    def writer(self) -> Writer:
        """Writes headlines and comments that are on no other page."""
        return Writer(self.rng, self.article.stub.portal, self.article.stub.day)

    @property
    def town(self) -> str:
        """The capital."""
        return TOWNS[self.article.stub.portal][0]

    def other_day(self, within: int = 500) -> date:
        """A day up to the fetch that is not the article's."""
        while True:
            day = self.today - timedelta(days=self.rng.randrange(within))
            if day != self.article.stub.day:
                return day

    def written_date(self, day: date) -> str:
        """`day` in one of several usual forms."""
        return self.rng.choice(_DATE_FORMS).format(
            full=french_date(day),
            short=french_date(day, weekday=False),
            day=day,
            hour=self.rng.randrange(6, 22),
            minute=self.rng.randrange(60),
        )

    def headline(self) -> str:
        """The headline of an article that is not this one."""
        while (title := self.writer.title()) == self.article.title:
            pass
        return title

    def forbid(self, text: str) -> str:
        """Note that `text` belongs to no field of the page, and return it."""
        self.forbidden.append(text)
        return text


def element(markup: str) -> HtmlElement:
    """One element from its markup."""
    return html.fragment_fromstring(markup)


def insert_after(node: HtmlElement, new: HtmlElement) -> None:
    """Put `new` behind `node`, before the text that follows it."""
    new.tail, node.tail = node.tail, None
    node.addnext(new)


def insert_first(parent: HtmlElement, new: HtmlElement) -> None:
    """Put `new` before everything in `parent`."""
    new.tail, parent.text = parent.text, None
    parent.insert(0, new)


def paragraph_ends(container: HtmlElement) -> list[HtmlElement]:
    """The elements behind which a new paragraph of the body begins: the last break of a run of
    two or more, or a p; not those of blocks inside it."""
    ends = []
    for node in container.iter("br", "p"):
        if node.getparent() is not container and node.getparent().tag != "span":
            continue
        if node.tag == "p":
            ends.append(node)
            continue
        before, after = node.getprevious(), node.getnext()
        follows = before is not None and before.tag == "br" and not (before.tail or "").strip()
        leads = after is not None and after.tag == "br" and not (node.tail or "").strip()
        if follows and not leads:
            ends.append(node)
    return ends
