"""Secrets stay out of the logs: every log record of the process is shown without them.

Scrapy prints all settings that were changed, the database's address with its password among
them; an error may print a proxy's. Set as LOG_FORMATTER, because Scrapy builds that one before it
prints its settings; nothing happens at import.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from scrapy.crawler import Crawler
from scrapy.logformatter import LogFormatter
from scrapy.settings import BaseSettings

_IN_ADDRESS = re.compile(r"([a-z][a-z0-9+.\-]*://)[^\s/?#'\"@]*:[^\s'\"]*@(?=[^\s/?#@'\"]|/)", re.I)
_USER_ONLY = re.compile(r"(https?://)[^\s/?#'\"@:]+@", re.I)
_BASIC = re.compile(r"(?i)((?:proxy-)?authorization['\"]?\s*[:=]\s*\[?b?['\"]?basic\s+)[\w+/=]+")
_SECRET_NAME = re.compile(r"(PASS|PASSWORD|SECRET|TOKEN|_KEY|ACCESS_KEY_ID)$")
_ENVIRONMENT = re.compile(r"(?i)^(https?_proxy|all_proxy|corpus_url|pgpassword)$")
_SHORTEST = 4
"""A secret shorter than this would also be a word; it is hidden by its place only."""


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without passwords of addresses (`postgresql://me:***@host/db`) and `secrets`."""
    text = _IN_ADDRESS.sub(r"\1***:***@", text)
    text = _USER_ONLY.sub(r"\1***@", text)
    text = _BASIC.sub(r"\1***", text)
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def secrets_of(settings: BaseSettings) -> frozenset[str]:
    """The secrets that `settings` and the environment hold, as they would be printed."""
    found: set[str] = set()
    for name, value in settings.items():
        if isinstance(value, str) and value:
            if _SECRET_NAME.search(str(name)):
                found.add(value)
            found.update(_password(value))
    for name, value in os.environ.items():
        if _ENVIRONMENT.match(name):
            found.update({value} if name.upper() == "PGPASSWORD" else _password(value))
    # `guest` is Scrapy's own FTP_PASSWORD, and a word.
    return frozenset(s for s in found if len(s) >= _SHORTEST and s != "guest")


def _password(value: str) -> set[str]:
    if "://" not in value:
        return set()
    try:
        password = urlsplit(value).password
    except ValueError:
        return set()
    return {password, unquote(password)} if password else set()


def install_redaction(settings: BaseSettings) -> None:
    """Make every log record from now on hide the secrets of `settings`. Can be called again."""
    secrets = sorted(secrets_of(settings), key=len, reverse=True)

    class Redacted(logging.LogRecord):
        """A record whose message and traceback are shown redacted, by whatever handler."""

        _shown: str | None = None

        def getMessage(self) -> str:
            return redact(super().getMessage(), secrets)

        @property
        def exc_text(self) -> str | None:
            return self._shown

        @exc_text.setter
        def exc_text(self, value: str | None) -> None:
            self._shown = None if value is None else redact(value, secrets)

    logging.setLogRecordFactory(Redacted)


class RedactingLogFormatter(LogFormatter):
    """Scrapy's messages; installs the redaction when a crawl begins."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy, before «Overridden settings» is logged."""
        install_redaction(crawler.settings)
        made: Any = super().from_crawler(crawler)
        return made  # type: ignore[no-any-return]
