"""Where the corpus lies: CORPUS_URL, ARCHIVE_DIR and SEARCH_DIR as full addresses.

Relative paths count from the folder of `scrapy.cfg`, so a command means the same database from
whatever folder it is run.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DEFAULT_URL = "sqlite:///corpus.db"
DEFAULT_ARCHIVE = "archive"
DEFAULT_SEARCH = "search"


def project_root(start: Path | None = None) -> Path:
    """The folder of the nearest `scrapy.cfg` at or above `start` (default: the working folder);
    without one, `start` itself."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "scrapy.cfg").is_file():
            return folder
    return here


def _setting(settings: Mapping[str, Any] | Any, name: str, default: str) -> str:
    """The command line (`-s`) first, then the environment, then the project's settings."""
    priority = settings.getpriority(name) if hasattr(settings, "getpriority") else None
    value = settings.get(name)
    given_by_command = priority is not None and priority >= 40
    if not given_by_command and os.environ.get(name):
        return os.environ[name]
    return str(value) if value else default


def corpus_url(settings: Mapping[str, Any] | Any) -> str:
    """CORPUS_URL as given: `Database` resolves it against `project_root()`."""
    return _setting(settings, "CORPUS_URL", DEFAULT_URL)


def archive_dir(settings: Mapping[str, Any] | Any) -> Path:
    """ARCHIVE_DIR as a full path."""
    return (project_root() / Path(_setting(settings, "ARCHIVE_DIR", DEFAULT_ARCHIVE))).resolve()


def search_dir(settings: Mapping[str, Any] | Any) -> Path:
    """SEARCH_DIR as a full path."""
    return (project_root() / Path(_setting(settings, "SEARCH_DIR", DEFAULT_SEARCH))).resolve()
