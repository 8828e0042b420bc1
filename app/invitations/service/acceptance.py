"""Accept an invitation step by step: save name and alias, save the password, create the account."""

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
from app.invitations.domain.invitations import browser_hash, scope_and_reach
from app.invitations.domain.reserved_aliases import is_reserved, names_role
from app.invitations.events import InvitationAccepted, InvitationFilled
from app.invitations.models import Invitation
from app.invitations.queries import invitations
from app.invitations.queries.aliases import alias_is_taken, unfit_alias
from app.invitations.service import aliases
from app.invitations.service.invitations import clear, lock_open, withdraw
from app.rights.domain.proposals import PROPOSED_ROLES
from app.rights.service import proposals, roles


class AcceptanceRefusal(StrEnum):
    """Why an invitation cannot be accepted."""

    OVER = "over"  # or its sender may no longer invite
    UNFILLED = "unfilled"  # no password was chosen, or it was chosen in another browser
    ADDRESS = "address"  # another account has the mail address
    NUMBER = "number"  # another account has the service number
    ALIAS = "alias"  # another person has the alias


def save_name(invitation_id: UUID, *, name: str, latin_name: str, alias: str) -> AliasRefusal | None:
    """Save the names and the alias of the invited person, or return why the alias is refused.

    Each new alias is counted, because the reply reveals whether another person has it.
    """
    aliases.lock_alias(alias)
    invitation = lock_open(invitation_id)
    if invitation is None:
        return None
    is_new = alias != invitation.alias
    if is_new and (refusal := _refuse_new_alias(invitation, alias)):
        return refusal
    addresses = (invitation.mail, invitation.service_number or "")
    refusal = unfit_alias(alias, names=(name, latin_name), addresses=addresses, exclude_id=invitation.id)
    if is_new:
        aliases.record_try(invitation.id)
    if refusal is None:
        _save_name(invitation, name, latin_name, alias)
    return refusal


def _save_name(invitation: Invitation, name: str, latin_name: str, alias: str) -> None:
    invitation.name, invitation.latin_name, invitation.alias = name, latin_name or None, alias
    record(InvitationFilled(invitation_id=invitation.id, filled="name"))


def save_password(invitation_id: UUID, password_hash: str, *, browser: str = "") -> None:
    """Save the password that the invited person chose, until the account is created in the same browser.

    `browser` is the secret in the cookie of that browser: in another one a password has to be chosen again.
    """
    invitation = lock_open(invitation_id)
    if invitation is not None:
        invitation.password_hash, invitation.browser_hash = password_hash, browser_hash(invitation.id, browser)
        record(InvitationFilled(invitation_id=invitation.id, filled="password"))


def accept(invitation_id: UUID, now: datetime, real_now: datetime, *, browser: str = "") -> UUID | AcceptanceRefusal:
    """Create the person with posting and roles, or return why not; only in the browser of the password."""
    invitation = lock_open(invitation_id)
    if invitation is None:
        return AcceptanceRefusal.OVER
    if invitation.password_hash is None or invitation.browser_hash != browser_hash(invitation.id, browser):
        return AcceptanceRefusal.UNFILLED
    if invitations.sender_lost_rights(invitation):
        withdraw(invitation_id, real_now)
        return AcceptanceRefusal.OVER
    _lock_identifiers(invitation)
    if (refusal := _refuse_taken(invitation, now)) is not None:
        return refusal
    person_id = _create_person(invitation, now)
    invitation.accepted_at, invitation.person_id = real_now, person_id
    clear(invitation)
    record(
        InvitationAccepted(
            invitation_id=invitation.id, person_id=person_id, country=invitation.country, actor_id=person_id
        )
    )
    return person_id


def _lock_identifiers(invitation: Invitation) -> None:
    """Lock the mail address and the service number, and the role if it needs a second person."""
    needs_proposal = invitation.role in PROPOSED_ROLES
    key = proposals.proposal_key(invitation.role, invitation.country) if needs_proposal else None
    lock_key(*filter(None, (invitation.mail_index, invitation.service_index, key)))


def _create_person(invitation: Invitation, now: datetime) -> UUID:
    """Create the person; a role that waits for a second person is not assigned, and the alias does not name it."""
    proposal = proposals.of_accepted(invitation.id, invitation.role, invitation.country, invitation.invited_by, now)
    waits = proposal is not None and proposal.approved_at is None
    if waits and names_role(invitation.alias):
        invitation.alias = aliases.suggested([aliases.NEUTRAL_TITLE])[0]
    person_id = service.add_person(_new_person(invitation), now)
    if invitation.role is not Role.PRACTITIONER and not waits:
        scope, country = scope_and_reach(invitation.role, invitation.country)
        roles.add_role(person_id, invitation.role, scope=scope, reach=country, since=now.date())
    if proposal is not None:
        proposals.hand_over(proposal, person_id, now)
    return person_id


def _refuse_taken(invitation: Invitation, now: datetime) -> AcceptanceRefusal | None:
    """Return which part of an invitation another account has taken since it was sent, or None."""
    if invitations.country_of_mail(invitation.mail_index, now.date()) is not None:
        return AcceptanceRefusal.ADDRESS
    if invitation.service_index is not None and invitations.is_numbered(invitation.service_index):
        return AcceptanceRefusal.NUMBER
    is_taken = alias_is_taken(invitation.alias, exclude_id=invitation.id)
    return AcceptanceRefusal.ALIAS if is_taken else None


def _refuse_new_alias(invitation: Invitation, alias: str) -> AliasRefusal | None:
    """Return why another alias than the one of the invitation may not be tried, or None."""
    return _refuse_reserved(invitation, alias) or aliases.refuse_try(invitation.id)


def _refuse_reserved(invitation: Invitation, alias: str) -> AliasRefusal | None:
    """Refuse an alias that names another role than the invitation's, or one that waits for a second person."""
    assigned = set() if proposals.is_open_for_invitation(invitation.id) else {invitation.role}
    return AliasRefusal.ROLE if is_reserved(alias, assigned, set(invitation.posting_roles.split())) else None


def _new_person(invitation: Invitation) -> NewPerson:
    is_practitioner = invitation.role is Role.PRACTITIONER
    return NewPerson(
        alias=invitation.alias,
        name=invitation.name,
        mail=invitation.mail,
        password_hash=invitation.password_hash or "",
        country=invitation.country,
        agency_id=invitation.agency_id,
        roles=tuple(invitation.posting_roles.split()) if is_practitioner else (),
        language=invitation.language,
        time_zone=people.country_of(invitation.country).time_zone,
        latin_name=invitation.latin_name,
        service_number=invitation.service_number,
    )
