"""Form to begin a new event with a template, and the values that a template fills in."""

from datetime import date, timedelta

from flask_babel import lazy_gettext as _
from wtforms import DateField
from wtforms.validators import InputRequired

from app.web.forms import Form, OneOfField
from app.workshops.domain import times
from app.workshops.domain.templates import TEMPLATES, EventTemplate, nomination_days
from app.workshops.forms.editor import SPARE_ROWS, DraftRows

EMPTY = ""


class StartForm(Form):
    """A template and the first day of the event."""

    template = OneOfField(
        _("Begin with"),
        [
            (EMPTY, _("An empty form")),
            (EventTemplate.PRACTICAL_WORKSHOP, _("Practical workshop, three days")),
            (EventTemplate.ONLINE_AND_PRACTICE, _("Two online sessions and two days of practice")),
            (EventTemplate.STUDY_VISIT, _("Study visit, online briefing and three days")),
            (EventTemplate.COLEP_MEETING, _("COLEP meeting, two days")),
            (EventTemplate.EXERCISE, _("Exercise, one week")),
        ],
        default=EMPTY,
    )
    first_day = DateField(_("First day"), [InputRequired(_("Enter the first day of the event."))])

    def fits(self) -> bool:
        """Check the day of a chosen template, and add its error."""
        if self.first_day.data and not times.is_possible(self.first_day.data):
            self.first_day.errors = [*self.first_day.errors, _("Enter the first day of the event.")]
        return not self.first_day.errors

    def is_template(self) -> bool:
        """Return whether a template is chosen."""
        return bool(self.template.data)

    def chosen(self) -> dict[str, str]:
        """Return the submitted values for a link."""
        if not self.template.data or not self.first_day.data:
            return {}
        return {"template": self.template.data, "first_day": self.first_day.data.isoformat()}


def facts(template: EventTemplate, first_day: date) -> dict[str, object]:
    """Return the values of the form's fields for a template; booking ends two weeks before the first day."""
    chosen = TEMPLATES[template]
    return {
        "kind": str(chosen.kind),
        "form": str(chosen.form),
        "capacity": chosen.capacity,
        "booking_until": first_day - timedelta(weeks=2),
    }


def rules(first_day: date) -> dict[str, object]:
    """Return the usual days of nominations as values of the form's fields."""
    days = nomination_days(first_day)
    return {"opens": days.opens, "deadline": days.deadline, "reallocation": days.reallocation}


def rows(template: EventTemplate, first_day: date) -> DraftRows:
    """Return the sessions of a template as rows, with empty ones for more."""
    sent: dict[str, str] = {}
    for number, session in enumerate(TEMPLATES[template].sessions):
        sent |= {
            f"session-{number}-title": session.title,
            f"session-{number}-kind": str(session.kind),
            f"session-{number}-day": (first_day + timedelta(days=session.after)).isoformat(),
            f"session-{number}-starts": session.starts.isoformat("minutes"),
            f"session-{number}-ends": session.ends.isoformat("minutes"),
        }
    return DraftRows(sent, count=len(TEMPLATES[template].sessions) + SPARE_ROWS)
