"""Exporting: parts of the corpus as files for other tools, whole or not at all."""
