"""Copies of a PostgreSQL database: `pg_dump` of one snapshot, a scratch database, and the swap by renaming."""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, make_url

from app.backup.domain.manifest import BackupError, RowHash
from app.backup.service.store import row_hashes as hashing

if TYPE_CHECKING:
    import psycopg

MAINTENANCE = "postgres"  # the database to connect to while others are renamed
SCRATCH = "_scratch_"
LONGEST_NAME = 63  # bytes of a name in PostgreSQL
LONGEST = 6 * 60 * 60  # seconds that a dump or a load may take
# each statement of a load commits without waiting for the disk: the commit of the swap writes all of them there
UNHURRIED = "-c synchronous_commit=off"
_MESSAGE = re.compile(r"(?:pg_dump|pg_restore): (?:error: )?(.*)")
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
_IS_THERE = "SELECT 1 FROM pg_database WHERE datname = %s"


def snapshot(url: str, target: Path) -> dict[str, RowHash]:
    """Dump the database as of one moment, while others write; return the hashes of its rows at that moment."""
    with _connected(url) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        moment = connection.execute("SELECT pg_export_snapshot()").fetchone()
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment and moment[0]}"]
        _run("pg_dump", url, *options, f"--file={target}")
        hashes = hashing.of_postgresql(connection)
        connection.execute("ROLLBACK")
    return hashes


@contextmanager
def loaded(copy: Path, url: str, _work: Path) -> Iterator[str]:
    """Load a copy into a new database, yield its address and drop it at the end, unless it was renamed."""
    name = f"{_name(url)[: LONGEST_NAME - len(SCRATCH) - 8]}{SCRATCH}{secrets.token_hex(4)}"
    _create(url, name)
    scratch = _address(url, name)
    try:
        _run("pg_restore", scratch, "--no-owner", "--no-privileges", "--exit-on-error", str(copy), settings=UNHURRIED)
        yield scratch
    finally:
        _drop(url, name)


def row_hashes(url: str) -> dict[str, RowHash]:
    """Return the hash of the rows of each table."""
    with _connected(url) as connection:
        return hashing.of_postgresql(connection)


def version(url: str) -> str:
    """Return the version of the server."""
    with _connected(url) as connection:
        return str(connection.info.server_version)


def refuse_if_in_use(url: str) -> None:
    """Raise BackupError if another process is connected to the database; one that does not exist is not in use."""
    with _connected(_address(url, MAINTENANCE)) as connection:
        row = connection.execute(_OTHERS, [_name(url)]).fetchone()
    if row and row[0]:
        text = "is in use. Stop the web server, the jobs (`flask start`) and other connections first."
        raise BackupError(f"The database {_name(url)} {text}")


def swap(scratch_url: str, url: str, stamp: str) -> str:
    """Rename both databases in one transaction; return the new name of the old one, "" if there was none."""
    from psycopg import sql

    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    name = _name(url)
    old = f"{name[: LONGEST_NAME - len(stamp) - 8]}_before_{stamp}"
    try:
        with _connected(_address(url, MAINTENANCE)) as connection, connection.transaction():
            is_there = connection.execute(_IS_THERE, [name]).fetchone() is not None
            if is_there:
                connection.execute(rename.format(sql.Identifier(name), sql.Identifier(old)))
            connection.execute(rename.format(sql.Identifier(_name(scratch_url)), sql.Identifier(name)))
    except BackupError as error:
        text = "Nothing was changed. Is it in use? Does this role own it, and may it create databases?"
        raise BackupError(f"The database {name} could not be renamed. {error} {text}") from None
    return old if is_there else ""


def clear_leftovers(url: str) -> None:
    """Drop scratch databases that a killed process left behind; those in use stay."""
    pattern = _name(url)[: LONGEST_NAME - len(SCRATCH) - 8] + SCRATCH
    with _connected(_reachable(url)) as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [pattern])
        left = [str(name) for (name,) in names]
    for name in left:
        _drop(url, name)


def may_create(url: str) -> bool:
    """Return whether the role of an address may create databases."""
    query = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    with _connected(url) as connection:
        row = connection.execute(query).fetchone()
    return bool(row and row[0])


def missing_programs() -> list[str]:
    """Return the names of the programs of PostgreSQL that are not installed."""
    return [name for name in ("pg_dump", "pg_restore") if shutil.which(name) is None]


def _create(url: str, name: str) -> None:
    from psycopg import sql

    create = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name))
    try:
        with _connected(_reachable(url)) as connection:
            connection.execute(create)
    except BackupError as error:
        text = "May its role create databases? See docs/operations.md, “Backups”."
        raise BackupError(f"No database for the check can be created. {error} {text}") from None


def _drop(url: str, name: str) -> None:
    from psycopg import sql

    with suppress(BackupError), _connected(_reachable(url)) as connection:  # another process uses it
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _reachable(url: str) -> str:
    """Return the address if its database exists, else that of the maintenance database."""
    try:
        with _connected(url):
            return url
    except BackupError:
        return _address(url, MAINTENANCE)


def _run(program: str, url: str, *options: str, settings: str = "") -> None:
    """Run a program of PostgreSQL, with settings of its connection. Raises BackupError with its own reason."""
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"{program} is not installed. On Debian: `apt install postgresql-client`.")
    plain = make_url(url)
    environment = os.environ | {"PGOPTIONS": f"{os.environ.get('PGOPTIONS', '')} {settings}".strip()}
    if plain.password:
        environment["PGPASSWORD"] = str(plain.password)
    command = [path, f"--dbname={_conninfo(plain)}", "--no-password", *options]
    done = subprocess.run(  # noqa: S603 - found by its name, without a shell
        command, env=environment, capture_output=True, text=True, check=False, timeout=LONGEST
    )
    if done.returncode:
        lines = [match[1] for match in map(_MESSAGE.match, done.stderr.splitlines()) if match]
        reason = lines[0][:200] if lines else f"exit code {done.returncode}"
        raise BackupError(f"{program} failed: {reason}")


@contextmanager
def _connected(url: str) -> "Iterator[psycopg.Connection[Any]]":
    """Connect to a database, each statement by itself. Raises BackupError for an error of the server."""
    import psycopg
    from psycopg.conninfo import make_conninfo

    plain = make_url(url)
    try:
        with psycopg.connect(
            make_conninfo(_conninfo(plain), password=plain.password or None), autocommit=True
        ) as connection:
            yield connection
    except psycopg.Error as error:
        raise BackupError(f"The database {plain.database} refuses ({_reason(error)}).") from error


def _conninfo(url: URL) -> str:
    """Return the address for programs and libraries of PostgreSQL, without the password."""
    return url.set(drivername="postgresql", password=None).render_as_string()


def _address(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _name(url: str) -> str:
    return str(make_url(url).database)


def _reason(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
