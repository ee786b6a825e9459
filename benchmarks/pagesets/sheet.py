"""Sheet: what every layout writes with: text in its spelling, inline tags, noted furniture."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from html import escape
from html.entities import codepoint2name
from random import Random
from unicodedata import normalize

from benchmarks.pagesets.stories import SECTIONS, Site, Story
from demo.text import TOWNS, capital, french_date

ADVERTS = (
    "Ouvrez votre compte épargne en ligne, sans frais pendant six mois",
    "Grande tombola de la rentrée : une moto à gagner chaque semaine",
    "Terrains titrés à partir de trois millions, visites le samedi",
    "Votre sac de riz parfumé livré à domicile en moins de deux heures",
    "Billets d’avion : payez en quatre fois avec votre mobile",
)
_PAGES = (
    "Qui sommes-nous ?",
    "Nous écrire",
    "Petites annonces",
    "Plan du site",
    "Mentions légales",
    "Programmes télé",
    "Offres d’emploi",
    "Galerie de photos",
)
_SHARES = (
    "Partager sur Facebook",
    "Partager sur WhatsApp",
    "Envoyer par courriel à un ami",
    "Imprimer cette page",
    "Copier le lien de l’article",
)
_PARTS = [
    "wrap",
    "inner",
    "head",
    "title",
    "meta",
    "list",
    "item",
    "link",
    "icon",
    "media",
    "body",
    "foot",
    "grid",
    "row",
    "card",
]
_RULES = (
    "margin:0 0 {a}px;padding:{b}px",
    "display:flex;gap:{a}px;align-items:center",
    "color:#{c};background:#{d}",
    "font-size:{b}px;line-height:1.{a};font-weight:600",
    "max-width:{a}{b}px;border:1px solid #{c}",
    "position:relative;z-index:{b};overflow:hidden",
)


@dataclass
class Sheet:
    """One page on its way to the layout that writes it."""

    story: Story
    rng: Random
    url: str
    spelling: str = "plain"
    """How text is escaped: plain; wordpress, with its typographic references; or editor, every
    letter with an accent as a named reference."""
    forbidden: list[str] = field(default_factory=list)
    """Furniture written so far."""

    @property
    def site(self) -> Site:
        """The newspaper."""
        return self.story.site

    def text(self, text: str) -> str:
        """`text` as this page spells it in markup."""
        text = escape(text, quote=False)
        if self.spelling == "plain":
            return text
        text = text.translate(_SPACED if self.spelling == "wordpress" else _EDITOR)
        for mark in (" :", " ;", " ?", " !", " »"):
            text = text.replace(mark, f"&nbsp;{mark[1]}")
        return text.replace("« ", "«&nbsp;")

    def frame(self, text: str) -> str:
        """Furniture: `text` as markup, and noted as no part of the article."""
        self.forbidden.append(text)
        return self.text(text)

    def frames(self, template: str, texts: Iterable[str]) -> str:
        """`template` once for each of the texts, its {} the furniture, # in it an address."""
        return "\n".join(
            template.replace("#", self.path(t)).replace("{}", self.frame(t)) for t in texts
        )

    def prose(self, text: str) -> str:
        """A paragraph of the article as markup, now and then with a link or stress inside."""
        parts = text.split(" ")
        if len(parts) < 8 or self.rng.random() < 0.6:
            return self.text(text)
        start = self.rng.randrange(1, len(parts) - 4)
        end = start + self.rng.randrange(1, 4)
        tag = self.rng.choice(
            (
                "<strong>{}</strong>",
                "<em>{}</em>",
                f'<a href="https://{self.site.host}/dossier/{self.rng.randrange(99)}">{{}}</a>',
                '<a href="https://encyclopedie.example/" target="_blank" rel="noopener">{}</a>',
            )
        )
        cuts = (parts[:start], parts[start:end], parts[end:])
        before, inside, after = (self.text(" ".join(cut)) for cut in cuts)
        return f"{before} {tag.format(inside)} {after}"

    def path(self, text: str) -> str:
        """An address below the site's root for an article or a term of that name."""
        return f"/{slug(text)}/"

    def woven(self, parts: Sequence[str], inserts: Iterable[str]) -> str:
        """The parts with each insert somewhere behind the first, or at the end of a short body."""
        mixed = list(parts)
        for insert in inserts:
            mixed.insert(self.rng.randrange(1, max(2, len(mixed))), insert)
        return "\n".join(mixed)

    @cached_property
    def pages(self) -> list[str]:
        """Labels of the menu that are no sections."""
        return self.rng.sample(_PAGES, 5)

    @cached_property
    def shares(self) -> list[str]:
        """Labels of the share bar."""
        return self.rng.sample(_SHARES, 4)

    def advert(self) -> str:
        """The words of an advert, as furniture."""
        return self.frame(self.rng.choice(ADVERTS))

    def menu(self, item: str, submenu: str) -> str:
        """Sections, each with the country's towns below it, then pages. `item` has {} for the label
        and # for the address; `submenu` has {} for the items below."""
        towns = TOWNS[self.site.towns]
        found = []
        for section in SECTIONS:
            below = [item.replace("#", f"/{slug(section)}/{slug(t)}/") for t in towns]
            inner = "\n".join(i.replace("{}", t) for i, t in zip(below, towns, strict=True))
            head = item.replace("#", f"/{slug(section)}/").replace("{}", self.text(section))
            found.append(f"{head}\n{submenu.replace('{}', inner)}")
        return "\n".join([*found, self.frames(item, self.pages)])

    def styles(self, prefix: str, rules: int) -> str:
        """A stylesheet of its own classes."""
        number = self.rng.randrange
        found = []
        for _ in range(rules):
            part, state = self.rng.choice(_PARTS), self.rng.choice(("", " a", ":hover", ">*"))
            rule = self.rng.choice(_RULES).format(
                a=number(2, 9), b=number(10, 40), c=f"{number(4096):03x}", d=f"{number(4096):03x}"
            )
            found.append(f".{prefix}-{part}{state}{{{rule}}}")
        return "\n".join(found)

    def script(self, name: str, settings: int) -> str:
        """A script that sets variables, as trackers and themes leave them in a page."""
        pairs = {
            f"{self.rng.choice(_PARTS)}_{n}": self.rng.choice(
                (self.rng.randrange(9999), True, f"https://cdn.{self.site.host}/{name}/{n}.js", "")
            )
            for n in range(settings)
        }
        return f"<script>var {name} = {json.dumps(pairs)};window.{name}Queue=[];</script>"


def slug(text: str) -> str:
    """The text as WordPress writes it in an address."""
    plain = normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())[:80]


def attribute(text: str) -> str:
    """`text` for a double-quoted attribute."""
    return escape(text)


def iso(at: datetime) -> str:
    """With the offset of its clock."""
    return at.isoformat(timespec="seconds")


def iso_utc(at: datetime) -> str:
    """The instant on UTC's clock, «+00:00», as SEO plugins write it."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def zulu(at: datetime) -> str:
    """The instant on UTC's clock, with Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(at: datetime, *, weekday: bool = False) -> str:
    """«3 mars 2020», or with its weekday."""
    return french_date(at.date(), weekday=weekday)


def full_day(at: datetime) -> str:
    """«Mardi 3 mars 2020»."""
    return capital(day(at, weekday=True))


def hour(at: datetime) -> str:
    """«14h05»."""
    return f"{at.hour}h{at.minute:02}"


def json_ld(data: object, *, indent: int | None = None, name: str = "") -> str:
    """A block of linked data, slashes escaped as PHP does."""
    text = json.dumps(data, ensure_ascii=False, indent=indent).replace("</", "<\\/")
    return f'<script type="application/ld+json"{name}>{text}</script>'


_NAMED = {code: f"&{name};" for code, name in codepoint2name.items() if code > 127}
_EDITOR = _NAMED
_SPACED = {ord(c): f"&#{ord(c)};" for c in "’‘“”…–"}
