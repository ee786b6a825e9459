"""Findings: how counts become lines, and which silences are worth one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from corpus.database import Database
from corpus.discoveries import PAGES
from corpus.gaps import Scope
from corpus.models import Article, ArticleSection, table
from crawler.gaps.findings import Findings, counts_of, gather

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BEGIN = date(2024, 1, 1)


def filled(url: str, articles: list[tuple[int, date, str]]) -> Database:
    """A corpus with articles of (number, day, section)."""
    database = Database(url, root=Path("/"))
    database.prepare()
    rows: dict[str, list[dict[str, Any]]] = {"articles": [], "pages": [], "sections": []}
    for place, (number, day, section) in enumerate(articles, 1):
        named = {
            "portal": "abamako", "site": "news", "kind": "h", "number": number,
            "key": f"news/h/{number}", "url": f"http://news.abamako.com/h/{number}.html",
        }  # fmt: skip
        rows["articles"].append(
            {
                **named, "id": place, "published_on": day, "body": "Un pont.", "word_count": 2,
                "truncated": False, "signs": {}, "flags": [], "content_hash": "x",
                "knowledge_revision": 0, "fetched_at": NOW, "version": 1, "first_seen_at": NOW,
                "last_seen_at": NOW, "updated_at": NOW,
            }
        )  # fmt: skip
        page = {"state": "stored", "found_by": [], "article_id": place, "discovered_at": NOW}
        rows["pages"].append({**named, **page})
        rows["sections"].append({"article_id": place, "section": section, "first_seen_at": NOW})
    with database.writing() as connection:
        connection.execute(insert(table(Article)), rows["articles"])
        connection.execute(insert(PAGES), rows["pages"])
        connection.execute(insert(table(ArticleSection)), rows["sections"])
    return database


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'corpus.db'}"


def found(database: Database, by: str | None = None, **scope: Any) -> Findings:
    with database.reading() as connection:
        findings = gather(connection, Scope("abamako", **scope), by)
    database.dispose()
    return findings


def test_states_become_columns_with_leased_among_the_queued():
    counts = counts_of({"stored": 3, "gone": 1, "leased": 2, "queued": 4})
    assert (counts["held"], counts["gone"], counts["queued"], counts["failed"]) == (3, 1, 6, 0)


def test_silence_of_the_whole_portal_is_told_once_and_that_of_a_section_by_itself(url):
    articles, number = [], 0
    for place in range(200):
        day = BEGIN + timedelta(place)
        for section in ("politique", "sports"):
            if place == 90 or (place == 120 and section == "sports"):
                continue
            for _ in range(4):
                number += 1
                articles.append((number, day, section))
    database = filled(url, articles)
    told = [(one.section, one.days.first) for one in found(database).silences]
    silent = BEGIN + timedelta(90), BEGIN + timedelta(120)
    assert told == [(None, silent[0]), ("sports", silent[1])]
    only = found(database, section="sports").silences
    assert [(one.section, one.days.first) for one in only] == [
        ("sports", silent[0]),
        ("sports", silent[1]),
    ]
    later = found(database, since=BEGIN + timedelta(100)).silences
    assert [one.days.first for one in later] == [silent[1]]


@pytest.mark.parametrize(
    ("days", "names"),
    [
        ([0, 91], ["2024-01-01", "2024-04-01"]),
        ([0, 92], ["2024-01", "2024-04"]),
        ([0, 366 * 7], ["2024-01", "2031-01"]),
        ([0, 366 * 8], ["2024", "2032"]),
    ],
)
def test_rows_by_day_are_days_months_or_years(url, days, names):
    database = filled(url, [(n, BEGIN + timedelta(day), "news") for n, day in enumerate(days, 10)])
    assert [row.name for row in found(database, "day").rows] == names


def test_blocks_of_numbers_are_round_and_share_a_gap_among_them(url):
    database = filled(url, [(n, BEGIN, "news") for n in (1003, 1004, 1048, 1052)])
    rows = found(database, "number").rows
    assert [(row.name, row.counts["held"], row.untried) for row in rows[:2]] == [
        ("news/h 1002-1003", 1, 0),
        ("news/h 1004-1005", 1, 1),
    ]
    assert rows[-1].name == "news/h 1052-1053"
    assert sum(row.untried or 0 for row in rows) == 43 + 3
    assert len(rows) == 26


def test_scope_without_pages_has_no_rows(url):
    database = filled(url, [(10, BEGIN, "news")])
    for by in ("day", "number"):
        nothing = found(database, by, since=BEGIN + timedelta(1))
        assert (nothing.rows, nothing.counts["held"], nothing.gaps) == ([], 0, [])
