"""Bulk exemptions and reminders of the matrix: who is left out, one transaction, undo, other countries."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Actor, Role, Scope
from app.coordination.models import Reminder
from app.db.session import db, transaction
from app.kernel import clock
from app.learning.domain.requirements import ExemptionState
from app.learning.models.completion import Exemption
from app.learning.queries import requirements
from app.learning.service import exemptions, lesson_progress
from app.messages.models import Notice
from app.rights.service import supervision
from tests.support import completion_site, factories
from tests.support.plan_pages import row_of, text, words_of
from tests.support.sql_statements import counted

PAGE, TEAM = "/country/matrix", "/supervision/matrix"


@dataclass(frozen=True)
class Scene:
    app: Flask
    course: str
    contact: UUID
    supervisor: UUID
    officers: tuple[UUID, ...]  # Border officer 1, 2 and 3 of FR; the supervisor supervises the first
    foreigner: UUID

    def client(self, person_id: UUID | None = None) -> FlaskClient:
        return factories.sign_in(self.app, person_id or self.contact)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with app.app_context():
        site = completion_site.make()
        completion_site.require(site)
        officers = tuple(factories.person(country="FR", alias=f"Border officer {n}") for n in (1, 2, 3))
        foreigner = factories.person(country="DE", alias="Secret elsewhere")
        contact, supervisor = (
            factories.person(country="FR", roles=(), grants=((role, Scope.COUNTRY, "FR"),))
            for role in (Role.CONTACT_POINT, Role.SUPERVISOR)
        )
        with transaction():
            supervision.assign(officers[0], supervisor, clock.today())
        with transaction():
            lesson_progress.begin(officers[1], site.outline, clock.now())
        db.session.remove()
    return Scene(app, str(site.course_id), contact, supervisor, officers, foreigner)


def _later(days: int) -> None:
    ahead = clock.now() - clock.real_now() + timedelta(days=days)
    clock.move(lambda: ahead)


def _post(scene: Scene, client: FlaskClient, path: str, **fields: object) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": factories.token(scene.app, client), **fields})
    return answer.status_code, answer.headers.get("Location", "") or answer.get_data(as_text=True)


def _ids(people: Collection[UUID]) -> list[str]:
    return [str(person_id) for person_id in people]


def _values(scene: Scene, *, days: int = 60) -> dict[str, object]:
    until = (clock.today() + timedelta(days=days)).isoformat()
    return {"course": scene.course, "kind": "exempt", "until": until, "reason": "long_absence", "note": ""}


def _exemptions(scene: Scene) -> dict[UUID, ExemptionState]:
    with scene.app.app_context():
        return {row.person_id: row.state for row in db.session.scalars(select(Exemption))}


def _notices(scene: Scene, kind: str) -> int:
    with scene.app.app_context():
        return len(list(db.session.scalars(select(Notice.id).where(Notice.kind == kind))))


def _reminded(scene: Scene) -> list[UUID | None]:
    with scene.app.app_context():
        return list(db.session.scalars(select(Reminder.recipient_id)))


def test_exemption_shows_course_day_and_who_is_left_out(scene: Scene) -> None:
    client = scene.client()
    assert _post(scene, client, f"{PAGE}/exemptions", officer=_ids(scene.officers[:1]), **_values(scene))[0] == 302
    status, page = _post(scene, client, f"{PAGE}/exemption", who="found", **_values(scene, days=200))
    assert status == 200
    assert "already exempt" in words_of(row_of(page, "Border officer 1"))
    assert "Save for 2 officers" in page
    assert "A second person of your country must agree." in page
    assert len(_exemptions(scene)) == 1


@pytest.mark.parametrize(
    ("days", "state"), [(90, ExemptionState.AGREED), (91, ExemptionState.PROPOSED)], ids=["alone", "second person"]
)
def test_exemption_over_ninety_days_waits_for_a_second_person(scene: Scene, days: int, state: ExemptionState) -> None:
    client = scene.client()
    values = _values(scene, days=days)
    status, path = _post(scene, client, f"{PAGE}/exemptions", officer=_ids(scene.officers), **values)
    assert status == 302
    assert _exemptions(scene) == dict.fromkeys(scene.officers, state)
    assert _notices(scene, "exemption_changed") == (3 if state is ExemptionState.AGREED else 0)
    assert "Saved for 3 officers" in text(client, path)


def test_exemptions_are_undone_without_a_notice(scene: Scene) -> None:
    client = scene.client()
    path = _post(scene, client, f"{PAGE}/exemptions", officer=_ids(scene.officers), **_values(scene))[1]
    assert "3 exemptions can be undone." in text(client, path)
    assert _post(scene, client, f"{path}/undo") == (302, PAGE)
    assert set(_exemptions(scene).values()) == {ExemptionState.ENDED}
    assert _notices(scene, "exemption_changed") == 0
    assert "A second person agreed, or it was taken back." in text(client, path)


def test_exemption_with_a_second_person_is_not_undone(scene: Scene) -> None:
    client = scene.client()
    path = _post(scene, client, f"{PAGE}/exemptions", officer=_ids(scene.officers[:1]), **_values(scene, days=200))[1]
    with scene.app.app_context():
        [line] = requirements.exemptions("FR")
        db.session.rollback()
        with transaction():
            by = Actor(scene.supervisor, "FR", frozenset({Role.SUPERVISOR}))
            exemptions.agree(line.id, by=by, now=clock.now())
    assert _post(scene, client, f"{path}/undo") == (302, PAGE)
    assert list(_exemptions(scene).values()) == [ExemptionState.AGREED]


@pytest.mark.parametrize(
    "wrong", [{"course": ""}, {"until": ""}, {"until": "2001-01-01"}, {"until": "2999-01-01"}, {"reason": "tired"}]
)
def test_invalid_exemption_shows_the_error_and_stores_nothing(scene: Scene, wrong: dict[str, object]) -> None:
    client = scene.client()
    values = _values(scene) | wrong
    for path in (f"{PAGE}/exemption", f"{PAGE}/exemptions"):
        status, page = _post(scene, client, path, officer=_ids(scene.officers), **values)
        assert status == 422
        assert 'id="mistakes"' in page
    assert not _exemptions(scene)


def test_reminder_names_late_courses_and_leaves_out_others(scene: Scene) -> None:
    _later(31)
    client = scene.client()
    status, page = _post(scene, client, f"{PAGE}/reminder", who="found")
    assert status == 200
    assert "Remind 3 officers" in page
    fields = {"officer": _ids(scene.officers[:2]), "wanted_by": (clock.today() + timedelta(days=9)).isoformat()}
    assert _post(scene, client, f"{PAGE}/reminders", submission="a", **fields) == (302, PAGE)
    assert _post(scene, client, f"{PAGE}/reminders", submission="a", **fields) == (302, PAGE)
    assert sorted(map(str, _reminded(scene))) == sorted(_ids(scene.officers[:2]))
    again = _post(scene, client, f"{PAGE}/reminder", who="found")[1]
    assert "You reminded the officer within the last 7 days." in words_of(row_of(again, "Border officer 1"))
    assert "Remind 1 officer" in again


def test_officer_who_is_not_late_is_left_out_of_a_reminder(scene: Scene) -> None:
    page = _post(scene, scene.client(), f"{PAGE}/reminder", who="found")[1]
    assert "The officer is not late in a course." in words_of(row_of(page, "Border officer 1"))
    assert "No reminder to send" in page


@pytest.mark.parametrize("step", ["exemption", "exemptions", "reminder", "reminders"])
def test_officers_of_others_are_refused_in_bulk_and_nothing_is_stored(scene: Scene, step: str) -> None:
    _later(31)
    values = _values(scene) | {"wanted_by": (clock.today() + timedelta(days=9)).isoformat()}
    forged = _ids([*scene.officers, scene.foreigner])
    assert _post(scene, scene.client(), f"{PAGE}/{step}", officer=forged, **values)[0] == 404
    client = scene.client(scene.supervisor)
    assert _post(scene, client, f"{TEAM}/{step}", officer=_ids(scene.officers[:2]), **values)[0] == 404
    assert _post(scene, client, f"{PAGE}/{step}", officer=_ids(scene.officers[:1]), **values)[0] == 403
    assert not _exemptions(scene)
    assert not _reminded(scene)
    assert _post(scene, client, f"{TEAM}/{step}", officer=_ids(scene.officers[:1]), **values)[0] in {200, 302}


def test_batch_of_exemptions_is_for_its_author_only(scene: Scene) -> None:
    path = _post(scene, scene.client(), f"{PAGE}/exemptions", officer=_ids(scene.officers), **_values(scene))[1]
    with scene.app.app_context():
        other = factories.person(country="FR", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "FR"),))
    assert scene.client(other).get(path).status_code == 404
    assert _post(scene, scene.client(other), f"{path}/undo")[0] == 404


@pytest.mark.parametrize("step", ["exemption", "reminder"])
def test_bulk_preview_takes_no_more_statements_for_more_officers(scene: Scene, step: str) -> None:
    _later(31)
    client, values = scene.client(), _values(scene)
    _post(scene, client, f"{PAGE}/{step}", who="found", **values)
    with counted(scene.app) as few:
        _post(scene, client, f"{PAGE}/{step}", who="found", **values)
    with scene.app.app_context():
        for number in range(20, 26):
            factories.person(country="FR", alias=f"Border officer {number}", now=clock.now() - timedelta(days=31))
    with counted(scene.app) as many:
        assert "Border officer 25" in _post(scene, client, f"{PAGE}/{step}", who="found", **values)[1]
    assert len(many) == len(few)
