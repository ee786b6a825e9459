"""Signatures: extracts and copies are met again, strangers are not, and folding hides no word."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.signatures import COMMON, SHORTEST, SIZE, compare, shingles, signature


def words(random: Random, count: int) -> list[str]:
    """Made-up words, so many that no four stand together twice by chance."""
    return [f"mot{random.randrange(4000)}" for _ in range(count)]


def common(one: str, other: str) -> int:
    return len(set(signature(shingles(one))) & set(signature(shingles(other))))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("L’État n’a pas été prévenu à temps", "l'etat n'a PAS ete prevenu a temps"),
        ("Une œuvre, un cœur – et voilà !", "Une oeuvre un coeur et voila"),
        ("«Ça va», dit-il ; Dès 8h", "Ca va dit il Des 8h"),
        ("ÀÉÎÕÜÇ et le reste", "aeiouc et le reste"),
    ],
)
def test_accents_case_apostrophes_and_signs_do_not_matter(one, other):
    assert shingles(one) == shingles(other) != []


def test_shingles_are_runs_of_four_words():
    assert len(shingles("un deux trois quatre cinq")) == 2
    assert shingles("un deux trois") == []
    assert signature(shingles(" ".join(words(Random(1), SHORTEST + 2)))) == []
    assert len(signature(shingles(" ".join(words(Random(1), SHORTEST + 3))))) == SHORTEST


def test_extracts_of_two_thirds_are_met_and_found_alike():
    random = Random(5)
    for _ in range(300):
        text = words(random, random.randint(80, 600))
        start = random.randrange(len(text) // 3)
        extract = text[start : start + len(text) * 2 // 3]
        assert common(" ".join(text), " ".join(extract)) >= COMMON
        likeness = compare(*(frozenset(shingles(" ".join(part))) for part in (text, extract)))
        assert likeness.reprint
        assert likeness.containment == 1


def test_strangers_that_quote_the_same_sentence_are_no_reprints():
    random = Random(6)
    quoted = words(random, 25)
    one, other = (" ".join([*words(random, 200), *quoted, *words(random, 100)]) for _ in range(2))
    likeness = compare(frozenset(shingles(one)), frozenset(shingles(other)))
    assert 0 < likeness.resemblance < 0.1
    assert not likeness.reprint


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_two_texts_can_be_compared(one, other):
    a, b = frozenset(shingles(one)), frozenset(shingles(other))
    there, back = compare(a, b), compare(b, a)
    assert there == back
    assert 0 <= there.resemblance <= there.containment <= 1
    assert (there.resemblance == 1) == (a == b != frozenset())
    assert len(signature(a)) <= SIZE
    assert signature(a) == sorted(set(signature(a)))
