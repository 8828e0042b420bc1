"""From interest to nomination: answers, endorsement, ranks, refusals, and who may see and do what."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.db.session import db, transaction
from app.kernel.errors import DomainError
from app.messages import queries as messages
from app.messages.domain import NoticeKind
from app.workshops.domain.eligibility import Obstacle, ObstacleKind, Remedy
from app.workshops.domain.nominations import NominationReason, NominationState
from app.workshops.domain.seats import BookingClosed
from app.workshops.events import NominationChanged, NominationsRanked
from app.workshops.queries import nominations as queries
from app.workshops.service import bookings, nominations
from app.workshops.service.nominations import InterestRefused, RankedOfficer
from tests.support import factories
from tests.support.nominated_events import CLOSED, INTEREST, nominated_event, rules, supervisor_of
from tests.support.settings import NOW
from tests.support.workshop_events import doing

INTERESTED, ENDORSED, NOMINATED = NominationState.INTERESTED, NominationState.ENDORSED, NominationState.NOMINATED


def _interest(workshop_id: UUID, person_id: UUID) -> UUID:
    with transaction():
        nomination = nominations.express_interest(workshop_id, person_id, INTEREST, NOW)
        assert not isinstance(nomination, InterestRefused)
        nomination_id = nomination.id
    db.session.rollback()
    return nomination_id


def _kinds(person_id: UUID) -> list[NoticeKind]:
    return [notice.kind for notice in messages.notices(person_id, 1)]


def _listed(*people: UUID) -> list[RankedOfficer]:
    return [RankedOfficer(person_id=person_id, reason=NominationReason.NEW_IN_ROLE) for person_id in people]


@pytest.mark.each_database
def test_interest_is_endorsed_and_nominated_with_history_and_notices(context: Flask) -> None:
    event = nominated_event()
    [officer] = event.officers("IQ", 1)
    supervisor = supervisor_of(officer, "IQ")
    nomination_id = _interest(event.workshop_id, officer)
    assert _kinds(supervisor.id) == [NoticeKind.ENDORSEMENT_ASKED]
    assert _kinds(event.contact_points["IQ"].id) == []
    _result, events = doing(nominations.endorse, nomination_id, supervisor, NOW)
    assert [(type(changed), changed.state) for changed in events] == [(NominationChanged, "endorsed")]
    assert _kinds(event.contact_points["IQ"].id) == [NoticeKind.NOMINATION_WAITS]
    event.nominate("IQ", [officer])
    assert [(line.from_state, line.to_state) for line in queries.changes(nomination_id)] == [
        (None, INTERESTED), (INTERESTED, ENDORSED), (ENDORSED, NOMINATED),
    ]  # fmt: skip
    row = event.row(officer)
    assert (row.state, row.rank, row.country, row.role) == (NOMINATED, 1, "IQ", "first_responder")
    assert row.endorsed_by == supervisor.id
    assert set(_kinds(officer)) == {NoticeKind.NOMINATION_CHANGED}


def test_repeated_interest_updates_the_answers(context: Flask) -> None:
    event = nominated_event()
    [officer] = event.officers("IQ", 1)
    assert _interest(event.workshop_id, officer) == _interest(event.workshop_id, officer)
    assert event.row(officer).aim == INTEREST.aim


def test_contact_point_endorses_only_officers_without_supervisor(context: Flask) -> None:
    event = nominated_event()
    alone, supervised = event.officers("IQ", 2)
    supervisor_of(supervised, "IQ")
    ids = [_interest(event.workshop_id, person_id) for person_id in (alone, supervised)]
    contact_point = event.contact_points["IQ"]
    doing(nominations.endorse, ids[0], contact_point, NOW)
    with pytest.raises(NoResultFound):
        doing(nominations.endorse, ids[1], contact_point, NOW)
    db.session.rollback()
    with pytest.raises(NoResultFound):
        doing(nominations.endorse, ids[1], event.contact_points["BG"], NOW)
    assert event.states([alone, supervised]) == [ENDORSED, INTERESTED]


def test_officer_without_endorsement_is_ranked_and_nominated_with_it(context: Flask) -> None:
    event = nominated_event()
    first, second = event.officers("IQ", 2)
    supervisor = supervisor_of(second, "IQ")
    event.nominate("IQ", [second, first])
    assert event.states([first, second]) == [NOMINATED, INTERESTED]
    assert (event.row(second).rank, event.row(first).rank) == (1, 2)
    doing(nominations.endorse, event.row(second).id, supervisor, NOW)
    assert event.states([second]) == [NOMINATED]


@pytest.mark.each_database
def test_new_list_replaces_ranks_and_takes_others_back(context: Flask) -> None:
    event = nominated_event()
    first, second, third = event.officers("IQ", 3)
    event.nominate("IQ", [first, second])
    before = event.row(second).nominated_at
    contact_point = event.contact_points["IQ"]
    _rows, events = doing(nominations.nominate, event.workshop_id, _listed(third, second), contact_point, NOW)
    assert [event.row(person_id).rank for person_id in (first, second, third)] == [None, 2, 1]
    assert event.states([first, second, third]) == [ENDORSED, NOMINATED, NOMINATED]
    assert event.row(second).nominated_at == before
    assert events[-1] == NominationsRanked(
        at=NOW, actor_id=contact_point.id, workshop_id=event.workshop_id, people=(third, second)
    )


def test_contact_point_nominates_and_sees_the_own_country_only(context: Flask) -> None:
    event = nominated_event()
    [officer], [foreigner] = event.officers("IQ", 1), event.officers("BG", 1)
    event.nominate("IQ", [officer])
    event.nominate("BG", [foreigner])
    with pytest.raises(NoResultFound):
        doing(nominations.nominate, event.workshop_id, _listed(foreigner), event.contact_points["IQ"], NOW)
    for country, person_id in (("IQ", officer), ("BG", foreigner)):
        lines = queries.of_country(event.contact_points[country], event.workshop_id)
        assert [line.person_id for line in lines] == [person_id]
    with pytest.raises(NoResultFound):
        doing(nominations.nominate, event.workshop_id, [], Actor(officer, "IQ", frozenset()), NOW)


def test_decline_needs_a_reason_that_the_officer_reads(context: Flask) -> None:
    event = nominated_event()
    [officer] = event.officers("IQ", 1)
    event.nominate("IQ", [officer])
    nomination_id, contact_point = event.row(officer).id, event.contact_points["IQ"]
    with pytest.raises(DomainError, match="Say why"):
        doing(nominations.decline, nomination_id, contact_point, reason=" ", now=NOW)
    doing(nominations.decline, nomination_id, contact_point, reason="on leave in May", now=NOW)
    row = event.row(officer)
    assert (row.state, row.decision_reason, row.rank) == (NominationState.DECLINED, "on leave in May", None)
    assert queries.changes(nomination_id)[-1].reason == "on leave in May"


def test_first_responder_is_refused_at_investigators_event_with_the_remedy(context: Flask) -> None:
    event = nominated_event(roles=("investigator",))
    [officer] = event.officers("IQ", 1)
    with transaction():
        refused = nominations.express_interest(event.workshop_id, officer, INTEREST, NOW)
    assert refused == InterestRefused((Obstacle(ObstacleKind.ROLE, ("investigator",)),))
    assert refused.obstacles[0].remedy is Remedy.SERVE_IN_ROLE


def test_nominations_are_refused_outside_their_time_and_countries(context: Flask) -> None:
    event = nominated_event(nomination=rules(countries=("BG",)))
    [officer] = event.officers("IQ", 1)
    with pytest.raises(DomainError, match="not invited"), transaction():
        nominations.express_interest(event.workshop_id, officer, INTEREST, NOW)
    [late] = event.officers("BG", 1)
    with pytest.raises(DomainError, match="not open"), transaction():
        nominations.express_interest(event.workshop_id, late, INTEREST, CLOSED)


def test_nominated_event_takes_no_bookings(context: Flask) -> None:
    event = nominated_event()
    assert doing(bookings.book, event.workshop_id, factories.person(), NOW) == (BookingClosed(), [])


def test_coordinator_admits_with_a_reason(context: Flask) -> None:
    event = nominated_event()
    [officer] = event.officers("IQ", 1)
    nomination_id = _interest(event.workshop_id, officer)
    with pytest.raises(NoResultFound):
        doing(nominations.admit, nomination_id, event.contact_points["IQ"], reason="knows it", now=NOW)
    with pytest.raises(DomainError, match="Say why"):
        doing(nominations.admit, nomination_id, event.coordinator, reason="", now=NOW)
    doing(nominations.admit, nomination_id, event.coordinator, reason="served as investigator", now=NOW)
    assert event.row(officer).admission_reason == "served as investigator"
