"""Dates of entries of feeds and sitemaps: the day of publication, the moment of a change. Pure."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from crawler.parsing.dates import read_date


def entry_day(raw: str | None, *, at: datetime, zone: ZoneInfo) -> date | None:
    """The day that a date of an entry means on the portal's clock; None where that is not
    certain. `at` is the moment of the fetch."""
    if not raw:
        return None
    told = _rfc822(raw)
    if told is not None and told <= at:
        with suppress(OverflowError):
            return told.astimezone(zone).date()
    return read_date(raw, at=at, zone=zone).day


def entry_moment(raw: str | None, *, at: datetime) -> datetime | None:
    """The instant, UTC, that a date of an entry means; None where it is none for certain: a day
    alone, a time without a zone, a time to come."""
    if not raw:
        return None
    told = _rfc822(raw)
    if told is None:
        try:
            told = datetime.fromisoformat(raw.strip())
        except ValueError:
            return None
    if told.tzinfo is None:
        return None
    try:
        told = told.astimezone(UTC)
    except OverflowError:
        return None
    return told if told <= at else None


def _rfc822(raw: str) -> datetime | None:
    """An aware time as RSS 2.0 writes it. Names of zones («EST») are known to RFC 822 alone."""
    try:
        told = parsedate_to_datetime(raw)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return told if told.tzinfo is not None else None
