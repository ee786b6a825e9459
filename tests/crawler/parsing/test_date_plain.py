"""The common path of the date reader says what the full way says, of every line it takes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.parsing import dates
from crawler.parsing.date_plain import plain_date
from crawler.parsing.date_text import fold, tidy
from crawler.parsing.dates import DateReading, read_date

AT = datetime(2026, 11, 1, tzinfo=UTC)
ZONE = ZoneInfo("Africa/Niamey")
TABLE = Path(__file__).parent / "dates_fr.tsv"
SHARED = Path(__file__).parents[4] / "shared" / "dates_fr.tsv"
LINES = [
    row.split("\t")[0]
    for path in (TABLE, SHARED)
    if path.exists()
    for row in path.read_text(encoding="utf-8").rstrip("\n").split("\n")[1:]
]


def full_way(line: str, zone: ZoneInfo | None) -> DateReading:
    with patch.object(dates, "plain_date", lambda folded: None):
        return read_date(line, at=AT, zone=zone)


def agrees(line: str) -> None:
    for zone in (None, ZONE):
        assert read_date(line, at=AT, zone=zone) == full_way(line, zone)


@pytest.mark.parametrize("line", LINES)
def test_line_of_the_tables_is_read_alike_both_ways(line: str) -> None:
    agrees(line)


@pytest.mark.parametrize(
    "line",
    [
        "Publié le vendredi 29 mars 2024 | L’Essor",
        "Publiée le : mardi, 1er février 2022 à 18h09 - Le Pays",
        "le 5 DÉC. 2018, 7:05",
        "mis en ligne le dimanche 1 er septembre 2024 • 18 h 09",
        "12/03/2024 - 14:05:33",
        "29.03.2024 |",
        "2024-03-29T18:09:00+01:00",
        "2024-03-29 18:09:00.123Z",
    ],
)
def test_line_of_a_common_form_takes_the_common_path(line: str) -> None:
    assert plain_date(fold(tidy(line))) is not None


@pytest.mark.parametrize(
    "line",
    [
        "Publié le 12 mars 2024 | mis à jour le 13 mars 2024",
        "12 mars 2024 14h à 16h",
        "du 12 au 15 mars 2024",
        "page 12/03/2024",
        "31/02/2024",
        "12 mars 1824",
        "12 mars 2024 à 25h61",
        "mardy 12 mars 2024",
    ],
)
def test_line_of_any_other_form_goes_the_full_way(line: str) -> None:
    assert plain_date(fold(tidy(line))) is None


_OPENINGS = ["", "", "Publié le ", "publiée le : ", "Le ", "Mis en ligne le ", "du ", "L’Essor - "]
_WEEKDAYS = ["", "", "vendredi ", "Mardi, ", "lun. ", "jeu ", "mercredi le ", "demain ", "fri "]
_MONTHS = ["janvier", "févr.", "mars", "MAI", "août", "aout", "déc.", "octobre", "may", "fÃ©vrier"]
_DAYS = ["1er", "1 er", "5", "05", "29", "30", "31", "0", "12"]
_YEARS = ["2024", "2026", "1999", "1899", "2027", "24", ""]
_GAPS = [" ", " ", " ", " ", "", "  ", ". ", "-", "/", ", "]
_LINKS = [" à ", " - ", ", ", " | ", " ", " • ", "-", "", " a "]
_TIMES = ["18h09", "7:05", "23:59:59", "18 h 09", "24h00", "12:60", "18h", "6:05 pm", "18h09 GMT"]
_ENDS = [
    "", "", " | L’Essor", " - Le Pays", "|", " • par Awa Diallo", " - hier", " | mis à jour",
    " | Photo N°3", "-05", " personnes", " min", " | 13 mars 2024", " aujourd’hui", " (Paris)",
]  # fmt: skip
_DAY_FORMS = st.one_of(
    st.tuples(
        *map(st.sampled_from, (_WEEKDAYS, _DAYS, _GAPS, _MONTHS, _GAPS, _YEARS)),
    ).map("".join),
    st.tuples(
        st.sampled_from(_DAYS), st.sampled_from("/.-"), st.integers(0, 13), st.sampled_from(_YEARS)
    ).map(lambda n: f"{n[0]}{n[1]}{n[2]:02}{n[1]}{n[3]}"),
    st.tuples(st.sampled_from(_YEARS), st.integers(0, 13), st.integers(0, 32)).map(
        lambda n: f"{n[0]}-{n[1]:02}-{n[2]:02}"
    ),
)
_NOISE = st.tuples(st.integers(0, 60), st.sampled_from(" 1/-.:h|•àé’°\u00a0\u200b,"))


@settings(max_examples=2500, deadline=None)
@given(
    st.sampled_from(_OPENINGS),
    _DAY_FORMS,
    st.sampled_from(_LINKS),
    st.sampled_from(["", *_TIMES]),
    st.sampled_from(_ENDS),
    st.lists(_NOISE, max_size=1),
)
@example("", "2024-03-29", "T", "18:09:00", "-05:30", [])
@example("", "12/03/2024", "-", "18 :09", "", [])
def test_any_date_line_is_read_alike_both_ways(
    opening: str, day: str, link: str, time: str, end: str, noise: list[tuple[int, str]]
) -> None:
    line = opening + day + link + time + end
    for at, char in noise:
        line = line[:at] + char + line[at:]
    agrees(line)
