"""Golden pages: a frozen page a layout, and what it says, one test a field.

`scrapy capture` writes them; the JSON is looked over by a person before it is committed.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from scrapy.utils.project import get_project_settings

from crawler.parsing.page import Page
from crawler.portals.base import portal_of
from crawler.portals.generic import generic_portal
from crawler.probing.reading import read_page
from crawler.stages import load_stages

FOLDER = Path(__file__).with_name("golden")
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def golden(name: str) -> dict[str, Any]:
    return dict(json.loads((FOLDER / f"{name}.json").read_text("utf-8")))


@cache
def read(name: str) -> dict[str, Any]:
    import asyncio

    told = golden(name)
    at = datetime.fromisoformat(told["fetched_at"])
    body = (FOLDER / f"{name}.html").read_bytes()
    page = Page(told["url"], body, told["content_type"], at)
    portal = portal_of(told["url"]) or generic_portal(told["url"], timezone=told["timezone"])
    stages = load_stages(get_project_settings())
    return asyncio.run(read_page(page, portal, stages)).record()


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name in NAMES for field in golden(name)["expected"]]
)
def test_field_of_a_golden_page(name: str, field: str) -> None:
    assert read(name).get(field) == golden(name)["expected"][field]


def test_every_layout_has_its_page() -> None:
    assert len(NAMES) >= 15
    assert {path.stem for path in FOLDER.glob("*.html")} == set(NAMES)
