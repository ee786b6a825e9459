"""What is missing, by SQL on both databases, against a portal of a few pages made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from corpus.database import Database
from corpus.discoveries import PAGES
from corpus.gaps import (
    DatedGap,
    Reason,
    Scope,
    answers,
    articles_by_day,
    gaps,
    known_articles,
    longest_series,
    reasons,
    states,
    states_by_day,
    states_by_number,
    states_by_section,
)
from corpus.models import Article, ArticleSection, table
from corpus.strata import Gap

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ALL = Scope("abamako")


class Hand:
    """Writes pages and articles."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def page(
        self,
        number: int | None,
        state: str = "stored",
        *,
        day: date | None = None,
        routes: tuple[str, ...] = ("side",),
        kind: str = "h",
        **more: Any,
    ) -> None:
        """A page; a stored one has an article of that day, in the sections it was found by."""
        key = f"news/{kind}/{number}" if number else f"news.abamako.com/{more['reason']}"
        url = f"http://news.abamako.com/{kind}/{number}.html"
        place = {"portal": "abamako", "site": "news", "kind": kind if number else None}
        page: dict[str, Any] = {
            **place, "number": number, "key": key, "url": url, "state": state,
            "found_by": sorted(routes), "discovered_at": NOW, **more,
        }  # fmt: skip
        if state in ("stored", "gone"):
            article = {
                **place, "number": number, "key": key, "url": url, "published_on": day,
                "body": "Un pont.", "word_count": 2, "truncated": False, "signs": {}, "flags": [],
                "content_hash": "x", "knowledge_revision": 0, "fetched_at": NOW, "version": 1,
                "first_seen_at": NOW, "last_seen_at": NOW, "updated_at": NOW,
            }  # fmt: skip
            made = insert(table(Article)).values(article).returning(table(Article).c.id)
            page["article_id"] = self.connection.execute(made).scalar_one()
            for route in routes:
                if route.startswith("sections:"):
                    row = {"article_id": page["article_id"], "section": route[9:]}
                    shown = insert(table(ArticleSection)).values({**row, "first_seen_at": NOW})
                    self.connection.execute(shown)
        else:
            page["listed_on"] = day
        self.connection.execute(insert(PAGES).values(page))


@pytest.fixture
def hand(database_url: str, tmp_path: Path) -> Iterator[Hand]:
    database = Database(database_url, root=tmp_path)
    database.prepare()
    with database.writing() as connection:
        yield Hand(connection)
    database.dispose()


def day(number: int) -> date:
    return date(2024, 1, number)


def test_gaps_lie_between_the_lowest_and_the_highest_article_of_each_series(hand):
    hand.page(3, "missing")
    hand.page(10, day=day(1))
    hand.page(12, "missing")
    hand.page(20, day=None)
    hand.page(25, "quarantined")
    hand.page(900, "missing")
    hand.page(5, kind="p", day=day(3))
    hand.page(7, kind="p", day=day(9))
    hand.page(None, "rejected", reason="x")
    found = gaps(hand.connection, ALL)
    assert found == [
        DatedGap(Gap("news", "h", 13, 19), day(1), None),
        DatedGap(Gap("news", "h", 21, 24), day(1), None),
        DatedGap(Gap("news", "h", 11, 11), day(1), None),
        DatedGap(Gap("news", "p", 6, 6), day(3), day(9)),
    ]


def test_gaps_of_some_days_are_those_that_touch_them(hand):
    for number, one in ((10, 1), (20, 5), (30, 9), (40, 13)):
        hand.page(number, day=day(one))

    def firsts(**bounds: date) -> list[int]:
        return [row.gap.first for row in gaps(hand.connection, Scope("abamako", **bounds))]

    assert firsts(since=day(6)) == [21, 31]
    assert firsts(until=day(4)) == [11]
    assert firsts(since=day(5), until=day(5)) == [11, 21]
    assert firsts(since=day(14)) == []


def test_what_only_a_sample_asked_for_is_a_gap_to_the_estimate_and_answers_it(hand):
    hand.page(10, day=day(1))
    hand.page(13, "missing", routes=("sample",))
    hand.page(14, "stored", routes=("sample",), day=day(2))
    hand.page(15, "failed", routes=("sample",))
    hand.page(16, "queued", routes=("sample",))
    hand.page(17, "duplicate", routes=("sample",))
    hand.page(18, "stored", routes=("sample", "side"), day=day(2))
    hand.page(19, "rejected", routes=("sample",), reason="robots")
    hand.page(20, "rejected", routes=("sample",), reason="no_article")
    hand.page(22, day=day(3))
    open_ = gaps(hand.connection, ALL, but_sampled=True)
    assert [row.gap for row in open_] == [Gap("news", "h", 11, 17), Gap("news", "h", 19, 21)]
    assert answers(hand.connection, "abamako") == {
        ("news", "h", 13): False,
        ("news", "h", 14): True,
        ("news", "h", 15): None,
        ("news", "h", 17): False,
        ("news", "h", 19): None,
        ("news", "h", 20): False,
    }
    assert known_articles(hand.connection, ALL) == (3, 0)


def test_pages_count_by_state_and_in_every_section_that_shows_them(hand):
    hand.page(10, day=day(1), routes=("sections:politique", "sections:news"))
    hand.page(11, "gone", day=day(1), routes=("sections:politique",))
    hand.page(12, "failed", routes=("sections:politique", "side"))
    hand.page(13, "leased", routes=("sections:50%_off",))
    hand.page(14, "missing")
    assert states(hand.connection, ALL) == {
        "stored": 1, "gone": 1, "failed": 1, "leased": 1, "missing": 1,
    }  # fmt: skip
    assert states_by_section(hand.connection, ALL) == {
        "politique": {"stored": 1, "gone": 1, "failed": 1},
        "news": {"stored": 1},
        "50%_off": {"leased": 1},
        "": {"missing": 1},
    }
    assert states(hand.connection, Scope("abamako", "news")) == {"stored": 1}
    assert states(hand.connection, Scope("adakar")) == {}


def test_page_without_a_day_has_that_of_the_nearest_dated_page_below(hand):
    hand.page(9, "missing")
    hand.page(10, day=day(1))
    hand.page(11, "missing")
    hand.page(12, "queued", day=day(4))
    hand.page(13, "failed")
    hand.page(14, day=None)
    hand.page(15, day=day(2))
    hand.page(None, "rejected", reason="x")
    assert states_by_day(hand.connection, ALL) == {
        None: {"missing": 1, "rejected": 1},
        day(1): {"stored": 1, "missing": 1},
        day(4): {"queued": 1, "failed": 1, "stored": 1},
        day(2): {"stored": 1},
    }
    assert states(hand.connection, Scope("abamako", since=day(2), until=day(3))) == {"stored": 1}


def test_blocks_of_numbers_are_counted_by_series(hand):
    for number in (10, 19, 20):
        hand.page(number, day=day(1))
    hand.page(15, "missing")
    hand.page(11, kind="p", day=day(1))
    assert states_by_number(hand.connection, ALL, 10) == {
        ("news", "h", 10): {"stored": 2, "missing": 1},
        ("news", "h", 20): {"stored": 1},
        ("news", "p", 10): {"stored": 1},
    }
    assert longest_series(hand.connection, ALL) == 11
    assert longest_series(hand.connection, Scope("adakar")) == 0


def test_reasons_say_how_many_are_due_and_when_first(hand):
    hour = timedelta(hours=1)
    hand.page(10, "failed", reason="timeout", due_at=NOW + hour)
    hand.page(11, "failed", reason="timeout", due_at=NOW)
    hand.page(12, "failed", reason="timeout")
    hand.page(13, "quarantined", reason="exception: KeyError: 'a'")
    hand.page(14, "quarantined", reason="exception: ValueError: b")
    hand.page(15, "queued", reason="throttled")
    hand.page(16, "stored", day=day(1))
    address = "http://news.abamako.com/h/{}.html"
    assert reasons(hand.connection, ALL) == [
        Reason("failed", "timeout", 3, 2, NOW, address.format(10)),
        Reason("quarantined", "exception", 2, 0, None, address.format(13)),
    ]


def test_articles_are_counted_by_day_in_all_and_by_section(hand):
    hand.page(10, day=day(1), routes=("sections:politique",))
    hand.page(11, day=day(1))
    hand.page(12, "gone", day=day(2), routes=("sections:politique",))
    hand.page(13, day=None, routes=("sections:politique",))
    assert articles_by_day(hand.connection, "abamako") == (
        {day(1): 2, day(2): 1},
        {"politique": {day(1): 1, day(2): 1}},
    )
