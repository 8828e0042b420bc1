"""Backups in an object store: complete or not there, read back after writing, compared before they are opened."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from flask import Flask
from pyrage import x25519

from app.backup import jobs
from app.backup.commands import backups as commands
from app.backup.domain import manifest
from app.backup.domain.manifest import MANIFEST, SIGNATURE, BackupError
from app.backup.queries import runs
from app.backup.service import destinations, making, needs
from app.backup.service.destinations import BackupDestination, Sealing
from app.db.stores import object_store
from app.kernel import clock
from app.web import settings as site_settings
from config import Backups, Settings, StorePath
from tests.support import killed_upload
from tests.support.backup_site import BackupSite
from tests.support.object_store_server import BUCKET, Fault, ObjectStoreServer, contents, object_store_server
from tests.support.settings import settings_for

PATH = StorePath(BUCKET, "site")
NAME = manifest.file_name(datetime(2027, 3, 1, tzinfo=UTC))
PART_SIZE = 20_000


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStoreServer]:
    monkeypatch.setattr(object_store, "RETRIES", 0)
    monkeypatch.setattr(destinations, "PART_SIZE", PART_SIZE)
    with object_store_server() as running:
        yield running


@dataclass(frozen=True, slots=True)
class SmallBackup:
    """A folder that is written as a backup into a store, without a site."""

    settings: Settings
    server: ObjectStoreServer
    sealing: Sealing

    @property
    def destination(self) -> BackupDestination:
        return destinations.destination_of(PATH, self.settings)

    def objects(self) -> dict[str, bytes]:
        return contents(self.server, "site/")

    def fetched(self) -> bytes:
        with destinations.local_file(PATH / NAME, self.settings, self.sealing.work) as file:
            return file.read_bytes()


@pytest.fixture
def small(server: ObjectStoreServer, tmp_path: Path) -> SmallBackup:
    snapshot, work = tmp_path / "snapshot", tmp_path / "sealing"
    for folder in (snapshot, work):
        folder.mkdir()
    for name in (MANIFEST, SIGNATURE, "database.sqlite"):
        (snapshot / name).write_bytes(os.urandom(PART_SIZE))
    holders = [str(x25519.Identity.generate().to_public()) for _ in range(2)]
    return SmallBackup(settings_for("sqlite://", store=server.access()), server, Sealing(snapshot, holders, work))


def test_backup_is_objects_of_one_size_and_the_last_one_makes_it_complete(small: SmallBackup) -> None:
    sealed = small.destination.seal(NAME, small.sealing)
    objects = small.objects()
    assert list(objects) == [f"{NAME}.0001", f"{NAME}.0002", f"{NAME}.0003", f"{NAME}.0004", f"{NAME}.json"]
    assert [len(content) for content in objects.values()][:3] == [PART_SIZE] * 3
    assert small.destination.names() == [NAME]
    assert len(small.fetched()) == sealed.size
    assert list(small.sealing.work.iterdir()) == []


@pytest.mark.parametrize("parts", [0, 2, 4])
def test_interrupted_upload_counts_not_and_the_next_backup_removes_it(small: SmallBackup, parts: int) -> None:
    small.server.fault, small.server.working_requests = Fault.DROP_UPLOAD, parts
    with pytest.raises(BackupError, match="closed the connection half way"):
        small.destination.seal(NAME, small.sealing)
    small.server.fault = None
    assert len(small.objects()) == parts
    assert small.destination.names() == []
    with pytest.raises(BackupError, match="There is no complete backup"):
        small.fetched()
    small.destination.prepare(may_delete=False)
    assert len(small.objects()) == parts
    small.destination.prepare(may_delete=True)
    assert small.objects() == {}


def test_killed_upload_counts_not_and_the_next_backup_removes_it(small: SmallBackup) -> None:
    code = killed_upload.run(small.server.access(), PATH, NAME, small.sealing)
    assert code == -signal.SIGKILL
    assert list(small.objects()) == [f"{NAME}.0001"]
    assert small.destination.names() == []
    small.destination.prepare(may_delete=True)
    assert small.objects() == {}


def test_complete_backups_and_other_objects_are_no_remains(small: SmallBackup) -> None:
    small.destination.seal(NAME, small.sealing)
    small.server.objects |= {"site/notes.0001": b"1", "site/academy.age": b"2", "other/x": b"3"}
    before = dict(small.server.objects)
    small.destination.prepare(may_delete=True)
    assert small.server.objects == before


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault.CHANGES_CONTENT, "does not return what was written"),
        (Fault.DROP_DOWNLOAD, "closed the connection half way"),
        (Fault.FULL, "is full. Free some space in the bucket"),
    ],
)
def test_backup_that_was_not_read_back_counts_not(small: SmallBackup, fault: Fault, message: str) -> None:
    small.server.fault = fault
    with pytest.raises(BackupError, match=message):
        small.destination.seal(NAME, small.sealing)
    small.server.fault = None
    assert small.destination.names() == []


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("cut", "was cut or changed in the store"),
        ("changed", "was cut or changed in the store"),
        ("missing", "lacks a part in the store"),
        ("no end", "There is no complete backup"),
        ("other end", "json was changed in the store"),
    ],
)
def test_damaged_backup_is_refused(small: SmallBackup, damage: str, message: str) -> None:
    small.destination.seal(NAME, small.sealing)
    objects, part, end = small.server.objects, f"site/{NAME}.0002", f"site/{NAME}.json"
    match damage:
        case "cut":
            objects[part] = objects[part][:-1]
        case "changed":
            objects[part] = objects[part][:-1] + bytes([objects[part][-1] ^ 1])
        case "missing":
            del objects[part]
        case "no end":
            del objects[end]
        case _:
            objects[end] = msgspec.json.encode({"size": "large"})
    with pytest.raises(BackupError, match=message):
        small.fetched()
    assert list(small.sealing.work.iterdir()) == []


def test_old_backups_are_deleted_whole_and_other_objects_stay(app: Flask, server: ObjectStoreServer) -> None:
    now = clock.machine_now()
    old = [manifest.file_name(now - timedelta(days=30, minutes=number)) for number in range(3)]
    ends = ("0001", "0002", "json")
    server.objects |= {"site/notes.txt": b"1", "site/academy-x.json": b"2"}
    server.objects |= {f"site/{name}.{end}": b"3" for name in old for end in ends}
    settings = settings_for("sqlite://", store=server.access())
    with app.app_context():
        assert making.delete_old(settings, PATH) == sorted(old[1:])
        assert contents(server, "site/").keys() == {
            "notes.txt", "academy-x.json", *(f"{old[0]}.{end}" for end in ends),
        }  # fmt: skip
        server.objects |= {f"site/{old[1]}.{end}": b"3" for end in ends}
        server.fault = Fault.NO_DELETE
        with pytest.raises(BackupError, match="does not let its key delete") as error:
            making.delete_old(settings, PATH)
        assert "set BACKUP_KEEP=all" in str(error.value)


def test_doctor_names_what_is_wrong_with_the_store(server: ObjectStoreServer) -> None:
    right = settings_for("sqlite://", store=server.access())
    assert needs.destination_fault(right, PATH) == ""
    assert "Set S3_ENDPOINT" in needs.destination_fault(replace(right, store=None), PATH)
    wrong = replace(right, store=server.access(secret="other"))
    assert "Check the secret key" in needs.destination_fault(wrong, PATH)


def test_site_is_backed_up_by_the_job_and_checked_from_the_store(
    app: Flask, backed_up: BackupSite, server: ObjectStoreServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups_ = Backups(PATH, backed_up.settings.backups.holders, work_path=backed_up.settings.backups.work_path)
    settings = replace(backed_up.settings, store=server.access(), backups=backups_)
    site_settings.init_app(app, settings)
    monkeypatch.setattr(commands, "refuse_other_tables", lambda: None)
    with app.app_context():
        jobs.back_up()
        last = runs.summary().last
    assert last is not None
    assert not last.error
    options = ["--key", str(backed_up.keys[0]), "--check"]
    result = app.test_cli_runner().invoke(args=["restore", str(PATH / last.name), *options])
    assert result.exit_code == 0, result.output
    assert "code of this check" in result.output
    result = app.test_cli_runner().invoke(args=["restore", "s3://x", *options])
    assert "s3://bucket/path in letters" in result.output
    assert backed_up.left_in_work() == []
    with backed_up.opened(PATH / last.name, settings_=settings) as backup:
        content = b"".join(path.read_bytes() for path in backup.folder.rglob("*") if path.is_file())
    access = server.access()
    assert access.endpoint.encode() in content
    assert [secret for secret in (access.secret, access.key_id) if secret.encode() in content] == []


def test_failed_upload_of_a_site_is_recorded_and_nothing_is_left(
    app: Flask, backed_up: BackupSite, server: ObjectStoreServer
) -> None:
    settings = replace(backed_up.settings, store=server.access())
    server.fault, server.working_requests = Fault.FULL, 2
    with app.app_context():
        with pytest.raises(BackupError, match="is full"):
            making.make_backup(settings, PATH, backed_up.versions)
        last = runs.summary().last
    assert last is not None
    assert "is full. Free some space" in last.error
    assert backed_up.left_in_work() == []
