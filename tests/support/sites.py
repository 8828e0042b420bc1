"""A small living site: two courses (one restricted), events, one person of each role, and what people did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.access.policy import Role, Scope, Sensitivity
from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.versions import VersionKind
from app.catalogue.service import publication
from app.catalogue.service.preparation import ReadyCourse, prepare
from app.db.session import db, transaction
from app.kernel import clock
from app.workshops.domain.attendance import Attendance
from tests.support import courses, factories, plans, workshop_events
from tests.support.site_snapshots import kept

RESTRICTED = "harbour-watch"
PICTURE = "quay.png"
# the name of a principal: country, roles in the framework (none: no practitioner), grants
PEOPLE: Mapping[str, tuple[str, tuple[str, ...], tuple[tuple[Role, Scope, str], ...]]] = {
    "owner": ("IQ", ("first_responder",), ()),
    "colleague": ("IQ", ("first_responder",), ()),
    "foreigner": ("BG", ("first_responder",), ()),
    "trainer": ("IQ", (), ((Role.TRAINER, Scope.COURSE, courses.CODE),)),
    "contact_point": ("IQ", (), ((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),)),
    "coordinator": ("BG", (), ((Role.COORDINATOR, Scope.ALL, ""),)),
    "administrator": ("BG", (), ((Role.ADMINISTRATOR, Scope.ALL, ""),)),
}


@dataclass(frozen=True, slots=True)
class Done:
    """What a person did: an open attempt, an ended one, a case under way, a finished one."""

    open_attempt: str
    ended_attempt: str
    open_case: str
    ended_case: str


@dataclass(frozen=True, slots=True)
class Site:
    app: Flask
    people: Mapping[str, UUID]
    done: Done
    picture: str
    workshops: Mapping[str, UUID]  # by what they are to people: see `hold_workshops`

    def client(self, name: str) -> FlaskClient:
        """Return a fresh visit of a principal; "anonymous" has no session."""
        return factories.sign_in(self.app, self.people[name]) if name in self.people else self.app.test_client()


@kept
def make(app: Flask) -> Site:
    """Publish the courses, add the people, let the owner begin and end things."""
    with app.app_context():
        courses.publish()
        plans.load()
        picture = publish_restricted()
        people = {
            name: factories.person(country=country, roles=roles, grants=grants)
            for name, (country, roles, grants) in PEOPLE.items()
        }
        workshops = hold_workshops(people["owner"])
        db.session.remove()
    return Site(app, people, act(app, people["owner"]), picture, workshops)


def hold_workshops(owner: UUID) -> dict[str, UUID]:
    """Announce events: open to all, restricted, one where the owner has a seat, one that was held with the owner."""
    other_days = tuple(workshop_events.session(date(2027, 6, day)) for day in (1, 2))
    open_to_all = workshop_events.announced(sensitivity=Sensitivity.UNRESTRICTED, sessions=other_days)
    restricted, seat, held = (workshop_events.announced() for _ in range(3))
    workshop_events.seat(seat, owner)
    workshop_events.seat(held, owner)
    workshop_events.hold(held, owner, [Attendance.PRESENT, Attendance.PRESENT])
    return {"open": open_to_all, "restricted": restricted, "seat": seat, "held": held}


def publish_restricted() -> str:
    """Publish the restricted course, with a pretest and a picture; return the picture's digest."""
    course = _restricted()
    publish_course(course)
    return next(medium.digest for medium in course.media if medium.name == PICTURE)


def publish_course(course: ReadyCourse) -> None:
    """Store and publish a course by two people of its own."""
    first, second = factories.person(), factories.person()
    with transaction():
        publication.store_draft(course, clock.now())
    with transaction():
        publication.publish(
            course.folder.course.id,
            kind=VersionKind.EDITORIAL,
            message="First version.",
            first_id=first,
            second_id=second,
            now=clock.now(),
        )


@cache
def _restricted() -> ReadyCourse:
    folder = files_on_disk(Path(__file__).parent.parent / "catalogue" / "courses")
    library, _mistakes = read_folder(folder)
    return prepare(library.courses[RESTRICTED], library.references, folder)


def act(app: Flask, person_id: UUID) -> Done:
    """Let a person begin the open course, hand in a test and begin another one, finish a case and begin another."""
    client = factories.sign_in(app, person_id)
    course = f"/courses/{courses.SLUG}"
    post(app, client, f"{course}/lessons/the-list/done")
    press = {"press": uuid4().hex, f"{courses.CHECK}-choice": "0", "choice": "0"}
    post(app, client, f"{course}/lessons/the-list/checks/{courses.CHECK}", press)
    ended_case = _id(post(app, client, f"{course}/cases/scenario"))
    for step in ("1", "2"):  # the first move on the page may lead to the recovery
        post(app, client, f"/cases/{ended_case}/choice", {"step": step, "move": "0"})
    open_case = _id(post(app, client, f"{course}/cases/scenario"))
    ended_attempt = _id(post(app, client, f"{course}/test"))
    post(app, client, f"/attempts/{ended_attempt}/1", {"choice": "0"})
    post(app, client, f"/attempts/{ended_attempt}/hand-in")
    # the other paper waits for no one: the restricted course has its own
    open_attempt = _id(post(app, client, f"/courses/{RESTRICTED}/test"))
    return Done(open_attempt, ended_attempt, open_case, ended_case)


def post(
    app: Flask, client: FlaskClient, path: str, fields: Mapping[str, str | Sequence[str]] | None = None
) -> TestResponse:
    """Send a form with the token that belongs in it."""
    return client.post(path, data={**(fields or {}), "csrf_token": factories.token(app, client)})


def post_json(app: Flask, client: FlaskClient, path: str, body: object) -> TestResponse:
    return client.post(path, json=body, headers={"X-CSRF-Token": factories.token(app, client)})


def _id(answer: TestResponse) -> str:
    assert answer.status_code == 302, (answer.status, answer.get_data(as_text=True)[:500])
    parts = answer.headers["Location"].split("/")
    assert parts[1] in {"attempts", "cases"}, answer.headers["Location"]
    return parts[2]
