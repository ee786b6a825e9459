"""Durations: how long something took, each time, by the millisecond."""

from __future__ import annotations

from collections import Counter


class Durations:
    """Filled by one thread, and read by any."""

    def __init__(self) -> None:
        self.seconds = 0.0
        """All of them together."""
        self._counts: Counter[int] = Counter()
        """Milliseconds → how many took as long."""

    def add(self, seconds: float) -> None:
        """Count one more."""
        self.seconds += seconds
        self._counts[round(seconds * 1000)] += 1

    def within(self, share: float) -> int:
        """Milliseconds within which that share of them ended; 0 before the first."""
        took = sorted(dict(self._counts).items())
        left = share * sum(count for _, count in took)
        for milliseconds, count in took:
            left -= count
            if left <= 0:
                return milliseconds
        return 0
