"""Tally: how the fields of a run's articles were read, in a form that a run's row can hold.

Counted during a crawl and judged by `drift`; knows no database, so that counting costs no memory.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from corpus.worse import layer

FIELDS: Final = "portal/fields"
"""In `runs.stats`: JSON of a `Tally`."""
STEPS: Final = 4
"""Buckets of lengths for each doubling: a median is right within a tenth."""


@dataclass(slots=True)
class FieldTally:
    """How one field was read."""

    filled: int = 0
    signs: dict[str, list[Any]] = field(default_factory=dict)
    """Sign → [readings it won, address of the latest]."""
    lengths: dict[str, int] = field(default_factory=dict)
    """Bucket of the length in characters → readings."""
    empty: str | None = None
    """Address of the latest page without the field."""

    def layers(self) -> dict[str, int]:
        """Layer → readings it won."""
        won: dict[str, int] = {}
        for sign, (count, _) in self.signs.items():
            won[layer(sign)] = won.get(layer(sign), 0) + count
        return won

    def median(self) -> int:
        """Median length in characters, of the readings that have the field."""
        half = sum(self.lengths.values()) / 2
        for bucket in sorted(self.lengths, key=int):
            half -= self.lengths[bucket]
            if half <= 0:
                return round(2 ** ((int(bucket) + 0.5) / STEPS))
        return 0


@dataclass(slots=True)
class Tally:
    """How the fields of some readings were read."""

    readings: int = 0
    fields: dict[str, FieldTally] = field(default_factory=dict)

    def count(self, name: str, value: Any, sign: str | None, url: str) -> None:
        """Note one field of one reading; the caller counts `readings`."""
        tally = self.fields.setdefault(name, FieldTally())
        if not value:
            tally.empty = url
            return
        tally.filled += 1
        won = tally.signs.setdefault(sign or "none", [0, url])
        won[0], won[1] = won[0] + 1, url
        if isinstance(value, str):
            bucket = str(int(_log2(len(value)) * STEPS))
            tally.lengths[bucket] = tally.lengths.get(bucket, 0) + 1

    def add(self, other: Tally) -> None:
        """Take in an older tally; the examples of this one stay."""
        self.readings += other.readings
        for name, theirs in other.fields.items():
            ours = self.fields.setdefault(name, FieldTally())
            ours.filled += theirs.filled
            ours.empty = ours.empty or theirs.empty
            for sign, (count, url) in theirs.signs.items():
                ours.signs.setdefault(sign, [0, url])[0] += count
            for bucket, count in theirs.lengths.items():
                ours.lengths[bucket] = ours.lengths.get(bucket, 0) + count

    def as_json(self) -> str:
        """For `runs.stats`."""
        fields = {
            name: [tally.filled, tally.signs, tally.lengths, tally.empty]
            for name, tally in self.fields.items()
        }
        return json.dumps([self.readings, fields], separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Tally:
        """Back from `as_json`."""
        readings, fields = json.loads(text)
        return cls(readings, {name: FieldTally(*values) for name, values in fields.items()})


def _log2(number: int) -> float:
    return number.bit_length() - 1 + (number / (1 << (number.bit_length() - 1)) - 1)
