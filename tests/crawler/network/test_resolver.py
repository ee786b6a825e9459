"""The guard at connect time, and the proxy's exemption: case 30."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.faultserver import FaultServer, answer, redirect
from tests.fetchrun import ROOT, fetch

# The guard on a real reactor over a resolver that answers what a hostile DNS would.
ASK = """
import json, sys
from twisted.internet import asyncioreactor
asyncioreactor.install()
from twisted.internet import reactor
from twisted.internet.address import IPv4Address, IPv6Address
from scrapy.settings import Settings
from crawler.network.resolver import GuardedResolver
order = json.loads(sys.argv[1])

class Hostile:
    def resolveHostName(self, receiver, name, port=0, types=None, semantics="TCP"):
        receiver.resolutionBegan(self)
        for host in order["answers"].pop(0) if order["answers"] else []:
            kind = IPv6Address if ":" in host else IPv4Address
            receiver.addressResolved(kind("TCP", host, port))
        if order.get("hang") is None:
            receiver.resolutionComplete()

class Receiver:
    def __init__(self): self.got, self.done = [], False
    def resolutionBegan(self, r): pass
    def addressResolved(self, a): self.got.append(a.host)
    def resolutionComplete(self): self.done = True

reactor.installNameResolver(Hostile())
settings = Settings(); settings.setmodule("crawler.settings")
settings.setdict(order["settings"], priority="cmdline")
guard = GuardedResolver(reactor, settings)
out = []
def ask():
    for _ in range(order.get("times", 1)):
        r = Receiver(); guard.resolveHostName(r, order["name"], order["port"]); out.append(r)
    reactor.callLater(order.get("hang") or 0, reactor.stop)
reactor.callWhenRunning(ask)
reactor.run()
print(json.dumps({"got": [r.got for r in out], "done": [r.done for r in out],
                  "why": guard.why_refused(order["name"])}))
"""


def ask(*answers: list[str], env: dict[str, str] | None = None, **order: Any) -> dict[str, Any]:
    full = {"name": "news.example", "port": 80, "settings": {}, "answers": list(answers)} | order
    done = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(full)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=env or {},
        timeout=30,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        (["93.184.216.34"], ["93.184.216.34"]),
        (["127.0.0.1"], []),
        (["10.0.0.1", "93.184.216.34"], ["93.184.216.34"]),
        (["::1", "fd00::1", "64:ff9b::7f00:1"], []),
        (["2606:4700:4700::1111", "::ffff:10.0.0.1"], ["2606:4700:4700::1111"]),
    ],
)
def test_case_30_only_public_addresses_of_a_name_are_handed_over(
    answers: list[str], kept: list[str]
) -> None:
    found = ask(answers)
    assert found["got"] == [kept]
    assert bool(found["why"]) == (not kept)


def test_case_30_a_name_that_changes_is_judged_at_every_look_up() -> None:
    found = ask(["93.184.216.34"], ["127.0.0.1"], times=2, settings={"DNSCACHE_ENABLED": False})
    assert found["got"] == [["93.184.216.34"], []]


def test_a_look_up_that_never_ends_is_given_up() -> None:
    found = ask(["93.184.216.34"], hang=0.6, settings={"DNS_TIMEOUT": 0.2})
    assert found == {"got": [[]], "done": [True], "why": None}


def test_the_proxy_is_exempt_by_host_and_port_only() -> None:
    env = {"http_proxy": "http://me:secret@proxy.corp:3128"}
    assert ask(["10.0.0.1"], name="proxy.corp", port=3128, env=env)["got"] == [["10.0.0.1"]]
    assert ask(["10.0.0.1"], name="proxy.corp", port=0, env=env)["got"] == [["10.0.0.1"]]
    assert ask(["10.0.0.1"], name="proxy.corp", port=80, env=env)["got"] == [[]]


FORMS = (
    "127.0.0.3",
    "127.3",
    "2130706435",
    "0x7f.3",
    "0177.0.0.3",
    "[::ffff:127.0.0.3]",
    "[::1]",
    "0.0.0.0",
    "169.254.169.254",
    "10.0.0.1",
    "100.64.0.1",
    "[fd00::1]",
    "localhost",
)


@pytest.mark.parametrize("proxied", [False, True])
def test_case_30_no_form_of_a_private_address_is_fetched(
    faults: FaultServer, proxied: bool
) -> None:
    urls = [f"http://{form}:{faults.port}/" for form in FORMS]
    hosts = tuple(form.strip("[]") for form in FORMS)
    env = {"http_proxy": faults.url()} if proxied else {}
    out = fetch(*urls, hosts=hosts, env=env, SSRF_ALLOW_NETS="", ROBOTSTXT_OBEY=True)
    assert {u: out.reason(u) for u in urls} == dict.fromkeys(urls, "blocked_private")
    assert out.stats["portal/blocked/private_ip"] == len(FORMS)
    assert "retry/count" not in out.stats
    assert not faults.hits


def test_case_30_a_name_of_this_machine_is_refused_without_a_retry(faults: FaultServer) -> None:
    # A public-looking name that the machine's own hosts file leads to loopback.
    with open("/etc/hosts") as hosts_file:
        names = [
            name
            for line in hosts_file
            if line.startswith("127.")
            for name in line.split("#")[0].split()[1:]
            if name.rpartition(".")[2] not in ("localhost", "localdomain", "local", "internal")
        ]
    name = next(iter(names), "vm")
    url = f"http://{name}:{faults.port}/"
    out = fetch(url, hosts=(name,), SSRF_ALLOW_NETS="")
    if not names:
        pytest.skip("this machine has no name of its own on loopback")
    assert out.reason(url) == "blocked_private"
    assert "retry/count" not in out.stats


def test_case_30_a_redirect_to_a_private_address(faults: FaultServer) -> None:
    """Through a proxy on loopback, which itself stays reachable."""
    faults.on("news.portal.test", "/", redirect("http://169.254.169.254/latest/meta-data/"))
    faults.on("news.portal.test", "/ok", answer(200, "fine"))
    out = fetch(
        "http://news.portal.test/",
        "http://news.portal.test/ok",
        hosts=("news.portal.test", "169.254.169.254"),
        env={"http_proxy": faults.url()},
        SSRF_ALLOW_NETS="",
    )
    assert out.reason("http://news.portal.test/") == "blocked_private"
    assert out.reason("http://news.portal.test/ok") == "200"
    assert not [h for h in faults.hits if h.host.startswith("169.")]


def test_a_proxy_that_the_environment_does_not_name_is_no_way_round(faults: FaultServer) -> None:
    requests = [
        {"url": f"{scheme}://news.portal.test/", "meta": {"proxy": faults.url()}}
        for scheme in ("http", "https")
    ]
    out = fetch(*requests, hosts=("news.portal.test",), SSRF_ALLOW_NETS="")
    assert {p["reason"] for p in out.pages.values()} == {"blocked_private"}
    assert not faults.hits


def test_a_closed_port_is_refused_and_an_unknown_name_is_dns(faults: FaultServer) -> None:
    closed, unknown = "http://127.0.0.9:1/", "http://no-such-name.invalid/"
    out = fetch(closed, unknown, hosts=("127.0.0.9", "no-such-name.invalid"), RETRY_TIMES=1)
    assert out.reason(closed) == "refused"
    assert out.reason(unknown) == "dns"
