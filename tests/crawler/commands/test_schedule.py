"""`scrapy schedule` as its users type it, over corpora of real crawls; its lines are run as cron
runs them, its units are judged by systemd."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cronsim import CronSim
from sqlalchemy import insert

from corpus.arrivals import interval, rate
from corpus.database import Database
from corpus.models import Run, Section
from crawler.portals.base import portals
from crawler.scheduling.units import MARK
from demo.portal import World
from tests.commands import run_scrapy
from tests.crawler.scheduling.systemd import needs_systemd
from tests.crawls import FAST, Desk, desk, light_portal
from tests.kept_crawls import crawled_desk

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OWN = ("CORPUS_URL", "ARCHIVE_DIR", "ARCHIVE", "SEARCH_DIR", "CONTACT", "EXTRA_CA_FILE")


def schedule(
    *args: str, folder: Path, corpus: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run it in the project at `folder`."""
    kept = {k: v for k, v in os.environ.items() if k not in OWN and not k.endswith("_proxy")}
    given = {} if corpus is None else {"CORPUS_URL": corpus}
    return run_scrapy("schedule", *args, env={**kept, **given, **environment}, cwd=folder)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder whose name every quoting must survive."""
    folder = tmp_path / """it's 100%n $HOME "now" """.strip()
    folder.mkdir()
    (folder / "scrapy.cfg").write_text((ROOT / "scrapy.cfg").read_text())
    return folder


def lines_of(printed: str) -> Iterator[tuple[str, str]]:
    """(five fields, command as cron hands it to the shell) of each line."""
    for line in printed.splitlines():
        if line and not line.startswith(("#", "SHELL=")):
            fields = line.split(None, 5)
            yield " ".join(fields[:5]), fields[5].replace(r"\%", "%")


def command_of(printed: str, name: str) -> str:
    (command,) = [command for _, command in lines_of(printed) if f">>{name}.log" in command]
    return command


def shell(command: str, folder: Path) -> subprocess.Popen[str]:
    """What cron does: /bin/sh, hardly any environment, another folder."""
    return subprocess.Popen(
        ["/bin/sh", "-c", command],
        cwd=folder.parent,
        env={"HOME": "/", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def settle(d: Desk, project: Path) -> None:
    """Write the file of settings that leads scheduled runs to this corpus and this replica."""
    own = {name: d.environment()[name] for name in ("CORPUS_URL", "ARCHIVE_DIR", "SEARCH_DIR")}
    values = {**own, **d.replica.environment()}
    file = project / "titrologue.env"
    file.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items()))
    file.chmod(0o600)


def growing() -> World:
    """Four weeks of a section with three articles a day, and of one with an article a week and some
    of the other's."""
    today = datetime.now(UTC).date()
    world = light_portal("pace", "abamako", 0, sections=["Politique", "Religion"], today=today)
    for age in range(27, -1, -1):
        for label in ["Politique"] * 3 + ["Religion"] * (age % 7 == 3):
            world.grow(today - timedelta(days=age), label)
    world.publish(0)
    return world


def test_intervals_are_learned_from_a_real_crawl(database_url, tmp_path, project):
    with crawled_desk("pace", growing, database_url, tmp_path) as d:
        world = d.replica.world("abamako")
        done = schedule("abamako", folder=project, corpus=database_url)
        assert done.returncode == 0, done.stderr
        assert "section=politique " in command_of(done.stdout, "abamako-4h")
        assert "section=religion " in command_of(done.stdout, "abamako-1d")
        assert "section=" not in command_of(done.stdout, "abamako-1w")
        rows = d.rows("select slug, interval from sections where state = 'listing'")
        learned = {row["slug"]: row["interval"] for row in rows}
        for label in ("Politique", "Religion"):
            days = Counter(world.stubs[index].day for index in world.members(label))
            assert learned[label.lower()] == interval(rate(days, world.today))
        assert schedule(folder=project, corpus=database_url).stdout == done.stdout


def test_cron_lines_run_as_they_are_printed_and_are_silent(sqlite_url, tmp_path, project):
    with crawled_desk("pace", growing, sqlite_url, tmp_path) as d:
        world = d.replica.world("abamako")
        settle(d, project)
        done = schedule(folder=project, corpus=sqlite_url)
        assert (done.returncode, done.stderr) == (0, "")
        assert [CronSim(fields, NOW) for fields, _ in lines_of(done.stdout)]
        assert all(len(line.encode()) < 998 for line in done.stdout.splitlines())
        fast = " ".join(FAST)
        world.publish(4, "Politique")
        command = command_of(done.stdout, "abamako-4h")
        ran = shell(command.replace(" crawl abamako", f" crawl abamako {fast}"), project)
        assert (ran.communicate(timeout=120)[0], ran.returncode) == ("", 0)
        assert len(d.articles()) == 92
        (last,) = d.rows("select arguments, stored from runs where id = 2")
        assert last["stored"] == 4
        assert "politique" in str(last["arguments"])
        assert (project / "abamako-4h.log").stat().st_mode & 0o077 == 0
        # Out of time: no failure, and nothing is said.
        d.replica.set_fault("slow", r"/(h|p)/", bytes_per_second=12_000)
        world.publish(4, "Politique")
        short = re.sub(r"CLOSESPIDER_TIMEOUT=\d+", "CLOSESPIDER_TIMEOUT=2", command)
        ran = shell(short, project)
        assert (ran.communicate(timeout=120)[0], ran.returncode) == ("", 0)
        assert d.rows("select exit_code from runs where id = 3") == [{"exit_code": 15}]
        # A failure is said, with its code.
        (project / "titrologue.env").write_text("CORPUS_URL=mysql://x/y\n")
        ran = shell(command, project)
        said = ran.communicate(timeout=60)[0]
        assert said == "titrologue abamako-4h: exit 2, see abamako-4h.log\n"


def test_case_58_line_whose_portal_is_held_by_another_waits_for_its_turn(
    sqlite_url, tmp_path, project
):
    world = growing()
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl("-a", "limit=5") == 0
        settle(d, project)
        d.replica.set_fault("slow", r"/(h|p)/", bytes_per_second=100_000)
        printed = schedule(folder=project, corpus=sqlite_url).stdout
        frequent = next(command for _, command in lines_of(printed) if "section=" in command)
        fast = f" crawl abamako {' '.join(FAST)}"
        first = shell(command_of(printed, "abamako-1w").replace(" crawl abamako", fast), project)
        while first.poll() is None and len(d.article_hits()) < 8:
            time.sleep(0.01)
        second = shell(frequent.replace(" crawl abamako", fast), project)
        for ran in (first, second):
            assert (ran.communicate(timeout=120)[0], ran.returncode) == ("", 0)
        reasons = d.rows("select finish_reason from runs order by id")
        assert [row["finish_reason"] for row in reasons] == ["limit", "finished", "finished"]


@needs_systemd
@pytest.mark.parametrize("user", [False, True], ids=["system", "user"])
def test_units_pass_systemd_s_own_judge(user, sqlite_url, tmp_path, project):
    with crawled_desk("pace", growing, sqlite_url, tmp_path):
        pass
    folder = tmp_path / "config" / "systemd" / "user"
    folder.mkdir(parents=True)
    chosen = ["--user-dir"] if user else ["--write", str(folder)]
    done = schedule(
        *chosen, folder=project, corpus=sqlite_url, XDG_CONFIG_HOME=str(tmp_path / "config")
    )
    assert done.returncode == 0, done.stderr
    files = sorted(folder.iterdir())
    assert len(files) == 2 * len(list(folder.glob("*.timer"))) + 1
    assert done.stdout.startswith(f"{len(files)} files written to {folder}.")
    assert all(path.name in done.stdout for path in files if path.suffix == ".timer")
    judged = verify(files, tmp_path, user=user)
    assert (judged.returncode, judged.stderr + judged.stdout) == (0, "")
    # The judge is awake: an executable that is not there is found.
    service = next(path for path in files if path.name == "titrologue-abamako-1w.service")
    service.write_text(service.read_text().replace("ExecStart=/", "ExecStart=/nowhere/"))
    assert verify([service], tmp_path, user=user).returncode != 0


def verify(files: list[Path], tmp_path: Path, *, user: bool) -> subprocess.CompletedProcess[str]:
    runtime = tmp_path / "runtime"
    runtime.mkdir(exist_ok=True)
    manager = ["--user"] if user else []
    instances = [str(f).replace("failed@.", "failed@titrologue-check.service.") for f in files]
    return subprocess.run(
        ["systemd-analyze", *manager, "--man=no", "verify", *instances],
        env={**os.environ, "XDG_RUNTIME_DIR": str(runtime)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_units_of_a_portal_wait_for_the_more_frequent_ones(sqlite_url, tmp_path, project):
    fill(sqlite_url, {"politique": 900, "sport": 90_000})
    printed = schedule("--systemd", folder=project, corpus=sqlite_url).stdout
    after = dict(
        re.findall(r"^# --- (\S+)\.service\n(?:.*\n){4}After=network-online.target ?(.*)$",
                   printed, re.MULTILINE)
    )  # fmt: skip
    assert after == {
        "titrologue-abamako-15min": "",
        "titrologue-abamako-1d": "titrologue-abamako-15min.service",
        "titrologue-abamako-refresh": (
            "titrologue-abamako-15min.service titrologue-abamako-1d.service"
        ),
        "titrologue-abamako-1w": (
            "titrologue-abamako-15min.service titrologue-abamako-1d.service"
            " titrologue-abamako-refresh.service"
        ),
        "titrologue-check": "",
    }
    for wanted in ("Persistent=true", "SuccessExitStatus=11 15", "UMask=0077",
                   "OnFailure=titrologue-failed@%n.service", "OnCalendar=*-*-* *:"):  # fmt: skip
        assert wanted in printed


def fill(url: str, intervals: dict[str, int], *, portal: str = "abamako", **run: object) -> None:
    """A corpus in which `portal` was crawled once and these sections are known."""
    database = Database(url, root=ROOT)
    database.prepare()
    row = {"portal": portal, "strategy": "sections", "arguments": {}, "started_at": NOW,
           "ended_at": NOW, "finish_reason": "finished", "exit_code": 0}  # fmt: skip
    with database.writing() as connection:
        connection.execute(insert(Run), {**row, **run})
        for slug, interval in intervals.items():
            section = {"portal": portal, "slug": slug, "label": slug, "sign": "label",
                       "url": f"http://{portal}/{slug}", "state": "listing", "checked_at": NOW,
                       "interval": interval, "discovered_at": NOW}  # fmt: skip
            connection.execute(insert(Section), section)
    database.dispose()


def test_without_a_corpus_there_is_a_schedule_to_begin_with_and_it_says_so(project, tmp_path):
    none = f"sqlite:///{tmp_path / 'none.db'}"
    done = schedule("abamako", folder=project, corpus=none)
    assert done.returncode == 0
    assert "crawl abamako -s CLOSESPIDER_TIMEOUT=" in command_of(done.stdout, "abamako-1h")
    assert "nothing is learned yet" in done.stdout
    assert "nothing is learned yet" in done.stderr
    assert not (tmp_path / "none.db").exists()
    every = schedule(folder=project, corpus=none).stdout
    assert [name for name in portals() if f"crawl {name} " not in every] == []


def test_feed_has_a_line_of_its_own(project, sqlite_url):
    fill(sqlite_url, {"politique": 900})
    database = Database(sqlite_url, root=ROOT)
    feed = {"portal": "abamako", "slug": "feed", "label": "feed", "sign": "syndicated",
            "url": "http://news.abamako.com/rss", "state": "feed",
            "discovered_at": NOW}  # fmt: skip
    with database.writing() as connection:
        connection.execute(insert(Section), feed)
    database.dispose()
    printed = schedule(folder=project, corpus=sqlite_url).stdout
    assert "crawl abamako -a strategy=feed" in command_of(printed, "abamako-feed")
    assert "-a section=politique" in command_of(printed, "abamako-15min")


def test_other_site_is_scheduled_by_its_address_and_clock(project, sqlite_url):
    fill(sqlite_url, {"politique": 900}, portal="exemple.ml",
         arguments={"timezone": "Africa/Bamako"})  # fmt: skip
    database = Database(sqlite_url, root=ROOT)
    home = {"portal": "exemple.ml", "slug": "news", "label": "News", "sign": "home",
            "url": "https://www.exemple.ml/", "state": "listing", "discovered_at": NOW}  # fmt: skip
    with database.writing() as connection:
        connection.execute(insert(Section), home)
    database.dispose()
    for given in ((), ("exemple.ml",), ("https://www.exemple.ml/",)):
        printed = schedule(*given, folder=project, corpus=sqlite_url).stdout
        wanted = "crawl https://www.exemple.ml/ -a timezone=Africa/Bamako -a section=politique "
        assert wanted in command_of(printed, "exemple-ml-15min")


@pytest.mark.parametrize("name", ["../../evil", "x\n* * * * * id", "$(id)", "-rf", "a b"])
def test_case_42_portal_of_no_good_name_gets_no_line_and_no_file(
    name, project, sqlite_url, tmp_path
):
    fill(sqlite_url, {"politique": 900, "a\n* * * * * id": 900, "../x": 900}, portal=name)
    fill(sqlite_url, {"sport": 900, "b\n* * * * * id": 900, "../y": 900})
    printed = schedule(folder=project, corpus=sqlite_url).stdout
    assert {fields for fields, _ in lines_of(printed)} >= {"0 8 * * 1"}
    assert all("crawl abamako" in c or " check" in c for _, c in lines_of(printed))
    assert "evil" not in printed
    folder = tmp_path / "units"
    folder.mkdir()
    assert schedule("--write", str(folder), folder=project, corpus=sqlite_url).returncode == 0
    names = {path.name for path in folder.iterdir()}
    assert all(re.fullmatch(r"titrologue-(abamako-\w+|check|failed@)\.\w+", n) for n in names)
    refused = schedule(name, folder=project, corpus=sqlite_url)
    assert (refused.returncode, refused.stdout) == (2, "")


def test_settings_are_named_and_never_printed(project, sqlite_url):
    secret = "postgresql+psycopg://me:s3cret@127.0.0.1:1/corpus"
    done = schedule(folder=project, corpus=secret)
    assert (done.returncode, done.stderr.count("\n")) == (8, 1)
    fill(sqlite_url, {"politique": 900})
    done = schedule(
        *("--systemd", "-s", "CONTACT=me@exemple.ml"),
        folder=project,
        corpus=sqlite_url,
        https_proxy="http://me:s3cret@127.0.0.1:1",
    )
    assert done.returncode == 0
    assert "titrologue.env" in done.stderr
    assert "CORPUS_URL, CONTACT, https_proxy" in done.stderr
    assert "s3cret" not in done.stdout + done.stderr
    file = project / "titrologue.env"
    file.write_text("CORPUS_URL=x\nCONTACT=x\nexport https_proxy=x\n")
    file.chmod(0o600)
    assert "learns from another corpus" in schedule(folder=project).stderr
    file.chmod(0o644)
    again = schedule(folder=project, corpus=sqlite_url, https_proxy="x", CONTACT="x")
    assert again.stderr.count("\n") == 1
    assert "chmod 600" in again.stderr


def test_files_of_others_are_never_written_over_and_nothing_is_half_done(
    project, sqlite_url, tmp_path
):
    fill(sqlite_url, {"politique": 900})
    folder = tmp_path / "units"
    folder.mkdir()
    victim = tmp_path / "victim"
    victim.write_text("precious")
    theirs = folder / "titrologue-check.timer"
    for make in (
        lambda: theirs.write_text("[Timer]\n"),
        lambda: theirs.symlink_to(victim),
        lambda: theirs.symlink_to("/dev/null"),
        theirs.mkdir,
    ):
        make()
        done = schedule("--write", str(folder), folder=project, corpus=sqlite_url)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 2)
        assert "was not made by" in done.stderr
        assert [path.name for path in folder.iterdir()] == [theirs.name]
        assert victim.read_text() == "precious"
        theirs.rmdir() if theirs.is_dir() else theirs.unlink()


def test_files_of_ours_are_renewed_and_what_is_no_more_wanted_is_named(
    project, sqlite_url, tmp_path
):
    fill(sqlite_url, {"politique": 900})
    folder = tmp_path / "units"
    folder.mkdir()
    old = folder / "titrologue-abamako-2h.timer"
    old.write_text(f"{MARK}\n")
    (folder / "titrologue-aouaga-2h.timer").write_text(f"{MARK}\n")
    (folder / "titrologue-abamako-mine.timer").write_text("[Timer]\n")
    for _ in range(2):
        done = schedule("--write", str(folder), folder=project, corpus=sqlite_url)
        assert done.returncode == 0
    assert f"systemctl disable --now {old.name} && rm {old}" in done.stdout
    assert done.stdout.count("disable") == 1
    assert not list(folder.glob(".*"))
    assert (folder / "titrologue-check.timer").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("abamaco",), 2, "did you mean abamako?"),
        (("https://www.exemple.ml/",), 2, "never crawled"),
        (("--cron", "--systemd"), 2, "not allowed with"),
        (("--wrong",), 2, "--wrong"),
        (("--write", "nowhere/at/all"), 2, "mkdir -p"),
        (("--write", "scrapy.cfg"), 2, "no folder"),
        (("--write", "/sys"), 3, "/sys: "),
    ],
)
def test_wrong_call_says_what_to_do(args, code, said, project, sqlite_url):
    fill(sqlite_url, {"politique": 900})
    done = schedule(*args, folder=project, corpus=sqlite_url)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
