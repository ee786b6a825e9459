"""Stage 2, normalise_dates: raw date lines become a day, and an instant where the page tells one.

Reads published_raw, updated_raw, fetched_at and timezone; writes published_on, published_at,
published_precision, updated_on, updated_raw, flags, signs and counters. The raw line is never
changed: what cannot be read stays there for a better reader.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from crawler.items import Fields, fields_of
from crawler.parsing.dates import DateReading, read_date


class NormaliseDates:
    """Item pipeline stage; never drops an item."""

    def process_item(self, item: Any) -> Any:
        """Fill the item's date fields from its raw lines. Works on any item `ItemAdapter` knows."""
        adapter = fields_of(item)
        at, zone = _instant(adapter.get("fetched_at")), _zone(adapter.get("timezone"))
        published = _read(adapter.get("published_raw"), at, zone)
        update = _read(adapter.get("updated_raw"), at, zone)
        flags = set(adapter.get("flags") or ()) | set(published.flags)

        reading, updated_on = published, published.updated
        if update is not _NONE:
            # A line of its own for the update says it better than part of another line.
            updated_on = update.updated or update.day or updated_on
            if published.day is None and not adapter.get("published_raw"):
                flags |= set(update.flags)
                reading = update
        elif published.updated_raw:
            adapter["updated_raw"] = published.updated_raw

        adapter["published_on"] = reading.day
        adapter["published_at"] = _utc(reading.time, zone)
        adapter["published_precision"] = reading.precision
        adapter["updated_on"] = updated_on
        adapter["flags"] = sorted(flags)
        self._account(adapter, reading, own=reading is published)
        return item

    def _account(self, adapter: Fields, reading: DateReading, *, own: bool) -> None:
        """Say which form gave the day, or count a line that gave none."""
        if reading.day is not None:
            rule = reading.rule if own else "update_only"
            adapter["signs"] = {**(adapter.get("signs") or {}), "published_on": f"date:{rule}"}
        elif adapter.get("published_raw") or adapter.get("updated_raw"):
            counters = dict(adapter.get("counters") or {})
            counters["date/invalid"] = counters.get("date/invalid", 0) + 1
            adapter["counters"] = counters


_NONE = DateReading()


def _read(raw: object, at: datetime, zone: ZoneInfo | None) -> DateReading:
    return read_date(raw, at=at, zone=zone) if isinstance(raw, str) and raw else _NONE


def _instant(value: object) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, str):
        return _instant(datetime.fromisoformat(value))
    return datetime.now(UTC)


def _zone(name: object) -> ZoneInfo | None:
    return ZoneInfo(name) if isinstance(name, str) and name else None


def _utc(moment: datetime | None, zone: ZoneInfo | None) -> datetime | None:
    """The instant in UTC. Without any zone there is none: the day is all that is known."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        if zone is None:
            return None
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)
