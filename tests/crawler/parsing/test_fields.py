"""Signs in order, and the small fields that are told apart by their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsing.body import finish, is_suite
from crawler.parsing.fields import Candidate, Sign, cut, every, first
from crawler.parsing.signature import Signature, read_signature
from crawler.parsing.wording import COMMENTS, CREDIT, END, LABEL, RELATED, is_date_line
from tests.growth import assert_linear


def test_first_sign_with_a_value_wins_and_later_ones_do_not_run() -> None:
    asked: list[str] = []

    def sign(name: str, value: str | None) -> Sign[str, str]:
        def read(view: str) -> str | None:
            asked.append(name)
            return value

        return Sign(name, read)

    signs = (sign("a", None), sign("b", ""), sign("c", "oui"), sign("d", "non"))
    assert first(signs, "page") == ("oui", "c")
    assert asked == ["a", "b", "c"]
    assert every(signs, "page")[2:] == [Candidate("c", "oui"), Candidate("d", "non")]
    assert first(signs[:2], "page") == (None, None)


def test_cut_says_so() -> None:
    assert cut("abc", 2) == ("ab", True)
    assert cut("abc", 3) == ("abc", False)


@pytest.mark.parametrize(
    ("line", "author", "agency"),
    [
        ("Awa DIALLO", "Awa DIALLO", None),
        ("A. T.", "A. T.", None),
        ("AWA DIALLO", "AWA DIALLO", None),
        ("La Rédaction", "La Rédaction", None),
        ("Par Moussa Koné", "Moussa Koné", None),
        ("Moussa Koné (stagiaire)", "Moussa Koné", None),
        ("Moussa Koné, correspondant à Kayes", "Moussa Koné", None),
        ("Moussa Koné et Awa Diallo", "Moussa Koné et Awa Diallo", None),
        ("Moussa Ag Attaher", "Moussa Ag Attaher", None),
        ("Jean-Marie d’Almeida", "Jean-Marie d’Almeida", None),
        ("Synthèse de Moussa Koné", "Moussa Koné", None),
        ("Moussa Koné (AMAP)", "Moussa Koné", "AMAP"),
        ("AFP", None, "AFP"),
        ("(AFP)", None, "AFP"),
        ("Avec AFP", None, "AFP"),
        ("Xinhua", None, "Xinhua"),
    ],
)
def test_signatures(line: str, author: str | None, agency: str | None) -> None:
    assert read_signature(line) == Signature(author, agency)


@pytest.mark.parametrize(
    "line",
    [
        "Le maire est venu",
        "Un mort.",
        "Vive la République",
        "Le Comité Exécutif",
        "Bamako",
        "«Jamais Plus»",
        "Affaire à suivre",
        "Mali 2 Togo 1",
        "Où va le Pays ?",
        "Prochain Rendez-vous",
        "Il a dit Oui",
        "",
    ],
)
def test_sentences_are_no_signatures(line: str) -> None:
    assert read_signature(line) is None


def test_names_in_a_list_stay_in_the_body() -> None:
    lines = ["Ont été nommés :", "Awa Diallo", "Moussa Koné", "Kofi Mensah"]
    body = finish([(line, False) for line in lines])
    assert body.author is None
    assert body.text == "\n".join(lines)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("... suite de l'article sur RFI", True),
        ("Lire la suite sur Jeune Afrique", True),
        ("Suite sur Slate Afrique", True),
        ("Il a donné suite sur le plan légal", False),
        ("Le maire a promis une suite sur la place du marché", False),
    ],
)
def test_continuation_lines(line: str, expected: bool) -> None:
    assert is_suite(line) is expected


def test_sentence_about_a_suite_stays() -> None:
    text = "Le maire a donné suite sur le plan légal"
    body = finish([("Un premier paragraphe assez long.", True), (text, True)])
    assert (body.truncated, body.text.endswith(text)) == (False, True)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Publié le vendredi 8 mars 2024 | Le Relais", True),
        ("Publié le 12/03/2014", True),
        ("Aujourd’hui nous sommes le lundi 18 mars 2024", False),
        ("Le Journal d’Aujourd’hui", False),
        ("Politique", False),
    ],
)
def test_date_lines(line: str, expected: bool) -> None:
    assert is_date_line(line) is expected


@given(st.text(max_size=300))
def test_no_line_raises(text: str) -> None:
    read_signature(text)
    is_suite(text)
    is_date_line(text)
    finish([(text, True), (text[::-1], False)])


@pytest.mark.parametrize(
    "unit", [" ", "(", "a ", "A. ", ".", "suite sur ", "00:00", "Par A et ", "'"]
)
def test_patterns_take_linear_time(unit: str) -> None:
    def read(text: str) -> None:
        for pattern in (COMMENTS, RELATED, LABEL, END, CREDIT):
            pattern.match(text)
        read_signature(text)
        finish([("Un paragraphe.", True), (text, True)])

    assert_linear(read, lambda size: unit * (size // len(unit)), 200_000, quick=0.1)
