"""View models of `/invitation`: code of a letter, the four steps of an invited person, closed link."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.identity.domain.contact import masked
from app.invitations.forms import LetterCodeForm
from app.invitations.queries.invitations import Guest
from app.sign_in.forms.authentication import OwnPasswordForm
from app.sign_in.forms.names import OwnNameForm
from app.sign_in.queries import factors
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterCodePage(Page):
    """The form for the code of a letter."""

    template: ClassVar[str] = "invitations/invited_code.html"
    form: LetterCodeForm

    @property
    def errors(self) -> Sequence[str]:
        """Return the errors that belong to no field."""
        return tuple(self.form.form_errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestPage(Page):
    """Step 1 of an invitation: the invited person confirms that it is theirs; `mail` is masked."""

    template: ClassVar[str] = "invitations/invited.html"
    token: str
    mail: str
    country: str
    agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePage(Page):
    """Step 2 of an invitation: name and alias."""

    template: ClassVar[str] = "invitations/invited_name.html"
    token: str
    form: OwnNameForm


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPage(Page):
    """Step 3 of an invitation: the password."""

    template: ClassVar[str] = "invitations/invited_password.html"
    token: str
    form: OwnPasswordForm


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage(Page):
    """Step 4 of an invitation: who sees what."""

    template: ClassVar[str] = "invitations/invited_start.html"
    token: str
    alias: str
    needs_factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedInvitationPage(Page):
    """A link that does not work; the page is the same for every link."""

    template: ClassVar[str] = "invitations/invited_closed.html"
    token: str
    is_requested: bool  # a new link


def guest_page(guest: Guest) -> GuestPage:
    """Return the page of step 1."""
    return GuestPage(token=guest.token, mail=masked(guest.mail), country=guest.country, agency=guest.agency)


def start_page(guest: Guest) -> StartPage:
    """Return the page of step 4."""
    needs_factor = factors.factor_is_required_of_invited(guest.role, guest.country)
    return StartPage(token=guest.token, alias=guest.alias, needs_factor=needs_factor)
