"""Stages: those of ITEM_PIPELINES as a list, run on one item without an engine.

For what reads pages again outside a crawl: `scrapy try`, `reparse`, `import-warc`. Stages are named
in the settings as strings, so nothing here imports `pipelines`.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterable, Sequence
from typing import Any, Final

from scrapy.settings import BaseSettings
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import load_object

STORING: Final = ("pipelines.store",)
"""Modules whose stages write to the corpus; the caller decides about storing."""


def load_stages(settings: BaseSettings, *, without: Sequence[str] = STORING) -> list[Any]:
    """New stages in the order of ITEM_PIPELINES, but those of the modules `without`.

    Each is built by its class alone, without a crawler; `open_spider` is not called. Raises what
    Scrapy raises for a name that cannot be loaded (`ImportError`, `NameError`, `ValueError`).
    """
    classes = [
        load_object(name) for name in build_component_list(settings.getwithbase("ITEM_PIPELINES"))
    ]
    return [stage() for stage in classes if stage.__module__ not in without]


async def run_stages_async(item: Any, stages: Iterable[Any]) -> Any:
    """The item after all stages. A stage's `DropItem` comes through, with `state` and `reason`."""
    for stage in stages:
        result = stage.process_item(item)
        item = await result if inspect.isawaitable(result) else result
    return item


def run_stages(item: Any, stages: Iterable[Any]) -> Any:
    """As `run_stages_async`, from plain code.

    A stage that is a coroutine gets an event loop of its own; where one already runs that is an
    error (`RuntimeError`): await `run_stages_async` there.
    """
    for stage in stages:
        result = stage.process_item(item)
        item = asyncio.run(result) if inspect.iscoroutine(result) else result
    return item
