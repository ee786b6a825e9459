"""A first crawl, made once a process and kept: what comes after it is tested on copies of it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import make_url

from tests.crawls import Desk, desk
from tests.databases import copy_database

_KEPT: dict[tuple[str, str], tuple[Path, str]] = {}
"""By name and kind of database: the folder and the address of what a first crawl left."""


@contextmanager
def crawled_desk(name: str, make: Callable[[], Any], url: str, folder: Path) -> Iterator[Desk]:
    """A desk after a first crawl, which ended with 0, of the world that `make()` makes: the same
    one each time, for a `name`. Its requests are not among the replica's hits."""
    world, backend = make(), make_url(url).get_backend_name()
    kept = _KEPT.get((name, backend))
    if kept is not None:
        copy_database(kept[1], url)
        shutil.copytree(kept[0] / "beside", folder, dirs_exist_ok=True)
    with desk(world, url, folder) as d:
        if kept is None:
            assert d.crawl() == 0
            _KEPT[name, backend] = _keep(url, folder)
        d.replica.clear_hits()
        yield d


def _keep(url: str, folder: Path) -> tuple[Path, str]:
    kept = Path(tempfile.mkdtemp(prefix="titrologue-crawl-"))
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        address = address.set(database=str(kept / "corpus.db"))
    else:
        address = address.set(database=f"kept_{uuid4().hex[:12]}")
    copied = address.render_as_string(hide_password=False)
    copy_database(url, copied)
    # The index is that of another address' database; it is made anew where it is lacking.
    shutil.copytree(folder, kept / "beside", ignore=shutil.ignore_patterns("corpus.db*", "search"))
    return kept, copied
