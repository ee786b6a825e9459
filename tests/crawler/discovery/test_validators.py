"""Validators: which ETag and Last-Modified can be relied on."""

from __future__ import annotations

import pytest
from scrapy.http import Response

from crawler.discovery.validators import validators_of

NOON, BEFORE = "Tue, 05 Mar 2024 12:00:00 GMT", "Tue, 05 Mar 2024 11:58:00 GMT"


@pytest.mark.parametrize(
    ("headers", "etag", "modified"),
    [
        ({"ETag": '"a1"'}, '"a1"', None),
        ({"ETag": 'W/"a1"', "Last-Modified": BEFORE, "Date": NOON}, 'W/"a1"', BEFORE),
        # Changed within the last minute: a second change in that second would go unseen.
        ({"Last-Modified": NOON, "Date": NOON}, None, None),
        ({"Last-Modified": BEFORE}, None, None),
        ({"Last-Modified": "hier", "Date": NOON}, None, None),
        ({"Last-Modified": "Tue, 05 Mar 99999 11:58:00 GMT", "Date": NOON}, None, None),
        ({"ETag": "x" * 501}, None, None),
        ({"ETag": "a\x1b[2J"}, None, None),
        ({"ETag": " "}, None, None),
        ({}, None, None),
    ],
)
def test_only_what_can_be_relied_on_is_kept(headers, etag, modified):
    response = Response("http://news.abamako.com/", headers=headers)
    assert validators_of(response) == {"etag": etag, "last_modified": modified}
