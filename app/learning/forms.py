"""Forms of lesson pages, and the JSON of steps that a script or an offline device sends to /lessons/steps.

Devices keep steps while they are offline, so steps in the form of an earlier release must stay readable.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from app.kernel.invisible_characters import without_unseen
from app.kernel.shapes import ready
from app.learning.domain.learner_posts import LONGEST
from app.quizzes.domain.peer_marking import LONGEST_COMMENT, has_link
from app.web.forms import Form, OneOfField, SomeOfField

MOST_PARTS, MOST_PLACES = 200, 30_000
_WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)
Field = Annotated[str, msgspec.Meta(max_length=4000)]
Fields = Annotated[list[Field], msgspec.Meta(max_length=100)]


class PlaceForm(Form):
    """The number of the element on top of the screen."""

    element = IntegerField(name="place", validators=[InputRequired(), NumberRange(0, MOST_PLACES)])


class CheckForm(Form):
    """An answer to a question in a lesson; with the same key, a second submission has no effect."""

    press = StringField(validators=[InputRequired(_("Open the lesson again, then answer.")), Length(min=8, max=32)])


def _written(text: str | None) -> str:
    return (without_unseen(text) or "").strip()


class MistakeReportForm(Form):
    """A mistake in a paragraph of a lesson: the number of its element (0: the whole lesson) and a text."""

    at = IntegerField(_("Where"), validators=[InputRequired(), NumberRange(0, MOST_PLACES)])
    text = TextAreaField(
        _("What is wrong?"),
        filters=[_written],
        validators=[
            DataRequired(_("Write what is wrong.")),
            Length(max=LONGEST, message=_("Write at most 2,000 signs.")),
        ],
    )


def _comment(text: str | None) -> str:
    return _written(text).replace("\r\n", "\n")


def _no_link(_form: Form, field: TextAreaField) -> None:
    if has_link(field.data):
        raise ValidationError(_("Write no links and no addresses."))


class PeerMarkingForm(Form):
    """What a colleague marks: the positions of the ticked criteria, and a comment or none."""

    earned = SomeOfField(_("Which points does the answer earn?"))
    comment = TextAreaField(
        _("Comment, if you like"),
        filters=[_comment],
        validators=[
            Length(max=LONGEST_COMMENT, message=_("Write at most 300 characters.")),
            _no_link,
        ],
    )

    @property
    def positions(self) -> tuple[int, ...]:
        """Return the positions of the ticked criteria."""
        offered = {value for value, _label in self.earned.pairs}
        return tuple(int(value) for value in self.earned.data or () if value in offered)


class QuestionForm(Form):
    """A question to the trainers: about the course (""), a lesson (its slug), or a question in it (slug/item)."""

    about = OneOfField(_("About"), default="")
    text = TextAreaField(
        _("Your question"),
        filters=[_written],
        validators=[
            DataRequired(_("Write your question.")),
            Length(max=LONGEST, message=_("Write at most 2,000 signs.")),
        ],
    )


class SentStep(msgspec.Struct, frozen=True):
    """A step in a lesson as JSON; `spent` are the seconds on the page since it was opened."""

    key: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{20,40}$")]
    kind: Literal["check", "done", "part"]
    token: Annotated[str, msgspec.Meta(max_length=300)]
    spent: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    done_at: Annotated[datetime, msgspec.Meta(tz=True)]
    fields: Annotated[Mapping[str, Field | Fields], msgspec.Meta(max_length=100)] = {}

    def form(self) -> dict[str, list[str]]:
        """Return the fields in the shape of a submitted form."""
        return {name: [value] if isinstance(value, str) else list(value) for name, value in self.fields.items()}

    def number(self, name: str, most: int) -> int:
        """Return a whole number of the fields, or 0 if it is missing, invalid or above `most`."""
        value = self.fields.get(name, "")
        if not isinstance(value, str) or not _WHOLE.fullmatch(value):
            return 0
        return int(value) if int(value) <= most else 0


class SentSteps(msgspec.Struct, frozen=True):
    """The steps that a device sends at once, at most 50."""

    steps: Annotated[tuple[SentStep, ...], msgspec.Meta(max_length=50)]


ready(SentSteps)
