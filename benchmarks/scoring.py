"""Scores of one tool over the pages of a set, and their summary as one row."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.pagesets.gold import Gold, GoldPage
from benchmarks.pagesets.score import body_f1, exact, leaks
from benchmarks.readings import Reading
from corpus.source_keys import source_key


@dataclass(frozen=True)
class Score:
    """One page: which fields are as the gold says."""

    page: GoldPage
    reading: Reading
    f1: float
    title: bool
    date: bool
    """Right, or rightly none."""
    wrong_date: bool
    """A day that is not the gold's; none at all is not wrong."""
    author: bool
    source: bool
    section: bool
    leaks: tuple[str, ...]

    @property
    def faults(self) -> list[str]:
        """Names of what went wrong; of the body where its F1 is below 0.95."""
        told = {"title": self.title, "wrong_date": not self.wrong_date, "date": self.date}
        told |= {"author": self.author, "source": self.source, "section": self.section}
        told |= {"body": self.f1 >= 0.95, "leak": not self.leaks}
        return [name for name, right in told.items() if not right]


def score(page: GoldPage, reading: Reading) -> Score:
    """A reading against the page's gold."""
    gold: Gold = page.gold
    return Score(
        page=page,
        reading=reading,
        f1=body_f1(reading.body, gold.body),
        title=exact(reading.title, gold.title),
        date=reading.date == gold.published_on,
        wrong_date=reading.date is not None and reading.date != gold.published_on,
        author=exact(reading.author, gold.author),
        source=same_source(reading.source, gold.source),
        section=exact(reading.section, gold.section),
        leaks=leaks(reading.body, gold),
    )


def same_source(got: str | None, gold: str | None) -> bool:
    """Whether two names are one newspaper's, however each is spelled («L`ESSOR», «L’Essor»); None
    is right where the gold has none."""
    return source_key(got or "") == source_key(gold or "")


COLUMNS = (
    "body F1 mean",
    "body F1 p5",
    "title",
    "date right",
    "date wrong",
    "author",
    "source",
    "section",
    "pages with leak",
    "body invented",
    "unread",
)


def summary(scores: Sequence[Score], fields: frozenset[str]) -> list[str]:
    """The cells of COLUMNS; «–» for a field that the tool does not offer.

    F1 is over the pages that have a body; «body invented» is the share of the others (photo pages)
    for which the tool gives one.
    """
    f1 = [s.f1 for s in scores if s.page.gold.body] or [1.0]
    bodiless = [s for s in scores if not s.page.gold.body]
    cells = {
        "body F1 mean": f"{statistics.fmean(f1):.3f}",
        "body F1 p5": f"{percentile(f1, 5):.3f}",
        "title": share(s.title for s in scores),
        "date right": share(s.date for s in scores),
        "date wrong": share(s.wrong_date for s in scores),
        "author": share(s.author for s in scores),
        "source": share(s.source for s in scores),
        "section": share(s.section for s in scores),
        "pages with leak": share(bool(s.leaks) for s in scores),
        "body invented": share(bool(s.reading.body) for s in bodiless),
        "unread": share(bool(s.reading.failed) for s in scores),
    }
    always = {"pages with leak", "unread"}
    return [cells[name] if name in always or name.split()[0] in fields else "–" for name in COLUMNS]


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that `percent` of a hundred lie at or below, by the nearest rank."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * percent // 100) - 1)]


def share(hits: Iterable[bool]) -> str:
    """«99.5 %»; «–» of none."""
    told = list(hits)
    return f"{100 * sum(told) / len(told):.1f} %" if told else "–"
