"""The runner of stages: order, what is left out, sync and async, drops."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from scrapy.exceptions import DropItem
from scrapy.settings import Settings

from crawler.items import Article
from crawler.stages import load_stages, run_stages, run_stages_async
from pipelines.exceptions import NoBody


class Append:
    def process_item(self, item: list[str]) -> list[str]:
        return [*item, "append"]


class AppendAsync:
    async def process_item(self, item: list[str]) -> list[str]:
        await asyncio.sleep(0)
        return [*item, "async"]


STAGES = {
    "pipelines.store.Store": 900,
    "pipelines.validate.Validate": 400,
    "pipelines.repair_text.RepairText": 100,
    "pipelines.strip_boilerplate.StripBoilerplate": 300,
    "pipelines.gone.Gone": None,
}


def load(stages: dict[Any, int | None]) -> list[Any]:
    return load_stages(Settings({"ITEM_PIPELINES": stages}))


def test_stages_come_in_order_without_the_store() -> None:
    names = [type(stage).__name__ for stage in load(STAGES)]
    assert names == ["RepairText", "StripBoilerplate", "Validate"]


def test_classes_may_stand_in_the_settings() -> None:
    assert run_stages([], load({AppendAsync: 2, Append: 1})) == ["append", "async"]


def test_async_runner_awaits_each_stage() -> None:
    stages = [AppendAsync(), Append()]
    assert asyncio.run(run_stages_async([], stages)) == ["async", "append"]


def test_unknown_stage_is_an_error() -> None:
    with pytest.raises(ImportError):
        load({"pipelines.nowhere.Nothing": 1})


def test_drop_comes_through_with_state_and_reason() -> None:
    item = Article(portal="a", site="news", kind="h", number=1, url="http://a.example/", title="T")
    with pytest.raises(DropItem) as caught:
        run_stages(item, load(STAGES))
    assert isinstance(caught.value, NoBody)
    assert (caught.value.state, caught.value.reason) == ("quarantined", "no_body")


def test_the_projects_own_stages_run_an_article() -> None:
    settings = Settings()
    settings.setmodule("crawler.settings")
    item = Article(
        portal="abamako",
        site="news",
        kind="h",
        number=1,
        url="http://a.example/h/1.html",
        title="Le marché rouvre",
        body="Comment\n\nLe marché a rouvert lundi dans le calme, dit l’adjointe du maire.",
    )
    item = run_stages(item, load_stages(settings))
    assert (
        item.lead
        == item.body
        == ("Le marché a rouvert lundi dans le calme, dit l’adjointe du maire.")
    )
