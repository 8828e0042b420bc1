"""Form of a message to people of an event: subject, text, groups, countries, and single people."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import gettext, lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.kernel.invisible_characters import without_unseen
from app.web.forms import Form, OneOfField, SomeOfField, trimmed
from app.workshops.domain.recipients import RecipientChoice, RecipientGroup
from app.workshops.service.event_messages import MOST_SUBJECT, MOST_TEXT, NewMessage


class MessageStep(StrEnum):
    """What the pressed button of a message does."""

    CHECK = "check"
    CHANGE = "change"
    SEND = "send"


class EventMessageForm(Form):
    """A message and who gets it; a message is shown once more before it is sent."""

    step = OneOfField("", [(step, "") for step in MessageStep], default=MessageStep.CHECK)

    groups = SomeOfField(_("Everyone who is"), choices=[])
    countries = SomeOfField(_("Only from these countries"), choices=[])
    people = SomeOfField(_("And these people"), choices=[])
    subject = StringField(
        _("Subject"),
        [
            DataRequired(_("Enter a subject.")),
            Length(max=MOST_SUBJECT, message=_("Enter at most 120 characters.")),
        ],
        filters=[trimmed],
    )
    text = TextAreaField(
        _("Message"),
        [
            DataRequired(_("Write the message.")),
            Length(max=MOST_TEXT, message=_("Enter at most 2,000 characters.")),
        ],
        filters=[without_unseen],
    )

    def offer(
        self,
        groups: Sequence[tuple[str, object]],
        countries: Sequence[tuple[str, object]],
        people: Sequence[tuple[str, object]],
    ) -> None:
        """Set the recipients to choose from."""
        self.groups.offer(groups)
        self.countries.offer(countries)
        self.people.offer(people)

    def validate(self, extra_validators: Any = None) -> bool:
        """Require a group or a person."""
        is_valid: bool = super().validate(extra_validators)
        if not self.groups.data and not self.people.data:
            self.groups.errors = [gettext("Choose who gets the message.")]
            return False
        return is_valid

    def choice(self) -> RecipientChoice:
        """Return who was chosen."""
        return RecipientChoice(
            groups=frozenset(RecipientGroup(value) for value in self.groups.data or ()),
            countries=frozenset(self.countries.data or ()),
            people=frozenset(UUID(value) for value in self.people.data or ()),
        )

    def fields(self) -> list[tuple[str, str]]:
        """Return what was entered, as the fields of a form."""
        chosen = [(field.name, value) for field in (self.groups, self.countries, self.people) for value in field.data]
        return [*chosen, (self.subject.name, self.subject.data), (self.text.name, self.text.data)]

    def message(self) -> NewMessage:
        """Return subject and text."""
        return NewMessage(self.subject.data, self.text.data.replace("\r\n", "\n").strip())
