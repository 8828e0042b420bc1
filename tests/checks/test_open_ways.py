"""What the path says about sittings: own country and agency, seats, surprise checks, desk tasks in marking."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Level
from app.catalogue.domain.versions import VersionState
from app.catalogue.models import Course, CourseVersion
from app.checks.domain.products import ProductState
from app.checks.domain.sittings import SeatState, SittingState, Way
from app.checks.domain.ways import OpenWay, OpenWayKind
from app.checks.models import Product, SittingSeat
from app.checks.queries.ways import ways
from app.db.base import table_of
from app.db.session import db, transaction
from app.identity.models import Posting
from app.kernel import clock
from tests.support import check_requests, competence_site, factories, marking_scenes
from tests.support.competence_site import Scene
from tests.support.plan_pages import text, words_of
from tests.support.sql_statements import asked

NAME, PRACTITIONER = "VIC-01", Level.PRACTITIONER
AIM = (NAME, PRACTITIONER)


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    with check_requests.ways(tasks={AIM: ("M02/T1",)}):
        with app.app_context():
            scene = competence_site.make()
            db.session.remove()
        yield scene


@pytest.fixture
def course(app: Flask) -> UUID:
    with app.app_context(), transaction():
        course = Course(id=uuid4(), code="X1", slug="x-1", sensitivity=Sensitivity.UNRESTRICTED)
        db.session.add(course)
        return course.id


def _in_days(days: int) -> datetime:
    return clock.now() + timedelta(days=days)


def _sitting(app: Flask, scene: Scene, course: UUID, *, country: str = "IQ", days: int = 7, **facts: object) -> UUID:
    with app.app_context():
        aims = [(NAME, PRACTITIONER, Way.DESK_TASK)]
        sitting = check_requests.sitting(
            country,
            _in_days(days),
            aims,
            course_id=course,
            by=scene.contact_point,
            **facts,  # type: ignore[arg-type]
        )
        db.session.remove()
    return sitting


def _ways(app: Flask, person_id: UUID) -> list[OpenWay]:
    with app.app_context():
        return ways(person_id, clock.today(), [AIM])[AIM]


def _kinds(app: Flask, person_id: UUID) -> list[OpenWayKind]:
    return [way.kind for way in _ways(app, person_id)]


def test_sitting_of_the_own_country_stands_with_day_and_place(app: Flask, scene: Scene, course: UUID) -> None:
    _sitting(app, scene, course)
    officer = factories.sign_in(app, scene.officer)
    for path in ("/path", f"/path/{NAME}"):
        shown = words_of(text(officer, path))
        assert "Room 4 . Join with the code on the screen there." in shown, path
    assert "Ask for a check" not in text(officer, f"/path/{NAME}")


@pytest.mark.parametrize(
    "facts", [{"country": "BG"}, {"is_group": False}, {"state": SittingState.CANCELLED}, {"days": -1}]
)
def test_sitting_that_is_not_for_the_officer_is_absent(
    app: Flask, scene: Scene, course: UUID, facts: dict[str, object]
) -> None:
    _sitting(app, scene, course, **facts)  # type: ignore[arg-type]
    assert _kinds(app, scene.officer) == [OpenWayKind.NOT_PLANNED]


def test_sitting_of_an_agency_is_for_its_officers(app: Flask, scene: Scene, course: UUID) -> None:
    with app.app_context():
        agency_id = db.session.scalars(select(Posting.agency_id).where(Posting.person_id == scene.officer)).one()
    _sitting(app, scene, course, agency_id=agency_id)
    assert _kinds(app, scene.officer) == [OpenWayKind.SITTING]
    assert _kinds(app, scene.colleague) == [OpenWayKind.NOT_PLANNED]


def test_seat_in_a_sitting_for_one_officer_is_shown_to_that_officer(app: Flask, scene: Scene, course: UUID) -> None:
    _sitting(app, scene, course, is_group=False, seats=[scene.officer])
    assert _kinds(app, scene.officer) == [OpenWayKind.SEAT]
    assert _kinds(app, scene.colleague) == [OpenWayKind.NOT_PLANNED]


def test_seat_of_a_surprise_check_is_not_announced(app: Flask, scene: Scene, course: UUID) -> None:
    sitting_id = _sitting(app, scene, course, is_group=False, seats=[scene.officer])
    with app.app_context(), transaction():
        of_sitting = update(SittingSeat).where(SittingSeat.sitting_id == sitting_id)
        db.session.execute(of_sitting.values(is_surprise=True))
    assert _kinds(app, scene.officer) == [OpenWayKind.NOT_PLANNED]


def test_absent_officer_has_no_seat_any_more(app: Flask, scene: Scene, course: UUID) -> None:
    sitting_id = _sitting(app, scene, course, is_group=False, seats=[scene.officer])
    with app.app_context(), transaction():
        of_sitting = update(SittingSeat).where(SittingSeat.sitting_id == sitting_id)
        db.session.execute(of_sitting.values(state=SeatState.ABSENT))
    assert _kinds(app, scene.officer) == [OpenWayKind.NOT_PLANNED]


def test_desk_task_in_marking_comes_first(app: Flask, scene: Scene, course: UUID) -> None:
    sitting_id = _sitting(app, scene, course, seats=[scene.officer])
    with app.app_context():
        with transaction():
            version = CourseVersion(
                id=uuid4(),
                course_id=course,
                number=1,
                state=VersionState.DRAFT,
                facts="{}",
                fingerprint="x",
                made_at=clock.now(),
            )
            db.session.add(version)
            db.session.flush()
            seat = db.session.scalars(select(SittingSeat.id).where(SittingSeat.sitting_id == sitting_id)).one()
            db.session.execute(
                insert(table_of(Product)),
                {
                    "id": uuid4(), "seat_id": seat, "position": 0, "number": 12345, "competency": NAME,
                    "level": PRACTITIONER, "course_id": course, "version_id": version.id, "task": "T1",
                    "language": "en", "attempt_id": uuid4(), "country": "IQ", "sat_on": clock.today(),
                    "submitted_at": clock.now(), "wanted_by": clock.today() + timedelta(days=10),
                    "state": ProductState.WAITING,
                },
            )  # fmt: skip
            of_sitting = update(SittingSeat).where(SittingSeat.sitting_id == sitting_id)
            db.session.execute(of_sitting.values(state=SeatState.FINISHED))
        db.session.remove()
    assert _kinds(app, scene.officer)[0] is OpenWayKind.MARKING
    assert "An assessor marks it by" in words_of(text(factories.sign_in(app, scene.officer), f"/path/{NAME}"))
    assert OpenWayKind.MARKING not in _kinds(app, scene.colleague)


def test_competency_without_a_check_in_sittings_names_the_workshop(app: Flask, scene: Scene) -> None:
    words = "A workshop verifies this. None is announced yet."
    officer = factories.sign_in(app, scene.officer)
    assert words not in text(officer, "/path/VIC-02")
    with app.app_context():
        marking_scenes.load_rubrics()  # of VIC-02, without a desk task
    assert words in text(officer, "/path/VIC-02")
    assert words not in text(officer, f"/path/{NAME}")


def test_verified_officer_sees_no_ways(app: Flask, scene: Scene, course: UUID) -> None:
    _sitting(app, scene, course)
    with app.app_context():
        competence_site.verify(scene.officer, NAME, PRACTITIONER, right=12)
        db.session.remove()
    assert "Room 4" not in text(factories.sign_in(app, scene.officer), f"/path/{NAME}")


def test_path_takes_as_many_statements_for_many_sittings(app: Flask, scene: Scene, course: UUID) -> None:
    officer = factories.sign_in(app, scene.officer)
    _sitting(app, scene, course)
    before = [asked(app, officer, path) for path in ("/path", f"/path/{NAME}")]
    for days in range(8, 14):
        _sitting(app, scene, course, days=days, seats=[scene.officer])
    assert [asked(app, officer, path) for path in ("/path", f"/path/{NAME}")] == before
