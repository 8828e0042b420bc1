"""Forms of coordination: actions and their steps, the filters of lists, a reminder and its answer."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app.coordination import labels
from app.coordination.domain.actions import NOTE_LIMIT, RESULT_LIMIT, TEXT_LIMIT
from app.coordination.domain.late import LateOffice
from app.coordination.domain.reminders import SENTENCE_LIMIT, AnswerKind, AnswerReason, ReminderState
from app.web.forms import Form, OneOfField

LONGEST_SUBMISSION = 64
ALL_STATES, LIVE_STATES = "all", "live"


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


class NoteForm(Form):
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
    overdue = BooleanField(_("Overdue only"))


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
