"""Cms: what replicas of sites outside the network share. Articles drawn from a seed, and a front
for the server; the markup is in `demo.wordpress` and `demo.spip`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from html import escape
from random import Random

from demo.pages import Response
from demo.text import Writer

TODAY = date(2026, 11, 1)
SECTIONS = ("Politique", "Société", "Économie", "Sports", "Culture")
HTML = {"Content-Type": "text/html; charset=UTF-8"}
XML = {"Content-Type": "application/xml; charset=UTF-8"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One article: what a crawl must find of it, and what the page shows of it."""

    number: int
    at: datetime
    """When it was published; UTC, which is the site's clock."""
    section: str
    title: str
    paragraphs: tuple[str, ...]
    author: str
    comments: tuple[str, ...]

    @property
    def slug(self) -> str:
        """The headline as part of an address: `l-ecole-rouvre`."""
        plain = unicodedata.normalize("NFKD", self.title.rpartition(" (")[0].replace("’", " "))
        words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
        return "-".join(words)[:50].rstrip("-") + f"-{self.number}"

    @property
    def body(self) -> str:
        """The text, paragraphs parted by a blank line."""
        return "\n\n".join(self.paragraphs)

    @property
    def rfc822(self) -> str:
        """The moment as RSS 2.0 has it."""
        return format_datetime(self.at)


def draw_pieces(seed: int | str, count: int, *, first: int = 101) -> list[Piece]:
    """`count` articles, newest first."""
    return [draw_piece(seed, first + n, count - 1 - n) for n in range(count)][::-1]


def draw_piece(seed: int | str, number: int, age: int) -> Piece:
    """One article, published `age` times 19 hours before `TODAY`."""
    rng = Random(f"{seed}/cms/{number}")
    at = datetime.combine(TODAY, time(rng.randrange(6, 20), rng.randrange(60)), UTC)
    at -= timedelta(hours=19 * age)
    writer = Writer(rng, "abamako", at.date())
    return Piece(
        number=number,
        at=at,
        section=SECTIONS[number % len(SECTIONS)],
        title=f"{writer.title()} ({number})",
        paragraphs=tuple(writer.paragraph(rng.randrange(2, 5)) for _ in range(rng.randrange(2, 6))),
        author=writer.person(),
        comments=tuple(writer.comment() for _ in range(rng.randrange(0, 3))),
    )


class Site:
    """A site of one host, with and without `www.`; a subclass answers for its paths. `shell`: the
    home page is empty markup that a script would fill."""

    etags = False

    def __init__(self, name: str, pieces: list[Piece], *, shell: bool = False) -> None:
        self.name, self.domain, self.shell = name, f"{name}.example", shell
        self.home = f"https://www.{self.domain}/"
        self.pieces = pieces
        self.missing: set[str] = set()
        """Paths that are answered with 404, whatever they hold."""

    def owns(self, host: str) -> bool:
        """Whether `host` is this site's."""
        return host.lower() in (self.domain, f"www.{self.domain}")

    def gold(self) -> dict[str, Piece]:
        """Every article by its address."""
        return {self.address(piece): piece for piece in self.pieces}

    def address(self, piece: Piece) -> str:
        """Where an article is."""
        raise NotImplementedError

    def page(self, path: str) -> str | Response | None:
        """The page at `path` (with its query); None where there is none."""
        raise NotImplementedError

    def respond(self, host: str, target: str) -> Response:
        """The answer to a GET."""
        if not host.lower().startswith("www."):
            return Response(301, b"", {"Location": self.home.rstrip("/") + target})
        found = None if target.partition("?")[0] in self.missing else self.page(target)
        if isinstance(found, Response):
            return found
        if found is None:
            lost = self.wrap("Page non trouvée", "<h1>Oups ! Cette page est introuvable.</h1>")
            return Response(404, lost.encode(), HTML)
        return Response(200, found.encode(), HTML)

    def wrap(self, title: str, core: str, *, head: str = "", kind: str = "") -> str:
        """A whole page around `core`."""
        raise NotImplementedError

    def in_section(self, section: str) -> list[Piece]:
        """Articles of a section, newest first."""
        return [piece for piece in self.pieces if piece.section == section]


def empty_shell(title: str, head: str) -> str:
    """A home page that only a script fills."""
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'{head}<script src="/app.js" defer></script></head><body><div id="app"></div>'
        "<noscript>Activez JavaScript.</noscript></body></html>"
    )


def plain_xml(text: str) -> Response:
    """An XML file."""
    return Response(200, text.encode(), dict(XML))
