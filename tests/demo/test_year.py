from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Table, func, select

from app.catalogue.domain.items import Level
from app.competence.domain.statuses import Status
from app.competence.queries import competencies as competence
from app.db.session import db, transaction
from app.demo import cast, diary, invariants, manual_entries, workshop_results, year
from app.demo.views import PARTS
from app.demo.workshop_plan import GATHERINGS, Fate
from app.identity.queries import people as accounts
from app.learning import domain
from app.learning.queries import progress as learning
from app.messages import queries as messages
from app.plan.domain.observations import ObservationState
from app.plan.queries import figures as plan
from app.workshops.domain.events import WorkshopState
from app.workshops.queries import bookings, workshops
from app.workshops.service import results
from tests.support.demo_year import BEGINS, copied
from tests.support.factories import sign_in
from tests.support.indicator_figures import figures_on

CORE = ("VIC-01", "VIC-02", "VIC-06", "PRO-01", "PRO-02", "LRE-04")
STATES = {
    Fate.HELD: WorkshopState.CLOSED,
    Fate.RUNNING: WorkshopState.ANNOUNCED,
    Fate.ANNOUNCED: WorkshopState.ANNOUNCED,
    Fate.DRAFT: WorkshopState.DRAFT,
    Fate.CANCELLED: WorkshopState.CANCELLED,
}


@pytest.fixture
def copy(half_year: Flask, tmp_path: Path) -> Iterator[Flask]:
    with copied(half_year, tmp_path) as app, diary.as_of(BEGINS):
        yield app


@pytest.fixture
def filled(half_year: Flask) -> Iterator[Flask]:
    with half_year.app_context(), diary.as_of(BEGINS):
        yield half_year
        db.session.rollback()


def _table(name: str) -> Table:
    return db.metadata.tables[name]


def _rows(name: str) -> Sequence[Any]:
    return db.session.execute(select(_table(name))).all()


def _practitioner() -> UUID:
    me = accounts.person_by_alias(PARTS["practitioner"].alias)
    assert me is not None
    return me


def _workshop(code: str) -> UUID:
    column = _table("workshop").c
    return db.session.scalars(select(column.id).where(column.code == code)).one()


def test_the_practitioner_goes_on_in_the_third_lesson(filled: Flask) -> None:
    me = _practitioner()
    under_way, guide = learning.begun(me)
    assert (guide.outline.code, guide.way.state) == ("H01", domain.EnrolmentState.COMPLETED)
    third = under_way.outline.facts.lessons[2].slug
    assert domain.next_step(under_way.asks, under_way.standing) == domain.NextLesson(third)
    assert under_way.way.places[third] > 0
    assert messages.unread(me) > 0


def test_the_practitioner_holds_all_of_the_core_but_what_today_is_scored(filled: Flask) -> None:
    stands = {one.competency: one for one in competence.path(_practitioner(), ["first_responder"], BEGINS.date())}
    held_now = {name for name in CORE if stands[name].status in {Status.VERIFIED, Status.DUE}}
    assert held_now == set(CORE) - {workshop_results.NOT_YET}
    assert stands[workshop_results.NOT_YET].status is Status.IN_TRAINING
    assert min(stands[name].until or date.min for name in held_now) > BEGINS.date() + timedelta(days=60)


def test_the_practitioner_stands_in_every_way_that_there_is(filled: Flask) -> None:
    stands = competence.path(_practitioner(), ["first_responder"], BEGINS.date())
    assert {one.status for one in stands} == set(Status)


@pytest.mark.parametrize("weak", [0, 2])
def test_one_more_rubric_makes_the_outcome_grow(copy: Flask, weak: int) -> None:
    me, by, today = _practitioner(), accounts.person_by_alias(PARTS["assessor"].alias), BEGINS.date()
    workshop_id = _workshop("WS-2027-05")
    booking = bookings.booking_of(workshop_id, me)
    assert booking is not None
    assert by is not None
    criteria = workshop_results.criteria_of(workshop_results.NOT_YET, Level.PRACTITIONER)
    scores = {name: 3 - (place < weak) for place, name in enumerate(criteria)}
    before = figures_on(today)["OC2.1"].sum.numerator
    with transaction():
        results.score(workshop_id, booking.id, competency=workshop_results.NOT_YET, scores=scores, by=by, now=BEGINS)
    assert figures_on(today)["OC2.1"].sum.numerator == before + 1
    assert figures_on(today - timedelta(days=1))["OC2.1"].sum.numerator == before
    until = next(
        one.until
        for one in competence.path(me, ["first_responder"], today)
        if one.competency == workshop_results.NOT_YET
    )
    assert until is not None
    ends = [figures_on(until + timedelta(days=more))["OC2.1"].sum.numerator for more in (0, 1)]
    assert ends[0] > ends[1], "after the date it falls"


@pytest.mark.parametrize("role", PARTS)
def test_each_part_begins_on_a_page_that_it_may_see(half_year: Flask, role: str) -> None:
    with half_year.app_context():
        me = accounts.person_by_alias(PARTS[role].alias)
    assert me is not None
    with diary.as_of(BEGINS):
        page = sign_in(half_year, me).get(PARTS[role].begins)
    assert page.status_code == 200


@pytest.mark.parametrize("role", ["investigator", "digital-investigator"])
def test_investigators_have_a_course_competencies_and_a_seat(filled: Flask, role: str) -> None:
    me = accounts.person_by_alias(PARTS[role].alias)
    assert me is not None
    states = [course.way.state for course in learning.begun(me) if course.way]
    assert domain.EnrolmentState.BEGUN in states
    framework_role = role.replace("-", "_")
    stands = competence.path(me, [framework_role], BEGINS.date())
    assert any(one.status in {Status.VERIFIED, Status.DUE} for one in stands)
    assert bookings.booking_of(_workshop("WS-2027-07"), me) is not None


def test_every_country_says_where_officers_find_help(filled: Flask) -> None:
    assert {row.help_text for row in _rows("country")} == {cast.HELP}


def test_a_year_has_all_that_a_tour_shows(filled: Flask) -> None:
    assert {row.passed for row in _rows("attempt")} == {True, False, None}
    assert {row.state for row in _rows("enrolment")} == set(domain.EnrolmentState)
    assert any(row.share is not None for row in _rows("playthrough"))
    assert {row.read_at is None for row in _rows("notice")} == {True, False}


def test_officers_stand_in_every_way_that_there_is(filled: Flask) -> None:
    today, roles = BEGINS.date(), {row.person_id: row.roles.split() for row in _rows("posting")}
    seen = Counter(one.status for key, names in roles.items() for one in competence.path(key, names, today))
    assert set(seen) == set(Status)


def test_events_have_come_as_far_as_they_should(filled: Flask) -> None:
    states = {row.code: row.state for row in _rows("workshop")}
    assert states == {it.code: "announced" if it.left_open else STATES[it.fate] for it in GATHERINGS}
    assert {row.kind for row in _rows("workshop_history")} == {"closed", "reopened", "attendance_asked"}
    assert any(row.missing_marks and row.reason for row in _rows("workshop_history"))
    marks = Counter(row.mark for row in _rows("attendance_mark"))
    assert marks["present"] > 5 * marks["absent"] > 0
    assert all(row.evidence_id is not None for row in _rows("assessment"))


def test_the_running_workshop_waits_for_its_assessor(filled: Flask) -> None:
    facts = workshops.get(_workshop("WS-2027-05"))
    assert facts.first_day < BEGINS.date() < facts.last_day
    assert accounts.person_by_alias(PARTS["assessor"].alias) in facts.assessors
    assert accounts.person_by_alias(PARTS["trainer"].alias) in facts.trainers


def test_figures_by_hand_are_in_every_state_with_a_document(filled: Flask) -> None:
    found = plan.observations()
    assert Counter(one.state for one in found) == Counter(one.state for one in manual_entries.REPORTED)
    assert {one.state for one in found} == set(ObservationState)
    content, _sha256 = plan.file(found[0].id)
    assert (content[:5], all(one.has_file for one in found)) == (b"%PDF-", True)
    figures = figures_on(BEGINS.date())
    assert (figures["OC2.3"].value, figures["OC3.4"].value) == (4.0, 1.0)


def test_two_claims_wait_at_the_contact_point(filled: Flask) -> None:
    assert len(competence.claims_waiting("IQ", BEGINS.date())) == 2


def test_surprise_checks_give_the_capacity_a_range(filled: Flask) -> None:
    lines = competence.capacity(BEGINS.date(), today=BEGINS.date())
    ranged = {line.competency for line in lines if line.low is not None and line.high is not None}
    assert "VIC-06" in ranged
    assert any(line.expected is not None for line in lines)


def test_nothing_happens_in_the_future_or_before_the_plan(filled: Flask) -> None:
    entry = _table("audit_entry").c
    first, last = db.session.execute(select(func.min(entry.at), func.max(entry.at))).one()
    assert first >= BEGINS - year.STAFF_CAME
    assert last <= BEGINS + timedelta(minutes=10)


def test_services_leave_no_fault_behind(filled: Flask) -> None:
    assert list(invariants.faults()) == []
