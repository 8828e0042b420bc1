"""A process that is killed while it moves media loses none: each is in the database or in MEDIA_PATH, or in both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import stamp
from sqlalchemy import select

from app.catalogue.models import CourseMedium, VersionFile
from app.catalogue.queries import version_media, versions
from app.db.session import db
from app.db.stores.media_owner import MARKER
from app.db.stores.media_store import MediaFolder
from app.factory import create_app
from app.kernel import clock
from app.studio import jobs
from app.studio.service import media_storage
from tests.support import databases, killed_commands, media_sites, sites
from tests.support.killed_commands import JOB, KILLED
from tests.support.live import environment
from tests.support.media_sites import CONTENT, DIGEST
from tests.support.settings import settings_for

pytestmark = pytest.mark.soak
MOVE = (JOB, "app.studio.jobs:move_media")


@dataclass(frozen=True, slots=True)
class MovingSite:
    """A site of its own with a large medium, which other processes move."""

    app: Flask
    folder: Path
    environment: Mapping[str, str]

    def run(self, *command: str, kill_at: str = "", after: bool = False) -> int:
        code, output = killed_commands.run(self.environment, *command, kill_at=kill_at, after=after)
        assert code in {0, KILLED}, output
        return code

    def in_database(self) -> int:
        """Return how many of the two rows of the medium have its content, after reading it as a page does."""
        with self.app.app_context():
            version_id = versions.course_record(sites.RESTRICTED).version_id
            assert version_id is not None
            assert version_media.content(version_id, DIGEST) == CONTENT
            return sum(
                content == CONTENT
                for model in (CourseMedium, VersionFile)
                for content in db.session.scalars(select(model.content))
            )

    def objects(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[MovingSite]:
    url, folder = databases.sqlite_url(tmp_path), tmp_path / "media"
    app = create_app(settings_for(url, audit_path=tmp_path / "audit", media_path=folder))
    with app.app_context():
        db.create_all()
        stamp()
        media_sites.publish()
        media_storage.claim(MediaFolder(folder), clock.real_now().date())
        db.session.remove()
    yield MovingSite(app, folder, environment(tmp_path, url, 8000, {}))
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_killed_move_loses_no_medium_and_is_repeated(site: MovingSite) -> None:
    # the file of the object has no name yet
    assert site.run(*MOVE, kill_at="pathlib:Path.replace") == KILLED
    assert site.in_database() == 2
    assert site.objects() == {f"{DIGEST}.part", MARKER}
    # the object is there and a row refers to it, but the transaction is not committed
    assert site.run(*MOVE, kill_at="app.db.stores.media_contents:remove_content", after=True) == KILLED
    assert site.in_database() == 2
    assert site.objects() == {DIGEST, MARKER}
    with site.app.app_context():
        assert jobs.move_media() == 2
    assert site.in_database() == 0
    assert site.objects() == {DIGEST, MARKER}
