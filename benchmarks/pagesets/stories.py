"""Stories of the general set: what one article says, before any layout has written it as a page.

Sentences come from the word bank of `demo.text`, subheadings, lists, questions and furniture from
here; nothing is taken from a newspaper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from demo.text import AGENCIES, Writer

SECTIONS = (
    "Politique",
    "Société",
    "Économie",
    "Sport",
    "Culture",
    "Santé",
    "Éducation",
    "International",
    "Faits divers",
)
_HEADINGS = (
    "Un chantier à plusieurs vitesses",
    "Ce que disent les chiffres",
    "Des riverains partagés",
    "La facture reste à régler",
    "Retour sur une longue attente",
    "Et après ?",
    "Le poids des traditions",
    "Une décision très attendue",
    "Les partenaires s’impatientent",
    "L’école au premier rang",
    "Quelles suites au dossier ?",
)
_SAYINGS = (
    "Tant que la pirogue n’a pas touché la rive, on ne compte pas les poissons",
    "Notre génération demande moins de promesses et davantage de puits",
    "Je suis parti avec un cahier et deux crayons, je suis revenu avec une classe entière",
    "Un marché sans lumière est un marché qui ferme à seize heures",
    "Nos mères ont porté cette coopérative sur la tête avant que l’on en parle à la radio",
    "Le terrain est plat, c’est le classement qui penche",
)
_ITEMS = (
    "un forage équipé d’une pompe solaire près du dispensaire",
    "trois salles de classe avec leur mobilier",
    "la clôture du cimetière et celle du stade",
    "douze kilomètres de piste à recharger en latérite",
    "un magasin de deux cents tonnes pour les céréales",
    "la formation de quarante agents de santé",
    "deux cents bourses pour les élèves de terminale",
    "une ligne d’autobus entre la gare et le campus",
    "le curage des caniveaux avant juillet",
)
_QUESTIONS = (
    "Comment jugez-vous la situation aujourd’hui ?",
    "On vous reproche pourtant d’avoir tardé. Que répondez-vous ?",
    "Quel souvenir gardez-vous de vos débuts ?",
    "Qui finance, et jusqu’à quand ?",
    "Êtes-vous candidat à votre propre succession ?",
    "Un dernier mot pour nos lecteurs ?",
)
_BEATS = (
    "les collectivités et la vie des quartiers",
    "les finances publiques et les mines",
    "le football et les disciplines oubliées",
    "l’école, l’université et la recherche",
    "les questions de santé et d’environnement",
)
_TAGS = (
    "budget participatif",
    "pont suspendu",
    "saison des pluies",
    "filière coton",
    "championnat national",
    "caisse de retraite",
    "vie associative",
    "marché central",
    "décentralisation active",
    "fièvre aphteuse",
)
_REMARKS = (
    "Félicitations à toute la rédaction, continuez ainsi.",
    "Vraiment, le pays va mal, que Dieu nous aide.",
    "Je ne partage pas cet avis, relisez donc vos archives.",
    "Qui peut me donner le contact de cette coopérative ?",
    "Encore un reportage écrit depuis un bureau climatisé !",
    "C’est bien dit, mais le fond du problème est ailleurs.",
)
_NICKNAMES = ("Le Sage", "Kôrô54", "citoyen lambda", "Tonton Basile", "Fille du Sud", "Observateur")


@dataclass(frozen=True)
class Site:
    """A newspaper that does not exist."""

    name: str
    host: str
    towns: str
    """Key of `demo.text.TOWNS`."""
    zone: str


SITES = (
    Site("Le Fil du Djoliba", "lefildudjoliba.example", "abamako", "Africa/Bamako"),
    Site("Oubangui Actu", "oubangui-actu.example", "abangui", "Africa/Bangui"),
    Site("Lagune Info", "laguneinfo.example", "abidjan", "Africa/Abidjan"),
    Site("Le Crieur du Zou", "crieurduzou.example", "acotonou", "Africa/Porto-Novo"),
    Site("La Sentinelle du Cap", "sentinelle-du-cap.example", "adakar", "Africa/Dakar"),
    Site("Estuaire 24", "estuaire24.example", "alibreville", "Africa/Libreville"),
    Site("Togo Échos", "togo-echos.example", "alome", "Africa/Lome"),
    Site("Ténéré Presse", "tenerepresse.example", "aniamey", "Africa/Niamey"),
    Site("Faso Gazette", "fasogazette.example", "aouaga", "Africa/Ouagadougou"),
)


@dataclass(frozen=True)
class Block:
    """A part of a body. `kind` is text, heading, quote, question or list; only a list has more
    than one line."""

    kind: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The line of a block that has one."""
        return self.lines[0]


@dataclass(frozen=True)
class Teaser:
    """Another article, as lists name it."""

    title: str
    at: datetime
    section: str


@dataclass(frozen=True)
class Comment:
    """What a reader wrote under the article."""

    name: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Wants:
    """What the pages of a layout show, and the years they come from."""

    author: float = 0.8
    """Chance of a byline."""
    two_authors: float = 0.12
    source: float = 0.0
    lead: float = 0.6
    updated: float = 0.5
    """Chance that the article was changed later."""
    years: tuple[int, int] = (2013, 2026)


@dataclass(frozen=True)
class Story:
    """One article and what stands around it. Instants are on the clock of its site."""

    site: Site
    title: str
    section: str
    authors: tuple[str, ...]
    bio: str
    source: str | None
    published: datetime
    modified: datetime
    fetched: datetime
    lead: str | None
    blocks: tuple[Block, ...]
    captions: tuple[str, ...]
    credit: str
    tags: tuple[str, ...]
    related: tuple[Teaser, ...]
    """Older articles, some newer than this one."""
    recent: tuple[Teaser, ...]
    """The newest articles of the site on the day of the fetch, newest first."""
    comments: tuple[Comment, ...]

    @property
    def byline(self) -> str | None:
        """«A» or «A et B»."""
        return " et ".join(self.authors) or None

    @property
    def body(self) -> str:
        """Gold body."""
        parts = [self.lead] if self.lead else []
        return "\n\n".join([*parts, *(line for block in self.blocks for line in block.lines)])


def draw_story(rng: Random, wants: Wants) -> Story:
    """A story for a layout; the same one for the same state of `rng`."""
    site = rng.choice(SITES)
    zone = ZoneInfo(site.zone)
    published = _instant(rng, wants.years, zone)
    gap = rng.choice((timedelta(hours=rng.randrange(30, 300)), timedelta(days=rng.randrange(1000))))
    fetched = max(published + timedelta(hours=26), published + gap)
    later = rng.random() < wants.updated
    change = (fetched - published) * rng.random() if later else timedelta()
    writer = Writer(rng, site.towns, published.date())
    authors = _authors(rng, writer, wants)
    blocks = _blocks(rng, writer)
    title = writer.title()
    words = {title}
    lead = writer.paragraph(rng.choice((1, 2))) if rng.random() < wants.lead else None
    return Story(
        site=site,
        title=title,
        section=rng.choice(SECTIONS),
        authors=authors,
        bio=f"Journaliste à {site.name}, suit {rng.choice(_BEATS)} depuis {published.year - 4}.",
        source=_source(rng, writer) if rng.random() < wants.source else None,
        published=published,
        modified=(published + change).replace(second=0),
        fetched=fetched,
        lead=lead,
        blocks=blocks,
        captions=tuple(writer.caption(long=rng.random() < 0.5) for _ in range(2)),
        credit=rng.choice(("DR", "Photo d’archives", writer.credit(site.name))),
        tags=tuple(rng.sample(_TAGS, rng.randrange(2, 5))),
        related=tuple(_teaser(rng, writer, words, published, fetched) for _ in range(6)),
        recent=_recent(rng, writer, words, fetched),
        comments=_comments(rng, writer, published, fetched),
    )


def _instant(rng: Random, years: tuple[int, int], zone: ZoneInfo) -> datetime:
    """A minute of those years; one in five stands near midnight, where UTC is on another day."""
    days = (date(years[1], 1, 1) - date(years[0], 1, 1)).days
    day = date(years[0], 1, 1) + timedelta(days=rng.randrange(days))
    hour = rng.choice((0, 0, 23)) if rng.random() < 0.2 else rng.randrange(6, 22)
    return datetime(day.year, day.month, day.day, hour, rng.randrange(60), tzinfo=zone)


def _authors(rng: Random, writer: Writer, wants: Wants) -> tuple[str, ...]:
    if rng.random() >= wants.author:
        return ()
    first = writer.person()
    if rng.random() >= wants.two_authors:
        return (first,)
    while (second := writer.person()) == first:
        pass
    return (first, second)


def _source(rng: Random, writer: Writer) -> str:
    return rng.choice((*writer.papers, *AGENCIES))


def _blocks(rng: Random, writer: Writer) -> tuple[Block, ...]:
    kind = rng.choice(("brief", "news", "news", "news", "report", "report", "interview"))
    if kind == "brief":
        return tuple(_text(writer, rng.randrange(2, 4)) for _ in range(rng.randrange(1, 3)))
    if kind == "interview":
        return _interview(rng, writer)
    size = rng.randrange(4, 9) if kind == "news" else rng.randrange(11, 18)
    blocks = [_text(writer, rng.randrange(2, 6)) for _ in range(size)]
    if kind == "report":
        for place, heading in zip((size - 3, size // 2, 3), rng.sample(_HEADINGS, 3), strict=True):
            blocks.insert(place, Block("heading", (heading,)))
    if rng.random() < 0.4:
        blocks.insert(rng.randrange(2, len(blocks)), Block("quote", (rng.choice(_SAYINGS) + ".",)))
    if rng.random() < 0.35:
        items = tuple(f"{item} ;" for item in rng.sample(_ITEMS, rng.randrange(3, 6)))
        blocks.insert(rng.randrange(2, len(blocks)), Block("list", items))
    return tuple(blocks)


def _interview(rng: Random, writer: Writer) -> tuple[Block, ...]:
    blocks = [_text(writer, 2)]
    for question in rng.sample(_QUESTIONS, rng.randrange(3, 6)):
        blocks += [Block("question", (question,)), _text(writer, rng.randrange(2, 6))]
    return tuple(blocks)


def _text(writer: Writer, sentences: int) -> Block:
    return Block("text", (writer.paragraph(sentences),))


def _new_title(writer: Writer, taken: set[str]) -> str:
    while (title := writer.title()) in taken:
        pass
    taken.add(title)
    return title


def _teaser(
    rng: Random, writer: Writer, taken: set[str], published: datetime, fetched: datetime
) -> Teaser:
    days = rng.randrange(2, 400)
    at = published - timedelta(days=days, minutes=rng.randrange(900))
    if rng.random() < 0.4:
        at = fetched - (fetched - published) * (rng.random() * 0.5)
    return Teaser(_new_title(writer, taken), at.replace(second=0), rng.choice(SECTIONS))


def _recent(rng: Random, writer: Writer, taken: set[str], fetched: datetime) -> tuple[Teaser, ...]:
    found, at = [], fetched
    for _ in range(7):
        at -= timedelta(minutes=rng.randrange(20, 900))
        found.append(Teaser(_new_title(writer, taken), at.replace(second=0), rng.choice(SECTIONS)))
    return tuple(found)


def _comments(
    rng: Random, writer: Writer, published: datetime, fetched: datetime
) -> tuple[Comment, ...]:
    found, at = [], published
    for remark in rng.sample(_REMARKS, rng.randrange(0, 5)):
        at += (fetched - at) * (rng.random() * 0.4)
        text = f"{remark} {writer.comment()}" if rng.random() < 0.5 else remark
        found.append(Comment(rng.choice((*_NICKNAMES, writer.person())), at, text))
    return tuple(found)
