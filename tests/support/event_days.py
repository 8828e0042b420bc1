"""Audit steps of the days of an event and of national sessions."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

from flask.testing import FlaskClient

from app.access.policy import Role
from app.catalogue.models import Course, CourseVersion
from app.competence.models import CompetencyValidity
from app.db.session import db, transaction
from app.identity.queries import people, postings
from app.kernel import clock
from app.workshops.domain import check_in as rules
from app.workshops.domain.cascades import TRAINER_COMPETENCIES, TRAINER_LEVEL, CascadeState, CountedBy
from app.workshops.domain.check_in import CheckInState
from app.workshops.domain.event_tests import EventTestPart
from app.workshops.models import WorkshopSession
from app.workshops.models.cascades import CascadeList, CascadeSession
from app.workshops.models.on_the_day import CheckIn, EventTest
from app.workshops.queries import bookings, check_ins as queries, workshops
from app.workshops.service import check_ins, staff
from tests.support import courses, sites
from tests.support.audit_log import AuditStep, submit
from tests.support.sites import Site

PDF = b"%PDF-1.4"


def start_session(workshop_id: UUID) -> UUID:
    """Move the first session of an event to now, and return its id."""
    with transaction():
        row = db.session.query(WorkshopSession).filter_by(workshop_id=workshop_id, number=1).one()
        row.starts_at, row.ends_at = clock.now() - timedelta(minutes=5), clock.now() + timedelta(hours=2)
        session_id = row.id
    db.session.remove()
    return session_id


def _start(site: Site) -> None:
    with site.app.app_context():
        start_session(site.workshops["seat"])


def _open(site: Site) -> None:
    with site.app.app_context():
        session_id = start_session(site.workshops["seat"])
        with transaction():
            check_ins.open_codes(site.workshops["seat"], session_id, by=site.people["coordinator"], now=clock.now())


def _code(site: Site) -> str:
    with site.app.app_context():
        session_id = workshops.get(site.workshops["seat"]).sessions[0].id
        code = rules.code_at(queries.secret_of(session_id) or b"", rules.step_of(clock.now()))
        db.session.remove()
        return code


def _check_in(site: Site, client: FlaskClient) -> None:
    submit("/check-in", code=_code(site))(site, client)


def _check_in_later(site: Site, client: FlaskClient) -> None:
    sent = {"code": _code(site), "taken_at": clock.now().isoformat()}
    assert sites.post_json(site.app, client, "/check-in/later", sent).status_code == 200


def _decide(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        booking, check_in_id = bookings.seated(site.workshops["seat"])[0], uuid4()
        with transaction():
            db.session.add(
                CheckIn(
                    id=check_in_id,
                    session_id=workshops.get(site.workshops["seat"]).sessions[0].id,
                    booking_id=booking.id,
                    state=CheckInState.WAITING,
                    shown_at=clock.now(),
                    taken_at=clock.now(),
                    arrived_at=clock.now(),
                )
            )
    submit(f"/teaching/workshops/{{seat}}/check-ins/{check_in_id}", answer="confirm")(site, client)


def _send_list(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        booking = bookings.seated(site.workshops["seat"])[0].id
    sent = {
        "key": str(uuid4()),
        "last_shown": 0,
        "taken_at": clock.now().isoformat(),
        "marks": {str(booking): "present"},
    }
    address = f"/teaching/workshops/{site.workshops['seat']}/sessions/1/lists"
    assert sites.post_json(site.app, client, address, sent).status_code == 200


def _criterion(site: Site, _client: FlaskClient) -> None:
    held, coordinator = site.workshops["held"], site.people["coordinator"]
    with site.app.app_context():
        booking = bookings.seated(held)[0].id
        with transaction():
            staff.appoint(held, coordinator, Role.ASSESSOR, clock.now())
    assessor = site.client("coordinator")  # a new role ends the sessions of a user
    submit(f"/teaching/workshops/{held}/criteria/PRT-01/list", **{f"score-{booking}": "3"})(site, assessor)


def add_test(site: Site, *, is_closed: bool = False) -> None:
    """Add a test with one question of the course of the site before the event in which the owner has a seat."""
    with site.app.app_context(), transaction():
        query = db.session.query(CourseVersion).join(Course, Course.id == CourseVersion.course_id)
        version = query.filter(Course.slug == courses.SLUG).first()
        assert version is not None
        db.session.add(
            EventTest(
                workshop_id=site.workshops["seat"],
                part=EventTestPart.BEFORE,
                version_id=version.id,
                items=1,
                opened_by=site.people["coordinator"],
                opened_at=clock.now(),
                closed_at=clock.now() if is_closed else None,
            )
        )


def _verify_trainer(site: Site) -> None:
    """Verify the trainer of the site as a trainer."""
    today, trainer = clock.today(), site.people["trainer"]
    with site.app.app_context(), transaction():
        posting = postings.posting_on(trainer, today)
        assert posting is not None
        db.session.add_all(
            CompetencyValidity(
                person_id=trainer,
                competency=competency,
                level=TRAINER_LEVEL,
                since=today,
                until=today + timedelta(days=300),
                country=posting.country,
                agency_id=posting.agency_id,
                role="trainer",
            )
            for competency in TRAINER_COMPETENCIES
        )


def _fields(site: Site) -> dict[str, str]:
    with site.app.app_context():
        alias = people.names([site.people["colleague"]])[site.people["colleague"]]
    day = clock.today().isoformat()
    return {"day": day, "minutes": "60", "competency": "PRT-01", "counted_by": "alias", "aliases": alias}


def _cascade(site: Site) -> UUID:
    with site.app.app_context():
        return national_session(site.people["trainer"], "IQ")


def _record_cascade(site: Site, client: FlaskClient) -> None:
    submit("/teaching/cascades", **_fields(site))(site, client)


def _correct_cascade(site: Site, client: FlaskClient) -> None:
    address = f"/teaching/cascades/{_cascade(site)}/edit"
    submit(address, **_fields(site), reason="One more came.")(site, client)


def _withdraw_cascade(site: Site, client: FlaskClient) -> None:
    submit(f"/teaching/cascades/{_cascade(site)}/withdrawal", reason="Counted twice.")(site, client)


def national_session(trainer: UUID, country: str) -> UUID:
    """Add a national session of a trainer with a signed list in a transaction of its own, and return its id."""
    cascade_id, now = uuid4(), clock.now()
    with transaction():
        db.session.add(
            CascadeSession(
                id=cascade_id, person_id=trainer, country=country, day=now.date(), minutes=60, competency="PRT-01",
                counted_by=CountedBy.HEAD_COUNT, people=9, state=CascadeState.RECORDED, recorded_at=now,
                changed_at=now,
            )
        )  # fmt: skip
        db.session.flush()
        digest, content = hashlib.sha256(PDF).hexdigest(), base64.b64encode(PDF).decode()
        db.session.add(CascadeList(cascade_id=cascade_id, content=content, sha256=digest, added_at=now))
    return cascade_id


DAY_STEPS: Mapping[str, AuditStep] = {
    "workshops.open_room": AuditStep(
        submit("/teaching/workshops/{seat}/sessions/1/room"), {"CheckInOpened"}, by="coordinator", prepare=_start
    ),
    "workshops.check_in": AuditStep(_check_in, {"CheckedIn", "AttendanceKept"}, prepare=_open),
    "workshops.check_in_later": AuditStep(_check_in_later, {"CheckedIn", "AttendanceKept"}, prepare=_open),
    "workshops.decide_check_in": AuditStep(
        _decide, {"CheckInDecided", "AttendanceKept"}, by="coordinator", prepare=_start
    ),
    "workshops.receive_list": AuditStep(
        _send_list, {"AttendanceListReceived", "AttendanceKept"}, by="coordinator", prepare=_start
    ),
    "workshops.score_criterion": AuditStep(_criterion, {"RubricSheetSaved"}, by="coordinator"),
    "workshops.open_test": AuditStep(
        submit("/teaching/workshops/{seat}/tests/before/opening"),
        {"EventTestOpened"},
        by="coordinator",
        prepare=partial(add_test, is_closed=True),
    ),
    "workshops.close_test": AuditStep(
        submit("/teaching/workshops/{seat}/tests/before/closing"),
        {"EventTestClosed"},
        by="coordinator",
        prepare=add_test,
    ),
    "workshops.take_test": AuditStep(
        submit("/workshops/{seat}/tests/before"), {"EventTestBegun", "AttemptStarted"}, prepare=add_test
    ),
    "workshops.record_cascade": AuditStep(_record_cascade, {"CascadeRecorded"}, by="trainer", prepare=_verify_trainer),
    "workshops.correct_cascade": AuditStep(_correct_cascade, {"CascadeCorrected"}, by="trainer"),
    "workshops.withdraw_cascade": AuditStep(_withdraw_cascade, {"CascadeWithdrawn"}, by="trainer"),
}
