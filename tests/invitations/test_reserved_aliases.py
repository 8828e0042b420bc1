from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.policy import Actor, Role, Scope
from app.db.session import db, transaction
from app.directory import jobs
from app.identity.models import Person, RoleGrant
from app.identity.queries import roles
from app.invitations.domain.aliases import AliasRefusal
from app.invitations.domain.reserved_aliases import is_reserved, names_role
from app.invitations.service import acceptance, aliases
from app.kernel import clock
from app.rights.service import roles as rights_roles
from tests.support import factories
from tests.support.invitations import contact_point, invited


@pytest.mark.parametrize(
    ("alias", "role"),
    [
        ("Contact point 9", Role.CONTACT_POINT),
        ("CONTACT-POINT", Role.CONTACT_POINT),
        ("C0ntact p0int 9", Role.CONTACT_POINT),
        ("Соntасt роint 9", Role.CONTACT_POINT),  # Cyrillic letters among the Latin ones
        ("Point de contact 3", Role.CONTACT_POINT),
        ("نقطة الاتصال ٩", Role.CONTACT_POINT),
        ("Administrator", Role.ADMINISTRATOR),
        ("Adm1n1strat0r", Role.ADMINISTRATOR),
        ("Admin 1", Role.ADMINISTRATOR),
        ("مدير المنصة", Role.ADMINISTRATOR),
        ("Secretariat", Role.COORDINATOR),
        ("Le Secrétariat", Role.COORDINATOR),
        ("الأمانة", Role.COORDINATOR),
        ("Coordinator 2", Role.COORDINATOR),
        ("Coordinatrice", Role.COORDINATOR),
        ("Trainer 5", Role.TRAINER),
        ("Formateur 5", Role.TRAINER),
        ("المدرب 5", Role.TRAINER),
    ],
)
def test_alias_that_names_a_role_is_for_holders_of_that_role(alias: str, role: Role) -> None:
    assert names_role(alias) == {role}
    assert is_reserved(alias, {Role.PRACTITIONER})
    assert not is_reserved(alias, {Role.PRACTITIONER, role})


@pytest.mark.parametrize("alias", ["Officer 9", "Border officer 1704", "Badminton 12", "Watcher 5"])
def test_other_aliases_name_no_role(alias: str) -> None:
    assert not names_role(alias)


def test_role_of_the_framework_with_the_same_title_may_be_named() -> None:
    assert not is_reserved("Trainer 5", {Role.PRACTITIONER}, {"trainer"})
    assert is_reserved("Coordinator 5", {Role.PRACTITIONER}, {"trainer"})


def _alias(person_id: UUID) -> str:
    return db.session.scalars(select(Person.alias).where(Person.id == person_id)).one()


def test_officer_gets_no_alias_of_a_role_by_change_or_invitation(context: Flask) -> None:
    officer = factories.person()
    with transaction():
        assert aliases.change(officer, "Contact point 9", clock.now()) is AliasRefusal.ROLE
    made = invited(contact_point(), clock.real_now())
    with transaction():
        refused = acceptance.save_name(made, name="A Person", latin_name="", alias="Secretariat")
    assert refused is AliasRefusal.ROLE
    coordinator = factories.person(grants=((Role.COORDINATOR, Scope.ALL, ""),))
    with transaction():
        assert aliases.change(coordinator, "Coordinator 77", clock.now()) is None


@pytest.mark.each_database
def test_alias_of_a_role_is_replaced_when_the_role_ends(context: Flask) -> None:
    today = clock.today()
    by, other = (factories.person(roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),)) for _ in range(2))
    ended, expired = (factories.person(alias=f"Contact point {number}") for number in (8, 9))
    for person_id in (ended, expired):
        with transaction():
            rights_roles.add_role(
                person_id, Role.CONTACT_POINT, scope=Scope.COUNTRY, reach="IQ", since=today - timedelta(2)
            )
    grants = dict(
        db.session.execute(select(RoleGrant.person_id, RoleGrant.id).where(RoleGrant.role == Role.CONTACT_POINT)).all()  # type: ignore[arg-type]
    )
    with transaction():
        db.session.get_one(RoleGrant, grants[expired]).until = today - timedelta(days=1)
        actor = Actor(by, "", roles.roles_of(by, today))
        assert rights_roles.end_role(actor, ended, grants[ended], today) is None
    assert (_alias(ended)[:7], _alias(expired)) == ("Member ", "Contact point 9")
    jobs.delete_expired_rows()
    assert _alias(expired).startswith("Member ")
    assert _alias(other).startswith("Officer ")
    with transaction():
        assert aliases.change(expired, "Contact point 9", clock.now()) is AliasRefusal.ROLE
