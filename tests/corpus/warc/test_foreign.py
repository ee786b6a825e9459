"""Records of others: whole ones are found, whatever is damaged beside them."""

from __future__ import annotations

import gzip
import tracemalloc
from io import BytesIO
from pathlib import Path

import pytest

from corpus.warc.foreign import message, records
from corpus.warc.streams import Stream
from tests.warcs import Records, arc

COUNT = 4
ADDRESS = "http://news.abamako.com/h/{}.html"


def file_of(packed: bool) -> bytes:
    made = Records(packed=packed)
    for number in range(COUNT):
        # More than is unpacked at once, and not to be packed away.
        text = "".join(f"{n * 7919 % 10007:x} " for n in range(60_000))
        made.put(ADDRESS.format(number), text.encode(), "2024-03-30T09:00:00Z")
    return made.bytes()


def whole(data: bytes) -> tuple[list[int], int]:
    """(numbers of the records that are whole, how often damage was noted)."""
    stream = Stream(BytesIO(data))
    found = []
    for record in records(stream):
        number = int(record.get("WARC-Target-URI")[-6])
        block = record.read(1 << 24)
        if record.finish():
            assert len(block) == record.length
            found.append(number)
    return found, stream.damages


@pytest.fixture(scope="module")
def plain() -> bytes:
    return file_of(packed=False)


@pytest.fixture(scope="module")
def packed() -> bytes:
    return file_of(packed=True)


def longer(data: bytes, by: int) -> bytes:
    """The first record says another length than it has."""
    length = data.split(b"Content-Length: ")[1].split(b"\r\n")[0]
    return data.replace(length, b"%0*d" % (len(length), int(length) + by), 1)


def test_whole_files_of_any_cut_are_read_and_records_found_again(
    plain: bytes, packed: bytes
) -> None:
    blocks = [plain[at : at + 9973] for at in range(0, len(plain), 9973)]
    for data in (plain, packed, gzip.compress(plain), b"".join(map(gzip.compress, blocks))):
        assert whole(data) == ([0, 1, 2, 3], 0)
    for data in (plain, packed):
        places = [record.place for record in records(Stream(BytesIO(data)))]
        for number, place in enumerate(places):
            assert place is not None
            again = next(records(Stream(BytesIO(data), place)))
            assert again.get("WARC-Target-URI") == ADDRESS.format(number)
    assert [r.place for r in records(Stream(BytesIO(gzip.compress(plain))))][1:] == [None] * 3
    assert whole(plain.replace(b"WARC/1.0\r\n", b"WARC/1.0\n")) == ([0, 1, 2, 3], 0)


def test_one_damaged_record_costs_no_other(plain: bytes, packed: bytes) -> None:
    assert whole(packed[:-200]) == ([0, 1, 2], 1)
    assert whole(plain[:-200]) == ([0, 1, 2], 1)
    assert whole(gzip.compress(plain)[:-200]) == ([0, 1, 2], 1)
    flipped = bytearray(packed)
    flipped[len(packed) // 3] ^= 0xFF
    found, damages = whole(bytes(flipped))
    assert (found, damages) == ([0, 2, 3], 1)
    for by in (-500, 500, 90_000):
        assert whole(longer(plain, by)) == ([1, 2, 3], 1)
    assert whole(gzip_first(plain, packed, -500)) == ([1, 2, 3], 1)
    assert whole(gzip_first(plain, packed, 500)) == ([1, 2, 3], 1)
    assert whole(gzip.compress(longer(plain, -500))) == ([1, 2, 3], 1)
    assert whole(plain + b"no record at all") == ([0, 1, 2, 3], 1)
    assert whole(packed + b"no member at all") == ([0, 1, 2, 3], 1)
    assert whole(packed + bytes(512)) == ([0, 1, 2, 3], 0)


def test_a_damaged_arc_file_is_read_on(tmp_path: Path) -> None:
    addresses = [ADDRESS.format(number) for number in range(COUNT)]
    arc(tmp_path / "x.arc.gz", dict.fromkeys(addresses, "20080430204825"))
    data = gzip.decompress((tmp_path / "x.arc.gz").read_bytes())
    torn = data.replace(f"{addresses[1]} 192.0.2.1".encode(), b"no such line")
    for file in (torn, gzip.compress(torn)):
        stream = Stream(BytesIO(file))
        found = [record.get("WARC-Target-URI") for record in records(stream, arc=True)]
        assert found[1:] == [addresses[0], addresses[2], addresses[3]]
        assert stream.damages == 1


def gzip_first(plain: bytes, packed: bytes, by: int) -> bytes:
    """As `packed`, its first record saying another length than it has."""
    places = [record.place or 0 for record in records(Stream(BytesIO(packed)))]
    ends = [record.place or 0 for record in records(Stream(BytesIO(plain)))]
    return gzip.compress(longer(plain[: ends[1]], by)) + packed[places[1] :]


def test_what_unpacks_to_gigabytes_is_passed_over_in_flat_memory(packed: bytes) -> None:
    size = 200_000_000
    head = b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: %d\r\n\r\n" % size
    bomb = gzip.compress(head + bytes(size) + b"\r\n\r\n", 1)
    tracemalloc.start()
    kinds = [record.get("WARC-Type") for record in records(Stream(BytesIO(bomb + packed)))]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kinds == ["resource"] + ["response"] * COUNT
    assert peak < 8_000_000


def test_a_message_of_any_line_ends_is_read() -> None:
    for text in (
        b"HTTP/1.0 200 OK\nX: caf\xe9\n\nbody",
        b"HTTP/1.0 200 OK\r\nX: caf\xe9\r\n\r\nbody",
    ):
        found = message(text)
        assert (found.status, found.headers, found.body) == (200, [("X", "café")], b"body")
