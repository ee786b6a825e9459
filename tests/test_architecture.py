"""The rooms of the house: what may import what. Read from the source, so nothing has to run."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NETWORK = {"scrapy", "twisted", "aiohttp", "socket", "urllib.request", "http", "requests"}


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module a file imports, at the top or inside a function, save for type checking."""
    tree = ast.parse(path.read_text("utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
    return frozenset(found)


def sources(*rooms: str) -> list[Path]:
    found = [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    assert found, rooms
    return found


def rooms_of(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", sources("corpus"), ids=str)
def test_corpus_imports_no_other_room(path):
    assert not rooms_of(path) & {"crawler", "pipelines", "demo"}


@pytest.mark.parametrize("path", sources("crawler", "corpus", "demo", "pipelines"), ids=str)
def test_nothing_imports_pipelines_from_outside(path):
    if "pipelines" not in path.relative_to(ROOT).parts:
        assert "pipelines" not in rooms_of(path)


@pytest.mark.parametrize("path", sources("crawler", "corpus", "pipelines"), ids=str)
def test_product_imports_nothing_of_the_demo(path):
    assert "demo" not in rooms_of(path)


@pytest.mark.parametrize("path", sources("demo"), ids=str)
def test_demo_shares_nothing_with_the_crawler(path):
    assert not rooms_of(path) & {"crawler", "pipelines"}


@pytest.mark.parametrize("path", sources("crawler/portals", "crawler/parsing"), ids=str)
def test_portals_and_parsing_know_no_network_and_no_engine(path):
    used = imports(path)
    assert not {name for name in used if name in NETWORK or name.split(".")[0] in NETWORK}


@pytest.mark.parametrize("path", sources("crawler", "corpus", "pipelines", "demo"), ids=str)
def test_no_state_is_ever_unpickled_and_no_xml_parsed_unsafely(path):
    forbidden = {"pickle", "marshal", "shelve", "xml.etree", "xml.etree.ElementTree", "lxml.etree"}
    assert not imports(path) & forbidden
