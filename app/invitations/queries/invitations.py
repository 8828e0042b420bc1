"""Read invitations by actor, token, mail address or service number, and who may invite to which role."""

from collections.abc import Collection, Set
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.access import people_rules
from app.access.people_rules import PEOPLE_OF_A_COUNTRY, roles_beyond_country
from app.access.policy import Actor, Role, Scope, contact_point
from app.audit import queries as audit
from app.db import blind_index
from app.db.session import db
from app.identity.domain.people import PersonState
from app.identity.events import RoleGranted
from app.identity.models import Agency, Identity
from app.identity.queries import people, roles
from app.identity.queries.people import LinkMail
from app.identity.queries.postings import posting_on
from app.invitations.domain import invitations
from app.invitations.domain.invitations import InvitationTerm, OpenInvitationFilter, invitable_roles
from app.invitations.models import Invitation
from app.invitations.shapes import InvitationLine
from app.kernel import clock
from app.kernel.events import stored_name

PAGE_SIZE = 50
IS_OPEN = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))  # expired or not


@dataclass(frozen=True, slots=True)
class Guest(InvitationLine):
    """An invitation as the invited person sees it."""

    token: str
    latin_name: str
    has_password: bool
    letter: str  # identifies the newest letter in a browser where its code was typed
    browser: str  # hash of the browser in which the password was chosen, or ""


def uses_agency(agency_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Return the condition that an invitation, open or not, names the agency of this column."""
    return exists().where(Invitation.agency_id == agency_id)


def open_invitations(
    actor: Actor, which: OpenInvitationFilter | None = None, *, offset: int = 0, size: int = PAGE_SIZE
) -> list[InvitationLine]:
    """Return a page of the open invitations that the actor may see: returned mails first, then the newest."""
    order = (Invitation.bounced_at.is_(None), Invitation.made_at.desc(), Invitation.alias, Invitation.id)
    page = select(Invitation.id).where(*_waits(actor, which)).order_by(*order).offset(offset).limit(size)
    query = _INVITATIONS.where(Invitation.id.in_(page)).order_by(*order)  # sorting all whole rows takes longer
    return [_line(row[0], row[1]) for row in db.session.execute(query)]


def count_waiting(actor: Actor, which: OpenInvitationFilter | None = None) -> int:
    """Return the number of invitations on all pages of `open_invitations`."""
    return db.session.execute(pending_count_query(actor, which)).scalar_one()


def pending_count_query(actor: Actor, which: OpenInvitationFilter | None = None) -> Select[int]:
    """Return the query of `count_waiting`, to run it together with others."""
    return select(func.count()).select_from(Invitation).where(*_waits(actor, which))


def expired(actor: Actor, most: int) -> list[UUID]:
    """Return the oldest expired invitations that the actor may see."""
    query = (
        select(Invitation.id)
        .where(*_waits(actor, OpenInvitationFilter.EXPIRED))
        .order_by(Invitation.made_at, Invitation.id)
    )
    return list(db.session.scalars(query.limit(most)))


def invitation(actor: Actor, invitation_id: UUID) -> InvitationLine:
    """Return an invitation that the actor may see. Raises NoResultFound."""
    row = db.session.execute(_INVITATIONS.where(visible(actor), Invitation.id == invitation_id)).one()
    return _line(row[0], row[1])


def guest(token: str) -> Guest | None:
    """Return the invitation of a token in any state, or None."""
    row = db.session.execute(
        _INVITATIONS.where(Invitation.token_hash == blind_index.index("invitation", token))
    ).first()
    if row is None:
        return None
    invitation: Invitation = row[0]
    return Guest(
        id=invitation.id, token=token, term=term(invitation), country=invitation.country, agency=row[1],
        mail=invitation.mail, name=invitation.name, latin_name=invitation.latin_name or "",
        alias=invitation.alias, language=invitation.language, has_password=invitation.password_hash is not None,
        role=invitation.role, letter=sha256(f"{invitation.id} {invitation.code_hash}".encode()).hexdigest(),
        browser=invitation.browser_hash or "", made_at=invitation.made_at, bounced_at=invitation.bounced_at,
    )  # fmt: skip


def term(invitation: Invitation) -> InvitationTerm:
    """Return how long an invitation is valid, and when it was closed."""
    return InvitationTerm(
        invitation.ends_at, invitation.letter_ends_at, invitation.accepted_at, invitation.withdrawn_at
    )


def sender_lost_rights(invitation: Invitation) -> bool:
    """Return whether the sender of an invitation may no longer send it, so that it must not be accepted.

    Only for invitations of staff, which no other user could withdraw. Those of officers and supervisors pass to the
    next contact point of the country.
    """
    if invitation.role in PEOPLE_OF_A_COUNTRY:
        return False
    sender, today = invitation.invited_by, clock.today()
    posting = posting_on(sender, today)
    country = posting.country if posting else ""
    active = people.get(sender).state is PersonState.ACTIVE
    return not (active and may_invite(roles.roles_of(sender, today), country, invitation.role, invitation.country))


def link_mail(invitation_id: UUID, real_now: datetime) -> LinkMail | None:
    """Return the data of the mail of an invitation, or None if its link has expired."""
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or not term(invitation).opens(real_now, by_code=False):
        return None
    return LinkMail(invitation.mail, invitation.language, invitation.token)


def invitations_of(person_id: UUID) -> list[UUID]:
    """Return the invitations that a person accepted."""
    return list(db.session.scalars(select(Invitation.id).where(Invitation.person_id == person_id)))


def open_for_mail(mail_index: str) -> Invitation | None:
    """Return the open invitation to a mail address, expired or not, or None."""
    return db.session.scalars(select(Invitation).where(Invitation.mail_index == mail_index, *IS_OPEN)).one_or_none()


def country_of_mail(mail_index: str, today: date) -> str | None:
    """Return the country of the last posting of the person with a mail address ("" for none), or None."""
    owner = db.session.scalars(select(Identity.person_id).where(Identity.mail_index == mail_index)).one_or_none()
    if owner is None:
        return None
    posting = posting_on(owner, today)
    return posting.country if posting else ""


def may_invite(roles: Set[Role], own_country: str, role: Role, country: str) -> bool:
    """Return whether a user with these roles and this country may invite to a role in a country today."""
    is_led = (
        role is Role.CONTACT_POINT and invitations.asks_whether_led(roles) and bool(people.led_countries([country]))
    )
    return people_rules.can_invite(roles, own_country, role, country, led=is_led)


def looks_after(person_id: UUID, country: str, today: date) -> bool:
    """Return whether a person is a contact point of a country and has a posting there."""
    holders = roles.holders(Scope.COUNTRY, country, today)
    posting = posting_on(person_id, today)
    return (Role.CONTACT_POINT, person_id) in holders and posting is not None and posting.country == country


def country_of_number(service_index: str, today: date) -> str | None:
    """Return the country of the person or open invitation with a service number, as `country_of_mail` does."""
    owner = db.session.scalars(select(Identity.person_id).where(Identity.service_index == service_index)).one_or_none()
    if owner is not None:
        posting = posting_on(owner, today)
        return posting.country if posting else ""
    invited = select(Invitation.country).where(Invitation.service_index == service_index, *IS_OPEN)
    return db.session.scalars(invited.limit(1)).first()


def is_numbered(service_index: str) -> bool:
    """Return whether a person has a service number."""
    return db.session.scalar(select(Identity.person_id).where(Identity.service_index == service_index)) is not None


def _waits(actor: Actor, which: OpenInvitationFilter | None) -> list[ColumnElement[bool]]:
    conditions = [visible(actor), *IS_OPEN]
    if which is OpenInvitationFilter.BOUNCED:
        conditions.append(Invitation.bounced_at.is_not(None))
    if which is OpenInvitationFilter.EXPIRED:
        now = clock.real_now()
        conditions += [Invitation.ends_at <= now, func.coalesce(Invitation.letter_ends_at, Invitation.ends_at) <= now]
    return conditions


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition for `people_rules.sees_invitation`: own invitations, and those of the country."""
    of_country: ColumnElement[bool] = false()
    if contact_point(actor):
        of_country = and_(Invitation.country == actor.country, Invitation.role.in_(PEOPLE_OF_A_COUNTRY))
    invited_to = invitable_roles(roles_beyond_country(actor))
    own = and_(Invitation.invited_by == actor.id, Invitation.role.in_(invited_to)) if invited_to else false()
    return or_(own, of_country)


def _line(invitation: Invitation, agency: str) -> InvitationLine:
    return InvitationLine(
        id=invitation.id, alias=invitation.alias, role=invitation.role, country=invitation.country, agency=agency,
        language=invitation.language, term=term(invitation), made_at=invitation.made_at,
        bounced_at=invitation.bounced_at, name=invitation.name, mail=invitation.mail,
    )  # fmt: skip


_INVITATIONS = select(Invitation, Agency.name).join(Agency, Agency.id == Invitation.agency_id)


@dataclass(frozen=True, slots=True)
class InvitationLinks:
    """People whom a person invited or assigned a role, and people who did so to the person (`inviters`)."""

    invited: frozenset[UUID]
    inviters: frozenset[UUID]


def invitation_links(person_id: UUID, others: Collection[UUID]) -> InvitationLinks:
    """Return which of `others` a person invited or gave a role, and which of them did so to the person."""
    if not others:
        return InvitationLinks(frozenset(), frozenset())
    invited = select(Invitation.invited_by, Invitation.person_id).where(
        or_(
            and_(Invitation.invited_by == person_id, Invitation.person_id.in_(others)),
            and_(Invitation.person_id == person_id, Invitation.invited_by.in_(others)),
        )
    )
    pairs = {(by, to) for by, to in db.session.execute(invited) if to}
    pairs |= audit.between(stored_name(RoleGranted), person_id, others)
    receivers = frozenset(to for by, to in pairs if by == person_id)
    return InvitationLinks(receivers, frozenset(by for by, to in pairs if to == person_id))
