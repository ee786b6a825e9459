"""Small article pages for the parser's tests, in three markups; every text is invented here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from crawler.parsing.page import Page

TITLE = "Le pont de Zanzana rouvre après neuf mois de travaux"
LEAD = "Le pont de Zanzana a rouvert hier matin devant une foule nombreuse et un maire ému."
SECOND = (
    "Les camions attendaient depuis l’aube. «Nous avons perdu une saison», confie un transporteur "
    "venu de la ville voisine avec ses deux apprentis."
)
THIRD = "La mairie promet que le péage restera gratuit pour les piétons, les vélos et les écoliers."
MENU = ["Accueil", "MonKiosk.com", "Sports", "Business", "News", "Annonces", "Publicité"]
CREDIT = "Autre presse par DR"
CAPTION = "Le pont vu de la rive"


@dataclass
class Spec:
    """What a page shows. Every oddity of the portals is one attribute."""

    title: str = TITLE
    section: str = "Politique"
    date: str = "Publié le mardi 12 mars 2024 | La Rive"
    dates_before: tuple[str, ...] = ()
    date_after: tuple[str, ...] = ()
    body: str | None = None
    """Inner markup of the body; default three paragraphs and a signature."""
    signature: str | None = "Awa DIALLO"
    photo: bool = True
    caption: tuple[str, ...] = (CAPTION,)
    breadcrumb: bool = True
    title_tag: str = "h1"
    date_below: bool = False
    comments: tuple[str, ...] = ()
    menu: tuple[str, ...] = ()
    tail: str = ""
    """Markup between body and comments."""
    related: bool = True
    scrambled: bool = False
    layout: str = "table"
    head: str = ""
    own_title: str | None = None

    def inner(self) -> str:
        if self.body is not None:
            return self.body
        return "<br><br>".join(p for p in (LEAD, SECOND, THIRD, self.signature) if p)


@dataclass
class _Out:
    parts: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.parts.append(text)


def markup(spec: Spec) -> str:
    """The page as text."""
    page = _html5(spec) if spec.layout == "html5" else _table(spec)
    if spec.layout == "flat":
        page = re.sub(r"<(/?)(?:table|tr|td)\b", r"<\1div", page)
    if spec.scrambled:
        page = _scramble(page)
    return page


def page(spec: Spec, url: str = "http://news.abamako.com/h/1234.html") -> Page:
    """The page as bytes, windows-1252 that calls itself iso-8859-1 in the table layouts."""
    encoding = "utf-8" if spec.layout == "html5" else "cp1252"
    body = markup(spec).encode(encoding, "xmlcharrefreplace")
    return Page(url, body, "text/html", datetime(2024, 3, 20, tzinfo=UTC))


def _head(spec: Spec) -> str:
    charset = "utf-8" if spec.layout == "html5" else "iso-8859-1"
    title = spec.own_title if spec.own_title is not None else f"{spec.title} - abamako.com"
    return (
        f"<html><head><meta charset={charset}><title>{title}</title>"
        f'<meta property="og:title" content="{spec.title}">{spec.head}</head>'
    )


def _photo(spec: Spec) -> str:
    if not spec.photo:
        return ""
    lines = "<br>".join(("<a href=/l.html>Zanzana</a>", f"© {CREDIT}", *spec.caption))
    return (
        f'<div align="center"><img class="imgArt" src="/img_photos/L/pont(1).jpg"><br>{lines}</div>'
    )


def _dates(spec: Spec, tag: str, name: str) -> str:
    lines = (*spec.dates_before, spec.date, *spec.date_after)
    return "".join(f'<{tag} class="{name}">{line}</{tag}>' for line in lines)


def _comments(spec: Spec) -> str:
    said = "".join(f'<div class="avis">{text}</div>' for text in spec.comments)
    return f'<div class="boite">Commentaires</div>{said}'


def _related(spec: Spec) -> str:
    if not spec.related:
        return ""
    items = "".join(
        f'<li><a href="/h/{n}.html">Un autre article numéro {n} du journal</a> - {n} mars 2021</li>'
        for n in range(1, 6)
    )
    return f'<div class="boite">Dans la même rubrique</div><ul>{items}</ul>'


def _table(spec: Spec) -> str:
    out = _Out()
    out.add(_head(spec) + "<body><table><tr>")
    for entry in (*spec.menu, *MENU):
        out.add(f'<td><a href="/{len(entry)}/">{entry}</a></td>')
    out.add("</tr></table><div>NEWS</div><table><tr><td class='col'>")
    if spec.breadcrumb:
        out.add(f"<div class='fil'><a href=/>Accueil</a> / <a href=/n>News</a> / "
                f"<a href=/p>{spec.section}</a> / Article</div>")  # fmt: skip
    out.add(f"<div class='rub'>{spec.section}</div>")
    out.add(f'<{spec.title_tag} class="FontArticleMainTitle">{spec.title}</{spec.title_tag}>')
    dates = _dates(spec, "div", "FontArticleSource")
    if not spec.date_below:
        out.add(dates)
    out.add(_photo(spec) + "<div><a href=#c>Comment</a></div>")
    out.add(f'<div class="corps"><span class="FullArticleTexte">{spec.inner()}</span></div>')
    if spec.date_below:
        out.add(dates)
    out.add(f"{spec.tail}{_comments(spec)}{_related(spec)}</td>")
    out.add("<td class='droite'><div>Météo</div><div><a href=/m>Ciel clair à Zanzana ce matin</a>"
            "</div></td></tr></table>")  # fmt: skip
    out.add("<div class='pied'>Copyright © 2024 Le réseau</div></body></html>")
    return "".join(out.parts)


def _html5(spec: Spec) -> str:
    nav = "".join(f"<a href=/{n}>{n}</a>" for n in (*spec.menu, *MENU))
    crumb = f"<div>Accueil › News › {spec.section} › Article</div>" if spec.breadcrumb else ""
    dates = _dates(spec, "span", "date")
    photo = ""
    if spec.photo:
        captions = "".join(f"<p>{one}</p>" for one in spec.caption)
        photo = (f"<figure><img src='/img_photos/L/pont.jpg' width=600><figcaption>"
                 f"<span>© {CREDIT}</span>{captions}</figcaption></figure>")  # fmt: skip
    above, below = ("", dates) if spec.date_below else (dates, "")
    return (
        f"{_head(spec)}<body><header><nav>{nav}</nav></header>{crumb}<main><article>"
        f"<a class='cat' href=/p>{spec.section}</a><h1>{spec.title}</h1><div>{above}</div>{photo}"
        f"<div class='txt'>{spec.inner()}</div><div>{below}</div></article>{spec.tail}"
        f"<section>{_comments(spec)}</section><aside>{_related(spec)}</aside></main>"
        f"<footer>Copyright © 2024 Le réseau</footer></body></html>"
    )


def _scramble(text: str) -> str:
    """All class names and ids as random words, all meta but the charset gone."""
    rng = Random(text)
    names: dict[str, str] = {}

    def word(match: re.Match[str]) -> str:
        name = match.group(2)
        if name not in names:
            names[name] = "".join(rng.choice("bcdflmnrst") + rng.choice("aeiou") for _ in range(4))
        return f'{match.group(1)}="{names[name]}"'

    text = re.sub(r'(class|id)=["\']?([\w -]+)["\']?', word, text)
    text = re.sub(r'<meta (?!charset)[^>]*>|<script type="application/ld.*?</script>', "", text)
    return text.replace('align="center"', "").replace("img_photos", "m")
