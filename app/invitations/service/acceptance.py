"""Accept an invitation: name, alias, password, then the account."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.access.policy import Role
from app.db.locks import lock_key
from app.db.session import record
from app.identity import service
from app.identity.queries import people
from app.identity.service import NewPerson
from app.invitations.domain.aliases import AliasRefusal
from app.invitations.domain.invitations import browser_hash, reach
from app.invitations.domain.reserved_aliases import is_reserved, names_role
from app.invitations.events import InvitationAccepted, InvitationFilled
from app.invitations.models import Invitation
from app.invitations.queries import aliases as invitations_aliases
from app.invitations.queries import invitations
from app.invitations.service import aliases
from app.invitations.service.invitations import clear, lock_open, withdraw
from app.rights.domain.proposals import PROPOSED_ROLES
from app.rights.service import proposals
from app.rights.service import roles as rights_roles


class AcceptanceRefusal(StrEnum):
    """Why an invitation becomes no person."""

    OVER = "over"  # or nobody looks after it any more
    UNFILLED = "unfilled"  # no password was chosen yet, or in another browser
    ADDRESS = "address"  # of an account that was made meanwhile
    NUMBER = "number"  # the same
    ALIAS = "alias"  # somebody got it meanwhile


def save_name(invitation_id: UUID, *, name: str, latin_name: str, alias: str) -> AliasRefusal | None:
    """Keep how the invited person is called, or say why the alias is not for them.

    They may take one after the other: each that is new is counted, for whether it is taken tells of somebody.
    """
    aliases.lock_alias(alias)
    found = lock_open(invitation_id)
    if found is None:
        return None
    addresses = (found.mail, found.service_number or "")
    another = alias != found.alias
    if another and (reserved := _refuse_reserved(found, alias)):
        return reserved
    refused = (aliases.refuse_try(found.id) if another else None) or invitations_aliases.unfit_alias(
        alias, names=(name, latin_name), addresses=addresses, but=found.id
    )
    if another:
        aliases.record_try(found.id, refused)
    if refused is None:
        found.name, found.latin_name, found.alias = name, latin_name or None, alias
        record(InvitationFilled(invitation_id=found.id, filled="name"))
    return refused


def save_password(invitation_id: UUID, password_hash: str, *, browser: str = "") -> None:
    """Keep the password that the invited person chose, until the account is made in the same browser.

    `browser` is the secret in the cookie of that browser: another one has to choose a password of its own.
    """
    found = lock_open(invitation_id)
    if found is not None:
        found.password_hash, found.browser_hash = password_hash, browser_hash(found.id, browser)
        record(InvitationFilled(invitation_id=found.id, filled="password"))


def accept(invitation_id: UUID, now: datetime, real_now: datetime, *, browser: str = "") -> UUID | AcceptanceRefusal:
    """Make the person, with posting and roles, or say why it cannot be; in the browser of the password alone."""
    found = lock_open(invitation_id)
    if found is None:
        return AcceptanceRefusal.OVER
    if found.password_hash is None or found.browser_hash != browser_hash(found.id, browser):
        return AcceptanceRefusal.UNFILLED
    if invitations.sender_lost_rights(found):
        withdraw(invitation_id, real_now)
        return AcceptanceRefusal.OVER
    turn = proposals.proposal_key(found.role, found.country) if found.role in PROPOSED_ROLES else None
    lock_key(*filter(None, (found.mail_index, found.service_index, turn)))
    if (taken := _conflict(found, now)) is not None:
        return taken
    person_id = _create_person(found, now)
    found.accepted_at, found.person_id = real_now, person_id
    clear(found)
    record(InvitationAccepted(invitation_id=found.id, person_id=person_id, country=found.country, actor_id=person_id))
    return person_id


def _create_person(found: Invitation, now: datetime) -> UUID:
    """Create the person; a role that waits for a second person is not assigned, and the alias does not name it."""
    proposal = proposals.of_accepted(found.id, found.role, found.country, found.invited_by, now)
    waits = proposal is not None and proposal.approved_at is None
    if waits and names_role(found.alias):
        found.alias = aliases.suggested([aliases.NEUTRAL_TITLE])[0]
    person_id = service.add_person(_new_person(found), now)
    if found.role is not Role.PRACTITIONER and not waits:
        scope, where = reach(found.role, found.country)
        rights_roles.add_role(person_id, found.role, scope=scope, reach=where, since=now.date())
    if proposal is not None:
        proposals.hand_over(proposal, person_id, now)
    return person_id


def _conflict(found: Invitation, now: datetime) -> AcceptanceRefusal | None:
    """Return what of an invitation is an account's by now, which was made since or is called so since."""
    if invitations.country_of_mail(found.mail_index, now.date()) is not None:
        return AcceptanceRefusal.ADDRESS
    if found.service_index is not None and invitations.is_numbered(found.service_index):
        return AcceptanceRefusal.NUMBER
    return AcceptanceRefusal.ALIAS if invitations_aliases.alias_is_taken(found.alias, but=found.id) else None


def _refuse_reserved(found: Invitation, alias: str) -> AliasRefusal | None:
    """Refuse an alias that names another role than the invitation's, or one that waits for a second person."""
    roles = set() if proposals.is_open_for_invitation(found.id) else {found.role}
    return AliasRefusal.ROLE if is_reserved(alias, roles, set(found.posting_roles.split())) else None


def _new_person(found: Invitation) -> NewPerson:
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
