"""Sources: one canonical name for every spelling."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.source_keys import source_key
from crawler.parsing.sources import (
    canonical_source,
    known_agency,
    known_source,
    shipped,
    straighten,
)

NAMES = sorted({source.name for source in shipped().values()})
CASES: list[Callable[[str], str]] = [str.upper, str.lower, str.swapcase, str]


@pytest.mark.parametrize(
    "spelling",
    [
        "L'Essor",
        "L’Essor",
        "l`Essor",
        "L´ESSOR",
        "L‘essor",
        "Essor",
        " L' Essor ",
        "L’Essor (Mali)",
    ],
)
def test_every_spelling_of_a_newspaper_is_one(spelling: str) -> None:
    assert canonical_source(spelling) == "L’Essor"


@given(
    st.sampled_from(NAMES),
    st.sampled_from("'’`´‘ʼ"),
    st.sampled_from(CASES),
    st.booleans(),
    st.integers(0, 2),
)
def test_apostrophe_case_accent_and_space_change_nothing(
    name: str, mark: str, case: Callable[[str], str], bare: bool, spaces: int
) -> None:
    written = name.replace("’", mark)
    if bare:
        decomposed = unicodedata.normalize("NFKD", written)
        written = "".join(char for char in decomposed if not unicodedata.combining(char))
    written = " " * spaces + case(written).replace(" ", " " * (spaces + 1))
    assert canonical_source(written) == name


@given(st.text(max_size=60))
def test_canonical_form_is_its_own(text: str) -> None:
    once = canonical_source(text)
    assert canonical_source(once) == once


@given(st.text(max_size=60))
def test_key_is_its_own_key(text: str) -> None:
    assert source_key(source_key(text)) == source_key(text)


def test_unknown_source_keeps_its_spelling() -> None:
    assert canonical_source("  L`écho du  PLATEAU ") == "L’écho du PLATEAU"
    assert known_source("L’écho du plateau") is None


@pytest.mark.parametrize("word", ["map", "Map", "tap", "ap", "aip", "Ami", "apa"])
def test_a_word_is_no_agency(word: str) -> None:
    assert known_agency(word) is None


def test_every_country_is_a_code_and_every_name_straight() -> None:
    for source in shipped().values():
        assert source.country is None or (len(source.country) == 2 and source.country.isupper())
        assert straighten(source.name) == source.name
