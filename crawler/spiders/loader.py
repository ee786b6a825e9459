"""The loader that makes `scrapy list` show the portals: one spider class, a name for each."""

from __future__ import annotations

from scrapy import Request
from scrapy.settings import BaseSettings

from crawler.addresses import BadAddress
from crawler.portals.base import Portal, portal_of, portals
from crawler.portals.generic import generic_portal
from crawler.spiders.portal_spider import PortalSpider


class PortalLoader:
    """Scrapy's spider loader over `crawler.portals`."""

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> PortalLoader:
        """Scrapy's constructor; the portals are in the package, not in the settings."""
        return cls()

    def load(self, spider_name: str) -> type[PortalSpider]:
        """The spider class of one portal, or of any host by its address. Raises KeyError for what
        is neither."""
        try:
            portal = portals().get(spider_name) or generic_portal(spider_name)
        except BadAddress:
            raise KeyError(spider_name) from None
        return self._spider(portal)

    def _spider(self, portal: type[Portal]) -> type[PortalSpider]:
        return type(
            f"{portal.__name__}Spider",
            (PortalSpider,),
            {"name": portal.name, "portal": portal, "__module__": PortalSpider.__module__},
        )

    def list(self) -> list[str]:
        """The portals' names."""
        return list(portals())

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]
        """The portal whose host the request is for."""
        portal = portal_of(request.url)
        return [portal.name] if portal else []
