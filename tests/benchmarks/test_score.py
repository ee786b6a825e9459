from __future__ import annotations

import pytest

from benchmarks.pagesets.gold import Gold
from benchmarks.pagesets.score import body_f1, exact, leaks
from benchmarks.scoring import same_source


def gold(*forbidden: str) -> Gold:
    return Gold("Titre", "2020-03-03", "Corps.", None, None, None, forbidden)


@pytest.mark.parametrize(
    ("got", "wanted", "score"),
    [
        ("Le pont ouvre.", "Le pont ouvre.", 1.0),
        ("ouvre le PONT", "Le pont ouvre.", 1.0),
        ("l’e\u0301cole", "L'école", 1.0),
        ("Le pont", "Le pont ouvre demain", 2 / 3),
        ("le le le le", "le pont", 1 / 3),
        ("autre chose", "Le pont", 0.0),
        ("", "Le pont", 0.0),
        (None, "Le pont", 0.0),
        ("reste", "", 0.0),
        (None, "", 1.0),
    ],
    ids=[
        "same",
        "order and case",
        "unicode form",
        "half",
        "counted",
        "none",
        "empty",
        "nothing",
        "too much",
        "both empty",
    ],
)
def test_body_f1(got, wanted, score):
    assert body_f1(got, wanted) == pytest.approx(score)


def test_exact_looks_through_white_space_apostrophes_and_unicode_form():
    assert exact(" L'e\u0301cole\u00a0: fin\n du mois ", "L’école : fin du mois")
    assert exact(None, "")
    assert not exact("L’école - Le Fil", "L’école")
    assert not exact("l’école", "L’école")
    assert not exact(None, "L’école")


def test_source_is_the_same_newspaper_however_it_is_spelled():
    assert same_source("L’Intelligent d’Abidjan", "L`INTELLIGENT D’ABIDJAN")
    assert same_source(None, None)
    assert not same_source("L’Essor", None)
    assert not same_source("L’Essor", "Le Matin")


def test_leaks_are_the_forbidden_texts_that_stand_in_the_body():
    page = gold("Lire aussi : l'eau", "Tous droits réservés")
    assert leaks("Corps.\n\nLire aussi :\u00a0l’eau", page) == ("Lire aussi : l'eau",)
    assert leaks(None, page) == ()
