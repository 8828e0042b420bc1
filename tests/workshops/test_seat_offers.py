"""Selection, offers and seats of nominated events: confirmation, expiry, reallocation, substitutes, nightly check."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.kernel.errors import DomainError
from app.messages import queries as messages
from app.messages.domain import MailKind, NoticeKind
from app.messages.models import Notice, OutgoingMail
from app.workshops import jobs
from app.workshops.domain.allocation import CountedAs, ExceptionCategory, Reason, SeatException, SeatSource
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.events import Unanswered, WorkshopState
from app.workshops.domain.nominations import NominationReason, NominationState, RoundKind
from app.workshops.models import Nomination, SeatDecision, SeatRound, Workshop
from app.workshops.queries import bookings, consistency_checks, nominations as queries, workshops
from app.workshops.service import (
    bookings as booking_service,
    closing,
    lifecycle,
    nomination_events,
    nominations,
    offers,
    selection,
)
from app.workshops.service.nominations import RankedOfficer
from tests.support import factories, workshop_events
from tests.support.concurrency import Step, at_once
from tests.support.nominated_events import CLOSED, INTEREST, NominatedEvent, nominated_event, rules
from tests.support.settings import NOW
from tests.support.workshop_events import doing

OFFERED, WAITLISTED, CONFIRMED = NominationState.OFFERED, NominationState.WAITLISTED, NominationState.CONFIRMED
EXPIRED, WITHDRAWN, SELECTED = NominationState.EXPIRED, NominationState.WITHDRAWN, NominationState.SELECTED
ANSWERED_BY = datetime.fromisoformat("2027-03-28T21:00:00+00:00")  # seven days after CLOSED, in Sofia
REALLOCATED = datetime.fromisoformat("2027-04-14T21:00:00+00:00")
DAY = timedelta(days=1)
DATA_ERROR = ExceptionCategory.DATA_ERROR


def _nominated(event: NominatedEvent, iraq: int, bulgaria: int) -> tuple[list[UUID], list[UUID]]:
    people = event.officers("IQ", iraq), event.officers("BG", bulgaria)
    event.nominate("IQ", people[0])
    event.nominate("BG", people[1])
    return people


@pytest.mark.each_database
def test_confirmed_selection_stores_round_decisions_and_states(context: Flask) -> None:
    event = nominated_event()
    iraq, bulgaria = _nominated(event, 3, 1)
    proposal = selection.propose(event.workshop_id, event.coordinator, now=CLOSED)
    assert db.session.scalar(select(func.count()).select_from(SeatRound)) == 0
    event.select()
    assert event.states([*iraq, *bulgaria]) == [OFFERED, OFFERED, WAITLISTED, OFFERED]
    assert workshops.get(event.workshop_id).state is WorkshopState.SELECTION_MADE
    stored = db.session.scalars(select(SeatDecision).order_by(SeatDecision.position)).all()
    assert [(row.position, row.nomination_id, row.reason) for row in stored] == [
        (decision.order, decision.nomination_id, decision.reason) for decision in proposal.decisions
    ]
    [line] = queries.decisions(event.row(iraq[2]).id)
    assert (line.reason, line.reserve) == (Reason.NO_SEAT_LEFT, 1)
    [winner] = msgspec.json.decode(line.competitors)
    assert (winner["country"], winner["used_rate"]) == ("IQ", "1")  # two seats of this round, one guaranteed seat


def test_selection_is_refused_when_nominations_changed_since_the_proposal(context: Flask) -> None:
    event = nominated_event()
    iraq, _bulgaria = _nominated(event, 2, 1)
    proposal = selection.propose(event.workshop_id, event.coordinator, now=CLOSED)
    db.session.rollback()
    with transaction():
        nominations.admit(event.row(iraq[0]).id, event.coordinator, reason="knows it", now=CLOSED)
        db.session.get_one(Nomination, event_row_id(event, iraq[1])).counted_as = CountedAs.WOMAN
    with pytest.raises(DomainError, match="have changed"), transaction():
        selection.confirm_selection(event.workshop_id, event.coordinator, fingerprint=proposal.fingerprint, now=CLOSED)
    assert workshops.get(event.workshop_id).state is WorkshopState.ANNOUNCED


def event_row_id(event: NominatedEvent, person_id: UUID) -> UUID:
    query = select(Nomination.id).where(Nomination.workshop_id == event.workshop_id, Nomination.person_id == person_id)
    return db.session.scalars(query).one()


def test_selection_waits_for_the_deadline_and_needs_the_right(context: Flask) -> None:
    event = nominated_event()
    with pytest.raises(DomainError, match="after nominations are closed"), transaction():
        selection.propose(event.workshop_id, event.coordinator, now=NOW)
    with pytest.raises(NoResultFound), transaction():
        selection.propose(event.workshop_id, event.contact_points["IQ"], now=CLOSED)


def test_exception_is_stored_with_person_category_and_note(context: Flask) -> None:
    event = nominated_event()
    iraq, _bulgaria = _nominated(event, 3, 1)
    nomination_id, by = event.row(iraq[0]).id, event.coordinator.id
    out = SeatException(nomination_id, is_in=False, by=by, category=DATA_ERROR, reason="attended it last year")
    with transaction():
        proposal = selection.propose(event.workshop_id, event.coordinator, exceptions=(out,), now=CLOSED)
        with pytest.raises(DomainError, match="Say why"):
            selection.propose(event.workshop_id, event.coordinator, exceptions=(replace(out, reason=""),), now=CLOSED)
        selection.confirm_selection(
            event.workshop_id, event.coordinator, fingerprint=proposal.fingerprint, exceptions=(out,), now=CLOSED
        )
    db.session.rollback()
    [line] = queries.decisions(event.row(iraq[0]).id)
    assert (line.reason, line.exception_category, line.exception_reason) == (
        Reason.SET_OUT, DATA_ERROR, "attended it last year",
    )  # fmt: skip
    assert event.row(iraq[0]).decision_reason == "exception:data_error"
    assert event.states(iraq) == [NominationState.DECLINED, SELECTED, SELECTED]


def test_officer_who_was_not_nominated_is_declined_with_the_selection(context: Flask) -> None:
    event = nominated_event()
    [officer] = event.officers("IQ", 1)
    with transaction():
        nominations.express_interest(event.workshop_id, officer, INTEREST, NOW)
    event.select()
    assert event.row(officer).decision_reason == selection.NOT_NOMINATED


@pytest.mark.each_database
def test_confirmed_offer_is_a_seated_booking(context: Flask) -> None:
    event = nominated_event()
    iraq, _bulgaria = _nominated(event, 1, 1)
    event.select()
    assert event.row(iraq[0]).offered_until == ANSWERED_BY
    event.confirm(iraq[0])
    event.confirm(iraq[0])  # a repeated request
    [seat] = bookings.seated(event.workshop_id)
    assert (seat.person_id, event.row(iraq[0]).booking_id) == (iraq[0], seat.id)
    assert list(consistency_checks.faults()) == []


def test_offer_notifies_by_notice_and_neutral_mail(context: Flask) -> None:
    event = nominated_event()
    iraq, _bulgaria = _nominated(event, 1, 1)
    event.select()
    notices = messages.notices(iraq[0], 1)
    assert (NoticeKind.SEAT_OFFERED, "2027-03-28") in [(line.kind, line.facts.get("until")) for line in notices]
    facts = db.session.scalars(select(OutgoingMail.facts).where(OutgoingMail.recipient_id == iraq[0]))
    assert set(facts) == {"{}"}


@pytest.mark.each_database
def test_expired_offer_passes_on_once(context: Flask) -> None:
    event = nominated_event()
    iraq, bulgaria = _nominated(event, 3, 1)
    event.select()
    event.confirm(iraq[0])
    event.confirm(bulgaria[0])
    assert event.settle(ANSWERED_BY - DAY) == 0
    assert [event.settle(ANSWERED_BY), event.settle(ANSWERED_BY)] == [1, 0]
    assert event.states(iraq) == [CONFIRMED, EXPIRED, OFFERED]
    rounds = db.session.execute(select(SeatRound.number, SeatRound.kind).order_by(SeatRound.number)).all()
    assert [tuple(row) for row in rounds] == [(1, RoundKind.SELECTION), (2, RoundKind.REALLOCATION)]
    with pytest.raises(NoResultFound), transaction():
        offers.confirm_offer(event.row(iraq[2]).id, iraq[1], ANSWERED_BY)
    with pytest.raises(DomainError, match="expired"), transaction():
        offers.confirm_offer(event.row(iraq[2]).id, iraq[2], ANSWERED_BY + 8 * DAY)


def test_event_that_keeps_asking_renews_offers_until_the_reallocation(context: Flask) -> None:
    event = nominated_event(nomination=rules(unanswered=Unanswered.KEEP_ASKING))
    iraq, _bulgaria = _nominated(event, 3, 1)
    event.select()
    assert event.settle(ANSWERED_BY) == 0
    assert event.states(iraq) == [OFFERED, OFFERED, WAITLISTED]
    until = event.row(iraq[0]).offered_until
    assert until is not None
    assert until > ANSWERED_BY
    assert event.settle(REALLOCATED) == 3
    assert event.states(iraq) == [EXPIRED, EXPIRED, OFFERED]


def test_declined_offer_waits_for_the_country_until_the_reallocation(context: Flask) -> None:
    event = nominated_event()
    iraq, bulgaria = _nominated(event, 3, 1)
    event.select()
    with transaction():
        offers.withdraw(event.row(iraq[0]).id, iraq[0], now=CLOSED)
    event.confirm(iraq[1])
    event.confirm(bulgaria[0])
    assert event.settle(REALLOCATED - DAY) == 0
    assert event.states(iraq) == [WITHDRAWN, CONFIRMED, WAITLISTED]
    event.settle(REALLOCATED)
    assert event.states(iraq) == [WITHDRAWN, CONFIRMED, OFFERED]


def test_late_withdrawal_needs_a_reason_and_frees_the_seat(context: Flask) -> None:
    event = nominated_event(nomination=rules(withdraw_by=rules().deadline))
    iraq, _bulgaria = _nominated(event, 1, 1)
    event.select()
    event.confirm(iraq[0])
    nomination_id = event.row(iraq[0]).id
    with pytest.raises(DomainError, match="Say why"), transaction():
        offers.withdraw(nomination_id, iraq[0], now=CLOSED)
    with pytest.raises(DomainError, match="Withdraw your nomination"), transaction():
        booking_service.withdraw(event.workshop_id, iraq[0], CLOSED)
    with transaction():
        offers.withdraw(nomination_id, iraq[0], reason="ill", now=CLOSED)
    assert event.states(iraq) == [WITHDRAWN]
    assert bookings.seated(event.workshop_id) == []
    assert list(consistency_checks.faults()) == []


def test_substitute_of_the_same_country_gets_the_offer(context: Flask) -> None:
    event = nominated_event()
    iraq, bulgaria = _nominated(event, 1, 1)
    event.select()
    event.confirm(iraq[0])
    [other], [foreigner] = event.officers("IQ", 1), event.officers("BG", 1)
    substitute = RankedOfficer(person_id=other, reason=NominationReason.OTHER)
    nomination_id, contact_point = event.row(iraq[0]).id, event.contact_points["IQ"]
    too_late = workshops.get(event.workshop_id).starts_at - 7 * DAY
    with pytest.raises(DomainError, match="seven days"), transaction():
        offers.substitute(nomination_id, substitute, contact_point, too_late)
    for row_id, officer in ((nomination_id, foreigner), (event.row(bulgaria[0]).id, other)):
        with pytest.raises(NoResultFound), transaction():
            offers.substitute(row_id, replace(substitute, person_id=officer), contact_point, CLOSED)
    with transaction():
        offers.substitute(nomination_id, substitute, contact_point, CLOSED)
    assert event.states([iraq[0], other]) == [NominationState.REPLACED, OFFERED]
    event.confirm(other)
    assert event.row(other).seat_source is SeatSource.SUBSTITUTE
    assert [seat.person_id for seat in bookings.seated(event.workshop_id)] == [other]


def test_observers_take_no_seat_and_are_limited(context: Flask) -> None:
    event = nominated_event(nomination=rules(observers=1))
    first, second = event.officers("IQ", 2)
    doing(offers.add_observer, event.workshop_id, first, event.coordinator, CLOSED)
    with pytest.raises(DomainError, match="all its observers"):
        doing(offers.add_observer, event.workshop_id, second, event.coordinator, CLOSED)
    assert event.states([first]) == [CONFIRMED]
    assert bookings.seated(event.workshop_id) == []
    assert list(consistency_checks.faults()) == []


def test_event_goes_ahead_below_the_minimum_with_a_reason(context: Flask) -> None:
    event = nominated_event(nomination=rules(minimum=2))
    _nominated(event, 1, 1)
    event.select()
    with pytest.raises(DomainError, match="minimum"):
        doing(nomination_events.confirm_seats, event.workshop_id, event.coordinator, now=CLOSED)
    doing(nomination_events.confirm_seats, event.workshop_id, event.coordinator, reason="urgent", now=CLOSED)
    assert workshops.get(event.workshop_id).state is WorkshopState.SEATS_CONFIRMED


def test_postponed_event_keeps_nominations_and_resumes_with_new_offers(context: Flask) -> None:
    event = nominated_event()
    iraq, _bulgaria = _nominated(event, 2, 1)
    event.select()
    doing(nomination_events.postpone, event.workshop_id, event.coordinator, reason="no hall", now=CLOSED)
    assert event.settle(ANSWERED_BY) == 0
    with pytest.raises(DomainError, match="not open"), transaction():
        offers.confirm_offer(event.row(iraq[0]).id, iraq[0], CLOSED)
    doing(nomination_events.resume, event.workshop_id, event.coordinator, ANSWERED_BY)
    assert event.states(iraq) == [OFFERED, OFFERED]
    until = event.row(iraq[0]).offered_until
    assert until is not None
    assert until > ANSWERED_BY
    assert NoticeKind.WORKSHOP_CHANGED in {line.kind for line in messages.notices(iraq[0], 1)}


def test_cancelled_event_notifies_every_nominee(context: Flask) -> None:
    event = nominated_event()
    iraq, _bulgaria = _nominated(event, 1, 1)
    with transaction():
        lifecycle.cancel(event.workshop_id, reason="no money", by=event.coordinator.id, now=CLOSED)
    assert NoticeKind.WORKSHOP_CANCELLED in {line.kind for line in messages.notices(iraq[0], 1)}


@pytest.mark.parametrize("step", ["postpone", "resume", "cancel"])
def test_seated_nominee_gets_one_notice_and_one_mail_for_a_step(context: Flask, step: str) -> None:
    event = nominated_event()
    (seated,), (offered,) = _nominated(event, 1, 1)
    event.select()
    event.confirm(seated)
    if step == "cancel":
        doing(lifecycle.cancel, event.workshop_id, reason="no money", by=event.coordinator.id, now=CLOSED)
    else:
        doing(nomination_events.postpone, event.workshop_id, event.coordinator, reason="no hall", now=CLOSED)
    if step == "resume":
        doing(nomination_events.resume, event.workshop_id, event.coordinator, CLOSED + DAY)
    occasion = {"postpone": "%:postponed:%", "resume": "%:resumed:%", "cancel": "%:cancelled"}[step]
    assert _notified(seated, occasion) == (1, [MailKind.DATE_CHANGED])
    # the mail of a resumed event is that of the renewed offer
    assert _notified(offered, occasion) == (1, [] if step == "resume" else [MailKind.WAITING])


def test_nominees_get_one_mail_when_an_event_is_resumed(context: Flask) -> None:
    event = nominated_event(capacity=2)
    (seated, waiting), (offered,) = _nominated(event, 2, 1)
    event.select()
    event.confirm(seated)
    doing(nomination_events.postpone, event.workshop_id, event.coordinator, reason="no hall", now=CLOSED)
    with transaction():
        db.session.execute(delete(OutgoingMail))
    doing(nomination_events.resume, event.workshop_id, event.coordinator, CLOSED + DAY)
    assert event.states([waiting, offered]) == [WAITLISTED, OFFERED]
    mails = db.session.execute(select(OutgoingMail.recipient_id, OutgoingMail.kind)).all()
    assert sorted(mails) == sorted([
        (seated, MailKind.DATE_CHANGED), (waiting, MailKind.WAITING), (offered, MailKind.WAITING),
    ])  # fmt: skip
    kinds = [line.kind for line in messages.notices(offered, 1) if line.at == CLOSED + DAY]
    assert sorted(kinds) == sorted([NoticeKind.SEAT_OFFERED, NoticeKind.WORKSHOP_CHANGED])


def _notified(person_id: UUID, occasion: str) -> tuple[int, list[MailKind]]:
    """Return the number of notices, and the kinds of the mails, that a person got on an occasion."""
    notices = select(func.count()).where(Notice.person_id == person_id, Notice.occasion.like(occasion))
    mails = select(OutgoingMail.kind).where(
        OutgoingMail.recipient_id == person_id, OutgoingMail.occasion.like(occasion)
    )
    return db.session.scalar(notices) or 0, list(db.session.scalars(mails))


def test_closed_event_records_who_took_part_and_deletes_answers(context: Flask) -> None:
    event = nominated_event()
    people = event.officers("IQ", 3)
    event.nominate("IQ", people, counted_as=CountedAs.WOMAN)
    event.select()
    for person_id in people:
        event.confirm(person_id)
    present, absent = Attendance.PRESENT, Attendance.ABSENT
    workshop_events.hold(event.workshop_id, people[0], [present, present])
    for person_id, marks in ((people[1], [present, absent]), (people[2], [absent, absent])):
        workshop_events.hold(event.workshop_id, person_id, marks)
    end = workshops.get(event.workshop_id).ends_at
    doing(closing.close, event.workshop_id, by=event.coordinator.id, now=end, reason="rubrics are lost")
    assert event.states(people) == [
        NominationState.ATTENDED, NominationState.PARTLY_ATTENDED, NominationState.NO_SHOW,
    ]  # fmt: skip
    assert event.row(people[0]).counted_as is CountedAs.WOMAN
    doing(nomination_events.delete_answers, event.workshop_id, NOW.date())
    assert event.row(people[0]).counted_as is None
    texts = db.session.scalars(select(SeatDecision.competitors)).all()
    assert [text for text in texts if "women" in text] == []


def test_nightly_check_names_seats_without_nomination(context: Flask) -> None:
    event = nominated_event()
    iraq, _bulgaria = _nominated(event, 1, 1)
    event.select()
    event.confirm(iraq[0])
    with transaction():
        db.session.get_one(Nomination, event_row_id(event, iraq[0])).state = WITHDRAWN
    assert [fault.partition(": ")[2].split(" ", 2)[2] for fault in consistency_checks.faults()] == [
        "has a seat without a confirmed nomination"
    ]


@pytest.mark.each_database
def test_seats_are_never_exceeded_when_everyone_confirms_at_once(app: Flask) -> None:
    with app.app_context():
        event = nominated_event(capacity=20)
        iraq, bulgaria = _nominated(event, 30, 30)
        event.select()
        with transaction():  # as if all were offered a seat: only the lock and the constraint are left
            db.session.query(Nomination).update({"state": OFFERED, "offered_until": ANSWERED_BY})
        ids = {person_id: event.row(person_id).id for person_id in (*iraq, *bulgaria)}
        db.session.remove()
    steps: list[Step] = [
        lambda row_id=row_id, person_id=person_id: offers.confirm_offer(row_id, person_id, CLOSED)  # type: ignore[misc]
        for person_id, row_id in ids.items()
    ]
    answers = at_once(app, steps)
    with app.app_context():
        seats = bookings.seated(event.workshop_id)
        assert len({seat.seat for seat in seats}) == len(seats) == 20
        assert sum(answer == "All seats of this event are taken." for answer in answers) == 40
        confirmed = select(func.count()).select_from(Nomination).where(Nomination.state == CONFIRMED)
        assert db.session.scalar(confirmed) == 20
        db.session.remove()


def test_job_settles_events_after_their_selection(context: Flask) -> None:
    event = nominated_event()
    _nominated(event, 1, 1)
    assert jobs.settle_offers() == 0
    event.select()
    assert jobs.settle_offers() == 0


def test_nominees_read_old_and_new_days_of_a_postponed_event(app: Flask, context: Flask) -> None:
    event = nominated_event()
    iraq, _bulgaria = _nominated(event, 1, 1)
    event.select()
    doing(nomination_events.postpone, event.workshop_id, event.coordinator, reason="no hall", now=CLOSED)
    _move(event, CLOSED + timedelta(hours=1))
    doing(nomination_events.resume, event.workshop_id, event.coordinator, CLOSED + timedelta(hours=2))
    assert [text for text in _texts(app, iraq[0]) if "place on" in text] == [
        "A watch at the quay takes place on 8 to 9 June 2027.",
        "A watch at the quay is postponed. It does not take place on 4 to 5 May 2027. Reason: no hall",
    ]


def test_nominees_read_new_days_of_an_event_that_was_not_postponed(app: Flask, context: Flask) -> None:
    event = nominated_event()
    iraq, _bulgaria = _nominated(event, 2, 1)
    event.select()
    event.confirm(iraq[0])
    _move(event, CLOSED + timedelta(hours=1))
    for person_id in iraq:
        texts = [text for text in _texts(app, person_id) if "new days" in text]
        assert texts == ["A watch at the quay has new days: 8 to 9 June 2027, not 4 to 5 May 2027."]


def test_nominees_read_that_a_resumed_event_takes_place_as_planned(app: Flask, context: Flask) -> None:
    event = nominated_event()
    iraq, _bulgaria = _nominated(event, 1, 1)
    event.select()
    doing(nomination_events.postpone, event.workshop_id, event.coordinator, reason="no hall", now=CLOSED)
    doing(nomination_events.resume, event.workshop_id, event.coordinator, CLOSED + DAY)
    assert "A watch at the quay takes place on the days as planned: 4 to 5 May 2027." in _texts(app, iraq[0])


def test_page_shows_the_days_before_an_event_was_moved(app: Flask, context: Flask) -> None:
    event = nominated_event()
    (seated,), _bulgaria = _nominated(event, 1, 1)
    event.select()
    event.confirm(seated)
    assert _days(app, event, seated) == ["4 to 5 May 2027"]
    _move(event, CLOSED)
    assert _days(app, event, seated) == ["8 to 9 June 2027", "Before: 4 to 5 May 2027"]


def test_page_of_a_postponed_event_shows_the_days_before_once(app: Flask, context: Flask) -> None:
    event = nominated_event()
    iraq, _bulgaria = _nominated(event, 1, 1)
    event.select()
    doing(nomination_events.postpone, event.workshop_id, event.coordinator, reason="no hall", now=CLOSED)
    assert _days(app, event, iraq[0]) == ["Before: 4 to 5 May 2027"]
    doing(nomination_events.resume, event.workshop_id, event.coordinator, CLOSED + DAY)
    assert _days(app, event, iraq[0]) == ["4 to 5 May 2027"]
    doing(nomination_events.postpone, event.workshop_id, event.coordinator, reason="no hall", now=CLOSED + DAY)
    _move(event, CLOSED + DAY)
    doing(nomination_events.resume, event.workshop_id, event.coordinator, CLOSED + 2 * DAY)
    assert _days(app, event, iraq[0]) == ["8 to 9 June 2027", "Before: 4 to 5 May 2027"]


@pytest.mark.parametrize("next_step", ["resume", "cancel"])
@pytest.mark.parametrize("reader", ["nominee", "contact point"])
def test_page_of_a_postponed_event_says_why_until_the_next_step(
    app: Flask, context: Flask, reader: str, next_step: str
) -> None:
    event = nominated_event()
    iraq, _bulgaria = _nominated(event, 1, 1)
    event.select()
    doing(nomination_events.postpone, event.workshop_id, event.coordinator, reason=" no hall ", now=CLOSED)
    person_id, path = iraq[0], f"/workshops/{event.workshop_id}"
    if reader == "contact point":
        person_id = factories.person(country="IQ", grants=[(Role.CONTACT_POINT, Scope.COUNTRY, "IQ")])
        path = f"/country/nominations/{event.workshop_id}"
    assert "New days follow. Reason: \u2068no hall\u2069<" in _page(app, person_id, path)
    if next_step == "resume":
        doing(nomination_events.resume, event.workshop_id, event.coordinator, CLOSED + DAY)
    else:
        doing(lifecycle.cancel, event.workshop_id, reason="no money", by=event.coordinator.id, now=CLOSED)
    assert "no hall" not in _page(app, person_id, path)


def test_dates_of_a_postponed_event_are_not_for_calendars(app: Flask, context: Flask) -> None:
    event = nominated_event()
    (seated,), _bulgaria = _nominated(event, 1, 1)
    event.select()
    event.confirm(seated)
    assert "Add to calendar" in _event_page(app, event, seated)
    doing(nomination_events.postpone, event.workshop_id, event.coordinator, reason="no hall", now=CLOSED)
    assert "Add to calendar" not in _event_page(app, event, seated)
    assert "STATUS:CANCELLED" in _page(app, seated, f"/workshops/{event.workshop_id}/calendar.ics")


def test_page_of_an_event_postponed_before_participants_read_why_gives_no_reason(app: Flask, context: Flask) -> None:
    event = nominated_event()
    iraq, _bulgaria = _nominated(event, 1, 1)
    event.select()
    doing(nomination_events.postpone, event.workshop_id, event.coordinator, reason="no hall", now=CLOSED)
    with transaction():
        db.session.get_one(Workshop, event.workshop_id).postponed_reason = ""
    page = _event_page(app, event, iraq[0])
    assert "New days follow.<" in page
    assert "no hall" not in page


def _event_page(app: Flask, event: NominatedEvent, person_id: UUID) -> str:
    return _page(app, person_id, f"/workshops/{event.workshop_id}")


def _page(app: Flask, person_id: UUID, path: str) -> str:
    answer = factories.sign_in(app, person_id).get(path)
    assert answer.status_code == 200
    return str(answer.text)


def _days(app: Flask, event: NominatedEvent, person_id: UUID) -> list[str]:
    """Return the days on the page of the event, as a person reads them."""
    page = _event_page(app, event, person_id)
    return re.findall(r"<span>(?:<time[^>]*>)?([^<]*\d to \d+ \w+ 2027)<", page)


def _move(event: NominatedEvent, now: datetime) -> None:
    """Move the two days of an event to 8 and 9 June."""
    new = workshop_events.draft(
        code=workshops.get(event.workshop_id).code,
        capacity=3,
        nomination=rules(),
        sessions=tuple(workshop_events.session(date(2027, 6, day)) for day in (8, 9)),
    )
    doing(lifecycle.update_workshop, event.workshop_id, new, by=event.coordinator.id, now=now)


def _texts(app: Flask, person_id: UUID) -> list[str]:
    """Return the notices of a person, the newest first."""
    lines = factories.sign_in(app, person_id).get("/notices").text
    return [re.sub("[\u2068\u2069]", "", text) for text in re.findall(r'<a href="/workshops/[^>]+>([^<]+)</a>', lines)]
