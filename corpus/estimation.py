"""How many of a number space exist, from a stratified random sample of it: pure arithmetic.

A share has Wilson's score interval without continuity correction (Wilson, JASA 22, 1927, 209-212;
Newcombe, Statistics in Medicine 17, 1998, 857-872). All strata together have Wilson's interval at
Kish's effective sample size (Kish, Survey Sampling, 1965; for proportions of complex samples:
Franco, Little, Louis and Slud, Journal of Survey Statistics and Methodology 7, 2019, 334-364), each
stratum with its finite population correction (Cochran, Sampling Techniques, 1977). Adding up the
strata's own bounds, even by squares, holds the truth too seldom with four or five numbers each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)
"""Standard deviations of a two-sided 95 % interval."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a random sample, drawn without replacement, gave of one stratum."""

    population: int
    """Numbers of the stratum, those of the sample included."""
    asked: int
    existing: int
    unanswered: int = 0
    """Asked, but neither found nor found missing: failed, quarantined."""

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if min(self.existing, self.unanswered) < 0:
            raise ValueError(f"counts are not negative: {self}")
        if not self.existing + self.unanswered <= self.asked <= self.population:
            raise ValueError(f"no sample can be so: {self}")

    @property
    def missing(self) -> int:
        """Asked, and not there."""
        return self.asked - self.unanswered - self.existing

    @property
    def share(self) -> float | None:
        """The share that exists among those answered; None without one."""
        answered = self.existing + self.missing
        return self.existing / answered if answered else None

    @property
    def variance(self) -> float:
        """Of the share, but for the factor share x (1 - share); 0 where all were asked."""
        left = self.population - self.asked
        return left / ((self.population - 1) * self.asked) if left else 0.0

    def bounds(self) -> tuple[float, float]:
        """The 95 % interval of the share; what was not answered counts as missing for the lower
        bound, and as existing for the upper."""
        if not self.asked:
            return 0.0, 1.0
        low, high = self.existing / self.asked, (self.existing + self.unanswered) / self.asked
        if not self.variance:
            return low, high
        return wilson(low, 1 / self.variance)[0], wilson(high, 1 / self.variance)[1]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A count with its 95 % interval."""

    value: int
    low: int
    high: int


def wilson(share: float, size: float) -> tuple[float, float]:
    """Wilson's 95 % interval for a `share` found in a sample of (effective) `size`."""
    spread = Z * Z / size
    centre = share + spread / 2
    reach = sqrt(spread * share * (1 - share) + spread * spread / 4)
    # At the ends, the roots are exact in theory only.
    low = (centre - reach) / (1 + spread) if share > 0 else 0.0
    high = (centre + reach) / (1 + spread) if share < 1 else 1.0
    return min(max(0.0, low), share), max(min(1.0, high), share)


def combined(samples: Sequence[Sample]) -> Estimate | None:
    """How many numbers of all strata exist; None where nothing was answered.

    A stratum of which nothing was answered gets the share of the others as its estimate, and
    nought and all as its bounds. Bounds are whole numbers, rounded outwards.
    """
    existing = sum(sample.existing for sample in samples)
    missing = sum(sample.missing for sample in samples)
    if not existing + missing:
        return None
    everywhere = existing / (existing + missing)
    value = sum(
        sample.population * (everywhere if sample.share is None else sample.share)
        for sample in samples
    )
    most = sum(sample.population for sample in samples) - missing
    low = max(existing, floor(_bound(samples, side=0)))
    high = min(most, ceil(_bound(samples, side=1)))
    return Estimate(min(max(round(value), low), high), low, high)


def _bound(samples: Sequence[Sample], *, side: int) -> float:
    """One bound of the sum over all strata, 0 the lower and 1 the upper. What was not answered
    counts as missing for the one and as existing for the other."""
    total, people, spent, weighted = 0.0, 0, 0.0, 0.0
    for sample in samples:
        if not sample.asked:
            # No random error: it may be empty, or full.
            total += side * sample.population
            continue
        share = (sample.existing + side * sample.unanswered) / sample.asked
        total += sample.population * share
        if sample.variance:
            error = sample.population**2 * sample.variance
            people, spent, weighted = (
                people + sample.population,
                spent + error,
                weighted + error * share,
            )
    if not spent:
        return total
    # Where strata were asked unevenly, the shares that make the error count, not the mean share.
    share = weighted / spent
    return total + people * (wilson(share, people**2 / spent)[side] - share)


def allocate(sizes: Sequence[int], total: int, least: int) -> list[int]:
    """How many of `total` each stratum gets: in proportion to its size, at least `least` or all it
    has, never more than it has. Where `total` does not suffice for that, the largest go first."""
    given = [0] * len(sizes)
    left = min(total, sum(sizes))
    for place in sorted(range(len(sizes)), key=lambda n: (-sizes[n], n)):
        given[place] = min(least, sizes[place], left)
        left -= given[place]
    for _ in range(left):
        # To the one that is furthest behind its share.
        able = [n for n in range(len(sizes)) if given[n] < sizes[n]]
        given[max(able, key=lambda n: (sizes[n] / (given[n] + 1), -n))] += 1
    return given
