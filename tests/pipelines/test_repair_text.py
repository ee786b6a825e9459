"""RepairText: what is repaired, what must stay to the letter, and that twice is once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import Article
from pipelines import repair_text
from pipelines.repair_text import ONE_LINE, RepairText, clean_text, count_words
from tests.growth import assert_linear

CLEAN = (
    "Le marché de Korofina a rouvert lundi, trois mois après l’incendie. « On recommence à zéro », "
    "dit Awa, vendeuse d'étoffes – elle en a vu d’autres.\n\n"
    "Comment expliquer ce retard ? La mairie parle d'une main-d’œuvre trop rare et d’un devis de "
    "12 500 000 FCFA ; les commerçants, eux, accusent “le maire”.\n"
    "Ses adjoints n’ont pas répondu (voir le n° 3 de l’avis).\n\n"
    "À 14h30, le préfet est arrivé : cœurs, œufs et cætera… L'ÉTÉ SERA LONG, À CÔTÉ DE ÂGÉS."
)


def clean(text: str, one_line: bool = False) -> tuple[str, dict[str, int], set[str]]:
    counters: Counter[str] = Counter()
    flags: set[str] = set()
    return clean_text(text, counters, flags, one_line=one_line), dict(counters), flags


def article(**fields: Any) -> Article:
    return Article(
        portal="abamako", site="news", kind="h", number=1, url="http://a.example/h/1.html", **fields
    )


def test_clean_article_passes_to_the_letter() -> None:
    assert clean(CLEAN) == (CLEAN, {}, set())


@pytest.mark.parametrize(
    ("text", "expected", "counted"),
    [
        ("a\x00b", "ab", {"cleaned/nul": 1}),
        ("a\ud800b\udfff", "ab", {"cleaned/surrogate": 2}),
        ("a\x07b\x1bc\x7f", "abc", {"cleaned/control": 3}),
        ("c\x9cur, l\x92eau", "cœur, l’eau", {"cleaned/control": 2}),
        ("a\x81b", "ab", {"cleaned/control": 1}),
        ("\ufeffa\u200bb\u2060", "ab", {"cleaned/zero_width": 3}),
        ("a\u202eb\u2066c\u200f", "abc", {"cleaned/bidi": 3}),
        ("gou\xadver\xadne", "gouverne", {"cleaned/soft_hyphen": 2}),
        ("mot\u00a0: 10\u202f000\u2009F", "mot : 10 000 F", {"cleaned/nbsp": 3}),
        ("Le chef de l`Etat", "Le chef de l`Etat", {}),
        ("l´eau", "l´eau", {}),
        ("un `mot` cité", "un `mot` cité", {}),
        ("l&amp;rsquo;eau", "l’eau", {"cleaned/entity": 1}),
        ("l&#8217;eau &eacute;", "l’eau é", {"cleaned/entity": 2}),
        ("R&D, Q&A; &inconnu; AT&T", "R&D, Q&A; &inconnu; AT&T", {}),
        ("&amp;amp;#x27;", "'", {"cleaned/entity": 1}),
        ("&#0;a", "a", {"cleaned/entity": 1, "cleaned/nul": 1}),
        ("&#xD800;a", "a", {"cleaned/entity": 1, "cleaned/surrogate": 1}),
        ("&#9999999;", "&#9999999;", {}),
        ("e\u0301te\u0301", "été", {}),
    ],
)
def test_characters(text: str, expected: str, counted: dict[str, int]) -> None:
    assert clean(text) == (expected, counted, set())


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        (" a  b \n c ", "a b\nc", "a b c"),
        ("a\r\nb\rc", "a\nb\nc", "a b c"),
        ("a\n\n \n\n\nb\n", "a\n\nb", "a b"),
        ("a\u2028b\tc", "a\nb c", "a b c"),
        ("\n\n", "", ""),
    ],
)
def test_white_space(text: str, body: str, line: str) -> None:
    assert clean(text)[0] == body
    assert clean(text, one_line=True)[0] == line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ã©tÃ© Ã  Bamako", "été à Bamako"),
        ("lâ€™eau du cÅ“ur", "l’eau du cœur"),
        ("tÃ´t", "tôt"),
        ("Ã\x89tat", "État"),
        ("l’Essor dit « cafÃ© »", "l’Essor dit « café »"),
        ("10 fÃ©vrier 2024", "10 février 2024"),
    ],
)
def test_mojibake_is_repaired_and_flagged(text: str, expected: str) -> None:
    assert clean(text) == (expected, {}, {"mojibake_repaired"})


@pytest.mark.parametrize("text", ["caf\ufffd", "MANHÃ é"])
def test_encoding_that_cannot_be_read(text: str) -> None:
    repaired, _, flags = clean(text)
    assert ("encoding_suspect" in flags) == ("\ufffd" in repaired)


@pytest.mark.parametrize("name", [*ONE_LINE, "body", "lead"])
def test_every_text_field_is_repaired(name: str) -> None:
    item = RepairText().process_item(article(**{name: "l’Etat\x00 \ud800d’Ã©lite"}))
    assert getattr(item, name) == "l’Etat d’élite"
    assert item.counters["cleaned/nul"] == 1
    assert item.flags == ["mojibake_repaired"]


def test_addresses_and_signs_lose_only_what_no_database_holds() -> None:
    item = article(photo_url="http://a.example/L/x (1).jpg\x00", signs={"title": "jsonld\x00"})
    RepairText().process_item(item)
    assert item.photo_url == "http://a.example/L/x (1).jpg"
    assert item.signs == {"title": "jsonld"}


def test_empty_text_is_none_but_in_the_body() -> None:
    item = RepairText().process_item(article(title=" \x00", author="", body=" \n"))
    assert (item.title, item.author, item.body) == (None, None, "")


def test_long_fields_are_cut_and_flagged() -> None:
    item = RepairText().process_item(
        article(title="a" * 1_001, author="b" * 2_001, body="mot " * 500_001, section="c" * 2_000)
    )
    assert (len(item.title), len(item.author)) == (1_000, 2_000)
    assert len(item.body) <= 2_000_000
    assert item.flags == ["author_cut", "body_cut", "title_cut"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("l’eau", 1),
        ("L'eau du porte-monnaie", 3),
        ("aujourd’hui – 14h30 !", 2),
        ("« été », cœur", 2),
    ],
)
def test_count_words(text: str, words: int) -> None:
    assert count_words(text) == words


def test_dict_of_another_project_keeps_its_fields() -> None:
    item = {"title": "l’Etat", "price": 3, "body": None, "tags": ["a\x00"]}
    assert RepairText().process_item(item) is item
    assert item == {"title": "l’Etat", "price": 3, "body": None, "tags": ["a\x00"]}


TEXTS = st.one_of(
    st.text(st.characters(), max_size=200),
    st.text("aeé &;#x2387amprsquolteÃ©Â»â€™\n\r \u00a0`´\x00\ud800\u0301\u200b", max_size=120),
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.booleans())
def test_cleaning_twice_is_once(text: str, one_line: bool) -> None:
    once, _, flags = clean(text, one_line)
    again, counted, flags_again = clean(once, one_line)
    assert (again, counted) == (once, {})
    assert flags_again <= flags
    once.encode()


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from([*ONE_LINE, "body", "lead"]), TEXTS))
def test_stage_twice_is_once(fields: dict[str, str]) -> None:
    first = RepairText().process_item(article(**fields)).asdict()
    item = article()
    for name in [*ONE_LINE, "body", "lead", "flags"]:
        setattr(item, name, first[name])
    second = RepairText().process_item(item).asdict()
    assert {k: second[k] for k in fields} == {k: first[k] for k in fields}
    assert second["flags"] == first["flags"]


@pytest.mark.parametrize(
    "unit", ["&amp;", "&", "&#38;", "\x00", " \n", "Ã©", "a`", " ", "\ud800", "&#0;", "e\u0301"]
)
def test_a_megabyte_is_repaired_in_linear_time(unit: str) -> None:
    assert_linear(clean, lambda size: unit * (size // len(unit)), 1_000_000)


@given(
    st.text(alphabet="aéâïÃÂ©€™’»¿ \n&;#x\u00a0\u0301\u200b\x80", max_size=12)
    | st.text(max_size=20),
    st.booleans(),
)
def test_text_held_for_sound_is_text_that_no_repair_changes(text: str, one_line: bool) -> None:
    if repair_text._is_sound(text, one_line=one_line):
        counters: Counter[str] = Counter()
        flags: set[str] = set()
        assert repair_text._one_pass(text, counters, flags, one_line) == text
        assert (counters, flags) == (Counter(), set())
