"""check_settings: refuses, before any request, settings that would break a promise of this
project. Called by the `crawl` command, which prints the one line and exits 2.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, default_settings
from scrapy.utils.misc import load_object

import crawler.settings as ours
from crawler.network.private import parse_networks


class ConfigurationProblem(Exception):
    """One line for the user: which setting, what is wrong with it, what to do."""


# (name, smallest, largest); whole numbers.
_WHOLE: tuple[tuple[str, float, float], ...] = (
    ("CONCURRENT_REQUESTS", 1, 256),
    ("CONCURRENT_REQUESTS_PER_DOMAIN", 1, 256),
    ("CONCURRENT_ITEMS", 1, 1000),
    ("DOWNLOAD_MAXSIZE", 1, 2**31),
    ("DOWNLOAD_WARNSIZE", 0, 2**31),
    ("PHOTO_MAXSIZE", 1, 2**31),
    ("SEARCH_EXACT_UP_TO", 1, 10**12),
    ("RETRY_TIMES", 0, 100),
    ("REDIRECT_MAX_TIMES", 0, 100),
    ("URLLENGTH_LIMIT", 1, 2**16),
    ("DEPTH_LIMIT", 0, 10**6),
    ("THROTTLE_LIMIT", 0, 10**6),
    ("MAX_LISTING_PAGES", 1, 10**9),
    ("DEEP_EVERY", 0, 10**9),
    ("DEEP_PAGES", 1, 10**9),
    ("MAX_BARREN_PAGES", 1, 10**9),
    ("MEMUSAGE_LIMIT_MB", 0, 2**31),
    ("CLOSESPIDER_ITEMCOUNT", 0, 10**12),
    ("CLOSESPIDER_PAGECOUNT", 0, 10**12),
    ("CLOSESPIDER_ERRORCOUNT", 0, 10**12),
)
# Seconds, and one share.
_NUMBERS: tuple[tuple[str, float, float], ...] = (
    ("DOWNLOAD_DELAY", 0, 86400),
    ("DOWNLOAD_DELAY_JITTER", 0, 1),
    ("DOWNLOAD_TIMEOUT", 0.001, 86400),
    ("DNS_TIMEOUT", 0.001, 3600),
    ("AUTOTHROTTLE_START_DELAY", 0, 86400),
    ("AUTOTHROTTLE_MAX_DELAY", 0, 86400),
    ("AUTOTHROTTLE_TARGET_CONCURRENCY", 0.001, 1000),
    ("THROTTLE_MAX_WAIT", 0, 86400),
    ("THROTTLE_DEFAULT_WAIT", 0, 86400),
    ("MAX_FAILED_RATIO", 0, 1),
    ("DB_OUTAGE_LIMIT", 0, 10**9),
    ("MIN_FREE_MB", 0, 10**9),
    ("CLOSESPIDER_TIMEOUT", 0, 10**9),
)
_SWITCHES = (
    "AUTOTHROTTLE_ENABLED",
    "COOKIES_ENABLED",
    "DOWNLOAD_FAIL_ON_DATALOSS",
    "DOWNLOAD_VERIFY_CERTIFICATES",
    "HTTPCACHE_ENABLED",
    "HTTPPROXY_ENABLED",
    "METAREFRESH_ENABLED",
    "REMOTE_CONTROL_ENABLED",
    "RETRY_ENABLED",
    "ROBOTSTXT_OBEY",
    "TELNETCONSOLE_ENABLED",
    "TWISTED_REACTOR_ENABLED",
)
_MUST_BE_OFF = {
    "TELNETCONSOLE_ENABLED": "it opens a listening socket",
    "REMOTE_CONTROL_ENABLED": "it runs code sent over HTTP",
    "HTTPCACHE_ENABLED": "its files are pickles, and the archive keeps the pages",
}
_ARCHIVE = ("articles", "all", "none")
_LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")


def check_settings(settings: BaseSettings) -> None:
    """Raise `ConfigurationProblem` for the first setting that cannot stand."""
    for check in _CHECKS:
        for problem in check(settings):
            raise ConfigurationProblem(problem)


def _names(settings: BaseSettings) -> Iterator[str]:
    known = {n for n in (*dir(default_settings), *dir(ours)) if n.isupper()}
    for name in settings:
        given = (settings.getpriority(name) or 0) >= SETTINGS_PRIORITIES["cmdline"]
        if given and name not in known and str(name).isupper():
            close = difflib.get_close_matches(str(name), known, n=1, cutoff=0.85)
            if close:
                yield f"{name}: no such setting; did you mean {close[0]}?"


def _switches(settings: BaseSettings) -> Iterator[str]:
    for name in _SWITCHES:
        try:
            settings.getbool(name)
        except ValueError:
            yield f"{name}={settings[name]!r} is neither True nor False"
    for name, why in _MUST_BE_OFF.items():
        if settings.getbool(name):
            yield f"{name} must stay off: {why}; leave it out"
    if settings.get("JOBDIR"):
        yield "JOBDIR is not used: the frontier in the database resumes a run; leave it out"
    if not settings.getbool("TWISTED_REACTOR_ENABLED"):
        yield "TWISTED_REACTOR_ENABLED must stay on: the address guard needs it; leave it out"
    if "AsyncioSelectorReactor" not in str(settings.get("TWISTED_REACTOR")):
        yield "TWISTED_REACTOR must be Scrapy's default, the asyncio reactor; leave it out"


def _numbers(settings: BaseSettings) -> Iterator[str]:
    for bounds, kind, read in ((_WHOLE, "a whole number", int), (_NUMBERS, "a number", float)):
        for name, low, high in bounds:
            if not _good(value := settings.get(name), read, low, high):
                yield _wrong(name, value, kind, low, high)


def whole_number(settings: BaseSettings, name: str) -> int:
    """The value of a setting that has to be a whole number. Raises `ConfigurationProblem`."""
    low, high = next((low, high) for known, low, high in _WHOLE if known == name)
    if not _good(value := settings.get(name), int, low, high):
        raise ConfigurationProblem(_wrong(name, value, "a whole number", low, high))
    return int(value)


def _good(value: Any, read: Callable[[Any], float], low: float, high: float) -> bool:
    try:
        number = read(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return math.isfinite(number) and low <= number <= high


def _wrong(name: str, value: object, kind: str, low: float, high: float) -> str:
    return f"{name}={value!r} must be {kind} from {low:g} to {high:g}"


def _handlers(settings: BaseSettings) -> Iterator[str]:
    # Imported here: what fetches takes a quarter of a second to load, and every command, also one
    # that only reads the corpus, imports this module.
    from crawler.network.handler import GuardedHandler
    from crawler.network.resolver import GuardedResolver

    try:
        chosen = settings.getwithbase("DOWNLOAD_HANDLERS")
    except (TypeError, ValueError):
        yield "DOWNLOAD_HANDLERS must be a JSON object; leave it out"
        return
    for scheme, path in chosen.items():
        if path is None:
            continue
        if scheme not in ("http", "https"):
            yield f"DOWNLOAD_HANDLERS: {scheme}:// is never fetched; leave it out"
        elif not _is(path, GuardedHandler):
            yield (
                f"DOWNLOAD_HANDLERS: {path} for {scheme} opens connections that the address "
                f"guard does not see; leave it out"
            )
    if not _is(settings.get("TWISTED_DNS_RESOLVER"), GuardedResolver):
        yield "TWISTED_DNS_RESOLVER must be the project's address guard; leave it out"
    if settings.get("DOWNLOADER_CLIENTCONTEXTFACTORY") != "SENTINEL":
        yield "DOWNLOADER_CLIENTCONTEXTFACTORY is not used; trust more roots by EXTRA_CA_FILE"


def _is(path: object, wanted: type) -> bool:
    try:
        found = load_object(path) if isinstance(path, str) else path
    except (ImportError, NameError, ValueError):
        return False
    return isinstance(found, type) and issubclass(found, wanted)


def _middlewares(settings: BaseSettings) -> Iterator[str]:
    try:
        chosen = settings.getdict("DOWNLOADER_MIDDLEWARES")
    except (TypeError, ValueError):
        yield "DOWNLOADER_MIDDLEWARES must be a JSON object; leave it out"
        return
    for path, order in ours.DOWNLOADER_MIDDLEWARES.items():
        if chosen.get(path, "absent") != order:
            name = path.rpartition(".")[2]
            yield f"DOWNLOADER_MIDDLEWARES must keep {name} at {order}; leave it out"


def _choices(settings: BaseSettings) -> Iterator[str]:
    archive = settings.get("ARCHIVE")
    if archive not in _ARCHIVE:
        yield f"ARCHIVE={archive!r} must be one of {', '.join(_ARCHIVE)}"
    level = str(settings.get("LOG_LEVEL")).upper()
    if level not in _LEVELS:
        yield f"LOG_LEVEL={level!r} must be one of {', '.join(_LEVELS)}"
    url = str(settings.get("CORPUS_URL") or "")
    # Never the whole address: it may hold a password.
    scheme = url.partition(":")[0] if "://" in url else ""
    if scheme not in _DATABASES:
        yield "CORPUS_URL must begin with sqlite:/// or postgresql+psycopg://"
    for name in ("USER_AGENT", "CONTACT", "ROBOTSTXT_USER_AGENT"):
        value = str(settings.get(name) or "")
        if not value.strip() or not value.isprintable() or not value.isascii():
            yield f"{name} must be one line of plain ASCII"
    for name in ("ARCHIVE_DIR", "SEARCH_DIR"):
        value = str(settings.get(name) or "")
        if not value.strip() or "\0" in value:
            yield f"{name} must name a folder"


def _network(settings: BaseSettings) -> Iterator[str]:
    try:
        parse_networks(settings.getlist("SSRF_ALLOW_NETS"))
    except (TypeError, ValueError) as error:
        yield f"SSRF_ALLOW_NETS: {error}; write networks like 127.0.0.0/8"
    if path := settings.get("EXTRA_CA_FILE"):
        from crawler.network.tls import BadCertificateFile, read_certificates

        try:
            read_certificates(path)
        except BadCertificateFile as error:
            yield f"EXTRA_CA_FILE: {error}"
    if not settings.getbool("HTTPPROXY_ENABLED"):
        return
    for key, value in getproxies().items():
        if key in ("http", "https", "all") and "://" in value:
            scheme = urlsplit(value).scheme
            if scheme != "http":
                yield f"{key}_proxy: a proxy is reached by http://, not by {scheme}://"


_CHECKS: tuple[Callable[[BaseSettings], Iterator[str]], ...] = (
    _names,
    _switches,
    _numbers,
    _handlers,
    _middlewares,
    _choices,
    _network,
)
