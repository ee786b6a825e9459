"""The date reader: a table of lines, the rules one by one, and strings nobody has thought of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.commands.date import iso
from crawler.parsing.dates import DateReading, looks_dated, read_date
from tests.growth import assert_linear

AT = datetime(2026, 11, 1, tzinfo=UTC)
TABLE = Path(__file__).parent / "dates_fr.tsv"
SHARED = Path(__file__).parents[4] / "shared" / "dates_fr.tsv"


def rows(path: Path) -> list[tuple[str, str, str]]:
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")[1:]
    return [tuple(line.split("\t"))[:3] for line in lines]  # type: ignore[misc]


def read(line: str, zone: str | None = None, at: datetime = AT) -> DateReading:
    return read_date(line, at=at, zone=ZoneInfo(zone) if zone else None)


@pytest.mark.parametrize(("raw", "want", "rule"), rows(TABLE))
def test_line_of_the_table_is_read_as_it_says(raw: str, want: str, rule: str) -> None:
    reading = read(raw)
    assert (iso(reading), reading.rule) == (want, rule)


@pytest.mark.parametrize(("raw", "want", "rule"), rows(TABLE))
def test_line_with_a_date_looks_dated(raw: str, want: str, rule: str) -> None:
    assert looks_dated(raw) or not want


@pytest.mark.parametrize(("raw", "want", "rule"), [row for row in rows(TABLE) if row[1]])
def test_date_is_the_same_in_capitals_and_with_space_around(raw: str, want: str, rule: str) -> None:
    if "Ã" in raw or "&" in raw:  # capitals of mojibake and entities are something else
        return
    assert iso(read(f"  \u00a0{raw}\n")) == want
    assert iso(read(raw.upper())) == want


def test_shared_lines_are_all_right_when_at_hand() -> None:
    if not SHARED.exists():
        pytest.skip("the shared table is not beside this project")
    wrong = [(raw, want) for raw, want, _ in rows(SHARED) if iso(read(raw)) != want]
    assert wrong == []


def test_table_has_the_size_it_should() -> None:
    assert len(rows(TABLE)) >= 250


@pytest.mark.parametrize("month", range(1, 13))
def test_every_day_of_a_month_is_read_with_its_weekday(month: int) -> None:
    names = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    months = ["janvier", "février", "mars", "avril", "mai", "juin"]
    months += ["juillet", "août", "septembre", "octobre", "novembre", "décembre"]
    when = date(2024, month, 1)
    while when.month == month:
        line = f"Publié le {names[when.weekday()]} {when.day} {months[month - 1]} {when.year} | X"
        assert (read(line).day, read(line).flags) == (when, ())
        when += timedelta(days=1)


def test_weekday_that_contradicts_is_kept_and_flagged() -> None:
    reading = read("Publié le lundi 29 mars 2024 | L’Essor")
    assert (reading.day, reading.flags) == (date(2024, 3, 29), ("weekday",))


def test_future_date_is_emptied_and_flagged() -> None:
    reading = read("Publié le 3 novembre 2026")
    assert (reading.day, reading.rule, reading.flags) == (None, "future", ("date_future",))


def test_tomorrow_is_judged_by_the_portal_clock() -> None:
    late = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)  # already the 2nd in Niamey
    assert read("3 novembre 2026", "Africa/Niamey", late).day == date(2026, 11, 3)
    assert read("3 novembre 2026", "Africa/Bamako", late).day is None


def test_impossible_time_leaves_the_day() -> None:
    reading = read("12 mars 2024 à 25h61")
    assert (reading.day, reading.precision, reading.flags) == (date(2024, 3, 12), "day", ("time",))


def test_naive_time_gets_the_portal_zone() -> None:
    assert iso(read("12 mars 2024 à 14h05", "Africa/Niamey")) == "2024-03-12T14:05+01:00"
    assert iso(read("12 mars 2024 à 14h05", "Africa/Bamako")) == "2024-03-12T14:05Z"


def test_day_follows_the_portal_clock_when_the_line_has_a_zone() -> None:
    reading = read("2024-03-12T23:30:00+00:00", "Africa/Niamey")
    assert (reading.day, iso(reading)) == (date(2024, 3, 13), "2024-03-13T00:30+01:00")


def test_yesterday_is_the_day_before_on_the_portal_clock() -> None:
    at = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    assert iso(read("hier à 18:02", "Africa/Niamey", at)) == "2026-10-31T18:02+01:00"
    assert iso(read("hier à 18:02", "Africa/Bamako", at)) == "2026-10-30T18:02Z"


def test_hours_ago_is_an_instant_whatever_the_zone() -> None:
    assert iso(read("il y a 7 heures", "Africa/Niamey")) == "2026-10-31T18:00+01:00"


@pytest.mark.parametrize(
    ("line", "day", "updated", "raw"),
    [
        (
            "Publié le 20 janvier 2023 à 18h09, mis à jour le 21 janvier 2023 à 18h53",
            date(2023, 1, 20),
            date(2023, 1, 21),
            "mis à jour le 21 janvier 2023 à 18h53",
        ),
        (
            "Mise à jour: 13/03/2024 à 10h, publié le 12/03/2024",
            date(2024, 3, 12),
            date(2024, 3, 13),
            "Mise à jour: 13/03/2024 à 10h",
        ),
        ("Modifié le 12 mars 2024", date(2024, 3, 12), date(2024, 3, 12), None),
        ("Publié le 12/03/2024, modifié le 31/02/2024", date(2024, 3, 12), None, None),
        ("Publié le 31/02/2024, modifié le 12/03/2024", None, date(2024, 3, 12), None),
        ("Publié le 12 mars 2024", date(2024, 3, 12), None, ""),
    ],
)
def test_update_is_told_from_publication(
    line: str, day: date | None, updated: date | None, raw: str | None
) -> None:
    reading = read(line)
    assert (reading.day, reading.updated) == (day, updated)
    if raw is not None:
        assert (reading.updated_raw or "") == raw


def test_line_longer_than_the_window_is_read_only_at_its_beginning() -> None:
    assert read("Publié le 12 mars 2024 | " + "mot " * 500).day == date(2024, 3, 12)
    assert read("mot " * 500 + "12 mars 2024").day is None
    for length in range(280, 400):  # wherever the cut falls, no part of a date is a date
        line = "x" * length + " mardi 12 mars 2024 " + "y" * 200
        assert read(line).day in (None, date(2024, 3, 12))


_WORDS = """1 12 31 99 2024 24 1er 03 14h30 14 : / - . , | à le du mars mar févr. août dÃ©cembre
mardi jeu publié mis jour modifié il y a heures jours ans hier aujourd'hui GMT +01:00 T Z \ufffd n°
et au semaine 00 0000 9999 25h61 depuis une"""
_PIECES = st.sampled_from([*_WORDS.split(), "", "\u202f"])


def _agrees(reading: DateReading) -> None:
    """A day has a precision, and a time is what makes it a minute."""
    assert (reading.day is None) == (reading.precision is None)
    assert (reading.time is not None) == (reading.precision == "minute")


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=10_000))
def test_any_string_is_read_without_error(line: str) -> None:
    _agrees(read(line))
    looks_dated(line)


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.tuples(_PIECES, st.sampled_from([" ", "", "/", "-"])), max_size=60))
def test_any_jumble_of_date_words_is_read_without_error(pieces: list[tuple[str, str]]) -> None:
    line = "".join(piece + gap for piece, gap in pieces)
    reading = read(line)
    _agrees(reading)
    assert reading.day is None or date(1900, 1, 1) <= reading.day <= date(2026, 11, 2)
    assert reading.day is None or looks_dated(line)


@pytest.mark.parametrize(
    "unit",
    ["1 ", " ", "12 mars ", "1/", "12/03/2024 ", "mar ", "le ", "il y a ", "Ã", "f?", "14h", "a?"],
)
@pytest.mark.parametrize("before", ["", "publié le ", "mis à jour ", "\u0301", "&amp;"])
def test_a_long_line_is_read_in_linear_time(before: str, unit: str) -> None:
    unit = before + unit
    assert_linear(read, lambda size: unit * (size // len(unit)), 100_000, quick=0.05)
