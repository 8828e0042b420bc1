"""Copies of a SQLite database: an online snapshot, a scratch file, and the swap of a file by a rename."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from app.backup.domain.manifest import BackupError, RowHash
from app.backup.service.store import row_hashes as hashing
from app.kernel.durable_files import flush_folder, open_private

BUSY = 10.0  # seconds to wait for a writer


def snapshot(url: str, target: Path) -> dict[str, RowHash]:
    """Copy the database as of one moment, while others write; return the hashes of its rows at that moment."""
    with _connected(_path(url)) as source, _connected(target) as copy:
        source.execute("BEGIN")  # hashes and copy read the same snapshot
        hashes = hashing.of_sqlite(source)
        source.backup(copy)
        source.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    return hashes


@contextmanager
def loaded(copy: Path, _url: str, work: Path) -> Iterator[str]:
    """Load a copy into a scratch database, yield its address and delete it at the end."""
    scratch = work / "scratch.sqlite"
    shutil.copyfile(copy, scratch)
    try:
        with closing(_connect(scratch)) as connection:
            problem = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            lost = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError:
        raise BackupError("The copy of the database cannot be opened. Take another backup.") from None
    if problem != "ok" or lost:
        raise BackupError("The copy of the database is damaged. Check the disk, and take another backup.")
    yield f"sqlite:///{scratch.absolute()}"
    scratch.unlink(missing_ok=True)


def row_hashes(url: str) -> dict[str, RowHash]:
    """Return the hash of the rows of each table."""
    with _connected(_path(url)) as connection:
        return hashing.of_sqlite(connection)


def version(_url: str) -> str:
    """Return the version of SQLite."""
    return sqlite3.sqlite_version


def refuse_if_in_use(url: str) -> None:
    """Raise BackupError if another process has the database open, or if it cannot be opened.

    Leaving the write-ahead log needs the database for oneself: afterwards nothing of it is in other files.
    """
    path = _path(url)
    if not path.exists():
        _refuse_remains(path)
        return
    try:
        with closing(_connect(path, timeout=1)) as connection:
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.OperationalError:
        mode = "wal"
    except sqlite3.DatabaseError:
        text = "cannot be opened. Move it, and the files beside it with the same name, to another folder first."
        raise BackupError(f"{path} {text}") from None
    if mode == "wal":
        raise BackupError(f"{path} is in use. Stop the web server and the jobs (`flask start`) first.")


def _refuse_remains(path: Path) -> None:
    logs = [Path(f"{path}{suffix}") for suffix in ("-wal", "-shm")]
    if remains := [str(log) for log in logs if log.exists()]:
        raise BackupError(f"{path} is missing, and {', '.join(remains)} is there. Move it to another folder first.")


def swap(scratch_url: str, url: str, stamp: str) -> str:
    """Put the scratch database in the place of the database by one rename; return where the old one is, "" if none.

    Until the rename, the old file is in its place; it stays as a second file.
    """
    path = _path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside, old = path.with_name(f"{path.name}.new"), path.with_name(f"{path.name}.before-{stamp}")
    with _connected(_path(scratch_url)) as scratch:
        scratch.execute("PRAGMA journal_mode=DELETE")
    with _path(scratch_url).open("rb") as source, open_private(beside) as target:
        shutil.copyfileobj(source, target, 1024**2)
        target.flush()
        os.fsync(target.fileno())
    if path.exists():
        _second_name(path, old)
    beside.replace(path)
    flush_folder(path.parent)
    return str(old) if old.exists() else ""


def clear_leftovers(_url: str) -> None:
    """Do nothing: scratch files are in the work folder, which is emptied."""


def _second_name(path: Path, old: Path) -> None:
    old.unlink(missing_ok=True)
    try:
        old.hardlink_to(path)
    except OSError:  # a file system without links
        shutil.copyfile(path, old)


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database, each statement by itself. Raises BackupError for a damaged file or a full disk."""
    try:
        with closing(_connect(path)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise BackupError(f"{path} cannot be read or written ({error}).") from error


def _connect(path: Path, timeout: float = BUSY) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=timeout, isolation_level=None)


def _path(url: str) -> Path:
    return Path(str(make_url(url).database))
