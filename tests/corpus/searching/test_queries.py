"""Phrases are exact and counts whole, however the engine is asked: against a naive reading."""

from __future__ import annotations

from collections import Counter
from itertools import count, product
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.searching import answers
from corpus.searching.answers import Searcher
from corpus.searching.codes import OWN, Codes
from corpus.searching.index import document, opened
from corpus.searching.question import Both, Either, Node, Without, Words
from corpus.searching.words import terms

TWIN = next(
    form
    for form in map("mot{}".format, count(len(OWN)))
    if Codes().indexed(form).split()[0] == Codes().indexed("riz").split()[0]
)
FORMS = ("de", "la", "le", "pays", "coton", "y", "riz", TWIN, "Kayes")
"""In the index whose words have codes: four with a short one, two with a longer one, and three that
share some, two of them the same."""
LEARNED = ["de", "la", "le", "pay", *map("mot{}".format, range(len(OWN) - 6)), "coton", "y"]
CODES = Codes(), Codes(LEARNED)
SECTIONS = ("Sport", "Santé", "")


def texts() -> list[tuple[str, str]]:
    """Headline and text of every article: all triples of words, in texts of different length."""
    triples = [" ".join(found) for found in product(FORMS, repeat=3)]
    rows = [(" ".join(triples[at : at + 1]), "") for at in range(0, len(triples), 7)]
    rows += [(FORMS[at % 9], f"{one}. " * (at % 4)) for at, one in enumerate(triples)]
    rows += [(FORMS[at % 7], ", ".join(triples[at : at + at % 11])) for at in range(300)]
    return [*rows, ("", ""), ("de", "la"), ("la de", "la le de la")]


TEXTS = texts()
READ = [(*(terms(part) for part in row),) for row in TEXTS]


def section(number: int) -> str:
    return SECTIONS[number % len(SECTIONS)]


@pytest.fixture(scope="module", params=CODES, ids=["no codes", "codes"])
def searcher(request, tmp_path_factory):
    """The texts in an index of several files."""
    folder = tmp_path_factory.mktemp("index")
    request.param.write(folder)
    writer = opened(folder).writer(15_000_000, 1)
    nothing = dict.fromkeys(("photo_caption", "source", "author", "agency", "language"))
    for number, (title, body) in enumerate(TEXTS, 1):
        row = SimpleNamespace(
            id=number, title=title, body=body, portal="abamako", section=section(number), **nothing
        )
        whole = SimpleNamespace(**vars(row), published_on=None)
        writer.add_document(document(whole, (), request.param))
        if number % (len(TEXTS) // 3) == 0:
            writer.commit()
    writer.commit()
    writer.wait_merging_threads()
    return Searcher(folder)


def stands(found: tuple[str, ...], text: list[str]) -> bool:
    return any(tuple(text[at : at + len(found)]) == found for at in range(len(text)))


def answers_to(node: Node) -> list[int]:
    """Ids of the articles that answer by a plain reading."""

    def answer(node: Node, row: tuple[list[str], ...]) -> bool:
        match node:
            case Words(found, name):
                return any(stands(found, text) for text in (row[:1] if name == "title" else row))
            case Both(parts):
                return all(answer(part, row) for part in parts)
            case Either(parts):
                return any(answer(part, row) for part in parts)
            case Without(part):
                return not answer(part, row)
        raise AssertionError(node)

    return [number for number, row in enumerate(READ, 1) if answer(node, row)]


PHRASES = st.builds(
    Words,
    st.lists(st.sampled_from(FORMS), min_size=1, max_size=5).map(
        lambda forms: tuple(terms(" ".join(forms)))
    ),
    st.sampled_from(("text", "text", "title")),
)
NODES = st.one_of(
    PHRASES,
    st.builds(Without, PHRASES),
    st.builds(lambda *parts: Both(parts), PHRASES, st.one_of(PHRASES, st.builds(Without, PHRASES))),
    st.builds(lambda *parts: Either(parts), PHRASES, PHRASES),
)


@settings(deadline=None, max_examples=60)
@given(node=NODES)
def test_every_question_finds_what_a_plain_reading_finds(searcher, node):
    """Asked as of a large index, and as of a small one: the same answers in the same order."""
    expected = answers_to(node)
    sections = Counter(section(number) for number in expected if section(number))
    shown = []
    for aside in (8000, 1):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(answers, "WORTH_ASIDE", aside)
            found = searcher.ask(node, limit=len(TEXTS), facets=("section", "year"))
            first = searcher.ask(node, limit=4, offset=2, facets=("section",))
            newest = searcher.ask(node, limit=len(TEXTS), newest=True)
            assert searcher.every(node) == found.hits
        assert sorted(hit.article_id for hit in found.hits) == expected
        assert first.hits == found.hits[2:6]
        assert found.total == first.total == newest.total == len(expected)
        assert dict(found.facets["section"]) == dict(first.facets["section"]) == sections
        assert found.facets["year"] == []
        # None has a day: so the higher id is the newer one.
        assert [hit.article_id for hit in newest.hits] == expected[::-1]
        shown.append(found)
    assert all(found == shown[0] for found in shown)


def test_words_that_share_a_code_are_no_phrase_of_one_another(searcher):
    for form in ("riz", TWIN):
        for typed in (f"de {form}", f"{form} la", f"le {form} de"):
            node = Words(tuple(terms(typed)))
            found = searcher.ask(node, limit=len(TEXTS))
            assert sorted(hit.article_id for hit in found.hits) == answers_to(node) != []
