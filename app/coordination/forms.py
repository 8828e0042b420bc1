"""Forms of coordination: actions, requirements, exemptions, a suggestion to several officers; filters of lists."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.coordination import labels
from app.coordination.domain.actions import NOTE_LIMIT, RESULT_LIMIT, TEXT_LIMIT
from app.coordination.domain.completion import FIRST_DAY, CompletionColumns, CompletionRows, CompletionSource
from app.coordination.domain.late import LateOffice
from app.coordination.domain.matrix import MatrixOrder, MatrixView
from app.coordination.domain.reminders import SENTENCE_LIMIT, AnswerKind, AnswerReason, ReminderState
from app.identity.domain.contact import ALIAS_MAX
from app.learning.domain.requirements import NOTE_LONGEST, REASON_LONGEST, ExemptionKind
from app.web.forms import Form, OneOfField, SomeOfField, trimmed

LONGEST_SUBMISSION = 64
LONGEST_ALIAS, REASON_LIMIT = 80, 200
ALL_STATES, LIVE_STATES, OVERDUE = "all", "live", "overdue"
SHOWN = "shown"  # names of officers


class ActionForm(Form):
    """A new action: what, by whom, until when; the origin and the subject come with the address."""

    text = StringField(
        _("Action"),
        validators=[
            DataRequired(_("Describe the action.")),
            Length(max=TEXT_LIMIT, message=_("Write at most 150 characters.")),
        ],
    )
    owner = OneOfField(_("Owner"), invalid_choice_message=_("Choose an owner from the list."))
    due_on = DateField(_("Due on"), validators=[DataRequired(_("Enter the date by which it is to be done."))])
    subject = OneOfField(_("About"), default="", invalid_choice_message=_("Choose a subject from the list."))
    about_country = OneOfField(_("Country"), default="", invalid_choice_message=_("Choose a country from the list."))
    meeting_on = DateField(_("Agreed at the meeting of"), validators=[Optional()])
    origin = StringField(validators=[Length(max=LONGEST_SUBMISSION)])
    submission = StringField(validators=[Length(max=LONGEST_SUBMISSION)])


class StepForm(Form):
    """The result of an action, or the reason for dropping it."""

    explanation = TextAreaField(
        _("Result or reason"), validators=[Length(max=RESULT_LIMIT, message=_("Write at most 300 characters."))]
    )


class DueForm(Form):
    """Another date for an action."""

    due_on = DateField(_("New date"), validators=[DataRequired(_("Enter the new date."))])


class ActionNoteForm(Form):
    """A note on an action."""

    text = TextAreaField(
        _("Note"),
        validators=[
            DataRequired(_("Write the note.")),
            Length(max=NOTE_LIMIT, message=_("Write at most 300 characters.")),
        ],
    )


class ActionFilterForm(Form):
    """The filter of the list of actions in the query string."""

    state = OneOfField(
        _("State"),
        default=LIVE_STATES,
        pairs=[
            (LIVE_STATES, _("Open and in progress")),
            (OVERDUE, _("Overdue")),
            (ALL_STATES, _("All")),
            *((state.value, text) for state, (text, _shape) in labels.STATES.items()),
        ],
    )
    office = OneOfField(
        _("Owner"),
        default="",
        pairs=[("", _("All")), *((office.value, text) for office, text in labels.OFFICES.items())],
    )
    country = OneOfField(_("Country"), default="")


class RequirementForm(Form):
    """A required course: for whom, until when (a date, or days after joining), from when, why."""

    course = OneOfField(_("Course"), invalid_choice_message=_("Choose a course from the list."))
    role = OneOfField(_("Role"), default="", invalid_choice_message=_("Choose a role from the list."))
    countries = SomeOfField(_("Countries"), default=[], invalid_choice_message=_("Choose countries from the list."))
    due_on = DateField(_("Due on"), validators=[Optional()])
    due_days = IntegerField(_("Or days after joining"), validators=[Optional()])
    renew_months = IntegerField(_("Renew after months"), validators=[Optional()])
    starts = DateField(_("First day"), validators=[DataRequired(_("Enter the first day."))])
    ends = DateField(_("Last day"), validators=[Optional()])
    reason = TextAreaField(
        _("Reason"),
        validators=[
            DataRequired(_("Enter the reason.")),
            Length(max=REASON_LONGEST, message=_("Write at most 300 characters.")),
        ],
    )


class RequirementDateForm(Form):
    """The changed date of a requirement, and the first day on which it is valid."""

    due_on = DateField(_("New date"), validators=[Optional()])
    due_days = IntegerField(_("Or days after joining"), validators=[Optional()])
    starts = DateField(_("Valid from"), validators=[DataRequired(_("Enter the first day."))])
    reason = TextAreaField(
        _("Reason"), validators=[Length(max=REASON_LONGEST, message=_("Write at most 300 characters."))]
    )


class RequirementEndForm(Form):
    """The last day of a requirement."""

    last_day = DateField(_("Last day"), validators=[DataRequired(_("Enter the last day."))])


class ExemptionForm(Form):
    """An exemption of an officer from a course, or a later date."""

    course = OneOfField(_("Course"), invalid_choice_message=_("Choose a course from the list."))
    kind = OneOfField(
        _("What changes"),
        default=ExemptionKind.EXEMPT.value,
        pairs=[(kind.value, text) for kind, text in labels.EXEMPTION_KINDS.items()],
    )
    until = DateField(_("Until"), validators=[DataRequired(_("Enter the last day."))])
    reason = OneOfField(_("Reason"), pairs=[(reason.value, text) for reason, text in labels.EXEMPTION_REASONS.items()])
    note = StringField(
        _("Note"), validators=[Length(max=NOTE_LONGEST, message=_("Write at most 200 characters."))], filters=[trimmed]
    )


class CompletionFilterForm(Form):
    """The filter of completion in the query string."""

    on = DateField(_("As of"), validators=[Optional()])
    course = SomeOfField(_("Only these courses"))
    country = OneOfField(_("Country"), default="")
    role = OneOfField(_("Role"), default="")
    source = OneOfField(
        _("Courses"),
        default=CompletionSource.REQUIRED.value,
        pairs=[(source.value, text) for source, text in labels.TABLE_SOURCES.items()],
    )
    by = OneOfField(
        _("Group by"),
        default=CompletionRows.COUNTRY.value,
        pairs=[(rows.value, text) for rows, text in labels.ROWS.items()],
    )
    show = OneOfField(
        _("Columns"),
        default=CompletionColumns.COUNTS.value,
        pairs=[(columns.value, text) for columns, text in labels.COLUMNS.items()],
    )
    today: date

    def offer(
        self, courses: Iterable[tuple[str, str]], countries: Iterable[tuple[str, str]], roles: Mapping[str, str]
    ) -> None:
        """Set the courses, countries and roles to choose from."""
        self.course.offer(courses)
        self.country.offer([("", _("All")), *countries])
        self.role.offer([("", _("All")), *((role, title) for role, title in roles.items() if role)])

    def validate_on(self, field: DateField) -> None:
        """Reject days in the future, and days before 2000."""
        if field.data and not FIRST_DAY <= field.data <= self.today:
            raise ValidationError(str(_("Choose today or a day before.")))


class WorkingCopyForm(Form):
    """What a working copy is for."""

    reason = OneOfField(
        _("What for"), pairs=[(reason.value, text) for reason, text in labels.EXPORT_REASONS.items()], default=""
    )


class OfficerCompletionForm(Form):
    """The filter of the officers' completion in the query string, and the alias after which the page begins."""

    course = OneOfField(_("Course"), default="")
    state = OneOfField(
        _("State"),
        default="",
        pairs=[
            ("", _("All")),
            *((str(flag), text) for flag, (text, _shape) in labels.COMPLETION_FLAGS.items()),
            *((str(state), text) for state, (text, _shape) in labels.COMPLETION_STATES.items()),
        ],
    )
    role = OneOfField(_("Role"), default="")
    after = StringField(validators=[Optional(), Length(max=ALIAS_MAX)])

    def offer(self, courses: Iterable[tuple[str, str]], roles: Mapping[str, str]) -> None:
        """Set the courses and roles to choose from."""
        self.course.offer([("", _("Required")), *courses])
        self.role.offer([("", _("All")), *((role, title) for role, title in roles.items() if role)])


class MatrixForm(Form):
    """The filter of the matrix of officers in the query string."""

    show = OneOfField(
        _("Show"),
        default=MatrixView.COURSES.value,
        pairs=[(view.value, text) for view, text in labels.MATRIX_VIEWS.items()],
    )
    needs = OneOfField(_("Needs"), default="")
    role = OneOfField(_("Role"), default="")
    agency = OneOfField(_("Agency"), default="")
    state = OneOfField(_("State"), default="")
    order = OneOfField(
        _("Order on this page"),
        default=MatrixOrder.ALIAS.value,
        pairs=[(order.value, text) for order, text in labels.MATRIX_ORDERS.items()],
    )
    names = OneOfField(_("Names"), default="", pairs=[("", _("Aliases only")), (SHOWN, _("Aliases and names"))])
    after = StringField(default="", validators=[Length(max=LONGEST_ALIAS)])

    def chosen_values(self) -> dict[str, Any]:
        """Return the filter for an address, without defaults and page."""
        names = ("show", "needs", "role", "agency", "state", "order", "names")
        values = {name: self[name].data or "" for name in names}
        defaults = {"", MatrixView.COURSES.value, MatrixOrder.ALIAS.value}
        return {name: value for name, value in values.items() if value not in defaults}


class SuggestionForm(Form):
    """A course for several officers, with a date and a reason."""

    today: date

    course = OneOfField(
        _("Course"),
        validators=[DataRequired(_("Choose a course from the list."))],
        invalid_choice_message=_("Choose a course from the list."),
    )
    due_on = DateField(_("By, if there is a day"), validators=[Optional()])
    reason = StringField(
        _("Reason (optional)"),
        validators=[Optional(), Length(max=REASON_LIMIT, message=_("Enter at most 200 characters."))],
        filters=[trimmed],
    )

    def validate_due_on(self, field: Any) -> None:
        """Reject a past day."""
        if field.data is not None and field.data < self.today:
            raise ValidationError(_("Choose today or a later day."))


class LateFilterForm(Form):
    """The filter of the list of late work in the query string."""

    country = OneOfField(_("Country"), default="")
    course = OneOfField(_("Course"), default="")
    office = OneOfField(
        _("Who acts"),
        default="",
        pairs=[("", _("All")), *((office.value, text) for office, text in labels.LATE_OFFICES.items())],
    )
    days = OneOfField(
        _("Late since"),
        default="",
        pairs=[("", _("Any time")), ("7", _("7 days")), ("30", _("30 days")), ("90", _("90 days"))],
    )

    def who(self) -> LateOffice | None:
        """Return the office that the filter keeps, or None."""
        return LateOffice(self.office.data) if self.office.data else None


class RemindForm(Form):
    """A reminder: by when an answer is wanted, and one sentence; the rows come with the address."""

    wanted_by = DateField(_("Answer wanted by"), validators=[DataRequired(_("Enter the date of the answer."))])
    message = StringField(
        _("One sentence"), validators=[Length(max=SENTENCE_LIMIT, message=_("Write at most 200 characters."))]
    )
    submission = StringField(validators=[Length(max=LONGEST_SUBMISSION)])


class ReminderAnswerForm(Form):
    """The answer to a reminder."""

    kind = OneOfField(
        _("Answer"),
        pairs=[(kind.value, text) for kind, text in labels.ANSWERS.items()],
        invalid_choice_message=_("Choose an answer."),
    )
    by = DateField(_("Done by"), validators=[Optional()])
    reason = OneOfField(
        _("Why it is not possible"),
        default="",
        pairs=[("", _("Choose a reason")), *((reason.value, text) for reason, text in labels.ANSWER_REASONS.items())],
    )
    text = StringField(
        _("More about the reason"),
        validators=[Length(max=SENTENCE_LIMIT, message=_("Write at most 200 characters."))],
    )

    def chosen(self) -> AnswerKind:
        """Return the kind of the answer."""
        return AnswerKind(self.kind.data)

    def why(self) -> AnswerReason | None:
        """Return the reason, or None."""
        return AnswerReason(self.reason.data) if self.reason.data else None


class ReminderFilterForm(Form):
    """The filter of the log of reminders in the query string."""

    state = OneOfField(
        _("State"),
        default="",
        pairs=[
            ("", _("All")),
            *((state.value, text) for state, (text, _shape) in labels.REMINDER_STATES.items()),
        ],
    )

    def wanted(self) -> ReminderState | None:
        """Return the state that the filter keeps, or None."""
        return ReminderState(self.state.data) if self.validate() and self.state.data else None
