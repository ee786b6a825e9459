"""Stage normalise_dates on articles and plain dicts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from crawler.items import Article
from pipelines.normalise_dates import NormaliseDates

AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def stage(timezone: str = "Africa/Bamako", **fields: Any) -> Article:
    article = Article(
        portal="abamako", site="news", kind="h", number=1, url="http://x.test/h/1.html"
    )
    article.fetched_at, article.timezone = AT, timezone
    for name, value in fields.items():
        setattr(article, name, value)
    passed: Article = NormaliseDates().process_item(article)
    assert passed is article
    return passed


def test_day_is_written_without_an_instant_when_the_line_has_no_time() -> None:
    article = stage(published_raw="Publié le vendredi 29 mars 2024 | L’Essor")
    assert article.published_on == date(2024, 3, 29)
    assert article.published_at is None
    assert article.published_precision == "day"
    assert article.signs == {"published_on": "date:long"}
    assert (article.flags, article.counters, article.updated_on) == ([], {}, None)


def test_time_of_the_portal_clock_is_written_in_utc() -> None:
    article = stage("Africa/Niamey", published_raw="12 mars 2024 à 00h30")
    assert article.published_on == date(2024, 3, 12)
    assert article.published_at == datetime(2024, 3, 11, 23, 30, tzinfo=UTC)
    assert article.published_at is not None
    assert article.published_at.tzinfo is UTC
    assert article.published_precision == "minute"


def test_yesterday_is_reckoned_from_the_fetch() -> None:
    assert stage(published_raw="Hier à 18:02").published_at == datetime(
        2026, 10, 31, 18, 2, tzinfo=UTC
    )


def test_update_part_of_the_line_is_taken_out() -> None:
    article = stage(published_raw="Publié le 12/03/2024 à 10h, mis à jour le 13/03/2024")
    assert (article.published_on, article.updated_on) == (date(2024, 3, 12), date(2024, 3, 13))
    assert article.updated_raw == "mis à jour le 13/03/2024"
    assert article.published_raw == "Publié le 12/03/2024 à 10h, mis à jour le 13/03/2024"


@pytest.mark.parametrize("field", ["published_raw", "updated_raw"])
def test_update_alone_gives_the_publication_too(field: str) -> None:
    article = stage(**{field: "Mis à jour le 13/03/2024"})
    assert (article.published_on, article.updated_on) == (date(2024, 3, 13), date(2024, 3, 13))
    assert article.signs["published_on"] == "date:update_only"


def test_own_update_field_needs_no_word_of_update() -> None:
    article = stage(published_raw="2024-03-12", updated_raw="2024-03-13T10:00:00Z")
    assert (article.published_on, article.updated_on) == (date(2024, 3, 12), date(2024, 3, 13))
    assert article.updated_raw == "2024-03-13T10:00:00Z"


def test_unreadable_publication_is_empty_counted_and_not_replaced_by_the_update() -> None:
    article = stage(published_raw="Publié le 31 février 2024", updated_raw="2024-03-13")
    assert (article.published_on, article.updated_on) == (None, date(2024, 3, 13))
    assert article.published_precision is None
    assert article.counters == {"date/invalid": 1}
    assert article.published_raw == "Publié le 31 février 2024"


def test_flags_are_added_sorted_and_once() -> None:
    article = stage(published_raw="lundi 29 mars 2024", flags=["weekday", "encoding_suspect"])
    assert article.flags == ["encoding_suspect", "weekday"]


def test_future_is_emptied_flagged_and_counted() -> None:
    article = stage(published_raw="Publié le 12 mars 2030")
    assert (article.published_on, article.flags) == (None, ["date_future"])
    assert article.counters == {"date/invalid": 1}


def test_page_without_a_date_line_counts_nothing() -> None:
    article = stage()
    assert (article.published_on, article.counters, article.signs) == (None, {}, {})


def test_plain_dict_is_served_like_an_article() -> None:
    item = {"published_raw": "12 mars 2024 à 14h05", "fetched_at": AT, "timezone": "Africa/Lome"}
    NormaliseDates().process_item(item)
    assert item["published_at"] == datetime(2024, 3, 12, 14, 5, tzinfo=UTC)


def test_dict_without_clock_or_zone_keeps_the_day_and_no_instant() -> None:
    item: dict[str, Any] = {"published_raw": "12 mars 2024 à 14h05"}
    NormaliseDates().process_item(item)
    assert (item["published_on"], item["published_at"]) == (date(2024, 3, 12), None)
