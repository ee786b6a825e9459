"""What can be wrong with the search index, told in one line with the remedy."""

from __future__ import annotations

from corpus.problems import DatabaseProblem


class SearchProblem(DatabaseProblem):
    """The index cannot be used as it is. Nothing is lost by it: it is a cache of the database."""


class NewerIndex(SearchProblem):
    """Made by a later titrologue than this one."""


class DamagedIndex(SearchProblem):
    """Its files are not what was written."""

    exit_code = 3


class UnwritableIndex(SearchProblem):
    """Disk full, read-only or no permission, where SEARCH_DIR lies."""

    exit_code = 3
