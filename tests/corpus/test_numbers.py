"""Ranges of numbers: what was passed over, what is wanted, what is not known at all."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from corpus.database import Database
from corpus.frontier import Discover, Lease, NumbersOnly, Settle
from corpus.number_units import Edge, FindEdge, HandOut, LookAhead, TakeStock
from corpus.numbers import (
    IN_CHUNK,
    SKIMMED,
    WANTED,
    Series,
    Span,
    add_range,
    cut_ranges,
    highest_untried,
    ranges_of,
    series_of,
    untried,
)

NOW = datetime(2024, 4, 2, 12, tzinfo=UTC)
NEWS, SPORTS = Series("news", "h"), Series("sports", "h")


@pytest.fixture
def connection(database_url, tmp_path):
    database = Database(database_url, root=tmp_path)
    database.prepare()
    with database.writing() as connection:
        yield connection
    database.dispose()


def spans(connection, state=None, series=NEWS):
    notes = ranges_of(connection, "abamako", state)
    return sorted(tuple(note.span) for note in notes if note.series == series)


def add(connection, first, last, state=SKIMMED, series=NEWS):
    add_range(connection, "abamako", series, Span(first, last), state, NOW)


def cut(connection, first, last, state=None):
    return cut_ranges(connection, "abamako", NEWS, Span(first, last), NOW, state)


def test_ranges_that_touch_or_overlap_become_one(connection):
    for first, last in ((10, 20), (40, 50), (21, 30), (45, 60)):
        add(connection, first, last)
    assert spans(connection) == [(10, 30), (40, 60)]
    add(connection, 31, 39)
    assert spans(connection) == [(10, 60)]


def test_a_range_added_twice_is_one(connection):
    add(connection, 10, 20)
    add(connection, 10, 20)
    assert spans(connection) == [(10, 20)]


def test_states_series_and_portals_keep_apart(connection):
    add(connection, 10, 20)
    add(connection, 15, 25, WANTED)
    add(connection, 12, 18, series=SPORTS)
    add_range(connection, "aouaga", NEWS, Span(1, 99), SKIMMED, NOW)
    assert spans(connection, SKIMMED) == [(10, 20)]
    assert spans(connection, WANTED) == [(15, 25)]
    assert spans(connection, series=SPORTS) == [(12, 18)]


@pytest.mark.parametrize(
    ("first", "last", "left"),
    [
        (1, 9, [(10, 20), (30, 40)]),
        (10, 20, [(30, 40)]),
        (12, 15, [(10, 11), (16, 20), (30, 40)]),
        (20, 30, [(10, 19), (31, 40)]),
        (1, 99, []),
    ],
)
def test_cutting_leaves_what_is_on_either_side(connection, first, last, left):
    add(connection, 10, 20)
    add(connection, 30, 40)
    cut(connection, first, last)
    assert spans(connection) == left


def test_cutting_one_state_leaves_the_other(connection):
    add(connection, 10, 20)
    add(connection, 10, 20, WANTED)
    assert cut(connection, 1, 99, WANTED) == 1
    assert (spans(connection, SKIMMED), spans(connection, WANTED)) == ([(10, 20)], [])


@pytest.mark.parametrize(("first", "last"), [(0, 5), (9, 8)])
def test_table_refuses_a_range_that_is_none(connection, first, last):
    with pytest.raises(IntegrityError):
        add(connection, first, last)


# -- with rows of pages ----------------------------------------------------------------------


def settled(desk, found, article, state, *numbers, **more):
    """Pages in a state, through the frontier."""
    desk(Discover("abamako", 1, [found(n, **more) for n in numbers]))
    for row in desk(Lease("abamako", 1, len(numbers))):
        held = article(row.number) if state == "stored" else None
        desk(Settle("abamako", 1, row.id, row.key, state, article=held))


def reading(desk, function, *arguments, **more):
    with desk.database.reading() as connection:
        return function(connection, "abamako", *arguments, **more)


def test_series_are_those_that_have_numbers_the_one_with_most_articles_first(desk, found, article):
    settled(desk, found, article, "missing", 5, 6, 7, 90, site="news", kind="p", key="news/p/1")
    settled(desk, found, article, "stored", 10, 12)
    settled(desk, found, article, "missing", 900)
    desk(Discover("abamako", 1, [found(None, key="x/y", url="http://x/y", kind=None)]))
    news, photos = reading(desk, series_of)
    assert (news.series, news.known, news.articles, news.highest) == (NEWS, 3, 2, 12)
    assert (photos.series, photos.articles) == (Series("news", "p"), 0)


def test_untried_are_the_numbers_without_a_row_below_the_newest_article(desk, found, article):
    settled(desk, found, article, "stored", 4, 5, 9)
    settled(desk, found, article, "missing", 7, 300)
    assert reading(desk, untried) == {NEWS: [Span(1, 3), Span(6, 6), Span(8, 8)]}


def test_highest_untried_is_found_below_rows_and_skimmed_ranges(desk, found, article):
    known = range(2 * IN_CHUNK, 5 * IN_CHUNK)
    desk(Discover("abamako", 1, [found(n) for n in known]))
    whole = Span(1, known[-1])
    assert reading(desk, highest_untried, NEWS, whole, skimmed_too=False) == known[0] - 1
    desk(HandOut("abamako", NEWS, [], [Span(10, known[0] - 1)]))
    assert reading(desk, highest_untried, NEWS, whole, skimmed_too=False) == 9
    assert reading(desk, highest_untried, NEWS, whole, skimmed_too=True) == known[0] - 1
    desk(HandOut("abamako", NEWS, [found(n) for n in range(1, 10)]))
    assert reading(desk, highest_untried, NEWS, whole, skimmed_too=False) is None


def look(desk, last=100, **more):
    return desk(LookAhead("abamako", 1, NEWS, Span(1, last), above=50, below=60, **more))


def test_view_tells_what_is_known_around_the_next_number(desk, found, article):
    settled(desk, found, article, "stored", 100, 99)
    settled(desk, found, article, "missing", 98, 30)
    desk(HandOut("abamako", NEWS, [found(97, "archive")], [Span(90, 96)]))
    view = look(desk)
    assert view.at == 89
    assert {n: k.state for n, k in view.known.items()} == {
        **{100: "stored", 99: "stored", 98: "missing", 97: "queued", 30: "missing"}
    }
    assert view.known[100].day == date(2024, 4, 1)
    assert view.passed == [Span(90, 96)]
    assert look(desk, full=True).at == 96


def test_what_was_passed_over_near_an_article_is_to_be_decided_again(desk, found, article):
    settled(desk, found, article, "stored", 500)
    desk(HandOut("abamako", NEWS, [], [Span(1, 499)]))
    assert look(desk, 500) is None
    assert look(desk, 500, articles=[200]).at == 250
    with desk.database.reading() as connection:
        assert spans(connection) == [(1, 149), (251, 499)]


def test_stock_taking_opens_what_stands_near_an_article_that_others_found(desk, found, article):
    settled(desk, found, article, "stored", 500, 200)
    settled(desk, found, article, "missing", 300)
    desk(HandOut("abamako", NEWS, [], [Span(1, 199), Span(201, 299), Span(301, 449)]))
    standing = desk(TakeStock("abamako", 50))
    assert [known.series for known in standing.series] == [NEWS]
    with desk.database.reading() as connection:
        assert spans(connection) == [(1, 149), (251, 299), (301, 449)]


def test_days_above_are_those_of_the_nearest_dated_numbers(desk, found, article):
    settled(desk, found, article, "stored", 70, 80, 90)
    desk(Discover("abamako", 1, [found(75, day=date(2024, 3, 1))]))
    desk(HandOut("abamako", NEWS, [], [Span(61, 100)]))
    assert look(desk, days=2).days_above == [date(2024, 4, 1), date(2024, 3, 1)]


def test_handing_out_tells_how_many_are_new_and_unnotes_what_is_read(desk, found, article):
    desk(Discover("abamako", 1, [found(20)]))
    with desk.database.writing() as connection:
        add(connection, 10, 30)
        add(connection, 1, 15, WANTED)
    numbers = [found(n, "archive") for n in range(12, 21)]
    assert desk(HandOut("abamako", NEWS, numbers, read=Span(12, 20))) == 8
    with desk.database.reading() as connection:
        assert spans(connection, SKIMMED) == [(10, 11), (21, 30)]
        assert spans(connection, WANTED) == [(1, 11)]
    with desk.database.reading() as connection:
        from corpus.discoveries import PAGES

        known = connection.execute(PAGES.select().where(PAGES.c.number == 20)).one()
    assert known.found_by == ["archive", "sections:politique"]


def test_edge_is_where_a_day_ends_among_the_dated_numbers(desk, found):
    days = {10: 1, 20: 5, 30: 20, 31: None, 40: 4, 50: 21, 60: 22}
    desk(Discover("abamako", 1, [
        found(n, day=day and date(2024, 3, day)) for n, day in days.items()
    ]))  # fmt: skip

    def edge(until, first=1, last=99):
        return desk(FindEdge("abamako", NEWS, Span(first, last), date(2024, 3, until)))

    assert edge(10) == Edge(40, 50, 2)
    assert edge(10, last=39) == Edge(20, 30, 1)
    assert edge(25) == Edge(60, None, 0)
    assert edge(2, first=20) == Edge(None, 20, 5)


def test_lease_keeps_to_the_numbers_asked_for(desk, found):
    desk(Discover("abamako", 1, [found(n) for n in range(1, 50)]))
    desk(Discover("abamako", 1, [found(7, key="sports/h/7", site="sports")]))
    only = NumbersOnly(NEWS, (Span(20, 22), Span(7, 7)))
    rows = desk(Lease("abamako", 1, 10, only=only))
    assert [(row.site, row.number) for row in rows] == [
        ("news", 22), ("news", 21), ("news", 20), ("news", 7),
    ]  # fmt: skip


@pytest.mark.parametrize("route", ["archive", "sample"])
def test_number_that_was_asked_by_itself_is_queued_again_when_something_links_to_it(
    desk, found, article, route
):
    settled(desk, found, article, "missing", 1, route=route)
    settled(desk, found, article, "missing", 2, route="side")
    for unlinked in ("archive", "sample"):
        desk(Discover("abamako", 1, [found(1, unlinked), found(2, unlinked)]))
    assert desk.rows("SELECT number FROM pages WHERE state = 'queued'") == []
    desk(Discover("abamako", 1, [found(1, "feed"), found(2, "feed")]))
    assert desk.rows("SELECT number FROM pages WHERE state = 'queued'") == [(1,)]
