"""Arrivals: how often a section gets something new, learned from the days of its articles.

The days are those of publication: a first crawl stores years of articles within hours, so the time
when we first saw them says nothing. What is learned stands in `sections.interval`, its one home.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Date, Select, func, select, update

from corpus.models import Article, ArticleSection, Section, table

WEEKS = 8
"""Weeks looked at: enough to outlive a strike or a public holiday, few enough to follow a site."""
FLOOR = 15 * 60
"""Seconds, the least interval: an article waits half of it on average, and even thirty busy
sections cost two listing pages a minute, a thirtieth of what politeness allows. Feeds are seldom
renewed more often either."""
CEILING = 7 * 24 * 3600
"""Seconds, the greatest: what got nothing for months is still asked once a week."""
DAY = 24 * 3600

ARTICLES, SHOWN, SECTIONS = table(Article), table(ArticleSection), table(Section)
_DAY = func.coalesce(ARTICLES.c.published_on, func.date(ARTICLES.c.first_seen_at), type_=Date)


def rate(days: Mapping[date, int], until: date) -> float:
    """Articles a day, from how many were published on each of `days`; `until` is the last day on
    which the section was looked at, and what is dated later counts as that day's.

    The interquartile mean over the last eight weeks, from the first with an article on: a quarter
    of the weeks with the most and of those with the fewest are left out, so that neither an
    election nor a week without power sets the pace. 0 where nothing came.
    """
    ages: dict[int, int] = defaultdict(int)
    for day, count in days.items():
        ages[max(0, (until - day).days)] += count
    weeks = [sum(ages.get(7 * n + d, 0) for d in range(7)) for n in range(WEEKS)]
    while weeks and not weeks[-1]:
        weeks.pop()
    if not weeks:
        return 0.0
    oldest = max(age for age, count in ages.items() if count and age < 7 * WEEKS)
    if len(weeks) == 1:
        return weeks[0] / (oldest + 1)
    if oldest % 7 < 6:
        # Only a part of that week is known.
        weeks.pop()
    rates = sorted(count / 7 for count in weeks)
    cut = len(rates) // 4
    middle = rates[cut : len(rates) - cut]
    return sum(middle) / len(middle)


def interval(per_day: float) -> int:
    """Seconds in which one article may be expected, from FLOOR to CEILING."""
    if per_day <= DAY / CEILING:
        return CEILING
    return max(FLOOR, round(DAY / per_day))


def learn_intervals(connection: Connection, portal: str, *, now: datetime) -> None:
    """Write the interval of each section of `portal`. A section of which no article is known keeps
    what it had. Call it in a transaction that writes."""
    today = now.astimezone(UTC).date()
    here = (SECTIONS.c.portal == portal, SECTIONS.c.state == "listing")
    looked: dict[str, date] = {}
    for row in connection.execute(select(SECTIONS.c.slug, SECTIONS.c.checked_at).where(*here)):
        if row.checked_at is not None:
            day = min(today, row.checked_at.date())
            looked[row.slug] = max(day, looked.get(row.slug, day))
    if not looked:
        return
    since = min(looked.values()) - timedelta(days=7 * WEEKS)
    came: dict[str, dict[date, int]] = defaultdict(dict)
    for slug, day, count in connection.execute(_days(portal, since)):
        came[slug][day] = count
    for slug, until in looked.items():
        if slug in came or connection.execute(_any(portal, slug)).first():
            learned = interval(rate(came[slug], until))
            connection.execute(
                update(SECTIONS).where(*here, SECTIONS.c.slug == slug).values(interval=learned)
            )


def _days(portal: str, since: date) -> Select[Any]:
    """Section, day and number of articles of the portal, from `since` on."""
    return (
        select(SHOWN.c.section, _DAY, func.count())
        .join(ARTICLES, ARTICLES.c.id == SHOWN.c.article_id)
        .where(ARTICLES.c.portal == portal, since <= _DAY)
        .group_by(SHOWN.c.section, _DAY)
    )


def _any(portal: str, slug: str) -> Select[Any]:
    """An article of the section, however old."""
    return (
        select(SHOWN.c.article_id)
        .join(ARTICLES, ARTICLES.c.id == SHOWN.c.article_id)
        .where(ARTICLES.c.portal == portal, SHOWN.c.section == slug)
        .limit(1)
    )
