"""Forms of trainers and assessors at /teaching: reason of a step, seats, staff, attendance, scores."""

import re
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from flask_babel import gettext, lazy_gettext as _
from wtforms import IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.access.policy import Role
from app.kernel.invisible_characters import without_unseen
from app.web.forms import Form, OneOfField
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.drafts import MOST_SEATS
from app.workshops.domain.scoring import HIGHEST

LONGEST = 300
_TOO_LONG = _("Enter at most 300 characters.")
_MARKS = {str(attendance): attendance for attendance in Attendance}
_SEEN = re.compile(r"[0-9]{1,18}")
_SCORES = {str(score): score for score in range(HIGHEST + 1)}


class StepReasonForm(Form):
    """A required reason for a step of an event."""

    reason = StringField(
        _("Reason"),
        [DataRequired(_("Say why.")), Length(max=LONGEST, message=_TOO_LONG)],
        filters=[without_unseen],
    )


class CapacityForm(Form):
    """The number of seats."""

    capacity = IntegerField(
        _("Number of seats"),
        [
            InputRequired(_("Enter a number of seats.")),
            NumberRange(1, MOST_SEATS, message=_("Enter a number from 1 to 1,000.")),
        ],
    )


class PersonForm(Form):
    """A person from a list, or another one by alias, and the role in the event."""

    listed = OneOfField(_("Person"), default="")
    alias = StringField(_("Alias of another person"), [Length(max=80, message=_("Enter at most 80 characters."))])
    role = OneOfField(
        _("Role in this event"),
        [
            (Role.TRAINER, _("Trainer: runs the event and records attendance")),
            (Role.ASSESSOR, _("Assessor: scores by rubric")),
        ],
        invalid_choice_message=_("Choose a role."),
    )

    def offer(self, aliases: Iterable[str]) -> None:
        """Set the people of the list by alias."""
        self.listed.offer([("", _("Choose a person")), *((alias, alias) for alias in aliases)])

    def chosen(self) -> str:
        """Return the alias of the person, or "" with an error if there is none."""
        alias = (self.alias.data or "").strip() or self.listed.data
        if not alias:
            self.listed.errors = [gettext("Choose a person.")]
        return str(alias)


class StaffForm(Form):
    """The role that a person loses in an event."""

    role = OneOfField(
        _("Role in this event"),
        [(Role.TRAINER, _("Trainers")), (Role.ASSESSOR, _("Assessors"))],
        invalid_choice_message=_("Choose a role."),
    )


class AttendanceForm(Form):
    """The reason of a correction; marks have their own fields, `mark-<booking>`."""

    reason = StringField(
        _("Why the attendance is corrected"),
        [Optional(), Length(max=LONGEST, message=_TOO_LONG)],
        filters=[without_unseen],
    )


class ScoreForm(Form):
    """The reason of a correction; scores have their own fields, `score-<criterion>`."""

    reason = StringField(
        _("Why the scores are corrected"),
        [Optional(), Length(max=LONGEST, message=_TOO_LONG)],
        filters=[without_unseen],
    )

    def needs_reason(self) -> bool:
        """Add an error if the reason is missing, and return whether it is."""
        if (self.reason.data or "").strip():
            return False
        self.reason.errors = [gettext("Say why the scores are corrected.")]
        return True


def attendance_marks(sent: Mapping[str, str], bookings: Collection[UUID]) -> dict[UUID, Attendance]:
    """Return the marks of a form by booking; missing and invalid fields are left out."""
    values = {booking_id: _MARKS.get(sent.get(f"mark-{booking_id}", "")) for booking_id in bookings}
    return {booking_id: attendance for booking_id, attendance in values.items() if attendance is not None}


def last_shown_mark(sent: Mapping[str, str]) -> int:
    """Return the number of the last mark that the submitted form showed, or 0."""
    number = sent.get("seen", "")
    return int(number) if _SEEN.fullmatch(number) else 0


def scores(sent: Mapping[str, str], criteria: Collection[str]) -> dict[str, int]:
    """Return the scores of a form by criterion; criteria without a score are left out."""
    values = {criterion: _SCORES.get(sent.get(f"score-{criterion}", "")) for criterion in criteria}
    return {criterion: score for criterion, score in values.items() if score is not None}
