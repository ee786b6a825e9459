"""Wordpress: a site as a common blog system's default themes make it, written from its public
documentation. Dated addresses, categories with numbered pages, RSS 2.0, an index of sitemaps.
"""

from __future__ import annotations

import json
import re
from html import escape

from demo.cms import SECTIONS, Piece, Site, draw_pieces, empty_shell, plain_xml
from demo.pages import Response
from demo.text import MONTHS

PER_PAGE = 10
IN_FEED = 10
PER_SITEMAP = 40
_NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_SLUGS = dict(zip(SECTIONS, ("politique", "societe", "economie", "sports", "culture"), strict=True))
_PAGES = {"/contact/": "Contact", "/qui-sommes-nous-en-bref/": "Qui sommes-nous ?"}
_FEED_LINK = '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">'


class Wordpress(Site):
    """See the module."""

    def address(self, piece: Piece) -> str:
        """`/2024/03/05/slug/`."""
        return f"{self.home}{piece.at:%Y/%m/%d}/{piece.slug}/"

    def page(self, path: str) -> str | Response | None:
        """The page at `path`."""
        if path == "/robots.txt":
            text = f"User-agent: *\nDisallow: /wp-admin/\n\nSitemap: {self.home}wp-sitemap.xml\n"
            return Response(200, text.encode(), {"Content-Type": "text/plain"})
        if path == "/" and self.shell:
            return empty_shell("Le Courrier du Fleuve", "")
        if path == "/feed/":
            return self._feed()
        if "sitemap" in path:
            return self._sitemap(path)
        if path in _PAGES:
            core = f'<article class="page"><h1 class="entry-title">{_PAGES[path]}</h1><p>'
            core += "Écrivez-nous à la rédaction, nous vous répondrons. " * 6 + "</p></article>"
            return self.wrap(_PAGES[path], core)
        if found := re.fullmatch(r"/(?:category/([a-z]+)/)?(?:page/(\d+)/)?", path):
            return self._listing(found[1], int(found[2] or 1))
        return next((self._article(p) for p in self.pieces if self.address(p).endswith(path)), None)

    def wrap(self, title: str, core: str, *, head: str = "", kind: str = "") -> str:
        """Header, side column and footer around `core`."""
        menu = "".join(
            f'<li class="menu-item"><a href="{self.home}category/{slug}/">{label}</a></li>'
            for label, slug in _SLUGS.items()
        )
        menu += "".join(f'<li><a href="{p}">{escape(t)}</a></li>' for p, t in _PAGES.items())
        recent = "".join(
            f'<li><a href="{self.address(p)}">{escape(p.title)}</a></li>' for p in self.pieces[:5]
        )
        months = sorted({(p.at.year, p.at.month) for p in self.pieces}, reverse=True)
        archive = "".join(
            f'<li><a href="{self.home}{y}/{m:02}/">{MONTHS[m - 1]} {y}</a></li>' for y, m in months
        )
        feeds = _FEED_LINK.format("Flux", self.home + "feed/")
        feeds += _FEED_LINK.format("Flux des commentaires", self.home + "comments/feed/")
        return (
            f'<!doctype html><html lang="fr-FR"><head><meta charset="UTF-8">'
            f"<title>{escape(title)} – Le Courrier du Fleuve</title>{feeds}{head}</head>"
            f'<body class="{kind}"><div id="page"><header id="masthead"><p class="site-title">'
            f'<a href="{self.home}" rel="home">Le Courrier du Fleuve</a></p>'
            f'<nav id="site-navigation"><ul>{menu}</ul></nav></header>'
            f'<div id="content"><main id="main">{core}</main><aside id="secondary">'
            f'<section class="widget"><h2 class="widget-title">Articles récents</h2>'
            f'<ul>{recent}</ul></section><section class="widget"><h2 class="widget-title">Archives'
            f"</h2><ul>{archive}</ul></section></aside></div><footer>Fièrement propulsé par notre "
            f"équipe © 2026</footer></div></body></html>"
        )

    def _listing(self, slug: str | None, number: int) -> str | None:
        label = next((label for label, s in _SLUGS.items() if s == slug), None)
        if slug and not label:
            return None
        pieces = self.in_section(label) if label else self.pieces
        shown = pieces[(number - 1) * PER_PAGE : number * PER_PAGE]
        if not shown:
            return None
        base = f"{self.home}category/{slug}/" if slug else self.home
        core = f'<h1 class="page-title">Catégorie : {label}</h1>' if label else ""
        core += "".join(self._teaser(piece) for piece in shown)
        older = ""
        if number * PER_PAGE < len(pieces):
            older = f'<div class="nav-previous"><a href="{base}page/{number + 1}/">'
            older += "Articles plus anciens</a></div>"
        newer = f"{base}page/{number - 1}/" if number > 2 else base
        if number > 1:
            older += f'<div class="nav-next"><a href="{newer}">Articles plus récents</a></div>'
        core += '<nav class="navigation posts-navigation"><h2 class="screen-reader-text">'
        core += f'Navigation des articles</h2><div class="nav-links">{older}</div></nav>'
        return self.wrap(label or "Accueil", core, kind="archive" if label else "home blog")

    def _meta(self, piece: Piece) -> str:
        stamp = f"{piece.at.day} {MONTHS[piece.at.month - 1]} {piece.at.year}"
        author = f'<a class="url fn n" href="{self.home}author/redaction/">{piece.author}</a>'
        return (
            f'<div class="entry-meta"><span class="posted-on">Publié le <a href="'
            f'{self.address(piece)}" rel="bookmark"><time class="entry-date published" datetime="'
            f'{piece.at.isoformat()}">{stamp}</time></a></span> <span class="byline">par {author}'
            f"</span></div>"
        )

    def _teaser(self, piece: Piece) -> str:
        link = f'<a href="{self.address(piece)}" rel="bookmark">{escape(piece.title)}</a>'
        return (
            f'<article id="post-{piece.number}" class="post type-post hentry">'
            f'<header class="entry-header"><h2 class="entry-title">{link}</h2>{self._meta(piece)}'
            f'</header><div class="entry-summary"><p>{escape(piece.paragraphs[0][:150])} […]</p>'
            f"</div></article>"
        )

    def _article(self, piece: Piece) -> str:
        body = "".join(f"<p>{escape(text)}</p>\n" for text in piece.paragraphs)
        at = self.pieces.index(piece)
        around = "".join(
            f'<div class="{name}"><a href="{self.address(other)}" rel="{rel}">'
            f'<span class="nav-title">{escape(other.title)}</span></a></div>'
            for name, rel, n in (("nav-previous", "prev", at + 1), ("nav-next", "next", at - 1))
            if 0 <= n < len(self.pieces)
            for other in [self.pieces[n]]
        )
        comments = "".join(
            f'<li class="comment"><b class="fn">Lecteur {n}</b> <time>12 octobre 2026</time>'
            f"<p>{escape(text)}</p></li>"
            for n, text in enumerate(piece.comments)
        )
        slug = _SLUGS[piece.section]
        core = (
            f'<article id="post-{piece.number}" class="post type-post hentry"><header class='
            f'"entry-header"><h1 class="entry-title">{escape(piece.title)}</h1>{self._meta(piece)}'
            f'</header><div class="entry-content">{body}</div><footer class="entry-footer">Publié '
            f'dans <a href="{self.home}category/{slug}/" rel="category tag">{piece.section}</a>'
            f'</footer></article><nav class="navigation post-navigation"><h2 class='
            f'"screen-reader-text">Navigation de l’article</h2>{around}</nav>'
            f'<div id="comments"><h2>Commentaires</h2><ol>{comments}</ol><form action="/post">'
            f"<p>Laisser un commentaire</p><textarea></textarea></form></div>"
        )
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": piece.title,
            "datePublished": piece.at.isoformat(),
        }
        head = f'<link rel="canonical" href="{self.address(piece)}">'
        head += '<meta property="og:type" content="article">' if piece.number % 2 else ""
        if piece.number % 3 == 0:
            head += f'<script type="application/ld+json">{json.dumps(data)}</script>'
        return self.wrap(piece.title, core, head=head, kind="single single-post")

    # -- for machines

    def _feed(self) -> Response:
        items = "".join(
            f"<item><title>{escape(p.title)}</title><link>{self.address(p)}</link>"
            f"<dc:creator><![CDATA[{p.author}]]></dc:creator><pubDate>{p.rfc822}</pubDate>"
            f'<guid isPermaLink="false">{self.home}?p={p.number}</guid></item>'
            for p in self.pieces[:IN_FEED]
        )
        return plain_xml(
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Le Courrier du Fleuve'
            f"</title><link>{self.home}</link>{items}</channel></rss>"
        )

    def _sitemap(self, path: str) -> Response | None:
        count = -(-len(self.pieces) // PER_SITEMAP)
        posts = [f"/wp-sitemap-posts-post-{n + 1}.xml" for n in range(count)]
        if path == "/wp-sitemap.xml":
            names = [
                *posts,
                "/wp-sitemap-posts-page-1.xml",
                "/wp-sitemap-taxonomies-category-1.xml",
            ]
            files = "".join(
                f"<sitemap><loc>{self.home}{name[1:]}</loc></sitemap>" for name in names
            )
            return plain_xml(f"<sitemapindex {_NS}>{files}</sitemapindex>")
        if path not in posts:
            return None
        start = posts.index(path) * PER_SITEMAP
        oldest_first = self.pieces[::-1][start : start + PER_SITEMAP]
        urls = "".join(
            f"<url><loc>{self.address(p)}</loc><lastmod>{p.at.isoformat()}</lastmod></url>"
            for p in oldest_first
        )
        return plain_xml(f'<?xml version="1.0"?><urlset {_NS}>{urls}</urlset>')


def make_wordpress(seed: int = 1, *, articles: int = 70, shell: bool = False) -> Wordpress:
    """A site of `articles` articles. Same seed, same site."""
    return Wordpress("courrier", draw_pieces(seed, articles), shell=shell)
