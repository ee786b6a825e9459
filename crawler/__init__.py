"""From an address to an Article: portals, discovery, frontier, parsing and the spider."""

__version__ = "0.1.0"

EXTRACTOR_REVISION = "2"
"""Raised whenever parser or stages read many pages differently; stored with every version, with a
digest of their source behind it (`crawler.stages.extractor_revision`)."""
