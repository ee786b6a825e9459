"""Report of a reparse: field by field what was filled, changed and lost, and samples of it.

Everything comes from pages, so every line passes `safe`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from corpus.rereading import COMPARED
from crawler.probing.terminal import safe, shorten, table
from crawler.reparsing.worker import Changed, Outcome

KINDS = ("filled", "changed", "lost")
NAMED = 5
"""Addresses of each kind of trouble that are named; the rest are counted."""
_VALUE = 60
_AROUND = 20
"""Equal characters shown before the first that differs."""


@dataclass(slots=True)
class Report:
    """What reading one portal again has come to."""

    portal: str
    samples: int
    """Differences shown of each field."""
    articles: int = 0
    pages: int = 0
    changed: int = 0
    recovered: int = 0
    unwritten: int = 0
    """Changes that the database refused."""
    done: int = 0
    """Articles left out: read by this very reader already."""
    not_archived: int = 0
    fields: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(column, kind) → articles; of the kind `held back`, too."""
    still: Counter[str] = field(default_factory=Counter)
    trouble: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    """Kind → (how many, the first lines)."""
    _shown: dict[str, list[str]] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """Count what a task has come to."""
        self.articles += outcome.articles
        self.pages += outcome.pages
        self.changed += len(outcome.changed)
        self.recovered += len(outcome.recovered)
        self.still.update(outcome.still)
        for changed in outcome.changed:
            self._add(changed)
        for url, names in outcome.held_back:
            self.fields.update((name, "held back") for name in names)
            self.note("held back, the new reading is worse", f"{url}: {', '.join(names)}")
        for url, reason in outcome.no_article:
            self.note("read as no article now, left as held", f"{url}: {reason}")
        for line in outcome.unreadable:
            self.note("not readable in the archive", line)
        for url, error in outcome.broken:
            self.note("failed in parser or stages, left as held", f"{url}: {error}")

    def note(self, kind: str, line: str) -> None:
        """Something to tell by itself."""
        count, lines = self.trouble.get(kind, (0, []))
        if len(lines) < NAMED:
            lines.append(line)
        self.trouble[kind] = (count + 1, lines)

    @property
    def damaged(self) -> bool:
        """True where the archive did not hold what it should."""
        return "not readable in the archive" in self.trouble

    @property
    def broken(self) -> bool:
        """True where our own code failed, or the database refused a row."""
        return self.unwritten > 0 or "failed in parser or stages, left as held" in self.trouble

    def _add(self, changed: Changed) -> None:
        for name, (kind, old, new) in changed.fields.items():
            self.fields[name, kind] += 1
            shown = self._shown.setdefault(name, [])
            if len(shown) < self.samples:
                shown.append(f"{name}  {changed.url}  {_pair(old, new)}")

    def lines(self, *, written: bool) -> Iterator[str]:
        """The report, line by line."""
        yield f"{self.portal}: {self._read()}"
        columns = [name for name in COMPARED if any(self.fields[name, k] for k in _ALL)]
        if columns:
            rows = [[name, *(str(self.fields[name, kind]) for kind in _ALL)] for name in columns]
            yield from (f"  {line}" for line in table(rows, header=("field", *_ALL)))
        for name in COMPARED:
            yield from (f"  {safe(line)}" for line in self._shown.get(name, ()))
        for kind, (count, lines) in self.trouble.items():
            yield f"  {kind}: {count}"
            yield from (f"    {safe(line)}" for line in lines)
        yield f"  {self._come_to(written=written)}"

    def _read(self) -> str:
        told = [f"{self.articles} articles read again"]
        if self.pages:
            told.append(f"{self.pages} other pages")
        if self.done:
            told.append(f"{self.done} left out, read so already (--all reads them too)")
        if self.not_archived:
            told.append(f"{self.not_archived} not in the archive")
        return ", ".join(told)

    def _come_to(self, *, written: bool) -> str:
        done = "written" if written else "to write"
        told = "nothing is read otherwise"
        if self.changed:
            count = self.changed - self.unwritten
            told = f"{count} articles read otherwise, {done} as a new version each"
        if self.pages:
            told += f"; {self.recovered} pages turned out to be articles"
            if self.still:
                most = sorted(self.still.items(), key=lambda item: (-item[1], item[0]))[:5]
                reasons = ", ".join(f"{n} {safe(why)}" for why, n in most)
                told += f"; still none: {reasons}"
        if self.unwritten:
            told += f"; {self.unwritten} refused by the database"
        return told


_ALL = (*KINDS, "held back")


def total(reports: Iterable[Report]) -> int:
    """Changes that there are to write."""
    return sum(report.changed + report.recovered for report in reports)


def _pair(old: Any, new: Any) -> str:
    """«held» → «new», from shortly before they part."""
    a, b = (" ".join(str("" if value is None else value).split()) for value in (old, new))
    same = next(
        (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    start = max(0, same - _AROUND)
    lead = "…" if start else ""
    return " → ".join(
        f"«{lead}{shorten(text[start:], _VALUE)}»" if text else "-" for text in (a, b)
    )
