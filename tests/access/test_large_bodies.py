"""Routes with a large limit of the body: visitors and people without the permission have the small one."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalogue.queries import versions
from app.web.http.request_limits import BODY_BYTES
from tests.support import courses, factories, sites, studio_site, uploads

LARGE = b"x" * (BODY_BYTES + 300_000)
PATHS = {
    "studio.upload_import": f"/teaching/courses/{courses.SLUG}/import",
    "intake.check": "/people/sheet",
    "plan.check_value_sheet": "/plan/edit/sheet/figures",
    "plan.check_past_completions": "/country/completion/past",
    "plan.write_value_sheet": "/plan/edit/sheet/checked/00000000-0000-0000-0000-000000000007/write",
    "workshops.add_file": "/teaching/workshops/00000000-0000-0000-0000-000000000007/files",
    "plan.add_document": "/plan/figures/00000000-0000-0000-0000-000000000007/document",
}


def _send(client: FlaskClient, path: str, token: str) -> int:
    headers = {"X-CSRF-Token": token}
    return client.post(path, data=LARGE, content_type="multipart/form-data; boundary=x", headers=headers).status_code


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_large_body_of_a_visitor_is_refused(app: Flask, path: str) -> None:
    sites.make(app)
    client = app.test_client()
    assert _send(client, path, factories.token(app, client)) == 413


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_large_body_of_who_may_not_send_it_is_refused(app: Flask, path: str) -> None:
    client = sites.make(app).client("owner")
    assert _send(client, path, factories.token(app, client)) == 413


def test_author_may_send_a_large_file(app: Flask) -> None:
    site = sites.make(app)
    with app.app_context():
        studio_site.make_author(site.people["trainer"], versions.course_record(courses.SLUG).id)
    client = site.client("trainer")
    answer = uploads.upload(app, client, PATHS["studio.upload_import"], LARGE, "a.txt", kind="")
    assert answer.status_code in {302, 422}
