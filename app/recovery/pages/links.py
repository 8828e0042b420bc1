"""View models of `/sign-in/help` and of the pages that mailed links open: password, mail address."""

from dataclasses import dataclass
from typing import ClassVar

from app.identity.domain.contact import masked
from app.recovery.domain import Mailbox
from app.recovery.forms import HelpForm
from app.recovery.queries import OpenAddressChange
from app.sign_in.forms.authentication import OwnPasswordForm
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRequestPage(Page):
    """Help for a person who cannot sign in."""

    template: ClassVar[str] = "recovery/help.html"
    form: HelpForm
    sent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasswordPage(Page):
    """The form for a new password, from the link of a mail."""

    template: ClassVar[str] = "recovery/new_password.html"
    token: str
    form: OwnPasswordForm


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressLinkPage(Page):
    """A change of the mail address, from the link of a mail."""

    template: ClassVar[str] = "recovery/address.html"
    token: str
    new_mail: str  # masked
    is_old_mailbox: bool
    confirmed: bool  # by this mailbox
    other_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedLinkPage(Page):
    """A link that is not valid; the same for links that have expired, were used, or never existed."""

    template: ClassVar[str] = "recovery/link_closed.html"


def address_link_page(token: str, change: OpenAddressChange) -> AddressLinkPage:
    """Return the view model of a change of address for the mailbox of the link."""
    old = change.side is Mailbox.OLD
    return AddressLinkPage(
        token=token,
        new_mail=masked(change.mail),
        is_old_mailbox=old,
        confirmed=change.old_confirmed if old else change.new_confirmed,
        other_confirmed=change.new_confirmed if old else change.old_confirmed,
    )
