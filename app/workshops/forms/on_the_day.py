"""Forms of the days of an event: check-in, decisions about late check-ins, sent lists, comments, tests."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.kernel.invisible_characters import without_unseen
from app.kernel.shapes import ready
from app.web.forms import Form, OneOfField
from app.workshops.domain.attendance import Attendance

LONGEST_COMMENT = 600


class CheckInForm(Form):
    """The code on the screen of the room."""

    code = StringField(
        _("Code on the screen"),
        [
            DataRequired(_("Enter the six figures on the screen.")),
            Length(max=20, message=_("Enter the six figures on the screen.")),
        ],
    )


class LateCheckIn(msgspec.Struct, frozen=True):
    """A check-in that a device took without a connection, as JSON."""

    code: Annotated[str, msgspec.Meta(max_length=20)]
    taken_at: Annotated[datetime, msgspec.Meta(tz=True)]


class SentList(msgspec.Struct, frozen=True):
    """An attendance list that a device sends as JSON; `last_shown` is the last mark that the page showed."""

    key: UUID
    last_shown: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    taken_at: Annotated[datetime, msgspec.Meta(tz=True)]
    marks: Annotated[Mapping[UUID, Attendance], msgspec.Meta(max_length=1000)]
    reason: Annotated[str, msgspec.Meta(max_length=300)] = ""


class CheckInDecisionForm(Form):
    """Whether a check-in that was sent later counts."""

    answer = OneOfField(
        _("Decision"),
        [("confirm", _("Confirm")), ("decline", _("Decline"))],
        invalid_choice_message=_("Choose confirm or decline."),
    )


class CommentForm(Form):
    """The comment of an assessor for the officer."""

    comment = TextAreaField(
        _("Comment for the officer"),
        [Length(max=LONGEST_COMMENT, message=_("Enter at most 600 characters."))],
        filters=[without_unseen],
    )


class EventTestForm(Form):
    """The course whose questions a test asks."""

    course = OneOfField(_("Questions of the course"), default="", invalid_choice_message=_("Choose a course."))


ready(LateCheckIn, SentList)
