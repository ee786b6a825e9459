"""Space: a run that would soon fill the disk does not begin."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from corpus.problems import Unwritable


def require_free(places: Mapping[str, Path], megabytes: int) -> None:
    """Raise `Unwritable` where less than `megabytes` (a million bytes each; 0: no matter) are free
    where one of `places` (what lies there → its path, which need not be there yet) lies."""
    for what, path in places.items():
        free = free_at(path)
        if free is not None and free < megabytes * 1_000_000:
            raise Unwritable(
                f"{free / 1e6:,.0f} MB are free where {what} lies ({path}), fewer than the "
                f"{megabytes} of MIN_FREE_MB; free space, or set MIN_FREE_MB lower (0: no check)"
            )


def free_at(path: Path) -> int | None:
    """Bytes free at the nearest folder that is there; None where that cannot be asked."""
    for folder in (path, *path.parents):
        try:
            return shutil.disk_usage(folder).free
        except FileNotFoundError:
            continue
        except OSError:
            return None
    return None
