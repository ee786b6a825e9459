"""Prose: lines that people wrote to be read, told from labels, links and captions."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.parsing.lines import FIGURE, ITEM, SIDE, TEMPLATE, Line
from crawler.parsing.wording import CREDIT, RELATED, is_label


def is_prose(line: Line) -> bool:
    """A line people wrote to be read: long, or a sentence, and not mostly links."""
    text = line.text
    if line.link_share > 0.5 or line.context & (SIDE | FIGURE | TEMPLATE):
        return False
    if len(text) < 60 and not (len(text) >= 20 and text[-1] in ".!?…»:"):
        return False
    if line.context & ITEM and line.linked >= 20:
        return False  # a teaser: another article's headline and first words
    return not (is_label(text) or CREDIT.match(text) or RELATED.match(text))


def is_text(line: Line) -> bool:
    """Prose long enough that no teaser is."""
    return len(line.text) >= 100 and is_prose(line)


def prose_mass(lines: Sequence[Line], start: int, end: int) -> int:
    """Characters of prose from line `start` to `end`."""
    return sum(len(lines[n].text) for n in range(start, end) if is_prose(lines[n]))
