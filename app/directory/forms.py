"""Forms of the directory and of the settings of a country."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from app.identity.domain.contact import ALIAS_MAX, NAME_MAX
from app.identity.domain.people import AgencyKind, PersonState
from app.kernel.invisible_characters import is_blank, without_unseen
from app.sign_in.domain import PASSPHRASE_MAX
from app.sign_in.web.forms import AT_MOST_200
from app.web.forms import Form, OneOfField, trimmed

MONTHS = _("Enter a number of months, from 0 to 120.")
KINDS = [
    (AgencyKind.BORDER, _("Border")),
    (AgencyKind.POLICE, _("Police")),
    (AgencyKind.PROSECUTION, _("Prosecution")),
    (AgencyKind.LABOUR, _("Labour")),
    (AgencyKind.MIGRATION, _("Migration")),
    (AgencyKind.OTHER, _("Other")),
]


def _name(text: str | None) -> str | None:
    shown = without_unseen(text)
    return None if shown is None or is_blank(shown) else " ".join(shown.split())


class SignInRulesForm(Form):
    """How officers of the country sign in."""

    second_factor = BooleanField(_("Officers need a second factor to sign in"))
    printed_codes = BooleanField(_("A printed list of codes may be the second factor"))


class WithoutSecondStepForm(Form):
    """The password that confirms sign-in with a password only."""

    password = PasswordField(
        _("Your password"),
        [
            InputRequired(_("Enter your password.")),
            Length(max=PASSPHRASE_MAX, message=_("Enter at most 128 characters.")),
        ],
    )


class HelpContactForm(Form):
    """The help contact of a country; plain text."""

    text = TextAreaField(
        _("Where officers find help"), validators=[Length(max=500, message=_("Enter at most 500 characters."))]
    )


class NamesForm(Form):
    """How long names are kept after a person left."""

    months = StringField(_("Months"), [InputRequired(MONTHS), Regexp(r"(\d|[1-9]\d|1[01]\d|120)\Z", message=MONTHS)])


class AgencyNameForm(Form):
    """The name of an agency."""

    name = StringField(
        _("Name of the agency"),
        [
            DataRequired(_("Enter the name of the agency.")),
            Length(max=200, message=_("Enter at most 200 characters.")),
        ],
        filters=[_name],
    )


class AgencyForm(AgencyNameForm):
    """A new agency."""

    kind = OneOfField(_("Kind"), KINDS, invalid_choice_message=_("Choose a kind from the list."))


NOBODY_MEANT = _("Enter a name, an alias, a work e-mail or a service number.")


class PeopleForm(Form):
    """Filter of the list of people, and the last alias of the previous page; all are query parameters."""

    role = OneOfField(_("Role in the agency"), default="")
    agency = OneOfField(_("Agency"), default="")
    state = OneOfField(
        _("Account"),
        [("", _("Any state")), (PersonState.ACTIVE, _("Open")), (PersonState.DEACTIVATED, _("Closed"))],
        default="",
    )
    after = StringField(validators=[Optional(), Length(max=ALIAS_MAX)])

    def offer(self, roles: Iterable[tuple[str, str]], agencies: Iterable[tuple[UUID, str, str]]) -> None:
        """Set the roles and agencies to choose from."""
        self.role.offer([("", _("Any role")), *roles])
        self.agency.offer([("", _("Any agency")), *((str(one), name) for one, _country, name in agencies)])


class FindForm(Form):
    """Search for people of the own country; sent in the body, so that no name gets into an address."""

    who = StringField(
        _("Name, alias, work e-mail or service number"),
        [InputRequired(NOBODY_MEANT), Length(max=NAME_MAX, message=AT_MOST_200)],
        filters=[trimmed],
    )

    def validate_who(self, field: Any) -> None:
        """Refuse a text without letters and digits."""
        if not any(sign.isalnum() for sign in field.data or ""):
            raise ValidationError(NOBODY_MEANT)


class ExtraTimeForm(Form):
    """Extra time of an officer in tests."""

    percent = OneOfField(_("Extra time"))

    def offer(self, percentages: Iterable[tuple[str, str]]) -> None:
        """Set the percentages to choose from."""
        self.percent.offer(percentages)


class AccountsForm(Form):
    """Filter of the list of all accounts, and the last alias of the previous page.

    The names of the query parameters differ from those of PeopleForm on the same page.
    """

    q = StringField(_("Alias or id"), validators=[Optional(), Length(max=ALIAS_MAX)])
    held = OneOfField(_("Role at the academy"), default="")
    account = OneOfField(
        _("Account"),
        [("", _("Any state")), (PersonState.ACTIVE, _("Open")), (PersonState.DEACTIVATED, _("Closed"))],
        default="",
    )
    beyond = StringField(validators=[Optional(), Length(max=ALIAS_MAX)])

    def offer(self, roles: Iterable[tuple[str, str]]) -> None:
        """Set the roles to choose from."""
        self.held.offer([("", _("Any role")), *roles])


def read_id(text: str) -> UUID | None:
    """Return the id in a text, or None."""
    try:
        return UUID(text.strip())
    except ValueError:
        return None
