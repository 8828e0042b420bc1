"""Forms of invitations and aliases."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.access.policy import Role
from app.identity.domain.contact import ALIAS_MAX, NAME_MAX, is_mail, is_number
from app.invitations.domain.aliases import AliasRefusal
from app.invitations.domain.invitations import Waits
from app.kernel.invisible_characters import is_blank, is_name
from app.web.forms import Form, OneOfField, SomeOfField, trimmed

MOST = _("Enter at most 200 characters.")
CHOOSE_ROLE = _("Choose a role from the list.")
NO_SERVICE = _("Choose an agency from the list.")
ALIASES = {
    AliasRefusal.SAME: _("This is your alias already. Enter another one."),
    AliasRefusal.SOON: _("You chose your alias less than 30 days ago. Keep it until then."),
    AliasRefusal.EMPTY: _("Enter an alias with letters or numbers."),
    AliasRefusal.NAME: _("This tells your name, your mail or your service number. Enter another alias."),
    AliasRefusal.ALIKE: _("This alias is taken or too similar to another one. Choose a different alias."),
    AliasRefusal.ROLE: _("This alias names a role that you do not have. Choose another alias."),
    AliasRefusal.TRIES: _("You tried many aliases. Try again tomorrow."),
}


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


class WaitingForm(Form):
    """Filter of the list of open invitations."""

    which = OneOfField(
        _("State"),
        [("", _("Any state")), (Waits.BOUNCED, _("The mail came back")), (Waits.EXPIRED, _("Expired"))],
        default="",
    )


class _NameForm(Form):
    """A person's name, and the name in Latin letters."""

    name = StringField(
        _("Name as on certificates"),
        [InputRequired(_("Enter the name.")), Length(max=NAME_MAX, message=MOST), _seen, _lettered],
        filters=[trimmed],
    )
    latin_name = StringField(
        _("Name in Latin letters, if it is written in others"),
        [Optional(), Length(max=NAME_MAX, message=MOST), _seen, _lettered],
        filters=[trimmed],
    )


class InviteForm(_NameForm):
    """Data of a new invitation. The agency decides the country."""

    mail = StringField(_("Work e-mail"), [InputRequired(_("Enter the work e-mail.")), _a_mail], filters=[trimmed])
    service_number = StringField(
        _("Service number, if there is one"),
        [Optional(), Length(max=60, message=_("Enter at most 60 characters.")), _a_number],
        filters=[trimmed],
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
        """Set the choices; a single agency is preselected."""
        services = list(agencies)
        self.agency.offer(services if len(services) == 1 else [("", _("Choose")), *services])
        self.role.offer(roles)
        self.posting.offer(postings)
        self.language.offer(languages)

    def fits(self) -> bool:
        """Return whether an officer has a role in the agency; add the error otherwise."""
        if self.role.data != Role.PRACTITIONER or self.posting.data:
            return True
        self.posting.errors = [_("Choose the role in the agency: it decides what the officer has to learn.")]
        return False


class LetterCodeForm(Form):
    """The code of a letter with the mail address to which it belongs."""

    mail = StringField(_("Work e-mail"), [InputRequired(_("Enter your work e-mail.")), Length(max=200, message=MOST)])
    code = StringField(_("Code"), [InputRequired(_("Enter the code.")), Length(max=64, message=_("Enter the code."))])


class AliasForm(Form):
    """The alias that colleagues see."""

    alias = StringField(
        _("Alias"),
        [
            InputRequired(_("Enter an alias.")),
            Length(min=3, max=ALIAS_MAX, message=_("Enter 3 to 80 characters.")),
            _seen,
        ],
        filters=[trimmed],
    )


class OwnNameForm(_NameForm, AliasForm):
    """The names and the alias of the invited person."""
