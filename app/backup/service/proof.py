"""Restore a plain copy into a scratch database and compare it: row hashes, files, rules between rows, audit log."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from app.audit.domain.chain import ChainFault
from app.audit.domain.checkpoints import read_folder
from app.audit.service import public_keys, verification
from app.backup.domain.manifest import AUDIT, MEDIA, BackupError, Manifest, differences
from app.backup.queries.invariants import checks, tables
from app.backup.service.databases import DatabaseCopies
from app.backup.service.site_files import hash_file
from app.db.keyring import LostKeyError
from app.db.session import db, other_database
from app.db.stores import media_contents
from config import Settings

PEOPLE = 3


@dataclass(frozen=True, slots=True)
class ProvedCopy:
    """A scratch database with the rows of a backup, the faults of its rows and audit log, and its audit entries.

    The faults are those of the site that was backed up: the rows of the copy are equal to those of the site.
    """

    url: str
    faults: Sequence[str]
    entries: int


@contextmanager
def proved(
    copies: DatabaseCopies, folder: Path, manifest: Manifest, settings: Settings, work: Path, *, with_rules: bool = True
) -> Iterator[ProvedCopy]:
    """Restore the copy of a folder into a scratch database, compare it with the manifest, and yield it.

    `with_rules`: check the rules between rows and the audit log too, which needs the tables of this program.
    Raises BackupError if a row or a file differs.
    """
    compare_files(folder, manifest.files)
    with copies.loaded(folder / manifest.database_file, settings.database_url, work) as url:
        if names := differences(manifest, copies.row_hashes(url)):
            raise BackupError(f"The restored copy differs from the site in: {', '.join(names)}. Take another backup.")
        yield _checked(url, folder, settings) if with_rules else ProvedCopy(url, (), 0)


def _checked(url: str, folder: Path, settings: Settings) -> ProvedCopy:
    with other_database(url):
        result = verification.verify(public_keys.trusted(settings.keys), read_folder(folder / AUDIT))
        faults = [*checks.faults(), *_media_faults(folder), *_audit_faults(result.fault)]
        return ProvedCopy(url, faults, result.entries)


def compare_files(folder: Path, expected: Mapping[str, object]) -> None:
    """Raise BackupError unless these files, and no others, are in the folder with these hashes."""
    for name, value in expected.items():
        path = folder / name
        if not path.is_file() or hash_file(path) != value:
            raise BackupError(f"The file {name} of the backup is missing or was changed. Take another backup.")


def readable_people(url: str) -> list[str]:
    """Decrypt name and mail address of three people of a database and return their aliases.

    Raises BackupError if the key files of this machine do not open them.
    """
    identity, person = tables.table("identity"), tables.table("person")
    query = (
        select(person.c.alias, identity.c.name, identity.c.mail)
        .join(identity, identity.c.person_id == person.c.id)
        .order_by(func.random())
        .limit(PEOPLE)
    )
    with other_database(url):
        try:
            return [str(alias) for alias, _name, _mail in db.session.execute(query)]
        except LostKeyError as error:
            text = "does not open the names of this backup. Put the key files of the site into SECRETS_PATH."
            raise BackupError(f"The key file for {error} {text}") from None


def _media_faults(folder: Path) -> list[str]:
    """Return a message for each content to which a row refers and that is not in the backup as it was."""
    files = ((digest, folder / MEDIA / digest) for digest in sorted(media_contents.moved_sizes()))
    lost = [digest for digest, path in files if not path.is_file() or hash_file(path).sha256 != digest]
    return [f"media: {digest} is missing in MEDIA_PATH, or was changed" for digest in lost]


def _audit_faults(fault: ChainFault | None) -> list[str]:
    return [] if fault is None else [f"audit log: {fault.kind} at entry {fault.entry}"]
