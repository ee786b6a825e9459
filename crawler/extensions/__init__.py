"""Scrapy extensions, one thing a file."""
