"""Why an article is not stored: one exception a reason, raised by stages, read by the frontier.

Each derives from Scrapy's `DropItem`, so any engine drops the item; `state` and `reason` are what
the page's row in `pages` receives.
"""

from __future__ import annotations

from typing import ClassVar

from scrapy.exceptions import DropItem


class Dropped(DropItem):
    """Base of the reasons below; never raised itself.

    `state` is a state of `pages`, `reason` one word that `scrapy why` shows.
    """

    state: ClassVar[str] = "quarantined"
    reason: str = "dropped"


class NoBody(Dropped):
    """Neither body nor photo: the page was not understood. A photo page with an empty body is an
    article. From `validate`."""

    reason = "no_body"


class NoTitle(Dropped):
    """A text without a headline and without a date line: nothing shows that it is an article. With
    a date line it is kept, flag `no_title`. From `validate`."""

    reason = "no_title"


class InvalidField(Dropped):
    """A field has a type or value the corpus cannot hold (a naive instant, an address that is not
    http): a bug before this stage. `reason` names the field. From `validate`."""

    def __init__(self, name: str, value: object) -> None:
        super().__init__(f"{name}: {value!r:.100}")
        self.reason = f"invalid_{name}"


class SoftNotFound(Dropped):
    """«Page introuvable», answered with 200. From `validate`."""

    state = "missing"
    reason = "soft_404"


class Wall(Dropped):
    """A login, consent or robot check in the article's place. From `validate`."""

    state = "rejected"
    reason = "wall"


class OutOfBounds(Dropped):
    """Published on a day that `-a since=` and `until=` leave out, as only the page itself showed.
    It stays queued for a run that wants it. From `store`."""

    state = "queued"
    reason = "out_of_bounds"
