from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.competence.queries import competencies as competence
from app.db.session import db, transaction
from app.directory import jobs
from app.directory.service import postings
from app.directory.service.postings import NewPosting
from app.identity import service
from app.identity.domain.people import PersonState
from app.identity.models import Country, Identity
from app.identity.queries import people, person_details, postings as identity_postings, retention, roles
from app.kernel import clock
from app.kernel.errors import DomainError
from app.plan.queries import figures as plan
from app.plan.service import consistency_checks
from app.rights.service import roles as rights_roles
from app.sign_in.models import SignInSession
from app.sign_in.service import sessions
from tests.support import courses, factories, plans
from tests.support.settings import NOW
from tests.support.site_snapshots import kept

TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
@kept
def officer(context: Flask) -> UUID:
    courses.publish()
    plans.load()
    return factories.person()


def _agency(country: str = "IQ") -> UUID:
    with transaction():
        return factories.agency(country)


def _move(person_id: UUID, agency_id: UUID, since: date, roles: tuple[str, ...] = ("first_responder",)) -> bool:
    with transaction():
        return postings.change_posting(person_id, NewPosting(agency_id, roles, since), today=TODAY)


def _spans(person_id: UUID) -> list[tuple[UUID, date, date | None]]:
    db.session.rollback()
    return [(one.agency_id, one.since, one.until) for one in identity_postings.postings([person_id])[person_id]]


def _names() -> list[str]:
    return list(db.session.scalars(select(Entry.name).order_by(Entry.id)))


@pytest.mark.each_database
def test_move_ends_posting_the_day_before(officer: UUID) -> None:
    old, new = identity_postings.posting_on(officer, TODAY), _agency()
    assert old is not None
    assert _move(officer, new, TODAY + 10 * DAY)
    assert _spans(officer) == [(old.agency_id, TODAY, TODAY + 9 * DAY), (new, TODAY + 10 * DAY, None)]
    assert _names()[-1] == "PostingMoved"
    told = db.session.scalars(select(Entry.facts).where(Entry.name == "PostingMoved")).one()
    assert f'"agency_id":"{new}"' in told
    assert '"roles":["' in told
    assert list(consistency_checks.faults()) == []


def test_move_takes_effect_on_its_day(officer: UUID) -> None:
    before = person_details.any_person(officer, TODAY)
    _move(officer, _agency(), TODAY + 5 * DAY)
    assert person_details.any_person(officer, TODAY).agency_id == before.agency_id
    assert person_details.any_person(officer, TODAY).country == "IQ"


def test_second_move_keeps_the_end_of_earlier_posting(officer: UUID) -> None:
    first, second = _agency(), _agency()
    _move(officer, first, TODAY + 5 * DAY)
    _move(officer, second, TODAY + 10 * DAY)
    assert [span[1:] for span in _spans(officer)] == [
        (TODAY, TODAY + 4 * DAY), (TODAY + 5 * DAY, TODAY + 9 * DAY), (TODAY + 10 * DAY, None),
    ]  # fmt: skip


def test_later_planned_move_replaces_earlier_one(officer: UUID) -> None:
    first, second = _agency(), _agency()
    _move(officer, first, TODAY + 10 * DAY)
    _move(officer, second, TODAY + 5 * DAY)
    assert [span[:2] for span in _spans(officer)][1:] == [(second, TODAY + 5 * DAY)]
    assert not _move(officer, second, TODAY + 7 * DAY)


def test_move_on_first_day_replaces_posting(officer: UUID) -> None:
    new = _agency()
    assert _move(officer, new, TODAY)
    assert _spans(officer) == [(new, TODAY, None)]


def test_move_rejects_past_foreign_and_too_late_postings(officer: UUID) -> None:
    here, abroad = _agency(), _agency("BG")
    for agency_id, since in ((here, TODAY - DAY), (abroad, TODAY)):
        with pytest.raises(DomainError):
            _move(officer, agency_id, since)
    with transaction():
        postings.plan_departure(officer, TODAY + 3 * DAY, today=TODAY)
    with pytest.raises(DomainError):
        _move(officer, here, TODAY + 4 * DAY)


def test_move_keeps_sessions_and_changes_requirements(officer: UUID) -> None:
    with transaction():
        sessions.open_session(officer, shared=False, real_now=clock.real_now())
    _move(officer, _agency(), TODAY, ("investigator",))
    db.session.rollback()
    assert db.session.scalar(select(SignInSession.id)) is not None
    posting = identity_postings.posting_on(officer, TODAY)
    assert posting is not None
    assert posting.roles == ("investigator",)


def test_past_figures_use_the_posting_of_the_day(officer: UUID) -> None:
    """What was verified counts in the old cell until the move, and in the new one from that day on."""
    plans.verify(officer, "PRT-01", TODAY, NOW)
    plans.verify(officer, "PRT-02", TODAY, NOW)
    before = _cells("OC1.1", TODAY + 4 * DAY)
    assert before == {"first_responder": 1.0}
    _move(officer, _agency(), TODAY + 5 * DAY, ("investigator",))
    db.session.rollback()
    assert _cells("OC1.1", TODAY + 4 * DAY) == before
    assert "first_responder" not in _cells("OC1.1", TODAY + 5 * DAY)
    held = competence.periods([officer])[officer]
    assert {span.since for span in held} >= {TODAY}
    assert list(consistency_checks.faults()) == []


def _cells(code: str, day: date) -> Mapping[str, float]:
    return {key: one.numerator for key, one in plan.cells(code, day, "role").items()}


@pytest.mark.each_database
def test_departure_closes_account_after_last_day(officer: UUID) -> None:
    other = factories.person()
    with transaction():
        postings.plan_departure(officer, TODAY, today=TODAY)
        postings.plan_departure(other, TODAY + 2 * DAY, today=TODAY)
    assert [people.get(one).state for one in (officer, other)] == [PersonState.DEACTIVATED, PersonState.ACTIVE]
    assert jobs.close_departed_accounts() == 0
    start = clock.real_now()
    clock.move(lambda: NOW + 3 * DAY - start)
    assert (jobs.close_departed_accounts(), jobs.close_departed_accounts()) == (1, 0)
    assert people.get(other).state is PersonState.DEACTIVATED
    assert _spans(other)[0][2] == TODAY + 2 * DAY
    assert list(consistency_checks.faults()) == []


def test_changed_departure_does_not_close_account(officer: UUID) -> None:
    with transaction():
        postings.plan_departure(officer, TODAY + DAY, today=TODAY)
    with transaction():
        assert not postings.close_departed_account(officer, today=TODAY + DAY)
        service.deactivate(officer, TODAY)
    with transaction():
        assert not postings.close_departed_account(officer, today=TODAY + 2 * DAY)
        assert not postings.close_departed_account(factories.person(), today=TODAY + 2 * DAY)
    assert _names().count("PersonDeactivated") == 1


def test_planned_departure_does_not_close_administrator(officer: UUID) -> None:
    """A contact point ends the service of officers alone; who was one when the day was told may be more by then."""
    staff = factories.person()
    with transaction():
        for one in (officer, staff):
            postings.plan_departure(one, TODAY + DAY, today=TODAY)
        rights_roles.add_role(officer, Role.ADMINISTRATOR, scope=Scope.ALL, since=TODAY)
        rights_roles.add_role(staff, Role.TRAINER, scope=Scope.ALL, since=TODAY)
    start = clock.real_now()
    clock.move(lambda: NOW + 2 * DAY - start)
    assert jobs.close_departed_accounts() == 1
    assert [people.get(one).state for one in (officer, staff)] == [PersonState.ACTIVE, PersonState.DEACTIVATED]


def test_departure_can_be_cancelled_and_is_never_in_the_past(officer: UUID) -> None:
    with pytest.raises(DomainError), transaction():
        postings.plan_departure(officer, TODAY - DAY, today=TODAY)
    with transaction():
        postings.plan_departure(officer, TODAY + DAY, today=TODAY)
    with transaction():
        postings.cancel_departure(officer, today=TODAY)
    assert people.get(officer).leaves_on is None
    assert _names()[-2:] == ["LeavingPlanned", "LeavingTakenBack"]
    with transaction():
        postings.cancel_departure(officer, today=TODAY)  # nothing is left to take back
    assert _names()[-2:] == ["LeavingPlanned", "LeavingTakenBack"]


@pytest.mark.each_database
def test_identity_is_deleted_after_retention_period(officer: UUID) -> None:
    abroad = factories.person(country="BG")
    with transaction():
        db.session.get_one(Country, "BG").identity_months = 36
        for one in (officer, abroad):
            postings.plan_departure(one, TODAY, today=TODAY)
    start = clock.real_now()
    for day, gone in ((date(2029, 2, 28), 0), (date(2029, 3, 1), 1), (date(2030, 2, 28), 0), (date(2030, 3, 1), 1)):
        clock.move(lambda day=day: NOW.replace(year=day.year, month=day.month, day=day.day) - start)
        assert jobs.delete_identities() == gone, day
    kept = set(db.session.scalars(select(Identity.person_id)))
    assert kept & {officer, abroad} == set()
    assert _names()[-2:] == ["IdentityRemoved", "IdentityRemoved"]
    assert list(consistency_checks.faults()) == []


def test_identity_of_serving_officer_is_never_deleted(officer: UUID) -> None:
    start = clock.real_now()
    clock.move(lambda: NOW.replace(year=2060) - start)
    assert jobs.delete_identities() == 0
    assert db.session.get(Identity, officer) is not None


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2029, 3, 1), 24, date(2027, 3, 1)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2027, 3, 31), 1, date(2027, 2, 28)),
        (date(2027, 1, 15), 1, date(2026, 12, 15)),
        (date(2027, 3, 1), 0, date(2027, 3, 1)),
        (date(2, 1, 1), 1200, date.min),
    ],
)
def test_months_before_a_day(day: date, months: int, before: date) -> None:
    assert retention.months_before(day, months) == before


def test_contact_point_keeps_role_after_move(officer: UUID) -> None:
    chief = factories.person(roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
    _move(chief, _agency(), TODAY, ())
    assert Role.CONTACT_POINT in roles.roles_of(chief, TODAY)
