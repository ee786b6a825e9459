"""Cron lines: each goes by itself from any folder, and says something only where it failed.

cron mails what a line prints. A run that finds its portal held waits for it by flock(1), where that
is installed, no longer than until its own next turn; without it that turn is left out. What was
missed while the machine was off is fetched by the next run, which takes all that is new.
"""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator, Sequence

from crawler.exit_codes import INTERRUPTED, TIME
from crawler.scheduling.place import Place
from crawler.scheduling.plan import LONGEST, Job
from crawler.scheduling.slots import MINUTE, WORDS

QUIET = (INTERRUPTED, TIME)
"""Exit codes that are no failure of a scheduled run: stopped with the machine, and out of time. In
both its state is kept, and the next run goes on. 0 is also the second of two runs that overlap."""
_MARGIN = 10 * MINUTE


def crontab(jobs: Sequence[Job], place: Place, notes: Sequence[str]) -> Iterator[str]:
    """The lines of a crontab, with what there is to say about them."""
    environment = place.environment
    yield "# titrologue: printed by `scrapy schedule`; print it again after some weeks, for it"
    yield "# learns how often each section gets something new. Install: crontab -e"
    yield f"# Settings (CORPUS_URL, CONTACT, http_proxy …): {environment},"
    yield "# chmod 600, one NAME='value' a line. A line prints, and so mails, only its failures;"
    yield f"# logs: {place.root}/<name>.log. Missed turns: the next run takes all that is new."
    for note in notes:
        yield f"# {note}"
    if _flock() is None:
        yield "# flock(1) is not installed: a run that finds its portal held leaves its turn out."
    yield "SHELL=/bin/sh"
    for job in jobs:
        yield ""
        yield f"# {job.about}: {WORDS[job.slot.every]}"
        yield f"{job.slot.cron()} {_escaped(_command(job, place))}"


def _command(job: Job, place: Place) -> str:
    """One line of shell."""
    root, log = shlex.quote(str(place.root)), f"{job.name}.log"
    environment = shlex.quote(str(place.environment))
    run = shlex.join([*_in_turn(job), *place.scrapy, *job.argv])
    quiet = "|".join(map(str, QUIET))
    return (
        f"cd {root} && umask 077 && set -a && {{ [ ! -e {environment} ] || . {environment}; }} && "
        f"{run} >>{log} 2>&1 || case $? in {quiet}) ;; "
        f'*) echo "titrologue {job.name}: exit $?, see {log}";; esac'
    )


def _in_turn(job: Job) -> list[str]:
    """Wait while another run of the portal goes on. A frequent run gives up just before its next
    turn, so that no more than one ever waits; a rare one outlasts the longest."""
    flock = _flock()
    if flock is None or job.limit is None:
        return []
    wait = min(job.slot.every - MINUTE, LONGEST + _MARGIN)
    return [flock, "-E", "0", "-w", str(wait), f".{job.group}.turn"]


def _flock() -> str | None:
    return shutil.which("flock")


def _escaped(command: str) -> str:
    """cron takes `%` for a line break."""
    return command.replace("%", r"\%")
