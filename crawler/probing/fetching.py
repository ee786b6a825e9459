"""Fetching: the addresses that a person names, each once, for `scrapy try` and `scrapy capture`."""

from __future__ import annotations

from collections.abc import Sequence

from scrapy.settings import Settings

from crawler.addresses import canonical
from crawler.exit_codes import DONE
from crawler.portals.base import portal_of
from crawler.portals.generic import generic_portal
from crawler.probing.terminal import refuse
from crawler.settings_check import ConfigurationProblem, check_settings
from crawler.spiders.visit import AnyOf, Visit, VisitSpider, run_visits, visits_code


def fetch_once(
    command: str, settings: Settings, addresses: Sequence[str]
) -> tuple[dict[str, Visit], int]:
    """(address to its visit, exit code of how that went). Exits 2 for settings that cannot be."""
    try:
        check_settings(settings)
    except ConfigurationProblem as problem:
        refuse(command, str(problem))
    visits: dict[str, Visit] = {}

    async def work(spider: VisitSpider) -> None:
        for address in dict.fromkeys(addresses):
            visits[address] = await spider.visit(canonical(address))

    owners = [portal_of(address) or generic_portal(address) for address in addresses]
    ended = run_visits(settings, AnyOf(owners), work)
    if ended.error is not None:
        raise ended.error
    failed = [visit for visit in visits.values() if not visit.ok]
    return visits, visits_code(ended, failed) or DONE
