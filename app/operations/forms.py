"""What may narrow the trail; all of it stands in the address."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _
from flask_babel import to_utc
from wtforms import DateField, StringField
from wtforms.validators import Length, Optional, ValidationError

from app.audit.queries import Place
from app.kernel.events import Event
from app.web.forms import Form, OneOfField

YEARS = range(2000, 2200)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STEP = timedelta(microseconds=1)
_PLACE = re.compile(r"(\d{1,16})-(\d{1,18})")


class TrailForm(Form):
    """Kind of event, first and last day, who did it, what it is about, and where the list goes on."""

    kind = OneOfField(_("Event"), default="")
    since = DateField(_("From"), validators=[Optional()])
    until = DateField(_("Until"), validators=[Optional()])
    who = StringField(_("By"), validators=[Optional(), Length(max=80)])
    about = StringField(_("About"), validators=[Optional(), Length(max=36)])
    before = StringField(validators=[Optional()])

    def offer(self) -> None:
        """Set the kinds of events to choose from: all that the academy knows."""
        names = sorted({kind.__name__ for kind in _kinds(Event)})
        self.kind.offer([("", _("Any event")), *((name, spaced(name)) for name in names)])

    def validate_since(self, field: DateField) -> None:
        """Refuse days that no trail reaches."""
        if field.data is not None and field.data.year not in YEARS:
            raise ValidationError(_("Enter a date."))

    validate_until = validate_since

    def validate_about(self, field: StringField) -> None:
        """Refuse what is no id."""
        if read_id(field.data) is None:
            raise ValidationError(_("Enter the id of a thing or a person."))

    def validate_before(self, field: StringField) -> None:
        """Refuse what is no place in the list."""
        if not _PLACE.fullmatch(field.data):
            raise ValidationError(_("Something in the form is not right yet"))

    def place(self) -> Place | None:
        """Return where the list goes on."""
        if not self.before.data:
            return None
        steps, number = self.before.data.split("-")
        return EPOCH + int(steps) * STEP, int(number)


def write_place(at: datetime, number: int) -> str:
    """Return a place in the list as an address holds it."""
    return f"{(at - EPOCH) // STEP}-{number}"


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


def spaced(name: str) -> str:
    """Return an event's name in words: SeatTaken is "Seat taken"."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).capitalize()


def _kinds(kind: type[Event]) -> Iterator[type[Event]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds(below)
