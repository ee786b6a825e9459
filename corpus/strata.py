"""Strata: the untried numbers of a portal in a dozen parts, each sampled by itself.

Pure: gaps and answers come in, numbers to ask for and samples go out. The population is what is
known by no other route than sampling: numbers without a row in `pages`, and those that only a
sample has asked for. What a listing or a walk over the numbers has found since is in neither, so
the numbers of earlier samples are still a random sample of the population.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby, islice

from corpus.drawing import drawn
from corpus.estimation import Sample, allocate

MOST = 12
"""Strata, the one of all that is left over not counted."""
LEAST_EACH = 4
"""Numbers that are asked of a stratum at the least."""

Number = tuple[str, str, int]
"""(site, kind, number)."""
Answers = Mapping[Number, bool | None]
"""Numbers that a sample, and no other route, has asked for: True exists, False is missing, None
was asked in vain (failed, quarantined)."""


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """Neighbouring numbers of one series that no page is known of, `first` and `last` included."""

    site: str
    kind: str
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many numbers it has."""
        return self.last - self.first + 1

    @property
    def series(self) -> tuple[str, str]:
        """(site, kind)."""
        return self.site, self.kind


@dataclass(frozen=True, slots=True)
class Stratum:
    """Gaps that are sampled as one: a large one, small neighbours, or what is left over."""

    gaps: tuple[Gap, ...]
    """In rising order."""
    population: int

    def __contains__(self, number: Number) -> bool:
        """Whether `number` lies in one of the gaps."""
        place = bisect_right(self.gaps, Gap(*number, last=1 << 63)) - 1
        if place < 0:
            return False
        near = self.gaps[place]
        return number[:2] == near.series and number[2] <= near.last


def strata_of(gaps: Sequence[Gap], requests: int) -> list[Stratum]:
    """The strata of `gaps` for a sample of `requests` numbers in all, largest first.

    A gap with its fair share of all numbers is a stratum. The other gaps of a series are put
    together, neighbours with neighbours, until they have that share; what is left over of all
    series makes one stratum more.
    """
    total = sum(part.count for part in gaps)
    fair = total / max(1, min(MOST, requests // LEAST_EACH - 1))
    groups = [[part] for part in gaps if part.count >= fair]
    small = sorted(part for part in gaps if part.count < fair)
    left: list[Gap] = []
    for _, members in groupby(small, key=lambda part: part.series):
        group: list[Gap] = []
        gathered = 0
        for part in members:
            group.append(part)
            gathered += part.count
            if gathered >= fair:
                groups.append(group)
                group, gathered = [], 0
        left += group
    if left:
        groups.append(left)
    strata = [Stratum(tuple(group), sum(part.count for part in group)) for group in groups]
    return sorted(strata, key=lambda stratum: (-stratum.population, stratum.gaps))


def to_ask(portal: str, strata: Sequence[Stratum], answers: Answers, requests: int) -> list[Number]:
    """The numbers that a sample of `requests` more asks for, stratum by stratum."""
    untried = [
        stratum.population - sum(number in stratum for number in answers) for stratum in strata
    ]
    wanted: list[Number] = []
    for stratum, count in zip(strata, allocate(untried, requests, LEAST_EACH), strict=True):
        order = (number for number in _in_order(portal, stratum) if number not in answers)
        wanted += islice(order, count)
    return wanted


def sample_of(portal: str, stratum: Stratum, answers: Answers) -> Sample:
    """What is known of a stratum by random sampling: its numbers in the order of asking, up to the
    first that was not asked. One further on was asked when the strata were cut otherwise."""
    asked = existing = unanswered = 0
    for number in _in_order(portal, stratum):
        if number not in answers:
            break
        asked += 1
        existing += answers[number] is True
        unanswered += answers[number] is None
    return Sample(stratum.population, asked, existing, unanswered)


def _in_order(portal: str, stratum: Stratum) -> Iterator[Number]:
    """The numbers of a stratum in the order of asking."""

    def one(series: tuple[str, str], members: Sequence[Gap]) -> Iterator[tuple[float, Number]]:
        site, kind = series
        for when, number in drawn(f"{portal}/{site}/{kind}", [(m.first, m.last) for m in members]):
            yield when, (site, kind, number)

    series = groupby(stratum.gaps, key=lambda part: part.series)
    for _, number in merge(*(one(name, list(members)) for name, members in series)):
        yield number
