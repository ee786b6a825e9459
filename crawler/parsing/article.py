"""parse_article: one page to one Article, raw. Follows the fetch, comes before the stages.

Each field has its signs in order: the template's selector, the structure of lines, JSON-LD, meta;
for the body trafilatura last. The first that says something wins and is recorded; later ones do
not run. Dates are chosen here as lines and read in `normalise_dates`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC
from functools import partial

from crawler.addresses import BadAddress, canonical
from crawler.items import Article
from crawler.parsing import metadata, section
from crawler.parsing.anchors import newspaper_before_day
from crawler.parsing.body import MAX_BODY, Body, finish, read_body
from crawler.parsing.encoding import suspect
from crawler.parsing.fields import Sign, cut, first
from crawler.parsing.knowledge import EMPTY, Knowledge
from crawler.parsing.names import is_nobody
from crawler.parsing.page import Page, plain
from crawler.parsing.photo import best_image, image_source, photographer, read_photo_amid
from crawler.parsing.selecting import matches, select
from crawler.parsing.signature import agency_of, read_byline
from crawler.parsing.signing import read_signing, take_newspaper, told_source
from crawler.parsing.sources import canonical_source
from crawler.parsing.verdict import classify as classify
from crawler.parsing.verdict import is_soft_404 as is_soft_404
from crawler.parsing.view import PageView
from crawler.portals.base import Portal

_BEHIND = 3
"""Lines behind a body among which «Source : …» is looked for."""

_MOST_TAGS = 20_000
"""Tags of a page beyond which the last resort, which takes long over each, is not asked."""

TextSign = Sign[PageView, str]

_ONE_LINE = (
    "title", "section", "published_raw", "updated_raw", "source", "source_raw", "author", "agency",
    "byline_raw",
    "photo_credit", "photo_caption", "photo_url", "continues_on", "canonical_url",
)  # fmt: skip


def parse_article(page: Page, portal: type[Portal], knowledge: Knowledge = EMPTY) -> Article:
    """Everything the page itself shows. Never raises but `BadAddress` for an address that is not
    the portal's."""
    identity = portal.identify(page.url)
    article = Article(
        identity.portal, identity.site, identity.kind, identity.number, identity.url,
        fetched_at=page.fetched_at.astimezone(UTC), timezone=portal.timezone,
        knowledge_revision=knowledge.revision,
    )  # fmt: skip
    view = PageView(page, portal, knowledge)
    _texts(article, view)
    _body(article, view)
    _photo(article, view)
    article.comments_count = metadata.comments_count(view.layout.after)
    article.canonical_url = _canonical(page)
    _cut(article)
    shown = (article.title, article.published_raw, article.body, article.photo_caption)
    if any(suspect(text) for text in shown if text):
        article.flag("encoding_suspect")
    if page.too_deep:
        article.flag("too_deep")
    return article


def _texts(article: Article, view: PageView) -> None:
    for field, signs in FIELD_SIGNS.items():
        value, sign = first(signs(view), view)
        if value is not None and sign is not None:
            setattr(article, field, value)
            article.signs[field] = sign


def _title_signs(view: PageView) -> Iterator[TextSign]:
    yield Sign(f"selector:{view.template.title_sign}", lambda v: v.template.title)
    yield Sign("structure:heading", lambda v: v.structure.title)
    yield Sign("meta:og:title", lambda v: _without_site(v, v.page.meta.get("og:title")))
    yield Sign("jsonld", lambda v: plain(v.data.get("headline")) or plain(v.data.get("name")))
    yield Sign("meta:title", lambda v: metadata.title_without_site(v.page, v.is_own_name))


def _without_site(view: PageView, text: str | None) -> str | None:
    return text if text and not view.is_own_name(text) else None


def _section_signs(view: PageView) -> Iterator[TextSign]:
    css = next(iter(view.portal.selectors.get("section", ())), "")
    yield Sign(f"selector:{css}", section.section_in_template)
    yield Sign("structure:breadcrumb", section.section_in_breadcrumb)
    yield Sign("structure:above-title", section.section_above_title)
    yield Sign("jsonld", section.section_in_data)
    yield Sign("meta:article:section", section.section_in_meta)
    yield Sign("structure:category-element", section.section_in_element)
    yield Sign("structure:trail", section.section_in_trail)
    yield Sign("structure:beside-date", section.section_in_structure)
    yield Sign("structure:category-line", section.section_in_category_line)
    yield Sign("structure:labels", section.section_in_labels)
    yield Sign("address", section.section_in_address)
    yield Sign("structure:menu-label", section.section_in_menu)


def _published_signs(view: PageView) -> Iterator[TextSign]:
    yield Sign(f"selector:{view.template.date_sign}", lambda v: v.template.date)
    yield Sign("structure:date-line", partial(_date_of, "date-line"))
    yield Sign("jsonld", metadata.published_in_data)
    yield Sign("microdata:datePublished", metadata.published_in_microdata)
    for name in ("article:published_time", "date", "dc.date", "dc.date.issued"):
        yield Sign(f"meta:{name}", partial(metadata.published_in_meta, name))
    yield Sign("structure:time", metadata.published_in_time)
    # A place and a day may also be those of a letter or a picture.
    yield Sign("structure:dateline", partial(_date_of, "dateline"))
    # A day by itself below the text may also be that of a letter or a decree.
    yield Sign("structure:date-below", partial(_date_of, "date-below"))
    # No date, yet what the page says in its place is kept for who can read it.
    yield Sign("selector:unread", lambda v: v.template.unread)


def _date_of(sign: str, view: PageView) -> str | None:
    return view.structure.date if view.structure.date_sign == sign else None


def _updated_signs(view: PageView) -> Iterator[TextSign]:
    if view.template.date or view.template.update:
        yield Sign(f"selector:{view.template.date_sign}", lambda v: v.template.update)
        return
    yield Sign("structure:date-line", lambda v: v.structure.update)
    yield Sign("jsonld", metadata.updated_in_data)
    yield Sign("meta:article:modified_time", lambda v: v.page.meta.get("article:modified_time"))


def _source_signs(view: PageView) -> Iterator[TextSign]:
    yield Sign("structure:date-line", metadata.source_in_date_line)
    yield Sign("jsonld", metadata.source_in_data)


FIELD_SIGNS = {
    "title": _title_signs,
    "section": _section_signs,
    "published_raw": _published_signs,
    "updated_raw": _updated_signs,
    "source": _source_signs,
}
"""Fields that are read by their signs alone, in the order they are read."""

AUTHOR_SIGNS: tuple[TextSign, ...] = (
    Sign("structure:date-line", metadata.author_in_date_line),
    Sign("structure:byline", metadata.author_in_byline),
    Sign("structure:posted-below", metadata.author_posted),
    Sign("structure:author-element", metadata.author_in_element),
    Sign("jsonld", metadata.author_in_data),
    Sign("meta:author", metadata.author_in_meta),
    Sign("structure:above-title", metadata.author_above_title),
)
"""Signs of an author who does not sign below the text, where the signature is the first sign."""


def _body(article: Article, view: PageView) -> None:
    if article.kind != "p":
        body, sign = _choose_body(view, article)
        _signed(article, view, body)
        article.body, article.lead = body.text, body.lead
        article.author, article.agency = body.author, body.agency
        article.truncated, article.continues_on = body.truncated, body.continues_on or None
        region = body.region
        if body.found:
            article.signs["body"] = sign
        if body.author:
            article.signs["author"] = "structure:signature"
    else:
        region = ""
    if article.author is None:
        _author(article, view)
    _source(article)
    if article.agency:
        article.signs.setdefault("agency", "structure:signature")
    article.region_hash = _hash(article.title, article.published_raw, region)


def _signed(article: Article, view: PageView, body: Body) -> None:
    """What the lines that sign the body say beside author and agency."""
    line = take_newspaper(body)
    signing = read_signing([one.text for one in view.layout.body], body)
    article.byline_raw = signing.raw or line
    if article.source is None and signing.source:
        article.source, article.signs["source"] = signing.source, "structure:signature"
    if article.source is None:
        behind = view.layout.after[:_BEHIND]
        if told := told_source([one.text for one in (*view.layout.body, *behind)]):
            line, article.source = told
            article.signs["source"] = "structure:source-line"
            article.byline_raw = f"{article.byline_raw} | {line}" if article.byline_raw else line


def _author(article: Article, view: PageView) -> None:
    """The author by the signs that are no part of the body, and what else those name."""
    for sign in AUTHOR_SIGNS:
        value = sign.read(view)
        named = read_byline(value) if value else None
        if not value or (named is None and is_nobody(value)):
            continue
        author = named.author if named else value
        if author:
            article.author, article.signs["author"] = author, sign.name
        if named and named.agency and article.agency is None:
            article.agency, article.signs["agency"] = named.agency, sign.name
        if named and named.source and article.source is None:
            article.source, article.signs["source"] = named.source, sign.name
        article.byline_raw = article.byline_raw or value
        if author:
            return


def _source(article: Article) -> None:
    """The canonical name beside what the page writes, and the agency where the source is one. What
    stands before the day names it where nothing else does."""
    if not article.source and (named := newspaper_before_day(article.published_raw or "")):
        article.source, article.signs["source"] = named, "structure:date-line"
    if not article.source:
        return
    article.source_raw = article.source_raw or article.source
    article.source = canonical_source(article.source)
    if article.agency is None and (agency := agency_of(article.source_raw)):
        article.agency, article.signs["agency"] = agency, article.signs["source"]


def _choose_body(view: PageView, article: Article) -> tuple[Body, str]:
    if view.template.body:
        body = body_from_lines(view, template=True)
        if body.found:
            return body, f"selector:{view.template.body_sign}"
    body = body_from_lines(view, template=False)
    if body.found:
        return body, "structure:lines"
    # A captioned photo has no body; anything else deserves the last resort.
    known = article.published_raw if view.portal.selectors else article.title
    if view.photo.found or not known or is_soft_404(view.page):
        return body, "structure:lines"
    return body_by_trafilatura(view), "trafilatura"


def body_from_lines(view: PageView, *, template: bool) -> Body:
    layout = view.template if template else view.structure
    if not layout.body:
        return Body()
    return read_body(view.marked(layout.body), (layout.title, layout.date, layout.update))


def body_by_trafilatura(view: PageView) -> Body:
    """The last resort: a general extractor, slow, and loose about what belongs to an article."""
    import trafilatura

    shown = view.page.text[:2_000_000]
    if shown.count("<") > _MOST_TAGS:
        return Body()
    try:
        text = trafilatura.extract(shown, include_comments=False, include_tables=False, fast=True)
    except Exception:
        return Body()  # it is asked about pages nobody could read; its faults are not ours
    return finish([(line.strip(), True) for line in (text or "").split("\n") if line.strip()])


def _photo(article: Article, view: PageView) -> None:
    sign, source = next(photo_signs(view), ("", None))
    if address := absolute(source, view.page.url):
        article.photo_url, article.signs["photo_url"] = address, sign
    photo, sign = view.photo, "structure:photo-block"
    if not photo.caption and not photo.credit and article.body:
        amid = read_photo_amid(view.layout.body)
        if amid.caption and amid.caption not in article.body:
            photo, sign = amid, "structure:photo-amid"
    article.photo_credit = photo.credit or photographer(article.published_raw)
    article.photo_caption = photo.caption
    for field in ("photo_credit", "photo_caption"):
        if getattr(article, field):
            article.signs[field] = sign


def photo_signs(view: PageView) -> Iterator[tuple[str, str | None]]:
    """(sign, address as it stands) of what may be the article's photo, best first."""
    pictures = [image for line in (*view.layout.head, *view.layout.body) for image in line.images]
    for css in view.portal.selectors.get("photo", ()) if pictures else ():
        node = best_image(image for image in pictures if matches(image, css))
        if node is not None:
            yield f"selector:{css}", image_source(node)
    for nodes in (view.photo.images, pictures):
        if (node := best_image(nodes)) is not None:
            yield "structure:image", image_source(node)
    source = view.page.meta.get("og:image")
    if source and not is_logo(source):
        yield "meta:og:image", source


def is_logo(source: str) -> bool:
    """True where an address is that of a logo, not of a photo."""
    return any(word in source.lower() for word in ("logo", "default", "icon", "banner"))


def absolute(url: str | None, base: str) -> str | None:
    """A link of the page as a canonical address; None where it is none."""
    if not url or url.startswith("data:"):
        return None
    try:
        return canonical(url, base)
    except BadAddress:
        return None


def _canonical(page: Page) -> str | None:
    link = next(iter(select(page.head, 'link[rel="canonical"]')), None)
    href = link.attributes.get("href") if link is not None else None
    return absolute(href or page.meta.get("og:url"), page.url)


def _hash(*parts: str | None) -> str:
    text = " ".join([part for part in parts if part])
    # Blanks do not count. In printable text there are no others than plain ones.
    if not text.isprintable():
        text = "".join(text.split())
    data = text.encode("utf-8", "replace").translate(None, b" ")
    return hashlib.sha256(data).hexdigest()


def _cut(article: Article) -> None:
    for field in _ONE_LINE:
        value = getattr(article, field)
        if value:
            short, was_cut = cut(value)
            if was_cut:
                setattr(article, field, short)
                article.flag(f"{field}_cut")
    if len(article.body) > MAX_BODY:
        article.body = article.body[:MAX_BODY]
        article.flag("body_cut")
    if article.lead:
        article.lead = article.lead[:MAX_BODY]
