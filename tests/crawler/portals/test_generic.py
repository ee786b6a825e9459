"""A portal made of an address, and one made of three attributes."""

from __future__ import annotations

import pytest

from crawler.addresses import BadAddress
from crawler.portals.base import Portal, portals
from crawler.portals.generic import generic_portal


class Courrier(Portal):
    name, domain, timezone = "courrier", "example.ml", "Africa/Bamako"


@pytest.mark.parametrize(
    ("url", "name", "home"),
    [
        ("https://www.example.ml/a/b", "example.ml", "https://www.example.ml/"),
        ("http://Example.ML", "example.ml", "http://example.ml/"),
        ("https://actu.example.ml/", "actu.example.ml", "https://actu.example.ml/"),
    ],
)
def test_a_host_has_one_name_whatever_page_it_is_known_by(url, name, home):
    portal = generic_portal(url, timezone="Africa/Bamako")
    assert (portal.name, portal.home(), portal.timezone) == (name, home, "Africa/Bamako")


def test_a_portal_made_of_an_address_is_in_no_list():
    portals.cache_clear()
    generic_portal("https://www.example.ml/")
    portals.cache_clear()
    assert len(portals()) == 9


def test_name_domain_and_time_zone_are_enough_for_a_portal():
    assert Courrier.home() == "https://www.example.ml/"
    identity = Courrier.identify("http://example.ml/2024/03/05/ecole/")
    assert (identity.portal, identity.kind, identity.key) == (
        "courrier",
        None,
        "example.ml/2024/03/05/ecole",
    )
    assert Courrier.syndicated


def test_an_address_that_must_not_be_fetched_makes_no_portal():
    with pytest.raises(BadAddress):
        generic_portal("ftp://example.ml/")
