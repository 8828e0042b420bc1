"""What cannot be backed up or read is refused in words, and leaves nothing behind."""

import errno
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, cast

import pytest
from flask import Flask
from pyrage import x25519
from sqlalchemy import update

from app.backup.domain.manifest import BackupError
from app.backup.service import backups, encryption, site_files
from app.backup.service.store import sqlite_copies
from app.db.session import db, transaction
from app.identity.models import Person
from app.kernel import clock
from app.kernel.durable_files import open_private
from config import Mail, Settings
from tests.support import factories
from tests.support.backup_site import BackupSite


class _FullDisk:
    """A file on a disk that is full after a number of bytes."""

    def __init__(self, file: IO[bytes], room: int) -> None:
        self.file, self.room = file, room

    def __enter__(self) -> "_FullDisk":
        return self

    def __exit__(self, *_error: object) -> None:
        self.file.close()

    def write(self, block: bytes) -> int:
        self.room -= len(block)
        if self.room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self.file.write(block)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def _full_after(room: int) -> Callable[[Path], IO[bytes]]:
    return lambda path: cast("IO[bytes]", _FullDisk(open_private(path), room))


@pytest.mark.parametrize("room", [0, 100, 5_000])
def test_full_disk_is_said_and_no_file_is_left(backed_up: BackupSite, room: int) -> None:
    with pytest.raises(BackupError, match=r"backups is full. Free some space"):
        backed_up.make(open_file=_full_after(room))
    assert list(backed_up.folder.iterdir()) == []
    assert backed_up.left_in_work() == []
    assert backed_up.make().rows > 0


def test_full_disk_of_the_work_folder_is_said(backed_up: BackupSite, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(site_files.shutil, "copyfile", fill)
    with pytest.raises(BackupError, match=r"work is full. Free some space"):
        backed_up.make()
    assert backed_up.left_in_work() == []


def test_file_that_a_share_changed_is_not_kept(backed_up: BackupSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "hash_of", lambda _path: encryption.SealedFile(0, ""))
    with pytest.raises(BackupError, match="does not return what was written"):
        backed_up.make()
    assert list(backed_up.folder.iterdir()) == []


def test_other_private_key_is_refused(backed_up: BackupSite, tmp_path: Path) -> None:
    archive = backed_up.make().path
    other = tmp_path / "other.key"
    other.write_text(str(x25519.Identity.generate()))
    with pytest.raises(BackupError, match="not encrypted to this private key"), backed_up.opened(archive, other):
        pass
    other.write_text("# nothing\n")
    with pytest.raises(BackupError, match="is no private key"), backed_up.opened(archive, other):
        pass
    assert backed_up.left_in_work() == []


@pytest.mark.parametrize("damage", ["cut", "cut in the header", "changed"])
def test_damaged_file_is_refused(backed_up: BackupSite, damage: str) -> None:
    archive = backed_up.make().path
    content = bytearray(archive.read_bytes())
    match damage:
        case "cut":
            content = content[: len(content) // 2]
        case "cut in the header":
            content = content[:50]
        case _:
            content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    with pytest.raises(BackupError, match="was cut or changed"), backed_up.opened(archive):
        pass
    assert backed_up.left_in_work() == []


def test_file_that_is_no_backup_is_refused(backed_up: BackupSite, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "note").write_text("no backup")
    encryption.seal(folder, (), tmp_path / "x.age", backed_up.settings.backups.holders)
    with pytest.raises(BackupError, match="is no backup"), backed_up.opened(tmp_path / "x.age"):
        pass


def test_backup_that_another_site_signed_is_refused(backed_up: BackupSite) -> None:
    archive = backed_up.make().path
    keys = replace(backed_up.settings.keys, audit=(("9", b"q" * 32),))
    other = replace(backed_up.settings, keys=keys)
    with (
        pytest.raises(BackupError, match="no audit key of this site signed"),
        backed_up.opened(archive, settings_=other),
    ):
        pass


def test_two_backups_do_not_run_at_once(backed_up: BackupSite) -> None:
    archive = backed_up.make().path
    with backed_up.opened(archive), pytest.raises(BackupError, match="Another process"):
        backed_up.make()


def test_copy_that_differs_from_the_site_is_not_kept(backed_up: BackupSite, monkeypatch: pytest.MonkeyPatch) -> None:
    take = sqlite_copies.snapshot

    def lose_a_row(url: str, target: Path) -> dict[str, Any]:
        hashes = take(url, target)
        with sqlite3.connect(target) as copy:
            copy.execute("DELETE FROM name_token WHERE rowid IN (SELECT min(rowid) FROM name_token)")
        copy.close()
        return hashes

    monkeypatch.setattr(backups, "copies_of", lambda _url: replace(_SQLITE, snapshot=lose_a_row))
    with pytest.raises(BackupError, match="differs from the site in: name_token"):
        backed_up.make()
    assert list(backed_up.folder.iterdir()) == []


def test_faults_of_the_site_itself_are_reported_with_the_backup(app: Flask, backed_up: BackupSite) -> None:
    with app.app_context():
        person_id = factories.person()
        with transaction():
            db.session.execute(db.metadata.tables["role_grant"].delete().where(_of(person_id)))
            db.session.execute(update(Person).where(Person.id == person_id).values(alias="Officer without a role"))
    made = backed_up.make()
    assert any(str(person_id) in fault for fault in made.faults)
    assert made.path.exists()


def test_backup_without_two_holders_is_refused(app: Flask, backed_up: BackupSite) -> None:
    alone = replace(backed_up.settings, backups=type(backed_up.settings.backups)())
    with app.app_context(), pytest.raises(BackupError, match="BACKUP_HOLDERS"):
        backups.make(alone, backed_up.folder, backed_up.versions, clock.machine_now())


@pytest.mark.parametrize("inner", ["secrets", "backups"])
def test_folders_that_would_back_up_keys_or_backups_are_refused(app: Flask, backed_up: BackupSite, inner: str) -> None:
    media = backed_up.settings.media_path
    secrets_path = media / "secrets" if inner == "secrets" else None
    settings = replace(backed_up.settings, secrets_path=secrets_path)
    folder = media / "backups" if inner == "backups" else backed_up.folder
    with app.app_context(), pytest.raises(BackupError, match="is inside of"):
        backups.make(settings, folder, backed_up.versions, clock.machine_now())


def test_backup_contains_no_secret(app: Flask, backed_up: BackupSite) -> None:
    settings = replace(
        backed_up.settings,
        mail=Mail(host="127.0.0.1", user="mailer", password="planted-password"),
    )
    with app.app_context():
        made = backups.make(settings, backed_up.folder, backed_up.versions, clock.machine_now())
    with backed_up.opened(made.path) as backup:
        content = b"".join(path.read_bytes() for path in backup.folder.rglob("*") if path.is_file())
    secrets = [
        secret for ring in ("cookie", "identity", "index", "audit") for _id, secret in getattr(settings.keys, ring)
    ]
    assert b"mailer" in content
    assert b"planted-password" not in content
    assert [secret for secret in secrets if secret in content] == []


def test_every_setting_is_stored_or_left_out_on_purpose() -> None:
    assert site_files.unknown_settings() == set()
    assert Settings.__dataclass_fields__.keys() >= set(site_files.STORED)


def _of(person_id: object) -> Any:
    return db.metadata.tables["role_grant"].c.person_id == person_id


_SQLITE = backups.copies_of("sqlite://")
