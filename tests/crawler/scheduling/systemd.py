"""systemd's own judge of units and calendars. CI installs it; elsewhere a test may go without."""

from __future__ import annotations

import os
import shutil

import pytest

FOUND = shutil.which("systemd-analyze") is not None
needs_systemd = pytest.mark.skipif(
    not FOUND and not os.environ.get("CI"), reason="systemd-analyze is not installed"
)
