"""The guard at connect time: a name that leads to a private address is not connected to.

Set as TWISTED_DNS_RESOLVER, and put on the reactor by the download handler where it is missing.
Twisted connects to the very addresses that this resolver hands over, so a name that changes
between check and connection (DNS rebinding) gains nothing. IPv4 and IPv6.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any, Self, cast
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from scrapy.utils.datatypes import LocalCache
from twisted.internet.interfaces import (
    IHostnameResolver,
    IHostResolution,
    IResolutionReceiver,
)
from zope.interface import implementer

from crawler.network.private import Network, is_public, parse_networks

_DEFAULT_PORTS = {"http": 80, "https": 443}


def environment_proxies() -> dict[str, tuple[str, int]]:
    """Host and port of each proxy that the environment names (`http_proxy`, `https_proxy`,
    `all_proxy`), by its key. They are the operator's word, hence exempt from the guard."""
    found: dict[str, tuple[str, int]] = {}
    for key, value in getproxies().items():
        if key not in ("http", "https", "all"):
            continue
        parts = urlsplit(value if "://" in value else f"http://{value}")
        try:
            port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 80)
        except ValueError:
            continue
        if parts.hostname:
            found[key] = (parts.hostname, port)
    return found


@implementer(IHostnameResolver)
class GuardedResolver:
    """Hands over public addresses only; remembers which names had none."""

    def __init__(self, reactor: Any, settings: BaseSettings) -> None:
        self.reactor = reactor
        self.inner = reactor.nameResolver
        self.allowed: tuple[Network, ...] = parse_networks(settings.getlist("SSRF_ALLOW_NETS"))
        self.timeout = settings.getfloat("DNS_TIMEOUT")
        self.proxies = frozenset(environment_proxies().values())
        self.refused: LocalCache[str, str] = LocalCache(1000)
        cached = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        # LocalCache takes 0 for «no limit».
        self.cache: LocalCache[tuple[str, int, Any], list[Any]] | None = (
            LocalCache(cached) if cached else None
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """Called by Scrapy's crawler process, with itself for `crawler`."""
        return cls(reactor, crawler.settings)

    def install_on_reactor(self) -> None:
        """Make every connection of this process ask here."""
        self.reactor.installNameResolver(self)

    def exempt(self, host: str, port: int) -> bool:
        """True for the configured proxy. A CONNECT tunnel asks without a port (0); no target
        does."""
        return (host, port) in self.proxies or (
            port == 0 and any(host == name for name, _ in self.proxies)
        )

    def why_refused(self, host: str) -> str | None:
        """The private addresses that `host` led to at its last look-up; None where it had
        others."""
        return self.refused.get(_plain(host))

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[Any]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        """Twisted's question: the addresses of `hostName`, told to `resolutionReceiver`."""
        key = (hostName, portNumber, tuple(addressTypes or ()))
        judge = _Judge(self, resolutionReceiver, key)
        if self.cache is not None and key in self.cache:
            judge.answer(self.cache[key])
            return cast("IHostResolution", judge)
        judge.timer = self.reactor.callLater(self.timeout, judge.give_up)
        self.inner.resolveHostName(judge, hostName, portNumber, addressTypes, transportSemantics)
        return cast("IHostResolution", judge)


@implementer(IResolutionReceiver, IHostResolution)
class _Judge:
    """Stands between the resolver of the system and the one who asked."""

    def __init__(
        self, guard: GuardedResolver, receiver: Any, key: tuple[str, int, tuple[Any, ...]]
    ) -> None:
        self.name, self.port = key[0], key[1]
        self.guard, self.receiver, self.key = guard, receiver, key
        self.timer: Any = None
        self.done = False
        self.addresses: list[Any] = []

    def cancel(self) -> None:
        """Nothing to cancel: the look-up runs in a thread."""

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        """The look-up has started."""
        if not self.done:
            self.receiver.resolutionBegan(self)

    def addressResolved(self, address: Any) -> None:
        """One address; judged when all are known."""
        self.addresses.append(address)

    def resolutionComplete(self) -> None:
        """All addresses are known: hand over the public ones."""
        if self.done:
            return
        self.done = True
        if self.timer is not None and self.timer.active():
            self.timer.cancel()
        kept = self._judge()
        if kept and self.guard.cache is not None:
            self.guard.cache[self.key] = kept
        for address in kept:
            self.receiver.addressResolved(address)
        self.receiver.resolutionComplete()

    def answer(self, addresses: list[Any]) -> None:
        """Hand over what was judged before."""
        self.done = True
        self.receiver.resolutionBegan(self)
        for address in addresses:
            self.receiver.addressResolved(address)
        self.receiver.resolutionComplete()

    def give_up(self) -> None:
        """DNS_TIMEOUT is over: no address, which the asker sees as a failed look-up."""
        self.addresses = []
        self.resolutionComplete()

    def _judge(self) -> list[Any]:
        self.guard.refused.pop(_plain(self.name), None)
        if self.guard.exempt(self.name, self.port):
            return self.addresses
        kept = [
            a for a in self.addresses if is_public(ip_address(a.host), allowed=self.guard.allowed)
        ]
        if self.addresses and not kept:
            self.guard.refused[_plain(self.name)] = ", ".join(a.host for a in self.addresses)
        return kept


def _plain(host: str) -> str:
    """Twisted asks for the Unicode form of a host that the request holds in Punycode."""
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()


def guard_of(settings: BaseSettings) -> GuardedResolver:
    """The guard on this process's reactor, installed now where another resolver stands there."""
    from twisted.internet import reactor

    present = reactor.nameResolver
    if isinstance(present, GuardedResolver):
        return present
    guard = GuardedResolver(reactor, settings)
    guard.install_on_reactor()
    return guard
