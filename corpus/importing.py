"""Importing: articles out of files that others made, written as a crawl would have written them.

A capture that is no newer than what we know of its article becomes no version and no edit: it can
only move `first_seen_at` back. What is newer is settled as a visit is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import Connection, bindparam, select, update

from corpus.among import among
from corpus.columns import clean_text
from corpus.discoveries import PAGES, Found, merge_found
from corpus.settling import Settle
from corpus.storing import ARTICLES, PLACE, StoredArticle
from corpus.units import Context, by_portal
from corpus.warc.captures import Capture, WarcPlace

OLDER: Final = "older"
"""Result of a capture that is no newer than what is known."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the page at an address before an import."""

    page_id: int
    key: str
    number: int | None
    url: str
    state: str
    article_url: str | None
    """Where the article stands that it holds, or is a duplicate of."""
    held: WarcPlace | None
    """Where the last answer lies that was kept of it."""
    first_seen_at: datetime | None
    known_at: datetime | None
    """Fetch time of the latest answer that told how the article stands; None without one."""

    def tells_nothing(self, fetched_at: datetime) -> bool:
        """True where a capture of that time can change nothing."""
        return not self.is_newer(fetched_at) and not self.is_earlier(fetched_at)

    def is_newer(self, fetched_at: datetime) -> bool:
        """True where it is later than all that is known."""
        return self.known_at is None or fetched_at > self.known_at

    def is_earlier(self, fetched_at: datetime) -> bool:
        """True where it shows the article earlier than anything else."""
        return self.first_seen_at is not None and fetched_at < self.first_seen_at


def standings(connection: Connection, portal: str, keys: Iterable[str]) -> dict[str, Standing]:
    """What is known of pages, by key."""
    wanted = {"portal": portal, "these": list({str(clean_text(key)) for key in keys})}
    return {row.key: _standing(row) for row in connection.execute(_STANDINGS, wanted)}


_STANDINGS = (
    select(
        *(PAGES.c[name] for name in ("id", "key", "number", "url", "state", *PLACE)),
        ARTICLES.c.url.label("article_url"),
        *(ARTICLES.c[n] for n in ("first_seen_at", "last_seen_at", "fetched_at", "gone_at")),
    )
    .select_from(PAGES.outerjoin(ARTICLES, ARTICLES.c.id == PAGES.c.article_id))
    .where(PAGES.c.portal == bindparam("portal"), among(PAGES.c.key))
)


def _standing(row: Any) -> Standing:
    place = [getattr(row, name) for name in PLACE]
    times = [t for t in (row.last_seen_at, row.fetched_at, row.gone_at) if t is not None]
    return Standing(
        row.id, row.key, row.number, row.url, row.state, row.article_url,
        held=None if None in place else WarcPlace(*place),
        first_seen_at=row.first_seen_at, known_at=max(times, default=None),
    )  # fmt: skip


@dataclass(slots=True)
class Import:
    """A capture of an article. Result: `new`, `changed`, `unchanged` or `OLDER`."""

    portal: str
    run_id: int
    page: Found
    """The address that was asked; its route names the file."""
    article: StoredArticle
    identity: Found | None = None
    """The article's own address, where that is another one."""
    answers: Sequence[Capture] = ()
    """For the archive; empty where it is known to be no newer."""
    held: WarcPlace | None = None
    """Where the answer lies that is held of the page."""
    place: WarcPlace | None = None
    """Where the writer has put the answer."""
    archived: bool = False
    """True once it has."""
    hungry: ClassVar[bool] = False

    def touched(self) -> tuple[str, ...]:
        """Keys of the rows that it may touch, cleaned."""
        found = (self.page, self.identity) if self.identity else (self.page,)
        return tuple(str(clean_text(one.key)) for one in found)

    @classmethod
    def apply(cls, connection: Connection, units: Sequence[Import], context: Context) -> list[str]:
        """Write what is newer than what is held, in the order of `units`."""
        results: list[str] = []
        for portal, group in by_portal(units):
            known = standings(connection, portal, (key for unit in group for key in unit.touched()))
            newer = _newer(group, known)
            merge_found(connection, portal, (one.page for one in newer), context.now)
            pages = standings(connection, portal, (one.page.key for one in newer))
            settled = iter(
                Settle.apply(
                    connection, [_settle(u, pages, known, context) for u in newer], context
                )
            )
            _move_back(connection, portal, group)
            accepted = set(map(id, newer))
            results += [
                str(next(settled).result) if id(unit) in accepted else OLDER for unit in group
            ]
        return results


def _newer(units: Sequence[Import], known: Mapping[str, Standing]) -> list[Import]:
    """Those that tell something later than what is known, and than the ones before them."""
    latest = {key: one.known_at for key, one in known.items()}
    found = []
    for unit in units:
        times = [t for key in unit.touched() if (t := latest.get(key)) is not None]
        if all(unit.article.fetched_at > moment for moment in times):
            found.append(unit)
            latest.update(dict.fromkeys(unit.touched(), unit.article.fetched_at))
    return found


def _settle(
    unit: Import, pages: Mapping[str, Standing], before: Mapping[str, Standing], context: Context
) -> Settle:
    key = str(clean_text(unit.page.key))
    was = [one.state for name in unit.touched() if (one := before.get(name))]
    return Settle(
        portal=unit.portal,
        run_id=unit.run_id,
        page_id=pages[key].page_id,
        key=key,
        state="stored",
        # We asked, and the site did not have it: the next refresh says how it stands today.
        due_at=context.now if "missing" in was else None,
        article=unit.article,
        identity=unit.identity,
        listed_on=unit.article.published_on,
        place=unit.place,
    )


def _move_back(connection: Connection, portal: str, units: Sequence[Import]) -> None:
    """Note the earliest time that each article was seen."""
    earliest: dict[str, datetime] = {}
    for unit in units:
        key, moment = unit.touched()[-1], unit.article.fetched_at
        earliest[key] = min(moment, earliest.get(key, moment))
    for key, moment in earliest.items():
        connection.execute(
            update(ARTICLES)
            .where(
                ARTICLES.c.portal == portal,
                ARTICLES.c.key == key,
                ARTICLES.c.first_seen_at > moment,
            )
            .values(first_seen_at=moment)
        )
