"""Every portal class holds together: host, home, clock, identity."""

from __future__ import annotations

import pytest

from crawler.addresses import canonical
from crawler.portals.base import Portal, portal_of, portals

NAMES = ["abamako", "abangui", "abidjan", "acotonou", "adakar", "alibreville", "alome", "aniamey",
         "aouaga"]  # fmt: skip


def test_portals_are_found_without_being_registered() -> None:
    assert list(portals()) == NAMES


@pytest.mark.parametrize("portal", portals().values(), ids=lambda p: p.name)
def test_a_portal_holds_together(portal: type[Portal]) -> None:
    assert portal.zone().key == portal.timezone != "UTC"
    assert portal.country
    assert canonical(portal.home()) == portal.home()
    assert portal_of(portal.home()) is portal
    assert portal.owns(f"SPORTS.{portal.domain}")
    assert not portal.owns(f"annonces.{portal.domain}")
    assert not portal.owns(f"x{portal.domain}")


@pytest.mark.parametrize("portal", portals().values(), ids=lambda p: p.name)
@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("h/77.html", "news/h/77"),
        ("p/77.html", "news/p/77"),
        ("articles/77/index", "news/articles/77"),
        ("articles/77", "news/articles/77"),
    ],
)
def test_identify_reads_the_number(portal: type[Portal], path: str, key: str) -> None:
    assert portal.identify(portal.home() + path).key == key


@pytest.mark.parametrize("portal", portals().values(), ids=lambda p: p.name)
@pytest.mark.parametrize("site", ["news", "sports", "www"])
def test_address_of_a_number_is_read_as_that_number(portal: type[Portal], site: str) -> None:
    for kind in portal.article_paths:
        address = portal.address(site, kind, 292014)
        assert address is not None
        assert canonical(address) == address
        assert portal.identify(address).key == f"{site}/{kind}/292014"
    assert portal.address(site, "nothing", 1) is None


def test_address_is_on_the_host_and_of_the_scheme_of_the_portal() -> None:
    known = portals()
    address = known["abamako"].address("news", "h", 292014)
    assert address == "http://news.abamako.com/h/292014.html"
    assert next(iter(known["abidjan"].article_paths)) == "articles"
    address = known["abidjan"].address("news", "articles", 7)
    assert address == "https://news.abidjan.net/articles/7/index"
