"""Storing: versions and their cause, readings held back, and text that no database would take."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.columns import clean_text, to_json
from corpus.frontier import Discover, Lease, Settle
from corpus.storing import MEANING, StoredArticle, stored_fields
from corpus.worse import content_hash

LATER = datetime(2024, 4, 3, 8, 0, tzinfo=UTC)


@pytest.fixture
def store(desk, found):
    """Stores an article as the page of its number; returns the settlement's result."""

    def store(article):
        desk(Discover("abamako", 1, [found(article.number)]))
        desk(Lease("abamako", 1, 1))
        ((page,),) = desk.rows(f"SELECT id FROM pages WHERE number = {article.number}")
        return desk(Settle("abamako", 1, page, article.key, "stored", article=article))

    return store


def causes(desk):
    return desk.rows("SELECT version, cause, title FROM article_versions ORDER BY version")


def test_change_of_the_article_region_is_an_edit_by_the_site(desk, store, article):
    assert store(article(1)).result == "new"
    changed = article(1, content_hash="c2", region_hash="r2", title="Autre", fetched_at=LATER)
    assert store(changed).result == "changed"
    assert causes(desk) == [(1, "site", "Titre 1"), (2, "site", "Autre")]
    assert desk.rows("SELECT version, title FROM articles") == [(2, "Autre")]
    assert desk.rows("SELECT count(*) FROM articles WHERE last_seen_at > first_seen_at") == [(1,)]


def test_better_reading_of_the_same_region_is_no_edit(desk, store, article):
    store(article(1))
    store(article(1, content_hash="c2", title="Mieux lu", extractor_revision="2"))
    assert causes(desk)[-1] == (2, "reading", "Mieux lu")


def test_same_bytes_read_otherwise_are_no_edit_whatever_region_was_found(desk, store, article):
    store(article(1, warc_digest="sha1:SAME"))
    store(
        article(1, warc_digest="sha1:SAME", content_hash="c2", region_hash="r2", title="Lu mieux")
    )
    assert causes(desk)[-1] == (2, "reading", "Lu mieux")


def test_newer_reader_that_fills_a_field_makes_a_version(desk, store, article):
    store(article(1))
    assert store(article(1, author="A. B.", extractor_revision="2")).result == "changed"
    assert causes(desk)[-1][1] == "reading"
    assert store(article(1, author="A. B.", extractor_revision="3")).result == "unchanged"


def test_changed_side_column_is_no_change(desk, store, article):
    store(article(1))
    result = store(article(1, region_hash="r2", comments_count=5, fetched_at=LATER))
    assert (result.result, len(causes(desk))) == ("unchanged", 1)
    assert desk.rows("SELECT count(*) FROM articles WHERE last_seen_at > first_seen_at") == [(1,)]


@pytest.mark.parametrize("lost", [{"body": ""}, {"title": None}, {"published_on": None}])
def test_reading_that_loses_a_field_never_overwrites(desk, store, article, lost):
    store(article(1))
    result = store(article(1, content_hash="c2", extractor_revision="2", **lost))
    assert (result.result, result.reason) == ("unchanged", f"worse_reading: {next(iter(lost))}")
    assert len(causes(desk)) == 1
    assert desk.rows("SELECT reason FROM pages") == [(result.reason,)]


def test_sections_and_source_are_noted(desk, store, article):
    store(article(1, section="Économie", section_slug="economie", source="L’Essor"))
    store(article(2, source="L’Essor"))
    rows = desk.rows("SELECT section FROM article_sections ORDER BY article_id, section")
    assert rows == [("economie",), ("politique",), ("politique",)]
    assert desk.rows("SELECT name FROM sources") == [("L’Essor",)]


HOSTILE = {
    "nul": "a\x00b",
    "lone surrogate": "a\ud800b",
    "pair": "\ud83d\ude00",
    "c1": "a\x85b",
    "bidi": "a\u202eb",
    "noncharacter": "a\uffffb",
    "megabyte": "é" * 1_000_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_in_every_field_is_stored_beside_its_neighbours(
    desk, store, article, text, found
):
    store(article(1))
    fields = {name: text for name in MEANING if isinstance(_example(article, name), str)}
    odd = article(2, signs={text: text}, flags=[text], **fields)
    assert store(odd).result == "new"
    store(article(3))
    rows = desk.rows("SELECT title, body FROM articles ORDER BY number")
    assert len(rows) == 3
    assert rows[1][1] == clean_text(text)
    assert rows[1][0] == clean_text(text)[:2000]
    ((title, body, kept),) = desk.rows(
        "SELECT title, body, content_hash FROM article_versions WHERE article_id = 2"
    )
    if (title, body) != (text, text):
        assert kept == content_hash(title, body)


def _example(article, name):
    strings = ("published_precision", "language")
    return None if name in strings or name.endswith(("_on", "_at")) or name == "truncated" else "x"


@given(
    st.recursive(
        st.text() | st.floats() | st.none(),
        lambda c: st.lists(c) | st.dictionaries(st.text(), c),
        max_leaves=8,
    )
)
def test_clean_text_leaves_nothing_that_json_or_utf8_refuses(value):
    text = to_json(clean_text(value))
    text.encode()
    assert "\x00" not in text
    assert "\\u0000" not in text
    assert "NaN" not in text or '"' in text
    assert clean_text(clean_text(value)) == clean_text(value)


def test_stored_article_has_every_column_that_is_not_the_writers_own():
    from corpus.models import Article, table

    own = {"id", "version", "first_seen_at", "last_seen_at", "updated_at", "gone_at"}
    own.add("corpus_revision")
    columns = {column.name for column in table(Article).columns} - own
    assert columns == set(stored_fields()) - {
        "section_slug",
        "source_kind",
        "source_country",
        "source_listed",
    }
    assert StoredArticle.__slots__ == stored_fields()
