from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.identity.queries import roles
from app.kernel import clock
from app.rights.service import roles as rights_roles
from tests.support import factories

pytestmark = pytest.mark.usefixtures("context")
EVENT = "4b7c7a8e-0000-4000-8000-000000000001"


def take_back(person_id: UUID, role: Role, scope: Scope = Scope.ALL, reach: str = "") -> bool:
    with transaction():
        return rights_roles.revoke_role(person_id, role, scope=scope, reach=reach, today=clock.today())


def ended() -> list[Entry]:
    return list(db.session.scalars(select(Entry).where(Entry.name == "RoleEnded")))


@pytest.mark.parametrize("until", [None, 0, 9])
@pytest.mark.parametrize("days", [0, 1], ids=["since today", "since yesterday"])
def test_revoked_role_ends_on_the_same_day(days: int, until: int | None) -> None:
    person_id = factories.person(roles=())
    since = clock.today() - timedelta(days=days)
    last_day = None if until is None else clock.today() + timedelta(days=until)
    with transaction():
        rights_roles.add_role(person_id, Role.TRAINER, scope=Scope.EVENT, reach=EVENT, since=since, until=last_day)
    assert take_back(person_id, Role.TRAINER, Scope.EVENT, EVENT)
    assert roles.roles_of(person_id, clock.today()) == frozenset()
    assert roles.holders(Scope.EVENT, EVENT, clock.today()) == []
    assert (Role.TRAINER in roles.roles_of(person_id, since)) == bool(days)  # the past stays as it was
    last = f'"{since}"' if days else "null"
    assert f'"since":"{since}","until":{last}}}' in ended()[-1].facts
    with transaction():  # and it can be assigned again
        rights_roles.add_role(person_id, Role.TRAINER, scope=Scope.EVENT, reach=EVENT, since=clock.today())
    assert roles.holders(Scope.EVENT, EVENT, clock.today()) == [(Role.TRAINER, person_id)]


@pytest.mark.each_database
def test_revoking_leaves_other_roles() -> None:
    grants = ((Role.TRAINER, Scope.ALL, ""), (Role.TRAINER, Scope.EVENT, EVENT), (Role.ASSESSOR, Scope.EVENT, EVENT))
    person_id, other = factories.person(grants=grants), factories.person(grants=grants)
    take_back(person_id, Role.TRAINER, Scope.EVENT, EVENT)
    assert roles.roles_of(person_id, clock.today()) == {Role.PRACTITIONER, Role.TRAINER, Role.ASSESSOR}
    assert roles.reaches(person_id, Scope.EVENT, [Role.TRAINER, Role.ASSESSOR], clock.today()) == [EVENT]
    assert {one for _role, one in roles.holders(Scope.EVENT, EVENT, clock.today())} == {person_id, other}


def test_revoking_records_one_event_with_ids_only() -> None:
    person_id = factories.person()
    assert take_back(person_id, Role.PRACTITIONER, Scope.SELF)
    assert not take_back(person_id, Role.PRACTITIONER, Scope.SELF)
    [told] = ended()
    assert (told.person_id, told.country) == (person_id, "IQ")
    assert told.facts == (
        f'{{"deputy":false,"person_id":"{person_id}","reach":"","role":"practitioner","scope":"self",'
        f'"since":"2027-03-01","until":null}}'
    )
