"""Notices and mails for events of accounts: invitations, sign-in, recovery, rights, changes of address."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from app.access.people_rules import ANYWHERE, PEOPLE_OF_A_COUNTRY, Helper, helper
from app.access.policy import Role, Scope
from app.access.targets import Target
from app.db.session import Buffer
from app.directory.events import IdentityRemoved, ProtectionChanged
from app.identity.events import RoleEnded, RoleGranted
from app.identity.queries import postings, roles as accounts
from app.invitations.events import (
    InvitationAccepted,
    InvitationBounced,
    InvitationEnded,
    InvitationRefused,
    InvitationRenewed,
    InvitationWithdrawn,
    Invited,
    InvitedElsewhere,
)
from app.invitations.queries import invitations as invitations_invitations
from app.invitations.service import invitations
from app.kernel import clock
from app.messages.domain import MailKind, NoticeKind, NoticeResult
from app.messages.events import MailFailed
from app.messages.service import outbox
from app.ports import ports
from app.recovery import queries
from app.recovery.domain import Mailbox, roles_for_recovery
from app.recovery.events import (
    AccessRestored,
    AddressChangeBegun,
    AddressChanged,
    AddressClaimed,
    AddressRefused,
    LinkMade,
    LinkWithheld,
    SecondHelperWanted,
)
from app.rights.events import AdministratorAnswered, AdministratorAsked
from app.rights.queries import roles
from app.rights.service import proposals
from app.sign_in.events import BrowserFirstSeen, FactorAdded, FactorRemoved, FactorsInvalidated, PasswordChanged


def on_invited(event: Invited | InvitationRenewed) -> None:
    """Mail the link of a new or renewed invitation."""
    outbox.mail_invitation(event.invitation_id, event.mails, due_at=event.at, now=event.at)


def on_mail_failed(event: MailFailed) -> None:
    """Record in the invitation that its mail bounced."""
    if event.invitation_id is not None:
        invitations.record_bounce(event.invitation_id, clock.real_now())


def on_invitation_bounced(event: InvitationBounced) -> None:
    """Notify the sender that a mail bounced or, if the sender lost the rights, the contact points of the country.

    A person has at most one unread notice of this kind: a sheet may have invited thousands to a wrong address.
    """
    sender_id, role = invitations.sent_by(event.invitation_id)
    recipients, today = [sender_id], event.at.date()
    if role in PEOPLE_OF_A_COUNTRY:
        contact_points = _contact_points(event.country, today)
        informs_sender = sender_id in contact_points or not accounts.roles_of(sender_id, today).isdisjoint(ANYWHERE)
        recipients = [sender_id] if informs_sender else contact_points
    outbox.tell_all(
        outbox.without_unread(recipients, NoticeKind.INVITATION_BOUNCED),
        NoticeKind.INVITATION_BOUNCED,
        occasion=f"bounced {event.invitation_id} {event.at.isoformat()}",
        path=ports().path_to(Target.BOUNCED_INVITATIONS),
        now=event.at,
    )


def on_invitation_closed(event: InvitationAccepted | InvitationEnded | InvitationWithdrawn) -> None:
    """Delete the unsent mails of a closed invitation, for many invitations together at the end."""
    _UNSENT.add(event.invitation_id)


def _delete_unsent(invitations: list[UUID]) -> None:
    outbox.delete_unsent(invitations, clock.real_now())


_UNSENT = Buffer(_delete_unsent)


def on_contact_point_invited(event: Invited) -> None:
    """Notify of an invited contact point before the account exists: the sender could use a printed letter."""
    if event.role == Role.CONTACT_POINT and not proposals.is_open_for_invitation(event.invitation_id):
        occasion = f"contact point invited {event.invitation_id}"
        _notify_of_contact_point(
            event, event.country, occasion, but=event.actor_id, path=ports().path_to(Target.PEOPLE)
        )


def on_contact_point_role_granted(event: RoleGranted) -> None:
    """Notify of a new contact point; an accepted invitation has no actor and was reported before."""
    if event.role == Role.CONTACT_POINT and event.actor_id is not None:
        occasion = f"contact point named {event.person_id} {event.at.isoformat()}"
        path = ports().path_to(Target.PERSON_ROLES, event.person_id)
        _notify_of_contact_point(event, event.reach, occasion, but=event.person_id, path=path)


def _notify_of_contact_point(
    event: Invited | RoleGranted, country: str, occasion: str, *, but: UUID | None, path: str
) -> None:
    """Notify the contact points of the country and, if no other one decides there, the coordinators; name no person.

    A deputy does not count as another contact point: a person who names two would hear of the second alone.
    """
    today, informed = event.at.date(), {but, event.actor_id}
    recipients = {NoticeKind.CONTACT_POINT_MADE: set(_contact_points(country, today))}
    if not roles.deciders_of(country, today) - informed:
        staff = accounts.holders(Scope.ALL, "", today)
        recipients[NoticeKind.CONTACT_POINT_FIRST] = {
            person_id for role, person_id in staff if role is Role.COORDINATOR
        }
    for kind, people in recipients.items():
        outbox.tell_all(sorted(people - informed), kind, occasion=occasion, path=path, now=event.at)


def on_invitation_conflict(event: InvitationRefused | InvitedElsewhere) -> None:
    """Notify a country's contact points that an address or number is wanted twice, but not in which other country.

    Contact points whose own invitation it is get a link to it; others get a link to their list of invitations.
    """
    occasion = f"invitation refused {event.country} {event.at.date().isoformat()}"
    path = ports().path_to(Target.INVITATIONS)
    if isinstance(event, InvitedElsewhere) and event.invitation_id is not None:
        occasion = f"{occasion} {event.invitation_id}"
        path = ports().path_to(Target.INVITATION, event.invitation_id)
    recipients = _contact_points(event.country, event.at.date())
    outbox.tell_all(recipients, NoticeKind.INVITATION_REFUSED, occasion=occasion, path=path, now=event.at)


def _contact_points(country: str, today: date) -> list[UUID]:
    holders = accounts.holders(Scope.COUNTRY, country, today)
    return [person_id for role, person_id in holders if role is Role.CONTACT_POINT]


def on_browser_first_seen(event: BrowserFirstSeen) -> None:
    """Mail a person that the account was used in a new browser."""
    _of_the_account(event.person_id, MailKind.NEW_SIGN_IN, f"new sign-in {event.session_id}", event.at)


def on_account_changed(event: FactorAdded | FactorRemoved | FactorsInvalidated | PasswordChanged) -> None:
    """Mail a person that the way to sign in has changed."""
    occasion = f"account changed {event.at.isoformat()}"
    _of_the_account(event.person_id, MailKind.ACCOUNT_CHANGED, occasion, event.at)


def on_link_made(event: LinkMade) -> None:
    """Mail a link to a new password; the secret part is added when the mail is sent."""
    facts = {"link": str(event.link_id)}
    _of_the_account(event.person_id, MailKind.PASSWORD_LINK, f"password link {event.link_id}", event.at, facts)


def on_link_withheld(event: LinkWithheld) -> None:
    """Mail a person, without a link, that a contact point must identify them first."""
    _of_the_account(event.person_id, MailKind.PASSWORD_LINK, f"no link {event.asked}", event.at)


def on_access_restored(event: AccessRestored) -> None:
    """Mail a person that a code was issued, in case another person received it."""
    occasion = f"let back in {event.at.isoformat()}"
    _of_the_account(event.person_id, MailKind.LET_BACK_IN, occasion, event.at)


def on_second_helper_found(event: AccessRestored) -> None:
    """Settle the requests to restore the access of an administrator."""
    administrators = roles.administrators(event.at.date())
    if event.person_id in administrators:
        path = ports().path_to(Target.PERSON_ACCESS, event.person_id)
        outbox.settle_open(administrators, NoticeKind.SECOND_WANTED, path, NoticeResult.LET_IN, event.at)


def on_second_helper_wanted(event: SecondHelperWanted) -> None:
    """Notify the other administrators that a second one must agree to restore access."""
    occasion = f"second wanted {event.person_id} {event.at.isoformat()}"
    _notify_other_administrators(event, NoticeKind.SECOND_WANTED, occasion, Target.PERSON_ACCESS)


def on_administrator_asked(event: AdministratorAsked) -> None:
    """Notify the other administrators that a second one must agree to a new administrator."""
    occasion = f"administrator wanted {event.asked_id}"
    _notify_other_administrators(event, NoticeKind.ADMINISTRATOR_WANTED, occasion, Target.PERSON_ROLES)


def _notify_other_administrators(
    event: SecondHelperWanted | AdministratorAsked, kind: NoticeKind, occasion: str, target: Target
) -> None:
    others = roles.administrators(event.at.date()) - {event.person_id, event.actor_id}
    path = ports().path_to(target, event.person_id)
    outbox.tell_all(sorted(others), kind, occasion=occasion, path=path, now=event.at)


def on_administrator_answered(event: AdministratorAnswered) -> None:
    """Settle the requests for a new administrator with their result."""
    outbox.settle_notices(f"administrator wanted {event.asked_id}", NoticeResult(event.answer), event.at)


def on_role_granted(event: RoleGranted) -> None:
    """Notify a person of a role that another user assigned, with its end; not of roles of a new account."""
    if event.actor_id in {None, event.person_id}:
        return
    outbox.notify(
        event.person_id,
        NoticeKind.ROLE_GIVEN,
        occasion=f"role given {event.role} {event.at.isoformat()}",
        facts={"role": event.role, "until": event.until.isoformat() if event.until else ""},
        path=ports().path_to(Target.ACCESS_TABLE),
        now=event.at,
    )


def on_staff_role_granted(event: RoleGranted) -> None:
    """Notify the contact points of an officer that a coordinator is responsible for the account from now on.

    New contact points have a notice of their own; accounts that begin as staff have none.
    """
    today = event.at.date()
    posting = postings.posting_on(event.person_id, today)
    if event.role == Role.CONTACT_POINT or posting is None or not _becomes_staff(event, posting.roles):
        return
    recipients = set(_contact_points(posting.country, today)) - {event.actor_id, event.person_id}
    outbox.tell_all(
        sorted(recipients),
        NoticeKind.OFFICER_BECAME_STAFF,
        occasion=f"officer became staff {event.person_id} {event.at.isoformat()}",
        path=ports().path_to(Target.PERSON_ROLES, event.person_id),
        now=event.at,
    )


def _becomes_staff(event: RoleGranted, posting_roles: Sequence[str]) -> bool:
    """Return whether the role moves an officer from the contact points to the coordinators."""
    roles_now = accounts.roles_valid_from(event.person_id, event.at.date())
    new = (Role(event.role), Scope(event.scope))
    if new not in roles_now:  # the role had ended when it was assigned
        return False
    before = list(roles_now)
    before.remove(new)
    moved = (helper(roles_for_recovery(before)), helper(roles_for_recovery(roles_now))) == (
        Helper.CONTACT_POINT,
        Helper.COORDINATOR,
    )
    return moved and bool(before or posting_roles)


def on_role_ended(event: RoleEnded) -> None:
    """Notify a person that a role has ended, which is why they had to sign in again."""
    occasion = f"role ended {event.role} {event.at.isoformat()}"
    path = ports().path_to(Target.SETTINGS)
    outbox.notify(event.person_id, NoticeKind.ROLE_ENDED, occasion=occasion, path=path, now=event.at)


def on_protection_changed(event: ProtectionChanged) -> None:
    """Notify an officer who is no longer under threat, and the other contact points of the country.

    There is no notice of coming under threat: the contact point reports that in person.
    """
    if event.protected:
        return
    occasion = f"threat over {event.person_id} {event.at.isoformat()}"
    path = ports().path_to(Target.SETTINGS)
    outbox.notify(event.person_id, NoticeKind.THREAT_OVER, occasion=occasion, path=path, now=event.at)
    others = set(_contact_points(event.country, event.at.date())) - {event.person_id, event.actor_id}
    path = ports().path_to(Target.PERSON_SERVICE, event.person_id)
    outbox.tell_all(sorted(others), NoticeKind.OFFICER_SEEN_AGAIN, occasion=occasion, path=path, now=event.at)


def on_address_change_begun(event: AddressChangeBegun) -> None:
    """Queue a link to the old and to the new address; another person's address gets none when it is sent."""
    for side in Mailbox:
        facts = {"change": str(event.change_id), "side": side}
        occasion = f"address {side} {event.change_id}"
        _of_the_account(event.person_id, MailKind.ADDRESS_LINK, occasion, event.at, facts)


def on_address_changed(event: AddressChanged) -> None:
    """Mail both addresses that the change is complete."""
    occasion, facts = f"address changed {event.change_id}", {"change": str(event.change_id)}
    _of_the_account(event.person_id, MailKind.ADDRESS_CHANGED, occasion, event.at, facts)
    _of_the_account(event.person_id, MailKind.ACCOUNT_CHANGED, f"new {occasion}", event.at)


def on_address_claimed(event: AddressClaimed) -> None:
    """Notify the owner of a claimed address and the contact points, without the claimant and the address."""
    day = event.at.date().isoformat()
    _of_the_account(event.person_id, MailKind.ADDRESS_CLAIMED, f"address claimed {day}", event.at)
    _address_wanted(_contact_points(event.country, event.at.date()), event.country, event.at)


def on_address_refused(event: AddressRefused) -> None:
    """Notify the contact points of the claimant of another person's address, but never the claimant."""
    asked, today = queries.who_asked(event.change_id), event.at.date()
    country = postings.countries([asked], today).get(asked, "") if asked else ""
    if country:
        _address_wanted(
            [person_id for person_id in _contact_points(country, today) if person_id != asked], country, event.at
        )


def _address_wanted(people: Sequence[UUID], country: str, now: datetime) -> None:
    occasion, path = f"address claimed {country} {now.date().isoformat()}", ports().path_to(Target.PEOPLE)
    outbox.tell_all(people, NoticeKind.ADDRESS_CLAIMED, occasion=occasion, path=path, now=now)


def _of_the_account(
    person_id: UUID, kind: MailKind, occasion: str, now: datetime, facts: Mapping[str, object] = outbox.NO_FACTS
) -> None:
    outbox.mail(person_id, kind, occasion=occasion, facts=facts, due_at=now, now=now)


def on_identity_removed(event: IdentityRemoved) -> None:
    """Delete the mails to a person whose address was removed."""
    outbox.delete_mail(event.person_id, invitations_invitations.invitations_of(event.person_id))
