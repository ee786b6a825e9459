"""Every setting, its default and its why. Read by Scrapy first; a crawl's `-s` comes after.

Each line that differs from Scrapy 2.19 says Scrapy's default. The names under «Ours» can also be
set in the environment. `crawler.settings_check` refuses values that would undo what holds here.
"""

from __future__ import annotations

import os
from typing import TypeVar

from crawler.network.identity import user_agent

_T = TypeVar("_T")


def _environment(name: str, default: _T) -> _T | str:
    return os.environ.get(name) or default


# --- Ours: in the environment or as -s ------------------------------------------------------------

CORPUS_URL = _environment("CORPUS_URL", "sqlite:///corpus.db")
"""The database; also postgresql+psycopg://… Relative paths count from the folder of scrapy.cfg."""
ARCHIVE_DIR = _environment("ARCHIVE_DIR", "archive")
"""Where fetched pages are kept as WARC."""
ARCHIVE = _environment("ARCHIVE", "articles")
"""Which pages are kept: articles, all, none."""
SEARCH_DIR = _environment("SEARCH_DIR", "search")
"""What is made from the corpus to find in it: can be deleted, is made anew."""
SEARCH_EXACT_UP_TO = _environment("SEARCH_EXACT_UP_TO", 100_000)
"""Articles that may answer a search for it to count and rank them all; more are estimated."""
EXTRA_CA_FILE = _environment("EXTRA_CA_FILE", "")
"""PEM file of authorities trusted beside the system's: a replica's, a company proxy's."""
CONTACT = _environment("CONTACT", "set CONTACT to an address where the crawler's owner is reached")
"""Written into USER_AGENT; a page or mail address that a site's owner can turn to."""
PHOTO_MAXSIZE = _environment("PHOTO_MAXSIZE", 5_242_880)
"""Bytes of the largest photo that `-a photos=yes` fetches."""
MAX_LISTING_PAGES = _environment("MAX_LISTING_PAGES", 5000)
"""Listing pages of one section before a mark is reached."""
DEEP_EVERY = _environment("DEEP_EVERY", 20)
"""Complete walks of a section from one deep pass below its mark to the next; 0 for none."""
DEEP_PAGES = _environment("DEEP_PAGES", 5)
"""Listing pages of a deep pass."""
MAX_BARREN_PAGES = _environment("MAX_BARREN_PAGES", 200)
"""Pages fetched in a row without a stored one before a `sections` run stops."""
MAX_FAILED_RATIO = _environment("MAX_FAILED_RATIO", 0.1)
"""Share of fetches that may fail before the run's exit code is 12."""
DRIFT_READINGS = 20
"""Articles that are judged at the least, over several runs if need be: with fewer, chance alone
halves a share now and then."""
DRIFT_HISTORY = 500
"""Articles of earlier runs that are looked at: enough for a share within 4 points, and a slow
change of the site becomes the norm."""
DRIFT_HAD = 0.9
"""Share of a field's readings that one layer must have won before, for its loss to be a change of
the template: below that the pages differ among themselves."""
DRIFT_LEFT = 0.5
"""Share below which that layer has stopped winning: a redesign takes it to nought within a run, and
a few odd pages never to a half."""
MIN_FREE_MB = _environment("MIN_FREE_MB", 500)
"""Megabytes that must be free where the archive and the SQLite database lie, for a crawl to begin;
0 for no check."""
DB_OUTAGE_LIMIT = _environment("DB_OUTAGE_LIMIT", 600)
"""Seconds without the database before a crawl gives up (exit 8)."""
SSRF_ALLOW_NETS: list[str] = []
"""Private networks that may be fetched from, e.g. 127.0.0.0/8 for a replica. Empty: none."""
THROTTLE_MAX_WAIT = 300
"""Seconds: the longest pause that a Retry-After gets."""
THROTTLE_DEFAULT_WAIT = 30
"""Seconds: the pause for a 429 without a readable Retry-After."""
THROTTLE_LIMIT = 5
"""Pauses in a row of one host before the run ends as `throttled` (exit 18)."""

# --- The project ----------------------------------------------------------------------------------

BOT_NAME = "titrologue"  # default: scrapybot
SPIDER_MODULES: list[str] = []  # one spider for all portals; the loader makes them
SPIDER_LOADER_CLASS = "crawler.spiders.loader.PortalLoader"  # default: by SPIDER_MODULES
COMMANDS_MODULE = "crawler.commands"  # default: none
ADDONS = {"crawler.network.identity.ContactInUserAgent": 0}  # default: none; -s CONTACT
LOG_FORMATTER = "crawler.redaction.RedactingLogFormatter"  # default prints passwords
LOG_LEVEL = "INFO"  # default: DEBUG, which prints every address

# --- From a page to a row -------------------------------------------------------------------------

# Default: in memory, or a JOBDIR that a kill empties. Ours is a table of the corpus.
SCHEDULER = "crawler.frontier.scheduler.FrontierScheduler"
JOBDIR = None  # the default; set, it is refused: it holds pickles and loses pages
HTTPCACHE_ENABLED = False  # the default; set, it is refused: the archive is the cache
ITEM_PIPELINES = {
    "pipelines.repair_text.RepairText": 100,
    "pipelines.normalise_dates.NormaliseDates": 200,
    "pipelines.strip_boilerplate.StripBoilerplate": 300,
    "pipelines.validate.Validate": 400,
    "pipelines.link_reprints.LinkReprints": 800,
    "pipelines.store.Store": 900,
}

# --- Who we are, and what we are allowed ----------------------------------------------------------

USER_AGENT = user_agent(CONTACT)  # default: Scrapy's own name
ROBOTSTXT_OBEY = True  # default: False
ROBOTSTXT_USER_AGENT = "titrologue"  # default: USER_AGENT, which robots.txt cannot match
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "fr,en;q=0.5",  # default: en; the portals are in French
}

# --- Politeness -----------------------------------------------------------------------------------

CONCURRENT_REQUESTS = 8  # default: 16; a kill repeats at most what is under way
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # default: 8
DOWNLOAD_DELAY = 1  # default: 0; seconds between two requests to one host
DOWNLOAD_DELAY_JITTER = 0  # default: 0.5, i.e. gaps down to half of DOWNLOAD_DELAY
AUTOTHROTTLE_ENABLED = True  # default: False; slower where a site is slow
AUTOTHROTTLE_START_DELAY = 1  # default: 5; DOWNLOAD_DELAY is polite already
AUTOTHROTTLE_MAX_DELAY = 10  # default: 60; more would outlast a clean stop
CONCURRENT_ITEMS = 1  # default: 100 tasks a response; a page is one item

# --- Bounds ---------------------------------------------------------------------------------------

DOWNLOAD_TIMEOUT = 30  # default: 180; the whole answer, so a drip ends too
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # default: 1 GiB; also bounds what is decompressed
DOWNLOAD_WARNSIZE = 2 * 1024 * 1024  # default: 32 MiB
DOWNLOAD_FAIL_ON_DATALOSS = True  # the default, kept on purpose: no half article
DNS_TIMEOUT = 10  # default: 60
REDIRECT_MAX_TIMES = 5  # default: 20
METAREFRESH_ENABLED = False  # default: True; a loop with no status code
DEPTH_LIMIT = 0  # the default; the frontier's own depth ignores «next page»
URLLENGTH_LIMIT = 1024  # default: 2083; as crawler.addresses
RETRY_TIMES = 2  # the default: three tries
MEMUSAGE_LIMIT_MB = _environment("MEMUSAGE_LIMIT_MB", 512)  # default: 0, no limit
MEMUSAGE_CHECK_INTERVAL_SECONDS = 10  # default: 60

# --- What may be reached --------------------------------------------------------------------------

# Default: file, data, ftp and s3 on; a link to file:// on an allowed host reads that file.
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}
# Default: Scrapy's handlers for six schemes. Here too, so that DOWNLOAD_HANDLERS given on the
# command line, which replaces the line above, does not bring the other four back.
DOWNLOAD_HANDLERS_BASE = {
    "http": "crawler.network.handler.GuardedHandler",
    "https": "crawler.network.handler.GuardedHandler",
}
TWISTED_DNS_RESOLVER = "crawler.network.resolver.GuardedResolver"  # default: connects anywhere
DOWNLOAD_VERIFY_CERTIFICATES = True  # default: False
COOKIES_ENABLED = False  # default: True; a reader without a name
REFERRER_POLICY = "same-origin"  # default: also tells other hosts
HTTPPROXY_ENABLED = True  # the default: http_proxy, https_proxy of the environment
TELNETCONSOLE_ENABLED = False  # default: on, a listening socket
REMOTE_CONTROL_ENABLED = False  # default: on, runs code over HTTP

DOWNLOADER_MIDDLEWARES = {
    # Passes dont_filter, hence redirects of first and retried requests.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawler.middlewares.scope.StrictOffsite": 50,
    "crawler.middlewares.private_addresses.RefusePrivateAddresses": 60,
    # Fetches everything when robots.txt is unreachable.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.robots.ObeyRobots": 100,
    # Tries again at once and reads no Retry-After.
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.middlewares.throttle.RetryThrottled": 550,
    # Drops a bomb without a count.
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.middlewares.decompression.DecodeBody": 590,
    # Drops a loop without a count.
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.middlewares.redirects.CountRedirects": 600,
    # Sends https direct where only http_proxy is set.
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "crawler.middlewares.proxy.OneProxyForBoth": 750,
    "crawler.middlewares.capture.CaptureWire": 840,
    "crawler.middlewares.pacing.PaceHosts": 845,
}

SPIDER_MIDDLEWARES = {
    # Next to the engine: sees the end of a page's output.
    "crawler.frontier.spider_middleware.FrontierSpiderMiddleware": 1,
}
EXTENSIONS = {
    "scrapy.extensions.logstats.LogStats": None,  # default: on; Progress says more
    "scrapy.extensions.memusage.MemoryUsage": None,  # default: on; it counts the parent's peak
    "crawler.extensions.memory.OwnMemoryUsage": 0,
    "crawler.extensions.progress.Progress": 0,
    "crawler.extensions.signs.CountSigns": 0,
}
