"""The archive of personal data that a person downloads."""

import json
import zipfile
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Flask

from tests.support import factories, sites


def take_archive(app: Flask, person_id: UUID, **fields: str) -> dict[str, bytes]:
    client = factories.sign_in(app, person_id)
    answer = sites.post(app, client, "/settings/my-data", fields)
    assert answer.status_code == 200, answer.status
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"] == "attachment; filename=my-data.zip"
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def archive_rows(files: dict[str, bytes], part: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(files["data.json"])["parts"][part]["rows"]
    return rows
