"""The restricted course with a picture that is large enough to be moved to MEDIA_PATH, and applications that do so."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from flask import Flask

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.media import hash_of
from app.catalogue.service.preparation import ReadyCourse, prepare
from app.db.stores.media_contents import LARGE
from app.db.stores.media_owner import MARKER
from app.web import settings as site_settings
from app.web.settings import settings
from config import StoreAccess, StorePath
from tests.support import sites
from tests.support.object_store_server import BUCKET, ObjectStoreServer, contents

PATH = StorePath(BUCKET, "media")
CONTENT = b"\x89PNG\r\n\x1a\n" + os.urandom(3 * LARGE)
DIGEST = hash_of(CONTENT)
LAST_LESSON = "lessons/after-the-watch.en.md"
LESSON = f"/courses/{sites.RESTRICTED}/lessons/the-berth-list"


def publish(sensitivity: str = "law_enforcement_only", *, added_text: str = "") -> None:
    """Publish the course with the large picture, and with a text at the end of its last lesson."""
    sites.publish_course(_course(sensitivity, added_text))


def moved(server: ObjectStoreServer) -> dict[str, bytes]:
    """Return the contents in `PATH` of a store, without the object that names their site."""
    return {name: content for name, content in contents(server, "media/").items() if name != MARKER}


@contextmanager
def media_path(app: Flask, path: Path | StorePath | None, access: StoreAccess | None = None) -> Iterator[None]:
    """Let an application have another MEDIA_PATH."""
    before = settings(app)
    site_settings.init_app(app, replace(before, media_path=path, store=access))
    try:
        yield
    finally:
        site_settings.init_app(app, before)


@cache
def _course(sensitivity: str, added_text: str) -> ReadyCourse:
    folder = files_on_disk(Path(__file__).parent.parent / "catalogue" / "courses")
    facts = f"{sites.RESTRICTED}/course.toml"
    folder[facts] = folder[facts].replace(b'"law_enforcement_only"', f'"{sensitivity}"'.encode())
    folder[f"{sites.RESTRICTED}/{LAST_LESSON}"] += added_text.encode()
    folder[f"{sites.RESTRICTED}/media/{sites.PICTURE}"] = CONTENT
    library, _problems = read_folder(folder)
    return prepare(library.courses[sites.RESTRICTED], library.references, folder)
