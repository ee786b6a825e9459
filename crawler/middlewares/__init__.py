"""Downloader middlewares, one thing a file."""
