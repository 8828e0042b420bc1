"""Invitations made through the service."""

from datetime import datetime
from uuid import UUID

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.invitations.models import Invitation
from app.invitations.service import invitations
from app.invitations.service.invitations import NewInvitation
from tests.support import factories

MAIL, ADDRESS = "karim@police.example", "203.0.113.7"


def contact_point(country: str = "IQ") -> UUID:
    return factories.person(country=country, roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, country),))


def new(country: str = "IQ", mail: str = MAIL, role: Role = Role.PRACTITIONER, **more: object) -> NewInvitation:
    values: dict[str, object] = {
        "mail": mail, "name": "كريم حسن", "latin_name": "Karim Hassan", "service_number": None, "country": country,
        "agency_id": factories.agency(country), "role": role, "posting_roles": ("first_responder",),
        "title": "Border officer", "language": "ar",
    }  # fmt: skip
    return NewInvitation(**(values | more))  # type: ignore[arg-type]


def invited(by: UUID, at: datetime, **more: object) -> UUID:
    with transaction():
        made = invitations.invite(new(**more), by, at)  # type: ignore[arg-type]
    assert isinstance(made, UUID)
    return made


def row(invitation_id: UUID) -> Invitation:
    return db.session.get_one(Invitation, invitation_id, populate_existing=True)
