"""Codes: a text as it is indexed, its pairs and triples, and the words that an index learns."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.searching import codes
from corpus.searching.codes import COMMON, FILE, Codes, learned, paired, read, tripled
from corpus.searching.words import terms

WORDS = [
    "de",
    "la",
    "a",
    "1",
    *(f"mot{number}" for number in range(COMMON - 4)),
    "coton",
    "or",
    "x",
]
"""Four common words that texts below have, and three others with a code."""
CODES = Codes(WORDS)
TOKENS = "de la a à 1 l’or coton cotons x riz N’Djamena 1200 ÉÉ y 12"
TEXTS = st.lists(st.sampled_from((*TOKENS.split(), "1 200"))).map(" ".join)


@given(st.one_of(TEXTS, st.text(max_size=200)))
@example("l'l'l'or N’'a 1 000 a.b.c. İßœ ﷺ")
def test_text_is_indexed_term_by_term(text):
    for made in (CODES, Codes(), Codes(terms(text)[::2])):
        assert made.analysed(text).split() == [made.indexed(term) for term in terms(text)]


@given(st.lists(st.text("aàé'’.,«»! 1ÉLN", max_size=8)))
@example(["ON", "on,", "O.N.", "o.n.", "L’", "«l’or»", "l’or"])
def test_remembered_form_is_that_of_a_new_one(tokens):
    made = Codes(("a", "n"))
    for token in (part for text in tokens for part in text.split()):
        assert made._forms[token] == Codes(("a", "n"))._forms.of(token)


def test_memory_of_forms_is_bounded(monkeypatch):
    monkeypatch.setattr(codes, "MOST_REMEMBERED", 50)
    made = Codes()
    for number in range(200):
        assert made.analysed(f"mot{number}") == made.indexed(f"mot{number}")
    assert len(made._forms) <= 50


@given(TEXTS)
@example("de la coton or de x la y la riz a 1 à")
def test_what_is_cut_out_of_a_text_are_its_pairs_and_triples(text):
    found = terms(text)
    analysed = CODES.analysed(text)
    asked = {*CODES.pairs(["de", "coton"]), *CODES.pairs(found)}
    cut = Counter(part for part in paired(analysed).split() if part in asked)
    assert cut == Counter(CODES.pairs(found))
    assert tripled(paired(analysed)).split() == CODES.triples(found)


def test_pair_of_words_with_codes_of_their_own_is_that_of_no_others():
    known = [*WORDS, *(f"plus{number}" for number in range(200))]
    made = Codes(known)
    pairs = {(one, other): made.pairs([one, other]) for one in known for other in known}
    common = {*known[:COMMON]}
    assert all(bool(found) == bool(common & {*two}) for two, found in pairs.items())
    found = [*filter(None, (tuple(pair) for pair in pairs.values()))]
    assert len(found) == len({*found})
    assert made.are_known(known)
    assert not made.are_known(["de", "riz"])


def test_other_words_share_codes_and_have_pairs_with_common_ones_alone():
    assert len(CODES.pairs(["de", "riz"])) == len(CODES.pairs(["riz", "de"])) == 1
    assert CODES.pairs(["coton", "riz"]) == CODES.pairs(["riz", "mil"]) == []
    assert len({CODES.indexed(f"autre{number}").split("=")[0] for number in range(5000)}) < 1000


def test_words_are_learned_from_texts_those_that_most_have_first():
    texts = ["de de riz de riz", "de l’or", "la", "De la", "la or"]
    assert learned(texts).words == ["de", "la", "or", "riz"]
    assert (
        learned([" ".join(f"n{number}" for number in range(2000))]).words[2:]
        == sorted(f"n{number}" for number in range(2000))[2 : COMMON + 26 * 26]
    )
    assert learned([]).words == []


@pytest.mark.parametrize("words", [[], ["de", "صلى", "or"]])
def test_words_are_kept_with_their_codes(words, tmp_path):
    Codes(words).write(tmp_path)
    assert read(tmp_path).words == words
    assert read(tmp_path).analysed("de l’or") == Codes(words).analysed("de l’or")
    assert (tmp_path / FILE).read_text("utf-8").split() == words
