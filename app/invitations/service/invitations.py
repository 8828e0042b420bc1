"""Send, renew, expire and withdraw invitations: apart from setup and console, the only way to an account."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update

from app.access.people_rules import PEOPLE_OF_A_COUNTRY
from app.access.policy import Actor, Role
from app.db import blind_index
from app.db.locks import lock_key
from app.db.session import db, record
from app.identity import service
from app.identity.queries import roles
from app.invitations.domain.invitations import CODE_DIGITS, LETTER_LIFE, LINK_LIFE, OVER, InvitationState
from app.invitations.events import (
    InvitationBounced,
    InvitationRefused,
    InvitationRenewed,
    InvitationWithdrawn,
    Invited,
    InvitedElsewhere,
    LetterPrinted,
)
from app.invitations.models import Invitation
from app.invitations.queries import invitations
from app.invitations.service import aliases, letter_codes, lookup_limit
from app.kernel import clock
from app.rights.service import proposals
from app.sign_in.domain import REPEATED_SUBMIT_WINDOW

TOKEN_BYTES = 24  # 192 bits, as a session's
AT_ONCE = 200  # links renewed with one press
FORM = ("name", "latin_name", "service_number", "country", "agency_id", "role", "posting_roles", "language")
# values of a closed invitation: the identity of the person is in another table or nowhere, the alias of a withdrawn one
# is free again, and the secrets open nothing
EMPTY: Mapping[str, str | None] = {
    **dict.fromkeys(("token", "mail", "mail_index", "name"), ""),
    **dict.fromkeys(("latin_name", "service_number", "service_index", "code_hash", "letter_ends_at", "password_hash")),
}


class InvitationRefusal(StrEnum):
    """Why a person is not invited."""

    HAS_ACCOUNT = "has_account"  # in the country of the sender
    INVITED = "invited"  # by the country of the sender or by the sender: that invitation can be renewed
    ELSEWHERE = "elsewhere"  # the sender does not learn whose the address is
    NUMBER = "number"  # of a person in the country of the sender
    NUMBER_ELSEWHERE = "number_elsewhere"  # handled like an address of another country
    MANY = "many"  # refused elsewhere today: the reply would reveal one more


ABROAD = frozenset({InvitationRefusal.ELSEWHERE, InvitationRefusal.NUMBER_ELSEWHERE})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitation:
    """The person to invite, the role and the language."""

    mail: str
    name: str
    latin_name: str | None
    service_number: str | None
    country: str
    agency_id: UUID
    role: Role
    posting_roles: tuple[str, ...]
    title: str  # first part of the suggested alias
    language: str


def invite(new: NewInvitation, by: UUID, real_now: datetime) -> UUID | InvitationRefusal:
    """Invite a person and queue the mail with the link, or return why not. The caller checks who may invite."""
    mail_index, number = blind_index.index("mail", new.mail), service.number_index(new.service_number)
    lock_key(*filter(None, (mail_index, number)), lookup_limit.lock_name(by))
    if not lookup_limit.lookups_left(by, real_now):
        return InvitationRefusal.MANY
    if (refusal := _refuse(mail_index, number, new.country, by)) is not None:
        lookup_limit.record_lookup(by, int(refusal in ABROAD), real_now)
        return refusal
    proposals.lock_role(new.role, new.country)
    needs_proposal = proposals.is_needed(new.role, new.country, roles.roles_of(by, clock.today()))
    title = aliases.NEUTRAL_TITLE if needs_proposal else new.title
    invitation = Invitation(**values(new, aliases.suggested([title])[0], by, real_now))
    db.session.add(invitation)
    db.session.flush()
    proposals.propose_for_invitations({invitation.id: (new.role, new.country)}, by, clock.now())
    record(Invited(invitation_id=invitation.id, country=new.country, role=new.role, mails=1))
    return invitation.id


def sent_before(new: NewInvitation, by: UUID, real_now: datetime) -> UUID | None:
    """Return the equal invitation that the same person sent moments ago, or None: a form may be submitted twice."""
    existing = invitations.open_for_mail(blind_index.index("mail", new.mail))
    if existing is None or existing.invited_by != by or existing.made_at <= real_now - REPEATED_SUBMIT_WINDOW:
        return None
    row = values(new, "", by, real_now)
    return existing.id if all(getattr(existing, name) == row[name] for name in FORM) else None


def values(new: NewInvitation, alias: str, by: UUID, real_now: datetime) -> dict[str, Any]:
    """Return the row of an invitation whose link is to be mailed."""
    token, mail = secrets.token_urlsafe(TOKEN_BYTES), new.mail.strip()
    return {
        "id": uuid4(),
        "token_hash": blind_index.index("invitation", token),
        "token": token,
        "mail": mail,
        "mail_index": blind_index.index("mail", mail),
        "name": new.name,
        "latin_name": new.latin_name,
        "service_number": new.service_number,
        "service_index": service.number_index(new.service_number),
        "country": new.country,
        "agency_id": new.agency_id,
        "role": new.role,
        "posting_roles": " ".join(new.posting_roles),
        "alias": alias,
        "language": new.language,
        "invited_by": by,
        "mails": 1,
        "made_at": real_now,
        "ends_at": real_now + LINK_LIFE,
    }


def renew(invitation_id: UUID, real_now: datetime) -> bool:
    """Queue the mail with a new link, which replaces the old one; return False if the invitation is closed."""
    invitation = lock_open(invitation_id)
    if invitation is not None:
        _renew(invitation, real_now)
    return invitation is not None


def renew_expired(actor: Actor, real_now: datetime) -> int:
    """Renew the oldest expired invitations that the actor may see, at most AT_ONCE; return how many."""
    # every use case locks them in the order of their ids; another user may have renewed one before it is locked
    locked = (lock_open(invitation_id) for invitation_id in sorted(invitations.expired(actor, AT_ONCE)))
    expired = [invitation for invitation in locked if invitation is not None and _is_expired(invitation, real_now)]
    for invitation in expired:
        _renew(invitation, real_now)
    return len(expired)


def renew_by_token(token: str, real_now: datetime) -> None:
    """Renew an invitation with the token of its expired link; do nothing for another token."""
    guest = invitations.guest(token)
    invitation = None if guest is None else lock_open(guest.id)
    # checked under the lock: two requests at once get one new link, which the second does not replace
    if invitation is None or invitation.token != token or invitations.term(invitation).opens(real_now, by_code=False):
        return
    if invitations.sender_lost_rights(invitation):
        withdraw(invitation.id, real_now)
    else:
        _renew(invitation, real_now)


def print_letter(invitation_id: UUID, real_now: datetime) -> str | None:
    """Return a new code for a letter, which replaces an older one; None if the invitation is closed."""
    invitation = lock_open(invitation_id)
    return None if invitation is None else create_letter_code(invitation, real_now)


def create_letter_code(invitation: Invitation, real_now: datetime) -> str:
    """Create the code for a letter of a locked open invitation; it replaces an older one.

    The link changes as well: an older letter may be lost, and its code led to the link.
    """
    if invitation.code_hash is not None:
        invitation.token = secrets.token_urlsafe(TOKEN_BYTES)
        invitation.token_hash = blind_index.index("invitation", invitation.token)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    invitation.code_hash = letter_codes.code_hash(invitation.mail_index, code)
    invitation.letter_ends_at = real_now + LETTER_LIFE
    record(LetterPrinted(invitation_id=invitation.id, country=invitation.country))
    return code


def withdraw(invitation_id: UUID, real_now: datetime) -> bool:
    """Withdraw an invitation; return False if it was closed before."""
    invitation = lock_open(invitation_id)
    if invitation is None:
        return False
    invitation.withdrawn_at = real_now
    clear(invitation)
    proposals.withdraw_for_invitations([invitation.id], clock.now())
    record(InvitationWithdrawn(invitation_id=invitation.id, country=invitation.country))
    return True


def record_bounce(invitation_id: UUID, real_now: datetime) -> None:
    """Record that the mail of an open invitation was not delivered."""
    invitation = lock_open(invitation_id)
    if invitation is not None and invitation.bounced_at is None:
        invitation.bounced_at = real_now
        record(InvitationBounced(invitation_id=invitation.id, country=invitation.country))


def expire(real_now: datetime, *, sender_id: UUID | None = None) -> None:
    """End the links and letters of open invitations, of one sender or of all; each may be renewed."""
    waiting = update(Invitation).where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    if sender_id is not None:
        waiting = waiting.where(Invitation.invited_by == sender_id)
    by_mail = waiting.where(Invitation.ends_at > real_now).values(ends_at=real_now)
    by_letter = waiting.where(Invitation.letter_ends_at > real_now).values(letter_ends_at=real_now)
    for statement in (by_mail, by_letter):
        db.session.execute(statement, execution_options={"synchronize_session": False})


def sent_by(invitation_id: UUID) -> tuple[UUID, Role]:
    """Return the sender and the role of an invitation."""
    invitation = db.session.get_one(Invitation, invitation_id)
    return invitation.invited_by, invitation.role


def is_over(invitation_id: UUID) -> bool:
    """Return whether an invitation was accepted or withdrawn, so that no mail of it may be sent."""
    invitation = db.session.get_one(Invitation, invitation_id, populate_existing=True)
    return invitation.accepted_at is not None or invitation.withdrawn_at is not None


def lock_open(invitation_id: UUID) -> Invitation | None:
    """Lock an invitation that is not closed, expired or not, and return it, or None."""
    query = select(Invitation).where(Invitation.id == invitation_id).with_for_update()
    invitation = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    is_closed = invitation is None or invitations.term(invitation).state(clock.real_now()) in OVER
    return None if is_closed else invitation


def clear(invitation: Invitation) -> None:
    """Delete the personal data and the secrets of an invitation."""
    for name, value in EMPTY.items():
        setattr(invitation, name, value)


def _is_expired(invitation: Invitation, real_now: datetime) -> bool:
    return invitations.term(invitation).state(real_now) is InvitationState.EXPIRED


def _refuse(mail_index: str, service_index: str | None, country: str, by: UUID) -> InvitationRefusal | None:
    """Return why a person may not be invited, or None; record a refusal that concerns another country."""
    existing = invitations.open_for_mail(mail_index)
    home = invitations.country_of_mail(mail_index, clock.today())
    if existing is not None or home is not None:
        return _refuse_address(existing, home, country, by)
    if service_index is None:
        return None
    owner_country = invitations.country_of_number(service_index, clock.today())
    return None if owner_country is None else _refuse_number(owner_country, country, by)


def _refuse_address(existing: Invitation | None, home: str | None, country: str, by: UUID) -> InvitationRefusal:
    """Return why an address is refused; `home` is the country of the person who has it.

    A contact point of the country gets INVITED or HAS_ACCOUNT, the sender of the open invitation INVITED. All others
    get ELSEWHERE, which does not reveal the country.
    """
    is_contact_point = invitations.looks_after(by, country, clock.today())
    if existing is not None and existing.country == country and (is_contact_point or existing.invited_by == by):
        return InvitationRefusal.INVITED
    if is_contact_point and home == country:
        return InvitationRefusal.HAS_ACCOUNT
    _record_address_refusal(existing, home, country)
    return InvitationRefusal.ELSEWHERE


def _record_address_refusal(existing: Invitation | None, home: str | None, country: str) -> None:
    if existing is None:
        _record_refusal(country, home)
    else:
        # only an invitation that the contact points of its country can see
        _record_refusal(country, existing.country, existing.id if existing.role in PEOPLE_OF_A_COUNTRY else None)


def _refuse_number(owner_country: str, country: str, by: UUID) -> InvitationRefusal:
    if owner_country == country and invitations.looks_after(by, country, clock.today()):
        return InvitationRefusal.NUMBER
    _record_refusal(country, owner_country)
    return InvitationRefusal.NUMBER_ELSEWHERE


def _renew(invitation: Invitation, real_now: datetime) -> None:
    invitation.token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation.token_hash = blind_index.index("invitation", invitation.token)
    invitation.ends_at = real_now + LINK_LIFE
    invitation.bounced_at = None
    invitation.mails += 1
    record(InvitationRenewed(invitation_id=invitation.id, country=invitation.country, mails=invitation.mails))


def _record_refusal(country: str, other: str | None, invitation_id: UUID | None = None) -> None:
    """Record the refusal for the sender's country, and for the other one if it is known."""
    record(InvitationRefused(country=country))
    if other:
        record(InvitedElsewhere(country=other, invitation_id=invitation_id))
