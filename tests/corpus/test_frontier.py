"""The frontier's units, through a real writer thread, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from corpus.frontier import (
    Books,
    Discover,
    Lease,
    ListingSeen,
    LookUp,
    Reclaim,
    Release,
    RunStart,
    RunUpdate,
    SectionsOf,
    SectionUpdate,
    SectionUpsert,
    Settle,
)
from corpus.revisits import LeaseRevisits, Which

NOW = datetime(2024, 4, 2, 12, 30, tzinfo=UTC)
SECTION = ("abamako", "politique", "Politique", "http://news.abamako.com/p/", "menu", "candidate")


def settle(row, state="stored", run=1, **more):
    return Settle(portal="abamako", run_id=run, page_id=row.id, key=row.key, state=state, **more)


def queue(desk, found, *numbers, **more):
    desk(Discover("abamako", 1, [found(n, **more) for n in numbers]))


def lease(desk, want=10, run=1, **more):
    return desk(Lease("abamako", run, want, **more))


def test_discover_counts_only_what_is_new(desk, found):
    assert desk(Discover("abamako", 1, [found(1), found(2), found(2)])) == 2
    assert desk(Discover("abamako", 1, [found(2), found(3)])) == 1
    assert desk(Discover("aouaga", 1, [found(2)])) == 1


def test_every_route_is_remembered(desk, found):
    queue(desk, found, 1)
    desk(Discover("abamako", 1, [found(1, "side"), found(1, "feed", date(2024, 3, 1))]))
    assert desk.rows("SELECT state, listed_on IS NULL FROM pages")[0][0] == "queued"
    with desk.database.reading() as connection:
        from corpus.discoveries import PAGES

        row = connection.execute(PAGES.select()).one()
    assert row.found_by == ["feed", "sections:politique", "side"]
    assert row.listed_on == date(2024, 3, 1)


def test_lease_is_newest_first_and_numberless_last(desk, found):
    queue(desk, found, 5)
    desk(Discover("abamako", 1, [found(None, key="x/y", url="http://x/y"), found(9), found(7)]))
    rows = lease(desk, 3)
    assert [row.number for row in rows] == [9, 7, 5]
    assert [row.number for row in lease(desk)] == [None]
    assert lease(desk) == []
    assert desk(Books("abamako")) == {"leased": 4}


def test_a_third_of_a_lease_is_the_oldest_so_that_invented_numbers_keep_nothing_waiting(
    desk, found
):
    queue(desk, found, *range(1, 11), *range(900_000, 900_100))
    assert [row.number for row in lease(desk, 6)] == [900_099, 900_098, 900_097, 900_096, 1, 2]
    newest = [row.number for row in lease(desk, 6, newest_only=True)]
    assert newest == list(range(900_095, 900_089, -1))


def test_a_lease_is_full_where_most_pages_have_no_number(desk, found):
    bare = [found(None, key=f"x/{n}", url=f"http://x/{n}") for n in range(20)]
    desk(Discover("abamako", 1, [*bare, found(3)]))
    assert [len(lease(desk, 6)) for _ in range(5)] == [6, 6, 6, 3, 0]


def test_lease_of_sections_takes_only_their_main_entries(desk, found):
    queue(desk, found, 1)
    queue(desk, found, 2, route="sections:sports")
    queue(desk, found, 3, route="side")
    rows = lease(desk, sections=frozenset({"sports", "societe"}))
    assert [row.number for row in rows] == [2]


def test_lease_of_a_route_takes_only_what_it_led_to(desk, found):
    queue(desk, found, 1, 2, route="sample")
    queue(desk, found, 2, 3, route="side")
    assert [row.number for row in lease(desk, route="sample")] == [2, 1]
    assert [row.number for row in lease(desk)] == [3]


def test_lease_within_days_takes_the_undated_too(desk, found):
    for number, day in ((1, date(2024, 1, 1)), (2, date(2024, 2, 1)), (3, None)):
        queue(desk, found, number, day=day)
    rows = lease(desk, since=date(2024, 1, 15), until=date(2024, 2, 1))
    assert [row.number for row in rows] == [3, 2]


def test_huge_number_costs_nobody_else_his_place(desk, found):
    assert desk(Discover("abamako", 1, [found(10**30), found(1)])) == 2
    assert [row.number for row in lease(desk)] == [1, None]


def test_stored_page_and_article_come_together(desk, found, article, capture):
    queue(desk, found, 1)
    (row,) = lease(desk)
    result = desk(settle(row, article=article(1), answers=[capture(1)], etag='"e"'))
    assert (result.result, desk(Books("abamako"))) == ("new", {"stored": 1})
    assert desk(Books("abamako", stored=False)) == {}
    assert desk.rows(
        "SELECT p.state, p.etag, p.last_result, a.title, a.version, v.cause FROM pages p "
        "JOIN articles a ON a.id = p.article_id JOIN article_versions v ON v.article_id = a.id"
    ) == [("stored", '"e"', "new", "Titre 1", 1, "site")]
    assert desk.rows("SELECT section FROM article_sections") == [("politique",)]


def test_state_stored_without_article_is_refused(desk, found):
    queue(desk, found, 1)
    (row,) = lease(desk)
    with pytest.raises(ValueError, match="no article"):
        desk(settle(row))
    assert desk(Books("abamako")) == {"leased": 1}


def test_discoveries_of_a_page_are_queued_with_its_settlement(desk, found):
    queue(desk, found, 1)
    (row,) = lease(desk)
    desk(settle(row, "duplicate", reason="redirect", found=[found(2, "article")]))
    assert desk(Books("abamako")) == {"duplicate": 1, "queued": 1}


def test_page_that_is_another_article_becomes_its_duplicate(desk, found, article):
    queue(desk, found, 1, 2)
    second, first = lease(desk)
    result = desk(settle(first, article=article(2), identity=found(2, "canonical")))
    assert result.result == "new"
    assert desk.rows("SELECT number, state, article_id FROM pages ORDER BY number") == [
        (1, "duplicate", result.article_id),
        (2, "stored", result.article_id),
    ]
    again = desk(settle(second, article=article(2)))
    assert again.result == "unchanged"
    assert desk.rows("SELECT count(*) FROM articles") == [(1,)]


def test_identity_that_nobody_had_queued_gets_its_row(desk, found, article):
    queue(desk, found, 1)
    (row,) = lease(desk)
    desk(settle(row, article=article(7), identity=found(7, "canonical")))
    assert desk(Books("abamako")) == {"duplicate": 1, "stored": 1}


def test_same_article_twice_in_one_batch_is_one_row(make_desk, database_url, found, article):
    desk = make_desk(database_url, batch=50, delay=1.0)
    queue(desk, found, 1, 2, 3)
    rows = lease(desk)
    units = [settle(row, article=article(9), identity=found(9, "canonical")) for row in rows]
    results = desk.all(*units)
    assert [r.result for r in results] == ["new", "unchanged", "unchanged"]
    assert desk(Books("abamako")) == {"duplicate": 3, "stored": 1}


def test_failed_page_comes_back_when_due_but_not_in_the_same_run(desk, found):
    queue(desk, found, 1)
    (row,) = lease(desk)
    desk(settle(row, "failed", reason="timeout", due_at=NOW))
    assert lease(desk) == []
    (again,) = lease(desk, run=2)
    assert (again.state, again.attempts) == ("failed", 1)
    assert desk(Books("abamako")) == {"leased": 1}
    desk(Release([(again.id, again.state)]))
    assert desk(Books("abamako")) == {"failed": 1}
    assert len(lease(desk, run=3)) == 1


def test_stored_page_stays_stored_during_its_revisit(desk, found, article):
    queue(desk, found, 1)
    (row,) = lease(desk)
    desk(settle(row, article=article(1), due_at=NOW + timedelta(days=1), etag="x"))
    (again,) = desk(LeaseRevisits(Which("abamako"), 2, 10))
    assert (again.state, again.etag) == ("stored", "x")
    assert again.article_id is not None
    assert desk(Books("abamako")) == {"stored": 1}
    result = desk(settle(again, "stored", run=2))
    assert result.article_id == again.article_id
    assert desk.rows("SELECT last_result, etag FROM pages") == [("unchanged", "x")]


def test_vanished_article_is_gone_and_keeps_its_text(desk, found, article):
    queue(desk, found, 1)
    (row,) = lease(desk)
    desk(settle(row, article=article(1)))
    desk(settle(row, "gone", reason="http 404"))
    ((state, gone, body),) = desk.rows(
        "SELECT p.state, a.gone_at IS NOT NULL, a.body FROM pages p JOIN articles a ON true"
    )
    assert (state, bool(gone), body) == ("gone", True, article(1).body)
    desk(settle(row, article=article(1)))
    assert desk.rows("SELECT count(*) FROM articles WHERE gone_at IS NULL") == [(1,)]


def test_reclaim_queues_what_a_killed_run_held(desk, found):
    queue(desk, found, 1, 2)
    lease(desk, 1)
    assert desk(Reclaim("abamako")) == 1
    assert desk(Reclaim("abamako")) == 0
    assert [row.attempts for row in lease(desk, run=2)] == [0, 0]


def test_listing_tells_new_from_unseen_from_known(desk, found, article):
    section = desk(SectionUpsert(*SECTION))
    queue(desk, found, 1, route="side")
    (row,) = lease(desk)
    desk(settle(row, article=article(1)))
    entries = [found(1), found(2, day=date(2024, 3, 30)), found(3, "side")]
    result = desk(ListingSeen("abamako", 1, section.id, entries, [{"page": 2}], ["k"], True))
    assert result.new == {"news/h/2", "news/h/3"}
    assert result.unseen == {"news/h/1", "news/h/2"}
    assert result.known_days == {"news/h/1": date(2024, 4, 1)}
    again = desk(ListingSeen("abamako", 1, section.id, entries))
    assert (again.new, again.unseen) == (set(), set())
    assert again.known_days["news/h/2"] == date(2024, 3, 30)
    (kept,) = desk(SectionsOf("abamako"))
    assert (kept.mark, kept.positions) == (["k"], [{"page": 2}])
    assert kept.last_walked_at is not None
    # A stored article that a section lists later is in that section.
    assert desk.rows("SELECT section, label FROM article_sections") == [("politique", "Politique")]


def test_section_that_was_judged_stays_so_when_met_again(desk):
    section = desk(SectionUpsert(*SECTION))
    desk(SectionUpdate(section.id, {"state": "listing", "mark": ["k"]}))
    again = desk(SectionUpsert(*SECTION))
    assert (again.id, again.state, again.mark) == (section.id, "listing", ["k"])


def test_look_up_tells_state_and_day(desk, found, article):
    queue(desk, found, 1, 2)
    desk(settle(lease(desk)[0], article=article(2)))
    assert desk(LookUp("abamako", ["news/h/1", "news/h/2", "nothing"])) == {
        "news/h/1": ("leased", None),
        "news/h/2": ("stored", date(2024, 4, 1)),
    }


def test_run_keeps_its_diary(desk):
    run = desk(RunStart("abamako", "sections", {"limit": "5"}, "0.1"))
    desk(RunUpdate(run, stats={"a": 1, "when": NOW, "odd": float("nan")}, stored=3))
    desk(RunUpdate(run, ended_at=NOW, finish_reason="finished", exit_code=0))
    assert desk.rows("SELECT stored, changed, finish_reason, exit_code FROM runs") == [
        (3, 0, "finished", 0)
    ]
    assert desk(RunStart("abamako", "feed")) == run + 1
