"""The grammar a portal's looks are drawn from: section addresses, listings, pagers, hosts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from urllib.parse import urlsplit

SECTIONS: tuple[tuple[str, str], ...] = (
    ("Politique", "politique"),
    ("Société", "societe"),
    ("Économie", "economie"),
    ("Sports", "sports"),
    ("Art et Culture", "culture"),
    ("Presse internationale", "presse-inter"),
    ("Dépêches", "depeches"),
    ("Coulisses", "coulisses"),
    ("Photos", "photos"),
    ("Santé", "sante"),
    ("Faits divers", "faits-divers"),
    ("Éducation", "education"),
)
_ALWAYS = 4

ADDRESSES: tuple[str, ...] = (
    "/rubriques/{slug}.asp",
    "/{slug}/",
    "/{slug}",
    "/p.asp?r={n}",
    "/index.php?rub={abbr}",
    "/news/{slug}.html",
    "/{slug}.html",
    "/rubrique/{n}/",
    "/liste.asp?type={slug}",
    "/Rubriques/{Slug}/",
    "/category/{slug}/",
    "/rubrique-{n}-{slug}.html",
)
# {n} is the page's number, {offset} the articles before it, {base} the address without its ending.
PAGE_FORMS: tuple[tuple[str, int], ...] = (
    ("?p={n}", 1),
    ("?page={n}", 1),
    ("?pg={n}", 1),
    ("?debut={offset}", 1),
    ("?start={offset}", 1),
    ("?page={n}", 0),
    ("/page-{n}.html", 1),
    ("/{n}/", 1),
    ("/page/{n}/", 1),
    ("/{n}.html", 1),
)
PAGERS: tuple[str, ...] = (
    "suivant",
    "page_suivante",
    "guillemets",
    "angle",
    "rel_next",
    "image",
    "numbers",
    "window",
    "buttons",
    "older",
)
LAYOUTS: tuple[str, ...] = ("linews", "tables", "dl", "divs", "cards", "list")
DATE_FORMS: tuple[str, ...] = ("dashed", "none", "full", "numeric", "day", "short")
PLACES: tuple[str, ...] = ("bottom", "top", "both")


@dataclass(frozen=True)
class Looks:
    """What one world looks like: one choice for each rule of the grammar."""

    template: str
    address: str
    page_form: tuple[str, int]
    pager: str
    place: str
    layout: str
    dates: str
    per_page: int
    photo_link: bool
    read_more: bool
    intro: bool
    side_left: bool
    odd_links: bool
    heavy: bool = True
    """As heavy as real pages, by scripts, styles and addresses; without them a tenth of it is left,
    and a test of what a crawl does, not of what it reads, takes less time."""
    closed_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """One section: its label, the host its listing lives on, its address on it."""

    label: str
    slug: str
    number: int
    site: str
    path: str


def draw_looks(rng: Random, portal: str, fixed: dict[str, object]) -> Looks:
    """Draw every choice; `fixed` names those a test wants held."""
    drawn: dict[str, object] = {
        "template": "html5" if portal == "abidjan" else rng.choice(("table2016", "table2024")),
        "address": rng.choice(ADDRESSES),
        "page_form": rng.choice(PAGE_FORMS),
        "pager": rng.choice(PAGERS),
        "place": rng.choice(PLACES),
        "layout": rng.choice(LAYOUTS),
        "dates": rng.choice(DATE_FORMS),
        "per_page": rng.choice((10, 12, 15, 20, 25)),
        "photo_link": rng.random() < 0.5,
        "read_more": rng.random() < 0.5,
        "intro": rng.random() < 0.5,
        "side_left": rng.random() < 0.3,
        "odd_links": rng.random() < 0.5,
        "heavy": True,
    }
    unknown = set(fixed) - set(drawn)
    if unknown:
        raise ValueError(f"no such choice: {', '.join(sorted(unknown))}")
    return Looks(**{**drawn, **fixed})  # type: ignore[arg-type]


def draw_sections(
    rng: Random, looks: Looks, wanted: int | list[str] | None, words: list[str] | None
) -> list[Section]:
    """The sections of a world. `words` replaces the slugs in a scrambled one."""
    if isinstance(wanted, list):
        chosen = [pair for pair in SECTIONS if pair[0] in wanted]
        chosen += [(w, f"rubrique{i}") for i, w in enumerate(wanted) if w not in dict(SECTIONS)]
    else:
        count = wanted if wanted is not None else rng.randrange(5, 10)
        extra = list(SECTIONS[_ALWAYS:])
        rng.shuffle(extra)
        chosen = (list(SECTIONS[:_ALWAYS]) + extra)[:count]
    sports_host = rng.random() < 0.4
    business_host = rng.random() < 0.25
    at_root = rng.random() < 0.6
    sections = []
    numbers = rng.sample(range(1, 60), len(chosen))
    for place, (label, slug) in enumerate(chosen):
        name = words[place] if words else slug
        site = "news"
        if (label == "Sports" and sports_host) or (label == "Économie" and business_host):
            site = "sports" if label == "Sports" else "business"
        path = "/" if site != "news" and at_root else _address(looks.address, name, numbers[place])
        sections.append(Section(label, slug, numbers[place], site, path))
    return sections


def _address(form: str, name: str, number: int) -> str:
    return form.format(slug=name, Slug=name.capitalize(), n=number, abbr=name.replace("-", "")[:6])


def page_path(section: Section, form: tuple[str, int], page: int, per_page: int) -> str:
    """The address of page `page` (first is 1) of a section's listing."""
    if page == 1:
        return section.path
    pattern, first = form
    written = pattern.format(n=page - 1 + first, offset=(page - 1) * per_page)
    path, _, query = section.path.partition("?")
    if query and not written.startswith("?"):
        written = f"?page={page - 1 + first}"
    if written.startswith("?"):
        return f"{path}?{query}&{written[1:]}" if query else f"{path}{written}"
    stem, dot, ending = path.rpartition(".")
    if dot and "/" not in ending:
        return f"{stem}{written.rstrip('/')}" + ("" if written.endswith(".html") else f".{ending}")
    return path.rstrip("/") + written


def page_number(section: Section, form: tuple[str, int], target: str, per_page: int) -> int | None:
    """The page that a listing address names, or None where it is none of this section's.

    The first page answers by its numbered address too (`?p=1`); unknown parameters count for
    nothing, so a calendar's links are all the first page.
    """
    numbers = [int(n) for n in re.findall(r"\d+", target) if len(n) < 8]
    for number in numbers[::-1]:
        for page in (number, number + 1, number // per_page + 1):
            if page >= 1 and _same(page_path(section, form, page, per_page), target):
                return page
    if numbers and _same(page_path(section, form, 2, per_page).replace("2", "1"), target):
        return 1
    path, _, query = section.path.partition("?")
    asked = urlsplit(target)
    if asked.path.rstrip("/") == path.rstrip("/") and set(query.split("&")) - {""} <= set(
        asked.query.split("&")
    ):
        return 1
    return None


def _same(one: str, other: str) -> bool:
    first, second = urlsplit(one), urlsplit(other)
    return first.path.rstrip("/") == second.path.rstrip("/") and sorted(
        first.query.split("&")
    ) == sorted(second.query.split("&"))
