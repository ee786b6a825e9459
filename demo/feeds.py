"""Feeds: a world's newest articles as RSS 2.0 or Atom."""

from __future__ import annotations

from datetime import UTC, datetime, time
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from demo.pages import Response

if TYPE_CHECKING:
    from demo.portal import World

FEED_PATH = "/rss/rss.xml"
IN_FEED = 20


def feed(world: World) -> Response:
    """The feed in the form that `world.feed` names: `rss` or `atom`."""
    write = _atom if world.feed == "atom" else _rss
    text = write(world, world.newest(IN_FEED))
    return Response(200, text.encode(), {"Content-Type": "application/xml; charset=utf-8"})


def _rss(world: World, indexes: list[int]) -> str:
    items = "".join(
        f"<item><title>{escape(world.article(i).title, quote=False)} (Autre presse)</title>"
        f"<link>{escape(world.stubs[i].url)}</link>"
        f"<pubDate>{format_datetime(_published(world, i))}</pubDate></item>"
        for i in indexes
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{world.name}'
        f"</title><link>{world.scheme}://{world.domain}/</link>{items}</channel></rss>"
    )


def _atom(world: World, indexes: list[int]) -> str:
    entries = "".join(
        f"<entry><title>{escape(world.article(i).title, quote=False)}</title>"
        f'<link href="{escape(world.stubs[i].url)}"/><id>{escape(world.stubs[i].url)}</id>'
        f"<published>{_published(world, i).isoformat()}</published>"
        f"<updated>{world.edited_at.get(i, _published(world, i)).isoformat()}</updated></entry>"
        for i in indexes
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>'
        f"{world.name}</title>{entries}</feed>"
    )


def _published(world: World, index: int) -> datetime:
    return datetime.combine(world.stubs[index].day, time(), UTC)
