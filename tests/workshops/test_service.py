from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Role, Scope, Sensitivity
from app.catalogue.domain.items import Level
from app.db.session import db, transaction
from app.i18n import stored_translations
from app.identity.queries import roles as accounts
from app.kernel.errors import DomainError, IllegalMoveError
from app.learning.service import lesson_progress as learning
from app.messages import queries as messages
from app.messages.domain import NoticeKind
from app.search.models import SearchBlock
from app.workshops.domain.events import WorkshopState
from app.workshops.domain.seats import (
    AlreadyBooked,
    BookingClosed,
    BookingState,
    PrerequisitesMissing,
    Seat,
    WaitingListPlace,
)
from app.workshops.events import (
    BookingWithdrawn,
    CapacityChanged,
    SeatTaken,
    WaitingListJoined,
    WorkshopCreated,
    WorkshopStateChanged,
    WorkshopUpdated,
)
from app.workshops.models import Booking, WorkshopSession
from app.workshops.queries import bookings, workshops
from app.workshops.service import bookings as workshops_bookings, closing, lifecycle, staff as workshops_staff
from tests.support import courses, factories, plans, workshop_events as given
from tests.support.settings import NOW
from tests.support.workshop_events import announced, booked, doing, draft, made, session, staff

ACTIVITY = """
[[activity]]
id = "A01"
type = "workshop"
contributes_to = ["OP1"]
needs = []
lead = "host_country"
rhythm = "yearly"
"""
HELD = datetime.fromisoformat("2027-05-06T09:00:00+00:00")  # after the last session


def book(workshop_id: UUID, person_id: UUID, now: datetime = NOW) -> Any:
    return doing(workshops_bookings.book, workshop_id, person_id, now)[0]


def notices(person_id: UUID) -> list[tuple[NoticeKind, Any, str]]:
    return [(one.kind, one.facts, one.path) for one in messages.notices(person_id, 1)]


def standing(workshop_id: UUID) -> tuple[list[UUID], list[UUID]]:
    return (
        [one.person_id for one in bookings.seated(workshop_id)],
        [one.person_id for one in bookings.waiting(workshop_id)],
    )


@pytest.mark.each_database
def test_draft_is_stored_with_all_fields(context: Flask) -> None:
    first, _second = staff()
    new = draft()
    workshop_id, told = doing(lifecycle.create_workshop, new, by=first, now=NOW)
    found = workshops.get(workshop_id)
    assert (found.state, found.first_day, found.last_day) == (
        WorkshopState.DRAFT, date(2027, 5, 4), date(2027, 5, 5),
    )  # fmt: skip
    assert (found.languages, found.roles, found.outcomes) == (new.languages, new.roles, new.outcomes)
    assert [one.starts_at.hour for one in found.sessions] == [6, 6]
    assert stored_translations.translations_for([workshop_id], "ar")[workshop_id, "title"].text == "نوبة على الرصيف"
    assert stored_translations.translations_for([workshop_id], "ar")[workshop_id, "summary"].lang == "en"
    assert (
        stored_translations.translations_for([found.sessions[0].id], "ar")[found.sessions[0].id, "title"].text
        == "نوبة الليل"
    )
    assert told == [WorkshopCreated(at=NOW, actor_id=first, workshop_id=workshop_id, code=new.code)]


def test_invalid_draft_is_refused_and_not_stored(context: Flask) -> None:
    first, _second = staff()
    for wrong in ({"capacity": 0}, {"host_country": "XX"}, {"sessions": ()}):
        with pytest.raises(DomainError), transaction():
            lifecycle.create_workshop(draft(**wrong), by=first, now=NOW)
    assert workshops.listing(_actor(Role.COORDINATOR), NOW.date()) == []


def test_unknown_code_is_refused_and_named(context: Flask) -> None:
    courses.publish()
    first, _second = staff()
    for wrong, said in (
        ({"prerequisites": ("M99",)}, "There is no course M99."),
        ({"roles": ("captain",)}, "There is no role captain."),
        ({"outcomes": (("PRT-09", Level.FOUNDATION),)}, "There is no competency PRT-09"),
    ):
        with pytest.raises(DomainError, match=said), transaction():
            lifecycle.create_workshop(draft(**wrong), by=first, now=NOW)
    new = draft(prerequisites=(courses.CODE,))
    workshop_id = doing(lifecycle.create_workshop, new, by=first, now=NOW)[0]
    with pytest.raises(DomainError, match="There is no course M99"), transaction():
        lifecycle.update_workshop(workshop_id, draft(code=new.code, prerequisites=("M99",)), by=first, now=NOW)
    given.ask_for(workshop_id, "M99")
    kept = draft(code=new.code, prerequisites=("M99",), town="Varna")
    assert doing(lifecycle.update_workshop, workshop_id, kept, by=first, now=NOW)[0] == ("town",)


def test_activity_must_be_in_the_plan(context: Flask) -> None:
    plans.load(ACTIVITY)
    first, _second = staff()
    with pytest.raises(DomainError, match="There is no activity A99 in the plan"), transaction():
        lifecycle.create_workshop(draft(activity="A99"), by=first, now=NOW)
    workshop_id = doing(lifecycle.create_workshop, draft(activity="A01"), by=first, now=NOW)[0]
    assert workshops.get(workshop_id).activity == "A01"


@pytest.mark.each_database
def test_code_of_an_event_is_unique(context: Flask) -> None:
    first, _second = staff()
    new = draft()
    doing(lifecycle.create_workshop, new, by=first, now=NOW)
    with pytest.raises(DomainError, match="Another event has the code"), transaction():
        lifecycle.create_workshop(new, by=first, now=NOW)


def test_clearing_needs_a_second_person(context: Flask) -> None:
    first, second = staff()
    workshop_id = doing(lifecycle.create_workshop, draft(), by=first, now=NOW)[0]
    with pytest.raises(DomainError, match="second person"), transaction():
        lifecycle.clear(workshop_id, by=first, now=NOW)
    _none, told = doing(lifecycle.clear, workshop_id, by=second, now=NOW)
    assert (workshops.get(workshop_id).state, workshops.get(workshop_id).cleared_by) == (WorkshopState.CLEARED, second)
    assert told == [WorkshopStateChanged(at=NOW, actor_id=second, workshop_id=workshop_id, state="cleared")]


def test_last_editor_cannot_clear_the_event(context: Flask) -> None:
    first, second = staff()
    third = factories.person(roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
    new = draft()
    workshop_id = doing(lifecycle.create_workshop, new, by=first, now=NOW)[0]
    doing(lifecycle.update_workshop, workshop_id, draft(code=new.code, summary={"en": "Mine."}), by=second, now=NOW)
    for one in (first, second):
        with pytest.raises(DomainError, match="second person"), transaction():
            lifecycle.clear(workshop_id, by=one, now=NOW)
    doing(lifecycle.clear, workshop_id, by=third, now=NOW)
    assert workshops.get(workshop_id).state is WorkshopState.CLEARED


@pytest.mark.parametrize(
    "words",
    [
        {"title": {"en": "Other words"}},
        {"summary": {"en": "Other words."}},
        {"practise": {"en": "something else"}},
        {"venue": "Hall 4"},
    ],
)
def test_text_changes_of_an_announced_event_need_no_clearing(context: Flask, words: dict[str, Any]) -> None:
    workshop_id = announced(code="WS-WORDS")
    cleared_by = workshops.get(workshop_id).cleared_by
    changed = doing(lifecycle.update_workshop, workshop_id, draft(code="WS-WORDS", **words), by=staff()[0], now=NOW)[0]
    assert changed == tuple(words)
    after = workshops.get(workshop_id)
    assert (after.state, after.cleared_by) == (WorkshopState.ANNOUNCED, cleared_by)


def test_clearing_person_may_change_texts_of_an_announced_event(context: Flask) -> None:
    workshop_id = announced(code="WS-WORDS")
    cleared_by = workshops.get(workshop_id).cleared_by
    new = draft(code="WS-WORDS", title={"en": "Other words"})
    assert doing(lifecycle.update_workshop, workshop_id, new, by=cleared_by, now=NOW)[0] == ("title",)


def test_uncleared_draft_cannot_be_announced(context: Flask) -> None:
    workshop_id = made()
    with pytest.raises(IllegalMoveError), transaction():
        lifecycle.announce(workshop_id, by=staff()[0], now=NOW)


def test_change_after_clearing_needs_clearing_again(context: Flask) -> None:
    first, second = staff()
    new = draft()
    workshop_id = doing(lifecycle.create_workshop, new, by=first, now=NOW)[0]
    doing(lifecycle.clear, workshop_id, by=second, now=NOW)
    changed, told = doing(lifecycle.update_workshop, workshop_id, draft(code=new.code, town="Varna"), by=first, now=NOW)
    assert changed == ("town",)
    assert told == [WorkshopUpdated(at=NOW, actor_id=first, workshop_id=workshop_id, changed=("town",))]
    assert (workshops.get(workshop_id).state, workshops.get(workshop_id).cleared_by) == (WorkshopState.DRAFT, None)


def test_update_without_changes_changes_nothing(context: Flask) -> None:
    new = draft()
    first, second = staff()
    workshop_id = doing(lifecycle.create_workshop, new, by=first, now=NOW)[0]
    doing(lifecycle.clear, workshop_id, by=second, now=NOW)
    assert doing(lifecycle.update_workshop, workshop_id, new, by=first, now=NOW) == ((), [])
    assert workshops.get(workshop_id).state is WorkshopState.CLEARED


@pytest.mark.each_database
def test_moved_sessions_keep_their_ids(context: Flask) -> None:
    new = draft()
    first, _second = staff()
    workshop_id = doing(lifecycle.create_workshop, new, by=first, now=NOW)[0]
    before = [one.id for one in workshops.get(workshop_id).sessions]
    moved = (session(starts=time(10)), session(date(2027, 5, 5)), session(date(2027, 5, 6)))
    changed, _told = doing(
        lifecycle.update_workshop, workshop_id, draft(code=new.code, sessions=moved), by=first, now=NOW
    )  # fmt: skip
    after = workshops.get(workshop_id)
    assert changed == ("last_day", "sessions")
    assert [one.id for one in after.sessions][:2] == before
    assert [one.starts_at.hour for one in after.sessions] == [7, 6, 6]
    doing(lifecycle.update_workshop, workshop_id, new, by=first, now=NOW)
    assert [one.id for one in workshops.get(workshop_id).sessions] == before


@pytest.mark.each_database
def test_booking_fills_seats_in_order_and_then_the_waiting_list(context: Flask) -> None:
    workshop_id = announced(capacity=2)
    people = [factories.person() for _ in range(4)]
    placements = [doing(workshops_bookings.book, workshop_id, one, NOW) for one in people]
    assert [placement for placement, _told in placements] == [
        Seat(1),
        Seat(2),
        WaitingListPlace(1),
        WaitingListPlace(2),
    ]
    assert [told for _placement, told in placements] == [
        [SeatTaken(at=NOW, workshop_id=workshop_id, person_id=people[0], seat=1)],
        [SeatTaken(at=NOW, workshop_id=workshop_id, person_id=people[1], seat=2)],
        [WaitingListJoined(at=NOW, workshop_id=workshop_id, person_id=people[2], queued=3)],
        [WaitingListJoined(at=NOW, workshop_id=workshop_id, person_id=people[3], queued=4)],
    ]
    assert standing(workshop_id) == (people[:2], people[2:])
    assert [one.position for one in bookings.waiting(workshop_id)] == [1, 2]
    assert bookings.counts([workshop_id]) == {workshop_id: (2, 2)}


def test_repeated_request_changes_nothing(context: Flask) -> None:
    workshop_id = announced(capacity=1)
    first, second = booked(workshop_id, 2)
    assert doing(workshops_bookings.book, workshop_id, first, NOW) == (AlreadyBooked(BookingState.SEATED), [])
    assert doing(workshops_bookings.book, workshop_id, second, NOW) == (AlreadyBooked(BookingState.WAITING), [])
    assert standing(workshop_id) == ([first], [second])


def test_booking_is_refused_before_announcement_and_after_the_last_day(context: Flask) -> None:
    person = factories.person()
    assert book(made(), person) == BookingClosed()
    workshop_id = announced()
    closes = workshops.get(workshop_id).booking_closes_at
    assert book(workshop_id, person, closes) == BookingClosed()
    assert book(workshop_id, person, closes - timedelta(seconds=1)) == Seat(1)


def test_booking_ends_when_the_event_begins(context: Flask) -> None:
    workshop_id = announced(booking_until=given.FIRST_DAY)
    starts = workshops.get(workshop_id).starts_at
    assert workshops.get(workshop_id).booking_closes_at == starts
    assert book(workshop_id, factories.person(), starts) == BookingClosed()


def test_missing_courses_are_named_until_they_are_completed(context: Flask) -> None:
    course = courses.publish()
    workshop_id = announced()
    given.ask_for(workshop_id, "M99", courses.CODE)
    alone = announced(prerequisites=(courses.CODE,))
    person = factories.person()
    assert book(workshop_id, person) == PrerequisitesMissing(("M99", courses.CODE))
    with transaction():
        enrolment = learning.begin(person, course.outline, NOW)
        assert workshops_bookings.book(alone, person, NOW) == PrerequisitesMissing((courses.CODE,))
        enrolment.state, enrolment.completed_at = "completed", NOW
    assert book(alone, person) == Seat(1)
    assert book(workshop_id, person) == PrerequisitesMissing(("M99",))


@pytest.mark.each_database
def test_withdrawn_seat_goes_to_the_first_waiting_person(context: Flask) -> None:
    workshop_id = announced(capacity=2)
    people = booked(workshop_id, 4)
    promoted, told = doing(workshops_bookings.withdraw, workshop_id, people[0], NOW)
    assert promoted == people[2]
    assert told == [
        BookingWithdrawn(at=NOW, workshop_id=workshop_id, person_id=people[0]),
        SeatTaken(at=NOW, workshop_id=workshop_id, person_id=people[2], seat=1, promoted=True),
    ]
    assert standing(workshop_id) == ([people[2], people[1]], [people[3]])
    code = workshops.get(workshop_id).code
    assert notices(people[2]) == [(NoticeKind.SEAT_GIVEN, {"workshop": code}, f"/workshops/{workshop_id}")]
    assert notices(people[0]) == notices(people[3]) == []


def test_withdrawal_from_the_waiting_list_moves_the_others_up(context: Flask) -> None:
    workshop_id = announced(capacity=1)
    people = booked(workshop_id, 4)
    assert doing(workshops_bookings.withdraw, workshop_id, people[2], NOW)[0] is None
    assert standing(workshop_id) == ([people[0]], [people[1], people[3]])
    assert [one.position for one in bookings.waiting(workshop_id)] == [1, 2]


def test_repeated_withdrawal_changes_nothing(context: Flask) -> None:
    workshop_id = announced(capacity=1)
    (person,) = booked(workshop_id, 1)
    doing(workshops_bookings.withdraw, workshop_id, person, NOW)
    assert doing(workshops_bookings.withdraw, workshop_id, person, NOW) == (None, [])


def test_returning_person_is_last_on_the_waiting_list(context: Flask) -> None:
    workshop_id = announced(capacity=1)
    people = booked(workshop_id, 3)
    doing(workshops_bookings.withdraw, workshop_id, people[1], NOW)
    assert book(workshop_id, people[1]) == WaitingListPlace(2)
    assert standing(workshop_id) == ([people[0]], [people[2], people[1]])


def test_withdrawal_is_refused_after_the_event_has_begun(context: Flask) -> None:
    workshop_id = announced()
    (person,) = booked(workshop_id, 1)
    with pytest.raises(DomainError, match="begun"), transaction():
        workshops_bookings.withdraw(workshop_id, person, workshops.get(workshop_id).starts_at)
    assert standing(workshop_id) == ([person], [])


def test_added_seats_go_to_the_first_waiting_people(context: Flask) -> None:
    workshop_id = announced(capacity=1)
    people = booked(workshop_id, 4)
    by = staff()[0]
    promoted, told = doing(lifecycle.set_capacity, workshop_id, 3, by=by, now=NOW)
    assert promoted == tuple(people[1:3])
    assert told[0] == CapacityChanged(at=NOW, actor_id=by, workshop_id=workshop_id, before=1, after=3)
    assert standing(workshop_id) == (people[:3], people[3:])


def test_lower_capacity_removes_no_seat_and_promotes_only_below_it(context: Flask) -> None:
    workshop_id = announced(capacity=4)
    people = booked(workshop_id, 6)
    by = staff()[0]
    assert doing(lifecycle.set_capacity, workshop_id, 2, by=by, now=NOW)[0] == ()
    assert standing(workshop_id) == (people[:4], people[4:])
    assert doing(workshops_bookings.withdraw, workshop_id, people[0], NOW)[0] is None
    assert doing(workshops_bookings.withdraw, workshop_id, people[1], NOW)[0] is None
    assert doing(workshops_bookings.withdraw, workshop_id, people[2], NOW)[0] == people[4]
    assert standing(workshop_id) == ([people[4], people[3]], [people[5]])


@pytest.mark.each_database
def test_random_bookings_keep_the_order_of_arrival(context: Flask) -> None:
    """R5 through the service: as in the test of the rules, in fewer steps."""
    chance, workshop_id, by = Random(20270301), announced(capacity=2), staff()[0]
    crowd = [factories.person() for _ in range(8)]
    inside: list[UUID] = []
    line: list[UUID] = []
    capacity = 2
    for _ in range(60):
        person = chance.choice(crowd)
        if chance.random() < 0.2:
            capacity = chance.randint(1, 5)
            doing(lifecycle.set_capacity, workshop_id, capacity, by=by, now=NOW)
        elif person in inside or person in line:
            doing(workshops_bookings.withdraw, workshop_id, person, NOW)
            (inside if person in inside else line).remove(person)
        else:
            book(workshop_id, person)
            line.append(person)
        while line and len(inside) < capacity:
            inside.append(line.pop(0))
        seated, waiting = standing(workshop_id)
        assert (sorted(seated), waiting) == (sorted(inside), line)


def test_changed_venue_notifies_everyone_with_a_booking(context: Flask) -> None:
    new = draft(capacity=1)
    workshop_id = announced(code=new.code, capacity=1)
    people = booked(workshop_id, 2)
    gone = factories.person()
    book(workshop_id, gone)
    doing(workshops_bookings.withdraw, workshop_id, gone, NOW)
    by = staff()[0]
    doing(lifecycle.update_workshop, workshop_id, draft(code=new.code, capacity=1, town="Varna"), by=by, now=NOW)
    told = [(NoticeKind.WORKSHOP_CHANGED, {"workshop": new.code}, f"/workshops/{workshop_id}")]
    assert notices(people[0]) == notices(people[1]) == told
    assert notices(gone) == []
    texts = {"code": new.code, "capacity": 1, "town": "Varna", "summary": {"en": "Other words."}}
    doing(lifecycle.update_workshop, workshop_id, draft(**texts), by=by, now=NOW + timedelta(hours=1))
    assert notices(people[0]) == told


def test_changed_capacity_in_the_form_promotes_waiting_people(context: Flask) -> None:
    workshop_id = announced(code="WS-CAP", capacity=1)
    people = booked(workshop_id, 2)
    changed = doing(lifecycle.update_workshop, workshop_id, draft(code="WS-CAP", capacity=2), by=staff()[0], now=NOW)[0]
    assert changed == ("capacity",)
    assert standing(workshop_id) == (people, [])


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        ({"sensitivity": Sensitivity.UNRESTRICTED}, "sensitivity"),
        ({"outcomes": ()}, "competencies"),
        ({"host_country": "IQ"}, "host country"),
    ],
)
def test_announced_event_keeps_its_fixed_fields(context: Flask, other: dict[str, Any], kept: str) -> None:
    factories.person(country="IQ")
    workshop_id = announced(code="WS-MARK")
    before = workshops.get(workshop_id)
    with pytest.raises(DomainError, match=f"{kept} of an announced event cannot change"), transaction():
        lifecycle.update_workshop(workshop_id, draft(code="WS-MARK", **other), by=staff()[0], now=NOW)
    assert workshops.get(workshop_id) == before


def test_cancellation_has_a_reason_and_notifies_everyone(context: Flask) -> None:
    workshop_id = announced(capacity=1)
    people = booked(workshop_id, 2)
    by = staff()[0]
    with pytest.raises(DomainError, match="why"), transaction():
        lifecycle.cancel(workshop_id, reason=" ", by=by, now=NOW)
    _none, told = doing(lifecycle.cancel, workshop_id, reason="The hall is closed.", by=by, now=NOW)
    found = workshops.get(workshop_id)
    assert (found.state, found.reason) == (WorkshopState.CANCELLED, "The hall is closed.")
    moved = WorkshopStateChanged(at=NOW, actor_id=by, workshop_id=workshop_id, state="cancelled")
    assert told == [moved]
    assert [notices(one) for one in people] == [
        [(NoticeKind.WORKSHOP_CANCELLED, {"workshop": found.code}, f"/workshops/{workshop_id}")]
    ] * 2
    assert book(workshop_id, factories.person()) == BookingClosed()


def test_begun_event_cannot_be_cancelled(context: Flask) -> None:
    workshop_id = announced()
    with pytest.raises(DomainError, match="begun"), transaction():
        lifecycle.cancel(workshop_id, reason="Too late.", by=staff()[0], now=workshops.get(workshop_id).starts_at)


def test_event_is_closed_after_its_last_session_and_then_read_only(context: Flask) -> None:
    workshop_id = announced(code="WS-END")
    (person,) = booked(workshop_id, 1)
    by = staff()[0]
    with pytest.raises(DomainError, match="last session"), transaction():
        closing.close(workshop_id, by=by, now=workshops.get(workshop_id).starts_at)
    doing(closing.close, workshop_id, by=by, now=HELD, reason="The lists are lost.")
    assert workshops.get(workshop_id).closed_at == HELD
    for late in (
        lambda: lifecycle.update_workshop(workshop_id, draft(code="WS-END", town="Varna"), by=by, now=HELD),
        lambda: lifecycle.set_capacity(workshop_id, 9, by=by, now=HELD),
        lambda: workshops_bookings.withdraw(workshop_id, person, HELD),
        lambda: lifecycle.cancel(workshop_id, reason="No.", by=by, now=HELD),
    ):
        with pytest.raises(DomainError), transaction():
            late()


@pytest.mark.each_database
def test_search_finds_an_event_from_announcement_until_its_end(context: Flask) -> None:
    def found() -> list[tuple[str, str, str]]:
        columns = (SearchBlock.kind, SearchBlock.language, SearchBlock.title)
        return [tuple(row) for row in db.session.execute(select(*columns).order_by(SearchBlock.language))]

    first, second = staff()
    workshop_id = doing(lifecycle.create_workshop, draft(), by=first, now=NOW)[0]
    doing(lifecycle.clear, workshop_id, by=second, now=NOW)
    assert found() == []
    doing(lifecycle.announce, workshop_id, by=second, now=NOW)
    assert found() == [("workshop", "ar", "نوبة على الرصيف"), ("workshop", "en", "A watch at the quay")]
    doing(lifecycle.cancel, workshop_id, reason="The hall is closed.", by=first, now=NOW)
    assert found() == []


@pytest.mark.each_database
def test_staff_are_people_with_a_role_in_the_event(context: Flask) -> None:
    workshop_id, other = announced(), announced()
    trainer, assessor = factories.person(), factories.person()
    for _twice in range(2):
        doing(workshops_staff.appoint, workshop_id, trainer, Role.TRAINER, NOW)
    doing(workshops_staff.appoint, workshop_id, assessor, Role.ASSESSOR, NOW)
    assert workshops.get(workshop_id).trainers == {trainer}
    assert workshops.get(workshop_id).assessors == {assessor}
    assert (workshops.get(other).trainers, workshops.get(other).assessors) == (frozenset(), frozenset())
    with pytest.raises(DomainError), transaction():
        workshops_staff.appoint(workshop_id, trainer, Role.COORDINATOR, NOW)
    assert accounts.reaches(trainer, Scope.EVENT, workshops.EVENT_ROLES, NOW.date()) == [str(workshop_id)]


def test_ended_role_is_no_longer_staff(context: Flask) -> None:
    workshop_id = announced()
    ended = (Role.TRAINER, Scope.EVENT, str(workshop_id))
    from app.rights.service import roles as accounts_service

    person = factories.person()
    with transaction():
        role, scope, reach = ended
        accounts_service.add_role(
            person, role, scope=scope, reach=reach, since=date(2027, 1, 1), until=NOW.date() - timedelta(days=1)
        )
    assert workshops.get(workshop_id).trainers == frozenset()


def test_times_follow_changed_zone_rules(context: Flask) -> None:
    workshop_id = announced()
    assert doing(lifecycle.derive_times_again, NOW) == (0, [])
    with transaction():
        for one in db.session.scalars(select(WorkshopSession)):  # as an older zone file had it
            one.starts_at -= timedelta(hours=1)
            one.ends_at -= timedelta(hours=1)
    moved, told = doing(lifecycle.derive_times_again, NOW)
    assert moved == 2
    assert told == [WorkshopUpdated(at=NOW, workshop_id=workshop_id, changed=("sessions",))]
    assert [one.starts_at.hour for one in workshops.get(workshop_id).sessions] == [6, 6]


def test_missing_event_raises_no_result_found(context: Flask) -> None:
    nothing = UUID(int=0)
    for step in (
        lambda: workshops_bookings.book(nothing, factories.person(), NOW),
        lambda: workshops_bookings.withdraw(nothing, factories.person(), NOW),
        lambda: lifecycle.announce(nothing, by=nothing, now=NOW),
    ):
        with pytest.raises(NoResultFound), transaction():
            step()
    with pytest.raises(NoResultFound):
        workshops.get(nothing)


@pytest.mark.each_database
def test_table_refuses_a_duplicate_seat(context: Flask) -> None:
    from sqlalchemy.exc import IntegrityError

    workshop_id = announced()
    booked(workshop_id, 1)
    late = {"workshop_id": workshop_id, "state": BookingState.SEATED, "booked_at": NOW, "changed_at": NOW}
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Booking(person_id=factories.person(), seat=1, queued=99, **late))


def _actor(*roles: Role) -> Any:
    from app.access.policy import Actor

    return Actor(UUID(int=1), "BG", frozenset(roles))
