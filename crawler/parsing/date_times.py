"""The grammar of times of day, as they stand behind a date or before it; used by `date_forms`.

All expressions run on a folded line (see `date_text`).
"""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

Clock = tuple[int, int, tzinfo | None]
"""Hour, minute and zone; None for the portal's own."""

_ZONE = (
    r"(?: ?\(?(?:heures? )?(?P<zone>gmt|utc|t\.?u\.?(?![a-z])|z(?![a-z])|cest|cet|wat"
    r"|temps universel)(?![a-z])"
    r"(?P<shift> ?[+-] ?[0-9]{1,2}(?::?[0-9]{2})?(?![0-9]))?"
    r"| ?(?P<offset>[+-][0-9]{2}:?[0-9]{2})(?![0-9])"
    # Another town's clock, or one we cannot tell.
    r"| ?[(,]? ?(?P<place>(?:heures? (?!locale)(?:de |d'|du )?|(?:europe|africa|america)/)[a-z]+"
    r"|(?:paris|est|edt|cst|cdt|pst|pdt|bst|eat|sast|hne|hae)(?![a-z])))?"
)
_TIME = (
    r"(?<![0-9:])(?P<hour>[0-9]{1,2})(?:"
    r"(?: ?:| ?h(?:eures?|rs)?(?![a-z])) ?(?P<minute>[0-9]{2})(?:: ?[0-9]{2}(?:[.,][0-9]+)?)?"
    r"(?![0-9])(?: ?(?:minutes?|min|mn)(?![a-z])|')?(?: ?(?P<half>[ap])\.?m(?![a-z])\.?)?"
    r"| ?h(?:eures?)?(?![a-z0-9])(?! ?(?:de |d'|[0-9]))"
    r"| ?(?P<half2>[ap])\.?m(?![a-z])\.?)" + _ZONE
)
_AFTER = re.compile(
    r"(?:t(?=[0-9]{2}:)|[ ,;|•·()\[\]@/.-]*(?:(?:a|Ã|vers|at|@)(?![a-z]) ?:? ?)?)" + _TIME
)
_BEFORE = re.compile(r"(?<![.,/])" + _TIME + r"\)?[ ,;|•·()@/-]{0,4}(?:,? ?(?:le|du|on) )?$")
_COMPACT = re.compile(
    r"t(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?:[0-9]{2}(?:\.[0-9]+)?)?"
    r"(?P<zone>z)?(?P<offset>[+-][0-9]{2}:?[0-9]{2})?(?![0-9])"
)
_UNTIL = re.compile(r" ?(?:-|a|et|/) ?[0-9]{1,2} ?[h:]")
_ZONES: dict[str, tzinfo] = {
    "wat": timezone(timedelta(hours=1)),
    "cet": timezone(timedelta(hours=1)),
    "cest": timezone(timedelta(hours=2)),
}
_DIGIT = re.compile("[0-9]")


class Told(NamedTuple):
    """A time of day from `start` to `end` of the line.

    `clock` is None where no clock shows that, or where it is another town's of which we know no
    more; `bad` tells the first of these.
    """

    start: int
    end: int
    clock: Clock | None
    bad: bool


def time_after(folded: str, place: int) -> Told | None:
    """The time that stands behind a date which ends at `place`."""
    match = _AFTER.match(folded, place)
    return _told(match) if match else None


def compact_after(folded: str, place: int) -> Told | None:
    """The same in the short form of ISO 8601: «T180900Z»."""
    match = _COMPACT.match(folded, place)
    if match is None:
        return None
    hour, minute, zone, offset = match.groups()
    clock = _clock(int(hour), int(minute), zone_told(zone, offset))
    return Told(match.start(), match.end(), clock, clock is None)


def time_before(folded: str, begin: int, place: int) -> Told | None:
    """The time that stands before a date which starts at `place`, from `begin` on."""
    if not _DIGIT.search(folded, begin, place):
        return None
    match = _BEFORE.search(folded, begin, place)
    return _told(match) if match else None


def goes_on(folded: str, place: int) -> bool:
    """True where a second time follows: «de 14h à 16h» are hours of something else."""
    return _UNTIL.match(folded, place) is not None


def _told(match: re.Match[str]) -> Told:
    hours, minutes, half, half2, zone, shift, offset, place = match.groups()
    hour = int(hours)
    half = half or half2
    if half == "a":
        hour = hour % 12 if hour <= 12 else 99
    elif half == "p" and hour <= 12:
        hour = hour % 12 + 12
    clock = _clock(hour, int(minutes or 0), zone_told(zone, offset or shift))
    if clock is not None and place:
        # Known for Paris and Greenwich, else the time cannot be told.
        zones: dict[str, tzinfo] = {"paris": _zone("Europe/Paris"), "greenwich": UTC}
        town = next((name for name in zones if place.endswith(name)), None)
        clock = (*clock[:2], zones[town]) if town else None
    return Told(match.start(), match.end(), clock, clock is None and not place)


def _clock(hour: int, minute: int, zone: tzinfo | None) -> Clock | None:
    return None if hour > 23 or minute > 59 else (hour, minute, zone)


def zone_told(name: str | None, digits: str | None) -> tzinfo | None:
    """The zone of a name («gmt») or an offset («+01:00»); None where neither tells one."""
    if not digits:
        return _ZONES.get(name, UTC) if name else None
    digits = digits.replace(" ", "").replace(":", "")
    minutes = int(digits[1:3]) * 60 + int(digits[3:5] or 0)
    if minutes == 0:
        return UTC
    if minutes > 15 * 60:
        return None
    return timezone(timedelta(minutes=-minutes if digits[0] == "-" else minutes))


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
