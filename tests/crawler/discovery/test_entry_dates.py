"""Dates of entries: a day on the portal's clock, an instant, or nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.discovery.entry_dates import entry_day, entry_moment

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "zone", "day"),
    [
        ("Tue, 05 Mar 2024 23:30:00 +0000", "Africa/Bamako", date(2024, 3, 5)),
        ("Tue, 05 Mar 2024 23:30:00 +0000", "Africa/Niamey", date(2024, 3, 6)),
        ("Tue, 05 Mar 2024 23:30:00 EST", "Africa/Bamako", date(2024, 3, 6)),
        ("mar., 05 mars 2024 09:30:00 +0000", "Africa/Bamako", date(2024, 3, 5)),
        ("2024-03-05T23:30:00+00:00", "Africa/Niamey", date(2024, 3, 6)),
        ("2024-03-05", "Africa/Niamey", date(2024, 3, 5)),
        ("Tue, 05 Mar 2030 09:30:00 +0000", "Africa/Bamako", None),
        ("Tue, 35 Mar 2024 09:30:00 +0000", "Africa/Bamako", None),
        ("hier ou demain", "Africa/Bamako", None),
        (None, "Africa/Bamako", None),
    ],
)
def test_the_day_of_an_entry_is_on_the_portals_clock_or_empty(raw, zone, day):
    assert entry_day(raw, at=AT, zone=ZoneInfo(zone)) == day


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("Tue, 05 Mar 2024 23:30:00 +0100", datetime(2024, 3, 5, 22, 30, tzinfo=UTC)),
        ("2024-03-05T23:30:00Z", datetime(2024, 3, 5, 23, 30, tzinfo=UTC)),
        (" 2024-03-05T23:30:00.5+01:00 ", datetime(2024, 3, 5, 22, 30, 0, 500000, tzinfo=UTC)),
        # Days alone, times without a zone or to come say nothing for certain.
        ("2024-03-05", None),
        ("2024-03-05T23:30:00", None),
        ("2030-03-05T23:30:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("hier", None),
        ("", None),
        (None, None),
    ],
)
def test_the_moment_of_a_change_is_an_instant_or_none(raw, moment):
    assert entry_moment(raw, at=AT) == moment
