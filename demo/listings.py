"""Listing pages: entries in the layout a world drew, and its pager in the form it drew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from demo.articles import Article
from demo.grammar import Looks
from demo.text import french_date

Link = Callable[[int], str]
"""Page number to address."""
_SHORT = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."
_SHORT_MONTHS = _SHORT.split()


@dataclass(frozen=True)
class Pager:
    """Where a listing stands: its page, the last one and the address of each."""

    page: int
    last: int
    link: Link


def entry(article: Article, href: str, looks: Looks) -> str:
    """One article in a listing."""
    link, title = escape(href), escape(article.title, quote=False)
    photo = ""
    if looks.photo_link and not article.has("photo_none"):
        thumb = f"/img_photos/S/{article.stub.number}.jpg"
        photo = f'<a href="{link}"><img src="{thumb}" width=80 alt="" border=0></a>'
    more = f' <a class="suite" href="{link}">Lire la suite</a>' if looks.read_more else ""
    line = _date_line(article, looks.dates)
    intro = ""
    if looks.intro and article.words.body:
        intro = escape(article.words.body[0][0][0], quote=False)[:110] + "..."
    if looks.layout == "linews":
        return (
            f'<li class="LiNews">{photo}<a href="{link}">{title}</a>'
            f'<div class="FontTextSousTitle">{line}</div>{intro}{more}</li>\n'
        )
    if looks.layout == "tables":
        return (
            f"<table width=100% cellpadding=3><tr><td width=90 valign=top>{photo}</td><td>"
            f'<table><tr><td><a class="titre" href="{link}"><b>{title}</b></a></td></tr>'
            f"<tr><td><font size=1>{line}</font><br>{intro}{more}</td></tr>"
            "</table></td></tr></table>\n"
        )
    if looks.layout == "dl":
        return f'<dt>{photo}<a href="{link}">{title}</a></dt><dd>{line} {intro}{more}</dd>\n'
    if looks.layout == "cards":
        return (
            f'<article class="card">{photo}<h3><a href="{link}">{title}</a></h3>'
            f'<span class="date">{line}</span><p>{intro}{more}</p></article>\n'
        )
    if looks.layout == "list":
        return f'<li>{photo}<a href="{link}">{title}</a> <small>{line}</small>{intro}{more}</li>\n'
    return (
        f'<div class="bloc">{photo}<div class="titre"><a href="{link}">{title}</a></div>'
        f'<div class="info">{line}</div><div>{intro}{more}</div></div>\n'
    )


def _date_line(article: Article, form: str) -> str:
    day, source = article.stub.day, article.source or "Autre presse"
    if form == "none":
        return ""
    if form == "dashed":
        return f"{source} - {article.stub.section} - {french_date(day, weekday=False)}"
    if form == "full":
        return f"Publié le {french_date(day)} | {source}"
    if form == "numeric":
        return f"{day:%d/%m/%Y} - {source}"
    if form == "day":
        return f"{french_date(day, weekday=False)}, {source}"
    return f"{day.day} {_SHORT_MONTHS[day.month - 1]} {day.year}"


def entries_block(entries: str, looks: Looks) -> str:
    """The entries in the element their layout asks for."""
    if looks.layout in ("linews", "list"):
        return f'<ul class="liste">{entries}</ul>\n'
    if looks.layout == "dl":
        return f"<dl>{entries}</dl>\n"
    return f'<div class="liste">{entries}</div>\n'


def pager_head(pager: Pager, looks: Looks) -> str:
    """`<link rel=next>` where the pager's form is rel_next."""
    if looks.pager != "rel_next" or pager.page >= pager.last:
        return ""
    return f'<link rel="next" href="{escape(pager.link(pager.page + 1))}" />\n'


def pager_block(pager: Pager, looks: Looks) -> str:
    """The pager; empty where there is but one page."""
    if pager.last < 2:
        return ""
    pieces = _PAGERS[looks.pager](pager)
    tag = "table" if looks.pager == "buttons" else "div"
    inner = f"<tr>{pieces}</tr>" if tag == "table" else pieces
    return f'<{tag} class="pagination" align=center>{inner}</{tag}>\n'


def _anchor(pager: Pager, page: int, label: str, rel: str = "") -> str:
    extra = f' rel="{rel}"' if rel else ""
    return f'<a href="{escape(pager.link(page))}"{extra}>{label}</a>'


def _worded(previous: str, following: str, rel: bool = False) -> Callable[[Pager], str]:
    def write(pager: Pager) -> str:
        parts = []
        if pager.page > 1:
            parts.append(_anchor(pager, pager.page - 1, previous, "prev" if rel else ""))
        parts.append(f"<span>Page {pager.page} / {pager.last}</span>")
        if pager.page < pager.last:
            parts.append(_anchor(pager, pager.page + 1, following, "next" if rel else ""))
        return " ".join(parts)

    return write


def _angle(pager: Pager) -> str:
    """«<<» first, «<» previous, «>» next, «>>» last page."""
    parts = []
    if pager.page > 1:
        parts += [_anchor(pager, 1, "&lt;&lt;"), _anchor(pager, pager.page - 1, "&lt;")]
    parts.append(f"<b>{pager.page}</b>")
    if pager.page < pager.last:
        parts += [_anchor(pager, pager.page + 1, "&gt;"), _anchor(pager, pager.last, "&gt;&gt;")]
    return " ".join(parts)


def _image(pager: Pager) -> str:
    parts = []
    if pager.page > 1:
        image = '<img src="/images/fl_g.gif" alt="Précédent" border=0>'
        parts.append(_anchor(pager, pager.page - 1, image))
    if pager.page < pager.last:
        image = '<img src="/images/fl_d.gif" alt="Suivant" border=0>'
        parts.append(_anchor(pager, pager.page + 1, image))
    return " ".join(parts)


def _numbers(pager: Pager, window: int) -> str:
    low, high = max(1, pager.page - window), min(pager.last, pager.page + window)
    return " ".join(
        f"<b>{n}</b>" if n == pager.page else _anchor(pager, n, str(n))
        for n in range(low, high + 1)
    )


def _buttons(pager: Pager) -> str:
    cells = []
    if pager.page > 1:
        cells.append(_anchor(pager, pager.page - 1, "« Précédente"))
    low, high = max(1, pager.page - 2), min(pager.last, pager.page + 2)
    cells += [
        _anchor(pager, n, str(n)) if n != pager.page else str(n) for n in range(low, high + 1)
    ]
    if pager.page < pager.last:
        cells.append(_anchor(pager, pager.page + 1, "Suivante »"))
    return "".join(f'<td class="bouton" bgcolor=#eeeeee>{cell}</td>' for cell in cells)


_PAGERS: dict[str, Callable[[Pager], str]] = {
    "suivant": _worded("Précédent", "Suivant"),
    "page_suivante": _worded("Page précédente", "Page suivante"),
    "guillemets": _worded("&lt;&lt;", "&gt;&gt;"),
    "angle": _angle,
    "rel_next": _worded("Avant", "Après", rel=True),
    "image": _image,
    "numbers": lambda pager: _numbers(pager, 10),
    "window": lambda pager: _numbers(pager, 2),
    "buttons": _buttons,
    "older": _worded("Articles plus récents", "Articles plus anciens"),
}
