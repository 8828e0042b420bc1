"""Forms of `/operations/incident`: begin and end an incident, report on an account."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.operations.forms.audit_log import date_in_reach
from app.operations.labels.values import WORDS
from app.sign_in.domain import PASSPHRASE_MAX, IncidentReason
from app.web.forms import Form, OneOfField

MOST_NAMED = 100  # people whose second factor is reset


class ProofForm(Form):
    """The password of the current user, for reauthentication."""

    password = PasswordField(
        _("Your password"),
        [
            InputRequired(_("Enter your password.")),
            Length(max=PASSPHRASE_MAX, message=_("Enter at most 128 characters.")),
        ],
    )


class IncidentForm(ProofForm):
    """The reason of an incident, and the people whose second factor is reset."""

    reason = OneOfField(
        _("What happened"), WORDS[IncidentReason].items(), invalid_choice_message=_("Choose what happened.")
    )
    whose = OneOfField(
        _("Who must set up the second factor again"),
        [("named", _("The people below")), ("everybody", _("Everybody"))],
        invalid_choice_message=_("Choose who must set up the second factor again."),
    )
    aliases = TextAreaField(
        _("Aliases, one in a line"), validators=[Optional(), Length(max=8000, message=_("Enter at most 100 aliases."))]
    )

    def validate_aliases(self, _field: TextAreaField) -> None:
        """Reject more aliases than are looked up at once."""
        if len(self.named()) > MOST_NAMED:
            raise ValidationError(_("Enter at most 100 aliases."))

    def named(self) -> list[str]:
        """Return the aliases that were typed."""
        return [line.strip() for line in (self.aliases.data or "").splitlines() if line.strip()]


class ReportForm(Form):
    """The account of a report, and its first day."""

    alias = StringField(
        _("Alias, or id as in the audit log"), validators=[InputRequired(_("Enter an alias.")), Length(max=80)]
    )
    since = DateField(_("Since"), validators=[InputRequired(_("Enter a date.")), date_in_reach])
    proof = PasswordField(
        _("Your password"), [Optional(), Length(max=PASSPHRASE_MAX, message=_("Enter at most 128 characters."))]
    )
