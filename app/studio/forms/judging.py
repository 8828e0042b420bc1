"""Forms of judging panels: the question of a new panel, and the value of a judge."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Regexp

from app.studio.domain.judging import JudgingRound
from app.web.forms import Form, OneOfField, trimmed


class PanelForm(Form):
    """The question that a new panel judges."""

    item = OneOfField(_("Question"), invalid_choice_message=_("Choose a question."))

    def offer(self, items: Iterable[tuple[str, str]]) -> None:
        """Set the questions that may be judged, with their labels."""
        self.item.offer(items)


class JudgementForm(Form):
    """A value in percent, and the round that the page showed."""

    percent = StringField(
        _("Officers of 100 who answer right"),
        [Regexp(r"(100|[0-9]{1,2})\Z", message=_("Enter a whole number from 0 to 100."))],
        filters=[trimmed],
    )
    round = OneOfField(pairs=[(JudgingRound.FIRST, ""), (JudgingRound.SECOND, "")])

    @property
    def rate(self) -> float:
        """Return the value of a valid form from 0 to 1."""
        return int(self.percent.data) / 100
