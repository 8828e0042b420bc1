"""What people may send about invitations: who invites, and who is invited."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.access.policy import Role
from app.accounts import passwords
from app.accounts.domain import PASSPHRASE_MAX, PASSPHRASE_MIN, PersonState
from app.accounts.invitation_rules import ALIAS_LONGEST, NAME_LONGEST, AliasRefusal, Waits, is_mail, is_number
from app.kernel.signs import is_blank, is_name, without_unseen
from app.web.forms import Form, OneOfField

MOST = _("Enter at most 200 characters.")
CHOOSE_ROLE = _("Choose a role from the list.")
NO_SERVICE = _("Choose an agency from the list.")
NOBODY_MEANT = _("Enter a name, an alias, a work e-mail or a service number.")
ALIASES = {
    AliasRefusal.SAME: _("This is your alias already. Enter another one."),
    AliasRefusal.SOON: _("You chose your alias less than 30 days ago. Keep it until then."),
    AliasRefusal.EMPTY: _("Enter an alias with letters or numbers."),
    AliasRefusal.NAME: _("This tells your name, your mail or your service number. Enter another alias."),
    AliasRefusal.ALIKE: _("This alias is taken or too similar to another one. Choose a different alias."),
    AliasRefusal.ROLE: _("This alias names a role that you do not have. Choose another alias."),
    AliasRefusal.TRIES: _("You tried many aliases. Try again tomorrow."),
}


def _trimmed(text: str | None) -> str | None:
    shown = without_unseen(text)
    return None if shown is None else " ".join(shown.split())


def _a_mail(_form: Form, field: Any) -> None:
    if not is_mail(field.data or ""):
        raise ValidationError(_("Enter one mail address, such as name@service.example."))


def _a_number(_form: Form, field: Any) -> None:
    if not is_number(field.data or ""):
        raise ValidationError(_("This is a mail address. Enter the service number, or leave it out."))


def _seen(_form: Form, field: Any) -> None:
    if is_blank(field.data or ""):
        raise ValidationError(_("Enter the name."))


def _lettered(_form: Form, field: Any) -> None:
    if not is_name(field.data or ""):
        raise ValidationError(_("Enter the name with its letters."))


class SomeOfField(SelectMultipleField):  # type: ignore[misc]  # WTForms carries no types
    """Some of the values; `pairs` holds each with its words, as templates show them."""

    def offer(self, pairs: Iterable[tuple[str, object]]) -> None:
        """Set the values to choose from."""
        self.pairs = list(pairs)
        self.choices = [SelectChoice(value=value, label=label) for value, label in self.pairs]


class PeopleForm(Form):
    """What narrows the list of people, and the alias after which it goes on; all of it stands in the address."""

    role = OneOfField(_("Role in the agency"), default="")
    agency = OneOfField(_("Agency"), default="")
    state = OneOfField(
        _("Account"),
        [("", _("Any state")), (PersonState.ACTIVE, _("Open")), (PersonState.DEACTIVATED, _("Closed"))],
        default="",
    )
    after = StringField(validators=[Optional(), Length(max=ALIAS_LONGEST)])

    def offer(self, roles: Iterable[tuple[str, str]], agencies: Iterable[tuple[UUID, str, str]]) -> None:
        """Set the roles and services to choose from."""
        self.role.offer([("", _("Any role")), *roles])
        self.agency.offer([("", _("Any agency")), *((str(one), name) for one, _country, name in agencies)])


class FindForm(Form):
    """Whom of the own country somebody looks for: in the body of what is sent, never in an address."""

    who = StringField(
        _("Name, alias, work e-mail or service number"),
        [InputRequired(NOBODY_MEANT), Length(max=NAME_LONGEST, message=MOST)],
        filters=[_trimmed],
    )

    def validate_who(self, field: Any) -> None:
        """Refuse what has no letter and no figure."""
        if not any(sign.isalnum() for sign in field.data or ""):
            raise ValidationError(NOBODY_MEANT)


class WaitingForm(Form):
    """What narrows the list of invitations that wait."""

    which = OneOfField(
        _("State"),
        [("", _("Any state")), (Waits.BOUNCED, _("The mail came back")), (Waits.EXPIRED, _("Expired"))],
        default="",
    )


class _NameForm(Form):
    """A person's name, and how it is written in Latin letters."""

    name = StringField(
        _("Name as on certificates"),
        [InputRequired(_("Enter the name.")), Length(max=NAME_LONGEST, message=MOST), _seen, _lettered],
        filters=[_trimmed],
    )
    latin_name = StringField(
        _("Name in Latin letters, if it is written in others"),
        [Optional(), Length(max=NAME_LONGEST, message=MOST), _seen, _lettered],
        filters=[_trimmed],
    )


class InviteForm(_NameForm):
    """Whom somebody invites. Country and service come as one: a service is of one country."""

    mail = StringField(_("Work e-mail"), [InputRequired(_("Enter the work e-mail.")), _a_mail], filters=[_trimmed])
    service_number = StringField(
        _("Service number, if there is one"),
        [Optional(), Length(max=60, message=_("Enter at most 60 characters.")), _a_number],
        filters=[_trimmed],
    )
    agency = OneOfField(
        _("Agency"),
        validators=[InputRequired(NO_SERVICE)],
        default="",
        invalid_choice_message=NO_SERVICE,
    )
    role = OneOfField(_("Role at the academy"), invalid_choice_message=CHOOSE_ROLE)
    posting = SomeOfField(_("Role in the agency"), choices=[], coerce=str, invalid_choice_message=CHOOSE_ROLE)
    language = OneOfField(_("Language of the invitation"))

    def offer(
        self,
        agencies: Iterable[tuple[str, str]],
        roles: Iterable[tuple[Role, str]],
        postings: Sequence[tuple[str, str]],
        languages: Iterable[tuple[str, str]],
    ) -> None:
        """Set what there is to choose from; a service is chosen by itself only where there is no other."""
        services = list(agencies)
        self.agency.offer(services if len(services) == 1 else [("", _("Choose")), *services])
        self.role.offer(roles)
        self.posting.offer(postings)
        self.language.offer(languages)

    def fits(self) -> bool:
        """Check that an officer has a role in the service, and note the mistake otherwise."""
        if self.role.data != Role.PRACTITIONER or self.posting.data:
            return True
        self.posting.errors = [_("Choose the role in the agency: it decides what the officer has to learn.")]
        return False


class LetterCodeForm(Form):
    """The code of a letter with the mail address to which it belongs."""

    mail = StringField(_("Work e-mail"), [InputRequired(_("Enter your work e-mail.")), Length(max=200, message=MOST)])
    code = StringField(_("Code"), [InputRequired(_("Enter the code.")), Length(max=64, message=_("Enter the code."))])


class AliasForm(Form):
    """How colleagues call somebody."""

    alias = StringField(
        _("Alias"),
        [
            InputRequired(_("Enter an alias.")),
            Length(min=3, max=ALIAS_LONGEST, message=_("Enter 3 to 80 characters.")),
            _seen,
        ],
        filters=[_trimmed],
    )


class OwnNameForm(_NameForm, AliasForm):
    """How the invited person is called."""


class OwnPasswordForm(Form):
    """The first password."""

    new = PasswordField(
        _("Password"),
        [
            InputRequired(_("Enter a new password.")),
            Length(min=PASSPHRASE_MIN, message=_("Enter at least 15 characters.")),
            Length(max=PASSPHRASE_MAX, message=_("Enter at most 128 characters.")),
        ],
    )

    def validate_new(self, field: Any) -> None:
        """Refuse what everybody guesses first."""
        if passwords.is_common(field.data or ""):
            raise ValidationError(_("Many people use this password. Enter another one."))
