"""A clock that was ahead and was set right: what it planned would else wait for that time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from corpus.models import Page, Run, Section, table

PAGES, RUNS, SECTIONS = table(Page), table(Run), table(Section)


def mend_plans(connection: Connection, portal: str, now: datetime) -> int:
    """Move what the portal's last run planned by a clock that was ahead of `now`: a page due so
    long after it was settled is due so long after `now`, and a section was looked at no later.
    Return how many pages. For who holds the portal's lock, before it begins a run of its own.

    One look at the last run tells whether there is anything to do.
    """
    last = select(RUNS.c.started_at, RUNS.c.ended_at).where(RUNS.c.portal == portal)
    row = connection.execute(last.order_by(RUNS.c.id.desc()).limit(1)).first()
    if row is None or max(row.started_at, row.ended_at or row.started_at) <= now:
        return 0
    for name in ("checked_at", "last_walked_at"):
        column = SECTIONS.c[name]
        late = (SECTIONS.c.portal == portal, column > now)
        connection.execute(update(SECTIONS).where(*late).values({name: now}))
    planned = select(PAGES.c.id, PAGES.c.due_at, PAGES.c.settled_at).where(
        PAGES.c.portal == portal, PAGES.c.due_at > now, PAGES.c.settled_at > now
    )
    moved = [
        {"b_id": page.id, "b_due": now + max(page.due_at - page.settled_at, timedelta(0))}
        for page in connection.execute(planned)
    ]
    if moved:
        by_id = update(PAGES).where(PAGES.c.id == bindparam("b_id"))
        connection.execute(by_id.values(due_at=bindparam("b_due")), moved)
    return len(moved)
