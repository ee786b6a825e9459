"""Pauses, retries and cut answers: cases 4, 5, 6 and 8."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.middlewares.throttle import retry_after
from tests.faultserver import HOSTS, Answer, Drip, FaultServer, Hang, Reset, answer
from tests.fetchrun import fetch

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WAITS = {"THROTTLE_DEFAULT_WAIT": 0.8, "THROTTLE_MAX_WAIT": 1.5}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"5", 5.0),
        (b" 0 ", 0.0),
        (b"1e9", 1e9),
        (b"Tue, 24 Nov 2026 12:00:07 GMT", 7.0),
        (b"Tuesday, 24-Nov-26 12:00:07 GMT", 7.0),
        (b"Tue, 24 Nov 2020 12:00:00 GMT", None),
        (b"-1", None),
        (b"abc", None),
        (b"nan", None),
        (b"inf", None),
        (b"", None),
        (None, None),
        (b"\xff\xfe", None),
        (b"9" * 400, float("9" * 64)),
    ],
)
def test_retry_after_is_read(value: bytes | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.binary(max_size=80))
def test_no_retry_after_raises(value: bytes) -> None:
    found = retry_after(value, NOW)
    assert found is None or found >= 0


PAUSES: tuple[tuple[int, str | None, float], ...] = (
    (429, "1", 1.0),
    (503, "1", 1.0),
    (429, "date", 1.0),
    (429, "Tue, 24 Nov 2020 12:00:00 GMT", 0.8),
    (429, "-1", 0.8),
    (503, "abc", 0.8),
    (429, None, 0.8),
    (429, "1e9", 1.5),
)


def test_case_04_a_host_is_left_in_peace_as_long_as_it_asks(faults: FaultServer) -> None:
    # One host for each form of Retry-After, and one that asks for nothing.
    hosts = HOSTS[: len(PAUSES)]
    calm = HOSTS[len(PAUSES)]
    for host, (status, value, _) in zip(hosts, PAUSES, strict=True):
        if value == "date":
            # Whole seconds, and the crawl has yet to start: far ahead, cut to the longest.
            value = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
        busy = answer(status, **({"Retry_After": value} if value else {}))
        faults.on(host, "/busy", busy, answer(200, "page"))
        faults.on(host, "/next", answer(200, "page"))
    faults.on(calm, "/busy", answer(200, "page"))
    faults.on(calm, "/next", answer(200, "page"))
    urls = [faults.url(path, host) for path in ("/busy", "/next") for host in (*hosts, calm)]
    out = fetch(*urls, hosts=HOSTS, CONCURRENT_REQUESTS=64, **WAITS)
    assert {u: out.reason(u) for u in urls} == dict.fromkeys(urls, "200")
    assert out.stats["portal/throttled"] == len(PAUSES)
    seconds = []
    for host, (_, value, least) in zip(hosts, PAUSES, strict=True):
        first, second, *_ = (h.at for h in faults.hits if h.host == host)
        assert second - first >= least - 0.1, (host, value)
        seconds.append(second)
    assert faults.seen("/next", calm)[0].at < min(seconds)


def test_case_04_too_many_pauses_in_a_row_end_the_run(faults: FaultServer) -> None:
    faults.on("127.0.0.1", "/busy", answer(429, Retry_After="0.1"))
    faults.on("127.0.0.1", "/next", answer(429, Retry_After="0.1"))
    urls = [faults.url("/busy"), faults.url("/next")]
    out = fetch(*urls, THROTTLE_LIMIT=2)
    assert out.stats["finish_reason"] == "throttled"
    # What was still in the stock scheduler's memory has no outcome; ours keeps it queued.
    assert "throttled" in {p["reason"] for p in out.pages.values()} <= {"throttled", "run_ended"}
    assert out.stats["portal/throttled"] == len(faults.hits) == 3


def test_case_04_a_good_answer_begins_the_count_anew(faults: FaultServer) -> None:
    busy = answer(429, Retry_After="0")
    faults.on("127.0.0.1", "/a", busy, busy, answer(200, "page"))
    faults.on("127.0.0.1", "/b", busy, busy, answer(200, "page"))
    out = fetch(faults.url("/a"), faults.url("/b"), THROTTLE_LIMIT=4)
    assert {p["status"] for p in out.pages.values()} == {200}


def test_a_run_that_ends_lets_waiting_requests_go_at_once(faults: FaultServer) -> None:
    faults.on("127.0.0.1", "/busy", answer(429, Retry_After="40"))
    faults.on("127.0.0.2", "/x", answer(200, "page"))
    urls = [faults.url("/busy"), faults.url("/x", "127.0.0.2")]
    out = fetch(*urls, hosts=("127.0.0.1", "127.0.0.2"), CLOSESPIDER_TIMEOUT=1)
    assert out.stats["finish_reason"] == "closespider_timeout"
    assert out.reason(urls[0]) == "run_ended"
    assert out.stats["elapsed_time_seconds"] < 10


def test_case_05_three_tries_with_growing_gaps(faults: FaultServer) -> None:
    faults.on("127.0.0.1", "/a", answer(500))
    out = fetch(faults.url("/a"), DOWNLOAD_DELAY=0.2)
    assert out.reason(faults.url("/a")) == "500"
    first, second = faults.gaps("/a")
    assert first >= 0.18
    assert second >= 0.36
    assert "portal/throttled" not in out.stats


HALF = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"


CUT: dict[str, tuple[Answer, str]] = {
    "short body": (HALF + b"Content-Length: 900\r\n\r\n<html>half a page", "dataloss"),
    "bad chunk": (HALF + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nZZ\r\n", "dataloss"),
    "cut chunks": (HALF + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "dataloss"),
    "RST in the body": (Reset(HALF + b"Content-Length: 900\r\n\r\n<html>half"), "dataloss"),
    "RST at once": (Reset(), "reset"),
    "closed at once": (b"", "reset"),
    "garbage": (b"no http at all\r\n\r\n", "reset"),
    "hang": (Hang(HALF + b"Content-Length: 900\r\n\r\n"), "timeout"),
    "drip": (Drip(HALF + b"Content-Length: 900\r\n\r\n", gap=0.05), "timeout"),
}


def test_case_06_a_cut_answer_is_tried_again_and_never_a_page(faults: FaultServer) -> None:
    where = dict(zip(CUT, HOSTS, strict=False))
    for name, host in where.items():
        fault = CUT[name][0]
        faults.on(host, "/cut", fault)
        faults.on(host, "/mended", fault, answer(200, "whole"))
    urls = [faults.url(path, host) for host in where.values() for path in ("/cut", "/mended")]
    out = fetch(*urls, hosts=HOSTS, CONCURRENT_REQUESTS=64, DOWNLOAD_TIMEOUT=1)
    got = {name: out.reason(faults.url("/cut", host)) for name, host in where.items()}
    assert got == {name: reason for name, (_, reason) in CUT.items()}
    for host in where.values():
        assert len(faults.seen("/cut", host)) == 3
        assert out.pages[faults.url("/mended", host)]["body"] == "whole"


def test_one_request_at_a_time_and_a_gap_between_two(faults: FaultServer) -> None:
    for n in range(4):
        faults.on("127.0.0.1", f"/{n}", Drip(answer(200, "page"), gap=0.002))
    out = fetch(*(faults.url(f"/{n}") for n in range(4)), DOWNLOAD_DELAY=0.4)
    assert {p["status"] for p in out.pages.values()} == {200}
    times = [h.at for h in faults.hits]
    assert all(b - a >= 0.38 for a, b in itertools.pairwise(times))
