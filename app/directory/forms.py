"""Forms of `/people` (filters, search, postings, protection, extra time) and of `/country/settings`."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from app.identity.domain.contact import ALIAS_MAX, NAME_MAX
from app.identity.domain.people import AgencyKind, PersonState
from app.kernel.invisible_characters import is_blank, without_unseen
from app.sign_in.domain import PASSPHRASE_MAX
from app.sign_in.forms.authentication import ReauthenticationForm
from app.sign_in.forms.names import AT_MOST_200
from app.web.forms import Form, OneOfField, SomeOfField, trimmed

MONTHS = _("Enter a number of months, from 0 to 120.")
KINDS = [
    (AgencyKind.BORDER, _("Border")),
    (AgencyKind.POLICE, _("Police")),
    (AgencyKind.PROSECUTION, _("Prosecution")),
    (AgencyKind.LABOUR, _("Labour")),
    (AgencyKind.MIGRATION, _("Migration")),
    (AgencyKind.OTHER, _("Other")),
]
ACCOUNT_STATES = [("", _("Any state")), (PersonState.ACTIVE, _("Open")), (PersonState.DEACTIVATED, _("Closed"))]


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


class ExactCountsForm(Form):
    """Whether coordinators see exact process counts of the country."""

    exact_counts = OneOfField(
        _("Exact counts for coordinators"),
        [("yes", _("Exact, also under five")), ("no", _("In bands, such as 1 to 4"))],
        validators=[InputRequired(_("Choose one of the two answers."))],
    )


class AgencyNameForm(Form):
    """The name of an agency."""

    name = StringField(
        _("Name of the agency"),
        [DataRequired(_("Enter the name of the agency.")), Length(max=200, message=_("Enter at most 200 characters."))],
        filters=[_name],
    )


class AgencyForm(AgencyNameForm):
    """A new agency."""

    kind = OneOfField(_("Kind"), KINDS, invalid_choice_message=_("Choose a kind from the list."))


EMPTY_SEARCH = _("Enter a name, an alias, a work e-mail or a service number.")


class PeopleForm(Form):
    """Filter of the list of people, and the last alias of the previous page; all are query parameters."""

    role = OneOfField(_("Role in the agency"), default="")
    agency = OneOfField(_("Agency"), default="")
    state = OneOfField(_("Account"), ACCOUNT_STATES, default="")
    after = StringField(validators=[Optional(), Length(max=ALIAS_MAX)])

    def offer(self, roles: Iterable[tuple[str, str]], agencies: Iterable[tuple[UUID, str, str]]) -> None:
        """Set the roles and agencies to choose from."""
        self.role.offer([("", _("Any role")), *roles])
        self.agency.offer([("", _("Any agency")), *((str(agency_id), name) for agency_id, _country, name in agencies)])


class FindForm(Form):
    """Search for people of the own country; sent in the body, so that no name is part of a URL."""

    text = StringField(
        _("Name, alias, work e-mail or service number"),
        [InputRequired(EMPTY_SEARCH), Length(max=NAME_MAX, message=AT_MOST_200)],
        filters=[trimmed],
        name="who",
    )

    def validate_text(self, field: Any) -> None:
        """Refuse a text without letters and digits."""
        if not any(sign.isalnum() for sign in field.data or ""):
            raise ValidationError(EMPTY_SEARCH)


class _FromTodayForm(Form):
    """A form with a day that is not past: figures of past days use the posting of that day."""

    today: date

    def check_day(self, field: DateField) -> None:
        """Reject a past day."""
        if field.data is not None and field.data < self.today:
            raise ValidationError(_("Choose today or a later day."))


class MoveForm(_FromTodayForm):
    """The agency and the roles of an officer from a day on."""

    agency = OneOfField(_("Agency"), invalid_choice_message=_("Choose an agency from the list."))
    roles = SomeOfField(_("Roles in the agency"), invalid_choice_message=_("Choose a role from the list."))
    since = DateField(_("From"), [DataRequired(_("Choose a day."))])

    validate_since = _FromTodayForm.check_day

    def offer(self, agencies: Iterable[tuple[UUID, str, str]], roles: Iterable[tuple[str, str]]) -> None:
        """Set the agencies and roles to choose from."""
        self.agency.offer([(str(agency_id), name) for agency_id, _country, name in agencies])
        self.roles.offer(roles)


class LeavingForm(_FromTodayForm):
    """The last day of service."""

    last_day = DateField(_("Last day of service"), [DataRequired(_("Choose a day."))])
    validate_last_day = _FromTodayForm.check_day


class EndServiceForm(LeavingForm, ReauthenticationForm):
    """The last day of service, and the password of the user."""


class ProtectionForm(ReauthenticationForm):
    """Whether an officer is under threat, and the password of the user for the end of the protection."""

    protected = OneOfField(pairs=[("yes", ""), ("no", "")])


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
    role = OneOfField(_("Role at the academy"), default="", name="held")
    account = OneOfField(_("Account"), ACCOUNT_STATES, default="")
    beyond = StringField(validators=[Optional(), Length(max=ALIAS_MAX)])

    def offer(self, roles: Iterable[tuple[str, str]]) -> None:
        """Set the roles to choose from."""
        self.role.offer([("", _("Any role")), *roles])


def read_id(text: str) -> UUID | None:
    """Return the id in a text, or None."""
    try:
        return UUID(text.strip())
    except ValueError:
        return None
