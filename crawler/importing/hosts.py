"""Hosts: which portal an address of a file belongs to, and whether it is wanted."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.portals.base import Portal, portals
from crawler.portals.generic import generic_portal


class Hosts:
    """Our portals and, with a time zone, the other sites; or one of them alone."""

    def __init__(self, only: type[Portal] | None, timezone: str | None) -> None:
        self.only, self.timezone = only, timezone
        self._generic: dict[str, type[Portal]] = {}
        self._by_host: dict[str, type[Portal] | None] = {}

    def portal(self, url: str) -> type[Portal] | None:
        """The portal of a canonical address; None where it is not wanted."""
        host = urlsplit(url).hostname or ""
        if host not in self._by_host:
            if len(self._by_host) > 10_000:
                self._by_host.clear()
            self._by_host[host] = self._found(url, host)
        return self._by_host[host]

    def named(self, name: str) -> type[Portal]:
        """A portal that was met, by its name."""
        return self._generic.get(name) or portals()[name]

    def _found(self, url: str, host: str) -> type[Portal] | None:
        if self.only is not None:
            if not self.only.owns(host):
                return None
            return self._kept(self.only)
        known = next((p for p in portals().values() if p.owns(host)), None)
        # The small ads of a portal are no site of their own.
        closed = any(host.endswith(f".{p.domain}") for p in portals().values())
        if known is not None or self.timezone is None or closed:
            return known
        made = generic_portal(url, timezone=self.timezone)
        return self._kept(self._generic.get(made.name, made))

    def _kept(self, portal: type[Portal]) -> type[Portal]:
        if portal.name not in portals():
            self._generic[portal.name] = portal
        return portal
