import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import Table, func, select

from app.access.policy import Actor, Role
from app.backup.queries.invariants import checks
from app.catalogue.domain.items import Level
from app.competence.domain.statuses import VerificationStatus
from app.competence.queries import competencies as competence
from app.db.session import db, transaction
from app.demo import locked_quarter, year
from app.demo.cast import roster
from app.demo.history import (
    corrected_key,
    interim_figures,
    manual_entries,
    past_completions,
    report_preparations,
    targets_of_countries as country_targets,
    timeline,
)
from app.demo.history.accounts import DemoOfficer
from app.demo.history.manual_entries import DemoStaff
from app.demo.sittings import spot_checks
from app.demo.views import TOUR_ROLES
from app.demo.workshops import delivery, nominated
from app.demo.workshops.programme import GATHERINGS, Fate
from app.demo.workshops.role_events import ROLE_EVENTS
from app.identity.queries import people as accounts
from app.learning import domain
from app.learning.queries import progress as learning
from app.messages import queries as messages
from app.plan.domain import sheet_formats, sheet_reading
from app.plan.domain.observations import ObservationState
from app.plan.domain.targets import TargetOpinion, TargetState
from app.plan.domain.value_sheets import SheetKind, ValueKind
from app.plan.queries import figures as plan, locks, planned_needs, targets, value_sheets as sheets
from app.plan.service import value_sheets
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import RunState
from app.workshops.domain.events import WorkshopState
from app.workshops.domain.nominations import NominationState
from app.workshops.queries import bookings, workshops
from app.workshops.service import results
from tests.support.demo_year import BEGINS, PEOPLE, copied
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
    with copied(half_year, tmp_path) as app, timeline.as_of(BEGINS):
        yield app


@pytest.fixture
def filled(half_year: Flask) -> Iterator[Flask]:
    with half_year.app_context(), timeline.as_of(BEGINS):
        yield half_year
        db.session.rollback()


def _table(name: str) -> Table:
    return db.metadata.tables[name]


def _rows(name: str) -> Sequence[Any]:
    return db.session.execute(select(_table(name))).all()


def _practitioner() -> UUID:
    me = accounts.person_by_alias(TOUR_ROLES["practitioner"].alias)
    assert me is not None
    return me


def _workshop(code: str) -> UUID:
    column = _table("workshop").c
    return db.session.scalars(select(column.id).where(column.code == code)).one()


def test_officers_practise_and_a_corrected_key_changes_results(filled: Flask) -> None:
    sittings = [row.state for row in _rows("attempt") if row.purpose is Purpose.PRACTICE]
    assert sittings.count(AttemptState.OPEN) == 1
    assert sittings.count(AttemptState.HANDED_IN) >= 3
    assert any(row.kind == "review" for row in _rows("evidence"))
    assert [row.item for row in _rows("key_correction") if row.done_at] == [corrected_key.ITEM]
    assert any(row.share_after > row.share_before for row in _rows("regrade"))


def test_four_weeks_of_practice_ask_no_question_twice(filled: Flask) -> None:
    by_person: dict[UUID, list[str]] = {}
    days: dict[UUID, set[date]] = {}
    for row in _rows("attempt"):
        if row.purpose is Purpose.PRACTICE:
            asked = [slip["item"] for slip in json.loads(row.paper)]
            by_person.setdefault(row.person_id, []).extend(asked)
            days.setdefault(row.person_id, set()).add(row.started_at.date())
    busiest = max(by_person, key=lambda person_id: len(by_person[person_id]))
    assert max(days[busiest]) - min(days[busiest]) >= timedelta(days=26)
    assert len(by_person[busiest]) == len(set(by_person[busiest])) == 70


def test_practitioner_continues_in_third_lesson(filled: Flask) -> None:
    me = _practitioner()
    under_way, _practised, guide = learning.begun(me)
    assert (guide.outline.code, guide.enrolment.state) == ("H01", domain.EnrolmentState.COMPLETED)
    third = under_way.outline.facts.lessons[2].slug
    assert domain.next_step(under_way.asks, under_way.standing) == domain.NextLesson(third)
    assert under_way.enrolment.places[third] > 0
    assert messages.unread(me) > 0


def test_course_for_trainers_is_published_and_no_officer_begins_it(filled: Flask) -> None:
    course, version, enrolment = _table("course"), _table("course_version"), _table("enrolment")
    query = select(course.c.id).join(version, version.c.course_id == course.c.id)
    course_id = db.session.scalars(query.where(course.c.code == "H02", version.c.state == "current")).one()
    begun = select(func.count()).select_from(enrolment).where(enrolment.c.course_id == course_id)
    assert db.session.scalar(begun) == 0


def test_practitioner_has_all_core_competencies_except_one(filled: Flask) -> None:
    stands = {one.competency: one for one in competence.path(_practitioner(), ["first_responder"], BEGINS.date())}
    held_now = {name for name in CORE if stands[name].status in {VerificationStatus.VERIFIED, VerificationStatus.DUE}}
    assert held_now == set(CORE) - {delivery.NOT_YET}
    assert stands[delivery.NOT_YET].status is VerificationStatus.IN_TRAINING
    assert min(stands[name].until or date.min for name in held_now) > BEGINS.date() + timedelta(days=60)


def test_practitioner_has_every_competency_status(filled: Flask) -> None:
    stands = competence.path(_practitioner(), ["first_responder"], BEGINS.date())
    assert {one.status for one in stands} == set(VerificationStatus)


@pytest.mark.parametrize("weak", [0, 2])
def test_scored_rubric_increases_outcome_until_expiry(copy: Flask, weak: int) -> None:
    me, by, today = _practitioner(), accounts.person_by_alias(TOUR_ROLES["assessor"].alias), BEGINS.date()
    workshop_id = _workshop("WS-2027-05")
    booking = bookings.booking_of(workshop_id, me)
    assert booking is not None
    assert by is not None
    criteria = delivery.criteria_of(delivery.NOT_YET, Level.PRACTITIONER)
    scores = {name: 3 - (place < weak) for place, name in enumerate(criteria)}
    before = figures_on(today)["OC2.1"].sum.numerator
    with transaction():
        results.score(workshop_id, booking.id, competency=delivery.NOT_YET, scores=scores, by=by, now=BEGINS)
    assert figures_on(today)["OC2.1"].sum.numerator == before + 1
    assert figures_on(today - timedelta(days=1))["OC2.1"].sum.numerator == before
    until = next(
        one.until for one in competence.path(me, ["first_responder"], today) if one.competency == delivery.NOT_YET
    )
    assert until is not None
    ends = [figures_on(until + timedelta(days=more))["OC2.1"].sum.numerator for more in (0, 1)]
    assert ends[0] > ends[1], "after the date it falls"


@pytest.mark.parametrize("role", TOUR_ROLES)
def test_first_page_of_each_role_is_allowed(half_year: Flask, role: str) -> None:
    with half_year.app_context():
        me = accounts.person_by_alias(TOUR_ROLES[role].alias)
    assert me is not None
    with timeline.as_of(BEGINS):
        # the year has an incident, which ends earlier sessions: BEGINS may be later than the real day
        page = sign_in(half_year, me, BEGINS).get(TOUR_ROLES[role].begins)
    assert page.status_code == 200


@pytest.mark.parametrize("role", ["investigator", "digital-investigator"])
def test_investigators_have_course_competencies_and_seat(filled: Flask, role: str) -> None:
    me = accounts.person_by_alias(TOUR_ROLES[role].alias)
    assert me is not None
    states = [course.enrolment.state for course in learning.begun(me) if course.enrolment]
    assert domain.EnrolmentState.BEGUN in states
    framework_role = role.replace("-", "_")
    stands = competence.path(me, [framework_role], BEGINS.date())
    assert any(one.status in {VerificationStatus.VERIFIED, VerificationStatus.DUE} for one in stands)
    assert bookings.booking_of(_workshop("WS-2027-07"), me) is not None


def test_every_country_has_help_text(filled: Flask) -> None:
    assert {row.help_text for row in _rows("country")} == {roster.HELP}


def test_year_has_attempts_courses_cases_and_notices_in_all_states(filled: Flask) -> None:
    assert {row.passed for row in _rows("attempt")} == {True, False, None}
    assert {row.state for row in _rows("enrolment")} == set(domain.EnrolmentState) - {domain.EnrolmentState.ENDED}
    assert any(row.share is not None for row in _rows("playthrough"))
    assert {row.read_at is None for row in _rows("notice")} == {True, False}


def test_officers_have_every_competency_status(filled: Flask) -> None:
    today, roles = BEGINS.date(), {row.person_id: row.roles.split() for row in _rows("posting")}
    seen = Counter(one.status for key, names in roles.items() for one in competence.path(key, names, today))
    assert set(seen) == set(VerificationStatus)


def test_events_have_state_of_their_fate(filled: Flask) -> None:
    states, events = {row.code: row.state for row in _rows("workshop")}, (*GATHERINGS, *ROLE_EVENTS)
    assert states == {event.code: "announced" if event.left_open else STATES[event.fate] for event in events}
    assert {row.kind for row in _rows("workshop_history")} == {"closed", "reopened", "attendance_asked"}
    assert any(row.missing_marks and row.reason for row in _rows("workshop_history"))
    marks = Counter(row.mark for row in _rows("attendance_mark"))
    assert marks["present"] > 5 * marks["absent"] > 0
    assert all(row.evidence_id is not None for row in _rows("assessment"))


def test_running_workshop_has_assessor_and_trainer_of_tour(filled: Flask) -> None:
    facts = workshops.get(_workshop("WS-2027-05"))
    assert facts.first_day < BEGINS.date() < facts.last_day
    assert accounts.person_by_alias(TOUR_ROLES["assessor"].alias) in facts.assessors
    assert accounts.person_by_alias(TOUR_ROLES["trainer"].alias) in facts.trainers


def test_postponed_event_has_seat_of_practitioner_and_open_offer(copy: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    (event,) = (event for event in nominated.EVENTS if event.postponed is not None)
    monkeypatch.setattr(nominated, "EVENTS", (event,))
    timeline.carry_out(list(nominated.actions(_office())))
    workshop = workshops.get(_workshop(event.code))
    assert (workshop.state, workshop.postponed_reason) == (WorkshopState.POSTPONED, event.postponed_because)
    nominees = [row for row in _rows("nomination") if row.country == roster.FIRST]
    assert {row.state for row in nominees} >= {NominationState.CONFIRMED, NominationState.OFFERED}
    assert next(row.state for row in nominees if row.person_id == _practitioner()) is NominationState.CONFIRMED
    assert list(checks.faults()) == []


def test_manual_figures_have_every_state_and_a_document(filled: Flask) -> None:
    observations = plan.observations()
    assert Counter(observation.state for observation in observations) == Counter(
        figure.state for figure in (*manual_entries.FIGURES, *interim_figures.figures())
    )
    assert {observation.state for observation in observations} == set(ObservationState)
    content, _sha256 = plan.file(observations[0].id)
    assert (content[:5], all(observation.has_file for observation in observations)) == (b"%PDF-", True)
    figures = figures_on(BEGINS.date())
    assert (figures["OC2.3"].value, figures["OC3.4"].value) == (4.0, 1.0)
    assert (figures["OC3.1"].value, figures["OC3.3"].value) == (28, 58)


def test_contact_point_has_two_open_claims(filled: Flask) -> None:
    assert len(competence.claims_waiting("IQ", BEGINS.date())) == 2


def test_surprise_checks_add_range_to_capacity(filled: Flask) -> None:
    lines = competence.capacity(BEGINS.date(), today=BEGINS.date())
    ranged = {line.competency for line in lines if line.low is not None and line.high is not None}
    assert ranged == set(spot_checks.COMPETENCIES)
    assert any(line.expected is not None for line in lines)


def test_audit_entries_are_within_the_year(filled: Flask) -> None:
    entry = _table("audit_entry").c
    first, last = db.session.execute(select(func.min(entry.at), func.max(entry.at))).one()
    assert first >= BEGINS - year.STAFF_CAME
    assert last <= BEGINS + timedelta(minutes=10)


def test_filled_year_has_no_faults(filled: Flask) -> None:
    assert list(checks.faults()) == []


def _officers() -> list[DemoOfficer]:
    lines = [(accounts.person_by_alias(player.alias), player) for player in roster.officers(PEOPLE, 1)]
    return [DemoOfficer(key, player, BEGINS) for key, player in lines if key is not None]


def _office() -> DemoStaff:
    staff = {player.alias: accounts.person_by_alias(player.alias) for player in roster.staff()}
    by_alias = {alias: key for alias, key in staff.items() if key is not None}
    contacts = {player.country: by_alias[player.alias] for player in roster.staff() if "Contact" in player.alias}
    return DemoStaff(BEGINS, by_alias, contacts, _officers())


def test_every_country_but_the_silent_one_entered_a_need(filled: Flask) -> None:
    agreed = planned_needs.agreed_needs(BEGINS.date())
    assert set(roster.ZONES) - set(agreed) == {"AZ", "HU"}
    assert agreed["PK"]["*"] == 440


def test_targets_of_countries_sum_to_the_split_target(filled: Flask) -> None:
    first = [version for version in targets.versions(["2027"]) if version.code == "OP2.1" and version.version == 1]
    assert sum(version.value for version in first if version.country) == country_targets.WHOLE


def test_target_has_objection_and_was_replaced(filled: Flask) -> None:
    versions = targets.history_of("OP2.1", "RS", "2027")
    assert [version.state for version in versions] == [TargetState.AGREED, TargetState.REPLACED]
    opinions = [note.opinion for note in targets.notes([version.id for version in reversed(versions)])]
    assert opinions == [TargetOpinion.OBJECTION, TargetOpinion.AGREEMENT]


def test_second_person_agreed_to_each_target(filled: Flask) -> None:
    agreed = [row for row in _rows("target") if row.agreed_by]
    assert len(agreed) > len(roster.ZONES)
    assert all(row.agreed_by != row.set_by for row in agreed)


def test_past_completions_are_recorded(filled: Flask) -> None:
    assert 0 < len(_rows("recorded_completion")) <= past_completions.OFFICERS


def test_sheet_to_send_has_two_wrong_rows(copy: Flask) -> None:
    raw = past_completions.sheet_to_send(_officers(), BEGINS)
    entered = sheet_reading.read(raw, sheet_formats.COMPLETIONS)
    by = accounts.person_by_alias(TOUR_ROLES["contact-point"].alias)
    assert by is not None
    actor = Actor(by, roster.FIRST, frozenset({Role.CONTACT_POINT}))
    with transaction(), force_locale("en"):
        sheet_id = value_sheets.check(actor, SheetKind.COMPLETIONS, entered.rows, entered.letters, now=BEGINS)
    kinds = Counter(row.kind for row in sheets.sheet(actor, sheet_id).content.rows)
    assert kinds == {ValueKind.WRONG: 2, ValueKind.NEW: len(entered.rows) - 2}


def test_first_quarter_is_locked_with_its_report(copy: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locked_quarter, "ReportFormat", (ReportFormat.XLSX,))
    reports = [locked_quarter.lock_and_report(_office())]
    locked_quarter.store(reports, locked_quarter.draw(reports))
    assert locks.locked_quarters() == {report_preparations.first_quarter()}
    assert {row.state for row in _rows("report_run")} == {RunState.READY}
    assert list(checks.faults()) == []
