"""The command `benchmarks.extraction`, without peers, and how it scores."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from lxml.html import document_fromstring

from benchmarks import extraction, peer_processes
from benchmarks.pagesets.mutated import MUTATIONS
from benchmarks.pagesets.replica import replica_pages
from benchmarks.readings import Reading, decoded
from benchmarks.scoring import COLUMNS, percentile, score, summary

ROOT = Path(__file__).resolve().parents[2]


def rows(text: str, heading: str) -> dict[str, list[str]]:
    """The rows of the table under a heading, by their first cell."""
    section = text.partition(f"### {heading}")[2].partition("###")[0]
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line[:2] == "| "]
    return {cells[0]: cells[1:] for cells in lines}


def test_command_prints_every_table_and_keeps_what_was_read_wrong(tmp_path):
    command = [sys.executable, "-m", "benchmarks.extraction", "--pages", "2", "--peers", ""]
    done = subprocess.run(
        [*command, "--rounds", "1", "--dump", tmp_path / "wrong"],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for name in ("replica", "mutated", "general"):
        assert len(rows(done.stdout, f"The {name} set")["titrologue"]) == len(COLUMNS)
    assert set(rows(done.stdout, "titrologue by mutation")) <= {"mutation", *MUTATIONS}
    times = rows(done.stdout, "CPU time")
    assert float(times["lxml parse of the bytes"][2]) == 1
    assert float(times["language alone"][0]) < float(times["titrologue, all stages"][0])
    for told in (tmp_path / "wrong").glob("*.json"):
        assert told.with_suffix(".html").exists()
        assert {"gold", "read"} <= json.loads(told.read_text("utf-8")).keys()


def test_unknown_peer_is_an_error(capsys):
    with pytest.raises(SystemExit):
        extraction.arguments(["--peers", "trafilatura,other"])
    assert "no such peer: other" in capsys.readouterr().err


def test_a_peer_that_cannot_be_installed_stands_in_the_table_as_absent(monkeypatch):
    def fail() -> Path:
        raise peer_processes.PeerAbsent("not installed: no such version")

    monkeypatch.setattr(peer_processes, "_python", fail)
    with extraction.ExitStack() as stack:
        peers, absent = extraction.start(["resiliparse"], stack)
    assert peers == []
    page = next(replica_pages(1, 1))
    own = extraction.Titrologue()
    scores = {"replica": [score(page, own.read(page))]}
    lines = list(extraction.quality({"replica": [page]}, own, scores, peers, absent))
    assert any("resiliparse | absent: not installed" in line for line in lines)


def test_a_peer_reads_in_a_process_of_its_own(monkeypatch):
    monkeypatch.setattr(peer_processes, "_python", lambda: Path(sys.executable))
    page = next(p for p in replica_pages(1, 20) if p.gold.body)
    with peer_processes.Peer("trafilatura") as peer:
        told = [peer.read(decoded(page), page.url) for _ in range(2)]
        assert peer.fields >= {"title", "date", "body"}
    assert told[0]["title"] == told[1]["title"] == page.gold.title
    assert told[1]["cpu_ms"] > 0
    assert "error" not in told[0]


def test_a_peer_that_cannot_be_imported_says_so(monkeypatch):
    monkeypatch.setattr(peer_processes, "_python", lambda: Path(sys.executable))
    with pytest.raises(peer_processes.PeerAbsent, match="ModuleNotFoundError"):
        peer_processes.Peer("resiliparse")


def test_a_page_told_as_its_gold_is_right_in_every_field_and_otherwise_wrong_in_each():
    page = next(p for p in replica_pages(1, 20) if p.gold.author and p.gold.source)
    gold = page.gold
    right = Reading(
        gold.title, gold.published_on, gold.author, gold.source, gold.section, gold.body
    )
    assert score(page, right).faults == []
    wrong = {"title": "Autre", "author": None, "source": "Autre", "section": None, "body": "Autre"}
    for name, value in wrong.items():
        assert score(page, replace(right, **{name: value})).faults == [name]
    assert score(page, replace(right, date="1970-01-01")).faults == ["wrong_date", "date"]
    assert score(page, replace(right, date=None)).faults == ["date"]
    leak = f"{gold.body}\n\n{gold.forbidden[0]}"
    assert score(page, replace(right, body=leak)).faults == ["leak"]


def test_fields_that_a_tool_does_not_offer_have_no_figure():
    pages = list(replica_pages(1, 30))
    told = [score(p, Reading(body=p.gold.body or "légende")) for p in pages]
    cells = dict(zip(COLUMNS, summary(told, frozenset({"body"})), strict=True))
    assert cells["body F1 mean"] == "1.000"
    assert cells["title"] == cells["date wrong"] == "–"
    bodiless = any(not p.gold.body for p in pages)
    assert cells["body invented"] == ("100.0 %" if bodiless else "–")


def test_percentile_is_the_value_that_so_many_lie_at_or_below():
    assert percentile([*range(1, 101)], 5) == 5
    assert percentile([0.5], 5) == 0.5


def test_pages_are_decoded_as_their_bytes_are():
    seen = set()
    for page in replica_pages(1, 30):
        text = document_fromstring(decoded(page)).text_content()
        assert page.gold.title in text
        seen.add(page.layout)
    assert len(seen) > 1


def test_tables_are_written_between_the_marks(tmp_path, monkeypatch):
    document = tmp_path / "quality.md"
    document.write_text(f"a\n{extraction.BEGIN}\nold\n{extraction.END}\nb\n", "utf-8")
    monkeypatch.setattr(extraction, "DOCUMENT", document)
    extraction.write(["new", "table"])
    extraction.write(["new", "table"])
    told = f"a\n{extraction.BEGIN}\n\nnew\ntable\n{extraction.END}\nb\n"
    assert document.read_text("utf-8") == told
