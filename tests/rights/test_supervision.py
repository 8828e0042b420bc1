"""Who supervises whom: assigned, ended, and ending by itself."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.identity import service
from app.identity.models import Posting, RoleGrant
from app.kernel import clock
from app.rights.models import Supervision
from app.rights.queries import supervision as rights_supervision
from app.rights.service import roles, supervision
from app.rights.service.supervision import SupervisionRefusal
from tests.support import factories

DAY = timedelta(days=1)


def _chief(country: str = "IQ", reach: str = "", **more: str) -> UUID:
    grant = (Role.SUPERVISOR, Scope.COUNTRY, reach or country)
    return factories.person(country=country, roles=(), grants=(grant,), **more)  # type: ignore[arg-type]


def _assign(officer: UUID, chief: UUID) -> SupervisionRefusal | None:
    with transaction():
        return supervision.assign(officer, chief, clock.today())


def _release(officer: UUID, chief: UUID) -> bool:
    with transaction():
        return supervision.release(officer, chief, clock.today())


def _above(officer: UUID) -> frozenset[UUID]:
    return rights_supervision.supervisors_of(officer, clock.today())


def _below(chief: UUID) -> set[UUID]:
    return set(db.session.scalars(rights_supervision.officers_of(chief, clock.today())))


def _ago(days: int) -> None:
    """Let all that stands have begun so many days before."""
    with transaction():
        db.session.execute(update(Supervision).values(since=clock.today() - days * DAY))


def _trail() -> list[tuple[str, UUID | None, UUID | None, str | None]]:
    query = select(Entry.name, Entry.person_id, Entry.thing_id, Entry.country).order_by(Entry.id)
    return [tuple(row) for row in db.session.execute(query.where(Entry.name.startswith("Supervis")))]


@pytest.mark.usefixtures("context")
def test_an_officer_is_assigned_and_released_at_once() -> None:
    officer, chief, other = factories.person(), _chief(), _chief()
    assert _assign(officer, chief) is None
    assert (_above(officer), _below(chief), _below(other)) == (frozenset({chief}), {officer}, set())
    assert _release(officer, other) is False
    assert _release(officer, chief) is True
    assert (_above(officer), _below(chief)) == (frozenset(), set())
    assert _release(officer, chief) is False
    assert _trail() == [
        ("SupervisorAssigned", officer, chief, "IQ"),
        ("SupervisorReleased", officer, chief, "IQ"),
    ]


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_ended_assignment_keeps_its_days_and_may_be_repeated() -> None:
    officer, chief = factories.person(), _chief()
    _assign(officer, chief)
    _ago(3)
    assert _release(officer, chief) is True
    kept = db.session.scalars(select(Supervision)).one()
    assert (kept.since, kept.until) == (clock.today() - 3 * DAY, clock.today() - DAY)
    assert _assign(officer, chief) is None
    assert _above(officer) == {chief}


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_supervision_is_many_to_many() -> None:
    officers, chiefs = [factories.person(), factories.person()], [_chief(), _chief()]
    for officer in officers:
        for chief in chiefs:
            assert _assign(officer, chief) is None
    assert _above(officers[0]) == set(chiefs)
    assert _below(chiefs[1]) == set(officers)
    assert rights_supervision.count(chiefs[1], clock.today()) == 2


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_assignment_refuses_unfit_officers_and_supervisors() -> None:
    officer, chief = factories.person(), _chief()
    assert _assign(officer, _chief("BG")) is SupervisionRefusal.NO_SUPERVISOR
    assert _assign(officer, _chief("IQ", reach="BG")) is SupervisionRefusal.NO_SUPERVISOR  # the role stayed behind
    assert _assign(officer, factories.person()) is SupervisionRefusal.NO_SUPERVISOR
    assert _assign(factories.person(country="BG"), chief) is SupervisionRefusal.NO_SUPERVISOR
    assert _assign(factories.person(roles=()), chief) is SupervisionRefusal.NO_OFFICER
    both = factories.person(grants=((Role.SUPERVISOR, Scope.COUNTRY, "IQ"),))
    assert _assign(both, both) is SupervisionRefusal.NO_SUPERVISOR
    assert _assign(officer, chief) is None
    assert _assign(officer, chief) is SupervisionRefusal.ASSIGNED
    gone = factories.person()
    with transaction():
        service.deactivate(gone, clock.today())
    assert _assign(gone, chief) is SupervisionRefusal.NO_OFFICER
    assert [kind for kind, *_rest in _trail()] == ["SupervisorAssigned"]


def _leaves(person_id: UUID) -> None:
    service.deactivate(person_id, clock.today())


def _serves_elsewhere(person_id: UUID) -> None:
    factories.agency("BG")
    db.session.execute(update(Posting).where(Posting.person_id == person_id).values(country="BG"))


def _ends(person_id: UUID) -> None:
    mine = RoleGrant.person_id == person_id, RoleGrant.role == Role.SUPERVISOR
    db.session.execute(update(RoleGrant).where(*mine).values(until=clock.today() - DAY))


def _serves_no_more(person_id: UUID) -> None:
    day = clock.today() - DAY
    db.session.execute(update(Posting).where(Posting.person_id == person_id).values(since=day, until=day))


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("who", "what"),
    [
        ("officer", _leaves),
        ("chief", _leaves),
        ("officer", _serves_elsewhere),
        ("chief", _serves_elsewhere),
        ("officer", _serves_no_more),
        ("chief", _serves_no_more),
        ("chief", _ends),
    ],
)
def test_supervision_ends_with_posting_or_role(who: str, what: Callable[[UUID], None]) -> None:
    people = {"officer": factories.person(), "chief": _chief()}
    others = factories.person(), _chief()
    assert _assign(people["officer"], people["chief"]) is None
    assert _assign(*others) is None
    with transaction():
        what(people[who])
    assert _above(people["officer"]) == frozenset()
    assert _below(people["chief"]) == set()
    assert _below(others[1]) == {others[0]}


@pytest.mark.usefixtures("context")
def test_repeated_role_does_not_revive_ended_assignments() -> None:
    officer, chief = factories.person(), _chief()
    _assign(officer, chief)
    _ago(9)
    with transaction():
        _ends(chief)
    with transaction():
        roles.add_role(chief, Role.SUPERVISOR, scope=Scope.COUNTRY, reach="IQ", since=clock.today())
    assert _above(officer) == frozenset()
    assert _assign(officer, chief) is None
    assert _below(chief) == {officer}


@pytest.mark.usefixtures("context")
def test_supervision_continues_in_another_agency_of_the_country() -> None:
    officer, chief = factories.person(), _chief()
    _assign(officer, chief)
    with transaction():
        mine = Posting.person_id == officer
        db.session.execute(update(Posting).where(mine).values(agency_id=factories.agency("IQ")))
    assert _above(officer) == {chief}


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_constraints_refuse_duplicate_pairs_and_self_supervision() -> None:
    officer, chief = factories.person(), _chief()
    _assign(officer, chief)
    for pair in ((officer, chief), (officer, officer)):
        with pytest.raises(IntegrityError), transaction():
            db.session.add(Supervision(officer_id=pair[0], supervisor_id=pair[1], since=clock.today()))
            db.session.flush()


@pytest.mark.each_database
def test_simultaneous_assignments_create_one_row(app: Flask) -> None:
    with app.app_context():
        officer, chief = factories.person(), _chief()
        db.session.remove()
    found: list[SupervisionRefusal | None] = []
    start = Barrier(2)

    def assign() -> None:
        with app.app_context():
            start.wait()
            found.append(_assign(officer, chief))
            db.session.remove()

    threads = [Thread(target=assign) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found, key=str) == [None, SupervisionRefusal.ASSIGNED]
