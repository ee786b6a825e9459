"""Snippets: the place of a text that answers a question best, and which words of it do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.searching.words import FILLERS, places

WIDTH = 240
"""Characters of a snippet, about three lines of a terminal."""
BEFORE = 60
"""Characters shown before the first word that answers, at the most."""
MOST_FOUND = 400
"""Places looked at in one text."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """One line of text."""

    text: str
    marks: tuple[tuple[int, int], ...]
    """What answers: first character, and the one after the last."""

    def marked(self, before: str, after: str) -> str:
        """The text with each mark between `before` and `after`."""
        made, at = "", 0
        for start, end in self.marks:
            made += self.text[at:start] + before + self.text[start:end] + after
            at = end
        return made + self.text[at:]


def snippet(text: str, wanted: Sequence[tuple[str, ...]], *, width: int | None = WIDTH) -> Snippet:
    """The part of `text` in which most of the `wanted` sequences of terms stand, as one line; all
    of it where `width` is None."""
    line = " ".join(text.split())
    found = _found(line, wanted)
    if width is None or len(line) <= width:
        return Snippet(line, _apart(found))
    start = _best(found, width)
    start, end = _whole_words(line, start, start + width)
    inside = [(a - start, b - start) for a, b, _ in found if start <= a and b <= end]
    shown = line[start:end]
    head = "… " if start else ""
    tail = " …" if end < len(line) else ""
    marks = _apart([(a + len(head), b + len(head), 0) for a, b in inside])
    return Snippet(head + shown + tail, marks)


def _found(line: str, wanted: Sequence[tuple[str, ...]]) -> list[tuple[int, int, int]]:
    """(first character, the one after the last, which of `wanted`) in the order of the text."""
    # What is in every text is shown as an answer only where nothing else is asked for.
    wanted = [one for one in wanted if not FILLERS.issuperset(one)] or wanted
    words = [(start, end, term) for start, end, terms in places(line) for term in terms]
    by_first: dict[str, list[int]] = {}
    for number, terms in enumerate(wanted):
        by_first.setdefault(terms[0], []).append(number)
    found: list[tuple[int, int, int]] = []
    for at, (start, _, term) in enumerate(words):
        for number in by_first.get(term, ()):
            here = words[at : at + len(wanted[number])]
            if tuple(word[2] for word in here) == wanted[number]:
                found.append((start, here[-1][1], number))
        if len(found) >= MOST_FOUND:
            break
    return found


def _best(found: Sequence[tuple[int, int, int]], width: int) -> int:
    """Where a window of `width` should begin to show as many different ones as can be."""
    best, begin = 0, 0
    for at, (start, _, _) in enumerate(found):
        inside = {which for a, b, which in found[at : at + 60] if b <= start + width - BEFORE}
        if len(inside) > best:
            best, begin = len(inside), max(0, start - BEFORE)
    return begin


def _whole_words(line: str, start: int, end: int) -> tuple[int, int]:
    """The window moved such that it cuts no word."""
    if start:
        blank = line.find(" ", start, start + BEFORE)
        start = blank + 1 if blank >= 0 else start
    if end < len(line):
        blank = line.rfind(" ", start + 1, end + 1)
        end = blank if blank > 0 else end
    return start, min(end, len(line))


def _apart(found: Sequence[tuple[int, int, int]]) -> tuple[tuple[int, int], ...]:
    """Marks that do not overlap, in order."""
    kept: list[tuple[int, int]] = []
    for start, end, _ in sorted(found):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return tuple(kept)
