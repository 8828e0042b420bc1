"""View models of invitations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import lazy_gettext, lazy_pgettext

from app.access.guard import actor
from app.access.people_rules import ANYWHERE
from app.access.words import ROLES
from app.invitations.domain.invitations import OVER, InvitationState
from app.invitations.forms import InviteForm, WaitingForm
from app.invitations.pages.letters import LetterSheet
from app.invitations.queries.invitations import InvitationLine
from app.kernel import clock
from app.sign_in.web.forms import ProvingForm
from app.web.pages import Page

STATES = {
    InvitationState.OPEN: (lazy_pgettext("invitation", "Open"), "wait"),
    InvitationState.EXPIRED: (lazy_gettext("Expired"), "risk"),
    InvitationState.ACCEPTED: (lazy_gettext("Accepted"), "good"),
    InvitationState.WITHDRAWN: (lazy_gettext("Withdrawn"), "none"),
    InvitationState.ENDED: (lazy_pgettext("invitation", "Ended"), "none"),
}
CAME_BACK = lazy_gettext("The mail came back"), "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationSummary:
    """An invitation as pages show it; `own_country` is whether the user needs no name of the country."""

    id: UUID
    href: str
    alias: str
    role: str
    country: str
    agency: str
    own_country: bool
    name: str
    mail: str
    language: str
    ends_at: datetime
    letter_ends_at: datetime | None
    label: str
    kind: str
    is_returned: bool
    is_closed: bool
    is_ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvitationsPage(Page):
    """A page of the list of open invitations."""

    template: ClassVar[str] = "invitations/waiting.html"
    form: WaitingForm
    expired: int
    most: int  # renewed by one request
    invitations: Sequence[InvitationSummary]
    pages: Sequence[tuple[int, str, bool]]
    onward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitePage(Page):
    """The form of an invitation."""

    template: ClassVar[str] = "invitations/invite.html"
    form: InviteForm
    has_posting: bool  # officers alone have a role in the agency
    proof: ProvingForm
    asks_password: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationPage(Page):
    """An invitation."""

    template: ClassVar[str] = "invitations/invitation.html"
    invitation: InvitationSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPage(Page):
    """The letter of an invitation, to print."""

    template: ClassVar[str] = "invitations/letter.html"
    invitation: InvitationSummary
    letter: LetterSheet


def invitation_line(line: InvitationLine) -> InvitationSummary:
    """Return an invitation as pages show it."""
    state = line.state(clock.real_now())
    is_closed = state in OVER
    is_returned = line.bounced_at is not None and not is_closed
    label, kind = CAME_BACK if is_returned else STATES[state]
    return InvitationSummary(
        id=line.id,
        href=url_for("invitations.show_invitation", invitation_id=line.id),
        alias=line.alias,
        role=str(ROLES.get(line.role, line.role)),
        country=line.country,
        agency=line.agency,
        own_country=actor().roles.isdisjoint(ANYWHERE) and line.country == actor().country,
        name=line.name,
        mail=line.mail,
        language=line.language,
        ends_at=line.term.ends_at,
        letter_ends_at=line.term.letter_ends_at,
        label=str(label),
        kind=kind,
        is_returned=is_returned,
        is_closed=is_closed,
        is_ended=state is InvitationState.ENDED,
    )
