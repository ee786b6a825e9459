"""Kind: is a page without an article number an article at all? For portals whose addresses do not
tell; `verdict` asks what any page may turn out to be.

Signs, strongest first: what the page declares of itself, a list of articles under no headline of
its own, a date. A page that neither says that it is an article nor gives a date is none, unless a
listing dates it and it has headline and text.
"""

from __future__ import annotations

from crawler.items import Article
from crawler.parsing.listing import Listing, read_listing
from crawler.parsing.page import Page
from crawler.parsing.wording import fold
from crawler.portals.base import Portal
from crawler.portals.sections import is_known, is_no_section

OWN_HEADLINE = 20
"""Characters from which a title that the page's `<title>` repeats is a headline, no section's."""
SENTENCE = 80
"""Characters of the shortest text that makes an article of a page with a list."""
_ARTICLE_TYPES = (
    "article",
    "newsarticle",
    "blogposting",
    "reportagenewsarticle",
    "liveblogposting",
)
_LIST_TYPES = ("collectionpage", "searchresultspage", "profilepage", "contactpage", "aboutpage")


def is_article_page(
    page: Page, article: Article, portal: type[Portal], *, listed: bool = False
) -> bool:
    """True where `page`, read as `article`, is one. `listed`: a day stands beside its link in a
    listing."""
    if declared := declares_article(page):
        return True
    if declared is False or is_known(article.title or "") or is_no_section(article.title or ""):
        return False
    title = fold(article.title or "")
    long = len(article.title or "") >= OWN_HEADLINE
    headed = long and title in fold(page.title or "")
    if article.published_raw is None:
        return listed and headed and len(article.body) >= SENTENCE
    if headed:
        return True
    listing = read_listing(page, portal)
    return not listing.is_listing or (long and _is_beside(article, listing))


def _is_beside(article: Article, listing: Listing) -> bool:
    """True where the page's list is a bare one that stands beside the article: it dates nothing,
    and neither headline nor text is its."""
    if len(article.body) < SENTENCE or article.body.rstrip()[-1] not in ".!?»…":
        return False
    titles = [entry.title for entry in listing.entries if entry.title]
    return not any(entry.listed_on for entry in listing.main) and not any(
        title in article.body or title == article.title for title in titles
    )


def declares_article(page: Page) -> bool | None:
    """What the page says that it is, in JSON-LD or OpenGraph; None where it says nothing."""
    types = {kind for one in page.data for kind in _types(one.get("@type"))}
    if not types.isdisjoint(_LIST_TYPES):
        return False
    if not types.isdisjoint(_ARTICLE_TYPES) or page.meta.get("og:type", "").lower() == "article":
        return True
    return None


def _types(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one.rpartition("/")[2].lower() for one in values if isinstance(one, str)]
