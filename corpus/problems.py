"""What can be wrong with the database or the disk, told in one line with the remedy.

`DatabaseProblem` is what the other rooms catch: its text is for people, its `exit_code` is the
contract's. `judge` sorts any exception out of a transaction into what the writer should do.
"""

from __future__ import annotations

import errno
from typing import ClassVar, Literal

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError


class DatabaseProblem(Exception):
    """The database cannot be used as it is. The message is one line and names the remedy."""

    exit_code: ClassVar[int] = 2


class BadUrl(DatabaseProblem):
    """CORPUS_URL names no database we know."""


class MissingDriver(DatabaseProblem):
    """CORPUS_URL names PostgreSQL, but psycopg is not installed."""


class NotACorpus(DatabaseProblem):
    """A healthy database with somebody else's tables in it."""


class OlderSchema(DatabaseProblem):
    """Written by an earlier titrologue: `scrapy migrate` brings it up to date."""


class NewerSchema(DatabaseProblem):
    """Written by a later titrologue than this one."""


class InTheWay(DatabaseProblem):
    """Something of the user's own hangs on what a migration has to change."""


class Corrupt(DatabaseProblem):
    """Not a database, or a damaged one. It is left untouched."""

    exit_code = 3


class Unwritable(DatabaseProblem):
    """Disk full, read-only file system, or no permission: database or archive."""

    exit_code = 3


class Unreachable(DatabaseProblem):
    """The server does not answer, refuses the login, or stays locked."""

    exit_code = 8


Judgement = Literal["outage", "unwritable", "corrupt", "poison"]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EIO}
_SQLITE_UNWRITABLE = (
    "SQLITE_FULL",
    "SQLITE_READONLY",
    "SQLITE_IOERR",
    "SQLITE_CANTOPEN",
    "SQLITE_PERM",
)
_SQLITE_CORRUPT = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_SQLITE_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")
# PostgreSQL: disk_full, out_of_memory's neighbours, read_only_sql_transaction, no privilege.
_PG_UNWRITABLE = {"53100", "25006", "42501"}
_PG_CORRUPT = {"XX001", "XX002"}
# Classes of SQLSTATE that pass by themselves: connection, resources, operator, rollback, system.
_PG_PASSING = ("08", "53", "57", "40", "55", "58")


def judge(error: BaseException) -> Judgement:
    """What an exception out of a transaction means.

    `outage`: the same work may succeed later. `unwritable`, `corrupt`: it will not, nor will any
    other. `poison`: this very work is at fault, its neighbours are not.
    """
    if isinstance(error, OSError):
        return "unwritable" if error.errno in _FULL else "poison"
    if not isinstance(error, DBAPIError):
        return "poison"
    if error.connection_invalidated:
        return "outage"
    original = error.orig
    name = str(getattr(original, "sqlite_errorname", ""))
    if name:
        return _judge_sqlite(name)
    state = getattr(original, "sqlstate", None)
    if state is None:
        return "outage" if isinstance(error, OperationalError | InterfaceError) else "poison"
    return _judge_postgresql(str(state))


def _judge_sqlite(name: str) -> Judgement:
    if name.startswith(_SQLITE_BUSY):
        return "outage"
    if name.startswith(_SQLITE_CORRUPT):
        return "corrupt"
    return "unwritable" if name.startswith(_SQLITE_UNWRITABLE) else "poison"


def _judge_postgresql(state: str) -> Judgement:
    if state in _PG_UNWRITABLE:
        return "unwritable"
    if state in _PG_CORRUPT:
        return "corrupt"
    return "outage" if state.startswith(_PG_PASSING) else "poison"


def one_line(error: BaseException) -> str:
    """The cause in one line, without SQLAlchemy's wrapping, statement or link."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    text = " ".join(str(cause).split()) or type(cause).__name__
    return text if len(text) <= 300 else text[:297] + "..."
