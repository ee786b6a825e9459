"""Judging: is a page an article, and which one? One answer for a crawl and for reading again.

Behind the parser and before the stages; knows no engine and no database.
"""

from __future__ import annotations

from typing import Final, Protocol

from crawler.addresses import BadAddress
from crawler.items import Article
from crawler.parsing.article import parse_article
from crawler.parsing.kind import is_article_page
from crawler.parsing.knowledge import Knowledge
from crawler.parsing.page import Page
from crawler.parsing.verdict import classify
from crawler.portals.base import Identity, Portal

NO_ARTICLE: Final = {
    "not_found": "missing",
    "wall": "rejected",
    "empty": "rejected",
    "content_type": "rejected",
    "truncated": "quarantined",
    "too_deep": "quarantined",
}
"""What `classify` says of a page that is no article, and the state it comes to."""


class Row(Protocol):
    """What is asked of a row of `pages`."""

    @property
    def key(self) -> str:
        """Identity within the portal."""
        ...

    @property
    def number(self) -> int | None:
        """Place in the series."""
        ...

    @property
    def url(self) -> str:
        """The address that is fetched."""
        ...


def judge(
    page: Page, portal: type[Portal], knowledge: Knowledge, *, listed: bool = False
) -> tuple[Article, str | None, str | None]:
    """(what the page shows, state and reason of the page where that is no article, else None).
    `listed`: a listing shows a day beside the link to it. Raises `BadAddress` for an address that
    is not the portal's."""
    article = parse_article(page, portal, knowledge)
    if reason := classify(page, article):
        return article, NO_ARTICLE[reason], reason
    if article.number is None and not is_article_page(page, article, portal, listed=listed):
        return article, "rejected", "no_article"
    return article, None, None


def settle_identity(article: Article, portal: type[Portal], asked: str, row: Row) -> Identity:
    """The identity that `article`, fetched from `asked` for `row`, is stored under; its fields say
    so, too. Another than the row's where a redirect or a canonical link shows that the page is
    another article's, or has another address of the same number."""
    try:
        identity = portal.identify(article.url)
        named = portal.identify(article.canonical_url or article.url)
    except BadAddress:
        named = identity = portal.identify(asked)
    if named.number is not None and named.number == row.number:
        identity = named
    if identity.key == row.key:
        identity = portal.identify(row.url)
    article.site, article.kind, article.number = identity.site, identity.kind, identity.number
    article.url = identity.url
    return identity
