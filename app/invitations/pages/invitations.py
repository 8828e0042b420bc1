"""View models of the open invitations, the invitation form, an invitation and its printed letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.invitations.forms import InviteForm, WaitingForm
from app.invitations.labels import InvitationSummary
from app.invitations.service.letter_texts import LetterSheet
from app.sign_in.forms.authentication import ReauthenticationForm
from app.web.pages import Page


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
    proof: ReauthenticationForm
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
