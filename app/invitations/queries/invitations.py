"""Read invitations."""

from collections.abc import Collection, Set
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from app.access import people_rules
from app.access.people_rules import ANYWHERE, PEOPLE_OF_A_COUNTRY
from app.access.policy import Actor, Role, Scope
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
from app.invitations.domain.invitations import InvitationState, Term, Waits, gives
from app.invitations.models import Invitation
from app.kernel import clock
from app.kernel.events import stored_name

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """An invitation as those see it who may: `name` and `mail` are "" once it is over."""

    id: UUID
    alias: str
    role: Role
    country: str
    agency: str
    language: str
    term: Term
    made_at: datetime
    bounced_at: datetime | None
    name: str
    mail: str

    def state(self, now: datetime) -> InvitationState:
        """Return the state."""
        return self.term.state(now)


@dataclass(frozen=True, slots=True)
class Guest:
    """An invitation as the invited person sees it."""

    id: UUID
    token: str
    term: Term
    country: str
    agency: str
    mail: str
    name: str
    latin_name: str
    alias: str
    language: str
    has_password: bool
    role: Role
    letter: str  # by what a browser is known in which the code of the newest letter was typed
    browser: str  # hash of the browser in which the password was chosen, or ""


def waiting(
    actor: Actor, which: Waits | None = None, *, offset: int = 0, size: int = PAGE_SIZE
) -> list[InvitationLine]:
    """Return a page of the invitations that somebody may see and that are neither accepted nor withdrawn.

    Those whose mail came back stand first, then the newest.
    """
    order = (Invitation.bounced_at.is_(None), Invitation.made_at.desc(), Invitation.alias, Invitation.id)
    page = select(Invitation.id).where(*_waits(actor, which)).order_by(*order).offset(offset).limit(size)
    query = _INVITATIONS.where(Invitation.id.in_(page)).order_by(*order)  # to sort all whole rows takes longer
    return [_line(row[0], row[1]) for row in db.session.execute(query)]


def count_waiting(actor: Actor, which: Waits | None = None) -> int:
    """Return how many invitations `waiting` has in all."""
    return db.session.execute(counting_waiting(actor, which)).scalar_one()


def counting_waiting(actor: Actor, which: Waits | None = None) -> Select[int]:
    """Return the query of `count_waiting`, for who asks several things at once."""
    return select(func.count()).select_from(Invitation).where(*_waits(actor, which))


def expired(actor: Actor, most: int) -> list[UUID]:
    """Return the oldest invitations that somebody may see and that have expired."""
    query = select(Invitation.id).where(*_waits(actor, Waits.EXPIRED)).order_by(Invitation.made_at, Invitation.id)
    return list(db.session.scalars(query.limit(most)))


def invitation(actor: Actor, invitation_id: UUID) -> InvitationLine:
    """Return an invitation that somebody may see, or raise NoResultFound."""
    row = db.session.execute(_INVITATIONS.where(_visible(actor), Invitation.id == invitation_id)).one()
    return _line(row[0], row[1])


def may_see(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on invitations that somebody may see, for whoever works on many of them."""
    return _visible(actor)


def guest(token: str) -> Guest | None:
    """Return the invitation of a link's secret part, whatever its state, or None."""
    row = db.session.execute(
        _INVITATIONS.where(Invitation.token_hash == blind_index.index("invitation", token))
    ).first()
    if row is None:
        return None
    found: Invitation = row[0]
    return Guest(
        id=found.id, token=token, term=term(found), country=found.country, agency=row[1],
        mail=found.mail, name=found.name, latin_name=found.latin_name or "",
        alias=found.alias, language=found.language, has_password=found.password_hash is not None, role=found.role,
        letter=sha256(f"{found.id} {found.code_hash}".encode()).hexdigest(), browser=found.browser_hash or "",
    )  # fmt: skip


def term(found: Invitation) -> Term:
    """Return until when an invitation opens, and what ended it."""
    return Term(found.ends_at, found.letter_ends_at, found.accepted_at, found.withdrawn_at)


def lost_its_sender(found: Invitation) -> bool:
    """Say whether whoever invited may not any more. Of staff nobody else sees it, to take it back.

    Officers and supervisors are looked after by the contact points of their country, one after the other.
    """
    if found.role in PEOPLE_OF_A_COUNTRY:
        return False
    by, today = found.invited_by, clock.today()
    posting = posting_on(by, today)
    serves = posting.country if posting else ""
    active = people.get(by).state is PersonState.ACTIVE
    return not (active and may_invite(roles.roles_of(by, today), serves, found.role, found.country))


def link_mail(invitation_id: UUID, real_now: datetime) -> LinkMail | None:
    """Return what the mail of an invitation needs, or None when the link opens nothing any more."""
    found = db.session.get(Invitation, invitation_id)
    if found is None or not term(found).opens(real_now, by_code=False):
        return None
    return LinkMail(found.mail, found.language, found.token)


def invitations_of(person_id: UUID) -> list[UUID]:
    """Return the invitations by which a person came."""
    return list(db.session.scalars(select(Invitation.id).where(Invitation.person_id == person_id)))


def open_for_mail(mail_index: str) -> Invitation | None:
    """Return the invitation to a mail address that is neither accepted nor withdrawn, expired or not."""
    still = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    return db.session.scalars(select(Invitation).where(Invitation.mail_index == mail_index, *still)).one_or_none()


def country_of_mail(mail_index: str, today: date) -> str | None:
    """Return the country where the person of a mail address serves or last served ("": nowhere); None: nobody's."""
    owner = db.session.scalars(select(Identity.person_id).where(Identity.mail_index == mail_index)).one_or_none()
    if owner is None:
        return None
    posting = posting_on(owner, today)
    return posting.country if posting else ""


def may_invite(roles: Set[Role], own_country: str, role: Role, country: str) -> bool:
    """Say whether somebody of these roles and this country may invite to a role in a country, as things stand."""
    is_led = (
        role is Role.CONTACT_POINT and invitations.asks_whether_led(roles) and bool(people.led_countries([country]))
    )
    return people_rules.can_invite(roles, own_country, role, country, led=is_led)


def looks_after(person_id: UUID, country: str, today: date) -> bool:
    """Say whether somebody is a contact point of this country, and serves there."""
    holders = roles.holders(Scope.COUNTRY, country, today)
    posting = posting_on(person_id, today)
    return (Role.CONTACT_POINT, person_id) in holders and posting is not None and posting.country == country


def country_of_number(service_index: str, today: date) -> str | None:
    """Return where a service number is somebody's, or of an invitation that is not over, as `country_of_mail` does."""
    owner = db.session.scalars(select(Identity.person_id).where(Identity.service_index == service_index)).one_or_none()
    if owner is not None:
        posting = posting_on(owner, today)
        return posting.country if posting else ""
    still = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    invited = select(Invitation.country).where(Invitation.service_index == service_index, *still)
    return db.session.scalars(invited.limit(1)).first()


def is_numbered(service_index: str) -> bool:
    """Say whether a service number is a person's."""
    return db.session.scalar(select(Identity.person_id).where(Identity.service_index == service_index)) is not None


def _waits(actor: Actor, which: Waits | None) -> list[ColumnElement[bool]]:
    found = [_visible(actor), Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)]
    if which is Waits.BOUNCED:
        found.append(Invitation.bounced_at.is_not(None))
    if which is Waits.EXPIRED:
        now = clock.real_now()
        found += [Invitation.ends_at <= now, func.coalesce(Invitation.letter_ends_at, Invitation.ends_at) <= now]
    return found


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Return what an actor may see: whom they invited as what they still are, a contact point all of the own country.

    Who was contact point and is no more reads no names of what they sent then.
    """
    of_country: ColumnElement[bool] = false()
    if Role.CONTACT_POINT in actor.roles and actor.country:
        of_country = and_(Invitation.country == actor.country, Invitation.role.in_(PEOPLE_OF_A_COUNTRY))
    far = gives(actor.roles & set(ANYWHERE))
    own: ColumnElement[bool] = and_(Invitation.invited_by == actor.id, Invitation.role.in_(far)) if far else false()
    return or_(own, of_country)


def _line(found: Invitation, agency: str) -> InvitationLine:
    return InvitationLine(
        id=found.id, alias=found.alias, role=found.role, country=found.country, agency=agency,
        language=found.language, term=term(found), made_at=found.made_at, bounced_at=found.bounced_at,
        name=found.name, mail=found.mail,
    )  # fmt: skip


_INVITATIONS = select(Invitation, Agency.name).join(Agency, Agency.id == Invitation.agency_id)


@dataclass(frozen=True, slots=True)
class InvitationLinks:
    """Who owes a role or the account to somebody, and to whom that one owes theirs."""

    made: frozenset[UUID]
    makers: frozenset[UUID]


def invitation_links(person_id: UUID, others: Collection[UUID]) -> InvitationLinks:
    """Return whom of these others somebody ever gave a role or invited, and who of them did so to that one."""
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
    return InvitationLinks(
        frozenset(to for by, to in pairs if by == person_id), frozenset(by for by, to in pairs if to == person_id)
    )
