"""What people may send about their own data, and contact points about an officer's service."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, StringField
from wtforms.validators import DataRequired, InputRequired, Optional, Regexp, ValidationError

from app.sign_in.web.forms import ReauthenticationForm
from app.web.forms import Form, OneOfField, SomeOfField

TICK = _("Tick the box first.")


class _NotPast(Form):
    """A form with a day that is not over yet: figures of past days keep the posting of the day."""

    today: date

    def not_past(self, field: DateField) -> None:
        """Refuse a day that is over."""
        if field.data is not None and field.data < self.today:
            raise ValidationError(_("Choose today or a later day."))


class MoveForm(_NotPast):
    """Where an officer serves from a day on, in which roles."""

    agency = OneOfField(_("Agency"), invalid_choice_message=_("Choose an agency from the list."))
    roles = SomeOfField(
        _("What the officer does in the agency"), invalid_choice_message=_("Choose a role from the list.")
    )
    since = DateField(_("From"), [DataRequired(_("Choose a day."))])

    validate_since = _NotPast.not_past

    def offer(self, agencies: Iterable[tuple[UUID, str]], roles: Iterable[tuple[str, str]]) -> None:
        """Set the services and roles to choose from."""
        self.agency.offer([(str(key), name) for key, name in agencies])
        self.roles.offer(roles)


class LeavingForm(_NotPast):
    """The last day of service."""

    last_day = DateField(_("Last day of service"), [DataRequired(_("Choose a day."))])
    validate_last_day = _NotPast.not_past


class ProtectionForm(Form):
    """Whether an officer is under threat."""

    protected = OneOfField(pairs=[("yes", ""), ("no", "")])


class UncoverForm(ProtectionForm, ReauthenticationForm):
    """That an officer is under threat no longer, with the password of whoever says so, unless they gave it lately."""


class EndForm(LeavingForm, ReauthenticationForm):
    """The last day of service, with the password of whoever ends it, unless they gave it lately."""


class ErasureForm(ReauthenticationForm):
    """That somebody was identified anew, by who knows them, before they are erased."""

    identified = BooleanField(_("I have identified this person, face to face or by a call"), [InputRequired(TICK)])


class LooksForm(Form):
    """Where the list of looks goes on; it stands in the address."""

    before = StringField(validators=[Optional(), Regexp(r"\d{1,16}-\d{1,18}\Z")])
