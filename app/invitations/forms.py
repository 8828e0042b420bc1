"""Forms of `/people/invite`, of the list `/people/invitations`, and of `/invitation` (code of a letter)."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.access.policy import Role
from app.identity.domain.contact import is_mail, is_number
from app.invitations.domain.invitations import OpenInvitationFilter
from app.sign_in.forms.names import AT_MOST_200, PersonNameForm
from app.web.forms import Form, OneOfField, SomeOfField, trimmed

CHOOSE_ROLE = _("Choose a role from the list.")
NO_SERVICE = _("Choose an agency from the list.")


def _a_mail(_form: Form, field: Any) -> None:
    if not is_mail(field.data or ""):
        raise ValidationError(_("Enter one mail address, such as name@service.example."))


def _a_number(_form: Form, field: Any) -> None:
    if not is_number(field.data or ""):
        raise ValidationError(_("This is a mail address. Enter the service number, or leave it out."))


class WaitingForm(Form):
    """Filter of the list of open invitations."""

    which = OneOfField(
        _("State"),
        [
            ("", _("Any state")),
            (OpenInvitationFilter.BOUNCED, _("Mail returned")),
            (OpenInvitationFilter.EXPIRED, _("Expired")),
        ],
        default="",
    )


class InviteForm(PersonNameForm):
    """Data of a new invitation. The agency decides the country."""

    mail = StringField(_("Work e-mail"), [InputRequired(_("Enter the work e-mail.")), _a_mail], filters=[trimmed])
    service_number = StringField(
        _("Service number, if there is one"),
        [Optional(), Length(max=60, message=_("Enter at most 60 characters.")), _a_number],
        filters=[trimmed],
    )
    agency = OneOfField(
        _("Agency"), validators=[InputRequired(NO_SERVICE)], default="", invalid_choice_message=NO_SERVICE
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

    mail = StringField(
        _("Work e-mail"), [InputRequired(_("Enter your work e-mail.")), Length(max=200, message=AT_MOST_200)]
    )
    code = StringField(_("Code"), [InputRequired(_("Enter the code.")), Length(max=64, message=_("Enter the code."))])
