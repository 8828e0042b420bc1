"""Inviting people, and becoming one: the only way to an account (security 4, "Forms and sessions" rule 5)."""

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
from app.identity.queries import people, roles
from app.identity.service import NewPerson
from app.invitations.domain.aliases import AliasRefusal
from app.invitations.domain.invitations import (
    CODE_DIGITS,
    LETTER_LIFE,
    LINK_LIFE,
    OVER,
    InvitationState,
    browser_hash,
    reach,
)
from app.invitations.domain.reserved_aliases import is_reserved, names_role
from app.invitations.events import (
    InvitationAccepted,
    InvitationBounced,
    InvitationFilled,
    InvitationRefused,
    InvitationRenewed,
    InvitationWithdrawn,
    Invited,
    InvitedElsewhere,
    LetterPrinted,
)
from app.invitations.models import Invitation
from app.invitations.queries import aliases as invitations_aliases
from app.invitations.queries import invitations
from app.invitations.service import aliases, letter_codes, lookup_limit
from app.kernel import clock
from app.rights.domain.proposals import PROPOSED_ROLES
from app.rights.service import proposals
from app.rights.service import roles as rights_roles
from app.sign_in.domain import REPEATED_SUBMIT_WINDOW

TOKEN_BYTES = 24  # 192 bits, as a session's
AT_ONCE = 200  # links renewed with one press
FORM = ("name", "latin_name", "service_number", "country", "agency_id", "role", "posting_roles", "language")
# what is kept of an invitation that is over: that it was. The person's identity stands elsewhere, or nowhere, the alias
# of a withdrawn one is free again, and the secrets open nothing
EMPTY: Mapping[str, str | None] = {
    **dict.fromkeys(("token", "mail", "mail_index", "name"), ""),
    **dict.fromkeys(("latin_name", "service_number", "service_index", "code_hash", "letter_ends_at", "password_hash")),
}


class Refusal(StrEnum):
    """Why somebody is not invited."""

    HAS_ACCOUNT = "has_account"  # in the country that who invites looks after
    INVITED = "invited"  # by that country, or by them; that invitation can be renewed
    ELSEWHERE = "elsewhere"  # whose it is nobody learns
    NUMBER = "number"  # of the country that who invites looks after
    NUMBER_ELSEWHERE = "number_elsewhere"  # answered, counted and told as an address
    MANY = "many"  # were elsewhere today: whether one more is, nobody learns


ABROAD = frozenset({Refusal.ELSEWHERE, Refusal.NUMBER_ELSEWHERE})


class Unaccepted(StrEnum):
    """Why an invitation becomes no person."""

    OVER = "over"  # or nobody looks after it any more
    UNFILLED = "unfilled"  # no password was chosen yet, or in another browser
    ADDRESS = "address"  # of an account that was made meanwhile
    NUMBER = "number"  # the same
    ALIAS = "alias"  # somebody got it meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitation:
    """Whom somebody invites, to what."""

    mail: str
    name: str
    latin_name: str | None
    service_number: str | None
    country: str
    agency_id: UUID
    role: Role
    posting_roles: tuple[str, ...]
    title: str  # what the suggested alias begins with
    language: str


def invite(new: NewInvitation, by: UUID, real_now: datetime) -> UUID | Refusal:
    """Invite somebody and let the link be mailed, or say why not; who may invite whom was asked before."""
    mail_index, number = blind_index.index("mail", new.mail), service.number_index(new.service_number)
    lock_key(*filter(None, (mail_index, number)), lookup_limit.turn(by))
    if not lookup_limit.lookups_left(by, real_now):
        return Refusal.MANY
    if (refusal := _refusal(mail_index, number, new.country, by)) is not None:
        lookup_limit.record_lookup(by, int(refusal in ABROAD), real_now)
        return refusal
    proposals.lock_role(new.role, new.country)
    needed = proposals.is_needed(new.role, new.country, roles.roles_of(by, clock.today()))
    title = aliases.NEUTRAL_TITLE if needed else new.title
    made = Invitation(**values(new, aliases.suggested([title])[0], by, real_now))
    db.session.add(made)
    db.session.flush()
    proposals.propose_for_invitations({made.id: (new.role, new.country)}, by, clock.now())
    record(Invited(invitation_id=made.id, country=new.country, role=new.role, mails=1))
    return made.id


def sent_before(new: NewInvitation, by: UUID, real_now: datetime) -> UUID | None:
    """Return the invitation that the same person sent a while ago, word for word: the press came twice."""
    found = invitations.open_for_mail(blind_index.index("mail", new.mail))
    if found is None or found.invited_by != by or found.made_at <= real_now - REPEATED_SUBMIT_WINDOW:
        return None
    now = values(new, "", by, real_now)
    return found.id if all(getattr(found, name) == now[name] for name in FORM) else None


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
    """Start the link anew and mail it; say False when the invitation is over. The old link opens nothing any more."""
    found = _still(invitation_id)
    if found is not None:
        _renew(found, real_now)
    return found is not None


def renew_expired(actor: Actor, real_now: datetime) -> int:
    """Renew the oldest invitations that somebody may see and that have expired, a portion; return how many."""
    # held in the order of their ids, as by all; somebody else may have renewed one meanwhile
    held = (_still(one) for one in sorted(invitations.expired(actor, AT_ONCE)))
    late = [one for one in held if one is not None and invitations.term(one).state(real_now) is InvitationState.EXPIRED]
    for one in late:
        _renew(one, real_now)
    return len(late)


def ask_anew(token: str, real_now: datetime) -> None:
    """Renew an invitation whose link has expired, for whoever holds that link; anything else does nothing."""
    guest = invitations.guest(token)
    found = None if guest is None else _still(guest.id)
    # looked at once it is held: who presses twice gets one link, which is not over at once
    if found is None or found.token != token or invitations.term(found).opens(real_now, by_code=False):
        return
    if invitations.lost_its_sender(found):
        withdraw(found.id, real_now)
    else:
        _renew(found, real_now)


def print_letter(invitation_id: UUID, real_now: datetime) -> str | None:
    """Make a code for a letter, in place of an older one, and tell it this once; None when the invitation is over."""
    found = _still(invitation_id)
    return None if found is None else make_letter(found, real_now)


def make_letter(found: Invitation, real_now: datetime) -> str:
    """Make a code for the letter of an invitation that is held and not over, in place of an older one.

    Whoever typed the older one has the link by it, which opens nothing any more: that letter may be lost.
    """
    if found.code_hash is not None:
        found.token = secrets.token_urlsafe(TOKEN_BYTES)
        found.token_hash = blind_index.index("invitation", found.token)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    found.code_hash = letter_codes.code_hash(found.mail_index, code)
    found.letter_ends_at = real_now + LETTER_LIFE
    record(LetterPrinted(invitation_id=found.id, country=found.country))
    return code


def withdraw(invitation_id: UUID, real_now: datetime) -> bool:
    """Take an invitation back; say False when it was over before."""
    found = _still(invitation_id)
    if found is None:
        return False
    found.withdrawn_at = real_now
    _empty(found)
    proposals.withdraw_for_invitations([found.id], clock.now())
    record(InvitationWithdrawn(invitation_id=found.id, country=found.country))
    return True


def note_bounced(invitation_id: UUID, real_now: datetime) -> None:
    """Keep that the mail did not reach anybody, for whoever invited."""
    found = _still(invitation_id)
    if found is not None and found.bounced_at is None:
        found.bounced_at = real_now
        record(InvitationBounced(invitation_id=found.id, country=found.country))


def keep_name(invitation_id: UUID, *, name: str, latin_name: str, alias: str) -> AliasRefusal | None:
    """Keep how the invited person is called, or say why the alias is not for them.

    They may take one after the other: each that is new is counted, for whether it is taken tells of somebody.
    """
    aliases.queue_for(alias)
    found = _still(invitation_id)
    if found is None:
        return None
    addresses = (found.mail, found.service_number or "")
    another = alias != found.alias
    if another and (reserved := _reserved(found, alias)):
        return reserved
    refused = (aliases.may_try(found.id) if another else None) or invitations_aliases.unfit_alias(
        alias, names=(name, latin_name), addresses=addresses, but=found.id
    )
    if another:
        aliases.keep_try(found.id, refused)
    if refused is None:
        found.name, found.latin_name, found.alias = name, latin_name or None, alias
        record(InvitationFilled(invitation_id=found.id, filled="name"))
    return refused


def keep_password(invitation_id: UUID, password_hash: str, *, browser: str = "") -> None:
    """Keep the password that the invited person chose, until the account is made in the same browser.

    `browser` is the secret in the cookie of that browser: another one has to choose a password of its own.
    """
    found = _still(invitation_id)
    if found is not None:
        found.password_hash, found.browser_hash = password_hash, browser_hash(found.id, browser)
        record(InvitationFilled(invitation_id=found.id, filled="password"))


def accept(invitation_id: UUID, now: datetime, real_now: datetime, *, browser: str = "") -> UUID | Unaccepted:
    """Make the person, with posting and roles, or say why it cannot be; in the browser of the password alone."""
    found = _still(invitation_id)
    if found is None:
        return Unaccepted.OVER
    if found.password_hash is None or found.browser_hash != browser_hash(found.id, browser):
        return Unaccepted.UNFILLED
    if invitations.lost_its_sender(found):
        withdraw(invitation_id, real_now)
        return Unaccepted.OVER
    turn = proposals.proposal_key(found.role, found.country) if found.role in PROPOSED_ROLES else None
    lock_key(*filter(None, (found.mail_index, found.service_index, turn)))
    if (taken := _taken(found, now)) is not None:
        return taken
    person_id = _make_person(found, now)
    found.accepted_at, found.person_id = real_now, person_id
    _empty(found)
    record(InvitationAccepted(invitation_id=found.id, person_id=person_id, country=found.country, actor_id=person_id))
    return person_id


def _make_person(found: Invitation, now: datetime) -> UUID:
    """Create the person; a role that waits for a second person is not assigned, and the alias does not name it."""
    proposal = proposals.of_accepted(found.id, found.role, found.country, found.invited_by, now)
    waits = proposal is not None and proposal.approved_at is None
    if waits and names_role(found.alias):
        found.alias = aliases.suggested([aliases.NEUTRAL_TITLE])[0]
    person_id = service.add_person(_person(found), now)
    if found.role is not Role.PRACTITIONER and not waits:
        scope, where = reach(found.role, found.country)
        rights_roles.add_role(person_id, found.role, scope=scope, reach=where, since=now.date())
    if proposal is not None:
        proposals.hand_over(proposal, person_id, now)
    return person_id


def expire(real_now: datetime, *, sender_id: UUID | None = None) -> None:
    """End the time of open invitations, links and letters alike, of one sender or of all; each may be renewed."""
    waiting = update(Invitation).where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    if sender_id is not None:
        waiting = waiting.where(Invitation.invited_by == sender_id)
    by_mail = waiting.where(Invitation.ends_at > real_now).values(ends_at=real_now)
    by_letter = waiting.where(Invitation.letter_ends_at > real_now).values(letter_ends_at=real_now)
    for statement in (by_mail, by_letter):
        db.session.execute(statement, execution_options={"synchronize_session": False})


def sent_by(invitation_id: UUID) -> tuple[UUID, Role]:
    """Return who sent an invitation, and to which role."""
    found = db.session.get_one(Invitation, invitation_id)
    return found.invited_by, found.role


def is_over(invitation_id: UUID) -> bool:
    """Say whether an invitation was accepted or withdrawn: nothing of it is sent any more."""
    found = db.session.get_one(Invitation, invitation_id, populate_existing=True)
    return found.accepted_at is not None or found.withdrawn_at is not None


def _refusal(mail_index: str, service_index: str | None, country: str, by: UUID) -> Refusal | None:
    invited = invitations.open_for_mail(mail_index)
    home = invitations.country_of_mail(mail_index, clock.today())
    if invited is not None or home is not None:
        # whoever else may invite there learns no more than another country's contact point does
        own = invitations.looks_after(by, country, clock.today())
        if invited is not None and invited.country == country and (own or invited.invited_by == by):
            return Refusal.INVITED
        if home is not None and home == country and own:
            return Refusal.HAS_ACCOUNT
        seen = invited is not None and invited.role in PEOPLE_OF_A_COUNTRY  # by the contact points of its country
        _tell_both(country, invited.country if invited else home, invited.id if invited and seen else None)
        return Refusal.ELSEWHERE
    holds = invitations.country_of_number(service_index, clock.today()) if service_index is not None else None
    if holds is None:
        return None
    if holds == country and invitations.looks_after(by, country, clock.today()):
        return Refusal.NUMBER
    _tell_both(country, holds)
    return Refusal.NUMBER_ELSEWHERE


def _renew(found: Invitation, real_now: datetime) -> None:
    found.token = secrets.token_urlsafe(TOKEN_BYTES)
    found.token_hash = blind_index.index("invitation", found.token)
    found.ends_at = real_now + LINK_LIFE
    found.bounced_at = None
    found.mails += 1
    record(InvitationRenewed(invitation_id=found.id, country=found.country, mails=found.mails))


def _taken(found: Invitation, now: datetime) -> Unaccepted | None:
    """Return what of an invitation is an account's by now, which was made since or is called so since."""
    if invitations.country_of_mail(found.mail_index, now.date()) is not None:
        return Unaccepted.ADDRESS
    if found.service_index is not None and invitations.is_numbered(found.service_index):
        return Unaccepted.NUMBER
    return Unaccepted.ALIAS if invitations_aliases.alias_is_taken(found.alias, but=found.id) else None


def _reserved(found: Invitation, alias: str) -> AliasRefusal | None:
    """Refuse an alias that names another role than the invitation's, or one that waits for a second person."""
    roles = set() if proposals.is_open_for_invitation(found.id) else {found.role}
    return AliasRefusal.ROLE if is_reserved(alias, roles, set(found.posting_roles.split())) else None


def _tell_both(country: str, other: str | None, invitation_id: UUID | None = None) -> None:
    record(InvitationRefused(country=country))
    if other:
        record(InvitedElsewhere(country=other, invitation_id=invitation_id))


def _still(invitation_id: UUID) -> Invitation | None:
    """Return an invitation that is not over, expired or not, held until the transaction ends."""
    query = select(Invitation).where(Invitation.id == invitation_id).with_for_update()
    found = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    return None if found is None or invitations.term(found).state(clock.real_now()) in OVER else found


def _empty(found: Invitation) -> None:
    for name, value in EMPTY.items():
        setattr(found, name, value)


def _person(found: Invitation) -> NewPerson:
    return NewPerson(
        alias=found.alias,
        name=found.name,
        mail=found.mail,
        password_hash=found.password_hash or "",
        country=found.country,
        agency_id=found.agency_id,
        roles=tuple(found.posting_roles.split()) if found.role is Role.PRACTITIONER else (),
        language=found.language,
        time_zone=people.country_of(found.country).time_zone,
        latin_name=found.latin_name,
        service_number=found.service_number,
    )
