"""Stages: those of ITEM_PIPELINES as a list, run on one item without an engine.

For what reads pages again outside a crawl: `scrapy try`, `reparse`, `import-warc`. Stages are named
in the settings as strings, so nothing here imports `pipelines`.
"""

from __future__ import annotations

import asyncio
import hashlib
import inspect
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from scrapy.settings import BaseSettings
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import load_object

from crawler import EXTRACTOR_REVISION

STORING: Final = ("pipelines.link_reprints", "pipelines.store")
"""Modules whose stages write to the corpus; the caller decides about storing."""
_READING: Final = (
    "parsing", "portals", "addresses.py", "items.py", "judging.py", "stored_article.py",
)  # fmt: skip
"""What of this package decides how a page is read."""
_LIBRARIES: Final = ("selectolax", "lxml", "trafilatura", "ftfy", "py3langid")


def load_stages(settings: BaseSettings, *, without: Sequence[str] = STORING) -> list[Any]:
    """New stages in the order of ITEM_PIPELINES, but those of the modules `without`.

    Each is built by its class alone, without a crawler; `open_spider` is not called. Raises what
    Scrapy raises for a name that cannot be loaded (`ImportError`, `NameError`, `ValueError`).
    """
    return [stage() for stage in _classes(settings, without)]


def extractor_revision(settings: BaseSettings) -> str:
    """What reads pages, as one word: `2.1f3a9c07`, EXTRACTOR_REVISION and a digest of the parser's,
    the portals' and the stages' source and of the libraries' versions.

    The digest changes by itself with any of these, so that nobody can forget to say that a page may
    be read otherwise now. Raises as `load_stages`.
    """
    digest = hashlib.sha256()
    for path in _sources(settings):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update(" ".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    return f"{EXTRACTOR_REVISION}.{digest.hexdigest()[:8]}"


def _classes(settings: BaseSettings, without: Sequence[str]) -> list[Any]:
    names = build_component_list(settings.getwithbase("ITEM_PIPELINES"))
    return [found for found in map(load_object, names) if found.__module__ not in without]


def _sources(settings: BaseSettings) -> Iterator[Path]:
    """The files that decide how a page is read, in an order that is the same everywhere."""
    here = Path(__file__).parent
    for name in _READING:
        place = here / name
        found = sorted(place.rglob("*.*")) if place.is_dir() else [place]
        yield from (path for path in found if path.suffix in (".py", ".tsv"))
    for stage in _classes(settings, STORING):
        yield Path(inspect.getfile(stage))


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
