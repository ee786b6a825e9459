"""Stretch: numbers of one series that an archive run walks from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.number_units import Edge
from corpus.numbers import Series, Span
from crawler.discovery.ids import REACH


@dataclass(slots=True)
class Stretch:
    """How far one walk has come. All of it can be told anew from the tables; it only spares
    looking at them again."""

    series: Series
    span: Span
    full: bool
    """Every number without a row is asked."""
    noted: bool = False
    """The stretch was noted as wanted, and is not any more once it is read."""
    newest: bool = False
    """The stretch begins at the newest article known, which another page of this run may raise."""
    top: int = 0
    """Where the walk begins: the span's last number, or below it where the days asked for end."""
    cursor: int = 0
    """Nothing above it is left to be decided."""
    articles: list[int] = field(default_factory=list)
    """Numbers that proved to be articles since the last look."""
    done: bool = False
    sounded: bool = False
    """It is known where the days asked for end, as far as that can be known."""
    edge: Edge | None = None
    """What was known of that at the last look."""

    def __post_init__(self) -> None:
        self.top = self.cursor = self.span.last

    def begin_at(self, number: int) -> None:
        """Walk from `number` downwards."""
        self.top = self.cursor = min(number, self.span.last)

    def reached(self) -> Span:
        """The part of the span that is walked."""
        return Span(self.span.first, self.top)

    def met(self, number: int) -> None:
        """There is an article of this series: what is around it may have to be decided again."""
        if self.newest and number > self.span.last:
            self.span = Span(self.span.first, number)
            if not self.sounded:
                self.begin_at(number)
                self.done = False
        if not self.full and self.span.first - REACH <= number <= self.top + REACH:
            self.articles.append(number)
            self.done = False

    def take_articles(self) -> list[int]:
        """The numbers to look around of, once; the cursor goes back to above them."""
        taken, self.articles = self.articles, []
        if taken:
            self.cursor = min(self.top, max(self.cursor, max(taken) + REACH))
        return taken
