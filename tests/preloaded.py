"""What the fork server of `tests.commands` imports once, before the first command."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import walk_packages

import scrapy.commands.crawl
import scrapy.crawler
import scrapy.pipelines  # noqa: F401

import corpus
import crawler
import pipelines
from pipelines.repair_text import detect_language

for package in (corpus, crawler, pipelines):
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        if ".migrations" not in module.name:
            import_module(module.name)

detect_language("Le texte par lequel le modèle des langues est chargé.", None)
assert "twisted.internet.reactor" not in sys.modules  # each command installs its own
