"""What the fork server of `tests.commands` imports once, before the first command."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import walk_packages
from warnings import catch_warnings

import scrapy.commands
import scrapy.crawler
import scrapy.downloadermiddlewares
import scrapy.extensions
import scrapy.pipelines
import scrapy.spidermiddlewares
import tldextract  # noqa: F401

import corpus
import crawler
import pipelines
from crawler.parsing.language import detect_language

SCRAPY = (
    scrapy.commands,
    scrapy.downloadermiddlewares,
    scrapy.extensions,
    scrapy.spidermiddlewares,
)

with catch_warnings(action="ignore"):  # of Scrapy's modules some are deprecated
    for package in (*SCRAPY, corpus, crawler, pipelines):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name:
                import_module(module.name)

detect_language("Le texte par lequel le modèle des langues est chargé.", None)
assert "twisted.internet.reactor" not in sys.modules  # each command installs its own
