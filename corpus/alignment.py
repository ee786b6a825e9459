"""Alignment: which sentence of one text is which of another.

It costs time in proportion to the texts: what is equal at both ends is set aside, sentences that
occur once on each side are anchors, and the little between two anchors is aligned by tables whose
cells are counted; once they are spent, what is left is one rewritten block. (`difflib` needs
minutes where many sentences are alike.)
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from corpus.slips import Line, is_slip

_CELLS: Final = 500_000
"""Steps of table work that one comparison may take, some tenths of a second."""
_DEPTH: Final = 20
"""How often a gap between anchors is looked through for anchors of its own."""
_ALIKE: Final = 400
"""Thousandths of their words that two sentences share if one is the other rewritten."""
_SLIP: Final = 1_000_000
"""Score of a slip: more than that of any number of rewritten sentences in its place."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sentences of both texts that belong together; one side may be empty."""

    old: Sequence[str]
    new: Sequence[str]
    slip: bool = False
    """True where they are the same but for a slip."""


class Alignment:
    """One comparison of two lists of sentences, and what it may still spend."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.head = 0
        shorter = min(len(old), len(new))
        while self.head < shorter and old[self.head] == new[self.head]:
            self.head += 1
        self.tail = 0
        while self.tail < shorter - self.head and old[-1 - self.tail] == new[-1 - self.tail]:
            self.tail += 1
        self.all = old
        middles = [side[self.head : len(side) - self.tail] for side in (old, new)]
        lines = {sentence: Line(sentence) for sentence in {*middles[0], *middles[1]}}
        self.old, self.new = ([lines[sentence] for sentence in middle] for middle in middles)
        self.cells = _CELLS

    def stretches(self) -> Iterator[Stretch]:
        """The two texts in order, as stretches that cover both from end to end."""
        ends = len(self.all) - self.tail
        yield from (Stretch((s,), (s,)) for s in self.all[: self.head])
        before = (0, 0)
        for i, j in [*sorted(self._anchors()), (len(self.old), len(self.new))]:
            yield from self._gap(self.old[before[0] : i], self.new[before[1] : j])
            if i < len(self.old):
                yield Stretch((self.old[i].text,), (self.new[j].text,), slip=True)
            before = i + 1, j + 1
        yield from (Stretch((s,), (s,)) for s in self.all[ends:])

    def _anchors(self) -> Iterator[tuple[int, int]]:
        """Places of sentences with equal keys, rising on both sides once sorted."""
        a, b = [line.key for line in self.old], [line.key for line in self.new]
        todo = [(0, len(a), 0, len(b), _DEPTH)]
        while todo:
            i, end_i, j, end_j, depth = todo.pop()
            while i < end_i and j < end_j and a[i] == b[j]:
                yield i, j
                i, j = i + 1, j + 1
            while i < end_i and j < end_j and a[end_i - 1] == b[end_j - 1]:
                end_i, end_j = end_i - 1, end_j - 1
                yield end_i, end_j
            if i == end_i or j == end_j:
                continue
            places = _once_on_both(a[i:end_i], b[j:end_j]) if depth else []
            found = [(i + x, j + y) for x, y in places]
            if not found and self._spend((end_i - i) * (end_j - j)):
                scores = [[int(x == y) for y in b[j:end_j]] for x in a[i:end_i]]
                yield from ((i + x, j + y) for x, y in _best_path(scores))
            yield from found
            for next_i, next_j in [*found, (end_i, end_j)] if found else []:
                todo.append((i, next_i, j, next_j, depth - 1))
                i, j = next_i + 1, next_j + 1

    def _gap(self, old: Sequence[Line], new: Sequence[Line]) -> Iterator[Stretch]:
        """A stretch in which no two sentences are equal."""
        olds, news = [line.text for line in old], [line.text for line in new]
        if not old or not new:
            if old or new:
                yield Stretch(olds, news)
            return
        if _letters(old) == _letters(new):
            # A full stop became a comma: other sentences, the same words.
            yield Stretch(olds, news, slip=True)
            return
        words = [sum(len(line.words) + 1 for line in side) for side in (old, new)]
        if not self._spend(words[0] * len(new) + words[1] * len(old)):
            yield Stretch(olds, news)
            return
        x = y = 0
        pairs = _best_path([[_likeness(a, b) for b in new] for a in old])
        for next_x, next_y in [*pairs, (len(old), len(new))]:
            if x < next_x:
                yield Stretch(olds[x:next_x], ())
            if y < next_y:
                yield Stretch((), news[y:next_y])
            if next_x < len(old):
                slip = is_slip(old[next_x], new[next_y])
                yield Stretch((olds[next_x],), (news[next_y],), slip)
            x, y = next_x + 1, next_y + 1

    def _spend(self, cells: int) -> bool:
        """Take `cells` from what is left; False where they are too many."""
        if cells > self.cells:
            return False
        self.cells -= cells
        return True


def _once_on_both(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """The longest rising run of places of what occurs once on either side."""
    here, there = Counter(a), Counter(b)
    place = {key: n for n, key in enumerate(b) if there[key] == 1}
    pairs = [(n, place[key]) for n, key in enumerate(a) if here[key] == 1 and key in place]
    ends: list[int] = []
    last: list[int] = []
    previous: list[int] = []
    for index, (_, at) in enumerate(pairs):
        rank = bisect_left(ends, at)
        previous.append(last[rank - 1] if rank else -1)
        ends[rank : rank + 1] = [at]
        last[rank : rank + 1] = [index]
    run = []
    index = last[-1] if last else -1
    while index >= 0:
        run.append(pairs[index])
        index = previous[index]
    return run[::-1]


def _letters(lines: Sequence[Line]) -> tuple[str, list[str]]:
    return "".join(line.letters for line in lines), [n for line in lines for n in line.figures]


def _likeness(a: Line, b: Line) -> int:
    """Thousandths of shared words, 0 where they are too few to be one sentence rewritten."""
    if is_slip(a, b):
        return _SLIP
    few, many = sorted((a.bag, b.bag), key=len)
    shared = sum(min(count, many[word]) for word, count in few.items() if word in many)
    alike = 2000 * shared // max(1, len(a.words) + len(b.words))
    return alike if alike >= _ALIKE else 0


def _best_path(scores: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """The rising pairs (row, column) with the greatest sum of scores; none of score 0."""
    width = len(scores[0])
    best = [[0] * (width + 1)]
    for row in scores:
        above, line, left = best[-1], [0], 0
        for column, score in enumerate(row):
            left = max(left, above[column + 1], above[column] + score)
            line.append(left)
        best.append(line)
    path = []
    x, y = len(scores), width
    while x and y:
        if best[x][y] == best[x - 1][y]:
            x -= 1
        elif best[x][y] == best[x][y - 1]:
            y -= 1
        else:
            x, y = x - 1, y - 1
            path.append((x, y))
    return path[::-1]
