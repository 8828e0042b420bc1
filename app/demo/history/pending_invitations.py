"""Open, printed, bounced and expired invitations, for the demonstration's `/people/invitations`; after `year.fill`."""

from datetime import datetime, timedelta
from uuid import UUID

from app.access.policy import Role
from app.db.session import db, transaction
from app.demo.cast import roster
from app.identity.queries import people
from app.invitations.service import invitations
from app.invitations.service.invitations import NewInvitation
from app.kernel import context
from app.messages.service import outbox
from app.sign_in.queries import sessions

INVITER_ALIAS = "Contact point 1"
# name, mail, language, days since the invitation; its state
GUESTS = (
    ("Fictional Person One", "guest1@example.org", "en", 0, ""),
    ("شخص خيالي", "guest2@example.org", "ar", 0, "letter"),
    ("Fictional Person Three", "guest3@example.org", "en", 1, "bounced"),
    ("Personne Fictive", "guest4@example.org", "fr", 2, ""),
    ("Fictional Person Five", "guest5@example.org", "en", 6, ""),
    ("شخصية خيالية", "guest6@example.org", "ar", 8, ""),
    ("Fictional Person Seven", "guest7@example.org", "en", 9, ""),
)


def invite(real_now: datetime) -> None:
    """Invite people as `INVITER_ALIAS`: some are open, one is a letter, one has bounced, some have expired."""
    host = next(player for player in roster.staff() if player.alias == INVITER_ALIAS)
    credentials = sessions.credentials_by_name(host.mail)
    agency = next((agency_id for agency_id, _country, _name in people.agencies(host.country)), None)
    db.session.rollback()
    if credentials is None or agency is None:
        return
    context.actor_id.set(credentials[0])
    try:
        for name, mail, language, days, state in GUESTS:
            new = NewInvitation(
                mail=mail, name=name, latin_name=None, service_number=None, country=host.country, agency_id=agency,
                role=Role.PRACTITIONER, posting_roles=("first_responder",), title="First responder", language=language,
            )  # fmt: skip
            _invite(new, credentials[0], real_now, days, state)
    finally:
        context.actor_id.set(None)


def _invite(new: NewInvitation, by: UUID, real_now: datetime, days: int, state: str) -> None:
    at = real_now - timedelta(days=days)
    with transaction():
        invitation_id = invitations.invite(new, by, at)
    if not isinstance(invitation_id, UUID):
        return
    with transaction():
        if state == "letter":
            invitations.print_letter(invitation_id, at)
        elif state == "bounced":
            invitations.record_bounce(invitation_id, at)
        if days:
            outbox.delete_mail(invitation_id, [invitation_id])  # sent on the day of the invitation
