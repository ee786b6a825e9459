"""Supply: who hands out more pages of a portal when the frontier's table has no more to lease."""

from __future__ import annotations

from typing import Protocol

from crawler.frontier.ledger import Ledger, Verdict


class Supply(Protocol):
    """What the scheduler knows of it. All on the event loop, and none of it waits."""

    done: bool
    """True where nothing more will come, whatever the pages still out come to."""

    def more(self) -> None:
        """The table has run dry: hand out more, and say so by `FrontierScheduler.supplied`."""
        ...

    def settled(self, ledger: Ledger, verdict: Verdict) -> None:
        """A page has come to `verdict`, which is written."""
        ...
