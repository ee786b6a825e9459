"""Which addresses are not on the public internet, in every notation a URL allows. No network."""

from __future__ import annotations

import socket
import unicodedata
from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# `is_global` calls these public, yet they reach private hosts or are no hosts at all:
# NAT64 (two prefixes), 6to4, Teredo, IPv4-compatible, protocol assignments, 6to4 relays.
_HOLES: tuple[Network, ...] = tuple(
    ip_network(n)
    for n in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "::/96",
        "fec0::/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "240.0.0.0/4",
    )
)
_PRIVATE_NAMES = ("localhost", "localdomain", "local", "internal")


def parse_networks(values: Iterable[str]) -> tuple[Network, ...]:
    """Read SSRF_ALLOW_NETS. Raises `ValueError` for what is no network."""
    return tuple(ip_network(v.strip(), strict=False) for v in values if v.strip())


def is_public(address: Address, allowed: Iterable[Network] = ()) -> bool:
    """True where a connection to `address` stays on the public internet, or is in `allowed`."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address.version == n.version and address in n for n in allowed):
        return True
    if not address.is_global or address.is_multicast or address.is_unspecified:
        return False
    return not any(address.version == n.version and address in n for n in _HOLES)


def literal_address(host: str) -> Address | None:
    """The address that `host` spells out, or None where it is a name.

    Reads what the C library reads: `127.1`, `2130706433`, `0x7f.1`, `0177.0.0.1`, `[::1]`,
    `::ffff:127.0.0.1`, full-width digits, a trailing dot.
    """
    text = unicodedata.normalize("NFKC", host).replace("\u3002", ".").strip().rstrip(".")
    text = text.removeprefix("[").removesuffix("]")
    try:
        return ip_address(text)
    except ValueError:
        pass
    try:
        # inet_aton also takes anything after a blank, which no host name holds.
        return None if " " in text else IPv4Address(socket.inet_aton(text))
    except (OSError, ValueError):
        return None


def is_private_host(host: str, allowed: Iterable[Network] = ()) -> bool:
    """True where the form of `host` alone shows that it is not on the public internet."""
    address = literal_address(host)
    if address is not None:
        return not is_public(address, allowed)
    return host.lower().rstrip(".").rpartition(".")[2] in _PRIVATE_NAMES
