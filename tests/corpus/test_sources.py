"""The table of sources: one name for every spelling, first seen or a person's."""

from __future__ import annotations

import pytest

from corpus.sources import BadCorrection, Correction, correct_sources, list_sources, name_sources
from tests.corpus.conftest import NOW


@pytest.fixture
def store(database_url, tmp_path, article):
    """Names the sources of articles; returns (source, agency) of each."""
    from corpus.database import Database
    from corpus.storing import store_articles

    database = Database(database_url, root=tmp_path)
    database.prepare()
    numbers = iter(range(1, 1000))

    class Store:
        def __call__(self, *sources, **more):
            articles = [
                article(next(numbers), source=source, source_raw=source, **more)
                for source in sources
            ]
            with database.writing() as connection:
                store_articles(connection, articles, {}, NOW)
            return [(a.source, a.agency) for a in articles]

        def correct(self, *corrections):
            with database.writing() as connection:
                return correct_sources(connection, corrections, NOW)

        def rows(self, sql):
            with database.reading() as connection:
                return [tuple(row) for row in connection.exec_driver_sql(sql)]

        def listed(self):
            with database.reading() as connection:
                return list_sources(connection)

    yield Store()
    database.dispose()


def test_first_seen_spelling_wins_within_a_batch_and_later(store):
    assert store("L’Écho du Plateau", "L'ECHO DU PLATEAU") == [("L’Écho du Plateau", None)] * 2
    assert store("l’echo du plateau") == [("L’Écho du Plateau", None)]
    assert store.rows("select name, key from sources") == [("L’Écho du Plateau", "lechoduplateau")]
    assert store.rows("select source, count(*) from articles group by source") == [
        ("L’Écho du Plateau", 3)
    ]
    raw = store.rows("select source_raw from article_versions order by article_id")
    assert raw == [("L’Écho du Plateau",), ("L'ECHO DU PLATEAU",), ("l’echo du plateau",)]


def test_the_lists_name_and_kind_replace_a_spelling_seen_before(store):
    store("L'ESSOR")
    assert store("L’Essor", source_listed=True, source_kind="newspaper", source_country="ML") == [
        ("L’Essor", None)
    ]
    rows = store.rows("select name, kind, country from sources")
    assert rows == [("L’Essor", "newspaper", "ML")]


def test_correction_renames_articles_and_those_to_come(store):
    store("Essor du Mali", "L’Essor", "Le Relais")
    corrected = store.correct(Correction("Essor du Mali", "newspaper", "ML", "L’Essor"))
    assert corrected == (1, 1)
    assert store("ESSOR DU MALI") == [("L’Essor", None)]
    assert store.rows("select source, count(*) from articles group by 1 order by min(id)") == [
        ("L’Essor", 3),
        ("Le Relais", 1),
    ]
    assert store.correct(Correction("Essor du Mali", "newspaper", "ML", "L’Essor")) == (0, 0)
    # And back: the articles that were L’Essor's own stay so.
    assert store.correct(Correction("Essor du Mali", None, None, None)) == (1, 2)
    assert store.rows("select source, count(*) from articles group by 1 order by min(id)") == [
        ("Essor du Mali", 2),
        ("L’Essor", 1),
        ("Le Relais", 1),
    ]


def test_canonical_name_gets_a_row_of_its_own(store):
    store("Le Relais du Nord")
    store.correct(Correction("Le Relais du Nord", None, None, "Le Relais"))
    assert store.listed() == [
        ("Le Relais", "", "", "", 1),
        ("Le Relais du Nord", "", "", "Le Relais", 0),
    ]


def test_source_that_a_person_calls_an_agency_is_one(store):
    store("Sahel Dépêches")
    store.correct(Correction("Sahel Dépêches", "agency", None, None))
    assert store("Sahel dépêches") == [("Sahel Dépêches", "Sahel Dépêches")]


@pytest.mark.parametrize(
    ("correction", "words"),
    [
        (Correction("Inconnu", None, None, None), "no source"),
        (Correction("Le Relais", "journal", None, None), "kind"),
        (Correction("Le Relais", None, "Mali", None), "two-letter"),
        (Correction("Le Relais", None, None, "L’ESSOR"), "is written «L’Essor»"),
        (Correction("Le Relais", None, None, " Le  Nord"), "white space"),
        (Correction("Le Relais", None, None, "x" * 301), "too long"),
    ],
    ids=["unknown", "kind", "country", "spelling", "space", "long"],
)
def test_correction_that_cannot_be_writes_nothing(store, correction, words):
    store("Le Relais", "L’Essor")
    with pytest.raises(BadCorrection, match=words):
        store.correct(Correction("L’Essor", "newspaper", None, None), correction)
    assert store.rows("select count(*) from sources where kind is not null") == [(0,)]


def test_canonical_names_do_not_chain(store):
    store("A1", "B1", "C1")
    store.correct(Correction("B1", None, None, "C1"))
    with pytest.raises(BadCorrection, match="another canonical"):
        store.correct(Correction("A1", None, None, "B1"))
    with pytest.raises(BadCorrection, match="another canonical"):
        store.correct(Correction("C1", None, None, "D1"))


def test_naming_again_changes_nothing(store, database_url, tmp_path, article):
    """A batch that an outage made the writer repeat."""
    from corpus.database import Database

    store("Le Relais du Nord")
    store.correct(Correction("Le Relais du Nord", None, None, "Le Relais"))
    one = article(999, source="LE RELAIS DU NORD")
    database = Database(database_url, root=tmp_path)
    for _ in range(2):
        with database.writing() as connection:
            name_sources(connection, [one], NOW)
        assert one.source == "Le Relais"
    database.dispose()
