"""Forms of review: send a draft to review, remarks, points of the checklist, people by alias."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.catalogue.domain.courses import ReviewPoint
from app.catalogue.domain.versions import VersionKind
from app.kernel.invisible_characters import without_unseen
from app.studio.labels import KINDS
from app.studio.service.reviews import Submission
from app.web.forms import Form, OneOfField, trimmed

LONGEST_MESSAGE = 500
LONGEST_REMARK = 2000
MOST = 1_000_000  # revisions, and paragraphs of a file


class SubmitForm(Form):
    """The kind of the coming version, what changed, revision and tree that the page showed, a reviewer by alias."""

    kind = OneOfField(
        _("Kind of change"),
        [(kind, name) for kind, (name, _effect) in KINDS.items()],
        invalid_choice_message=_("Choose a kind of change."),
    )
    ends_on = DateField(
        _("Last day of earlier completions"), [Optional()], description=_("Only for a change that ends records.")
    )
    message = StringField(
        _("What changed"),
        [DataRequired(_("Say in a sentence what changed.")), Length(max=LONGEST_MESSAGE)],
        filters=[trimmed],
    )
    revision = IntegerField(validators=[InputRequired(), NumberRange(1, MOST)])
    tree = HiddenField(validators=[DataRequired(), Length(max=64)])
    reviewer = StringField(
        _("Reviewer"), [Length(max=80, message=_("Enter at most 80 characters."))], filters=[trimmed]
    )

    def submission(self) -> Submission:
        """Return the values of a valid form."""
        kind = VersionKind(self.kind.data)
        return Submission(kind, self.message.data, self.ends_on.data if kind is VersionKind.BREAKING else None)


class RetirementForm(Form):
    """Why a course is retired."""

    reason = StringField(
        _("Why the course is retired"),
        [DataRequired(_("Say in a sentence why.")), Length(max=LONGEST_MESSAGE)],
        filters=[trimmed],
    )


class RemarkForm(Form):
    """A remark on the paragraph at a position (from 0) of a file."""

    path = HiddenField(validators=[DataRequired(), Length(max=200)])
    position = IntegerField(validators=[InputRequired(), NumberRange(0, MOST)])
    body = TextAreaField(
        _("Remark"),
        [
            DataRequired(_("Write a remark.")),
            Length(max=LONGEST_REMARK, message=_("Enter at most 2,000 characters.")),
        ],
        filters=[without_unseen],
    )


class RemarkAnswerForm(Form):
    """An answer to a remark."""

    body = TextAreaField(
        _("Answer"),
        [
            DataRequired(_("Write an answer.")),
            Length(max=LONGEST_REMARK, message=_("Enter at most 2,000 characters.")),
        ],
        filters=[without_unseen],
    )


class SwitchForm(Form):
    """Whether a remark is resolved or a point is fulfilled: "yes" or "no"."""

    done = OneOfField(pairs=[("yes", ""), ("no", "")])

    @property
    def is_done(self) -> bool:
        """Return whether the button says that it is done."""
        return bool(self.done.data == "yes")


class PointForm(SwitchForm):
    """A point of the checklist, to be fulfilled or opened again."""

    point = OneOfField(pairs=[(point, "") for point in ReviewPoint])


class MemberForm(Form):
    """A person by alias."""

    alias = StringField(
        _("Alias"), [DataRequired(_("Enter an alias.")), Length(max=80, message=_("Enter at most 80 characters."))]
    )

    def refuse(self, message: str) -> None:
        """Add an error to the alias."""
        self.alias.errors = [message]


class RevisionForm(Form):
    """A revision by number, and one of its files or "" for all."""

    number = IntegerField(validators=[InputRequired(), NumberRange(1, MOST)])
    path = StringField(validators=[Length(max=200)])
