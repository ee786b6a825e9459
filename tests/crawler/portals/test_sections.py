"""Section labels to slugs: one section, one slug, however a menu writes it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.portals.sections import (
    KNOWN_SECTIONS,
    NOT_SECTIONS,
    OUT_OF_SCOPE,
    is_known,
    is_no_section,
    out_of_scope,
    same_section,
    section_slug,
)

SAME = [
    ("sports", ["Sport", "SPORTS", " sport ", "sports", "Sport »"]),
    ("economie", ["Économie", "ECONOMIE", "économies", "E\u0301conomie"]),
    ("art-et-culture", ["Art et Culture", "Arts & Cultures", "ARTS ET CULTURE", "Art&culture"]),
    ("societe", ["Société", "SOCIETE", "Sociétés"]),
    ("depeches", ["Dépêches", "Depeche", "DÉPÊCHES"]),
    ("presse-internationale", ["Presse Internationale", "Presses internationales"]),
    ("faits-divers", ["Faits divers", "Fait divers", "Faits-Divers"]),
    ("par-journaux", ["Par journaux", "par journal", "PAR JOURNAUX"]),
    ("pays", ["Pays", "PAYS"]),
    ("coeur", ["Cœur", "coeurs"]),
    ("droits-de-l-homme", ["Droits de l’homme", "Droit de l'Homme"]),
    ("zone-franche", ["Zone franche", "Zones franches"]),
]


@pytest.mark.parametrize(("slug", "labels"), SAME)
def test_section_slug_is_one_for_every_spelling(slug: str, labels: list[str]) -> None:
    assert {section_slug(label) for label in labels} == {slug}
    assert same_section(labels[0], labels[-1])


@pytest.mark.parametrize("label", ["", "  ", "«»", "政治", "…"])
def test_section_slug_is_empty_where_nothing_is_named(label: str) -> None:
    assert section_slug(label) == ""
    assert not same_section(label, label)


@pytest.mark.parametrize(
    ("a", "b"), [("Politique", "Économie"), ("Culture", "Art et Culture"), ("Afrique", "Monde")]
)
def test_same_section_is_false_for_different_sections(a: str, b: str) -> None:
    assert not same_section(a, b)


@pytest.mark.parametrize(
    "label", ["Titrologie", "CARICATURES", "Vidéo", "Galerie vidéos", "Nécrologie", "Document"]
)
def test_out_of_scope_holds_what_has_no_articles(label: str) -> None:
    assert out_of_scope(section_slug(label))
    assert is_known(label)


@pytest.mark.parametrize("label", ["Politique", "Dépêches", "Presse internationale", "Photos"])
def test_out_of_scope_is_false_for_articles_and_photos(label: str) -> None:
    assert not out_of_scope(section_slug(label))


@pytest.mark.parametrize(
    "label", ["Accueil", "CONTACTS", "Qui est Qui ?", "Publicité", "Météo", "Forums", "Flux RSS"]
)
def test_is_no_section_knows_what_stands_in_every_menu(label: str) -> None:
    assert is_no_section(label)
    assert not is_known(label)


def test_the_lists_do_not_contradict() -> None:
    assert not NOT_SECTIONS & set(KNOWN_SECTIONS)
    assert set(KNOWN_SECTIONS.values()) >= OUT_OF_SCOPE
    for slug in KNOWN_SECTIONS.values():
        assert section_slug(slug) == slug


@given(st.text(max_size=300))
def test_section_slug_is_a_slug_and_stays_itself(label: str) -> None:
    slug = section_slug(label)
    assert re.fullmatch(r"[a-z0-9-]{0,80}", slug)
    assert section_slug(slug) == slug
    assert section_slug(label.upper().lower()) == section_slug(label.lower().upper().lower())
