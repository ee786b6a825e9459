"""Ids: how a series of article numbers is walked downwards, number by number. Pure.

Around an article every number is asked, up to `REACH` on both sides. Where `REACH` numbers running
lead to no article, the walk skims: it asks one number, then one twice as far below, and so on; an
article found so is a new beginning, in both directions. What is passed over is told, so that it can
be written down.

`plan` decides from what the tables hold and from nothing else, so a walk that was cut off goes on
where it was. Who asks and who writes is `crawler.discovery.archive`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from corpus.number_units import KnownNumber
from corpus.numbers import ARTICLE_STATES, Span

REACH = 50
"""Numbers without an article, running, behind which a stretch of articles ends."""
FIRST_STRIDE = 64
"""Numbers from the end of a stretch to the first one asked beyond it."""
LONGEST_STRIDE = 1024
"""Strides double up to this. A portal of 300,000 articles in thirteen years gives 60 numbers a day,
so half a month of news can hide between two; and 300 requests skim the whole of it."""
SOUNDINGS = 8
"""Numbers asked at once between two known days. Several, since any one may be missing."""
BATCH = 64
"""Most numbers handed out at once."""


class Outcome(Enum):
    """What a number that has a row tells its neighbours."""

    ARTICLE = "article"
    NOTHING = "nothing"
    """Asked, and there is none; or the fetch failed, which may say so later."""
    OPEN = "open"
    """Not answered yet."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known around `at`, the highest number to be decided of `span`: everything from
    `LONGEST_STRIDE + REACH` below it to `REACH` above."""

    at: int
    span: Span
    known: Mapping[int, Outcome]
    passed: Sequence[Span] = ()
    """Skimmed before; these are not asked again."""
    full: bool = False
    """Ask every number; nothing is passed over."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do: hand out `ask`, highest first, note `passed`. Both empty: wait until a number
    that was handed out is answered."""

    ask: tuple[int, ...] = ()
    passed: tuple[Span, ...] = ()


def outcome(number: KnownNumber, *, alone: bool) -> Outcome:
    """What a row says. `alone`: nothing is on its way any more, so no answer is to be waited
    for. What is queued, does not come in this run and has a day is an article: it was read and put
    back, or a listing dates it, and its day is not asked for."""
    if number.state in ARTICLE_STATES:
        return Outcome.ARTICLE
    if number.state not in ("queued", "leased"):
        return Outcome.NOTHING
    if not (alone or number.given_back):
        return Outcome.OPEN
    return Outcome.NOTHING if number.day is None else Outcome.ARTICLE


def plan(ground: Ground) -> Step:
    """The next step of a walk. It never asks or passes over a number that is known, or was passed
    over; it always asks or passes over `at`, unless it waits."""
    candidates = _untried(ground)
    articles = sorted(n for n, was in ground.known.items() if was is Outcome.ARTICLE)
    unanswered = sorted(n for n, was in ground.known.items() if was is Outcome.OPEN)
    ask: list[int] = []
    for number in candidates:
        # The top of a span counts as if an article stood right above it.
        top = number > ground.span.last - REACH
        if ground.full or top or _within_reach(number, articles):
            ask.append(number)
        elif ask:
            break
        elif _within_reach(number, unanswered):
            return Step()
        else:
            return _skim(ground, candidates, [*articles, *unanswered])
        if len(ask) == BATCH:
            break
    return Step(ask=tuple(ask))


def soundings(span: Span, inside: int | None, outside: int | None) -> tuple[int, ...]:
    """Numbers to ask in search of where a day lies, highest first; none where that is known to
    within `REACH` numbers on both sides.

    `inside` is the highest number known of that day or before, `outside` the lowest one of a later
    day above it. Without `inside` they are twice as far below each time, down to the span's first.
    """
    top = span.last if outside is None else outside
    if inside == span.last or (inside is not None and top - inside <= 2 * REACH):
        return ()
    if inside is None:
        rungs = (top - FIRST_STRIDE * 2**n for n in range(top.bit_length()))
        return tuple(n for n in (*(r for r in rungs if r > span.first), span.first) if n < top)
    step = max(1, (top - inside) // (SOUNDINGS + 1))
    return tuple(inside + step * n for n in range(SOUNDINGS, 0, -1))


def is_past(days: Sequence[date], since: date) -> bool:
    """True where `REACH` dated articles running are all older than `since`. Numbers rise with
    time, but an article may stand out of order."""
    return len(days) >= REACH and max(days[:REACH]) < since


def _skim(ground: Ground, candidates: Sequence[int], live: Iterable[int]) -> Step:
    """Pass over numbers from `at` downwards and ask the one behind them. What is within reach of an
    article further down is left to be asked in its turn."""
    at, lowest = ground.at, ground.span.first
    goal = max(at - _stride(ground) + 1, lowest)
    below = max((number for number in live if number < at), default=None)
    if below is not None:
        lowest = max(lowest, below + REACH + 1)
        if goal < lowest:
            return Step(passed=_runs(n for n in candidates if n >= lowest))
    probe = next((n for n in candidates if lowest <= n <= goal), None)
    if probe is None:
        return Step(passed=_runs(n for n in candidates if n >= goal))
    return Step(ask=(probe,), passed=_runs(n for n in candidates if n > probe))


def _stride(ground: Ground) -> int:
    """Twice the last stride, which the tables tell: the number above `at` was asked in vain, and a
    range that was passed over begins right behind it."""
    if ground.known.get(ground.at + 1) is not Outcome.NOTHING:
        return FIRST_STRIDE
    last = next((s for s in ground.passed if s.first == ground.at + 2), None)
    if last is None:
        return FIRST_STRIDE
    return min(max(2 * (last.last - last.first + 2), FIRST_STRIDE), LONGEST_STRIDE)


def _untried(ground: Ground) -> list[int]:
    """Numbers to be decided, highest first, as far down as the longest stride."""
    lowest = max(ground.span.first, ground.at - LONGEST_STRIDE + 1)
    passed = [] if ground.full else ground.passed
    return [
        number
        for number in range(ground.at, lowest - 1, -1)
        if number not in ground.known
        and not any(span.first <= number <= span.last for span in passed)
    ]


def _within_reach(number: int, numbers: Sequence[int]) -> bool:
    """True where one of `numbers` (rising) is at most `REACH` away."""
    place = bisect_left(numbers, number - REACH)
    return place < len(numbers) and numbers[place] <= number + REACH


def _runs(falling: Iterable[int]) -> tuple[Span, ...]:
    """Numbers that fall, as ranges."""
    spans: list[Span] = []
    for number in falling:
        if spans and spans[-1].first == number + 1:
            spans[-1] = Span(number, spans[-1].last)
        else:
            spans.append(Span(number, number))
    return tuple(spans)
