"""Article: the words of one page and their gold, drawn lazily from the world's seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import Any

from demo.switches import draw_switches
from demo.text import AGENCIES, FOREIGN, Writer, french_date

PLAYER_TEXT = (
    "00:00Use Left/Right Arrow keys to advance one second, Up/Down arrows to advance ten seconds.",
    "00:0000:00Use Up/Down Arrow keys to increase or decrease volume.",
)
_CONTINUED = ("... ", ".... ", "...... ", "", "… ")

Paragraph = list[list[str]]
"""Lines of sentences: a line ends in a single line break, the paragraph in a blank line."""


@dataclass(frozen=True)
class Stub:
    """What a listing knows of an article; everything else is drawn from it when asked for."""

    index: int
    site: str
    kind: str
    number: int
    section: str
    day: date
    seed: str
    portal: str
    domain: str
    scheme: str
    slug: str = "index"
    today: date = date.max

    @property
    def path(self) -> str:
        """The path of its canonical address."""
        if self.kind == "articles":
            return f"/articles/{self.number}/{self.slug}"
        return f"/{self.kind}/{self.number}.html"

    @property
    def host(self) -> str:
        """`news.abamako.com`."""
        return f"{self.site}.{self.domain}"

    @property
    def url(self) -> str:
        """The canonical address."""
        return f"{self.scheme}://{self.host}{self.path}"


class Article:
    """One article. `switches` may be given; else its seed draws them.

    Words do not depend on the switches save where a switch is about words, so two renderings of
    one article can be compared.
    """

    def __init__(self, stub: Stub, switches: frozenset[str] | None = None) -> None:
        self.stub = stub
        rng = Random(f"{stub.seed}/{stub.portal}/{stub.index}")
        writer = Writer(rng, stub.portal, stub.day)
        self._title = writer.title()
        self._source = writer.source(stub.section)
        drawn = draw_switches(rng, stub.section, photo_page=stub.kind == "p")
        self.switches = drawn if switches is None else switches
        self._body_seed = rng.random()

    def has(self, switch: str) -> bool:
        """Whether this page has that oddity."""
        return switch in self.switches

    def markup_rng(self) -> Random:
        """A fresh generator for one rendering's own draws: two renderings are the same bytes."""
        return Random(f"{self.stub.seed}/{self.stub.portal}/{self.stub.index}/markup")

    @cached_property
    def words(self) -> Words:
        """Everything written for this page."""
        return _write(self)

    @property
    def title(self) -> str:
        """The headline as the page shows it."""
        return self._title.replace("’", "`") if self.has("backquotes") else self._title

    @property
    def source(self) -> str | None:
        """The newspaper the page names, or None."""
        return None if self.has("no_publisher") else self._source

    @property
    def date_line(self) -> str:
        """The date line as it stands, white space collapsed."""
        day = self.stub.day
        if self.has("photo_page"):
            written = french_date(day, weekday=False, accents=not self.has("no_accents_month"))
            photographer = self.words.credit.rpartition(" par ")[2]
            number = self.stub.number
            return f"Publié le {written} | {self._source} | Photographe : {photographer} | " + (
                f"Photo N˚{number}"
            )
        if self.has("numeric_date"):
            written = f"{day:%d/%m/%Y}"
        else:
            written = french_date(
                day,
                weekday=not self.has("no_weekday"),
                accents=not self.has("no_accents_month"),
            )
        line = f"Publié le {written}"
        return f"{line} | {self.source}" if self.source else line

    @property
    def updated_on(self) -> date | None:
        """The day of the line «Mis à jour le …», the one after publication, where it stands."""
        if not self.has("updated_line"):
            return None
        return min(self.stub.day + timedelta(days=1), self.stub.today)

    @property
    def body(self) -> str:
        """Gold body: paragraphs parted by a blank line, lines by a newline."""
        return "\n\n".join("\n".join(" ".join(line) for line in p) for p in self.words.body)

    @property
    def gold(self) -> dict[str, Any]:
        """Every column of the contract that the page shows."""
        stub, words, body = self.stub, self.words, self.body
        return {
            "portal": stub.portal,
            "site": stub.site,
            "kind": stub.kind,
            "number": stub.number,
            "url": stub.url,
            "section": stub.section,
            "title": self.title,
            "published_on": stub.day.isoformat(),
            "published_at": None,
            "published_precision": "day",
            "published_raw": self.date_line,
            "updated_on": self.updated_on.isoformat() if self.updated_on else None,
            "source": self._source if self.has("photo_page") else self.source,
            "author": words.author and words.author.removesuffix(" (stagiaire)"),
            "agency": self.source if self.source in AGENCIES else None,
            "lead": body.split("\n\n")[0] or None,
            "body": body,
            "language": "fr",
            "photo_credit": None if self.has("photo_none") else words.credit,
            "photo_caption": self._gold_caption(),
            "truncated": words.continues_on is not None,
            "continues_on": words.continues_on,
        }

    def _gold_caption(self) -> str | None:
        if self.has("photo_none"):
            return None
        return self.words.long_caption or self.words.caption


@dataclass(frozen=True)
class Words:
    """The words of a page, written once."""

    body: list[Paragraph]
    author: str | None
    credit: str
    photo_word: str
    caption: str
    long_caption: str | None
    continues_on: str | None
    continued_by: str
    comments: tuple[tuple[str, str, date], ...]
    player: str


def _write(article: Article) -> Words:
    stub = article.stub
    rng = Random(f"{article._body_seed}")
    writer = Writer(rng, stub.portal, stub.day)
    author = writer.author()
    credit = writer.credit(site_name(stub.portal, stub.domain))
    person = writer.person()
    caption = f"{person} et {writer.person()}"
    long_one = writer.caption(long=True)
    dated_one = writer.caption(long=True, dated=True)
    has = article.has
    long_caption = dated_one if has("dated_caption") else long_one if has("long_caption") else None
    comments = tuple(
        (writer.comment(), writer.person(), stub.day + timedelta(days=rng.randrange(0, 4)))
        for _ in range(rng.randrange(2, 6))
    )
    target, dots = writer.pick(FOREIGN), writer.pick(_CONTINUED)
    apostrophe = "'" if rng.random() < 0.7 else "’"
    words = Words(
        body=_body(article, writer),
        author=author,
        credit=credit,
        photo_word=person.split()[-1],
        caption=caption,
        long_caption=long_caption,
        continues_on=target if has("continues_on") else None,
        continued_by=f"{dots}suite de l{apostrophe}article sur {target}",
        comments=comments,
        player=writer.pick(PLAYER_TEXT),
    )
    if not words.body or has("continues_on"):
        words = replace(words, author=None)
    return words


def _body(article: Article, writer: Writer) -> list[Paragraph]:
    has = article.has
    if has("photo_page") or has("captioned_photo_only"):
        return []
    rng = writer.rng
    size = 1 if has("brief_coulisses") else rng.randrange(2, 5) if has("continues_on") else 0
    body: list[Paragraph] = []
    for _ in range(size or rng.randrange(4, 10)):
        sentences = [writer.sentence() for _ in range(rng.randrange(2, 6))]
        cut = rng.randrange(1, len(sentences))
        two_lines = has("single_breaks") and (not body or rng.random() < 0.5)
        body.append([sentences[:cut], sentences[cut:]] if two_lines else [sentences])
    if has("glued_paragraphs") and len(body) > 2:
        last, following = body[1][-1], body.pop(2)
        joined = f"{last[-1]}{following[0][0]}"
        body[1] = [*body[1][:-1], [*last[:-1], joined, *following[0][1:]], *following[1:]]
    if has("backquotes"):
        body = [[[s.replace("’", "`") for s in line] for line in p] for p in body]
    return body


def site_name(portal: str, domain: str) -> str:
    """«aBamako.com», as the network writes its names."""
    return f"{portal[0]}{portal[1:].capitalize()}.{domain.rpartition('.')[2]}"
