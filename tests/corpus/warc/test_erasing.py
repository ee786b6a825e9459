"""Records overwritten where they stand: any length is met, a kill amid the work is made good."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from corpus.archive import Archive, Capture
from corpus.warc import erasing
from corpus.warc.erasing import WORDS, erase
from corpus.warc.records import BadRecord, members

NOW = datetime(2026, 11, 3, tzinfo=UTC)


@given(
    st.one_of(st.integers(300, 2_000), st.integers(65_000, 66_500), st.integers(131_000, 132_000))
)
def test_any_length_is_met_by_one_record_that_others_read(size):
    member = erasing._filler(size, NOW)
    assert len(member) == size
    (record,) = ArchiveIterator(BytesIO(member), check_digests="raise")
    assert record.rec_type == "metadata"
    assert WORDS.startswith(record.content_stream().read().decode().strip())
    (own,) = members(BytesIO(member))
    assert own.length == size


def test_what_is_too_short_is_refused_and_not_written():
    with pytest.raises(BadRecord):
        erasing._filler(150, NOW)


def url(number: int) -> str:
    return f"http://news.abamako.com/h/{number}.html"


def archived(folder: Path, numbers: range) -> Path:
    archive = Archive(folder, "abamako", "run")
    for number in numbers:
        body = f"Article {number} ".encode() * (number + 1)
        headers = [(b"Content-Type", b"text/html")]
        archive.write(Capture(url(number), "GET", [], 200, "OK", headers, body, NOW))
    archive.close()
    (path,) = folder.rglob("*.warc.gz")
    return path


def addresses(path: Path) -> list[str]:
    with path.open("rb") as file:
        return [m.record.get("WARC-Target-URI") for m in members(file)]


def test_neighbours_stay_where_they_are(tmp_path):
    path = archived(tmp_path, range(6))
    with path.open("rb") as file:
        before = {m.offset: m.record.id for m in members(file)}
    done = erase(tmp_path, "abamako", {url(2), url(3)}.__contains__)
    assert (done.files, done.records) == (1, 4)
    with path.open("rb") as file:
        after = {m.offset: m.record.id for m in members(file)}
    assert {o: i for o, i in after.items() if before.get(o) == i}.keys() == after.keys() - {
        min(o for o in after if before.get(o) != after[o])
    }
    assert not {url(2), url(3)} & {*addresses(path)}
    assert addresses(path).count(url(4)) == 2
    assert b"Article 3 Article 3" not in zlib.decompress(path.read_bytes(), 31) + path.read_bytes()


def test_work_that_was_cut_off_is_finished_by_the_next(tmp_path, monkeypatch):
    path = archived(tmp_path, range(6))

    def killed(size: int, now: datetime) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(erasing, "_filler", killed)
    with pytest.raises(KeyboardInterrupt):
        erase(tmp_path, "abamako", {url(2)}.__contains__)
    monkeypatch.undo()
    # As a kill leaves it: half of a record is overwritten, and nobody could read on from there.
    with path.open("rb") as file:
        place = next(m for m in members(file) if m.record.get("WARC-Target-URI") == url(2))
    with path.open("r+b") as file:
        file.seek(place.offset)
        file.write(b"\0" * (place.length // 2))
    erase(tmp_path, "abamako", {url(2)}.__contains__)
    assert url(2) not in addresses(path)
    assert addresses(path).count(url(5)) == 2
    assert [*tmp_path.rglob(f"*{erasing.NOTE}*")] == []
