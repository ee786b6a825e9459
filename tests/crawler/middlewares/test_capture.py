"""What the archive gets is what came over the wire, not what was decoded from it."""

from __future__ import annotations

import gzip

from tests.faultserver import FaultServer, answer, redirect
from tests.fetchrun import fetch


def test_the_undecoded_answer_is_kept_with_its_request(faults: FaultServer) -> None:
    packed = gzip.compress(b"<p>page</p>")
    page = answer(200, packed, Content_Encoding="gzip", ETag='"1"', Set_Cookie="a=b")
    faults.on("127.0.0.1", "/", answer(503), page)
    out = fetch(
        {"url": faults.url(), "meta": {"page": "ledger"}, "headers": {"Authorization": "secret"}}
    )
    got = out.pages[faults.url()]
    assert got["body"] == "<p>page</p>"
    kept = got["capture"]
    assert (kept["url"], kept["status"], kept["reason"]) == (faults.url(), 200, "OK")
    assert bytes.fromhex(kept["body"]) == packed
    headers, request = dict(kept["headers"]), dict(kept["request"])
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Content-Length"] == str(len(packed))
    assert headers["Etag"] == '"1"'
    assert request["User-Agent"].startswith("titrologue/")
    assert "Authorization" not in request
    assert kept["aware"]


def test_a_request_without_a_page_is_not_kept(faults: FaultServer) -> None:
    faults.on("127.0.0.1", "/", answer(200, "page"))
    assert "capture" not in fetch(faults.url()).pages[faults.url()]


def test_a_redirect_of_a_page_reaches_its_errback_as_it_came(faults: FaultServer) -> None:
    faults.on("127.0.0.1", "/", redirect("/new", 301))
    out = fetch({"url": faults.url(), "meta": {"page": "ledger", "dont_redirect": True}})
    assert out.reason(faults.url()) == "301"
    assert len(faults.hits) == 1
