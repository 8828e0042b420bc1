"""Open, printed, bounced and expired invitations, for the demonstration's `/people/invitations`; after `year.fill`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.access.policy import Role
from app.db.session import db, transaction
from app.demo.cast import roster
from app.demo.cast.roster import Player
from app.demo.history import timeline
from app.identity.queries import people
from app.invitations.service import invitations
from app.invitations.service.invitations import NewInvitation
from app.kernel import clock
from app.messages.service import outbox
from app.sign_in.queries import sessions

INVITER_ALIAS = "Contact point 1"
WAITING_COUNTRY, WAITING, BOUNCED, BOUNCED_STATE = "BD", 38, 9, "bounced"
INVITED_DAYS = 21  # since the first of these invitations


@dataclass(frozen=True, slots=True)
class InvitedGuest:
    """An invited person: name, mail, language, days since the invitation, and its state ("": open or expired)."""

    name: str
    mail: str
    language: str
    days: int
    state: str


GUESTS = (
    ("Fictional Person One", "guest1@example.org", "en", 0, ""),
    ("شخص خيالي", "guest2@example.org", "ar", 0, "letter"),
    ("Fictional Person Three", "guest3@example.org", "en", 1, BOUNCED_STATE),
    ("Personne Fictive", "guest4@example.org", "fr", 2, ""),
    ("Fictional Person Five", "guest5@example.org", "en", 6, ""),
    ("شخصية خيالية", "guest6@example.org", "ar", 8, ""),
    ("Fictional Person Seven", "guest7@example.org", "en", 9, ""),
)


def invite(real_now: datetime) -> None:
    """Invite people as `INVITER_ALIAS`: some are open, one is a letter, one has bounced, some have expired."""
    guests = [InvitedGuest(*guest) for guest in GUESTS]
    _invite_all(next(player for player in roster.staff() if player.alias == INVITER_ALIAS), guests, real_now)


def invite_waiting(real_now: datetime) -> None:
    """Invite the officers of `WAITING_COUNTRY`, none of whom has come in; the mails to some of them came back."""
    host = next(
        player
        for player in roster.staff()
        if any((grant.role, grant.reach) == (Role.CONTACT_POINT, WAITING_COUNTRY) for grant in player.grants)
    )
    guests = [
        InvitedGuest(
            f"Fictional Guest {number}", f"invited{number}@example.org", "en", INVITED_DAYS + number % 5,
            BOUNCED_STATE if number % 4 == 0 and number <= 4 * BOUNCED else "",
        )
        for number in range(1, WAITING + 1)
    ]  # fmt: skip
    _invite_all(host, guests, real_now)


def _invite_all(host: Player, guests: Sequence[InvitedGuest], real_now: datetime) -> None:
    credentials = sessions.credentials_by_name(host.mail)
    agency = next((agency_id for agency_id, _country, _name in people.agencies(host.country)), None)
    db.session.rollback()
    if credentials is None or agency is None:
        return
    with timeline.acting(credentials[0]):
        for guest in guests:
            new = NewInvitation(
                mail=guest.mail, name=guest.name, latin_name=None, service_number=None, country=host.country,
                agency_id=agency, role=Role.PRACTITIONER, posting_roles=("first_responder",), title="First responder",
                language=guest.language,
            )  # fmt: skip
            _invite(new, credentials[0], real_now, guest)


def _invite(new: NewInvitation, by: UUID, real_now: datetime, guest: InvitedGuest) -> None:
    ago = timedelta(days=guest.days)
    at = real_now - ago
    with timeline.as_of(clock.now() - ago), transaction():
        invitation_id = invitations.invite(new, by, at)
    if not isinstance(invitation_id, UUID):
        return
    with timeline.as_of(clock.now() - ago), transaction():
        if guest.state == "letter":
            invitations.print_letter(invitation_id, at)
        elif guest.state == BOUNCED_STATE:
            invitations.record_bounce(invitation_id, at)
        if guest.days:
            outbox.delete_mail(invitation_id, [invitation_id])  # sent on the day of the invitation
