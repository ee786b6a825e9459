"""Case 58: scheduled runs on machines whose clock jumps, and whose turns are missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.columns import UTCDateTime
from corpus.database import Database
from corpus.models import Base
from tests.crawls import ROOT, desk, light_portal


def shift(url: str, days: int) -> None:
    """Move every time that the corpus holds, as if the clock had been wrong by so much and was
    set right since."""
    database = Database(url, root=ROOT)
    moved = (
        f"datetime({{0}}, '{days} days')" if database.path else f"{{0}} + interval '{days} days'"
    )
    with database.writing() as connection:
        for table in Base.metadata.tables.values():
            times = [column.name for column in table.c if isinstance(column.type, UTCDateTime)]
            for name in times:
                connection.exec_driver_sql(f"update {table.name} set {name} = {moved.format(name)}")
    database.dispose()


@pytest.mark.parametrize("days", [400, -400], ids=["was-ahead", "was-behind"])
def test_case_58_clock_that_was_wrong_hides_nothing_and_doubles_nothing(
    days: int, database_url: str, tmp_path: Path
) -> None:
    world = light_portal("clock", "abamako", 40)
    with desk(world, database_url, tmp_path) as d:
        failed = world.urls()[30].partition(world.domain)[2]
        d.replica.set_fault("status", failed, status=500)
        assert d.crawl() == 0
        assert d.states()["failed"] == 1
        shift(database_url, days)
        d.replica.clear_faults()
        d.replica.clear_hits()
        world.publish(3)
        assert d.crawl() == 0
        assert len(d.articles()) == 43
        assert len(d.article_hits()) == 4
        assert d.states() == {"stored": 43}


def test_case_58_turns_missed_for_weeks_are_made_up_by_one_run(
    database_url: str, tmp_path: Path
) -> None:
    world = light_portal("missed", "abamako", 20, sections=["Politique"], per_page=10)
    with desk(world, database_url, tmp_path) as d:
        assert d.crawl() == 0
        shift(database_url, -40)
        d.replica.clear_hits()
        # Several listing pages of them.
        world.publish(40, "Politique")
        assert d.crawl() == 0
        assert len(d.articles()) == 60
        assert len(d.article_hits()) == 40
