"""Keeping: a unit for an answer that belongs into the archive and changes no row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Connection

from corpus.units import Context
from corpus.warc.captures import Capture, WarcPlace


@dataclass(slots=True)
class Keep:
    """Listings, feeds, home pages, robots.txt, with ARCHIVE=all. Result: None."""

    answers: Sequence[Capture]
    held: WarcPlace | None = None
    place: WarcPlace | None = None
    archived: bool = False
    """True once the writer has put the answers into the archive."""
    hungry: ClassVar[bool] = False

    @classmethod
    def apply(cls, connection: Connection, units: Sequence[Keep], context: Context) -> list[None]:
        """Nothing is left to write."""
        return [None] * len(units)
