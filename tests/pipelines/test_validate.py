"""Validate: one drop a reason, what is kept with a flag, and that no text changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.exceptions import DropItem

from crawler.items import Article
from pipelines import exceptions
from pipelines.exceptions import Dropped
from pipelines.validate import Validate

BODY = "Le pont de Sotuba rouvre lundi aux camions.\n\nTant mieux."
PHOTO = "http://a.example/img_photos/L/pont(1).jpg"


def article(**fields: Any) -> Article:
    values = {
        "portal": "abamako",
        "site": "news",
        "kind": "h",
        "number": 1,
        "url": "http://a.example/h/1.html",
        "title": "Le pont rouvre",
        "body": BODY,
        "lead": "Le pont de Sotuba rouvre lundi aux camions.",
        "published_on": date(2024, 3, 29),
        "published_precision": "day",
    }
    return Article(**(values | fields))


def validate(**fields: Any) -> Article:
    item = article(**fields)
    assert Validate().process_item(item) is item
    return item


def test_good_article_passes_unchanged() -> None:
    before = article()
    item = Validate().process_item(article(fetched_at=before.fetched_at))
    assert item == before


@pytest.mark.parametrize(
    ("fields", "state", "reason"),
    [
        ({"body": ""}, "quarantined", "no_body"),
        ({"body": "", "title": None}, "quarantined", "no_body"),
        ({"title": None, "published_on": None}, "quarantined", "no_title"),
        ({"title": "Page introuvable", "body": ""}, "missing", "soft_404"),
        ({"title": "Page introuvable"}, "missing", "soft_404"),
        ({"title": "Erreur 404"}, "missing", "soft_404"),
        ({"title": "Erreur 404 : page non trouvée"}, "missing", "soft_404"),
        ({"title": "404 - Not Found"}, "missing", "soft_404"),
        ({"title": "La page demandée n’existe plus."}, "missing", "soft_404"),
        ({"title": "Just a moment..."}, "rejected", "wall"),
        ({"title": "Veuillez vous connecter"}, "rejected", "wall"),
        ({"title": "Attention Required! | Cloudflare"}, "rejected", "wall"),
        ({"url": "javascript:void(0)"}, "quarantined", "invalid_url"),
        ({"title": 3}, "quarantined", "invalid_title"),
        ({"published_on": "2024-03-29"}, "quarantined", "invalid_published_on"),
        ({"published_on": datetime(2024, 3, 29, tzinfo=UTC)}, "quarantined",
         "invalid_published_on"),
        ({"published_at": datetime(2024, 3, 29)}, "quarantined",  # noqa: DTZ001
         "invalid_published_at"),
        ({"published_at": datetime(2024, 3, 29, tzinfo=timezone(timedelta(hours=1)))},
         "quarantined", "invalid_published_at"),
        ({"published_at": datetime(2024, 3, 29, tzinfo=UTC)}, "quarantined",
         "invalid_published_precision"),
        ({"published_precision": "month"}, "quarantined", "invalid_published_precision"),
        ({"word_count": -1}, "quarantined", "invalid_word_count"),
        ({"number": True}, "quarantined", "invalid_number"),
    ],
)  # fmt: skip
def test_what_is_dropped(fields: dict[str, Any], state: str, reason: str) -> None:
    with pytest.raises(Dropped) as caught:
        Validate().process_item(article(**fields))
    assert (caught.value.state, caught.value.reason) == (state, reason)


@pytest.mark.parametrize(
    ("fields", "flags"),
    [
        ({"title": None}, ["no_title"]),
        ({"title": None, "published_on": None, "published_raw": "hier"}, ["no_title"]),
        ({"photo_url": "data:image/png;base64,AA"}, ["photo_url_invalid"]),
        ({"comments_count": -1}, ["comments_count_invalid"]),
        ({"flags": ["weekday", "date_future", "weekday"]}, ["date_future", "weekday"]),
        ({"body": "", "lead": None, "photo_url": PHOTO}, []),
        ({"published_on": None, "published_precision": None}, []),
        ({"title": "Page introuvable", "body": "mot " * 200, "lead": None}, []),
        ({"title": "Connexion : 404 villages enfin reliés"}, []),
        ({"title": "404 : le film"}, []),
        ({"title": "404 morts sur les routes en 2023"}, []),
        ({"title": "Accès refusé aux observateurs dans trois bureaux"}, []),
    ],
)
def test_what_is_kept(fields: dict[str, Any], flags: list[str]) -> None:
    assert validate(**fields).flags == flags


def test_invalid_side_values_are_emptied() -> None:
    item = validate(photo_url="data:x", comments_count=-1)
    assert (item.photo_url, item.comments_count) == (None, None)


def test_each_reason_has_a_class_with_a_docstring_that_scrapy_drops() -> None:
    classes = [
        value
        for value in vars(exceptions).values()
        if isinstance(value, type) and issubclass(value, Dropped)
    ]
    assert len(classes) == 7
    for each in classes:
        assert issubclass(each, DropItem)
        assert each.__doc__
        assert each.state in {"quarantined", "missing", "rejected", "queued"}


def test_dict_of_another_project_passes() -> None:
    item: dict[str, Any] = {"name": "x", "price": 3}
    assert Validate().process_item(item) == {"name": "x", "price": 3}
    assert Validate().process_item({"title": "T"}) == {"title": "T"}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=130), st.text(max_size=200))
def test_no_text_raises_anything_but_a_drop(title: str, body: str) -> None:
    item = article(title=title, body=body, lead=None)
    try:
        Validate().process_item(item)
    except Dropped:
        return
    assert (item.title, item.body) == (title, body)


@pytest.mark.parametrize("name", ["source", "author", "agency"])
def test_name_too_long_for_one_is_emptied_with_a_flag(name: str) -> None:
    item = validate(**{name: "Une phrase n’est pas un nom. " * 12})
    assert (getattr(item, name), item.flags) == (None, [f"{name}_too_long"])
    assert getattr(validate(**{name: "N" * 300}), name) == "N" * 300
