"""Plan: which runs a portal needs, and when. Pure; the intervals come from the corpus.

Sections with like intervals share a run. Once a week every section is walked, so that new ones are
met and those that sleep are asked. Only one run at a time holds a portal; the run that is asked for
more seldom waits for the other (crawler/scheduling/cron.py, units.py), else it would miss its turn.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from corpus.warc.files import slug
from crawler.portals.sections import out_of_scope
from crawler.scheduling.slots import DAY, HOUR, MINUTE, STEPS, WEEK, Slot, step

DEFAULT = HOUR
"""Seconds between two runs while nothing is learned: a page or two of each listing in an hour."""
LONGEST = 2 * HOUR
"""Seconds after which any run ends, to go on at its next turn: 7,200 pages at one a second."""
SHARE = 0.9
"""Share of its interval that a run may take."""
# Hours of the rare runs. Summer time comes and goes between 0 and 3: an hour that is left out or
# comes twice is none of these.
REFRESH_AT, DAILY_AT, WEEKLY_AT, CHECK_AT = 4, 6, 7, 8
MONDAY = 1
LONGEST_LIST = 300
"""Characters of one section= argument: cron reads lines of up to a thousand."""
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Target:
    """A portal to be scheduled, and what is known of it."""

    name: str
    operand: tuple[str, ...]
    """What `scrapy crawl` is given: the portal's name, or address and time zone."""
    intervals: Mapping[str, int | None] = field(default_factory=dict)
    """Slug of each section to the seconds in which something new may be expected; None where
    nothing is learned."""
    feed: bool = False
    """True where a feed was met."""


@dataclass(frozen=True, slots=True)
class Job:
    """A command that is run again and again."""

    name: str
    """For files and units, `[a-z0-9-]`: `abamako-1h`."""
    group: str
    """Jobs of one group are never run at once: the portal's name in that form."""
    about: str
    """What it is for."""
    arguments: tuple[str, ...]
    """What follows `scrapy`."""
    slot: Slot
    limit: int | None = None
    """Seconds after which it ends by itself (exit code 15); None where it is over in a moment."""

    @property
    def argv(self) -> tuple[str, ...]:
        """The whole command after `scrapy`."""
        if self.limit is None:
            return self.arguments
        return (*self.arguments, "-s", f"CLOSESPIDER_TIMEOUT={self.limit}")


def plan(target: Target) -> list[Job]:
    """The runs of one portal, the most frequent first."""
    return [
        _job(target, rank, name, every, about, arguments)
        for rank, (name, every, about, arguments) in enumerate(_runs(target))
    ]


def weekly_check() -> Job:
    """The judgement of every portal's last run."""
    slot = Slot(WEEK, 0, CHECK_AT, MONDAY)
    about = "was each portal's last run read as those before it"
    return Job("check", "check", about, ("check",), slot)


def _runs(target: Target) -> Iterator[tuple[str, int, str, tuple[str, ...]]]:
    """(name, seconds between two, what for, arguments) of each run."""
    groups = _groups(target)
    frequent = [every for every in groups if every < WEEK]
    if target.feed:
        yield "feed", min(frequent, default=DEFAULT), "feed", ("-a", "strategy=feed")
    for every in frequent:
        for number, part in enumerate(_parts(groups[every])):
            suffix = f"-{number + 1}" if number else ""
            section = ",".join(part)
            about = f"section{'s' if len(part) > 1 else ''} {section.replace(',', ', ')}"
            yield f"{STEPS[every]}{suffix}", every, about, ("-a", f"section={section}")
    if not groups:
        yield STEPS[DEFAULT], DEFAULT, "every section; nothing is learned yet", ()
    yield "refresh", DAY, "revisits for edits", ("-a", "strategy=refresh")
    if groups:
        yield STEPS[WEEK], WEEK, "every section, also new and sleeping ones", ()


def _groups(target: Target) -> dict[int, list[str]]:
    """Step → slugs, the shortest step first. A slug that is none is left to the weekly run."""
    groups: dict[int, list[str]] = defaultdict(list)
    for name, interval in sorted(target.intervals.items()):
        if _SLUG.fullmatch(name) and not out_of_scope(name):
            groups[step(DEFAULT if interval is None else interval)].append(name)
    return dict(sorted(groups.items()))


def _parts(slugs: list[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for name in slugs:
        if part and len(",".join([*part, name])) > LONGEST_LIST:
            yield part
            part = []
        part.append(name)
    yield part


def _job(
    target: Target, rank: int, name: str, every: int, about: str, arguments: tuple[str, ...]
) -> Job:
    group = slug(target.name)
    # The portal's own minute, the same whenever a schedule is printed: portals of one machine do
    # not begin at once. Two minutes apart, and in other quarters, its runs seldom meet.
    own = zlib.crc32(target.name.encode())
    minute = (own + 2 * rank) % 15 + 15 * (rank % 4)
    hour = {"refresh": REFRESH_AT, STEPS[WEEK]: WEEKLY_AT}.get(name, DAILY_AT)
    if every < DAY:
        hour = own // 60 % 24
    return Job(
        name=f"{group}-{name}",
        group=group,
        about=f"{target.name}: {about}",
        arguments=("crawl", *target.operand, *arguments),
        slot=Slot(every, minute, hour, own % 7),
        limit=int(min(every * SHARE, LONGEST)) // MINUTE * MINUTE,
    )
