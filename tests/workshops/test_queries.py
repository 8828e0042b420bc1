from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, Role, Scope, Sensitivity, allows
from app.access.workshop_rules import runs_every_workshop
from app.db.session import db, transaction
from app.identity.models import RoleGrant
from app.identity.queries import people as accounts
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.events import WorkshopKind, WorkshopState
from app.workshops.domain.seats import BookingState
from app.workshops.models import AttendanceMark, Booking, Workshop, WorkshopSession
from app.workshops.queries import attendance, bookings, workshops
from app.workshops.queries.role_scopes import reaches
from app.workshops.queries.workshops import Filters
from app.workshops.service import closing, lifecycle
from app.workshops.shapes import AttendanceLine, EventLine, WorkshopFacts
from tests.support import factories
from tests.support.examples import examples
from tests.support.settings import NOW
from tests.support.workshop_events import FIRST_DAY, announced, booked, draft, made, seat, session, staff

ROLES = st.frozensets(st.sampled_from(list(Role)), max_size=4)
COUNTRIES = st.sampled_from(["IQ", "BG", "NL", ""])
# of each event: its sensitivity, its state, and the roles of the actor in it
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(list(Sensitivity)),
        st.sampled_from([WorkshopState.DRAFT, WorkshopState.CLEARED, WorkshopState.ANNOUNCED]),
        st.frozensets(st.sampled_from([Role.TRAINER, Role.ASSESSOR, Role.HOST]), max_size=2),
        st.booleans(),  # whether these have ended
    ),
    min_size=1,
    max_size=6,
)
MANY = settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def finds(find: Callable[[Actor, UUID], WorkshopFacts], actor: Actor, key: UUID) -> bool:
    try:
        return find(actor, key).id == key
    except NoResultFound:
        return False


def stored(
    person_id: UUID, events: list[tuple[Sensitivity, WorkshopState, frozenset[Role], bool]]
) -> dict[UUID, WorkshopState]:
    """Write events, and the roles of a person in them, as rows."""
    first, second = staff()
    ids: dict[UUID, WorkshopState] = {}
    with transaction():
        for table in (WorkshopSession, Booking, Workshop):
            db.session.execute(delete(table))
        db.session.execute(delete(RoleGrant).where(RoleGrant.person_id == person_id))
    for mark, state, roles, ended in events:
        with transaction():
            workshop_id = lifecycle.create_workshop(draft(sensitivity=mark), by=first, now=NOW)
        ids[workshop_id] = state
        until = NOW.date() - timedelta(days=1) if ended else None
        with transaction():
            row = db.session.get_one(Workshop, workshop_id)
            row.state, row.made_by, row.cleared_by = state, first, None if state is WorkshopState.DRAFT else second
            db.session.add_all(
                RoleGrant(
                    person_id=person_id, role=role, scope=Scope.EVENT, reach=str(workshop_id),
                    since=date(2027, 1, 1), until=until,
                )
                for role in roles
            )  # fmt: skip
    return ids


@pytest.mark.each_database
@MANY
@given(ROLES, COUNTRIES, EVENTS)
def test_events_in_sql_agree_with_the_policy(
    context: Flask,
    roles: frozenset[Role],
    country: str,
    events: list[tuple[Sensitivity, WorkshopState, frozenset[Role], bool]],
) -> None:
    person_id = factories.person()
    ids = stored(person_id, events)
    actor = Actor(person_id, country, roles)
    found = {key: workshops.get(key) for key in ids}

    def may(action: Action) -> set[UUID]:
        return {key for key, event in found.items() if allows(actor, action, event)}

    readable = may(Action.READ_WORKSHOP)
    assert set(db.session.scalars(select(Workshop.id).where(workshops.scope(actor)))) == readable
    runs, assesses = may(Action.RUN_WORKSHOP), may(Action.ASSESS)
    public = {key for key, state in ids.items() if state is WorkshopState.ANNOUNCED}
    assert {key for key in ids if finds(workshops.visible, actor, key)} == readable & (public | runs | assesses)
    assert {key for key in ids if finds(workshops.run_by, actor, key)} == runs
    assert {key for key in ids if finds(workshops.assessed_by, actor, key)} == assesses
    assert {line.id for line in workshops.listing(actor, NOW.date())} == readable & public
    assert {line.id for line in workshops.teaching(actor)} == runs | assesses
    refs = workshops.findable(actor)
    if runs_every_workshop(actor):
        assert refs == {"workshop": None}
    elif roles & set(workshops.EVENT_ROLES):
        assert set(refs["workshop"] or ()) == {str(key) for key in runs | assesses}
    else:
        assert refs == {}


@MANY
@given(ROLES, EVENTS)
def test_own_bookings_in_sql_agree_with_the_policy(
    context: Flask,
    roles: frozenset[Role],
    events: list[tuple[Sensitivity, WorkshopState, frozenset[Role], bool]],
) -> None:
    person_id = factories.person()
    ids = stored(person_id, events)
    held = {role for _mark, _state, granted, ended in events if not ended for role in granted}
    actor = Actor(person_id, "BG", roles | held)
    with transaction():
        db.session.add_all(
            Booking(workshop_id=key, person_id=person_id, state=BookingState.SEATED, seat=1, queued=1, booked_at=NOW,
                    changed_at=NOW)
            for key in ids
        )  # fmt: skip
    readable = {key for key in ids if allows(actor, Action.READ_WORKSHOP, workshops.get(key))}
    assert {line.workshop.id for line in workshops.own_bookings(actor)} == readable
    to_come = {key for key, state in ids.items() if state is WorkshopState.ANNOUNCED}
    unreadable = {key for key, _first, _last in workshops.unreadable_bookings(actor, NOW)}
    assert unreadable == (set() if Role.PRACTITIONER in actor.roles else to_come - readable)


@pytest.mark.each_database
def test_listing_has_announced_events_that_are_not_over(context: Flask) -> None:
    workshop_id, _draft = announced(), made()
    actor = Actor(factories.person(), "IQ", frozenset({Role.PRACTITIONER}))
    last = FIRST_DAY + timedelta(days=1)
    assert [one.id for one in workshops.listing(actor, last)] == [workshop_id]
    assert workshops.listing(actor, last + timedelta(days=1)) == []
    assert workshops.listing(actor, last, Filters(kind=WorkshopKind.STUDY_VISIT)) == []


@pytest.mark.each_database
def test_language_filter_matches_whole_codes(context: Flask) -> None:
    announced(languages=("sr-Latn",))
    actor = Actor(factories.person(), "IQ", frozenset({Role.PRACTITIONER}))
    assert len(workshops.listing(actor, NOW.date(), Filters(language="sr-Latn"))) == 1
    assert [workshops.listing(actor, NOW.date(), Filters(language=one)) for one in ("sr", "%", "_r-Latn")] == [
        [],
        [],
        [],
    ]


@pytest.mark.each_database
def test_own_bookings_are_seats_and_waiting_list_positions(context: Flask) -> None:
    later = announced(sessions=(session(date(2027, 6, 1)),))
    sooner, off, full = announced(), announced(), announced(capacity=1)
    booked(full, 1)
    (person,) = booked(later, 1)
    for workshop_id in (sooner, off, full):
        seat(workshop_id, person)
    with transaction():
        lifecycle.cancel(off, reason="The hall is closed.", by=staff()[0], now=NOW)
    actor = Actor(person, "IQ", frozenset({Role.PRACTITIONER}))
    assert {one.workshop.id for one in workshops.own_bookings(actor)} == {sooner, later, off, full}
    assert [one.booking.position for one in workshops.own_bookings(actor) if one.workshop.id == full] == [1]


def test_plan_reads_the_closing_day_of_an_event(context: Flask) -> None:
    workshop_id, other = announced(), announced(kind=WorkshopKind.STUDY_VISIT)
    closed_at = NOW + timedelta(days=100)
    with transaction():
        closing.close(workshop_id, by=staff()[0], now=closed_at)
    line = EventLine(workshop_id, WorkshopKind.WORKSHOP, "BG", closed_at.date())
    assert workshops.event_for_plan(workshop_id) == line
    assert workshops.event_for_plan(other) == EventLine(other, WorkshopKind.STUDY_VISIT, "BG", None)


@pytest.mark.each_database
def test_plan_reads_the_newest_mark_of_seated_people(context: Flask) -> None:
    workshop_id = announced(capacity=2)
    first, second, _waits = booked(workshop_id, 3)
    one, two = (each.id for each in workshops.get(workshop_id).sessions)
    seats = {line.person_id: line.id for line in bookings.seated(workshop_id)}

    def write(session_id: UUID, person: UUID, mark: Attendance) -> None:
        row = {"session_id": session_id, "booking_id": seats[person], "mark": mark, "recorded_by": first}
        with transaction():
            db.session.execute(insert(AttendanceMark).values(**row, recorded_at=NOW, reason=""))

    for session_id, person, mark in [
        (one, first, Attendance.ABSENT),
        (one, first, Attendance.LATE),
        (one, second, Attendance.ABSENT),
        (two, first, Attendance.EXCUSED),
    ]:
        write(session_id, person, mark)
    assert attendance.sessions_attended(workshop_id) == [
        AttendanceLine(one, FIRST_DAY, first, attended=True),
        AttendanceLine(one, FIRST_DAY, second, attended=False),
        AttendanceLine(two, FIRST_DAY + timedelta(days=1), second, attended=None),
    ]


def test_own_name_is_readable_by_its_holder(context: Flask) -> None:
    person = factories.person(name="Rana Khalil", alias="Rana")
    assert accounts.own_name(person) == "Rana Khalil"
    assert accounts.own_name(UUID(int=0)) == ""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_day_in_event_name_is_isolated_by_direction(context: Flask, language: str) -> None:
    workshop_id, _draft = announced(), made()
    actor = Actor(factories.person(), "BG", frozenset({Role.COORDINATOR}))
    with context.test_request_context(), force_locale(language):
        named = dict(reaches(actor)[Scope.EVENT])[str(workshop_id)]
    assert named.endswith(f" – Sofia – \u2068{'4 May 2027' if language == 'en' else '4 مايو 2027'}\u2069")
