"""Form of an answer page without script, and the JSON of saves that a script sends."""

from typing import Annotated

import msgspec
from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import AnyOf, NumberRange, Optional

from app.kernel.errors import InputError
from app.kernel.shapes import ready
from app.quizzes.domain.saves import Certainty, Save
from app.web.forms import Form

NEXT, CHECK = "next", "check"


class AnswerForm(Form):
    """The fields beside the answer's own fields, which `domain.form_answers` reads."""

    certainty = IntegerField(validators=[Optional(), NumberRange(1, 3)])
    marked = BooleanField()
    step = StringField(validators=[Optional(), AnyOf([NEXT, CHECK])])

    def sure(self) -> Certainty | None:
        """Return the confidence that the person stated, or None."""
        return Certainty(self.certainty.data) if self.certainty.data else None


class SentSave(msgspec.Struct, frozen=True):
    """A saved answer as a script sends it."""

    question: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    sequence: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    body: object = None
    certainty: Annotated[int, msgspec.Meta(ge=1, le=3)] | None = None
    marked: bool = False

    def save(self) -> Save:
        """Return the save as a value of `domain.saves`."""
        sure = Certainty(self.certainty) if self.certainty else None
        return Save(self.question, self.sequence, self.body, sure, self.marked)


class SentSaves(msgspec.Struct, frozen=True):
    """The saves that a device sends in one request."""

    saves: Annotated[tuple[SentSave, ...], msgspec.Meta(max_length=500)]


class SentFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The filled fields of a question's form, by name."""

    fields: dict[str, list[str]]


ready(SentSaves, SentFields)


def read_fields(body: object) -> dict[str, list[str]]:
    """Read the fields of a saved answer. Raises InputError for another shape."""
    try:
        return msgspec.convert(body, SentFields).fields
    except (msgspec.ValidationError, RecursionError) as error:
        raise InputError("This answer cannot be read.") from error
