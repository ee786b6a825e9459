"""`-a ids=`: article numbers and ranges of them as a person types them."""

from __future__ import annotations

import re

from corpus.numbers import Span

MOST_DIGITS = 10
"""As in the portals' number patterns."""
MOST_PARTS = 500
"""Numbers and ranges of one argument; each becomes a condition of every query."""
_PART = re.compile(r"0*(\d+)(?:\s*-\s*0*(\d+))?", re.ASCII)


def read_numbers(text: str) -> tuple[Span, ...]:
    """`291000, 292000-292100` as ranges, highest first, each once.

    Raises ValueError with what is wrong and how to write it.
    """
    spans = {_span(part.strip()) for part in text.split(",")}
    if len(spans) > MOST_PARTS:
        raise ValueError(f"{len(spans)} parts, at most {MOST_PARTS} at once: join them to ranges")
    return tuple(sorted(spans, reverse=True))


def _span(part: str) -> Span:
    found = _PART.fullmatch(part)
    if found is None:
        named = f"{part[:20]!r} is neither a number nor a range" if part else "a number is lacking"
        raise ValueError(f"{named}, e.g. ids=290902-294725 or ids=291000,291007")
    first, last = found.group(1), found.group(2) or found.group(1)
    if len(first) > MOST_DIGITS or len(last) > MOST_DIGITS:
        raise ValueError(f"an article number has at most {MOST_DIGITS} digits")
    span = Span(int(first), int(last))
    if span.first == 0:
        raise ValueError("article numbers begin with 1")
    if span.first > span.last:
        raise ValueError(f"{first}-{last} is the wrong way round, write {last}-{first}")
    return span
