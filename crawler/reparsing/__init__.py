"""Reading the archive again: what `scrapy reparse` does, and who does it."""
