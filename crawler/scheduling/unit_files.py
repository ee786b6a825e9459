"""Unit files: written whole or not at all, and never over somebody else's.

Ours bear a mark in their first line. A symbolic link is not ours: `systemctl mask` makes one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from corpus.warc.files import slug
from crawler.scheduling.units import MARK, PREFIX


class NotOurs(ValueError):
    """Something in the folder is in the way; one line."""


def write_units(folder: Path, files: Mapping[str, str]) -> None:
    """Write `files` (name → content) into `folder`, which exists; nothing where one of them
    cannot be. Raises `NotOurs`, or OSError where the folder cannot be written."""
    if not folder.is_dir():
        raise NotOurs(f"no folder {folder}; make it first: mkdir -p {folder}")
    for name in files:
        if not _ours(folder / name):
            raise NotOurs(
                f"{folder / name} was not made by `scrapy schedule`; move it away, or choose"
                " another folder"
            )
    ready: list[tuple[str, Path]] = []
    try:
        for name, content in files.items():
            ready.append((_beside(folder, content), folder / name))
        for temporary, path in ready:
            os.replace(temporary, path)
    finally:
        for temporary, _ in ready:
            with suppress(FileNotFoundError):
                os.unlink(temporary)


def outdated(folder: Path, files: Mapping[str, str], portals: list[str]) -> list[str]:
    """Timers of ours in `folder` for one of `portals` that the schedule has no more, sorted."""
    starts = tuple(f"{PREFIX}{slug(portal)}-" for portal in portals)
    found = (path for path in folder.glob(f"{PREFIX}*.timer") if path.name.startswith(starts))
    return sorted(path.name for path in found if path.name not in files and _ours(path))


def _ours(path: Path) -> bool:
    """True where nothing is there, or a file that was made here."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            return os.read(descriptor, len(MARK.encode())) == MARK.encode()
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return True
    except OSError:
        # A symbolic link, a folder, a file that we may not read.
        return False


def _beside(folder: Path, content: str) -> str:
    """A finished file under a name that systemd does not read."""
    with NamedTemporaryFile("w", dir=folder, prefix=".titrologue-", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o644)
        except BaseException:
            os.unlink(file.name)
            raise
        return file.name
