"""systemd units: a service and a timer for each job, and the template that tells of a failure.

A service of Type=oneshot is «starting» as long as it runs, and one that is ordered After= it waits
so long: each run is ordered after the more frequent ones of its portal, and never misses its turn.
The other way round, a frequent run that finds its portal held ends with 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.scheduling.cron import QUIET
from crawler.scheduling.place import Place
from crawler.scheduling.plan import Job
from crawler.scheduling.slots import MINUTE, WORDS

PREFIX = "titrologue-"
MARK = "# Made by `scrapy schedule`, which writes over it; change it by `systemctl edit`."
"""First line of each file."""
LATEST = 10 * MINUTE
"""Seconds by which a run is moved at the most, at random."""
GRACE = 20 * MINUTE
"""Seconds beyond its own limit after which a run that hangs is ended: it may wait for its database
for ten minutes first (DB_OUTAGE_LIMIT)."""
_TELL = "titrologue-failed@.service"


def units(jobs: Sequence[Job], place: Place, *, user: bool) -> dict[str, str]:
    """File name → content. `user`: for a user's own manager (`systemctl --user`)."""
    found = {}
    for number, job in enumerate(jobs):
        earlier = [other for other in jobs[:number] if other.group == job.group]
        name = f"{PREFIX}{job.name}"
        found[f"{name}.service"] = _service(job, place, earlier, user=user)
        found[f"{name}.timer"] = _timer(job)
    found[_TELL] = _tell(user=user)
    return found


def _service(job: Job, place: Place, earlier: Sequence[Job], *, user: bool) -> str:
    after = [f"{PREFIX}{other.name}.service" for other in earlier]
    if not user:
        after.insert(0, "network-online.target")
    lines = [
        MARK,
        "[Unit]",
        f"Description=titrologue {_text(job.about)}",
        *([] if user else ["Wants=network-online.target"]),
        *([f"After={' '.join(after)}"] if after else []),
        "OnFailure=titrologue-failed@%n.service",
        "",
        "[Service]",
        "Type=oneshot",
        *([] if user else [f"User={place.user}" if place.user else _NO_USER]),
        f"WorkingDirectory={_text(str(place.root))}",
        "# CORPUS_URL, CONTACT, http_proxy …, one NAME='value' a line; chmod 600.",
        f"EnvironmentFile=-{_text(str(place.environment))}",
        f"ExecStart={' '.join(map(_word, (*place.scrapy, *job.argv)))}",
        "# Stopped with the machine, and out of time: the state is kept, the next run goes on.",
        f"SuccessExitStatus={' '.join(map(str, QUIET))}",
        f"TimeoutStartSec={(job.limit or 0) + GRACE}",
        "TimeoutStopSec=120",
        "UMask=0077",
        "LimitCORE=0",
        "NoNewPrivileges=yes",
        "# A run ends itself at MEMUSAGE_LIMIT_MB (512); this is for one that cannot.",
        "MemoryMax=1G",
        "TasksMax=128",
        "Nice=5",
    ]
    if not user:
        # What is missing, such as an archive before the first page, is no obstacle: «-».
        writable = " ".join(_path_word(f"-{path}") for path in place.written)
        lines += ["ProtectSystem=full", f"ReadWritePaths={writable}"]
    return "\n".join(lines) + "\n"


_NO_USER = "# The project belongs to root; crawl as a user of its own: User=titrologue"


def _timer(job: Job) -> str:
    return f"""\
{MARK}
[Unit]
Description=titrologue {_text(job.about)}: {WORDS[job.slot.every]}

[Timer]
OnCalendar={job.slot.calendar()}
RandomizedDelaySec={min(job.slot.every // 10, LATEST)}
# A turn that was missed while the machine was off is made up for.
Persistent=true

[Install]
WantedBy=timers.target
"""


def _tell(*, user: bool) -> str:
    manager = "systemctl --user" if user else "systemctl"
    return f"""\
{MARK}
# Writes the failed run's last lines into the journal as an alert: journalctl -t titrologue -p alert
# To send them by mail, `systemctl edit {_TELL}` and pipe them into `mail` instead.
[Unit]
Description=Tell that %i failed

[Service]
Type=oneshot
ExecStart=/bin/sh -c '{manager} status -l -n 30 "$$1" | systemd-cat -t titrologue -p alert' sh %i
"""


def _text(text: str) -> str:
    """A value that runs to the end of its line."""
    return text.replace("%", "%%")


def _word(text: str) -> str:
    """One word of a command line."""
    escaped = text.replace("%", "%%").replace("$", "$$")
    return _quoted(escaped)


def _path_word(path: str) -> str:
    return _quoted(path.replace("%", "%%"))


def _quoted(text: str) -> str:
    if re.fullmatch(r"[\w@%+=:,./$-]+", text, re.ASCII):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
