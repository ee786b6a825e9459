"""Addresses that are not on the public internet, in every notation."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.network.private import is_private_host, is_public, literal_address, parse_networks

PRIVATE = (
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f.1",
    "0x7f000001",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "0",
    "0.0.0.0",
    "[::1]",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "[::ffff:7f00:1]",
    "::127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.0.8",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "fd00::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "１２７.０.０.１",
    "127。0。0。1",
    "localhost",
    "LOCALHOST.",
    "www.localhost",
    "db.internal",
)
PUBLIC = ("8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "news.abamako.com", "internal.example.com")


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_host_is_seen_in_any_notation(host: str) -> None:
    assert is_private_host(host)


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_host_is_let_pass(host: str) -> None:
    assert not is_private_host(host)


def test_allowed_networks_open_themselves_only() -> None:
    allowed = parse_networks(["127.0.0.0/8", "fd00::/8"])
    assert is_public(ip_address("127.0.0.1"), allowed)
    assert is_public(ip_address("::ffff:127.0.0.1"), allowed)
    assert is_public(ip_address("fd00::1"), allowed)
    assert not is_public(ip_address("10.0.0.1"), allowed)
    assert not is_public(ip_address("::1"), allowed)


@given(st.text(max_size=60))
def test_no_host_raises(host: str) -> None:
    literal_address(host)
    is_private_host(host)


@given(st.ip_addresses(v=4), st.sampled_from(["{}", "0x{:x}", "0{:o}"]))
def test_whole_numbers_are_read_as_the_c_library_reads_them(address: object, form: str) -> None:
    assert literal_address(form.format(int(address))) == address  # type: ignore[call-overload]
