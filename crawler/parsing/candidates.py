"""Candidates: what every sign of a page says, winners and losers, and why the losers lost.

Beside `article`, which stops at the first sign that says something; for `scrapy try`.
"""

from __future__ import annotations

from collections.abc import Iterator

from crawler.items import Article
from crawler.parsing.article import (
    AUTHOR_SIGNS,
    FIELD_SIGNS,
    absolute,
    body_by_trafilatura,
    body_from_lines,
    is_logo,
    photo_signs,
)
from crawler.parsing.body import Body
from crawler.parsing.fields import Candidate, every
from crawler.parsing.knowledge import EMPTY, Knowledge
from crawler.parsing.names import is_nobody
from crawler.parsing.page import Page
from crawler.parsing.signature import agency_of, read_byline
from crawler.parsing.view import PageView
from crawler.portals.base import Portal

Said = Candidate[str]


def candidates(
    page: Page, portal: type[Portal], knowledge: Knowledge = EMPTY
) -> dict[str, list[Said]]:
    """Field to what each of its signs says, best first; signs that say nothing are among them."""
    view = PageView(page, portal, knowledge)
    found = {field: every(signs(view), view) for field, signs in FIELD_SIGNS.items()}
    template, structure = (body_from_lines(view, template=one) for one in (True, False))
    found["author"], found["agency"] = _signers(view, template if template.found else structure)
    found["agency"] += [
        Candidate(one.sign, agency_of(one.value)) for one in found["source"] if one.value
    ]
    found["body"] = [
        Candidate(f"selector:{view.template.body_sign}", template.text or None),
        Candidate("structure:lines", structure.text or None),
        Candidate("trafilatura", body_by_trafilatura(view).text or None),
    ]
    found["photo_url"] = list(_photos(view))
    return found


def losers(found: dict[str, list[Said]], article: Article) -> Iterator[tuple[str, str, str, str]]:
    """(field, sign, value, why it lost) of each candidate that is not what `article` holds."""
    for field, said in found.items():
        sign = article.signs.get(field)
        told = [one for one in said if one.value]
        won = next((one for one in told if one.sign == sign and not one.refused), None)
        for one in told:
            if one is not won and one.value:
                yield field, one.sign, one.value, _why(one, won, sign)


def _why(one: Said, won: Said | None, sign: str | None) -> str:
    if one.refused:
        return one.refused
    if won is not None and one.value == won.value:
        return f"says the same as {won.sign}"
    return f"comes after {sign}" if sign else "not taken"


def _signers(view: PageView, body: Body) -> tuple[list[Said], list[Said]]:
    """What each sign says of (author, agency): the signature below the text first."""
    sign = "structure:signature"
    authors, agencies = [Candidate(sign, body.author)], [Candidate(sign, body.agency)]
    for one in AUTHOR_SIGNS:
        value = one.read(view)
        if not value:
            continue
        named = read_byline(value)
        if named is None:
            refused = "names no person" if is_nobody(value) else ""
            authors.append(Candidate(one.name, value, refused))
        elif named.author:
            authors.append(Candidate(one.name, named.author))
        else:
            authors.append(Candidate(one.name, value, "names no person"))
        if named and named.agency:
            agencies.append(Candidate(one.name, named.agency))
    return authors, agencies


def _photos(view: PageView) -> Iterator[Said]:
    for sign, source in photo_signs(view):
        yield Candidate(sign, absolute(source, view.page.url))
    source = view.page.meta.get("og:image")
    if source and is_logo(source):
        yield Candidate("meta:og:image", absolute(source, view.page.url), "a logo, by its address")
