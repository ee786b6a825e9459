"""The `-a` arguments of a crawl, read and checked before any request is made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.discovery.walk import Bounds
from crawler.portals.sections import section_slug

STRATEGIES = ("sections",)
KNOWN = ("section", "since", "until", "limit", "strategy", "timezone")


class ArgumentProblem(ValueError):
    """An argument that cannot be used; the message is one line and names the choices."""


@dataclass(frozen=True, slots=True)
class CrawlArguments:
    """What the user asked for, typed. `sections` empty means every section."""

    strategy: str = "sections"
    sections: tuple[str, ...] = ()
    bounds: Bounds = Bounds()  # noqa: RUF009 - frozen
    timezone: str | None = None
    """Clock of a host that is given by its address; portals have their own."""

    @property
    def bounded(self) -> bool:
        """True for a run that may leave known articles unfetched."""
        return self.bounds != Bounds()

    @classmethod
    def parse(cls, given: dict[str, str]) -> CrawlArguments:
        """Read the `-a NAME=VALUE` pairs. Raises `ArgumentProblem`."""
        for name in given:
            if name not in KNOWN:
                raise ArgumentProblem(f"unknown argument -a {name}: choose from {', '.join(KNOWN)}")
        strategy = given.get("strategy", "sections")
        if strategy not in STRATEGIES:
            raise ArgumentProblem(f"-a strategy={strategy}: choose from {', '.join(STRATEGIES)}")
        since, until = _day(given, "since"), _day(given, "until")
        if since and until and since > until:
            raise ArgumentProblem(f"-a since={since} is after until={until}: swap the two")
        bounds = Bounds(since, until, _count(given, "limit"))
        return cls(strategy, _slugs(given), bounds, _zone(given))


def _day(given: dict[str, str], name: str) -> date | None:
    value = given.get(name)
    if value is None:
        return None
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise ArgumentProblem(f"-a {name}={value}: not a day, write it as YYYY-MM-DD, e.g. 2024-03-31")


def _zone(given: dict[str, str]) -> str | None:
    value = given.get("timezone")
    if value is None:
        return None
    try:
        ZoneInfo(value.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ArgumentProblem(
            f"-a timezone={value}: no time zone, write it as Africa/Bamako"
        ) from None
    return value.strip()


def _count(given: dict[str, str], name: str) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}", value.strip()) and int(value) > 0:
        return int(value)
    raise ArgumentProblem(f"-a {name}={value}: not a whole number from 1 upwards")


def _slugs(given: dict[str, str]) -> tuple[str, ...]:
    value = given.get("section")
    if value is None:
        return ()
    slugs = tuple(dict.fromkeys(section_slug(part) for part in value.split(",") if part.strip()))
    if not slugs or "" in slugs:
        raise ArgumentProblem(
            f"-a section={value}: names no section, e.g. section=politique,sports"
        )
    return slugs
