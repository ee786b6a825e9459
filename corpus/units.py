"""Units of work: what the other rooms hand to the writer thread, and what one is.

A unit is a plain value that knows how to write itself, many of its class at a time. It is
idempotent: applied twice, as after a commit whose result got lost, it leaves what once leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any, ClassVar, Protocol, TypeVar, runtime_checkable

from sqlalchemy import Connection

from corpus.warc.captures import Capture, WarcPlace

T = TypeVar("T")

IN_AT_ONCE = 500
"""Values of one IN list: a look-up of many keys goes in such parts."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a batch shares."""

    now: datetime
    """One clock reading for the whole transaction, aware, UTC."""


class Unit(Protocol):
    """The shape of a unit."""

    hungry: ClassVar[bool]
    """True: somebody waits for the result, so the batch is closed at once."""

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[Any], context: Context
    ) -> Sequence[object]:
        """Write `units`, all of this class, in order; return one result for each."""
        ...


@runtime_checkable
class Archived(Protocol):
    """A unit with answers for the archive; the writer puts them there before it applies it."""

    answers: Sequence[Capture]
    """In the order they came: redirects, and the one they led to."""
    held: WarcPlace | None
    """The answer held of the same page."""
    place: WarcPlace | None
    """Set by the writer: where the last of the answers lies."""
    archived: bool
    """Set by the writer: they are in the archive, however often the unit is applied again."""


def parts(values: Iterable[T], size: int = IN_AT_ONCE) -> Iterator[list[T]]:
    """`values` in lists of at most `size`."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def by_portal(units: Sequence[T]) -> Iterator[tuple[str, list[T]]]:
    """Runs of neighbours with the same `portal`, order kept."""
    for portal, group in groupby(units, key=lambda unit: str(unit.portal)):  # type: ignore[attr-defined]
        yield portal, list(group)
