"""`scrapy date` as its users type it, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import run_scrapy_bytes

ROOT = Path(__file__).parents[3]
AT = ("--at", "2026-11-01T00:00Z")
SHARED = ROOT.parent / "shared" / "dates_fr.tsv"


def run(*args: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return run_scrapy_bytes("date", *args, given=given)


def test_line_is_printed_as_day_precision_and_rule() -> None:
    done = run("Publié le vendredi 29 mars 2024 | L’Essor")
    assert (done.returncode, done.stdout) == (0, b"2024-03-29\tday\tlong\n")


def test_several_lines_are_printed_in_order_even_one_that_begins_with_a_dash() -> None:
    done = run("- 25 mai 2020", "Politique", "il y a 7 heures", *AT)
    assert done.stdout.decode().splitlines() == [
        "2020-05-25\tday\tlong",
        "\t\tnone",
        "2026-10-31T17:00Z\tminute\trelative",
    ]


def test_time_has_an_offset_only_when_a_portal_or_the_line_gives_one() -> None:
    lines = ["31 octobre 2015 à 17h48", "04 juillet 2021 - 21H26 GMT"]
    plain = run(*lines).stdout.decode().split("\n")
    bamako = run(*lines, "--portal", "abamako").stdout.decode().split("\n")
    niamey = run(*lines, "--portal", "aniamey").stdout.decode().split("\n")
    assert [line.split("\t")[0] for line in plain[:2]] == ["2015-10-31T17:48", "2021-07-04T21:26Z"]
    assert [line.split("\t")[0] for line in bamako[:2]] == [
        "2015-10-31T17:48Z",
        "2021-07-04T21:26Z",
    ]
    assert [line.split("\t")[0] for line in niamey[:2]] == [
        "2015-10-31T17:48+01:00",
        "2021-07-04T22:26+01:00",
    ]


def test_standard_input_gives_one_line_out_for_each_whatever_its_bytes() -> None:
    given = "12 mars 2024\n\n12 f\u00e9vrier 2024\r\n".encode("cp1252") + b"\xff\x00\n29/03/2024"
    done = run("-", given=given)
    assert done.returncode == 0
    assert [line.split("\t")[0] for line in done.stdout.decode().split("\n")] == [
        "2024-03-12",
        "",
        "2024-02-12",
        "",
        "2024-03-29",
        "",
    ]


def test_each_answer_is_given_before_the_next_line_is_asked_for() -> None:
    command = [sys.executable, "-m", "scrapy", "date", "-"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for day in (1, 2):
            process.stdin.write(f"{day} mars 2024\n".encode())
            process.stdin.flush()
            assert process.stdout.readline() == f"2024-03-0{day}\tday\tlong\n".encode()
        process.stdin.close()
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("args", "word"),
    [
        ((), "needed"),
        (("x", "--portal", "abidjann"), "abidjan"),
        (("x", "--at", "yesterday"), "ISO 8601"),
        (("x", "--bogus"), "--bogus"),
    ],
)
def test_wrong_argument_ends_with_two_and_says_why(args: tuple[str, ...], word: str) -> None:
    done = run(*args)
    assert done.returncode == 2
    assert word in (done.stdout + done.stderr).decode()
    assert b"Traceback" not in done.stderr


def test_help_shows_an_example() -> None:
    assert 'scrapy date --portal abamako "Publi' in " ".join(run("--help").stdout.decode().split())


def test_shared_table_is_printed_right_when_at_hand() -> None:
    if not SHARED.exists():
        pytest.skip("the shared table is not beside this project")
    rows = [row.split("\t") for row in SHARED.read_text(encoding="utf-8").splitlines()[1:]]
    given = "\n".join(row[0] for row in rows).encode()
    printed = run("-", *AT, given=given).stdout.decode().splitlines()
    assert [line.split("\t")[0] for line in printed] == [row[1] for row in rows]
