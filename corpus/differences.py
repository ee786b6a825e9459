"""Differences: what changed from one text to another, sentence by sentence, and what to call it.

Pure functions. A comparison is a list of hunks that cover both texts from end to end, so the new
text can be made from the old one and the hunks; how sentences find each other is corpus/alignment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from corpus.alignment import Alignment, Stretch
from corpus.sentences import sentences
from corpus.slips import Line, is_slip

Kind = Literal["equal", "spacing", "typo", "addition", "deletion", "rewrite"]
Class = Literal[
    "typo", "addition", "deletion", "rewrite", "headline only", "other fields", "no difference"
]
CLASSES: Final[tuple[Class, ...]] = (
    "typo",
    "addition",
    "deletion",
    "rewrite",
    "headline only",
    "other fields",
)
"""What an edit can be; two versions far apart may also show `no difference`."""
_TURNED: Final[dict[Kind, Kind]] = {"addition": "deletion", "deletion": "addition"}
_JOINED: Final = ("equal", "spacing", "addition", "deletion")
QUIET: Final = frozenset({"equal", "spacing"})
"""Kinds in which no word and no sign changed; `spacing` is blanks and paragraphs."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Neighbouring sentences of both texts and how they relate; `old` or `new` may be empty."""

    kind: Kind
    old: tuple[str, ...]
    new: tuple[str, ...]


def compare(old: str, new: str) -> list[Hunk]:
    """The hunks that lead from `old` to `new`, in order. Equal sentences are hunks too.

    Neighbours that are equal, added or deleted are one hunk; what was corrected or rewritten stays
    sentence by sentence.
    """
    # Compared in one order always, and turned round where it was the other: among several ways to
    # match sentences, the direction does not choose.
    if (len(old), old) > (len(new), new):
        return turned(compare(new, old))
    found = [_hunk(s) for s in Alignment(sentences(old), sentences(new)).stretches()]
    merged: list[Hunk] = []
    for kind, group in groupby(found, key=lambda hunk: hunk.kind):
        hunks = list(group)
        if kind in _JOINED and len(hunks) > 1:
            old_ones = tuple(sentence for hunk in hunks for sentence in hunk.old)
            new_ones = tuple(sentence for hunk in hunks for sentence in hunk.new)
            hunks = [Hunk(kind, old_ones, new_ones)]
        merged += hunks
    return merged


def turned(hunks: Iterable[Hunk]) -> list[Hunk]:
    """The hunks that lead back. What went stands before what came, in either direction."""
    back: list[Hunk] = []
    for hunk in hunks:
        one = Hunk(_TURNED.get(hunk.kind, hunk.kind), hunk.new, hunk.old)
        if one.kind == "deletion" and back and back[-1].kind == "addition":
            back.insert(-1, one)
        else:
            back.append(one)
    return back


def apply(hunks: Iterable[Hunk], old: str) -> str:
    """`old` as the hunks change it. ValueError where they are not of this text."""
    hunks = list(hunks)
    if "".join(sentence for hunk in hunks for sentence in hunk.old) != old:
        raise ValueError("these hunks are of another text")
    return "".join(sentence for hunk in hunks for sentence in hunk.new)


def kind_of(old: str | None, new: str | None) -> Kind:
    """How one line, such as a headline, became another."""
    old, new = old or "", new or ""
    if old == new:
        return "equal"
    if not old or not new:
        return "deletion" if old else "addition"
    return "typo" if is_slip(Line(old), Line(new)) else "rewrite"


def classify(title: Kind, body: Iterable[Kind], *, fields: bool) -> Class:
    """The one word for an edit, from how its title and the parts of its body changed.

    `typo`: letters, signs or blanks only. `addition`: all that was said still stands. `deletion`:
    nothing is said that was not said before. `rewrite`: all else. `fields`: another field differs.
    """
    every = set(body)
    kinds = every - QUIET
    if not kinds:
        if title != "equal":
            return "headline only"
        if fields:
            return "other fields"
        return "typo" if "spacing" in every else "no difference"
    said = (kinds | {title}) - {"equal", "typo"}
    if not said:
        return "typo"
    if said == {"addition"}:
        return "addition"
    return "deletion" if said == {"deletion"} else "rewrite"


def _hunk(stretch: Stretch) -> Hunk:
    old, new = tuple(stretch.old), tuple(stretch.new)
    if old == new:
        kind: Kind = "equal"
    elif "".join(old).split() == "".join(new).split():
        kind = "spacing"
    elif not old or not new:
        kind = "deletion" if old else "addition"
    else:
        kind = "typo" if stretch.slip else "rewrite"
    return Hunk(kind, old, new)
