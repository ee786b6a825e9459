"""Events: every time an article vanished and came back is written down, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from corpus.frontier import Discover, Lease, Settle
from corpus.worse import content_hash

LATER = datetime(2024, 4, 3, 8, 0, tzinfo=UTC)
GONE = {"state": "gone", "reason": "http_410"}
CONFIRMED = {"state": "stored", "reason": "not_modified"}


@pytest.fixture
def settle(desk, found, article):
    """Settles the page of article 1 in a run of its own; an article where one is handed in."""
    desk(Discover("abamako", 1, [found(1)]))
    (row,) = desk(Lease("abamako", 1, 1))
    desk(Settle("abamako", 1, row.id, row.key, "stored", article=article(1)))
    runs = iter(range(2, 100))

    def settle(**values):
        run = next(runs)
        if values.get("article"):
            values["article"].run_id = run
        values.setdefault("state", "stored")
        return desk(Settle("abamako", run, row.id, row.key, **values))

    return settle


def events(desk):
    return desk.rows("SELECT event, reason, run_id FROM article_events ORDER BY id")


def gone(desk):
    return desk.rows("SELECT gone_at IS NOT NULL FROM articles") in ([(1,)], [(True,)])


def test_article_that_stays_has_no_events(desk, settle, article):
    settle(article=article(1))
    settle(**CONFIRMED)
    assert events(desk) == []


def test_each_time_it_vanished_and_came_back_is_kept_in_order(desk, settle, article):
    settle(**GONE)
    assert gone(desk)
    settle(article=article(1, fetched_at=LATER))
    assert not gone(desk)
    settle(state="gone", reason="not_found")
    settle(**CONFIRMED)
    assert not gone(desk)
    settle(**GONE)
    assert events(desk) == [
        ("gone", "http_410", 2),
        ("back", None, 3),
        ("gone", "not_found", 4),
        ("back", None, 5),
        ("gone", "http_410", 6),
    ]


def test_event_is_at_the_instant_of_the_row_that_it_explains(desk, settle):
    settle(**GONE)
    assert desk.rows(
        "SELECT count(*) FROM articles a JOIN article_events e ON e.article_id = a.id "
        "WHERE e.at = a.gone_at AND e.at = a.updated_at"
    ) == [(1,)]


def test_article_still_gone_is_no_second_event(desk, settle):
    settle(**GONE)
    ((since,),) = desk.rows("SELECT gone_at FROM articles")
    settle(**GONE)
    assert len(events(desk)) == 1
    assert desk.rows("SELECT gone_at FROM articles") == [(since,)]


def test_failed_visit_makes_nothing_of_either(desk, settle):
    failed = {"reason": "timeout", "last_result": "failed", "due_at": LATER + timedelta(days=1)}
    settle(**failed)
    ((seen,),) = desk.rows("SELECT last_seen_at FROM articles")
    settle(**GONE)
    settle(**{**failed, "state": "gone"})
    assert gone(desk)
    assert [event for event, *_ in events(desk)] == ["gone"]
    # The site showed nothing, so it was not seen.
    assert desk.rows("SELECT first_seen_at, last_seen_at FROM articles") == [(seen, seen)]
    assert desk.rows("SELECT state, last_result FROM pages") == [("gone", "failed")]


def test_coming_back_changed_is_an_event_and_a_version(desk, settle, article):
    settle(**GONE)
    settle(article=article(1, title="Autre", content_hash="c2", region_hash="r2"))
    assert [event for event, *_ in events(desk)] == ["gone", "back"]
    assert desk.rows("SELECT version FROM article_versions ORDER BY 1") == [(1,), (2,)]
    assert desk.rows(
        "SELECT count(*) FROM article_events e JOIN article_versions v "
        "ON v.article_id = e.article_id AND v.created_at = e.at WHERE e.event = 'back'"
    ) == [(1,)]


def test_versions_never_change_whatever_comes_after(desk, settle, article):
    kept = "SELECT * FROM article_versions WHERE version <= 2 ORDER BY version"
    texts = ["Un texte.\n\nEt sa suite.", "Un autre texte.", "Un texte.\n\nEt sa suite."]
    made = [
        article(1, body=body, content_hash=content_hash("Titre 1", body), region_hash=f"r{n}")
        for n, body in enumerate(texts)
    ]
    settle(article=made[1])
    before = desk.rows(kept)
    settle(article=made[2])
    settle(**GONE)
    settle(article=made[2])
    settle(article=article(1, body="", content_hash="empty", region_hash="r9"))
    assert desk.rows(kept) == before
    rows = desk.rows("SELECT title, body, content_hash FROM article_versions ORDER BY version")
    # A text that returns is a version of its own: the site changed it again.
    assert [body for _, body, _ in rows] == texts
    assert [kept for *_, kept in rows[1:]] == [content_hash(t, b) for t, b, _ in rows[1:]]
