"""Spip: a site as SPIP's default templates make it, written from its public documentation.
Numbered rubriques that page by offset, articles by number or by slug, RSS from `backend`.
"""

from __future__ import annotations

import re
from html import escape

from demo.cms import SECTIONS, Piece, Site, draw_pieces, empty_shell, plain_xml
from demo.pages import Response
from demo.text import MONTHS

PER_PAGE = 10
_RUBRIQUES = {label: n for n, label in enumerate(SECTIONS, start=2)}
_OTHERS = {
    "/Qui-nous-sommes-et-ce-que-nous-faisons": "Qui nous sommes et ce que nous faisons",
    "/spip.php?auteur3": "Aminata Traoré",
    "/Mentions-legales": "Mentions légales",
}


class Spip(Site):
    """See the module. `slugs`: articles have «Titre-de-l-article» for an address."""

    slugs = False
    mapped = False
    """A sitemap that holds everything, rubriques and pages that are no articles too."""

    def address(self, piece: Piece) -> str:
        """`spip.php?article123` or «Titre-de-l-article»."""
        if self.slugs:
            return f"{self.home}{piece.slug[:1].upper()}{piece.slug[1:]}"
        return f"{self.home}spip.php?article{piece.number}"

    def page(self, path: str) -> str | Response | None:
        """The page at `path`."""
        if path in ("/", "/spip.php"):
            return self._home()
        if path in _OTHERS:
            core = f"<h1>{_OTHERS[path]}</h1><p>" + "Ce site est fait avec soin à Bamako. " * 12
            return self.wrap(_OTHERS[path], core + "</p>")
        if path == "/sitemap.xml" and self.mapped:
            return self._sitemap()
        if path == "/spip.php?page=backend":
            return self._backend()
        if path == "/spip.php?page=plan":
            links = "".join(
                f'<li><a href="{self._rubrique(label)}">{label}</a></li>' for label in _RUBRIQUES
            )
            return self.wrap("Plan du site", f'<h1>Plan du site</h1><ul class="plan">{links}</ul>')
        if found := re.fullmatch(r"/spip\.php\?(?:debut_articles=(\d+)&)?rubrique(\d+)", path):
            return self._listing(int(found[2]), int(found[1] or 0))
        if found := re.fullmatch(r"/spip\.php\?rubrique(\d+)&debut_articles=(\d+)", path):
            return self._listing(int(found[1]), int(found[2]))
        return next((self._article(p) for p in self.pieces if self.address(p).endswith(path)), None)

    def wrap(self, title: str, core: str, *, head: str = "", kind: str = "") -> str:
        """Header, navigation and footer around `core`."""
        menu = "".join(
            f'<li class="menu-entree"><a href="{self._rubrique(label)}">{label}</a></li>'
            for label in _RUBRIQUES
        )
        return (
            '<!DOCTYPE html><html dir="ltr" lang="fr" class="ltr fr no-js"><head>'
            f"<title>{escape(title)} - Le Griot du Sahel</title><meta charset='utf-8' />"
            f"{head}</head><body id='top' class='{kind}'><div class='page'>"
            "<header class='header' id='header'><strong id='logo'><a rel='start home' href='"
            f"{self.home}' title='Accueil'>Le Griot du Sahel</a></strong></header>"
            f"<nav class='nav' id='nav'><ul>{menu}</ul></nav><main class='main'>{core}</main>"
            "<footer class='footer' id='footer'><p>2019-2026 © Le Griot du Sahel — Tous droits "
            "réservés</p><p><a rel='contents' href='spip.php?page=plan'>Plan du site</a> | "
            "<a href='spip.php?page=login&amp;url=ecrire'>Se connecter</a> | <a rel='alternate' "
            "href='spip.php?page=backend'>RSS 2.0</a></p></footer></div></body></html>"
        )

    def _rubrique(self, label: str) -> str:
        return f"spip.php?rubrique{_RUBRIQUES[label]}"

    def _home(self) -> str:
        if self.shell:
            return empty_shell("Le Griot du Sahel", "")
        rows = "".join(self._item(piece) for piece in self.pieces[:8])
        core = f"<div class='liste articles'><h2 class='h2'>Articles récents</h2><ul>{rows}</ul>"
        return self.wrap("Accueil", core + "</div>", kind="page_sommaire")

    def _date(self, piece: Piece) -> str:
        stamp = f"{'1er' if piece.at.day == 1 else piece.at.day} {MONTHS[piece.at.month - 1]}"
        iso = f"{piece.at:%Y-%m-%dT%H:%M:%SZ}"
        return f"<abbr class='published' title='{iso}'>{stamp} {piece.at.year}</abbr>"

    def _item(self, piece: Piece) -> str:
        href = self.address(piece).removeprefix(self.home)
        return (
            f"<li class='item hentry'><h3 class='h3 entry-title'><a href='{href}' rel='bookmark'>"
            f"{escape(piece.title)}</a></h3><p class='info'><small>{self._date(piece)}, "
            f"<span class='sep'>par </span><span class='auteurs'>{piece.author}</span></small></p>"
            f"<div class='introduction entry-content'>{escape(piece.paragraphs[0][:160])} (…)"
            f"</div></li>"
        )

    def _listing(self, number: int, offset: int) -> str | None:
        label = next((label for label, n in _RUBRIQUES.items() if n == number), None)
        if label is None:
            return None
        pieces = self.in_section(label)
        rows = "".join(self._item(piece) for piece in pieces[offset : offset + PER_PAGE])
        pages = "".join(self._page_link(label, n, offset) for n in range(0, len(pieces), PER_PAGE))
        core = (
            f"<nav class='arbo'><a href='{self.home}'>Accueil</a> &gt; <strong>{label}</strong>"
            f"</nav><h1 class='h1'>{label}</h1><div class='liste articles'><h2 class='h2'>Articles"
            f"</h2><a id='pagination_articles' class='pagination_ancre'></a><ul>{rows}</ul>"
            f"<nav class='pagination'><ul class='pagination-items'>{pages}</ul></nav></div>"
        )
        return self.wrap(label, core, kind="page_rubrique")

    def _page_link(self, label: str, start: int, offset: int) -> str:
        if start == offset:
            return f"<li class='pagination-item on'><strong>{start}</strong></li>"
        target = self._rubrique(label) + (f"&amp;debut_articles={start}" if start else "")
        return (
            f"<li class='pagination-item'><a href='{target}#pagination_articles' class="
            f"'pagination-item-label lien_pagination' rel='nofollow'>{start}</a></li>"
        )

    def _article(self, piece: Piece) -> str:
        body = "".join(f"<p>{escape(text)}</p>\n" for text in piece.paragraphs)
        others = [p for p in self.in_section(piece.section) if p is not piece][:6]
        same = "".join(
            f"<li><a href='{self.address(p).removeprefix(self.home)}'>{escape(p.title)}</a></li>"
            for p in others
        )
        forum = "".join(
            f"<li class='comment-item'><small><abbr class='dtreviewed' title='2026-10-12T08:00:00Z'"
            f">12 octobre 2026</abbr>, par Lecteur</small><p>{escape(text)}</p></li>"
            for text in piece.comments
        )
        core = (
            f"<nav class='arbo'><a href='{self.home}'>Accueil</a> &gt; <a href='"
            f"{self._rubrique(piece.section)}'>{piece.section}</a> &gt; <strong class='on'>"
            f"{escape(piece.title)}</strong></nav><div class='contenu-principal'>"
            f"<div class='cartouche'><h1 class='entry-title h1'>{escape(piece.title)}</h1>"
            f"<p class='info-publi'>{self._date(piece)}, <span class='sep'>par </span>"
            f"<span class='auteurs'>{piece.author}</span></p></div>"
            f"<div class='texte surlignable entry-content'>{body}</div></div>"
            f"<section><h2>Vos commentaires</h2><ul class='forum'>{forum}</ul></section>"
            f"<aside class='aside'><h2 class='h2'>Dans la même rubrique</h2><ul>{same}</ul></aside>"
        )
        return self.wrap(piece.title, core, kind="page_article")

    def _sitemap(self) -> Response:
        addresses = [self.home, *(self.home + self._rubrique(label) for label in _RUBRIQUES)]
        addresses += [self.home + path[1:] for path in _OTHERS]
        addresses += [self.address(piece) for piece in self.pieces]
        urls = "".join(f"<url><loc>{escape(url)}</loc></url>" for url in addresses)
        return plain_xml(
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        )

    def _backend(self) -> Response:
        items = "".join(
            f'<item xml:lang="fr"><title>{escape(p.title)}</title><link>'
            f'{escape(self.address(p))}</link><guid isPermaLink="true">{escape(self.address(p))}'
            f"</guid><dc:date>{p.at:%Y-%m-%dT%H:%M:%SZ}</dc:date><dc:creator>{p.author}"
            f"</dc:creator></item>"
            for p in self.pieces[:15]
        )
        return plain_xml(
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel xml:lang="fr"><title>Le Griot du '
            f"Sahel</title><link>{self.home}</link>{items}</channel></rss>"
        )


def make_spip(
    seed: int = 1, *, articles: int = 70, slugs: bool = False, shell: bool = False
) -> Spip:
    """A site of `articles` articles. Same seed, same site."""
    site = Spip("griot", draw_pieces(seed, articles), shell=shell)
    site.slugs = slugs
    return site
