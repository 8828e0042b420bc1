"""The same form sent twice at once on PostgreSQL, at the routes that insert under a unique constraint."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.access.policy import Role
from app.audit.models import Entry
from app.catalogue.models import Course
from app.db.session import db
from app.identity.queries import people as accounts
from tests.support import courses, factories, sites, workshop_pages
from tests.support.concurrent_posts import post_twice
from tests.support.databases import clean_app
from tests.support.sites import Site


@pytest.fixture
def pg_app(postgres_app: Flask) -> Iterator[Flask]:
    yield from clean_app(postgres_app)


@dataclass(frozen=True)
class Case:
    """A form of a principal, and the audit entry that two equal ones leave once."""

    who: str
    path: str
    entry: str
    fields: dict[str, str] = field(default_factory=dict)


CASES = {
    "booking": Case("owner", "/workshops/{open}/booking", "SeatTaken"),
    "note": Case("coordinator", "/plan/outcomes/OC1/notes", "NoteWritten", {"text": "Later.", "submission": "form"}),
    "claim": Case("colleague", "/path/PRT-01/claim", "SkillClaimed", {"level": "foundation"}),
    "suggestion": Case(
        "contact_point",
        "/people/{colleague}/learning/suggestions",
        "CourseSuggested",
        {"course": "{course}", "reason": "For the autumn"},
    ),
    "role": Case(
        "contact_point", "/people/{owner}/roles", "RoleGranted", {"role": "supervisor", "since": "2027-03-01"}
    ),
    "staff of an event": Case(
        "coordinator", "/teaching/workshops/{seat}/people", "RoleGranted", {"alias": "{alias}", "role": "assessor"}
    ),
    "draft of an event": Case("coordinator", "/teaching/workshops/new", "WorkshopMade", workshop_pages.fields()),
    "agency": Case(
        "contact_point", "/country/settings/services", "AgencyAdded", {"name": "Coast guard", "kind": "border"}
    ),
    "enrolment": Case("colleague", f"/courses/{sites.RESTRICTED}/enrolment", "CourseBegun"),
    "attempt": Case("colleague", f"/courses/{sites.RESTRICTED}/test", "AttemptStarted"),
    "case": Case("colleague", f"/courses/{sites.RESTRICTED}/cases/scenario", "CaseStarted"),
    "erasure": Case("owner", "/settings/my-data/erasure", "ErasureAsked"),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_equal_forms_at_once_have_one_effect(pg_app: Flask, name: str) -> None:
    site, case = sites.make(pg_app), CASES[name]
    values = _values(site)
    fields = {key: value.format(**values) for key, value in case.fields.items()}
    client = site.client(case.who)
    before = _count(pg_app, case.entry)
    answers = post_twice(pg_app, client, case.path.format(**values), fields)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 302
    assert statuses[1] in {302, 409, 422}
    assert _count(pg_app, case.entry) == before + 1


def test_view_is_repeated_once_after_a_duplicate_row(lite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[str] = []

    def duplicate(**_arguments: object) -> str:
        runs.append("run")
        if len(runs) == 1:
            raise IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed: course.code"))
        return "already done"

    monkeypatch.setitem(lite_app.view_functions, "sign_in.sign_out", duplicate)
    client = factories.sign_in(lite_app, _person(lite_app))
    assert sites.post(lite_app, client, "/sign-out").get_data(as_text=True) == "already done"
    assert runs == ["run", "run"]


def test_other_constraint_errors_are_not_repeated(lite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[str] = []

    def broken(**_arguments: object) -> str:
        runs.append("run")
        raise IntegrityError("INSERT", {}, Exception("CHECK constraint failed: share_is_a_share"))

    monkeypatch.setitem(lite_app.view_functions, "sign_in.sign_out", broken)
    client = factories.sign_in(lite_app, _person(lite_app))
    with pytest.raises(IntegrityError):
        sites.post(lite_app, client, "/sign-out")
    assert runs == ["run"]


def _values(site: Site) -> dict[str, str]:
    with site.app.app_context():
        alias = accounts.names([site.people["foreigner"]])[site.people["foreigner"]]
        course = db.session.query(Course.id).filter_by(slug=courses.SLUG).scalar()
        db.session.remove()
    ids = {name: str(value) for name, value in {**site.people, **site.workshops}.items()}
    return ids | {"alias": alias, "course": str(course)}


def _count(app: Flask, entry: str) -> int:
    with app.app_context():
        return db.session.query(Entry).filter_by(name=entry).count()


def _person(app: Flask) -> object:
    with app.app_context():
        return factories.person(roles=(Role.PRACTITIONER,))
