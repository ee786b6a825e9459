"""Place: where scheduled runs are started: project, executable, settings; and what is wrong there.

No value of a setting is ever printed, only names: a database's address may hold a password.
"""

from __future__ import annotations

import os
import pwd
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

ENVIRONMENT_FILE = "titrologue.env"
"""Settings of scheduled runs, below the project's folder."""
OURS = ("CORPUS_URL", "ARCHIVE_DIR", "ARCHIVE", "SEARCH_DIR", "CONTACT", "EXTRA_CA_FILE")
"""Settings without which a scheduled run would go elsewhere, or under another name."""
PROXIES = ("http_proxy", "https_proxy", "no_proxy")
_ASSIGNMENT = re.compile(r"^\s*(?:export\s+)?(\w+)=", re.MULTILINE)


class BadPlace(ValueError):
    """A folder that no schedule can name; one line."""


@dataclass(frozen=True, slots=True)
class Place:
    """Absolute paths, and who runs."""

    root: Path
    scrapy: tuple[str, ...]
    """The command that is `scrapy` here."""
    user: str | None
    """Owner of `root`; None where that is root, who should crawl nothing."""
    written: tuple[Path, ...]
    """Folders that a run writes into."""

    @property
    def environment(self) -> Path:
        """The file of settings."""
        return self.root / ENVIRONMENT_FILE

    @classmethod
    def here(cls, root: Path, *written: Path) -> Place:
        """This project and this interpreter. Raises `BadPlace`."""
        beside = Path(sys.executable).with_name("scrapy")
        scrapy = (str(beside),) if beside.exists() else (sys.executable, "-m", "scrapy")
        for path in (str(root), *scrapy, *map(str, written)):
            if not path.isprintable():
                raise BadPlace(f"{path!r}: a path with control characters cannot be scheduled")
        owner = root.stat().st_uid
        try:
            user = pwd.getpwuid(owner).pw_name if owner else None
        except KeyError:
            user = str(owner)
        return cls(root, scrapy, user, tuple(dict.fromkeys((root, *written))))

    def warnings(self, settings: BaseSettings) -> Iterator[str]:
        """Where the settings here and those of scheduled runs part, and a file that others can
        read."""
        named: set[str] = set()
        try:
            named = set(_ASSIGNMENT.findall(self.environment.read_text("utf-8", "replace")))
            if stat.S_IMODE(self.environment.stat().st_mode) & 0o077:
                yield f"others can read {self.environment}: chmod 600 {self.environment}"
        except FileNotFoundError:
            pass
        except OSError as error:
            yield f"{self.environment} cannot be read: {error.strerror}"
        if "CORPUS_URL" in named and not _given(settings, "CORPUS_URL"):
            yield (
                f"{self.environment} sets CORPUS_URL and nothing here does: this learns from"
                " another corpus than the runs will fill"
            )
        missing = [name for name in (*OURS, *PROXIES) if _given(settings, name)]
        missing = [name for name in missing if name not in named]
        if missing:
            yield (
                f"set here, but not in {self.environment}, where scheduled runs read their"
                f" settings: {', '.join(missing)}"
            )


def _given(settings: BaseSettings, name: str) -> bool:
    by_command = (settings.getpriority(name) or 0) >= SETTINGS_PRIORITIES["cmdline"]
    return by_command or bool(os.environ.get(name))
