"""The ten defaults, row by row, for every spider; and the settings that are refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from crawler import __version__
from crawler.redaction import redact, secrets_of
from crawler.settings_check import ConfigurationProblem, check_settings
from crawler.spiders.loader import PortalLoader

ROOT = Path(__file__).resolve().parent.parent.parent
STOCK = "scrapy.downloadermiddlewares."


def project(**changes: Any) -> Settings:
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.setdict(changes, priority="cmdline")
    return settings


def spiders() -> list[type[Spider]]:
    """Every spider of the project, and one with nothing of its own."""
    found: list[type[Spider]] = [type("Bare", (Spider,), {"name": "bare"})]
    loader = PortalLoader.from_settings(project())
    return found + [loader.load(name) for name in loader.list()]


@pytest.mark.parametrize("spider", spiders(), ids=lambda s: str(s.name))
def test_the_ten_defaults_hold_for_every_spider(spider: type[Spider]) -> None:
    settings = Crawler(spider, project()).settings
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    order = settings.getdict("DOWNLOADER_MIDDLEWARES")
    get = settings.get
    # 1
    assert settings.getdict("DOWNLOAD_HANDLERS") == dict.fromkeys(("file", "data", "ftp", "s3"))
    assert {k for k, v in handlers.items() if v is not None} == {"http", "https"}
    # 2
    assert get("TWISTED_DNS_RESOLVER") == "crawler.network.resolver.GuardedResolver"
    assert settings.getint("DNS_TIMEOUT") == 10
    # 3
    assert not settings.getbool("TELNETCONSOLE_ENABLED")
    assert not settings.getbool("REMOTE_CONTROL_ENABLED")
    # 4
    for stock, place, ours in (
        ("offsite.OffsiteMiddleware", 50, "scope.StrictOffsite"),
        ("robotstxt.RobotsTxtMiddleware", 100, "robots.ObeyRobots"),
        ("retry.RetryMiddleware", 550, "throttle.RetryThrottled"),
    ):
        assert STOCK + stock in order
        assert order[STOCK + stock] is None
        assert order[f"crawler.middlewares.{ours}"] == place
    # 5
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert get("USER_AGENT").startswith(f"titrologue/{__version__} (+")
    assert get("ROBOTSTXT_USER_AGENT") == "titrologue"
    # 6
    assert settings.getint("DOWNLOAD_MAXSIZE") == 10 * 1024 * 1024
    assert settings.getint("DOWNLOAD_WARNSIZE") == 2 * 1024 * 1024
    assert settings.getint("DOWNLOAD_TIMEOUT") == 30
    assert settings.getint("MEMUSAGE_LIMIT_MB") == 512
    assert settings.getint("MEMUSAGE_CHECK_INTERVAL_SECONDS") == 10
    assert settings.getbool("DOWNLOAD_FAIL_ON_DATALOSS")
    # 7
    assert settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 1
    assert settings.getfloat("DOWNLOAD_DELAY") == 1.0
    assert settings.getfloat("DOWNLOAD_DELAY_JITTER") == 0
    assert settings.getbool("AUTOTHROTTLE_ENABLED")
    assert settings.getfloat("AUTOTHROTTLE_TARGET_CONCURRENCY") == 1.0
    # 8
    assert settings.getint("REDIRECT_MAX_TIMES") == 5
    assert not settings.getbool("METAREFRESH_ENABLED")
    assert settings.getint("URLLENGTH_LIMIT") == 1024
    # 9
    assert get("JOBDIR") is None
    assert not settings.getbool("HTTPCACHE_ENABLED")
    assert get("SCHEDULER") == "crawler.frontier.scheduler.FrontierScheduler"
    # 10
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    assert not settings.getbool("COOKIES_ENABLED")
    assert get("REFERRER_POLICY") == "same-origin"
    assert settings.getbool("HTTPPROXY_ENABLED")


def test_the_project_passes_its_own_check() -> None:
    check_settings(project())


REFUSED: tuple[tuple[str, Any], ...] = (
    ("CONCURRENT_REQUESTS", "-1"),
    ("CONCURRENT_REQUESTS", "0"),
    ("CONCURRENT_REQUESTS", "eight"),
    ("CONCURRENT_REQUESTS", "1e3"),
    ("CONCURRENT_REQUESTS_PER_DOMAIN", "0"),
    ("DOWNLOAD_DELAY", "-1"),
    ("DOWNLOAD_DELAY", "nan"),
    ("DOWNLOAD_DELAY", ""),
    ("DOWNLOAD_MAXSIZE", "0"),
    ("DOWNLOAD_TIMEOUT", "0"),
    ("MAX_FAILED_RATIO", "1.5"),
    ("THROTTLE_LIMIT", "-1"),
    ("MAX_LISTING_PAGES", "0"),
    ("CLOSESPIDER_TIMEOUT", "-5"),
    ("ROBOTSTXT_OBEY", "maybe"),
    ("JOBDIR", "jobs"),
    ("HTTPCACHE_ENABLED", "1"),
    ("TELNETCONSOLE_ENABLED", "1"),
    ("REMOTE_CONTROL_ENABLED", "True"),
    ("TWISTED_REACTOR_ENABLED", "False"),
    ("TWISTED_REACTOR", "twisted.internet.selectreactor.SelectReactor"),
    ("TWISTED_DNS_RESOLVER", "scrapy.resolver.CachingThreadedResolver"),
    ("DOWNLOADER_CLIENTCONTEXTFACTORY", "some.Factory"),
    ("DOWNLOADER_MIDDLEWARES", "{}"),
    ("DOWNLOAD_HANDLERS", '{"file": "scrapy.core.downloader.handlers.file.FileDownloadHandler"}'),
    ("ARCHIVE", "some"),
    ("LOG_LEVEL", "LOUD"),
    ("CORPUS_URL", "corpus.db"),
    ("CORPUS_URL", "mysql://me:secret@db/corpus"),
    ("CONTACT", "a\r\nb"),
    ("USER_AGENT", ""),
    ("SSRF_ALLOW_NETS", "everything"),
    ("EXTRA_CA_FILE", "no-such-file.pem"),
)


@pytest.mark.parametrize(("name", "value"), REFUSED, ids=lambda v: str(v)[:40])
def test_case_45_a_bad_setting_is_named_in_one_line(name: str, value: Any) -> None:
    with pytest.raises(ConfigurationProblem) as problem:
        check_settings(project(**{name: value}))
    message = str(problem.value)
    assert name in message
    assert "\n" not in message
    assert "secret" not in message


def test_case_45_a_misspelt_setting_is_named_with_its_likeness() -> None:
    with pytest.raises(ConfigurationProblem, match="did you mean CONCURRENT_REQUESTS"):
        check_settings(project(CONCURENT_REQUESTS="4"))
    check_settings(project(SOMEBODY_ELSES_SETTING="4"))


@pytest.mark.parametrize(
    "handler",
    [
        "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler",
        "scrapy.core.downloader.handlers.http2.H2DownloadHandler",
        "scrapy.core.downloader.handlers._aiohttp.AiohttpDownloadHandler",
        "scrapy.core.downloader.handlers._httpx.HttpxDownloadHandler",
        "scrapy.core.downloader.handlers.file.FileDownloadHandler",
        "no.such.Handler",
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_only_the_guarded_handler_can_be_chosen(handler: str, scheme: str) -> None:
    with pytest.raises(ConfigurationProblem, match="DOWNLOAD_HANDLERS"):
        check_settings(project(DOWNLOAD_HANDLERS=json.dumps({scheme: handler})))


def test_handlers_given_anew_do_not_bring_back_the_file_handler() -> None:
    settings = project(DOWNLOAD_HANDLERS="{}")
    check_settings(settings)
    assert set(settings.getwithbase("DOWNLOAD_HANDLERS")) == {"http", "https"}


@pytest.mark.parametrize("value", ["https://proxy:1", "socks5://proxy:1"])
def test_a_proxy_that_cannot_be_used_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("https_proxy", value)
    with pytest.raises(ConfigurationProblem, match="https_proxy"):
        check_settings(project())


def test_the_environment_sets_our_names() -> None:
    names = {
        "CORPUS_URL": "sqlite:///other.db",
        "ARCHIVE_DIR": "elsewhere",
        "ARCHIVE": "all",
        "SEARCH_DIR": "index",
        "CONTACT": "https://example.org/bot",
        "MAX_LISTING_PAGES": "7",
        "MEMUSAGE_LIMIT_MB": "300",
    }
    code = (
        "import json, sys, crawler.settings as s;"
        "print(json.dumps({n: str(getattr(s, n)) for n in json.loads(sys.argv[1])}), s.USER_AGENT)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, json.dumps(list(names))],
        env=names,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    shown, _, agent = done.stdout.strip().partition("} ")
    assert json.loads(shown + "}") == names
    assert agent == f"titrologue/{__version__} (+https://example.org/bot)"


@pytest.mark.parametrize(
    ("changes", "agent"),
    [
        ({"CONTACT": "me@example.org"}, f"titrologue/{__version__} (+me@example.org)"),
        ({"CONTACT": "me@example.org", "USER_AGENT": "mine/1 (+x)"}, "mine/1 (+x)"),
    ],
)
def test_a_contact_on_the_command_line_is_in_the_user_agent(
    changes: dict[str, str], agent: str
) -> None:
    crawler = Crawler(Spider, project(**changes))
    crawler.addons.load_settings(crawler.settings)
    assert crawler.settings["USER_AGENT"] == agent


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql+psycopg://me:s3cr:t@db/c", "postgresql+psycopg://***:***@db/c"),
        ("'http://me:p%40ss@proxy:3128'", "'http://***:***@proxy:3128'"),
        ("postgresql://:secret@/c?host=/run", "postgresql://***:***@/c?host=/run"),
        ("GET http://token@host/x", "GET http://***@host/x"),
        ("Proxy-Authorization: Basic bWU6c2VjcmV0", "Proxy-Authorization: Basic ***"),
        ("b'Proxy-Authorization': [b'Basic bWU6c2U=']", "b'Proxy-Authorization': [b'Basic ***']"),
        ("http://host/a:b@c and x@y.org", "http://host/a:b@c and x@y.org"),
        ("sqlite:///corpus.db", "sqlite:///corpus.db"),
    ],
)
def test_case_44_an_address_is_shown_without_its_password(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_case_44_settings_that_are_secrets_are_known() -> None:
    settings = project(HTTPAUTH_PASS="canary-1", CORPUS_URL="postgresql://me:canary%402@db/c")
    assert {"canary-1", "canary%402", "canary@2"} <= secrets_of(settings)


def test_case_44_no_secret_is_printed_by_a_crawl() -> None:
    from tests.fetchrun import fetch

    out = fetch(
        "http://user:canary-5@127.0.0.1:1/",
        "http://127.0.0.1:1/",
        env={"http_proxy": "http://me:canary-4@127.0.0.1:1", "PGPASSWORD": "canary-6"},
        HTTPAUTH_PASS="canary-1",
        AWS_SECRET_ACCESS_KEY="canary-2",
        CORPUS_URL="postgresql+psycopg://me:canary-3@db/corpus",
        LOG_LEVEL="DEBUG",
    )
    assert "Overridden settings" in out.log
    assert "HTTPAUTH_PASS" in out.log
    assert "canary" not in out.log
