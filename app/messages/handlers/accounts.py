"""What messages do when a room speaks: mail the link of an invitation, tell who invited what became of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from app.access.people_rules import ANYWHERE, PEOPLE_OF_A_COUNTRY, Helper, helper
from app.access.policy import Role, Scope
from app.access.targets import Target
from app.db.session import Buffer
from app.directory.events import IdentityRemoved, ProtectionChanged
from app.identity.events import RoleEnded, RoleGranted
from app.identity.queries import postings
from app.identity.queries import roles as accounts
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
from app.messages.domain import Became, MailKind, NoticeKind
from app.messages.events import MailFailed
from app.messages.service import outbox
from app.ports import ports
from app.recovery import queries
from app.recovery.domain import Side, counted
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


def on_invited(happened: Invited | InvitationRenewed) -> None:
    """Mail the link, new or anew."""
    outbox.mail_invitation(happened.invitation_id, happened.mails, due_at=happened.at, now=happened.at)


def on_mail_failed(happened: MailFailed) -> None:
    """Let whoever invited see that the mail came back."""
    if happened.invitation_id is not None:
        invitations.note_bounced(happened.invitation_id, clock.real_now())


def on_invitation_bounced(happened: InvitationBounced) -> None:
    """Tell whoever invited that a mail came back or, where they look after these people no more, who does now.

    One notice waits at a time: a sheet may have invited thousands to a wrong address.
    """
    by, role = invitations.sent_by(happened.invitation_id)
    told = [by]
    if role in PEOPLE_OF_A_COUNTRY:
        here = _contact_points(happened.country, happened.at.date())
        told = [by] if by in here or not accounts.roles_of(by, happened.at.date()).isdisjoint(ANYWHERE) else here
    outbox.tell_all(
        outbox.without_unread(told, NoticeKind.INVITATION_BOUNCED),
        NoticeKind.INVITATION_BOUNCED,
        occasion=f"bounced {happened.invitation_id} {happened.at.isoformat()}",
        facts={},
        path=ports().path_to(Target.BOUNCED_INVITATIONS),
        now=happened.at,
    )


def on_invitation_closed(happened: InvitationAccepted | InvitationEnded | InvitationWithdrawn) -> None:
    """Take the mails of an invitation that is over out of the outbox; of many together, at the end."""
    _UNSENT.add(happened.invitation_id)


def _delete_unsent(invitations: list[UUID]) -> None:
    outbox.delete_unsent(invitations, clock.real_now())


_UNSENT = Buffer(_delete_unsent)


def on_contact_point_invited(happened: Invited) -> None:
    """Tell of a new contact point before there is an account: who invites could print the letter and open it."""
    if happened.role == Role.CONTACT_POINT and not proposals.is_open_for_invitation(happened.invitation_id):
        made = f"contact point invited {happened.invitation_id}"
        _contact_point_made(
            happened, happened.country, made, but=happened.actor_id, path=ports().path_to(Target.PEOPLE)
        )


def on_contact_point_role_granted(happened: RoleGranted) -> None:
    """Tell that somebody gave the role; an invitation that is accepted has no actor and was told before."""
    if happened.role == Role.CONTACT_POINT and happened.actor_id is not None:
        made = f"contact point named {happened.person_id} {happened.at.isoformat()}"
        path = ports().path_to(Target.PERSON_ROLES, happened.person_id)
        _contact_point_made(happened, happened.reach, made, but=happened.person_id, path=path)


def _contact_point_made(
    happened: Invited | RoleGranted, country: str, occasion: str, *, but: UUID | None, path: str
) -> None:
    """Tell the contact points of the country and, where no other one decides there, the coordinators; never who it is.

    A deputy does not count as another one: whoever names two would hear of the second alone.
    """
    today, told_of = happened.at.date(), {but, happened.actor_id}
    here = accounts.holders(Scope.COUNTRY, country, today)
    told = {NoticeKind.CONTACT_POINT_MADE: {one for role, one in here if role is Role.CONTACT_POINT}}
    if not roles.deciding(country, today) - told_of:
        staff = accounts.holders(Scope.ALL, "", today)
        told[NoticeKind.CONTACT_POINT_FIRST] = {one for role, one in staff if role is Role.COORDINATOR}
    for kind, found in told.items():
        outbox.tell_all(sorted(found - told_of), kind, occasion=occasion, facts={}, path=path, now=happened.at)


def on_invitation_conflict(happened: InvitationRefused | InvitedElsewhere) -> None:
    """Tell a country's contact points that an address or number is wanted twice: not where else.

    Whose own invitation it is are led to it; others to their list, for they have none to that address.
    """
    occasion = f"invitation refused {happened.country} {happened.at.date().isoformat()}"
    path = ports().path_to(Target.INVITATIONS)
    if isinstance(happened, InvitedElsewhere) and happened.invitation_id is not None:
        occasion = f"{occasion} {happened.invitation_id}"
        path = ports().path_to(Target.INVITATION, happened.invitation_id)
    outbox.tell_all(
        _contact_points(happened.country, happened.at.date()),
        NoticeKind.INVITATION_REFUSED,
        occasion=occasion,
        facts={},
        path=path,
        now=happened.at,
    )


def _contact_points(country: str, today: date) -> list[UUID]:
    holders = accounts.holders(Scope.COUNTRY, country, today)
    return [person_id for role, person_id in holders if role is Role.CONTACT_POINT]


def on_browser_first_seen(happened: BrowserFirstSeen) -> None:
    """Tell a person that the account was used where it had not been."""
    occasion = f"new sign-in {happened.session_id}"
    _of_the_account(happened.person_id, MailKind.NEW_SIGN_IN, occasion, happened.at)


def on_account_changed(happened: FactorAdded | FactorRemoved | FactorsInvalidated | PasswordChanged) -> None:
    """Tell a person that the way they sign in has changed."""
    occasion = f"account changed {happened.at.isoformat()}"
    _of_the_account(happened.person_id, MailKind.ACCOUNT_CHANGED, occasion, happened.at)


def on_link_made(happened: LinkMade) -> None:
    """Mail a link to a new password; the secret part is put in when it is sent."""
    facts = {"link": str(happened.link_id)}
    _of_the_account(happened.person_id, MailKind.PASSWORD_LINK, f"password link {happened.link_id}", happened.at, facts)


def on_link_withheld(happened: LinkWithheld) -> None:
    """Tell a person that somebody has to know them again first."""
    _of_the_account(happened.person_id, MailKind.PASSWORD_LINK, f"no link {happened.asked}", happened.at)


def on_access_restored(happened: AccessRestored) -> None:
    """Tell a person that a code was handed out, should they not have it."""
    occasion = f"let back in {happened.at.isoformat()}"
    _of_the_account(happened.person_id, MailKind.LET_BACK_IN, occasion, happened.at)


def on_second_helper_found(happened: AccessRestored) -> None:
    """Let nobody be asked any more to let an administrator back in."""
    administrators = roles.administrators(happened.at.date())
    if happened.person_id in administrators:
        path = ports().path_to(Target.PERSON_ACCESS, happened.person_id)
        outbox.settle_open(administrators, NoticeKind.SECOND_WANTED, path, Became.LET_IN, happened.at)


def on_second_helper_wanted(happened: SecondHelperWanted) -> None:
    """Tell the other administrators that a second one has to agree."""
    others = roles.administrators(happened.at.date()) - {happened.person_id, happened.actor_id}
    outbox.tell_all(
        sorted(others),
        NoticeKind.SECOND_WANTED,
        occasion=f"second wanted {happened.person_id} {happened.at.isoformat()}",
        facts={},
        path=ports().path_to(Target.PERSON_ACCESS, happened.person_id),
        now=happened.at,
    )


def on_administrator_asked(happened: AdministratorAsked) -> None:
    """Tell the other administrators that a second one has to agree."""
    others = roles.administrators(happened.at.date()) - {happened.person_id, happened.actor_id}
    outbox.tell_all(
        sorted(others),
        NoticeKind.ADMINISTRATOR_WANTED,
        occasion=f"administrator wanted {happened.asked_id}",
        facts={},
        path=ports().path_to(Target.PERSON_ROLES, happened.person_id),
        now=happened.at,
    )


def on_administrator_answered(happened: AdministratorAnswered) -> None:
    """Let nobody be asked any more who was: say what became of it."""
    outbox.settle(f"administrator wanted {happened.asked_id}", Became(happened.answer), happened.at)


def on_role_granted(happened: RoleGranted) -> None:
    """Tell a person of a role that somebody gave them, and until when; of what came with the account, nothing."""
    if happened.actor_id in {None, happened.person_id}:
        return
    outbox.tell(
        happened.person_id,
        NoticeKind.ROLE_GIVEN,
        occasion=f"role given {happened.role} {happened.at.isoformat()}",
        facts={"role": happened.role, "until": happened.until.isoformat() if happened.until else ""},
        path=ports().path_to(Target.ACCESS_TABLE),
        now=happened.at,
    )


def on_staff_role_granted(happened: RoleGranted) -> None:
    """Tell the contact points of an officer that somebody else looks after the account from now on.

    Of a contact point they are told apart, of who comes as staff not at all.
    """
    today = happened.at.date()
    now = accounts.roles_valid_from(happened.person_id, today)
    if (new := (Role(happened.role), Scope(happened.scope))) not in now:  # it was over when it was given
        return
    before = now[: now.index(new)] + now[now.index(new) + 1 :]
    moved = [helper(counted(held)) for held in (before, now)] == [Helper.CONTACT_POINT, Helper.COORDINATOR]
    posting = postings.posting_on(happened.person_id, today)
    if happened.role == Role.CONTACT_POINT or not moved or posting is None or not (before or posting.roles):
        return
    told = set(_contact_points(posting.country, today)) - {happened.actor_id, happened.person_id}
    outbox.tell_all(
        sorted(told),
        NoticeKind.OFFICER_BECAME_STAFF,
        occasion=f"officer became staff {happened.person_id} {happened.at.isoformat()}",
        facts={},
        path=ports().path_to(Target.PERSON_ROLES, happened.person_id),
        now=happened.at,
    )


def on_role_ended(happened: RoleEnded) -> None:
    """Tell a person why they had to sign in again."""
    occasion = f"role ended {happened.role} {happened.at.isoformat()}"
    outbox.tell(
        happened.person_id,
        NoticeKind.ROLE_ENDED,
        occasion=occasion,
        facts={},
        path=ports().path_to(Target.SETTINGS),
        now=happened.at,
    )


def on_protection_changed(happened: ProtectionChanged) -> None:
    """Tell an officer who counts as under threat no longer, and the other contact points of the country.

    Of coming under threat nothing is told: who runs the desk tells it in person.
    """
    if happened.protected:
        return
    occasion = f"threat over {happened.person_id} {happened.at.isoformat()}"
    for told, kind, path in (
        ([happened.person_id], NoticeKind.THREAT_OVER, ports().path_to(Target.SETTINGS)),
        (
            _others_of_the_desk(happened),
            NoticeKind.OFFICER_SEEN_AGAIN,
            ports().path_to(Target.PERSON_SERVICE, happened.person_id),
        ),
    ):
        outbox.tell_all(told, kind, occasion=occasion, facts={}, path=path, now=happened.at)


def _others_of_the_desk(happened: ProtectionChanged) -> list[UUID]:
    here = accounts.holders(Scope.COUNTRY, happened.country, happened.at.date())
    found = {one for role, one in here if role is Role.CONTACT_POINT}
    return sorted(found - {happened.person_id, happened.actor_id})


def on_address_change_begun(happened: AddressChangeBegun) -> None:
    """Mail a link to the old and to the new address; one that is somebody else's gets none when it is sent."""
    for side in Side:
        facts = {"change": str(happened.change_id), "side": side}
        occasion = f"address {side} {happened.change_id}"
        _of_the_account(happened.person_id, MailKind.ADDRESS_LINK, occasion, happened.at, facts)


def on_address_changed(happened: AddressChanged) -> None:
    """Tell both addresses that the change came about."""
    occasion, facts = f"address changed {happened.change_id}", {"change": str(happened.change_id)}
    _of_the_account(happened.person_id, MailKind.ADDRESS_CHANGED, occasion, happened.at, facts)
    _of_the_account(happened.person_id, MailKind.ACCOUNT_CHANGED, f"new {occasion}", happened.at)


def on_address_claimed(happened: AddressClaimed) -> None:
    """Tell whose address somebody wanted, and their contact points: not who, and not which."""
    day = happened.at.date().isoformat()
    _of_the_account(happened.person_id, MailKind.ADDRESS_CLAIMED, f"address claimed {day}", happened.at)
    _address_wanted(_contact_points(happened.country, happened.at.date()), happened.country, happened.at)


def on_address_refused(happened: AddressRefused) -> None:
    """Tell the contact points of who wanted another person's address; who asked learns nothing, be it one of them."""
    asked, today = queries.who_asked(happened.change_id), happened.at.date()
    country = postings.countries([asked], today).get(asked, "") if asked else ""
    if country:
        _address_wanted([one for one in _contact_points(country, today) if one != asked], country, happened.at)


def _address_wanted(people: Sequence[UUID], country: str, now: datetime) -> None:
    outbox.tell_all(
        people,
        NoticeKind.ADDRESS_CLAIMED,
        occasion=f"address claimed {country} {now.date().isoformat()}",
        facts={},
        path=ports().path_to(Target.PEOPLE),
        now=now,
    )


def _of_the_account(
    person_id: UUID, kind: MailKind, occasion: str, now: datetime, facts: Mapping[str, str] | None = None
) -> None:
    outbox.mail(person_id, kind, occasion=occasion, facts=facts or {}, due_at=now, now=now)


def on_identity_removed(happened: IdentityRemoved) -> None:
    """Keep no mail to somebody whose address is kept no longer."""
    outbox.delete_mail(happened.person_id, invitations_invitations.invitations_of(happened.person_id))
