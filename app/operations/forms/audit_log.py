"""Filters of the audit log, which are parameters of the URLs `/audit` and `/audit/export`."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _, lazy_pgettext, to_utc
from wtforms import DateField, StringField
from wtforms.validators import Length, Optional, ValidationError

from app.audit.queries import ReadPosition
from app.web.forms import Form, OneOfField

YEARS = range(2000, 2200)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STEP = timedelta(microseconds=1)
_POSITION = re.compile(r"(\d{1,16})-(\d{1,18})")


def date_in_reach(_form: Form, field: DateField) -> None:
    """Reject days outside `YEARS`: `begin_of` cannot convert some of them to UTC."""
    if field.data is not None and field.data.year not in YEARS:
        raise ValidationError(_("Enter a date."))


class TrailForm(Form):
    """Kind of event, first and last day, actor, subject (person or object), and position in the list."""

    kind = OneOfField(lazy_pgettext("trail", "Event"), default="")
    since = DateField(_("From"), validators=[Optional(), date_in_reach])
    until = DateField(_("Until"), validators=[Optional(), date_in_reach])
    who = StringField(_("By"), validators=[Optional(), Length(max=80)])
    about = StringField(_("About"), validators=[Optional(), Length(max=36)])
    before = StringField(validators=[Optional()])

    def offer(self, kinds: Sequence[tuple[str, str]]) -> None:
        """Set the kinds of events to choose from, as pairs of name and label."""
        self.kind.offer([("", _("Any event")), *kinds])

    def validate_about(self, field: StringField) -> None:
        """Reject a text that is not an id."""
        if read_id(field.data) is None:
            raise ValidationError(_("Enter the id of a thing or a person."))

    def validate_before(self, field: StringField) -> None:
        """Reject a text that is not a position in the list."""
        if not _POSITION.fullmatch(field.data):
            raise ValidationError(_("Correct the form"))

    def reached(self) -> ReadPosition | None:
        """Return the position after which the page begins, or None for the first page."""
        if not self.before.data:
            return None
        steps, read = self.before.data.split("-")
        return EPOCH + int(steps) * STEP, int(read)


def write_reached(moment: datetime, read: int) -> str:
    """Return a position in the list as a parameter of an address."""
    return f"{(moment - EPOCH) // STEP}-{read}"


def begin_of(day: date) -> datetime:
    """Return the first moment of a day in the time zone of the user."""
    moment: datetime = to_utc(datetime.combine(day, time()))
    return moment.replace(tzinfo=UTC)


def read_id(text: str | None) -> UUID | None:
    """Return the id that a text contains, or None."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
