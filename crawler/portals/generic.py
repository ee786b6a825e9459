"""Any other host: no selectors, no patterns; everything is read by the general signs."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.addresses import canonical
from crawler.portals.base import Portal


def generic_portal(url: str, *, timezone: str = "UTC") -> type[Portal]:
    """A portal class for the host of `url`, made on the spot. Raises `BadAddress`.

    Its name is the host without `www.`, so rows of different hosts never mix, and one host has one
    name in every run.
    """
    parts = urlsplit(canonical(url))
    host = parts.hostname or ""
    domain = host.removeprefix("www.")
    return type(
        "Generic",
        (Portal,),
        {
            "name": domain,
            "domain": domain,
            "news_host": host,
            "scheme": parts.scheme,
            "timezone": timezone,
            "__module__": __name__,
            "__doc__": f"{host}, known by its address alone.",
        },
    )
