"""Any other host: no selectors, no patterns; everything is read by the general signs."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.addresses import canonical
from crawler.portals.base import Portal


def generic_portal(url: str, *, timezone: str = "UTC") -> type[Portal]:
    """A portal class for the host of `url`, made on the spot. Raises `BadAddress`."""
    host = urlsplit(canonical(url)).hostname or ""
    domain = host.removeprefix("www.")
    scheme = urlsplit(canonical(url)).scheme
    return type(
        "Generic",
        (Portal,),
        {
            "name": "",
            "domain": domain,
            "news_host": host,
            "scheme": scheme,
            "timezone": timezone,
            "__module__": __name__,
            "__doc__": f"{host}, known by its address alone.",
        },
    )
