"""Column types of the corpus: the last gate a value passes on its way into either database.

Every text and JSON column uses these types, so no string with a NUL or a lone surrogate and no
naive time can reach a table, whoever writes it.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

BIGGEST = 2**63 - 1
"""The largest number an integer column of either database holds."""


def clean_text(value: Any) -> Any:
    """Return `value` such that both databases can hold it, recursively through lists and dicts.

    NUL is dropped (PostgreSQL refuses it, SQLite's `length()` stops there); the two halves of a
    surrogate pair are joined, a lone one becomes U+FFFD; NaN and infinity become None, since
    JSON has no word for them. Everything else is returned as it is.
    """
    if isinstance(value, str):
        return clean_string(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {clean_text(str(name)): clean_text(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [clean_text(item) for item in items]
    return value


def clean_string(text: str) -> str:
    """`clean_text` of a string."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def clean_json(value: Any) -> str:
    """`to_json` of `clean_text` of `value`; looks into it only where its text has something to
    clean."""
    text = _ENCODER.encode(value)
    if text.isascii() and not any(sign in text for sign in _TO_CLEAN):
        return text
    return _ENCODER.encode(clean_text(value))


def to_json(value: Any) -> str:
    """JSON as the tables hold it: readable French, times in ISO form."""
    return _ENCODER.encode(value)


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


# One for all: `json.dumps` with options would build an encoder for each value.
_TO_CLEAN = ("\\u0000", "NaN", "Infinity")
_ENCODER = json.JSONEncoder(ensure_ascii=False, default=_plain, separators=(",", ":"))


class CleanText(TypeDecorator[str]):
    """Text of any length, passed through `clean_text`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Clean on the way in."""
        return None if value is None else clean_string(value)


class CleanJSON(TypeDecorator[Any]):
    """A JSON value (`jsonb` on PostgreSQL), passed through `clean_text`; None is SQL NULL."""

    impl = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Clean on the way in."""
        return clean_text(value)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Aware in, aware and UTC out: SQLite alone would hand back naive times."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn to UTC; refuse a naive time, of which nobody knows what it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back that SQLite does not keep."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


RowId = BigInteger().with_variant(Integer(), "sqlite")
"""Type of every `id`: 64 bits, and SQLite's own row number there."""
