"""Is this answer an article at all? Soft 404s, walls and pages cut short, told by what they show.

`classify` gives a reason in one word; the spider turns it into a page state.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.items import Article
from crawler.parsing.dates import looks_dated
from crawler.parsing.page import Page
from crawler.parsing.selecting import matches, select
from crawler.parsing.wording import fold, is_date_line
from crawler.portals.sections import is_known

NOT_FOUND, WALL, TRUNCATED, EMPTY, TOO_DEEP, CONTENT_TYPE = (
    "not_found", "wall", "truncated", "empty", "too_deep", "content_type",
)  # fmt: skip

_GONE = re.compile(
    r"\b(?:articles?|pages?|documents?|contenus?|fichiers?|ressources?|photos?)\s+"
    r"(?:(?:demand[ée]e?s?|recherch[ée]e?s?|que vous .{3,40})\s+)?"
    r"(?:est |n['’`]est |a |n['’`]a |sont )?(?:introuvables?|non trouv[ée]e?s?|inexistante?s?|"
    r"n['’`]exist\w+|pas trouv[ée]e?|supprim[ée]e?s?|(?:plus|pas) (?:disponibles?|accessibles?)|"
    r"indisponibles?|(?:plus|pas) [ée]t[ée] trouv[ée]e?)|erreur\s*404|"
    r"404\s*[-–:]?\s*(?:not found|erreur|page|error)|"
    r"page not found|not found|aucun article (?:ne correspond|trouv[ée])|"
    r"(?:cet article|cette page) n['’`](?:existe|est) (?:pas|plus)",
    re.IGNORECASE,
)
# Letters without which `_GONE` cannot match; looking for them takes a hundredth of the time.
_GONE_HINTS = (
    "introuvable", "non trouv", "pas trouv", "té trouv", "te trouv", "exist", "supprim",
    "disponible", "accessible", "404", "not found", "aucun article", "cet article n",
    "cette page n",
)  # fmt: skip
_FAULT = re.compile(
    r"^(?:erreur|error|oups|d[ée]sol[ée]|microsoft ole db|adodb|"
    r"service (?:indisponible|unavailable)|server error|runtime error|active server pages error|"
    r"site en maintenance)",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"(?:veuillez|merci de) vous (?:connecter|identifier|inscrire)|connectez-vous pour|"
    r"r[ée]serv[ée] (?:aux|à nos) abonn[ée]s|abonnez-vous pour lire|"
    r"accept(?:ez|er) (?:les|nos|tous les) cookies pour|"
    r"v[ée]rifi(?:ez|cation) que vous (?:n['’`])?[êe]tes|just a moment|checking your browser|"
    r"enable javascript and cookies|are you (?:a )?human|"
    r"attention required|captcha|acc[èe]s (?:refus[ée]|interdit)",
    re.IGNORECASE,
)
_FOOT = re.compile(r"(?:©|&copy;)\s*\d{4}|copyright|</?footer")
_TAIL = 3_000
_SHORT = 400
_SENTENCE = 100
"""Characters of a line that no menu and no teaser has."""
_NOTE = 200
"""Characters that a notice in an article's place may have."""


def classify(page: Page, article: Article) -> str | None:
    """Why `page` is no article: `content_type`, `empty`, `not_found`, `wall`, `truncated`,
    `too_deep`; None for an article."""
    if not looks_like_html(page):
        return CONTENT_TYPE
    if not page.body.strip(b" \t\r\n\0\xef\xbb\xbf"):
        return EMPTY
    if page.too_deep and not article.body:
        return TOO_DEEP
    dated = article.published_raw is not None
    if not (dated and len(article.body) > _SHORT) and _is_missing(page, article):
        return NOT_FOUND
    if _leads_home(article) or is_listing(page, article) or _is_blank_form(article):
        return NOT_FOUND
    if not dated or not article.body:
        if _is_home(page, article):
            return NOT_FOUND
        if _is_wall(page, article):
            return WALL
    if is_cut_short(page, article):
        return TRUNCATED
    return None


def looks_like_html(page: Page) -> bool:
    """By its bytes, whatever the header says: not a PDF, a picture, an archive, a feed."""
    head = page.body[:1024].lstrip(b" \t\r\n\0\xef\xbb\xbf")
    binary = (b"%pdf", b"\xff\xd8\xff", b"\x89png", b"gif8", b"pk\x03\x04", b"\x1f\x8b", b"riff")
    if head[:8].lower().startswith(binary):
        return False
    if re.match(rb"<\?xml[^>]*>\s*(?:<!--.*?-->\s*)?<(?:rss|feed|urlset|sitemapindex)\b", head):
        return False
    if re.search(
        rb"<(?:!doctype html|html|head|body|title|meta|table|div|p|article)\b", head, re.I
    ):
        return True
    kind = (page.content_type or "text/html").split(";")[0].strip().lower()
    return kind in ("", "text/html", "application/xhtml+xml") and b"\0\0\0" not in head


def _is_missing(page: Page, article: Article) -> bool:
    """`is_soft_404`. A page whose template holds headline, date and body is an article, unless
    these are the words of a missing one: what else stands on it is not said of the article, and a
    headline may tell of deleted pages. Found without the template they only spare a headline that
    begins with «Erreur»."""
    signs = [article.signs.get(field, "") for field in ("title", "published_raw", "body")]
    if not all(sign.startswith("selector:") for sign in signs):
        return is_soft_404(page, faults=not all(signs))
    if len(article.body) < _NOTE and _GONE.search(article.body):
        return True
    headline, title = fold(article.title or ""), fold(page.title or "")
    return headline not in title and _title_is_missing(page)


def is_soft_404(page: Page, *, faults: bool = True) -> bool:
    """True where the page says that there is nothing: in its title, a heading, or a short text;
    without `faults`, not where a heading but begins as one of a server's fault."""
    if _title_is_missing(page):
        return True
    for node in select(page.tree, "h1, h2")[:6]:
        heading = " ".join(node.text().split())
        if len(heading) < 120 and (_GONE.search(heading) or (faults and _FAULT.match(heading))):
            return True
    if page.tree.body is None or len(page.body) > 400_000:
        return False
    return _says_gone(page)


def _title_is_missing(page: Page) -> bool:
    title = page.title or ""
    # A headline may speak of pages that are not found; then the page is long.
    return len(title) < 200 and bool(_GONE.search(title) or re.match(r"^\W*404\b", title))


def _says_gone(page: Page) -> bool:
    """A short line by itself, in a page that dates nothing."""
    body = page.tree.body
    text = body.text(separator="\n") if body is not None else ""
    if len(text) >= 600 and not _may_say_gone(text[:60_000]):
        return False
    lines = [line.strip() for line in text[:60_000].split("\n")]
    lines = [line for line in lines if line]
    if len(text) < 600 and any(_FAULT.match(line) for line in lines[:10]):
        return True
    return any(
        len(line) < 160 and _GONE.search(line) is not None and line[:1] not in '«"“'
        for line in lines[:400]
    ) and not any(re.match(r"^\W*Publi[ée]e? le\b", line) for line in lines[:400])


def _may_say_gone(text: str) -> bool:
    # The two letters beyond ASCII that an expression without case takes for «s» and «i».
    text = text.lower().replace("ſ", "s").replace("ı", "i")
    return any(hint in text for hint in _GONE_HINTS)


def is_listing(page: Page, article: Article) -> bool:
    """True where what was read as an article is a list of articles: found without the template,
    under no headline of its own, with many links to articles and dates between its lines."""
    if article.number is None or article.signs.get("title", "").startswith("selector"):
        return False
    title, told = fold(article.title or ""), fold(page.title or "")
    headed = len(title) >= 20 and title in told
    if headed or article.photo_credit:
        return False
    short = [line for line in article.body.split("\n") if 0 < len(line) < 120][:200]
    dated = sum(is_date_line(line) for line in short)
    links = select(page.tree, 'a[href*="/h/"], a[href*="/articles/"], a[href*="/p/"]')
    telling = sum(len(" ".join(node.text().split())) >= 20 for node in links[:200])
    return telling >= 8 and (dated >= 3 or not article.body or is_known(article.title or ""))


def _is_blank_form(article: Article) -> bool:
    """True for the template that a number without an article fills with nothing: no headline and no
    day on the page, and for text what stands around it."""
    if article.signs.get("title", "meta").partition(":")[0] not in ("meta", "og"):
        return False
    if article.photo_credit or article.photo_caption or looks_dated(article.published_raw or ""):
        return False
    lines = article.body.split("\n") if article.signs.get("body") == "trafilatura" else None
    return lines is not None and all(len(line) < _SENTENCE for line in lines)


def _leads_home(article: Article) -> bool:
    """True where a page with a number says that it really is the front page."""
    if article.number is None or not article.canonical_url:
        return False
    path = urlsplit(article.canonical_url).path.rstrip("/").lower()
    return path in ("", "/index.html", "/index.htm", "/index.asp", "/index.php")


def _is_home(page: Page, article: Article) -> bool:
    """The front page served for a dead article: an address with a number, a page that calls itself
    by the site's name or by another address, and many links to articles."""
    if article.number is None:
        return False
    title = fold(page.title or "")
    told = fold(article.title or "")
    if len(told) >= 20 and told in title and len(article.body) > _SHORT:
        return False  # an article without a date, under its own headline
    links = len(select(page.tree, 'a[href*="/h/"], a[href*="/articles/"], a[href*="/p/"]'))
    site = fold(urlsplit(page.url).hostname or "").removeprefix("news").removeprefix("www")
    named = bool(site) and (site in title or site.removesuffix("com").removesuffix("net") in title)
    return links >= 8 and (named or not title) and not article.published_raw


def _is_wall(page: Page, article: Article) -> bool:
    if page.title and _WALL.search(page.title):
        return True
    if article.body and article.published_raw:
        return False
    body = page.tree.body
    text = (body.text() if body is not None else "")[:20_000]
    if len(text.split()) >= 250 and not matches(page.tree, 'input[type="password"]'):
        return False
    return _WALL.search(text) is not None


def is_cut_short(page: Page, article: Article) -> bool:
    """True where the bytes end before the page does: no `</html>`, and none of what follows an
    article was read."""
    raw = page.raw
    begin = raw.find(b"<", max(0, len(raw) - _TAIL))
    bytewise = begin >= 0 and page.is_bytewise
    if bytewise:
        # Most pages close; that is told without making text of their end.
        end = raw[begin:].lower()
        if b"</html" in end or b"</body" in end:
            return False
    tail = (page.part(begin, len(raw)) if bytewise else page.text[-_TAIL:]).lower()
    if "</html" in tail or "</body" in tail:
        return False
    # Some sites never close; then what follows an article is still there.
    return article.comments_count is None and not re.search(
        r"(?:©|&copy;)\s*\d{4}|copyright|<footer|</footer", tail
    )
