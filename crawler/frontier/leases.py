"""Leases: which pages a run asks the frontier for, by its strategy. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.frontier import Lease, NumbersOnly
from corpus.revisits import LeaseRevisits, Which

if TYPE_CHECKING:
    from crawler.spiders.arguments import CrawlArguments


def lease_for(
    arguments: CrawlArguments, portal: str, run_id: int, want: int, *, only: NumbersOnly | None
) -> Lease | LeaseRevisits:
    """The unit that hands out the next `want` pages: what waits (of these numbers `only`), or of a
    `refresh` what is due."""
    if arguments.strategy == "refresh":
        return LeaseRevisits(which_articles(arguments, portal), run_id, want)
    bounds = arguments.bounds
    return Lease(
        portal=portal,
        run_id=run_id,
        want=want,
        sections=frozenset(arguments.sections) or None,
        route=arguments.route,
        since=bounds.since,
        until=bounds.until,
        newest_only=bounds.limit is not None,
        only=only,
    )


def which_articles(arguments: CrawlArguments, portal: str) -> Which:
    """The articles that a `refresh` is about."""
    bounds = arguments.bounds
    return Which(portal, frozenset(arguments.sections) or None, bounds.since, bounds.until)
