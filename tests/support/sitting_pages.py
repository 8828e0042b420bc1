"""Steps of a sitting by its pages: enter the code, confirm, begin."""

import re
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support import factories
from tests.support.sitting_scene import Scene


def post(app: Flask, client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": factories.token(app, client), **fields})


def enter(app: Flask, client: FlaskClient, made: Scene) -> TestResponse:
    return post(app, client, "/sittings", code=made.code)


def confirm_all(app: Flask, client: FlaskClient, made: Scene) -> None:
    """Press each button "Confirm identity" of the page."""
    page = client.get(f"/sittings/{made.sitting_id}").text
    for path in re.findall(r'action="([^"]+/confirm)"', page):
        assert post(app, client, path).status_code == 302


def begin(app: Flask, client: FlaskClient, made: Scene) -> UUID:
    response = post(app, client, f"/sittings/{made.code}/parts/1")
    return UUID(response.location.split("/")[2])
