"""What may narrow the trail; all of it stands in the address."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext, to_utc
from wtforms import DateField, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.accounts.domain import PASSPHRASE_MAX, IncidentReason
from app.audit.queries import Reached
from app.web.forms import Form, OneOfField

YEARS = range(2000, 2200)
MOST_NAMED = 100  # people whose second step counts no longer
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STEP = timedelta(microseconds=1)
_PLACE = re.compile(r"(\d{1,16})-(\d{1,18})")


def _in_reach(_form: Form, field: DateField) -> None:
    """Refuse days that no trail reaches: some have no moment at which they begin."""
    if field.data is not None and field.data.year not in YEARS:
        raise ValidationError(_("Enter a date."))


class TrailForm(Form):
    """Kind of event, first and last day, who did it, what it is about, and where the list goes on."""

    kind = OneOfField(lazy_pgettext("trail", "Event"), default="")
    since = DateField(_("From"), validators=[Optional(), _in_reach])
    until = DateField(_("Until"), validators=[Optional(), _in_reach])
    who = StringField(_("By"), validators=[Optional(), Length(max=80)])
    about = StringField(_("About"), validators=[Optional(), Length(max=36)])
    before = StringField(validators=[Optional()])

    def offer(self, kinds: Sequence[tuple[str, str]]) -> None:
        """Set the kinds of events to choose from, as pairs of name and words."""
        self.kind.offer([("", _("Any event")), *kinds])

    def validate_about(self, field: StringField) -> None:
        """Refuse what is no id."""
        if read_id(field.data) is None:
            raise ValidationError(_("Enter the id of a thing or a person."))

    def validate_before(self, field: StringField) -> None:
        """Refuse what is no place in the list."""
        if not _PLACE.fullmatch(field.data):
            raise ValidationError(_("Correct the form"))

    def reached(self) -> Reached | None:
        """Return how far the list was read."""
        if not self.before.data:
            return None
        steps, read = self.before.data.split("-")
        return EPOCH + int(steps) * STEP, int(read)


class ProofForm(Form):
    """The password of whoever is signed in, once more."""

    password = PasswordField(
        _("Your password"),
        [
            InputRequired(_("Enter your password.")),
            Length(max=PASSPHRASE_MAX, message=_("Enter at most 128 characters.")),
        ],
    )


class IncidentForm(ProofForm):
    """Why everything is shut, and whose second step counts no longer."""

    reason = OneOfField(
        _("What happened"),
        [
            (IncidentReason.STOLEN_PASSWORD, _("A password is known to others")),
            (IncidentReason.LOST_DEVICE, _("A device is lost")),
            (IncidentReason.LEAK, _("Data left the academy")),
            (IncidentReason.MISUSE, _("Misuse of an account")),
            (IncidentReason.DRILL, _("This is a drill")),
        ],
        invalid_choice_message=_("Choose what happened."),
    )
    whose = OneOfField(
        _("Who must set up the second factor again"),
        [("named", _("The people below")), ("everybody", _("Everybody"))],
        invalid_choice_message=_("Choose who must set up the second factor again."),
    )
    aliases = TextAreaField(
        _("Aliases, one in a line"),
        validators=[Optional(), Length(max=8000, message=_("Enter at most 100 aliases."))],
    )

    def validate_aliases(self, _field: TextAreaField) -> None:
        """Refuse more than are looked up at once."""
        if len(self.named()) > MOST_NAMED:
            raise ValidationError(_("Enter at most 100 aliases."))

    def named(self) -> list[str]:
        """Return the aliases that were typed."""
        return [line.strip() for line in (self.aliases.data or "").splitlines() if line.strip()]


class ReportForm(Form):
    """Whose doings are reported, since which day."""

    alias = StringField(
        _("Alias, or id as in the audit log"), validators=[InputRequired(_("Enter an alias.")), Length(max=80)]
    )
    since = DateField(_("Since"), validators=[InputRequired(_("Enter a date.")), _in_reach])
    proof = PasswordField(
        _("Your password"), [Optional(), Length(max=PASSPHRASE_MAX, message=_("Enter at most 128 characters."))]
    )


def write_reached(moment: datetime, read: int) -> str:
    """Return how far the list was read as an address holds it."""
    return f"{(moment - EPOCH) // STEP}-{read}"


def begin_of(day: date) -> datetime:
    """Return when a day begins where the reader is."""
    moment: datetime = to_utc(datetime.combine(day, time()))
    return moment.replace(tzinfo=UTC)


def read_id(text: str | None) -> UUID | None:
    """Return the id that a text is, or None."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
