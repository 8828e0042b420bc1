"""Forms after an event: evaluation, follow-up of participant and supervisor, commitments, report of a visit."""

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from wtforms import DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.kernel.invisible_characters import without_unseen
from app.web.forms import Form, OneOfField, SomeOfField
from app.workshops.domain import commitments, evaluation, follow_up
from app.workshops.domain.commitments import CommitmentState
from app.workshops.domain.evaluation import EvaluationAnswers, EvaluationStatement, OpenQuestion
from app.workshops.domain.follow_up import ChangeSeen, Deed, DeedAnswer, FollowUpAnswers, Influence, Occasion
from app.workshops.labels import STATEMENTS
from app.workshops.service import visit_reports

_CHOOSE = _("Choose an answer.")
_TOO_LONG = _("Enter at most 300 characters.")
QUESTIONS: Mapping[OpenQuestion, LazyString] = {
    OpenQuestion.TO_KEEP: _("One thing to keep"),
    OpenQuestion.TO_CHANGE: _("One thing to change"),
    OpenQuestion.MISSED: _("One thing you missed"),
}
SCALE = (("1", _("1, not at all")), ("2", "2"), ("3", "3"), ("4", "4"), ("5", _("5, fully")))
OCCASIONS: Mapping[Occasion, LazyString] = {
    Occasion.OFTEN: _("Often"),
    Occasion.SOMETIMES: _("Sometimes"),
    Occasion.NEVER: _("Never: no occasion"),
}
INFLUENCES: Mapping[Influence, LazyString] = {
    Influence.TIME: _("Time"),
    Influence.SUPERVISOR: _("Supervisor"),
    Influence.EQUIPMENT: _("Equipment"),
    Influence.LAW: _("Law"),
    Influence.LANGUAGE: _("Language"),
    Influence.NOBODY_ASKED: _("It was not asked for"),
    Influence.FORGOT_HOW: _("I forgot how"),
}
DEEDS: Mapping[Deed, LazyString] = {
    Deed.REFERRAL: _("I made at least one referral of a possible victim."),
    Deed.CAPTURE: _("I made at least one documented capture."),
    Deed.REQUEST: _("I sent at least one request through the right channel."),
}
DEED_ANSWERS: Mapping[DeedAnswer, LazyString] = {
    DeedAnswer.YES: _("Yes"),
    DeedAnswer.NO: _("No"),
    DeedAnswer.NO_OCCASION: _("No occasion"),
}
CHANGES: Mapping[ChangeSeen, LazyString] = {
    ChangeSeen.YES: _("Yes"),
    ChangeSeen.PARTLY: _("Partly"),
    ChangeSeen.NO: _("No"),
    ChangeSeen.CANNOT_SAY: _("Cannot say"),
}
ENDS: Mapping[CommitmentState, LazyString] = {CommitmentState.DONE: _("Done"), CommitmentState.DROPPED: _("Dropped")}


def _question(text: LazyString, pairs: Iterable[tuple[str, object]]) -> OneOfField:
    """Return a choice of one answer; its error names the question, because a form has several."""
    return OneOfField(text, pairs, invalid_choice_message=_("Choose an answer: %(question)s", question=text))


class EvaluationForm(Form):
    """Ten statements, which are added below, and three open questions."""

    @property
    def statements(self) -> list[tuple[str, str]]:
        """Return name and text of each statement."""
        return [(str(statement), str(text)) for statement, text in STATEMENTS.items()]

    @property
    def questions(self) -> list[tuple[str, str]]:
        """Return name and text of each open question."""
        return [(str(question), str(text)) for question, text in QUESTIONS.items()]

    def answers(self) -> EvaluationAnswers:
        """Return the answers."""
        scores = tuple(int(self[statement].data) for statement in EvaluationStatement)
        return EvaluationAnswers(scores, tuple((self[question].data or "").strip() for question in OpenQuestion))


for _statement, _text in STATEMENTS.items():
    setattr(EvaluationForm, _statement, _question(_text, SCALE))
for _open_question, _text in QUESTIONS.items():
    _length = Length(max=evaluation.MOST_CHARACTERS, message=_("Enter at most 500 characters."))
    setattr(EvaluationForm, _open_question, TextAreaField(_text, [Optional(), _length], filters=[without_unseen]))


class FollowUpForm(Form):
    """The questions to a participant after three to six months."""

    occasion = _question(_("Since the event I have had an occasion to use it."), list(OCCASIONS.items()))
    used = SomeOfField(_("I used"))
    helped = SomeOfField(_("What helped?"))
    hindered = SomeOfField(_("What hindered?"))
    passed_on = IntegerField(
        _("I passed it on to so many colleagues"),
        [
            InputRequired(_("Enter a number, 0 for none.")),
            NumberRange(0, follow_up.MOST_COLLEAGUES, _("Enter a number from 0 to 500.")),
        ],
    )
    referral = _question(DEEDS[Deed.REFERRAL], list(DEED_ANSWERS.items()))
    capture = _question(DEEDS[Deed.CAPTURE], list(DEED_ANSWERS.items()))
    request = _question(DEEDS[Deed.REQUEST], list(DEED_ANSWERS.items()))
    contacted = _question(
        _("I contacted a person from the event through the official channel."), [("yes", _("Yes")), ("no", _("No"))]
    )

    def offer(self, competencies: Mapping[str, str]) -> None:
        """Set the competencies that the event practised, and the influences."""
        self.used.offer(list(competencies.items()))
        for field in (self.helped, self.hindered):
            field.offer([(str(value), text) for value, text in INFLUENCES.items()])

    def answers(self) -> FollowUpAnswers:
        """Return the answers."""
        return FollowUpAnswers(
            occasion=Occasion(self.occasion.data),
            used=tuple(self.used.data or ()),
            helped=tuple(map(Influence, self.helped.data or ())),
            hindered=tuple(map(Influence, self.hindered.data or ())),
            passed_on=self.passed_on.data,
            referral=DeedAnswer(self.referral.data),
            capture=DeedAnswer(self.capture.data),
            request=DeedAnswer(self.request.data),
            contacted=self.contacted.data == "yes",
        )


class ChangeSeenForm(Form):
    """The two questions to a supervisor."""

    change = OneOfField(_("I saw a change in practice."), list(CHANGES.items()), invalid_choice_message=_CHOOSE)
    would_help = StringField(
        _("What would help?"),
        [Optional(), Length(max=follow_up.MOST_CHARACTERS, message=_TOO_LONG)],
        filters=[without_unseen],
    )


class CommitmentForm(Form):
    """A new commitment."""

    text = StringField(
        _("What I will do"),
        [
            DataRequired(_("Write what you will do.")),
            Length(max=commitments.MOST_CHARACTERS, message=_TOO_LONG),
        ],
        filters=[without_unseen],
    )
    due = DateField(_("By"), [DataRequired(_("Enter the day."))])


class CommitmentEndForm(Form):
    """The result of a commitment."""

    state = OneOfField(_("State"), list(ENDS.items()), invalid_choice_message=_CHOOSE)
    note = StringField(
        _("Result, or why it was dropped"),
        [
            DataRequired(_("Write the result, or why it was dropped.")),
            Length(max=commitments.MOST_CHARACTERS, message=_TOO_LONG),
        ],
        filters=[without_unseen],
    )


class VisitReportForm(Form):
    """The report of a visit and its summary."""

    report = TextAreaField(
        _("Report for participants"),
        [
            DataRequired(_("Write the report.")),
            Length(max=visit_reports.MOST_CHARACTERS, message=_("Enter at most 6,000 characters.")),
        ],
        filters=[without_unseen],
    )
    summary = TextAreaField(
        _("Summary for all officers"),
        [
            Optional(),
            Length(max=visit_reports.MOST_OF_SUMMARY, message=_("Enter at most 1,500 characters.")),
        ],
        filters=[without_unseen],
    )


class ApprovalForm(Form):
    """The summary as the person read it."""

    summary = StringField()


class FollowUpDayForm(Form):
    """The day on which the follow-up opens."""

    day = DateField(_("The follow-up opens on"), [DataRequired(_("Enter the day."))])
