"""World: one portal of the network as a seed draws it, its articles, its gold and its pages.

world = make_portal(1, "abamako", articles=400)
world.respond("news.abamako.com", "/")        what the server sends
world.gold()                                  what a crawl must find
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from random import Random
from threading import RLock
from typing import Any
from urllib.parse import urlsplit

from demo.articles import Article, Stub
from demo.chrome import Scrambler
from demo.faults import share
from demo.feeds import FEED_PATH, feed
from demo.grammar import Looks, Section, draw_looks, draw_sections, page_number, page_path
from demo.pages import Pages, Response
from demo.switches import SWITCHES

TODAY = date(2026, 11, 1)
DOMAINS = {
    name: f"{name}.com"
    for name in [
        "abamako",
        "abangui",
        "acotonou",
        "adakar",
        "alibreville",
        "alome",
        "aniamey",
        "aouaga",
    ]
} | {"abidjan": "abidjan.net"}
_OPEN_SITES = ("www", "news", "sports", "business", "necrologie")
_EMPTY_ROOMS = ("titrologie", "documents", "dossiers", "videos", "caricatures", "qui", "pays")


_PIXEL = bytes.fromhex(
    "47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b"
)


class World:
    """See `make_portal`."""

    def __init__(
        self,
        seed: int | str,
        name: str,
        *,
        sections: int | list[str] | None,
        mode: str,
        today: date,
        fixed: dict[str, object],
    ) -> None:
        if name not in DOMAINS:
            raise ValueError(f"no portal {name!r}; there are {', '.join(sorted(DOMAINS))}")
        if mode not in ("plain", "scrambled"):
            raise ValueError("mode is plain or scrambled")
        self.seed, self.name, self.mode, self.today = f"{seed}", name, mode, today
        self.domain = DOMAINS[name]
        self.scheme = "https" if name == "abidjan" else "http"
        rng = Random(f"{seed}/{name}/looks")
        self.looks: Looks = draw_looks(rng, name, fixed)
        self.scrambler = Scrambler(Random(f"{seed}/{name}/words")) if mode == "scrambled" else None
        words = None
        if self.scrambler:
            word = self.scrambler.word
            forms = ("/{slug}/", "/{slug}", "/{slug}.html", f"/{word('/a')}/{{slug}}.asp")
            address = rng.choice((*forms, f"/{word('/b')}.asp?{word('/c')}={{n}}"))
            page_form = rng.choice(((f"?{word('/d')}={{n}}", 1), (f"/{word('/e')}-{{n}}.html", 1)))
            kept = {"address": address, "page_form": page_form}
            kept = {k: v for k, v in kept.items() if k not in fixed}
            self.looks = replace(self.looks, **kept)  # type: ignore[arg-type]
            words = [word(f"/section{n}") for n in range(40)]
        self.sections = draw_sections(rng, self.looks, sections, words)
        self.sister_series = rng.random() < 0.5
        self.sister_articles = rng.random() < 0.7
        self.robots: tuple[int, str] = (200, "User-agent: *\nAllow: /\n")
        self.etags = False
        self.shift = 0
        self.hard_404 = 0.0
        """Share of missing article numbers that answer with 404, not with 200."""
        self.numbers: Iterator[int] = iter(())
        """Numbers that the next articles get; after these they are drawn."""
        self.traps: dict[str, str] = {}
        self.feed = ""
        """Form of the feed at `demo.feeds.FEED_PATH`: `rss`, `atom`; empty for none."""
        self.restless = False
        """The side column is another one on every page that is sent."""
        self.pins: dict[str, list[int]] = {}
        """By section, the articles that stand above all others."""
        self.withdrawn: dict[int, int] = {}
        """Articles taken off, and the status that their addresses answer with."""
        self.sunken: set[int] = set()
        """Articles that are nowhere shown as new."""
        self.edited_at: dict[int, datetime] = {}
        self.forced_switches: frozenset[str] | None = None
        self.stubs: list[Stub] = []
        self._members: dict[str, list[int]] = {s.label: [] for s in self.sections}
        self._by_address: dict[tuple[str, str, int], int] = {}
        self._given: dict[int, Article] = {}
        self._growth = Random(f"{seed}/{name}/growth")
        self._numbers: dict[str, int] = {}
        self._lock = RLock()
        self.pages = Pages(self)
        self.article = lru_cache(maxsize=512)(self._article)

    # -- articles

    def grow(self, day: date, section: str | None = None) -> Stub:
        """Add one article, newer than all others, and return its stub."""
        rng = self._growth
        index = len(self.stubs)
        home = self._by_label(section) if section else self._draw_section(rng)
        photo = home.label == "Photos"
        site = home.site if self.sister_articles else "news"
        kind = "p" if photo else "articles" if self.looks.template == "html5" else "h"
        series = f"{kind}/{site if self.sister_series else ''}"
        given = next(self.numbers, None)
        number = given or self._numbers.get(series) or rng.randrange(20_000, 290_000)
        self._numbers[series] = number + rng.randrange(1, 7)
        if rng.random() < 0.01:
            day -= timedelta(days=rng.randrange(3, 10))
        slug = "index" if rng.random() < 0.3 else f"actualite-du-jour-{index}"
        stub = Stub(
            index,
            site,
            kind,
            number,
            home.label,
            day,
            self.seed,
            self.name,
            self.domain,
            self.scheme,
            slug,
            self.today,
        )
        self.stubs.append(stub)
        self._by_address[site, kind, number] = index
        self._members[home.label].append(index)
        others = [s.label for s in self.sections if s.label not in (home.label, "Photos")]
        if not photo and others and rng.random() < 0.08:
            # One in ten of these stands in up to four more sections.
            more = 4 if rng.random() < 0.1 else 1
            for label in rng.sample(others, min(more, len(others))):
                self._members[label].append(index)
        return stub

    def set_trap(self, kind: str, section: str) -> None:
        """Make a listing endless: `repeat` shows its last page for ever, `fresh` ever new links of
        article form that lead nowhere, `calendar` links every day of endless months; `none` ends
        it. ValueError for another kind or a section this world has not."""
        if kind not in ("repeat", "fresh", "calendar", "none"):
            raise ValueError(f"no such trap: {kind}")
        if section not in self._members:
            raise ValueError(f"no section {section!r}")
        self.traps[section] = kind

    def publish(self, count: int, section: str | None = None) -> list[str]:
        """Push `count` new articles on top, dated today; return their addresses."""
        with self._lock:
            made = [self.grow(self.today, section).url for _ in range(count)]
            self.pages.refresh()
        return made

    def unlist(self, kept: float) -> None:
        """Take all but a share of the articles out of their listings, at random, as old ones are:
        nothing but their numbers leads to them any more."""
        rng = Random(f"{self.seed}/{self.name}/unlisted")
        for label, members in self._members.items():
            self._members[label] = [index for index in members if rng.random() < kept]
        self.pages.refresh()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold requests while something is changed (see `demo.newsroom`)."""
        with self._lock:
            yield
            self.article.cache_clear()
            self.pages.refresh()

    def put(self, index: int, article: Article) -> None:
        """Serve `article` in the place of another."""
        self._given[index] = article

    def sink(self, index: int, section: str, below: int) -> None:
        """Move an article of a section down, below so many others, and show it nowhere as new."""
        self.sunken.add(index)
        members = self._members[section]
        members.remove(index)
        members.insert(max(0, len(members) - below), index)

    def add(self, article: Article) -> None:
        """Serve a given article (see `demo.reading`) at its own address, on top of the listing of
        its section, where this world has that section."""
        stub, index = article.stub, len(self.stubs)
        self.stubs.append(stub)
        self._given[index] = article
        self._by_address[stub.site, stub.kind, stub.number] = index
        if stub.section in self._members:
            self._members[stub.section].append(index)
        self.pages.refresh()

    def _draw_section(self, rng: Random) -> Section:
        weights = [1.0 / (1 + n * 0.25) for n in range(len(self.sections))]
        return rng.choices(self.sections, weights)[0]

    def _by_label(self, label: str) -> Section:
        return next(s for s in self.sections if s.label == label)

    def _article(self, index: int) -> Article:
        return self._given.get(index) or Article(self.stubs[index], self.forced_switches)

    def gold(self) -> Iterator[dict[str, Any]]:
        """The gold of every article that a listing leads to, oldest first."""
        for index in range(len(self.stubs)):
            yield self.article(index).gold

    def members(self, label: str) -> list[int]:
        """Indexes of a section's articles, newest first."""
        pins = self.pins.get(label, [])
        others = [i for i in reversed(self._members[label]) if i not in pins]
        return [i for i in (*pins, *others) if i not in self.withdrawn]

    def newest(self, count: int) -> list[int]:
        """Indexes of the articles shown as new on every page, newest first."""
        hidden = self.sunken | self.withdrawn.keys()
        standing = (i for i in range(len(self.stubs) - 1, -1, -1) if i not in hidden)
        return list(islice(standing, count))

    def urls(self) -> list[str]:
        """The canonical addresses of all articles, oldest first."""
        return [stub.url for stub in self.stubs]

    def section_url(self, label: str, page: int = 1) -> str:
        """The address of a section's listing page."""
        section = self._by_label(label)
        path = page_path(section, self.looks.page_form, page, self.looks.per_page)
        return f"{self.scheme}://{section.site}.{self.domain}{path}"

    def listed(self, label: str) -> list[str]:
        """The articles of a section as its listing gives them, newest first."""
        return [self.stubs[i].url for i in self.members(label)]

    # -- pages

    def owns(self, host: str) -> bool:
        """Whether `host` (any case) is this portal's."""
        host = host.lower()
        return host == self.domain or host.endswith(f".{self.domain}")

    def respond(self, host: str, target: str) -> Response:
        """The answer to GET `target` on `host`: article, listing, home page or soft 404."""
        with self._lock:
            return self._respond(host, target)

    def _respond(self, host: str, target: str) -> Response:
        site = host.lower().removesuffix(self.domain).rstrip(".").removeprefix("www.") or "www"
        path = urlsplit(target).path or "/"
        pages = self.pages
        if path.lower() == "/robots.txt":
            status, text = self.robots
            return Response(status, text.encode(), {"Content-Type": "text/plain"})
        if self.feed and site == "news" and path == FEED_PATH:
            return feed(self)
        if (number := _numbered(path)) is not None:
            return self._article_or_not(site, *number)
        if path.startswith("/img_photos/") or path.endswith((".gif", ".jpg")):
            return Response(200, _PIXEL, {"Content-Type": "image/gif"})
        if found := self._section_at(site, target):
            if self.shift:
                self.publish(self.shift)
            return pages.listing(*found)
        if site == "news" and path in ("/", "/index.asp"):
            return pages.home()
        name = path.strip("/").lower()
        if site in _OPEN_SITES and (path == "/" or name in _EMPTY_ROOMS):
            return pages.plain(name.capitalize() or "Accueil")
        return pages.plain("Page introuvable", status=404)

    def _article_or_not(self, site: str, kind: str, number: int) -> Response:
        if self.looks.template == "html5" and kind == "h":
            moved = self._by_address.get((site, "articles", number))
            if moved is not None:
                return Response(301, b"", {"Location": self.stubs[moved].url})
        index = self._by_address.get((site, kind, number))
        if index is None:
            hard = share(f"{site}/{kind}/{number}") < self.hard_404
            return self.pages.plain("Article introuvable", status=404 if hard else 200)
        if index in self.withdrawn:
            return self.pages.plain("Article introuvable", self.withdrawn[index])
        return self.pages.article(self.article(index))

    def render_article(self, article: Article) -> bytes:
        """The bytes of one article's page."""
        return self.pages.article(article).body

    def _section_at(self, site: str, target: str) -> tuple[Section, int] | None:
        """The section and page number of a listing's address."""
        for section in self.sections:
            if section.site != site:
                continue
            if target.rstrip("/") == section.path.rstrip("/"):
                return section, 1
            number = page_number(section, self.looks.page_form, target, self.looks.per_page)
            if number is not None:
                return section, number
        return None


def _numbered(path: str) -> tuple[str, int] | None:
    """Kind and number of an article's path, in any case, with or without slug."""
    parts = path.strip("/").split("/")
    if len(parts) < 2 or parts[0].lower() not in ("h", "p", "articles"):
        return None
    kind, digits = parts[0].lower(), parts[1].lower()
    if kind != "articles" and not digits.endswith(".html"):
        return None
    digits = digits.removesuffix(".html")
    return (kind, int(digits)) if digits.isascii() and digits.isdigit() else None


def make_portal(
    seed: int | str,
    name: str = "abamako",
    articles: int = 400,
    *,
    sections: int | list[str] | None = None,
    mode: str = "plain",
    today: date = TODAY,
    switches: Iterable[str] | None = None,
    **looks: object,
) -> World:
    """Draw a portal. `mode` is `plain` or `scrambled` (random words for every class, id and
    listing path, no og:, no JSON-LD). `sections` is how many or which labels; `switches`, if
    given, replaces the draw for every article; `looks` holds choices of `grammar.Looks` fixed.

    Articles are dated up to `today`, never later. Raises ValueError for an unknown name.
    """
    world = World(seed, name, sections=sections, mode=mode, today=today, fixed=looks)
    if switches is not None:
        world.forced_switches = frozenset(check_switches(switches))
    days = max(90, articles // 10)
    for index in range(articles):
        world.grow(today - timedelta(days=(articles - 1 - index) * days // max(articles, 1)))
    return world


def render_article(article: Article, world: World, switches: Iterable[str] = ()) -> bytes:
    """The page of `article` with exactly these switches on."""
    changed = Article(article.stub, frozenset(check_switches(switches)))
    return world.render_article(changed)


def check_switches(names: Iterable[str]) -> list[str]:
    """The names as a list; ValueError for one that is no switch."""
    listed = list(names)
    if unknown := [n for n in listed if n not in SWITCHES]:
        raise ValueError(f"no such switch: {', '.join(unknown)}")
    return listed
