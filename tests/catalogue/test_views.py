from dataclasses import replace

import msgspec
from flask import Flask

from app.catalogue.queries import courses
from tests.support import courses as course, factories, sites


def test_stored_text_is_cached_by_the_browser(app: Flask) -> None:
    with app.app_context():
        course.publish()
        client = factories.sign_in(app, factories.person())
    address = f"/courses/{course.SLUG}/v1/the-list/en"
    first = client.get(address)
    assert first.status_code == 200
    assert "Every ship at a berth" in first.text
    assert first.headers["Cache-Control"].startswith("private")
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_medium_is_sent_in_ranges(app: Flask) -> None:
    with app.app_context():
        digest = sites.publish_restricted()
        client = factories.sign_in(app, factories.person())
    address = f"/media/{digest}"
    whole = client.get(address)
    part = client.get(address, headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.data) == (206, whole.data[2:6])
    assert part.headers["Content-Range"] == f"bytes 2-5/{len(whole.data)}"
    assert part.headers["Cache-Control"] == "no-store"
    assert client.get(address, headers={"Range": f"bytes={len(whole.data)}-"}).status_code == 416


def test_missing_text_returns_404(app: Flask) -> None:
    with app.app_context():
        course.publish()
        client = factories.sign_in(app, factories.person())
    for rest in ("v1/the-list/fr", "v1/nothing/en", "v2/the-list/en"):
        assert client.get(f"/courses/{course.SLUG}/{rest}").status_code == 404


def test_version_is_read_from_the_database_once(context: Flask) -> None:
    version = course.publish().outline.version_id
    assert courses.lesson(version, "the-list", "en") is courses.lesson(version, "the-list", "en")


def test_draft_translation_is_visible_only_when_drafts_are_shown(app: Flask) -> None:
    with app.app_context():
        course.publish()
        reader = factories.person(language="ar")
    client = factories.sign_in(app, reader)
    address = f"/courses/{course.SLUG}/v1/the-list/ar"
    settings = app.extensions["settings"]
    seen = []
    for shown in (False, True):
        app.extensions["settings"] = replace(settings, show_drafts=shown)
        found = client.get("/search", query_string={"q": "سفينة"}).get_data(as_text=True)
        seen.append((client.get(address).status_code, f'href="/courses/{course.SLUG}/lessons/the-list' in found))
    app.extensions["settings"] = settings
    assert seen == [(404, False), (200, True)]


def test_course_shows_what_is_needed_before_and_its_state(app: Flask) -> None:
    ready = sites._restricted()
    facts = msgspec.structs.replace(ready.folder.course, prerequisites=(course.CODE, "X99"))
    changed = replace(ready, folder=msgspec.structs.replace(ready.folder, course=facts))
    with app.app_context():
        course.publish()
        sites.publish_course(changed)
        client = factories.sign_in(app, factories.person())
    page = client.get(f"/courses/{sites.RESTRICTED}").text
    section = page[page.index("Needed before this course") : page.index("Contents</h2>")]
    assert f'href="/courses/{course.SLUG}"' in section
    assert "T10 Night at the harbour" in section
    assert "Not started" in section
    assert "This course is not open to you." in section
    sites.post(app, client, f"/courses/{course.SLUG}/enrolment")
    page = client.get(f"/courses/{sites.RESTRICTED}").text
    section = page[page.index("Needed before this course") : page.index("Contents</h2>")]
    assert "In progress" in section
    assert "Needed before this course" not in client.get(f"/courses/{course.SLUG}").text
