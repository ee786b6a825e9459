"""Naming: which page or portal a user means, for the commands."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from sqlalchemy import Connection, select

from corpus.models import Page
from crawler.addresses import BadAddress
from crawler.portals.base import Identity, portal_of, portals
from crawler.portals.generic import generic_portal
from crawler.probing.terminal import refuse


def identity_of(command: str, text: str) -> Identity:
    """The page that `text` names, scheme or not: of one of our portals, or else of a site that may
    have been crawled by its address. Ends the process where it is no address."""
    address = text if "://" in text else f"http://{text}"
    try:
        return (portal_of(address) or generic_portal(address)).identify(address)
    except BadAddress as bad:
        refuse(command, f"{text}: {bad}")


def must_be_known(command: str, connection: Connection, identity: Identity, text: str) -> None:
    """End the process where `text` is on a host of no portal, and of no site that was crawled."""
    if identity.portal in portals():
        return
    table = Page.__table__
    query = select(table.c.id).where(table.c.portal == identity.portal).limit(1)
    if connection.execute(query).first() is None:
        refuse(command, f"{text}: no portal has this host; `scrapy portals` prints them")


def unknown_portal(
    name: str, known: Iterable[str], *, called: str = "the portals", by_address: bool = False
) -> str:
    """The line for a portal that is not among `known`, with the nearest of them. `by_address`: the
    command takes other sites by their address."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    rest = "; another site is given by its address, e.g. https://example.org/" if by_address else ""
    return f"no portal {name!r}: {hint}{called} are {', '.join(names)}{rest}"
