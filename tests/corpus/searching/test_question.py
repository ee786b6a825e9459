"""What is typed is always a question: syntax where it is, words where it is not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.searching.question import (
    Both,
    Days,
    Either,
    Node,
    Without,
    Words,
    parse,
    wanted,
)
from corpus.searching.words import terms

OR, RIZ, KAYES = Words(("or",)), Words(("riz",)), Words(("kayes",))
SYNTAX = st.sampled_from(
    ['"', "«", "»", "(", ")", "-", " ", "OR", "OU", ":", "titre:", "date:", "2024", "..", "riz"]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("or Kayes", Both((OR, KAYES))),
        ('"or Kayes"', Words(("or", "kayes"))),
        ("or OR riz Kayes", Both((Either((OR, RIZ)), KAYES))),
        ("Kayes or OU riz", Both((KAYES, Either((OR, RIZ))))),
        ("-or Kayes", Both((Without(OR), KAYES))),
        ("-(or riz)", Without(Both((OR, RIZ)))),
        ("titre:(or -riz)", Both((Words(("or",), "title"), Without(Words(("riz",), "title"))))),
        ("Auteur:or", Words(("or",), "author")),
        ("date:2024-02", Days(date(2024, 2, 1), date(2024, 2, 29))),
        ("date:..2020", Days(None, date(2020, 12, 31))),
        ("date:2020-05-01..2021", Days(date(2020, 5, 1), date(2021, 12, 31))),
        ("date:..", Words(("dat",))),
        ("date:2024-13", Words(("dat", "2024", "13"))),
        ("1 200", Words(("1200",))),
        ("", None),
        ("?! () - «»", None),
    ],
)
def test_text_is_read_as(text, expected):
    assert parse(text) == expected


def test_what_is_wanted_of_a_text_is_marked_and_no_more():
    question = parse('or -riz "prix du coton" titre:kayes source:essor date:2024')
    assert wanted(question) == [("or",), ("prix", "du", "coton"), ("kayes",)]


@given(st.one_of(st.text(max_size=80), st.lists(SYNTAX, max_size=40).map("".join)))
def test_every_text_is_a_question(text):
    check(parse(text), 0)


def check(node: Node | None, depth: int) -> None:
    """No part is empty."""
    assert depth < 100
    match node:
        case Words(found, _):
            assert found
        case Both(parts) | Either(parts):
            assert len(parts) > 1
            for part in parts:
                check(part, depth + 1)
        case Without(part):
            assert part is not None
            check(part, depth + 1)


@given(st.lists(st.sampled_from(["mil", "l’or", "Kayes", "1200", "grève"]), min_size=1))
def test_plain_words_are_all_wanted(typed):
    question = parse(" ".join(typed))
    expected = [tuple(terms(word)) for word in typed]
    assert wanted(question) == list(dict.fromkeys(expected))


def test_deep_parentheses_end():
    assert parse("(" * 5000 + "or" + ")" * 5000) in (None, OR)
    assert parse("(" * 20 + "or" + ")" * 20) == OR
