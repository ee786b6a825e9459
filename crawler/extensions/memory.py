"""Memory: Scrapy's guard, told this process's own peak.

`ru_maxrss` is inherited: a crawl started by a large process (a scheduler, a notebook, a test run)
would begin with its parent's peak and end with 14 before the first page. Linux counts the peak of
the program itself in `/proc`.
"""

from __future__ import annotations

import re
from pathlib import Path

from scrapy.extensions.memusage import MemoryUsage

STATUS = Path("/proc/self/status")
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


class OwnMemoryUsage(MemoryUsage):
    """As MEMUSAGE_* say; only the measure differs."""

    def get_virtual_size(self) -> int:
        """Bytes of this program's largest resident set; Scrapy's figure where `/proc` has none."""
        try:
            found = _PEAK.search(STATUS.read_text("ascii", "replace"))
        except OSError:
            found = None
        return int(found[1]) * 1024 if found else int(super().get_virtual_size())
