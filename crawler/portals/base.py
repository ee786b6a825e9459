"""Portal: everything that differs from one news portal to the next, as class attributes.

A portal is one short class (see README.md beside this file). Nothing here opens a connection.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from dataclasses import dataclass
from functools import cache
from typing import ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawler.addresses import BadAddress, canonical, site_free


@dataclass(frozen=True, slots=True)
class Identity:
    """Which article an address names. Two addresses with one `key` are one article.

    `site` is the host's label (`news`, `sports`), `kind` the series (`h` article, `p` photo page,
    `articles`), `number` its place in the series. Where the address fits none of the portal's
    number patterns, `kind` and `number` are None and the key is the address without scheme,
    `www` and case.
    """

    portal: str
    site: str
    kind: str | None
    number: int | None
    url: str
    key: str


class Portal:
    """A news portal. Subclass it, set the attributes; there is nothing to register."""

    name: ClassVar[str] = ""
    """The name typed after `scrapy crawl`. A class without a name is a system, not a portal."""
    country: ClassVar[str] = ""
    domain: ClassVar[str] = ""
    """The registered domain, e.g. `abamako.com`; every host below it is the portal's."""
    news_host: ClassVar[str] = ""
    """Where the front page with article links lives; default `www.` + domain."""
    scheme: ClassVar[str] = "https"
    timezone: ClassVar[str] = "UTC"
    """IANA name; the portal's clock, used to say which day «hier» is."""

    syndicated: ClassVar[bool] = True
    """Feed and sitemap are read beside the listings in every run; False: only where the listings
    give nothing."""
    closed_sites: ClassVar[frozenset[str]] = frozenset()
    """Host labels of the domain that hold no press: small ads, forums, obituaries …"""
    article_patterns: ClassVar[tuple[tuple[str, str], ...]] = ()
    """(kind, regular expression on the path with one group, the number), strongest first."""
    article_paths: ClassVar[dict[str, str]] = {}
    """Kind to the path of its pages with `{number}`, as `article_patterns` read it, the main series
    first. With it the archive can be asked by number."""
    feeds: ClassVar[tuple[str, ...]] = ()
    """Hints only: paths of feeds that the home page does not declare and that are not where feeds
    usually are."""
    sections: ClassVar[dict[str, str]] = {}
    """Hints only: section label to address. None is needed; discovery finds the rest."""
    selectors: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Field to CSS selectors of the template, best first. Fields: see `crawler.parsing.fields`."""

    @classmethod
    def host(cls) -> str:
        """The news host."""
        return cls.news_host or f"www.{cls.domain}"

    @classmethod
    def home(cls) -> str:
        """The address discovery starts from."""
        return f"{cls.scheme}://{cls.host()}/"

    @classmethod
    def zone(cls) -> ZoneInfo:
        """The portal's clock."""
        return ZoneInfo(cls.timezone)

    @classmethod
    def owns(cls, host: str) -> bool:
        """True where `host` (any case) is one of the portal's own, small-ad hosts excluded."""
        host = host.lower().rstrip(".")
        if host == cls.domain or host == cls.host():
            return True
        if not host.endswith("." + cls.domain):
            return False
        return cls.site(host) not in cls.closed_sites

    @classmethod
    def site(cls, host: str) -> str:
        """The label of `host` below the portal's domain: `news.abamako.com` gives `news`."""
        host = host.lower().rstrip(".")
        label = host.removesuffix(cls.domain).rstrip(".")
        return label.removeprefix("www.") or "www"

    @classmethod
    def address(cls, site: str, kind: str, number: int) -> str | None:
        """Where the page of that number stands: `http://news.abamako.com/h/292014.html`. None where
        the portal has no path of that kind."""
        path = cls.article_paths.get(kind)
        if path is None:
            return None
        host = cls.host() if cls.site(cls.host()) == site else f"{site}.{cls.domain}"
        return f"{cls.scheme}://{host}{path.format(number=number)}"

    @classmethod
    def identify(cls, url: str, base: str | None = None) -> Identity:
        """Say which page of this portal `url` names. Raises `BadAddress` (reason `offsite` for a
        host that is not the portal's)."""
        address = canonical(url, base)
        parts = urlsplit(address)
        host = parts.hostname or ""
        if not cls.owns(host):
            raise BadAddress("offsite", host)
        site = cls.site(host)
        for kind, pattern in _compiled(cls.article_patterns):
            if found := pattern.match(parts.path):
                number = int(found.group(1))
                return Identity(cls.name, site, kind, number, address, f"{site}/{kind}/{number}")
        return Identity(cls.name, site, None, None, address, site_free(address))


@cache
def _compiled(patterns: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(regex, re.IGNORECASE)) for kind, regex in patterns)


@cache
def portals() -> dict[str, type[Portal]]:
    """Every portal of this package by name, in alphabetical order."""
    import crawler.portals as package

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    found: dict[str, type[Portal]] = {}
    pending: list[type[Portal]] = list(Portal.__subclasses__())
    while pending:
        cls = pending.pop()
        pending.extend(cls.__subclasses__())
        # A class made on the spot (`generic_portal`) is no attribute of its module.
        written = getattr(sys.modules.get(cls.__module__), cls.__name__, None) is cls
        if cls.name and written and cls.__module__.startswith(package.__name__ + "."):
            found[cls.name] = cls
    return dict(sorted(found.items()))


def portal_of(url: str) -> type[Portal] | None:
    """The portal whose host `url` is on, or None."""
    try:
        host = urlsplit(canonical(url)).hostname or ""
    except BadAddress:
        return None
    return next((p for p in portals().values() if p.owns(host)), None)
