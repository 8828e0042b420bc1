from collections.abc import Mapping
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Actor, Role, Scope
from app.catalogue.domain.folder import read_folder
from app.catalogue.queries import courses as catalogue
from app.catalogue.service.preparation import prepare
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.kernel import clock
from app.learning.queries import progress as learning
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.web import assets
from tests.support import course_attempts, courses, factories, sites
from tests.support.courses import CODE, LESSONS, SLUG
from tests.support.settings import NOW
from tests.support.site_snapshots import kept
from tests.support.sites import RESTRICTED
from tests.support.sql_statements import asked, counted

# what each page asks the database: one statement says who asks, one counts the notices for the frame
EACH = {
    "/": 10,
    "/courses": 6,
    f"/courses/{SLUG}": 8,
    f"/courses/{SLUG}/lessons/the-list": 5,
    f"/courses/{SLUG}/test": 10,
    "/path": 14,
    "/path/PRT-01": 33,
    "/record": 8,
    "/notices": 8,
    "/search?q=berth": 6,
    "/treaties": 4,
    "/settings": 3,
    "/about": 2,
}
OF_A_SITTING = {"1": 4, "check": 4, "state": 3}
OPERATIONS, SAVE, RESULT = 15, 5, 9  # a result: corrected keys and scores, earlier results
# with courses that ask again: as many as ever; the page before their questions, and the result of them
AGAIN = {"/": EACH["/"], f"/courses/{SLUG}": EACH[f"/courses/{SLUG}"], f"/courses/{SLUG}/later": 11}
UNDER_WAY = AGAIN | {f"/courses/{SLUG}/later": 12}  # one more for the answers that are there
RESULT_AGAIN = 8


@pytest.fixture
@kept
def site(app: Flask) -> Flask:
    with app.app_context():
        courses.publish()
        sites.publish_restricted()
        db.session.remove()
    return app


def reader(app: Flask) -> tuple[UUID, FlaskClient]:
    with app.app_context():
        person = factories.person(grants=())
        db.session.remove()
    return person, factories.sign_in(app, person)


def live(app: Flask, person: UUID, client: FlaskClient, *, much: bool) -> None:
    """Let a person do one thing of each kind, or three."""
    for lesson in LESSONS[: 3 if much else 1]:
        sites.post(app, client, f"/courses/{SLUG}/lessons/{lesson}/done")
    if much:
        sites.post(app, client, f"/courses/{RESTRICTED}/enrolment")
        sites.post(app, client, f"/courses/{SLUG}/cases/scenario")
    with app.app_context():
        for number in range(3 if much else 1):
            with transaction():
                messages.notify(
                    person,
                    NoticeKind.COURSE_COMPLETED,
                    occasion=f"occasion {number}",
                    facts={"course": "Night at the harbour"},
                    path=f"/courses/{SLUG}",
                    now=clock.now(),
                )
        db.session.remove()


def pages(app: Flask, *, much: bool) -> Mapping[str, int]:
    person, client = reader(app)
    live(app, person, client, much=much)
    return {path: asked(app, client, path) for path in EACH}


def test_pages_run_as_many_queries_for_three_rows_as_for_one(site: Flask) -> None:
    assert pages(site, much=False) == EACH
    assert pages(site, much=True) == EACH


def begin(app: Flask) -> tuple[FlaskClient, str]:
    _person, client = reader(app)
    attempt = sites.post(app, client, f"/courses/{SLUG}/test").headers["Location"].split("/")[2]
    return client, f"/attempts/{attempt}"


def saves(count: int) -> dict[str, object]:
    return {"saves": [{"question": n, "sequence": n << 16, "body": None, "marked": True} for n in range(1, count + 1)]}


def test_attempt_runs_as_many_queries_for_three_answers(site: Flask) -> None:
    for count in (1, 3):
        client, attempt = begin(site)
        token = {"X-CSRF-Token": factories.token(site, client)}
        with counted(site) as told:
            assert client.post(f"{attempt}/saves", json=saves(count), headers=token).status_code == 200
        assert len(told) == SAVE, told
        found = {page: asked(site, client, f"{attempt}/{page}") for page in OF_A_SITTING}
        assert found == OF_A_SITTING
        sites.post(site, client, f"{attempt}/hand-in")
        assert asked(site, client, f"{attempt}/result") == RESULT


def _others() -> list[Outline]:
    """Publish the course twice more under other names."""
    found = []
    for number in (1, 2):
        slug, code = f"{SLUG}-{number}", f"{CODE}{number}"
        folder = {
            path.replace(SLUG, slug): content.replace(CODE.encode(), code.encode()).replace(b"S91", b"S9%d" % number)
            for path, content in courses.files().items()
        }
        library, _mistakes = read_folder(folder)
        sites.publish_course(prepare(library.courses[slug], library.references, folder))
        found.append(catalogue.visible(Actor(UUID(int=0), "", frozenset()), slug))
    db.session.rollback()
    return found


def test_delayed_questions_of_courses_add_no_queries(app: Flask) -> None:
    with app.app_context():
        outlines = [courses.publish().outline, *_others()]
    for many in (outlines[:1], outlines):
        person, client = reader(app)
        with app.app_context():
            for outline in many:
                course_attempts.sit(person, outline)
        assert client.get("/").text.count("What do you still know? 2 questions") == len(many)
        assert {path: asked(app, client, path) for path in AGAIN} == AGAIN
        attempt = sites.post(app, client, f"/courses/{SLUG}/later").headers["Location"].split("/")[2]
        assert {path: asked(app, client, path) for path in AGAIN} == UNDER_WAY
        sites.post(app, client, f"/attempts/{attempt}/hand-in")
        assert asked(app, client, f"/attempts/{attempt}/result") == RESULT_AGAIN


def test_job_runs_as_many_queries_for_three_courses_as_for_one(app: Flask) -> None:
    with app.app_context():
        outlines = [courses.publish().outline, *_others()]
        told = []
        for many in (outlines[:1], outlines):
            person = factories.person()
            for outline in many:
                course_attempts.sit(person, outline)
            learning.asked_again([person], NOW.date())
            db.session.rollback()
            with counted(app) as found:
                assert len(learning.asked_again([person], NOW.date())) == len(many)
            db.session.rollback()
            told.append(len(found))
    assert told == [5, 5]


def test_operations_page_runs_a_fixed_number_of_queries(site: Flask) -> None:
    with site.app_context():
        person = factories.person(grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
        db.session.remove()
    assert asked(site, factories.sign_in(site, person), "/operations") == OPERATIONS


def test_asset_runs_no_query(site: Flask) -> None:
    _person, client = reader(site)
    address = assets.address(site, "academy.css")
    assert asked(site, client, address) == 0
