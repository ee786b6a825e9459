"""From an address to an Article: portals, discovery, frontier, parsing and the spider."""

__version__ = "0.1.0"
