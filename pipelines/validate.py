"""Validate: fourth stage; the last look at an article before it is stored. Changes no text.

Raises the exceptions of `pipelines.exceptions` for what is no article or cannot be held; flags what
is kept all the same. Needs the fields of the stages before it; fields that an item lacks are not
asked for.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any, Final

from crawler.items import Fields, fields_of
from pipelines.exceptions import (
    Dropped,
    InvalidField,
    NoBody,
    NoTitle,
    SoftNotFound,
    Wall,
)
from pipelines.repair_text import ONE_LINE, PARAGRAPHS
from pipelines.strip_boilerplate import fold

LONGEST_NOTICE: Final = 80
"""Words of the longest page that its title alone can show to be no article: a report on a «Page
introuvable» has more."""
LONGEST_NAME: Final = 300
"""Characters of a name. What is longer is no newspaper and nobody, and fits no index."""

_NOT_FOUND: Final = re.compile(
    r"(?:oups ?!? ?|desole,? ?)?(?:(?:cette |la )?page (?:est )?(?:introuvable|non trouvee"
    r"|inexistante|not found)|(?:cet |l')?article (?:est )?(?:introuvable|inexistant|non trouve)"
    r"|(?:cette |la )?page (?:demandee )?(?:n'existe (?:pas|plus)|est introuvable)"
    r"|(?:erreur|error|http)? ?404(?: ?[:|–-]? ?(?:(?:page|file|fichier|article|document) )?"
    r"(?:error|erreur|not found|introuvable|non trouvee?|inexistante?))?|(?:page )?not found)[ .!]*"
)
_WALL: Final = re.compile(
    r"(?:just a moment|un instant|attention required!?|access denied|acces (?:refuse|interdit)"
    r"|(?:error |erreur )?403(?: forbidden)?|forbidden|verification (?:de securite|en cours)"
    r"|verifying you are human|are you a robot|captcha|connexion|se connecter|login|identification"
    r"|connectez-vous|veuillez vous (?:connecter|identifier)|votre consentement"
    r"|(?:nous respectons )?votre vie privee)(?: ?[|–-] ?[^ ]{1,40})?[ .!…]*"
)


def _notice(adapter: Fields) -> type[Dropped] | None:
    """What the page is where it is a notice in an article's place."""
    title = adapter.get("title")
    body = adapter.get("body") or ""
    if not isinstance(title, str) or len(title) > 120:
        return None
    folded = fold(title)
    not_found = _NOT_FOUND.fullmatch(folded) is not None
    if not (not_found or _WALL.fullmatch(folded)) or len(body.split()) > LONGEST_NOTICE:
        return None
    return SoftNotFound if not_found else Wall


def _check_presence(adapter: Fields) -> set[str]:
    """Flags of what is missing; raises where too much is."""
    if "body" in adapter and not adapter["body"] and not adapter.get("photo_url"):
        raise NoBody(str(adapter.get("url")))
    if "title" in adapter and not adapter["title"]:
        dated = any(adapter.get(name) for name in ("published_on", "published_raw", "updated_on"))
        if not dated:
            raise NoTitle(str(adapter.get("url")))
        return {"no_title"}
    return set()


_TEXTS: Final = (*ONE_LINE, *PARAGRAPHS, "portal", "site", "kind", "language")


def _check_types(adapter: Fields) -> None:
    for name in _TEXTS:
        _expect(adapter, name, str)
    for name in ("published_on", "updated_on"):
        _expect(adapter, name, date)
        if isinstance(adapter.get(name), datetime):
            raise InvalidField(name, adapter[name])
    for name in ("published_at", "fetched_at"):
        _expect(adapter, name, datetime)
        instant = adapter.get(name)
        if instant is not None and instant.utcoffset() != timedelta(0):
            raise InvalidField(name, instant)
    for name in ("number", "word_count"):
        _expect(adapter, name, int)
        if (adapter.get(name) or 0) < 0:
            raise InvalidField(name, adapter[name])
    precision = adapter.get("published_precision")
    if precision not in (None, "day", "minute") or (
        adapter.get("published_at") is not None and precision == "day"
    ):
        raise InvalidField("published_precision", precision)
    url = adapter.get("url")
    if url is not None and not _is_web_address(url):
        raise InvalidField("url", url)


def _expect(adapter: Fields, name: str, kind: type) -> None:
    value = adapter.get(name)
    if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
        raise InvalidField(name, value)


def _is_web_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _drop_side_values(adapter: Fields) -> set[str]:
    """Empty a photo address, count or name that cannot be one: no reason to lose the article."""
    flags = set()
    for name in ("source", "author", "agency"):
        if len(adapter.get(name) or "") > LONGEST_NAME:
            adapter[name] = None
            flags.add(f"{name}_too_long")
    photo = adapter.get("photo_url")
    if photo is not None and not _is_web_address(photo):
        adapter["photo_url"] = None
        flags.add("photo_url_invalid")
    count = adapter.get("comments_count")
    if count is not None and (type(count) is not int or count < 0):
        adapter["comments_count"] = None
        flags.add("comments_count_invalid")
    return flags


class Validate:
    """Lets an article pass or raises the one reason why not."""

    def process_item(self, item: Any) -> Any:
        adapter = fields_of(item)
        held = adapter.get("flags")
        flags = {str(flag) for flag in held} if isinstance(held, (list, tuple, set)) else set()
        _check_types(adapter)
        if notice := _notice(adapter):
            raise notice(str(adapter.get("url")))
        flags |= _drop_side_values(adapter)
        flags |= _check_presence(adapter)
        if "flags" in adapter and held != sorted(flags):
            adapter["flags"] = sorted(flags)
        return item
