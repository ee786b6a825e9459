"""The lines that sign an article, as they stand, and the newspaper they name. Follows `body`, which
takes authors and agencies off the text; used by `article`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.parsing.body import Body, finish
from crawler.parsing.signature import MAX_SIGNATURE, Signature, read_byline

_GLUED = re.compile(r"^SOURCES?(?=[A-ZÀ-Ý])")
_REACH = 4
"""Lines at the end of a text among which signatures are looked for."""


@dataclass(slots=True)
class Signing:
    """What signs an article."""

    lines: list[str] = field(default_factory=list)
    """Lines as they stand, in the page's order."""
    source: str | None = None
    """The newspaper they name, canonical."""

    @property
    def raw(self) -> str | None:
        """The lines in one."""
        return " | ".join(self.lines) or None


def take_newspaper(body: Body) -> str | None:
    """Take a last line «Source : L’Essor» off `body`, and the signature above it. Return the line.

    A line that also signs is the business of `body`.
    """
    rest, _, last = body.text.rpartition("\n")
    found = read_byline(last) if rest and len(last) <= MAX_SIGNATURE else None
    if found is None or not found.source or found.author or rest.rstrip().endswith((":", ",")):
        return None
    # What stands above is a text's end like any other: a name may sign it.
    again = finish([(line, starts) for line, starts in _entries(rest)])
    body.text = again.text
    body.author = body.author or again.author
    body.agency = body.agency or again.agency or found.agency
    return last


def _entries(text: str) -> list[tuple[str, bool]]:
    """(line, starts a paragraph) of a body's text."""
    return [
        (line, not at)
        for paragraph in text.strip().split("\n\n")
        for at, line in enumerate(paragraph.split("\n"))
        if line
    ]


def read_signing(texts: Sequence[str], body: Body) -> Signing:
    """Which of the lines of a body sign it. `texts`: the lines `body` was read from."""
    signing = Signing()
    head, tail = texts[:1], texts[1:][-_REACH:]
    for text in (*head, *tail):
        found = read_byline(text) if len(text) <= MAX_SIGNATURE else None
        if found is not None and _signs(found, body) and text not in body.text:
            signing.lines.append(text)
            signing.source = signing.source or found.source
    return signing


def told_source(texts: Sequence[str]) -> tuple[str, str] | None:
    """(line, source) of the first «Source : L’Essor» among lines in or behind a body. A label in
    capitals may be glued to the name: «SOURCEL’Essor»."""
    for text in texts:
        if len(text) > MAX_SIGNATURE or "ource" not in text[:8].lower():
            continue
        found = read_byline(_GLUED.sub("Source : ", text))
        if found is not None and found.source:
            return text, found.source
    return None


def _signs(found: Signature, body: Body) -> bool:
    """Whether a line's reading is what `body` took from it."""
    if found.author:
        return found.author == body.author
    return bool(found.source) or found.agency == body.agency
