"""Pages: a world's articles, listings and home page as bytes; chrome and side columns cached."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from random import Random
from typing import TYPE_CHECKING

from demo.articles import Article, Stub
from demo.chrome import NETWORK, Chrome, html5_chrome, menu, table_chrome
from demo.grammar import Section, page_path
from demo.listings import Pager, entries_block, entry, pager_block, pager_head
from demo.templates import Surroundings, article_core, article_head

if TYPE_CHECKING:
    from demo.portal import World

COUNTRIES = {
    "abamako": "Le Mali",
    "abangui": "Le Centrafrique",
    "abidjan": "La Côte d’Ivoire",
    "acotonou": "Le Bénin",
    "adakar": "Le Sénégal",
    "alibreville": "Le Gabon",
    "alome": "Le Togo",
    "aniamey": "Le Niger",
    "aouaga": "Le Faso",
}


@dataclass(slots=True)
class Response:
    """What a world answers, before any fault."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Pages:
    """Writes the pages of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.looks = world.looks
        self._side: str | None = None
        self._sent = 0
        rng = Random(f"{world.seed}/{world.name}/chrome")
        old = self.looks.template == "table2016"
        links = [
            (s.label.upper() if old else s.label, self.section_link(s)) for s in world.sections
        ]
        menu_markup = menu(world.domain, COUNTRIES[world.name], links, old=old)
        if self.looks.template == "html5":
            plain = html5_chrome(rng, world.domain, menu_markup)
        else:
            times = 1.0 if self.looks.heavy else 0.1
            plain = table_chrome(rng, world.domain, menu_markup, old=old, times=times)
        self._advert = plain.advert
        self._chrome = plain
        if scramble := world.scrambler:
            self._chrome = Chrome(
                scramble(plain.before_title),
                scramble(plain.after_title),
                scramble(plain.top),
                scramble(plain.advert),
                scramble(plain.bottom),
            )

    def refresh(self) -> None:
        """Forget what depends on the newest articles."""
        self._side = None

    # -- links

    def section_link(self, section: Section, page: int = 1) -> str:
        """Absolute address of a listing page, its host in the network's mixed case."""
        world = self.world
        path = page_path(section, self.looks.page_form, page, self.looks.per_page)
        return f"{world.scheme}://{section.site}.{world.domain}{path}"

    def link(self, stub: Stub, place: int = 0) -> str:
        """An article's address as a page of this world writes it: where links are odd, in one of
        several forms of the same address."""
        if not self.looks.odd_links:
            return stub.url
        domain = self.world.domain
        cased = domain[0] + domain[1].upper() + domain[2:]
        path = stub.path
        forms = (
            stub.url,
            f"http://{stub.site}.{cased}{path}",
            f"//{stub.host}{path}",
            f"https://{stub.host}{path}",
            f"{stub.url}?utm_source=accueil",
            f"{stub.url}#commentaires",
            f"{stub.scheme}://{stub.host.upper()}{path}",
        )
        return forms[(stub.index * 7 + place) % len(forms)]

    # -- pages

    def plain(self, title: str, status: int = 200) -> Response:
        """A page that holds no article: a room, «Article introuvable», «Page introuvable»."""
        back = '<p>Retour à l’<a href="/">accueil</a></p>'
        core = f'<div id="module"><h1>{escape(title)}</h1>{back}</div>'
        return self._page(title, "", core, status)

    def article(self, article: Article) -> Response:
        """One article's page."""
        around = Surroundings(
            template=self.looks.template,
            advert=self._advert,
            side=self.side(),
            side_left=self.looks.side_left,
            related=self._related(article),
            section_link=self._link_of(article.stub.section),
            open_graph=self.world.scrambler is None,
        )
        return self._page(
            escape(article.title), article_head(article, around), article_core(article, around)
        )

    def home(self) -> Response:
        """The news host's home: the newest articles, then a box for each section."""
        world = self.world
        newest = world.newest(20)
        parts = [
            f'<div id="module"><div class="boxTitre">À la une</div>{self._entries(newest)}</div>'
        ]
        for section in world.sections:
            rows = self._headlines(world.members(section.label)[:5], 3)
            link = escape(self.section_link(section))
            parts.append(
                f'<div id="module"><div class="boxTitre"><a href="{link}">{section.label}</a></div>'
                f"<ul>{rows}</ul></div>"
            )
        return self._page("Actualités", "", self._columns("\n".join(parts)))

    def listing(self, section: Section, page: int) -> Response:
        """One listing page of a section; past the end the last page's frame without entries."""
        world, size = self.world, self.looks.per_page
        members = world.members(section.label)
        last = max(1, -(-len(members) // size))
        trap = world.traps.get(section.label)
        shown = members[(page - 1) * size : page * size]
        extra = ""
        if trap == "repeat" and page >= last:
            shown, last = members[(last - 1) * size :], page + 1
        elif trap == "fresh" and page >= last:
            extra, last = self._fresh(section, page), page + 1
        elif trap == "calendar":
            extra = self._calendar(section, page)
        pager = Pager(page, last, lambda n: self.section_link(section, n))
        block = pager_block(pager, self.looks)
        core = f'<div class="boxTitre">{section.label}</div>\n'
        core += block if self.looks.place in ("top", "both") else ""
        core += self._entries(shown) + extra
        core += block if self.looks.place in ("bottom", "both") else ""
        core = f'<div id="module">{core}</div>'
        return self._page(section.label, pager_head(pager, self.looks), self._columns(core))

    def _fresh(self, section: Section, page: int) -> str:
        """Ever new links of article form that lead to no article."""
        site = f"{self.world.scheme}://{section.site}.{self.world.domain}"
        kind = "articles/{}/index" if self.looks.template == "html5" else "h/{}.html"
        rows = "".join(
            f'<li><a href="{site}/{kind.format(9_000_000 + page * 100 + n)}">'
            f"Brève du jour n° {page}-{n}</a></li>"
            for n in range(self.looks.per_page)
        )
        return f"<ul>{rows}</ul>"

    def _calendar(self, section: Section, page: int) -> str:
        """Links to every day of months without end, each a listing address of its own."""
        base = self.section_link(section)
        mark = "&amp;" if "?" in base else "?"
        year, month = 2026 - page // 12, page % 12 + 1
        days = " ".join(
            f'<a href="{base}{mark}date={year}-{month:02}-{day:02}">{day}</a>'
            for day in range(1, 29)
        )
        before = f'<a href="{base}{mark}mois={year}-{month:02}">Mois précédent</a>'
        return f'<table class="calendrier"><tr><td>{before} {days}</td></tr></table>'

    # -- parts

    def side(self) -> str:
        """The side column: «Dernières minutes», «Les plus lus», other portals of the network."""
        if self.world.restless:
            self._side, self._sent = None, self._sent + 1
        if self._side is None:
            stubs = self.world.stubs
            rng = Random(f"{self.world.seed}/{self.world.name}/side{self._sent or ''}")
            latest = self.world.newest(8)
            read = [int(rng.random() * len(stubs)) for _ in range(8)] if stubs else []
            read = [index for index in read if index not in self.world.sunken]
            others = "".join(
                f'<li><a href="http://news.{host}/h/{rng.randrange(1000, 90000)}.html">{name} : '
                f"l’essentiel</a></li>"
                for name, host in NETWORK
                if host != self.world.domain
            )
            self._side = (
                '<div class="boxTitre">Dernières minutes</div>'
                f"<ul>{self._headlines(latest, 1)}</ul>"
                f'<div class="boxTitre">Les plus lus</div><ul>{self._headlines(read, 2)}</ul>'
                f'<div class="boxTitre">Le réseau</div><ul>{others}</ul>{self._advert}\n'
            )
        return self._side

    def _entries(self, indexes: range | list[int]) -> str:
        articles = [self.world.article(index) for index in indexes]
        rows = "".join(
            entry(article, self.link(article.stub, place), self.looks)
            for place, article in enumerate(articles)
        )
        return entries_block(rows, self.looks)

    def _headlines(self, indexes: range | list[int], place: int) -> str:
        articles = [self.world.article(index) for index in indexes]
        return "".join(
            f'<li id="ligne"><a href="{escape(self.link(a.stub, place))}">'
            f"{escape(a.title, quote=False)}</a></li>\n"
            for a in articles
        )

    def _related(self, article: Article) -> str:
        """Four older articles, the same ones whatever is published later."""
        index = article.stub.index
        older = [i for i in (index - 3, index - 11, index - 18, index - 40) if i >= 0]
        rows = self._headlines(older[:4], 4)
        return f'<div class="liens"><b>Lire aussi</b><ul>{rows}</ul></div>'

    def _link_of(self, label: str) -> str:
        for section in self.world.sections:
            if section.label == label:
                return self.section_link(section)
        return "/"

    def _columns(self, main: str) -> str:
        if self.looks.template == "html5":
            return f'<main>{main}</main>\n<aside class="side">{self.side()}</aside>\n'
        cells = [f'<td valign="top" width=700>{main}</td>']
        side = f'<td valign="top" width=300 id="module">{self.side()}</td>'
        cells.insert(0 if self.looks.side_left else 1, side)
        return f'<table width=1050 align="center"><tr>{"".join(cells)}</tr></table>\n'

    def _page(self, title: str, head: str, core: str, status: int = 200) -> Response:
        if self.world.scrambler:
            core = self.world.scrambler(core)
        text = self._chrome.page(f"{title} - {self.world.domain}", head, core)
        if self.looks.template == "html5":
            return Response(status, text.encode(), {"Content-Type": "text/html; charset=utf-8"})
        body = text.encode("cp1252", "xmlcharrefreplace")
        return Response(status, body, {"Content-Type": "text/html"})
