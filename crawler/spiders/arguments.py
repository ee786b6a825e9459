"""The `-a` arguments of a crawl, read and checked before any request is made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from corpus.discoveries import FEED_ROUTE, SAMPLE_ROUTE
from corpus.numbers import Span
from crawler.discovery.walk import Bounds
from crawler.portals.sections import section_slug
from crawler.spiders.number_list import read_numbers

STRATEGIES = ("sections", "feed", "archive", "refresh", SAMPLE_ROUTE)
KNOWN = (
    *("section", "since", "until", "limit", "strategy", "timezone", "ids", "thorough"),
    *("budget", "photos"),
)
DEFAULT_BUDGET = 200
"""Requests of a `refresh`: some minutes at one a second."""


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
    ids: tuple[Span, ...] = ()
    """Numbers that an archive run keeps to, highest first; empty means all."""
    thorough: bool = False
    """True: an archive run passes no number over."""
    budget: int = DEFAULT_BUDGET
    """Requests that a `refresh` may make."""

    photos: bool = False
    """True: each article's photo is fetched, too."""

    @property
    def route(self) -> str | None:
        """The route that led to all pages of the run; None where any may have."""
        return {SAMPLE_ROUTE: SAMPLE_ROUTE, "feed": FEED_ROUTE}.get(self.strategy)

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
        _check_fit(strategy, given)
        bounds = Bounds(since, until, _count(given, "limit"))
        ids, thorough = _numbers(given, strategy)
        budget = _count(given, "budget") or DEFAULT_BUDGET
        photos = _switch(given, "photos")
        return cls(strategy, _slugs(given), bounds, _zone(given), ids, thorough, budget, photos)


def _check_fit(strategy: str, given: dict[str, str]) -> None:
    """Refuse what says nothing to the strategy, rather than leave it out in silence."""
    if strategy == "refresh" and "limit" in given:
        raise ArgumentProblem(
            "-a limit counts new articles, and a refresh stores none: write -a budget=N (requests)"
        )
    if strategy == "feed" and "section" in given:
        raise ArgumentProblem("-a section: a feed tells no sections; leave it out, or the strategy")
    if strategy != "refresh" and "budget" in given:
        raise ArgumentProblem("-a budget is of -a strategy=refresh; elsewhere write -a limit=N")


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


def _numbers(given: dict[str, str], strategy: str) -> tuple[tuple[Span, ...], bool]:
    """What only the strategy `archive` takes; it goes by number, not by section."""
    for name in ("ids", "thorough"):
        if name in given and strategy != "archive":
            raise ArgumentProblem(f"-a {name}={given[name]}: add -a strategy=archive")
    if "section" in given and strategy == "archive":
        raise ArgumentProblem(
            f"-a section={given['section']}: strategy=archive goes by number, leave section out"
        )
    thorough = _switch(given, "thorough")
    try:
        ids = read_numbers(given["ids"]) if "ids" in given else ()
    except ValueError as error:
        raise ArgumentProblem(f"-a ids={given['ids'][:40]}: {error}") from None
    return ids, thorough


def _switch(given: dict[str, str], name: str) -> bool:
    value = given.get(name, "no").strip().lower()
    if value not in ("yes", "no"):
        raise ArgumentProblem(f"-a {name}={given[name]}: choose from yes, no")
    return value == "yes"


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
