"""Places: where an export is to lie. It is written beside, under a name of its own, and gets its
name when it is whole; so a killed export leaves the old one or none, never half of one.

What such an export left beside, the next one of the same name removes: a lock that fell with its
holder tells it from one that is under way.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from corpus.problems import Unwritable

_WRONG_NAME = {errno.ENAMETOOLONG, errno.EINVAL, errno.ELOOP, errno.ENOTDIR}
BLOCK = 1 << 20
"""Bytes that are read at a time to hash a file."""


class BadPlace(Exception):
    """An export cannot have this name. One line with the remedy."""


class HashedFile:
    """A new file that is written once, from its beginning to its end, and hashed on the way."""

    closed = False

    def __init__(self, path: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        self._file = os.fdopen(os.open(path, flags, 0o666), "wb", buffering=BLOCK)
        self._hash = hashlib.sha256()
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file, whole or not."""
        with contextlib.suppress(OSError):
            self._file.close()

    def tell(self) -> int:
        """Bytes written so far."""
        return self.size

    def write(self, data: Any) -> int:
        """Write all of it."""
        view = memoryview(data)
        self._file.write(view)
        self._hash.update(view)
        self.size += view.nbytes
        return view.nbytes

    def flush(self) -> None:
        """Nothing to be done before the end."""

    def close(self) -> None:
        """What compresses into it closes it; it ends with its context."""

    def finish(self) -> str:
        """Bring all of it to the disk; return the SHA-256."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._hash.hexdigest()


def sha256(path: Path) -> str:
    """The SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def manifest_path(path: Path) -> Path:
    """Where the manifest of an export lies."""
    return path.with_name(f"{path.name}.manifest.json")


def check_place(path: Path, *, force: bool, ours: bool = False) -> None:
    """Raise `BadPlace` where an export cannot get this name. `ours`: a folder that is there is an
    earlier export and nothing else."""
    if not path.parent.is_dir():
        raise BadPlace(f"{path.parent} is no folder; make it first")
    try:
        kind = "folder" if stat.S_ISDIR(os.lstat(path).st_mode) else "file"
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise BadPlace(f"{str(path)!r} is no name for a file: {error}") from None
    if kind == "folder" and not (force and ours):
        remedy = "give a name in it" if not ours else "give another name, or --force"
        raise BadPlace(f"{path} is a folder that is there already; {remedy}")
    if kind == "file" and not force:
        raise BadPlace(f"{path} is there already; give another name, or --force to replace it")


@contextmanager
def drafted(path: Path, *, folder: bool = False, force: bool = False) -> Iterator[Path]:
    """A name beside `path` to write to (a folder is made); at the end of the context what is there
    gets the name `path`, at an exception it is removed.

    Raises `BadPlace`; `Unwritable` where the disk is full or refuses.
    """
    _remove_what_was_left(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    guard: int | None = None
    try:
        with problems_of(path):
            guard = _guard(draft)
            if folder:
                draft.mkdir()
        yield draft
        with problems_of(path):
            _put(draft, path, folder=folder, force=force)
    finally:
        # By name, not by what `_guard` returned: a signal may have come after it made the file. The
        # names hold our process number, so that they are nobody else's.
        lock = _guard_of(draft)
        for left in (draft, *_kin(lock), lock):
            _remove(left)
        if guard is not None:
            os.close(guard)


@contextmanager
def problems_of(path: Path) -> Iterator[None]:
    """Turn an OSError of writing into `Unwritable`, or `BadPlace` where the name is at fault."""
    try:
        yield
    except OSError as error:
        said = error.strerror or str(error)
        if error.errno in _WRONG_NAME:
            raise BadPlace(f"{str(path)!r} cannot be the name of a file: {said}") from error
        raise Unwritable(f"{path} cannot be written: {said}{_free(path)}; {_REMEDY}") from error


_REMEDY = "free space or mend permissions there, or write elsewhere; nothing was left half"


def _free(path: Path) -> str:
    with contextlib.suppress(OSError):
        return f" ({shutil.disk_usage(path.parent).free / 1e6:,.0f} MB are free)"
    return ""


def _guard_of(draft: Path) -> Path:
    return draft.with_suffix(".lock")


def _guard(draft: Path) -> int:
    """The lock that says that a draft is under way."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(_guard_of(draft), flags, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def _put(draft: Path, path: Path, *, folder: bool, force: bool) -> None:
    if folder and force and path.is_dir():
        # Two steps; between them the old one lies beside, whence the next export puts it back.
        old = draft.with_suffix(".old")
        path.rename(old)
        draft.rename(path)
        _remove(old)
    elif force:
        draft.replace(path)
    elif folder:
        if os.path.lexists(path):
            raise BadPlace(f"{path} has come to be there meanwhile; run again, or with --force")
        draft.rename(path)
    else:
        _link(draft, path)
    _sync_folder(path.parent)


def _link(draft: Path, path: Path) -> None:
    """Give a file its name unless that is taken: a rename would replace what came meanwhile."""
    try:
        os.link(draft, path, follow_symlinks=False)
    except FileExistsError:
        raise BadPlace(
            f"{path} has come to be there meanwhile; run again, or with --force"
        ) from None
    except OSError:
        # A file system without hard links.
        draft.rename(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_what_was_left(path: Path) -> None:
    """Remove what a killed export of this name has left; what is under way stays."""
    for lock in sorted(path.parent.glob(f".{_plain(path.name)}.*.lock")):
        with contextlib.suppress(OSError):
            descriptor = os.open(lock, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                old = lock.with_suffix(".old")
                if old.exists() and not os.path.lexists(path):
                    old.rename(path)
                for left in (old, lock.with_suffix(".part"), *_kin(lock), lock):
                    _remove(left)
            finally:
                os.close(descriptor)


def _kin(lock: Path) -> list[Path]:
    """What SQLite puts beside a draft."""
    part = lock.with_suffix(".part").name
    return [lock.with_name(part + end) for end in ("-journal", "-wal", "-shm")]


def _plain(name: str) -> str:
    """A name as a pattern that means it alone."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
