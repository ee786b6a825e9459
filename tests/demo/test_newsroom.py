"""The newsroom: what it does to a world shows in the next page, and in the gold."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from demo.feeds import FEED_PATH, IN_FEED
from demo.newsroom import Newsroom
from demo.portal import World, make_portal


@pytest.fixture
def world() -> World:
    world = make_portal("newsroom", "abamako", 0, sections=["Politique", "Photos"])
    world.publish(30, "Politique")
    world.publish(5, "Photos")
    return world


def page(world: World, url: str) -> tuple[int, bytes]:
    response = world.respond(urlsplit(url).netloc, urlsplit(url).path)
    return response.status, response.body


def test_published_article_stands_below_the_pinned_ones(world):
    room, old = Newsroom(world), world.listed("Politique")[20]
    room.pin(old, "Politique")
    new = room.publish("Politique")
    assert world.listed("Politique")[:2] == [old, new]
    assert len(world.listed("Politique")) == 31


def test_back_dated_article_stands_where_it_was_put_and_is_shown_nowhere_as_new(world):
    url = Newsroom(world).back_date("Politique", days=4, below=7)
    assert world.listed("Politique")[7] == url
    assert url not in [world.stubs[i].url for i in world.newest(IN_FEED)]
    assert page(world, url)[0] == 200


@pytest.mark.parametrize("section", ["Politique", "Photos"])
def test_edit_changes_page_and_gold_each_time(world, section):
    room, url = Newsroom(world), world.listed(section)[3]
    index = world.urls().index(url)
    states = []
    for _ in range(3):
        gold = world.article(index).gold
        states.append((page(world, url)[1], gold["title"], gold["body"]))
        room.edit(url)
    assert len(set(states)) == len({body for body, _, _ in states}) == 3


def test_deleted_article_is_gone_until_it_is_restored(world):
    room, url = Newsroom(world), world.listed("Politique")[0]
    before = page(world, url)
    room.delete(url, 410)
    assert page(world, url)[0] == 410
    assert url not in world.listed("Politique")
    room.restore(url)
    assert page(world, url) == before


def test_side_column_of_a_restless_world_is_another_one_each_time(world):
    url = world.urls()[0]
    assert page(world, url) == page(world, url)
    world.restless = True
    assert page(world, url) != page(world, url)


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_feed_names_the_newest(world, form):
    assert page(world, f"http://news.abamako.com{FEED_PATH}")[0] == 404
    world.feed = form
    body = page(world, f"http://news.abamako.com{FEED_PATH}")[1].decode()
    assert [url in body for url in world.urls()] == [False] * 15 + [True] * IN_FEED
