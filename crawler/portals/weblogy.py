"""The Weblogy network: nine portals, one publishing system, two templates (tables and HTML5)."""

from __future__ import annotations

from typing import ClassVar

from crawler.portals.base import Portal


class Weblogy(Portal):
    """The system's shared template. Selectors are hints: fields fall back to structure."""

    scheme: ClassVar[str] = "http"
    syndicated: ClassVar[bool] = False

    closed_sites: ClassVar[frozenset[str]] = frozenset(
        {"annonces", "auto", "immo", "immobilier", "emploi", "emplois", "forum", "forums"}
        | {"chat", "chats", "agenda", "mail", "webmail", "admin", "pub", "images", "img"}
        | {"static", "cdn", "m", "mobile", "tv", "radio", "live"}
    )
    article_patterns: ClassVar[tuple[tuple[str, str], ...]] = (
        ("h", r"^/h/0*(\d{1,10})\.html?$"),
        ("p", r"^/p/0*(\d{1,10})\.html?$"),
        # The slug may be missing or just `index`; it never counts.
        ("articles", r"^/articles/0*(\d{1,10})(?:/[^/]*)?/?$"),
    )
    article_paths: ClassVar[dict[str, str]] = {
        "h": "/h/{number}.html",
        "p": "/p/{number}.html",
        "articles": "/articles/{number}/index",
    }
    selectors: ClassVar[dict[str, tuple[str, ...]]] = {
        "title": (".FontArticleMainTitle", "article h1"),
        "date": ("div.FontArticleSource", ".FontArticleSource", "article span.date"),
        "body": ("span.FullArticleTexte", ".FullArticleTexte", "article div.txt"),
        "photo": ("img.imgArt", 'div[align="center"] img[src*="img_photos"]'),
        "section": ("article a.cat",),
    }

    @classmethod
    def host(cls) -> str:
        """The news host: the home pages of the others hold no article links."""
        return cls.news_host or f"news.{cls.domain}"


class Abamako(Weblogy):
    name, country, domain, timezone = "abamako", "Mali", "abamako.com", "Africa/Bamako"


class Abangui(Weblogy):
    name, country, domain, timezone = "abangui", "Centrafrique", "abangui.com", "Africa/Bangui"


class Abidjan(Weblogy):
    """The one portal that has moved to the HTML5 template and to https."""

    name, country, domain, timezone = "abidjan", "Côte d’Ivoire", "abidjan.net", "Africa/Abidjan"
    scheme = "https"
    article_paths: ClassVar[dict[str, str]] = {
        kind: Weblogy.article_paths[kind] for kind in ("articles", "p", "h")
    }
    feeds = ("/rss/politique.xml", "/rss/economie.xml", "/rss/sport.xml")


class Acotonou(Weblogy):
    name, country, domain, timezone = "acotonou", "Bénin", "acotonou.com", "Africa/Porto-Novo"


class Adakar(Weblogy):
    name, country, domain, timezone = "adakar", "Sénégal", "adakar.com", "Africa/Dakar"


class Alibreville(Weblogy):
    name, country, domain = "alibreville", "Gabon", "alibreville.com"
    timezone = "Africa/Libreville"


class Alome(Weblogy):
    name, country, domain, timezone = "alome", "Togo", "alome.com", "Africa/Lome"


class Aniamey(Weblogy):
    name, country, domain, timezone = "aniamey", "Niger", "aniamey.com", "Africa/Niamey"


class Aouaga(Weblogy):
    name, country, domain = "aouaga", "Burkina Faso", "aouaga.com"
    timezone = "Africa/Ouagadougou"
