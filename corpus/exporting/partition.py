"""Partition: articles as a folder of files, `portal=abamako/year=2024/part-0.parquet`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, Select, and_, func

from corpus.selection import ARTICLES, first_day, last_day

KEYS = ("portal", "year", "month")
UNDATED = "0"
"""Year and month of articles without a day. Hive has a name for what has no value, but pandas does
not read a folder that has it."""
FILE = "part-0.parquet"


class BadPartition(ValueError):
    """No such partition. One line."""


@dataclass(frozen=True, slots=True)
class Part:
    """One folder of the export."""

    values: tuple[tuple[str, str | None], ...]
    """Key and value, outermost first; None: articles without a day."""

    @property
    def path(self) -> PurePosixPath:
        """Its file, below the export's folder. A value from a page cannot lead out of it."""
        return PurePosixPath(*(f"{key}={_shown(key, value)}" for key, value in self.values), FILE)

    @property
    def condition(self) -> ColumnElement[bool]:
        """Which articles are in it."""
        values = dict(self.values)
        found: list[ColumnElement[bool]] = []
        if "portal" in values:
            found.append(ARTICLES.c.portal == values["portal"])
        if "year" in values:
            year, month = values["year"], values.get("month")
            if year is None:
                found.append(ARTICLES.c.published_on.is_(None))
            else:
                span = f"{year}-{month}" if month else year
                found.append(ARTICLES.c.published_on >= first_day(span))
                found.append(ARTICLES.c.published_on <= last_day(span))
        return and_(*found)


def _shown(key: str, value: str | None) -> str:
    if value is None:
        return UNDATED
    # Readers take `03` for text.
    return quote(value, safe="") if key == "portal" else str(int(value))


def check_keys(keys: tuple[str, ...]) -> None:
    """Raise `BadPartition` unless `keys` are some of portal, year and month, month behind year."""
    known = all(key in KEYS for key in keys) and len(set(keys)) == len(keys)
    if not known or ("month" in keys and "year" not in keys[: keys.index("month")]):
        raise BadPartition(
            f"{','.join(keys)}: choose from portal, year and month, each once, month behind year"
        )


def parts_of(keys: tuple[str, ...], chosen: Select[Any], dialect: str) -> Select[Any]:
    """The statement that gives, part by part, the values of `keys`."""

    def digits(first: int, count: int) -> ColumnElement[Any]:
        day: ColumnElement[Any] = ARTICLES.c.published_on
        if dialect != "sqlite":
            day = func.to_char(day, "YYYY-MM-DD")
        return func.substr(day, first, count)

    columns = {"portal": ARTICLES.c.portal, "year": digits(1, 4), "month": digits(6, 2)}
    wanted = [columns[key].label(f"key_{key}") for key in keys]
    return chosen.with_only_columns(*wanted).distinct()


def in_order(keys: tuple[str, ...], rows: list[tuple[Any, ...]]) -> list[Part]:
    """The parts by their values, those without one last."""
    ordered = sorted(rows, key=lambda row: [(value is None, value or "") for value in row])
    return [Part(tuple(zip(keys, row, strict=True))) for row in ordered]
