"""Bylines: a table of lines, written before the reader was looked at, and what each names."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsing.signature import Signature, agency_of, read_byline, read_signature
from crawler.parsing.signing import told_source


def table() -> list[tuple[str, Signature | None]]:
    """(line, what it names; None for a negative)."""
    rows = []
    text = Path(__file__).with_name("bylines.tsv").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("# "):
            written, author, source, agency = (*line.split("\t"), "", "", "")[:4]
            named = Signature(author or None, agency or None, source or None)
            rows.append((written, named if author or source or agency else None))
    return rows


ROWS = table()
UNREAD = {
    # Capitals alone, and no name that the reader knows: a subhead looks the same.
    "NADJIBOU TCHASSANTI",
    # A town that the reader does not know, behind a function.
    "Par Edjo Kra (Stg), Abengourou",
}


def test_the_table_is_large_enough_to_mean_something() -> None:
    assert len(ROWS) >= 220
    assert sum(named is None for _, named in ROWS) >= 50
    assert len(UNREAD) == 2
    assert len({line for line, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize("at", range(len(ROWS)))
def test_line_of_the_table(at: int) -> None:
    line, named = ROWS[at]
    assert read_byline(line) == (None if line in UNREAD else named)


def test_a_newspaper_alone_signs_nothing() -> None:
    assert read_signature("L’Essor") is None
    assert read_byline("L’Essor") == Signature(None, None, "L’Essor")


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("AFP", "AFP"),
        ("Agence France Presse", "AFP"),
        ("Source : APA", "APA"),
        ("Awa DIALLO (AFP)", None),
        ("L’Essor", None),
        ("map", None),
        (None, None),
    ],
)
def test_agency_of_a_source(text: str | None, agency: str | None) -> None:
    assert agency_of(text) == agency


@given(st.sampled_from([line for line, named in ROWS if named]), st.integers(0, 3))
def test_white_space_around_and_within_says_nothing(line: str, spaces: int) -> None:
    wide = " " * spaces + line.replace(" ", " " * (spaces + 1)) + "\u00a0" * spaces
    assert read_byline(wide) == read_byline(line)


@given(st.text("AaÉé.,'’`()-/&@:; 0et", max_size=120))
def test_an_author_is_made_of_the_lines_letters(text: str) -> None:
    found = read_byline(text)
    if found is not None and found.author is not None:
        assert all(char in text + "et" for char in found.author if char.isalpha())


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["Un texte.", "Source : L'Aube du Sahel", "À lire"], "L’Aube du Sahel"),
        (["SOURCEL’Événement du Golfe"], "L’Événement du Golfe"),
        (["SOURCE AFP"], "AFP"),
        (["Source de vie", "Sources diverses", "Ressources Humaines"], None),
        (["Source : le ministère n’a pas souhaité répondre."], None),
        ([], None),
    ],
    ids=["line", "glued", "agency", "words", "sentence", "none"],
)
def test_source_that_a_line_by_itself_tells(lines: list[str], told: str | None) -> None:
    found = told_source(lines)
    assert (found and found[1]) == told
