"""A process that is killed in the middle of a backup or of a restore leaves the site as it was."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet
from flask import Flask
from flask_migrate import stamp
from pyrage import x25519

from app.audit import jobs as audit
from app.backup.service.databases import copies_of
from app.db.session import db
from app.factory import create_app
from tests.support import databases, factories, killed_commands
from tests.support.examples import FULL
from tests.support.killed_commands import KILLED
from tests.support.live import environment
from tests.support.settings import LITE, POSTGRES, settings_for

pytestmark = pytest.mark.soak
SAME_SECOND = "exists. Wait a second."


def _on(database: str, *values: object) -> list[ParameterSet]:
    """Return the case of a kill on a database."""
    return [pytest.param(database, *values, marks=pytest.mark.postgresql if database == POSTGRES else ())]


def _on_full(database: str, *values: object) -> list[ParameterSet]:
    """Return the case of a kill that `make soak` adds."""
    return _on(database, *values) if FULL else []


@dataclass(frozen=True, slots=True)
class Kill:
    """The call that a process dies before, or after."""

    place: str
    after: bool


NO_KILL = Kill("", after=False)


@dataclass(frozen=True, slots=True)
class KillableSite:
    """A site of its own with a holder's key, used by commands that are killed."""

    database: str
    url: str
    home: Path
    environment: Mapping[str, str]

    def hashes(self) -> Mapping[str, object]:
        """Return hashes of all rows but those about backups and the audit log."""
        hashes = copies_of(self.url).row_hashes(self.url)
        return {name: value for name, value in hashes.items() if not name.startswith(("backup", "audit", "sign_in"))}

    def archives(self) -> list[Path]:
        return sorted((self.home / "backups").glob("*"))

    def back_up(self, kill: Kill = NO_KILL) -> int:
        """Run the command again if there is a backup of the same second: two cannot have one name."""
        code, output = killed_commands.run(self.environment, "backup", kill_at=kill.place, after=kill.after)
        while SAME_SECOND in output:
            time.sleep(0.5)
            code, output = killed_commands.run(self.environment, "backup", kill_at=kill.place, after=kill.after)
        assert code in {0, KILLED}, output
        return code

    def restore(self, kill: Kill = NO_KILL) -> int:
        command = ("restore", str(self.archives()[-1]), "--key", str(self.home / "holder.key"), "--yes")
        code, output = killed_commands.run(self.environment, *command, kill_at=kill.place, after=kill.after)
        assert code in {0, KILLED}, output
        return code

    def add_person(self) -> None:
        app = create_app(settings_for(self.url))
        with app.app_context():
            factories.person()
            _leave()

    def leftovers(self) -> list[str]:
        """Return plain copies in the work folder, and scratch databases."""
        names = [path.name for path in (self.home / "work").glob("work-*")]
        name = self.url.rpartition("/")[2]
        return names + [database for database in self._databases(name) if "_scratch_" in database]

    def _databases(self, name: str) -> list[str]:
        return databases.postgres_family(name) if self.database == POSTGRES else []


@pytest.fixture
def killable(request: pytest.FixtureRequest, tmp_path: Path, worker: str) -> Iterator[KillableSite]:
    name = f"academy_kills_{worker}"
    if request.param == LITE:
        url = databases.sqlite_url(tmp_path)
    else:
        url = databases.postgres_url(name, request.getfixturevalue("postgres_tables"))
    holder, other = x25519.Identity.generate(), x25519.Identity.generate()
    (tmp_path / "holder.key").write_text(str(holder))
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "picture").write_bytes(b"a picture")
    more = {
        "BACKUP_PATH": str(tmp_path / "backups"),
        "BACKUP_WORK_PATH": str(tmp_path / "work"),
        "BACKUP_HOLDERS": f"{holder.to_public()},{other.to_public()}",
    }
    app = create_app(settings_for(url, audit_path=tmp_path / "audit"))
    _fill(app)
    yield KillableSite(request.param, url, tmp_path, environment(tmp_path, url, 8000, more))
    databases.drop_postgres_family(name)


# places in a backup: the plain copy is there; the encrypted file is there, and no row says so
COPIED_ON_POSTGRESQL = Kill("app.backup.service.store.postgresql_copies:hashing.of_postgresql", after=True)
COPIED_ON_SQLITE = Kill("app.backup.service.store.sqlite_copies:hashing.of_sqlite", after=True)
ENCRYPTED = Kill("app.backup.service.encryption:flush_folder", after=True)
# places in a restore: in the scratch database; the old file has a second name; after the rename
LOADED = Kill("app.backup.service.restoring:sessions.end_all_of_site", after=True)
LINKED = Kill("pathlib:Path.hardlink_to", after=True)
RENAMED = Kill("app.backup.service.store.sqlite_copies:flush_folder", after=False)


@pytest.mark.parametrize(
    ("killable", "in_backup", "in_restore"),
    [
        *_on(POSTGRES, COPIED_ON_POSTGRESQL, LOADED),
        *_on(LITE, ENCRYPTED, RENAMED),
        *_on_full(POSTGRES, ENCRYPTED, LOADED),
        *_on_full(LITE, COPIED_ON_SQLITE, LOADED),
        *_on_full(LITE, COPIED_ON_SQLITE, LINKED),
    ],
    indirect=["killable"],
)
def test_killed_backup_leaves_the_site_and_killed_restore_the_old_site_or_the_new_one(
    killable: KillableSite, in_backup: Kill, in_restore: Kill
) -> None:
    before = killable.hashes()
    assert killable.back_up(in_backup) == KILLED
    assert killable.hashes() == before
    killable.add_person()
    assert killable.back_up() == 0
    assert killable.leftovers() == []
    backed_up = killable.hashes()
    killable.add_person()
    (killable.home / "media" / "picture").unlink()
    changed = killable.hashes()
    assert killable.restore(in_restore) == KILLED
    assert killable.hashes() == (backed_up if in_restore == RENAMED else changed)
    assert killable.restore() == 0
    assert killable.hashes() == backed_up
    assert (killable.home / "media" / "picture").read_bytes() == b"a picture"
    assert killable.leftovers() == []


def _fill(app: Flask) -> None:
    with app.app_context():
        databases.let_no_commit_wait(db.engine)
        db.create_all()  # of those that the database lacks
        stamp()
        factories.person()
        audit.sign()
        _leave()


def _leave() -> None:
    db.session.remove()
    db.engine.dispose()
