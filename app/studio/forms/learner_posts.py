"""Forms with which a trainer answers learners."""

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from app.kernel.invisible_characters import without_unseen
from app.learning.domain.learner_posts import LONGEST
from app.web.forms import Form


def _written(text: str | None) -> str:
    return (without_unseen(text) or "").strip()


class HelpEntryForm(Form):
    """A help entry for all readers of the course: the question without personal details, and its answer."""

    question = TextAreaField(
        _("Question for all"),
        filters=[_written],
        validators=[
            DataRequired(_("Write the question.")),
            Length(max=LONGEST, message=_("Enter at most 2,000 characters.")),
        ],
    )
    answer = TextAreaField(
        _("Answer for all"),
        filters=[_written],
        validators=[
            DataRequired(_("Write the answer.")),
            Length(max=LONGEST, message=_("Enter at most 2,000 characters.")),
        ],
    )


class LearnerAnswerForm(Form):
    """The answer to a report or a question."""

    text = TextAreaField(
        _("Answer"),
        filters=[_written],
        validators=[
            DataRequired(_("Write the answer.")),
            Length(max=LONGEST, message=_("Enter at most 2,000 characters.")),
        ],
    )
