"""Slips: what a corrector changes, and what only looks as if it were that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.slips import Line, is_slip

SLIPS = [
    ("Le maire a parlé.", "Le maire a parle."),
    ("L'Assemblé nationale siège.", "L’Assemblée nationale siège."),
    ("Le president a signé.", "Le Président a signé."),
    ("Le gouvernemnt recule.", "Le gouvernement recule."),
    ("Le gouvrenement recule.", "Le gouvernement recule."),
    ("Il est venu hier", "Il est venu hier."),
    ("« Il vient »", "“Il vient”"),
    ("Aujourd hui il pleut.", "Aujourd’hui il pleut."),
    ("Le le maire parle.", "Le maire parle."),
    ("Au cours la réunion, il parle.", "Au cours de la réunion, il parle."),
    ("La maire de Kolo parle.", "Le maire de Kolo parle."),
    ("Il a Bamako une maison.", "Il à Bamako une maison."),
    ("Les enfant jouent dehors.", "Les enfants jouent dehors."),
    ("Il coûte 3 000 F.", "Il coûte 3000 F."),
    ("Bamako", "Bamakko"),
    # Letters are counted, not sense.
    ("Le vol est puni par la loi.", "Le viol est puni par la loi."),
]
NONE = [
    ("Il y a 3 morts.", "Il y a 5 morts."),
    ("Il y a 3.000 morts.", "Il y a 30.000 morts."),
    ("Il est coupable.", "Il n’est pas coupable."),
    ("Il n’est pas venu.", "Il n’est plus venu."),
    ("Avec son accord, il part.", "Sans son accord, il part."),
    ("Le blessé est à l’hôpital.", "Les blessés sont à l’hôpital."),
    ("Le ministre démissionne.", "Le ministre se maintient."),
    ("Le vol dure une heure.", "Le viol dure une heure et demie."),
    ("Des millions ont disparu.", "Des milliards ont disparu."),
    ("Il arrive mardi.", "Il arrive mercredi."),
    ("Trois ministres partent.", "Trente ministres partent."),
    ("Six élus partent.", "Dix élus partent."),
    ("Le maire parle.", "Le maire parle et la salle sort."),
    ("Un deux trois quatre cinq.", "Um deus troiz quatra cinc."),
    ("", "Le maire."),
    ("***", "---"),
]


@pytest.mark.parametrize(("old", "new"), SLIPS)
def test_correction_of_letters_is_a_slip(old, new):
    assert is_slip(Line(old), Line(new))
    assert is_slip(Line(new), Line(old))


@pytest.mark.parametrize(("old", "new"), NONE)
def test_change_of_what_is_said_is_none(old, new):
    assert not is_slip(Line(old), Line(new))
    assert not is_slip(Line(new), Line(old))


@given(st.text(alphabet="aàbceé 12.,’'-nNpPs", max_size=30),
       st.text(alphabet="aàbceé 12.,’'-nNpPs", max_size=30))  # fmt: skip
def test_answer_is_the_same_in_both_directions(old, new):
    assert is_slip(Line(old), Line(new)) == is_slip(Line(new), Line(old))
    assert is_slip(Line(old), Line(old))
