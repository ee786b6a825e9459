"""What finds what in French: the same answers over SQLite and PostgreSQL."""

from __future__ import annotations

import pytest

from tests.corpus.searching.shelf_corpus import ask, brought_up, filled, table_of

CASES = table_of("cases.tsv")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def searched(request, tmp_path_factory):
    """The shelf over a filled database, and the names of its articles by id."""
    folder = tmp_path_factory.mktemp("searched")
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'corpus.db'}"
    else:
        url = request.getfixturevalue("postgres").create_database()
    database, ids = filled(url, folder)
    shelf, brought = brought_up(folder / "search", database)
    assert (brought.taken, brought.removed) == (len(ids), 0)
    yield shelf, {number: name for name, number in ids.items()}
    database.dispose()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['of']}: {case['question']}")
def test_question_finds_exactly_these(case, searched):
    shelf, names = searched
    answers = ask(shelf, case["question"])
    assert sorted(names[hit.article_id] for hit in answers.hits) == sorted(case["names"].split())
    assert answers.total == len(answers.hits)


def test_cases_are_enough():
    assert len(CASES) >= 60
    assert len({case["of"] for case in CASES}) >= 8


def test_order_and_scores_are_the_same_over_both(searched, request):
    """Rankings as pinned below: so they are equal, whichever database it was."""
    shelf, names = searched
    best = [names[hit.article_id] for hit in ask(shelf, "or de Kayes").hits]
    assert best == ["or", "kayes", "mines"]
    newest = [names[hit.article_id] for hit in ask(shelf, "or", newest=True).hits]
    assert newest == ["or", "mines", "kayes", "sansdate"]
    # Nothing ranks: newest first, those without a day last.
    essor = [names[hit.article_id] for hit in ask(shelf, "source:essor").hits]
    assert essor == ["hui", "aujourdhui", "greve", "or", "kayes", "nombre", "sport", "sansdate"]


def test_pages_of_answers_are_parts_of_one_order(searched):
    shelf, _ = searched
    for text in ("le", "source:essor", "prix OR or OR grève"):
        for newest in (False, True):
            whole = ask(shelf, text, newest=newest).hits
            paged = [
                hit
                for offset in range(0, len(whole) + 3, 3)
                for hit in ask(shelf, text, newest=newest, limit=3, offset=offset).hits
            ]
            assert paged == whole


def test_facets_count_every_hit(searched):
    shelf, _ = searched
    facets = ["section", "source", "portal", "author", "year", "month"]
    found = ask(shelf, "or", limit=1, facets=facets)
    assert (found.total, len(found.hits)) == (4, 1)
    assert found.facets["section"] == [("Société", 2), ("Économie", 2)]
    assert found.facets["source"] == [("L’Essor", 3), ("Info Matin", 1)]
    assert found.facets["portal"] == [("abamako", 4)]
    assert found.facets["author"] == [("Awa Koné", 1)]
    assert found.facets["year"] == [(2020, 1), (2023, 1), (2024, 1)]
    assert found.facets["month"] == [(202002, 1), (202305, 1), (202403, 1)]
